import type { PrescriptionReplacedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkTerms } from "./input.ts";
import { type Order, checkOrder } from "./issuePrescription.ts";
import { prescriptionIdOf } from "./typedData.ts";
import type { PrescriptionTerms } from "./types.ts";

/** What replacePrescription needs. */
export interface ReplacePrescriptionParams extends SendParams {
  /** What is replaced. */
  readonly prescription: PrescriptionTerms;
  /** By what; its attestation is made with signReplace. */
  readonly order: Order;
}

/**
 * Replace a prescription that no pharmacy holds by another, in one step. Caller: the new prescription's prescriber at
 * the issuer or its successor, or with its attestation a SUBMIT operator of that member.
 *
 * @throws `InputInvalid`, `PrescriptionLocked`, `PrescriptionStatusWrong`, `PrescriptionIssuerOnly`,
 * `PrescriptionUnknown`, and what {@link issuePrescription} can meet.
 * @example
 * const { replacement } = await replacePrescription(client, { prescription: old, order: { prescription, ephemeralKey } });
 */
export async function replacePrescription(
  client: Client,
  params: ReplacePrescriptionParams,
): Promise<PrescriptionReplacedEvent & Acted> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const order = checkOrder("order.", params.order);
  return act(client, "prescriptionRegistry", "PrescriptionReplaced", {
    name: "replace",
    args: [terms, order],
    key: params.key,
    intent: `replace:${prescriptionIdOf(terms)}:${prescriptionIdOf(order.prescription)}`,
  });
}
