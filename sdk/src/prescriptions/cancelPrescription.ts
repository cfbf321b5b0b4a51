import type { PrescriptionCancellationOrderedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, eventsOf, onlyEvent, submit } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import type { RpcReceipt } from "../core/rpcTypes.ts";
import { checkAttestation, checkTerms } from "./input.ts";
import { prescriptionIdOf } from "./typedData.ts";
import type { Attestation, PrescriptionTerms } from "./types.ts";

/** What cancelPrescription needs. */
export interface CancelPrescriptionParams extends SendParams {
  readonly prescription: PrescriptionTerms;
  /** The issuer, or its successor. */
  readonly member: number;
  /** The prescriber's signature (signCancel); leave out when the prescriber sends it itself. */
  readonly attestation?: Attestation;
}

/** A cancellation. */
export interface Cancelled extends PrescriptionCancellationOrderedEvent, Acted {
  /** True when it is cancelled now; false while it waits for the end of a lock. */
  readonly effective: boolean;
}

/**
 * Cancel what is left. With a live lock it takes effect when the lock ends. Caller: a PRESCRIBE operator of the issuer
 * or of its successor, or with its attestation a SUBMIT operator of that member.
 *
 * @throws `InputInvalid`, `PrescriptionStatusWrong`, `PrescriptionIssuerOnly`, `PrescriptionCancellationPending`,
 * `PrescriptionUnknown`, `DutyNotHeld`, `DutyLicenceLapsed`, and what sending can meet.
 * @example
 * const { effective } = await cancelPrescription(client, { prescription: terms, member: 7 });
 */
export async function cancelPrescription(
  client: Client,
  params: CancelPrescriptionParams,
): Promise<Cancelled> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const member = checkMember("member", params.member);
  const receipt = await submit(client, "prescriptionRegistry", {
    name: "cancel",
    args: [terms, member, checkAttestation(params.attestation)],
    key: params.key,
    intent: `cancel:${prescriptionIdOf(terms)}:${member}`,
  });
  return cancelledOf(client, receipt);
}

/** The cancellation in a receipt, effective or ordered. */
export function cancelledOf(client: Client, receipt: RpcReceipt): Cancelled {
  const contract = "prescriptionRegistry";
  if (eventsOf(client, contract, "PrescriptionCancelled", receipt).length > 0) {
    return { ...onlyEvent(client, contract, "PrescriptionCancelled", receipt), effective: true };
  }
  return { ...onlyEvent(client, contract, "PrescriptionCancellationOrdered", receipt), effective: false };
}
