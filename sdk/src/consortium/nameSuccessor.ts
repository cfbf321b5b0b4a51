import type { MemberSuccessorNamedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";

/** What nameSuccessor needs. */
export interface NameSuccessorParams extends SendParams {
  /** The closed member. */
  readonly member: number;
  /** An active member. */
  readonly successor: number;
}

/**
 * Name who takes over a closed member's issuer rights, sites, custodianship and keys. Caller: governance.
 *
 * @throws `InputInvalid`, `MemberSuccessorInvalid`, and what sending can meet.
 * @example
 * await nameSuccessor(client, { member: 7, successor: 9 });
 */
export async function nameSuccessor(
  client: Client,
  params: NameSuccessorParams,
): Promise<MemberSuccessorNamedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkMember("successor", params.successor)];
  return act(client, "memberRegistry", "MemberSuccessorNamed", {
    name: "nameSuccessor",
    args,
    key: params.key,
  });
}
