import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { type RecordContent, commitRecord } from "../vault/sealRecord.ts";
import { type RecordNamed, getRecordStanding } from "./getRecordStanding.ts";
import type { RecordStanding } from "./types.ts";

/** What verifyRecord needs. */
export interface VerifyRecordParams extends RecordNamed {
  /** The document. */
  readonly content: RecordContent;
  /** The salt of its commitment. */
  readonly salt: Uint8Array;
}

/** Whether a document is what was anchored, and how its record stands. */
export interface RecordVerified extends RecordStanding {
  /** The document is, byte for byte, what the record commits to, and the record is on the ledger. */
  readonly authentic: boolean;
}

/**
 * Whether a document is what a custodian anchored, and how its record stands now.
 *
 * @throws `InputInvalid`, `RecordContentInvalid`, `SaltInvalid`, `RpcUnavailable`
 * @example
 * const { authentic, status } = await verifyRecord(client, { record, content: { mediaType, content }, salt });
 */
export async function verifyRecord(client: Client, params: VerifyRecordParams): Promise<RecordVerified> {
  checkObject("params", params);
  checkObject("content", params.content);
  const standing = await getRecordStanding(client, params);
  const { commitment } = commitRecord(params.content, params.salt);
  const fits = commitment === params.record.commitment.toLowerCase();
  return { authentic: fits && standing.status !== "Unknown", ...standing };
}
