import { BREAK_GLASS_REASON_NAMES, type BreakGlassReason, type GlassBrokenEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import { type CompactSignature, attest } from "../core/attestation.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkName, checkObject } from "../core/input.ts";
import type { Network } from "../core/network.ts";
import type { Signer } from "../core/sender.ts";
import { checkAttestation } from "../prescriptions/input.ts";
import { consentRegistryDomain } from "./typedData.ts";

/** What a use of break-glass says. */
export interface BreakGlassTerms {
  /** Member whose professional acts. */
  readonly member: number;
  /** Active member that is asked. */
  readonly custodian: number;
  /** From `createBreakGlassTicket`; used once. */
  readonly ticket: string;
  /** Coarse on purpose. */
  readonly reason: Exclude<BreakGlassReason, "Unspecified">;
}

/** EIP-712 type of a use of break-glass. */
export const breakGlassTypes = {
  BreakGlass: [
    { name: "member", type: "uint32" },
    { name: "custodian", type: "uint32" },
    { name: "ticket", type: "bytes32" },
    { name: "reason", type: "uint8" },
    { name: "deadline", type: "uint32" },
  ],
};

/** What signBreakGlass needs. */
export interface SignBreakGlassParams extends BreakGlassTerms {
  /** Last second at which it may be relayed, at most 72 hours ahead; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/**
 * Sign a use of break-glass as the professional, for {@link breakGlass} relayed by the member's system.
 *
 * @throws `InputInvalid`, `SignerRefused`
 * @example
 * const attestation = await signBreakGlass(network, card, { member: 3, custodian: 2, ticket, reason: "LifeThreatening" });
 */
export async function signBreakGlass(
  network: Network,
  signer: Signer,
  params: SignBreakGlassParams,
): Promise<CompactSignature> {
  const value = checkBreakGlassTerms(params);
  const domain = consentRegistryDomain(network);
  return attest(signer, { domain, types: breakGlassTypes, value: { ...value }, deadline: params.deadline });
}

/** What breakGlass needs. */
export interface BreakGlassParams extends BreakGlassTerms, SendParams {
  /** The professional's signature (signBreakGlass); leave out when the professional sends it itself. */
  readonly attestation?: CompactSignature | undefined;
}

/**
 * Open a patient's records in an emergency; also while paused. For 24 hours the custodian may disclose the records of one
 * patient to the member. It is public and reviewed. Caller: a BREAK_GLASS professional of `member`, or with its attestation a
 * SUBMIT operator of that member.
 *
 * @throws `InputInvalid`, `BreakGlassTicketUsed`, `BreakGlassInvalid`, `BreakGlassSuspended`, `SignatureExpired`,
 * `SignatureDeadlineTooFar`, `SignatureMalformed`, `DutyNotHeld`, `DutyLicenceLapsed`, `DutySuspended`, and what sending can
 * meet.
 * @example
 * const { ticket, salt } = createBreakGlassTicket({ custodian: 2, patient: "urn:oid:2.999.1|4711" });
 * const { id } = await breakGlass(client, { member: 3, custodian: 2, ticket, reason: "LifeThreatening" });
 */
export async function breakGlass(
  client: Client,
  params: BreakGlassParams,
): Promise<GlassBrokenEvent & Acted> {
  const { member, custodian, ticket, reason } = checkBreakGlassTerms(params);
  return act(client, "consentRegistry", "GlassBroken", {
    name: "breakGlass",
    args: [member, custodian, ticket, reason, checkAttestation(params.attestation)],
    key: params.key,
    intent: `breakGlass:${member}:${custodian}:${ticket}:${reason}`,
  });
}

function checkBreakGlassTerms(params: BreakGlassTerms) {
  checkObject("params", params);
  return {
    member: checkMember("member", params.member),
    custodian: checkMember("custodian", params.custodian),
    ticket: checkBytes32("ticket", params.ticket, false),
    reason: checkName("reason", params.reason, BREAK_GLASS_REASON_NAMES, true),
  };
}
