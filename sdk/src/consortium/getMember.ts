import type { Client } from "../core/client.ts";
import { checkMember } from "../core/input.ts";
import type { Member } from "./types.ts";

/**
 * A member as it stands; of status `Unknown` when there is none.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { status, sectors } = await getMember(client, 7);
 */
export async function getMember(client: Client, member: number): Promise<Member> {
  const { 0: found } = await client.read("memberRegistry", "memberOf", [checkMember("member", member)]);
  return { member, ...(found as Omit<Member, "member">) };
}
