import type { ReferralCompletedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject } from "../core/input.ts";
import { checkReferral } from "./input.ts";
import type { ReferralTerms } from "./types.ts";

/** What completeReferral needs. */
export interface CompleteReferralParams extends SendParams {
  readonly referral: ReferralTerms;
  /** The member that was asked, or its successor. */
  readonly member: number;
  /** Salted commitment to the list of the records that answer it (`commitRecordList`). */
  readonly outcome: string;
}

/**
 * Complete an accepted referral. Caller: a PRESCRIBE or SUBMIT operator of `member`.
 *
 * @throws `InputInvalid`, `ReferralUnknown`, `ReferralStatusWrong`, `ReferralOfOther`, `ReferralTermInvalid`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await completeReferral(client, { referral, member: 3, outcome: commitRecordList([report.id]).commitment });
 */
export async function completeReferral(
  client: Client,
  params: CompleteReferralParams,
): Promise<ReferralCompletedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkReferral("referral", params.referral),
    checkMember("member", params.member),
    checkBytes32("outcome", params.outcome, false),
  ];
  return act(client, "recordRegistry", "ReferralCompleted", {
    name: "completeReferral",
    args,
    key: params.key,
  });
}
