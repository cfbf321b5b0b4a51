import type { Client } from "../core/client.ts";
import { checkNumber, checkObject } from "../core/input.ts";
import { checkLot } from "./input.ts";

/**
 * Whether a unit of a serialised lot was used, wasted or lost.
 *
 * @throws `InputInvalid`, `LotUnknown`, `RpcUnavailable`
 * @example
 * const spent = await isSpent(client, { lot, unit: 17 });
 */
export async function isSpent(
  client: Client,
  params: { readonly lot: string; readonly unit: number },
): Promise<boolean> {
  const { lot, unit } = checkObject("params", params);
  const args = [checkLot("lot", lot), checkNumber("unit", unit, 32)];
  const { 0: spent } = await client.read("lotRegistry", "isSpent", args);
  return spent as boolean;
}
