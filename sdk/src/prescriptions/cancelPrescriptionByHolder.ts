import { type SendParams, submit } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { type Cancelled, cancelledOf } from "./cancelPrescription.ts";
import { checkSignature, checkTerms } from "./input.ts";
import { prescriptionIdOf } from "./typedData.ts";
import type { HolderSignature, PrescriptionTerms } from "./types.ts";

/** What cancelPrescriptionByHolder needs. */
export interface CancelPrescriptionByHolderParams extends SendParams {
  readonly prescription: PrescriptionTerms;
  /** The holder's signature (signHolderCancel). */
  readonly authorisation: HolderSignature;
}

/**
 * Cancel what is left in the holder's name. With a live lock it takes effect when the lock ends. Caller: anybody, also
 * while paused.
 *
 * @throws `InputInvalid`, `PrescriptionStatusWrong`, `PrescriptionHolderSignatureInvalid`,
 * `SignatureExpired`, `PrescriptionCancellationPending`, `PrescriptionUnknown`, and what sending can meet.
 * @example
 * const { effective } = await cancelPrescriptionByHolder(client, { prescription: terms, authorisation });
 */
export async function cancelPrescriptionByHolder(
  client: Client,
  params: CancelPrescriptionByHolderParams,
): Promise<Cancelled> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const receipt = await submit(client, "prescriptionRegistry", {
    name: "cancelByHolder",
    args: [terms, checkSignature("authorisation", params.authorisation)],
    key: params.key,
    intent: `holderCancel:${prescriptionIdOf(terms)}`,
  });
  return cancelledOf(client, receipt);
}
