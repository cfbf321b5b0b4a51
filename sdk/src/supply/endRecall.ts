import type { LotRecallEndedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { checkLot } from "./input.ts";

/** What endRecall needs. */
export interface EndRecallParams extends SendParams {
  readonly lot: string;
  readonly regulator: number;
}

/**
 * End a recall; what was quarantined stays so. Caller: a RECALL operator of a regulator of another group than the maker's.
 *
 * @throws `InputInvalid`, `LotUnknown`, `LotNotRecalled`, `LotOfOwn`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await endRecall(client, { lot, regulator: 1 });
 */
export async function endRecall(
  client: Client,
  params: EndRecallParams,
): Promise<LotRecallEndedEvent & Acted> {
  checkObject("params", params);
  return act(client, "lotRegistry", "LotRecallEnded", {
    name: "endRecall",
    args: [checkLot("lot", params.lot), checkMember("regulator", params.regulator)],
    key: params.key,
  });
}
