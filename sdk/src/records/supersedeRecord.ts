import type { RecordSupersededEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import type { EphemeralKey } from "../holder/stealth.ts";
import { checkEphemeralKey } from "../prescriptions/input.ts";
import { checkOrigin, checkRecord } from "./input.ts";
import { hashRecord } from "./typedData.ts";
import type { RecordOrigin, RecordTerms } from "./types.ts";

/** What supersedeRecord needs. */
export interface SupersedeRecordParams extends SendParams {
  /** What is superseded. */
  readonly record: RecordTerms;
  /** Batch in which it was anchored; by itself when absent. */
  readonly origin?: RecordOrigin | undefined;
  /** By what (`draftRecord`), with a holder of its own. */
  readonly replacement: RecordTerms;
  readonly ephemeralKey: EphemeralKey;
}

/**
 * Anchor a record in place of another. Caller: an ANCHOR_RECORD operator of the replacement's custodian, which is the
 * record's or its successor.
 *
 * @throws `InputInvalid`, `RecordUnknown`, `RecordStatusWrong`, `RecordOfOther`, `RecordAlreadyAnchored`,
 * `RecordTermInvalid`, `RecordStandardUnknown`, `RecordEphemeralKeyInvalid`, `DutyNotHeld`, `DomainIsPaused`, and what
 * sending can meet.
 * @example
 * const { record: replacement, ephemeralKey } = await draftRecord(client, corrected);
 * await supersedeRecord(client, { record, replacement, ephemeralKey });
 */
export async function supersedeRecord(
  client: Client,
  params: SupersedeRecordParams,
): Promise<RecordSupersededEvent & Acted> {
  checkObject("params", params);
  const record = checkRecord("record", params.record);
  const replacement = checkRecord("replacement", params.replacement);
  const ephemeralKey = checkEphemeralKey("ephemeralKey", params.ephemeralKey);
  return act(client, "recordRegistry", "RecordSuperseded", {
    name: "supersede",
    args: [record, checkOrigin("origin", params.origin), replacement, ephemeralKey],
    key: params.key,
    intent: `supersede:${hashRecord(record)}:${hashRecord(replacement)}`,
  });
}
