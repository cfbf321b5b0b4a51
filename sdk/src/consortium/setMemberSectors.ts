import type { MemberSectorsChangedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { Sector } from "../core/duties.ts";
import { checkMember, checkObject, checkSectors } from "../core/input.ts";

/** What setMemberSectors needs. */
export interface SetMemberSectorsParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** The whole new set of sectors. */
  readonly sectors: readonly Sector[];
}

/**
 * Change a member's sectors; what its operators may do changes in the same block. Caller: governance.
 *
 * @throws `InputInvalid`, `MemberNotActive`, `MemberFieldInvalid`, and what sending can meet.
 * @example
 * await setMemberSectors(client, { member: 7, sectors: ["HOSPITAL", "VACCINATION_SITE"] });
 */
export async function setMemberSectors(
  client: Client,
  params: SetMemberSectorsParams,
): Promise<MemberSectorsChangedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkSectors("sectors", params.sectors)];
  return act(client, "memberRegistry", "MemberSectorsChanged", {
    name: "setMemberSectors",
    args,
    key: params.key,
  });
}
