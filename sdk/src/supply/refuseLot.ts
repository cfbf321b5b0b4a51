import type { LotRefusedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject } from "../core/input.ts";
import { checkLot } from "./input.ts";

/** What refuseLot needs. */
export interface RefuseLotParams extends SendParams {
  readonly lot: string;
  readonly regulator: number;
  /** Hash of the certificate, which stays off chain. */
  readonly certificate: string;
}

/**
 * Refuse a registered lot for good. Caller: a RELEASE_LOT operator of a regulator of another group than the maker's.
 *
 * @throws `InputInvalid`, `LotUnknown`, `LotStatusWrong`, `LotOfOwn`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await refuseLot(client, { lot, regulator: 1, certificate });
 */
export async function refuseLot(client: Client, params: RefuseLotParams): Promise<LotRefusedEvent & Acted> {
  checkObject("params", params);
  const certificate = checkBytes32("certificate", params.certificate, false);
  return act(client, "lotRegistry", "LotRefused", {
    name: "refuseLot",
    args: [checkLot("lot", params.lot), checkMember("regulator", params.regulator), certificate],
    key: params.key,
  });
}
