import type { CustodyOrderedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { checkIndices, checkSite, checkStockPlace } from "./input.ts";

/** What orderCustody needs. */
export interface OrderCustodyParams extends SendParams {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** Member that takes it. */
  readonly to: number;
  /** Its open site. */
  readonly toSite: number;
  readonly regulator: number;
  /** First units of the stored ranges there, for serials; absent where there are none. */
  readonly ranges?: readonly number[] | undefined;
}

/**
 * Move a place's whole stock of a lot, by order; it is in quarantine at its new place. Caller: an INSPECT operator of a
 * regulator.
 *
 * @throws `InputInvalid`, `LotUnknown`, `CustodyOrderInvalid`, `StockEmpty`, `StockElsewhere`, `DutyNotHeld`, and
 * what sending can meet.
 * @example
 * await orderCustody(client, { lot, member: 9, site: 1, to: 8, toSite: 1, regulator: 1 });
 */
export async function orderCustody(
  client: Client,
  params: OrderCustodyParams,
): Promise<CustodyOrderedEvent & Acted> {
  checkObject("params", params);
  const { lot, member, site } = checkStockPlace(params);
  const to = checkMember("to", params.to);
  const toSite = checkSite("toSite", params.toSite);
  const regulator = checkMember("regulator", params.regulator);
  const ranges = checkIndices("ranges", params.ranges);
  return act(client, "lotRegistry", "CustodyOrdered", {
    name: "orderCustody",
    args: [lot, member, site, to, toSite, regulator, ranges],
    key: params.key,
  });
}
