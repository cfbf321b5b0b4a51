import { DECLINE_REASON_NAMES, type DeclineReason, type ReferralDeclinedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject } from "../core/input.ts";
import { checkReferral } from "./input.ts";
import type { ReferralTerms } from "./types.ts";

/** What declineReferral needs. */
export interface DeclineReferralParams extends SendParams {
  readonly referral: ReferralTerms;
  /** The member that is asked, or its successor. */
  readonly member: number;
  /** Coarse on purpose. */
  readonly reason: Exclude<DeclineReason, "Unspecified">;
}

/**
 * Decline a referral; also while paused. Caller: a PRESCRIBE or SUBMIT operator of `member`.
 *
 * @throws `InputInvalid`, `ReferralUnknown`, `ReferralStatusWrong`, `ReferralOfOther`, `ReferralReasonMissing`,
 * `DutyNotHeld`, and what sending can meet.
 * @example
 * await declineReferral(client, { referral, member: 3, reason: "NoCapacity" });
 */
export async function declineReferral(
  client: Client,
  params: DeclineReferralParams,
): Promise<ReferralDeclinedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkReferral("referral", params.referral),
    checkMember("member", params.member),
    checkName("reason", params.reason, DECLINE_REASON_NAMES, true),
  ];
  return act(client, "recordRegistry", "ReferralDeclined", {
    name: "declineReferral",
    args,
    key: params.key,
  });
}
