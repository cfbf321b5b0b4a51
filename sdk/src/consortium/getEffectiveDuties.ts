import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { checkMember, checkObject, checkOperator } from "../core/input.ts";

/**
 * What an operator may do for a member now: appointed, within its term, licensed where that is asked for, permitted to
 * the member and not suspended.
 *
 * @param operator Operator key, or its address.
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const duties = await getEffectiveDuties(client, { member: 7, operator: drAdler });
 */
export async function getEffectiveDuties(
  client: Client,
  params: { readonly member: number; readonly operator: string },
): Promise<readonly Duty[]> {
  const { member, operator } = checkObject("params", params);
  const args = [checkMember("member", member), checkOperator("operator", operator)];
  const { duties } = await client.read("memberRegistry", "effectiveDuties", args);
  return duties as readonly Duty[];
}
