import { REPEAT_REASON_NAMES, type RepeatOrderedEvent, type RepeatReason } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject } from "../core/input.ts";
import { checkOrigin, checkRecord } from "./input.ts";
import type { RecordOrigin, RecordTerms } from "./types.ts";

/** What repeatOrder needs. */
export interface RepeatOrderParams extends SendParams {
  /** Record of the earlier result. */
  readonly record: RecordTerms;
  /** Batch in which it was anchored; by itself when absent. */
  readonly origin?: RecordOrigin | undefined;
  /** Member that orders again. */
  readonly member: number;
  readonly reason: Exclude<RepeatReason, "Unspecified">;
}

/**
 * Say why a test is ordered again while an earlier result may be used; once a record and member. Caller: a PRESCRIBE or SUBMIT
 * operator of `member`.
 *
 * @throws `InputInvalid`, `RecordUnknown`, `RecordStatusWrong`, `RecordNotReusable`, `RecordRepeatKnown`,
 * `RecordReasonMissing`, `DutyNotHeld`, `DomainIsPaused`, and what sending can meet.
 * @example
 * await repeatOrder(client, { record, member: 3, reason: "ClinicalChange" });
 */
export async function repeatOrder(
  client: Client,
  params: RepeatOrderParams,
): Promise<RepeatOrderedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkRecord("record", params.record),
    checkOrigin("origin", params.origin),
    checkMember("member", params.member),
    checkName("reason", params.reason, REPEAT_REASON_NAMES, true),
  ];
  return act(client, "recordRegistry", "RepeatOrdered", { name: "repeatOrder", args, key: params.key });
}
