import { BREAK_GLASS_STATUS_NAMES, type BreakGlassReviewedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkName, checkObject } from "../core/input.ts";

/** What reviewBreakGlass needs. */
export interface ReviewBreakGlassParams extends SendParams {
  /** Id of the use. */
  readonly breakGlass: string;
  /** Member that reviews: the custodian, its successor, or a regulator; not of the actor's controlling group. */
  readonly reviewer: number;
  readonly outcome: "Justified" | "Unjustified";
}

/**
 * Review a use of break-glass; also while paused. After it nothing more is disclosed under the use. A regulator may overrule
 * the custodian's review once. A late review restores the duty that the missing one suspended. Caller: a CUSTODY operator of
 * the custodian, or an INSPECT operator of a regulator.
 *
 * @throws `InputInvalid`, `BreakGlassUnknown`, `BreakGlassAlreadyReviewed`, `BreakGlassReviewerInvalid`, `DutyNotHeld`, and
 * what sending can meet.
 * @example
 * await reviewBreakGlass(client, { breakGlass, reviewer: 2, outcome: "Justified" });
 */
export async function reviewBreakGlass(
  client: Client,
  params: ReviewBreakGlassParams,
): Promise<BreakGlassReviewedEvent & Acted> {
  checkObject("params", params);
  checkName("outcome", params.outcome, ["Justified", "Unjustified"]);
  const args = [
    checkBytes32("breakGlass", params.breakGlass, false),
    checkMember("reviewer", params.reviewer),
    BREAK_GLASS_STATUS_NAMES.indexOf(params.outcome),
  ];
  return act(client, "consentRegistry", "BreakGlassReviewed", {
    name: "reviewBreakGlass",
    args,
    key: params.key,
  });
}
