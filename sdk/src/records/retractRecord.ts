import { RETRACTION_REASON_NAMES, type RecordRetractedEvent, type RetractionReason } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject } from "../core/input.ts";
import { checkOrigin, checkRecord } from "./input.ts";
import type { RecordOrigin, RecordTerms } from "./types.ts";

/** What retractRecord needs. */
export interface RetractRecordParams extends SendParams {
  readonly record: RecordTerms;
  /** Batch in which it was anchored; by itself when absent. */
  readonly origin?: RecordOrigin | undefined;
  /** The record's custodian, or its successor. */
  readonly member: number;
  readonly reason: Exclude<RetractionReason, "Unspecified">;
}

/**
 * Retract a record; also while paused. Caller: an ANCHOR_RECORD operator of `member`.
 *
 * @throws `InputInvalid`, `RecordUnknown`, `RecordStatusWrong`, `RecordOfOther`, `RecordReasonMissing`, `DutyNotHeld`, and
 * what sending can meet.
 * @example
 * await retractRecord(client, { record, member: 2, reason: "WrongPatient" });
 */
export async function retractRecord(
  client: Client,
  params: RetractRecordParams,
): Promise<RecordRetractedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkRecord("record", params.record),
    checkOrigin("origin", params.origin),
    checkMember("member", params.member),
    checkName("reason", params.reason, RETRACTION_REASON_NAMES, true),
  ];
  return act(client, "recordRegistry", "RecordRetracted", { name: "retract", args, key: params.key });
}
