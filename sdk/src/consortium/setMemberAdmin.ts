import type { MemberAdminChangedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkAddress, checkMember, checkObject } from "../core/input.ts";

/** What setMemberAdmin needs. */
export interface SetMemberAdminParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** The new admin key. */
  readonly admin: string;
}

/**
 * Replace a member's lost or stolen admin key. Caller: governance.
 *
 * @throws `InputInvalid`, `MemberNotActive`, and what sending can meet.
 * @example
 * await setMemberAdmin(client, { member: 7, admin: "0x52908400098527886E0F7030069857D2E4169EE7" });
 */
export async function setMemberAdmin(
  client: Client,
  params: SetMemberAdminParams,
): Promise<MemberAdminChangedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkAddress("admin", params.admin)];
  return act(client, "memberRegistry", "MemberAdminChanged", {
    name: "setMemberAdmin",
    args,
    key: params.key,
  });
}
