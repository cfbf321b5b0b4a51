import type { RecordAnchoredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import type { EphemeralKey } from "../holder/stealth.ts";
import { checkEphemeralKey } from "../prescriptions/input.ts";
import { checkRecord } from "./input.ts";
import { hashRecord } from "./typedData.ts";
import type { RecordTerms } from "./types.ts";

/** What anchorRecord needs: what `draftRecord` gave. */
export interface AnchorRecordParams extends SendParams {
  readonly record: RecordTerms;
  readonly ephemeralKey: EphemeralKey;
}

/**
 * Anchor a record. Caller: an ANCHOR_RECORD operator of the custodian.
 *
 * @throws `InputInvalid`, `RecordAlreadyAnchored`, `RecordTermInvalid`, `RecordStandardUnknown`,
 * `RecordEphemeralKeyInvalid`, `RecordStatusWrong`, `DutyNotHeld`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const { record: id } = await anchorRecord(client, await draftRecord(client, params));
 */
export async function anchorRecord(
  client: Client,
  params: AnchorRecordParams,
): Promise<RecordAnchoredEvent & Acted> {
  checkObject("params", params);
  const record = checkRecord("record", params.record);
  return act(client, "recordRegistry", "RecordAnchored", {
    name: "anchor",
    args: [record, checkEphemeralKey("ephemeralKey", params.ephemeralKey)],
    key: params.key,
    intent: `anchor:${hashRecord(record)}`,
  });
}
