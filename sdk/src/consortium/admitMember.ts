import type { MemberAdmittedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { Sector } from "../core/duties.ts";
import {
  checkAddress,
  checkBytes32,
  checkMember,
  checkNumber,
  checkObject,
  checkSectors,
} from "../core/input.ts";

/** What admitMember needs. */
export interface AdmitMemberParams extends SendParams {
  /** Id, from 1, never used before. */
  readonly member: number;
  /** Key that appoints operators and manages sites. */
  readonly admin: string;
  /** What kind of organisation it is. */
  readonly sectors: readonly Sector[];
  /** Controlling group, from 1: votes and validator caps count groups, never branches. */
  readonly group: number;
  /** keccak256 over a 32-byte salt and the electronic licence; the salt keeps it from being guessed. */
  readonly licenceHash: string;
}

/**
 * Admit a member. Caller: governance.
 *
 * @throws `InputInvalid`, `MemberIdUnavailable`, `MemberFieldInvalid`, `AccessManagedUnauthorized`, and what sending can
 * meet.
 * @example
 * await admitMember(client, { member: 7, admin, sectors: ["PHARMACY"], group: 3, licenceHash });
 */
export async function admitMember(
  client: Client,
  params: AdmitMemberParams,
): Promise<MemberAdmittedEvent & Acted> {
  checkObject("params", params);
  const admission = {
    member: checkMember("member", params.member),
    admin: checkAddress("admin", params.admin),
    sectors: checkSectors("sectors", params.sectors),
    group: checkNumber("group", params.group, 32, 1),
    licenceHash: checkBytes32("licenceHash", params.licenceHash, false),
  };
  return act(client, "memberRegistry", "MemberAdmitted", {
    name: "admitMember",
    args: [admission],
    key: params.key,
  });
}
