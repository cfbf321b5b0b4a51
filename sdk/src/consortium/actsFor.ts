import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";

/**
 * Whether a member is `predecessor` itself, or stands at the end of its chain of successors.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const mayCancel = await actsFor(client, { member: 9, predecessor: 7 });
 */
export async function actsFor(
  client: Client,
  params: { readonly member: number; readonly predecessor: number },
): Promise<boolean> {
  const { member, predecessor } = checkObject("params", params);
  const args = [checkMember("member", member), checkMember("predecessor", predecessor)];
  const { 0: acts } = await client.read("memberRegistry", "actsFor", args);
  return acts as boolean;
}
