import type { MemberAdminProposedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkAddressOrZero, checkMember, checkObject } from "../core/input.ts";

/** What proposeAdmin needs. */
export interface ProposeAdminParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** The next admin key, or the zero address. */
  readonly pendingAdmin: string;
}

/**
 * Name a member's next admin key, which must accept. The zero address takes the proposal back. Caller: the
 * member's admin.
 *
 * @throws `InputInvalid`, `MemberAdminOnly`, `DomainIsPaused`, and what sending can meet.
 * @example
 * await proposeAdmin(client, { member: 7, pendingAdmin: nextAdmin });
 */
export async function proposeAdmin(
  client: Client,
  params: ProposeAdminParams,
): Promise<MemberAdminProposedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("member", params.member),
    checkAddressOrZero("pendingAdmin", params.pendingAdmin),
  ];
  return act(client, "memberRegistry", "MemberAdminProposed", {
    name: "proposeAdmin",
    args,
    key: params.key,
  });
}
