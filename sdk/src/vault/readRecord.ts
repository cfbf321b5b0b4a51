import type { OpenedRecord } from "./sealRecord.ts";
import { type Vault, openKept } from "./vault.ts";

/** Which record, and what is anchored of it. */
export interface ReadRecordParams {
  /** Record id, 32 bytes in hexadecimal. */
  readonly record: string;
  /** The anchored commitment, 32 bytes in hexadecimal. */
  readonly commitment: string;
}

/**
 * Read a record of one's own vault. It is checked against the anchored commitment at every read.
 *
 * @throws `VaultRecordUnknown`, `VaultRecordShredded`, `VaultRecordCorrupt`, `RecordMismatch`, `RecordUnreadable`,
 * `RecordKeyNotForYou`, `VaultKeyMissing`, `CommitmentInvalid`.
 * @example
 * const { mediaType, content } = await readRecord(vault, { record, commitment });
 */
export async function readRecord(
  vault: Vault,
  { record, commitment }: ReadRecordParams,
): Promise<OpenedRecord> {
  const { opened } = await openKept(vault, record, commitment);
  return opened;
}
