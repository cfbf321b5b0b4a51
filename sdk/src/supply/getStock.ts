import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkStockPlace } from "./input.ts";
import type { StockView } from "./types.ts";

/**
 * Stock of a lot at a place. What still lies where the maker registered it counts in `getLot` as `originUnits` until it is
 * quarantined or recalled.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { onHand, quarantined } = await getStock(client, { lot, member: 9, site: 1 });
 */
export async function getStock(
  client: Client,
  params: { readonly lot: string; readonly member: number; readonly site: number },
): Promise<StockView> {
  const { lot, member, site } = checkStockPlace(checkObject("params", params));
  const { 0: stock } = await client.read("lotRegistry", "stockOf", [lot, member, site]);
  return stock as StockView;
}
