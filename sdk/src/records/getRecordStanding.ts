import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkOrigin, checkRecord } from "./input.ts";
import type { RecordOrigin, RecordStanding, RecordTerms } from "./types.ts";

/** Which record. */
export interface RecordNamed {
  readonly record: RecordTerms;
  /** Batch in which it was anchored; by itself when absent. */
  readonly origin?: RecordOrigin | undefined;
}

/**
 * How a record stands; of status `Unknown` unless it was anchored with exactly these terms and this origin.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { status, reusable } = await getRecordStanding(client, { record, origin });
 */
export async function getRecordStanding(client: Client, params: RecordNamed): Promise<RecordStanding> {
  checkObject("params", params);
  const args = [checkRecord("record", params.record), checkOrigin("origin", params.origin)];
  const { 0: found } = await client.read("recordRegistry", "standingOf", args);
  return found as RecordStanding;
}
