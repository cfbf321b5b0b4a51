import { type SharedRecord, wrapRecordKey } from "./recordKeys.ts";
import type { ReadRecordParams } from "./readRecord.ts";
import { type Vault, openKept } from "./vault.ts";

/** For whom a record's key is wrapped. */
export interface ShareRecordParams extends ReadRecordParams {
  /** Member that may read, from 1. */
  readonly grantee: number;
  /** The encryption key that it publishes now. */
  readonly encryptionKey: Uint8Array;
}

/**
 * Wrap a record's key to a grantee's encryption key and keep it in the store, so that shredding reaches it. The record
 * is opened and checked against the anchored commitment before. Whether the grantee may read is the caller's to find out
 * on chain, and the disclosure is the caller's to record, both before this call.
 *
 * @throws As `readRecord`, and `EncryptionKeyInvalid`, `DocumentContextInvalid`.
 */
export async function shareRecord(vault: Vault, params: ShareRecordParams): Promise<SharedRecord> {
  const { record, commitment, grantee, encryptionKey } = params;
  const { kept, key } = await openKept(vault, record, commitment);
  const { custodian, sealed } = kept;
  const wrapped = await wrapRecordKey(key, encryptionKey, { ...vault, record, custodian, grantee });
  await vault.store.putGranteeKey({ record, grantee, wrapped, wrappedAt: vault.now() });
  return { sealed, wrapped, custodian };
}
