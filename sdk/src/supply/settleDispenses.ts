import type { DispensesSettledEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkNumber, checkObject } from "../core/input.ts";
import { checkStockPlace } from "./input.ts";

/** What settleDispenses needs. */
export interface SettleDispensesParams extends SendParams {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** Units that the place dispensed with links since the last settlement. */
  readonly dispensed: number;
  /** Units of dispenses that were withdrawn since. */
  readonly returned: number;
  /** Root of `merkleTreeOf` over the openings (`dispenseLink`) of the links that it settles. */
  readonly root: string;
}

/**
 * Settle what a place dispensed of a discreet lot, and what came back. Caller: a DISPENSE operator of the member.
 *
 * @throws `InputInvalid`, `LotUnknown`, `LotUsedOtherwise`, `StockInsufficient`, `DutyLicenceLapsed`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * const { root } = merkleTreeOf(openings);
 * await settleDispenses(client, { lot, member: 9, site: 1, dispensed: 90, returned: 0, root });
 */
export async function settleDispenses(
  client: Client,
  params: SettleDispensesParams,
): Promise<DispensesSettledEvent & Acted> {
  checkObject("params", params);
  const { lot, member, site } = checkStockPlace(params);
  const dispensed = checkNumber("dispensed", params.dispensed, 32);
  const returned = checkNumber("returned", params.returned, 32);
  const root = checkBytes32("root", params.root, false);
  return act(client, "lotRegistry", "DispensesSettled", {
    name: "settleDispenses",
    args: [lot, member, site, dispensed, returned, root],
    key: params.key,
  });
}
