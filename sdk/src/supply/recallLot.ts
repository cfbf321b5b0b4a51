import { type LotRecalledEvent, RECALL_CLASS_NAMES } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkName, checkObject } from "../core/input.ts";
import { checkLot } from "./input.ts";
import type { OrderedRecallClass } from "./types.ts";

/** What recallLot needs. */
export interface RecallLotParams extends SendParams {
  readonly lot: string;
  /** Its maker, or a regulator. */
  readonly member: number;
  readonly recallClass: OrderedRecallClass;
  /** Hash of the recall notice, which stays off chain. */
  readonly notice: string;
}

/**
 * Stop every movement and use of a lot at once. No pause holds it back. Caller: a RECALL operator of the maker or of a
 * regulator.
 *
 * @throws `InputInvalid`, `LotUnknown`, `LotIsRecalled`, `LotRecallRefused`, `DutyNotHeld`, and
 * what sending can meet.
 * @example
 * await recallLot(client, { lot, member: 7, recallClass: "ClassI", notice });
 */
export async function recallLot(client: Client, params: RecallLotParams): Promise<LotRecalledEvent & Acted> {
  checkObject("params", params);
  const recallClass = checkName("recallClass", params.recallClass, RECALL_CLASS_NAMES, true);
  const notice = checkBytes32("notice", params.notice, false);
  return act(client, "lotRegistry", "LotRecalled", {
    name: "recallLot",
    args: [checkLot("lot", params.lot), checkMember("member", params.member), recallClass, notice],
    key: params.key,
  });
}
