import type { Client } from "../core/client.ts";
import { checkNumber, checkObject } from "../core/input.ts";
import { checkStockPlace } from "./input.ts";

/**
 * End, exclusive, of a stored range of serials at a place beside the stock's own range; 0 when none has this first unit.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const endUnit = await getRange(client, { lot, member: 9, site: 1, firstUnit: 640 });
 */
export async function getRange(
  client: Client,
  params: {
    readonly lot: string;
    readonly member: number;
    readonly site: number;
    readonly firstUnit: number;
  },
): Promise<number> {
  const { lot, member, site } = checkStockPlace(checkObject("params", params));
  const firstUnit = checkNumber("firstUnit", params.firstUnit, 32);
  const { endUnit } = await client.read("lotRegistry", "rangeOf", [lot, member, site, firstUnit]);
  return endUnit as number;
}
