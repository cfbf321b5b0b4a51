import type { MemberLicenceChangedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject } from "../core/input.ts";

/** What setMemberLicence needs. */
export interface SetMemberLicenceParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** keccak256 over a 32-byte salt and the electronic licence; the salt keeps it from being guessed. */
  readonly licenceHash: string;
}

/**
 * Record a member's renewed electronic licence. Caller: governance.
 *
 * @throws `InputInvalid`, `MemberNotActive`, and what sending can meet.
 * @example
 * await setMemberLicence(client, { member: 7, licenceHash });
 */
export async function setMemberLicence(
  client: Client,
  params: SetMemberLicenceParams,
): Promise<MemberLicenceChangedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkBytes32("licenceHash", params.licenceHash, false)];
  return act(client, "memberRegistry", "MemberLicenceChanged", {
    name: "setMemberLicence",
    args,
    key: params.key,
  });
}
