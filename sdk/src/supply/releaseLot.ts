import type { LotReleasedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject } from "../core/input.ts";
import { checkLot } from "./input.ts";

/** What releaseLot needs. */
export interface ReleaseLotParams extends SendParams {
  readonly lot: string;
  readonly regulator: number;
  /** Hash of the certificate, which stays off chain. */
  readonly certificate: string;
}

/**
 * Let a lot move. Caller: a RELEASE_LOT operator of a regulator of another group than the maker's.
 *
 * @throws `InputInvalid`, `LotUnknown`, `LotStatusWrong`, `LotOfOwn`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await releaseLot(client, { lot, regulator: 1, certificate });
 */
export async function releaseLot(
  client: Client,
  params: ReleaseLotParams,
): Promise<LotReleasedEvent & Acted> {
  checkObject("params", params);
  const certificate = checkBytes32("certificate", params.certificate, false);
  return act(client, "lotRegistry", "LotReleased", {
    name: "releaseLot",
    args: [checkLot("lot", params.lot), checkMember("regulator", params.regulator), certificate],
    key: params.key,
  });
}
