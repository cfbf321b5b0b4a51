import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { checkSscc } from "./input.ts";
import type { ConsignmentView } from "./types.ts";

/**
 * A consignment's state, by its sender and SSCC; its status is `Unknown` when nothing was shipped under it. What is in it,
 * `listConsignments` tells.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { status } = await getConsignment(client, { from: 7, sscc: parseSscc("106141412345678908") });
 */
export async function getConsignment(
  client: Client,
  params: { readonly from: number; readonly sscc: bigint },
): Promise<ConsignmentView> {
  const { from, sscc } = checkObject("params", params);
  const args = [checkMember("from", from), checkSscc("sscc", sscc)];
  const { 0: transit } = await client.read("lotRegistry", "consignmentOf", args);
  return transit as ConsignmentView;
}
