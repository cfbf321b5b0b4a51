import type { MemberAdminChangedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";

/** What acceptAdmin needs. */
export interface AcceptAdminParams extends SendParams {
  /** Member id. */
  readonly member: number;
}

/**
 * Take the admin role of a member over. Caller: the proposed admin.
 *
 * @throws `InputInvalid`, `MemberPendingAdminOnly`, `DomainIsPaused`, and what sending can meet.
 * @example
 * await acceptAdmin(client, { member: 7 });
 */
export async function acceptAdmin(
  client: Client,
  params: AcceptAdminParams,
): Promise<MemberAdminChangedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member)];
  return act(client, "memberRegistry", "MemberAdminChanged", { name: "acceptAdmin", args, key: params.key });
}
