import type { MemberGroupChangedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";

/** What setMemberGroup needs. */
export interface SetMemberGroupParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** Controlling group, from 1. */
  readonly group: number;
}

/**
 * Move a member to another controlling group; votes count groups. Caller: governance.
 *
 * @throws `InputInvalid`, `MemberNotActive`, and what sending can meet.
 * @example
 * await setMemberGroup(client, { member: 7, group: 3 });
 */
export async function setMemberGroup(
  client: Client,
  params: SetMemberGroupParams,
): Promise<MemberGroupChangedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkNumber("group", params.group, 32, 1)];
  return act(client, "memberRegistry", "MemberGroupChanged", {
    name: "setMemberGroup",
    args,
    key: params.key,
  });
}
