import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { checkMember, checkOperator } from "../core/input.ts";

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
  { member, operator }: { readonly member: number; readonly operator: string },
): Promise<readonly Duty[]> {
  const args = [checkMember("member", member), checkOperator("operator", operator)];
  const { duties } = await client.read("memberRegistry", "effectiveDuties", args);
  return duties as readonly Duty[];
}
