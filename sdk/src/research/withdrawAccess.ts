import {
  ACCESS_WITHDRAWAL_REASON_NAMES,
  type AccessWithdrawalReason,
  type AccessWithdrawnEvent,
} from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject } from "../core/input.ts";
import { checkAccess } from "./ids.ts";
import type { AccessRequest } from "./types.ts";

/** What withdrawAccess needs. */
export interface WithdrawAccessParams extends SendParams {
  /** What was asked for. */
  readonly access: AccessRequest;
  /** The dataset's custodian, or the successor of a closed one. */
  readonly custodian: number;
  /** Why. After any but `Agreed` the member gets no other access to this dataset until {@link readmitResearcher}. */
  readonly reason: Exclude<AccessWithdrawalReason, "Unspecified">;
}

/**
 * End an access, in this block and for good. Caller: an ANCHOR_RECORD or CUSTODY operator of `custodian`.
 *
 * @throws `InputInvalid`, `AccessUnknown`, `AccessAlreadyWithdrawn`, `DatasetUnknown`, `DatasetOfOther`, `DutyNotHeld`, and
 * what sending can meet.
 * @example
 * await withdrawAccess(client, { access: await getAccess(client, id), custodian: 7, reason: "TermsBroken" });
 */
export async function withdrawAccess(
  client: Client,
  params: WithdrawAccessParams,
): Promise<AccessWithdrawnEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkAccess("access", params.access),
    checkMember("custodian", params.custodian),
    checkName("reason", params.reason, ACCESS_WITHDRAWAL_REASON_NAMES, true),
  ];
  return act(client, "researchRegistry", "AccessWithdrawn", {
    name: "withdrawAccess",
    args,
    key: params.key,
  });
}
