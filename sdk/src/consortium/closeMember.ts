import type { MemberClosedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";

/** What closeMember needs. */
export interface CloseMemberParams extends SendParams {
  /** Member id. */
  readonly member: number;
}

/**
 * Close a member for good: all its operators stop in the same block and its locks are void. Caller:
 * governance.
 *
 * @throws `InputInvalid`, `MemberNotActive`, and what sending can meet.
 * @example
 * await closeMember(client, { member: 7 });
 */
export async function closeMember(
  client: Client,
  params: CloseMemberParams,
): Promise<MemberClosedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member)];
  return act(client, "memberRegistry", "MemberClosed", { name: "closeMember", args, key: params.key });
}
