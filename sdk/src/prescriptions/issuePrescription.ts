import type { PrescriptionIssuedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import type { EphemeralKey } from "../holder/stealth.ts";
import { checkAttestation, checkEphemeralKey, checkTerms } from "./input.ts";
import { prescriptionIdOf } from "./typedData.ts";
import type { Attestation, PrescriptionTerms } from "./types.ts";

/** A prescription to issue. */
export interface Order {
  readonly prescription: PrescriptionTerms;
  /** What lets the holder find it, from `createStealthHolder` or `createQrHolder`. */
  readonly ephemeralKey: EphemeralKey;
  /** The prescriber's signature (signIssue); leave out when the prescriber sends it itself. */
  readonly attestation?: Attestation;
}

/** What issuePrescription needs. */
export interface IssuePrescriptionParams extends Order, SendParams {}

/**
 * Issue a prescription. Caller: the prescriber named in the terms, or with its attestation a SUBMIT operator of the
 * issuer.
 *
 * @throws `InputInvalid`, `PrescriptionAlreadyIssued`, `PrescriptionWindowInvalid`, `PrescriptionReviewerInvalid`,
 * `PrescriptionPrescriberMismatch`, `SignatureExpired`, `DutyNotHeld`, `DutyLicenceLapsed`,
 * `DutySuspended`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const { prescription } = await issuePrescription(client, { prescription: terms, ephemeralKey, attestation });
 */
export async function issuePrescription(
  client: Client,
  params: IssuePrescriptionParams,
): Promise<PrescriptionIssuedEvent & Acted> {
  const order = checkOrder("", params);
  return act(client, "prescriptionRegistry", "PrescriptionIssued", {
    name: "issue",
    args: [order],
    key: params.key,
    intent: `issue:${prescriptionIdOf(order.prescription)}`,
  });
}

/** Check an order; `prefix` leads to it in messages. */
export function checkOrder(prefix: string, order: Order): Required<Order> {
  checkObject(prefix === "" ? "params" : prefix.slice(0, -1), order);
  return {
    prescription: checkTerms(`${prefix}prescription`, order.prescription),
    ephemeralKey: checkEphemeralKey(`${prefix}ephemeralKey`, order.ephemeralKey),
    attestation: checkAttestation(order.attestation, `${prefix}attestation`),
  };
}
