import type { DelegateRevokedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkNumber, checkObject } from "../core/input.ts";
import {
  DELEGATIONS_MOST,
  checkAuthorization,
  checkDelegate,
  checkDelegationRevocationMessage,
  checkSubject,
  intentOf,
} from "./input.ts";
import { chainTime, checkDeadline, deadlineFrom, readDelegation, readSubject, signerKeyFor } from "./read.ts";
import { VERSIONS_OVERRULED } from "./ruleBook.ts";
import { type PreparedConsent, type SignedConsent, prepared } from "./typedData.ts";

/** Versions of delegations have 16 bits; revocations stay at the last one. */
const VERSION_LAST = 2 ** 16 - 1;

/** What prepareDelegationRevocation needs. */
export interface PrepareDelegationRevocationParams {
  /** Subject id. */
  readonly subject: string;
  /** Delegation to end, from 1 to 8. */
  readonly number: number;
  /** Number of the delegation under which it is signed: its own (it resigns), or that of the delegate who appointed it; the subject signs when absent. */
  readonly delegate?: number | undefined;
  /** Last second at which it may be relayed, at most 24 hours ahead, unix seconds; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/**
 * Put the end of a delegation into the form that the patient signs, the delegate who resigns, or the one who appointed it. It also outdates
 * appointments under the number that were signed and not yet relayed. Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `ConsentNothingStands`, `RpcUnavailable`
 * @example
 * const prepared = await prepareDelegationRevocation(client, { subject, number: 2 });
 */
export async function prepareDelegationRevocation(
  client: Client,
  params: PrepareDelegationRevocationParams,
): Promise<PreparedConsent<"DelegationRevocation">> {
  checkObject("params", params);
  checkDeadline(params.deadline);
  const subject = checkSubject("subject", params.subject);
  const number = checkNumber("number", params.number, 8, 1, DELEGATIONS_MOST);
  const delegate = params.delegate === undefined ? 0 : checkDelegate("delegate", params.delegate);
  const [words, now] = await Promise.all([readSubject(client, subject), chainTime(client)]);
  const [signer, delegation] = await Promise.all([
    signerKeyFor(client, subject, words, delegate),
    readDelegation(client, subject, number),
  ]);
  const version = Math.min(delegation.version + VERSIONS_OVERRULED, VERSION_LAST);
  const message = { subject, number, version, delegate, deadline: deadlineFrom(params.deadline, now) };
  return prepared(client.network, "DelegationRevocation", message, [signer]);
}

/** What revokeDelegate needs: what `signConsent` gave. */
export interface RevokeDelegateParams extends SignedConsent<"DelegationRevocation">, SendParams {}

/**
 * Relay the end of a delegation, and with it of the permits set under it; also while paused. Caller: anybody; the signature
 * is the patient's, the delegate's own, or its appointer's.
 *
 * @throws `InputInvalid`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`, `ConsentVersionStale`, `DelegationInvalid`,
 * `DelegateExceeds`, `SubjectUnknown`, `SignatureExpired`, `SignatureDeadlineTooFar`, and what sending can meet.
 * @example
 * await revokeDelegate(client, await signConsent(patient, prepared));
 */
export async function revokeDelegate(
  client: Client,
  params: RevokeDelegateParams,
): Promise<DelegateRevokedEvent & Acted> {
  checkObject("params", params);
  const message = checkDelegationRevocationMessage("message", params.message);
  const { subject, number, version, delegate, deadline } = message;
  return act(client, "consentRegistry", "DelegateRevoked", {
    name: "revokeDelegate",
    args: [subject, number, version, delegate, checkAuthorization("signature", params.signature, deadline)],
    key: params.key,
    intent: intentOf("revokeDelegate", message),
  });
}
