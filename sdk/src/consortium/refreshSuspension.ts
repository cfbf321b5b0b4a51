import type { MemberSuspensionChangedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";

/** What refreshSuspension needs. */
export interface RefreshSuspensionParams extends SendParams {
  /** Member id. */
  readonly member: number;
}

/**
 * Take suspensions that ended out of a member's word, so that a wide but short one does not run on with a
 * narrow but long one. Caller: anybody.
 *
 * @throws `InputInvalid`, `MemberNotActive`, and what sending can meet.
 * @example
 * await refreshSuspension(client, { member: 7 });
 */
export async function refreshSuspension(
  client: Client,
  params: RefreshSuspensionParams,
): Promise<MemberSuspensionChangedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member)];
  return act(client, "memberRegistry", "MemberSuspensionChanged", {
    name: "refreshSuspension",
    args,
    key: params.key,
  });
}
