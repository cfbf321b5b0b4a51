import type { ReferralWithdrawnEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { checkReferral } from "./input.ts";
import type { ReferralTerms } from "./types.ts";

/** What withdrawReferral needs. */
export interface WithdrawReferralParams extends SendParams {
  readonly referral: ReferralTerms;
  /** The member that refers, or its successor. */
  readonly member: number;
}

/**
 * Withdraw a referral that was not answered; also while paused. Caller: a PRESCRIBE or SUBMIT operator of `member`.
 *
 * @throws `InputInvalid`, `ReferralUnknown`, `ReferralStatusWrong`, `ReferralOfOther`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await withdrawReferral(client, { referral, member: 2 });
 */
export async function withdrawReferral(
  client: Client,
  params: WithdrawReferralParams,
): Promise<ReferralWithdrawnEvent & Acted> {
  checkObject("params", params);
  const args = [checkReferral("referral", params.referral), checkMember("member", params.member)];
  return act(client, "recordRegistry", "ReferralWithdrawn", {
    name: "withdrawReferral",
    args,
    key: params.key,
  });
}
