import type { ReferralAcceptedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { checkReferral } from "./input.ts";
import type { ReferralTerms } from "./types.ts";

/** What acceptReferral needs. */
export interface AcceptReferralParams extends SendParams {
  readonly referral: ReferralTerms;
  /** The member that is asked, or its successor. */
  readonly member: number;
}

/**
 * Accept a referral. Caller: a PRESCRIBE or SUBMIT operator of `member`.
 *
 * @throws `InputInvalid`, `ReferralUnknown`, `ReferralStatusWrong`, `ReferralOfOther`, `ReferralExpired`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await acceptReferral(client, { referral, member: 3 });
 */
export async function acceptReferral(
  client: Client,
  params: AcceptReferralParams,
): Promise<ReferralAcceptedEvent & Acted> {
  checkObject("params", params);
  const args = [checkReferral("referral", params.referral), checkMember("member", params.member)];
  return act(client, "recordRegistry", "ReferralAccepted", { name: "acceptReferral", args, key: params.key });
}
