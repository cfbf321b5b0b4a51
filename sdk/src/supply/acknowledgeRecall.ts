import type { LotRecallAcknowledgedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { CompactSignature } from "../core/attestation.ts";
import type { Client } from "../core/client.ts";
import { checkNumber, checkObject } from "../core/input.ts";
import { checkAttestation } from "../prescriptions/input.ts";
import { checkStockPlace } from "./input.ts";

/** What acknowledgeRecall needs. */
export interface AcknowledgeRecallParams extends SendParams {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** Units that were counted. */
  readonly counted: number;
  /** The stock keeper's signature (signRecallAcknowledgment); leave out when it sends the act itself. */
  readonly attestation?: CompactSignature | undefined;
}

/**
 * Answer a recall: all of the lot at this place goes into quarantine. Callable again, with a new count. Caller: a HANDLE_STOCK
 * or QUALITY operator of the member, or with its attestation a SUBMIT operator of it.
 *
 * @throws `InputInvalid`, `LotUnknown`, `LotNotRecalled`, `SignatureExpired`, `DutyNotHeld`, and
 * what sending can meet.
 * @example
 * await acknowledgeRecall(client, { lot, member: 9, site: 1, counted: 118 });
 */
export async function acknowledgeRecall(
  client: Client,
  params: AcknowledgeRecallParams,
): Promise<LotRecallAcknowledgedEvent & Acted> {
  checkObject("params", params);
  const { lot, member, site } = checkStockPlace(params);
  const counted = checkNumber("counted", params.counted, 32);
  return act(client, "lotRegistry", "LotRecallAcknowledged", {
    name: "acknowledgeRecall",
    args: [lot, member, site, counted, checkAttestation(params.attestation)],
    key: params.key,
    intent: `acknowledgeRecall:${lot}:${member}:${site}:${counted}`,
  });
}
