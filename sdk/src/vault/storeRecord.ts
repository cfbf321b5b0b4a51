import { isCareLedgerError } from "../core/errors.ts";
import { vaultError } from "./errors.ts";
import { wrapToVault } from "./recordKeys.ts";
import { type RecordContent, commitRecord, createRecordKey, sealRecord } from "./sealRecord.ts";
import { MAX_BATCH_RECORDS, type NewVaultRecord, type VaultKey } from "./store.ts";
import { type Vault, openKept } from "./vault.ts";

/** A record to store. */
export interface StoreRecordParams extends RecordContent {
  /** Record id, 32 bytes in hexadecimal. */
  readonly record: string;
  /** The salt of the commitment that is anchored, see `commitRecord`. */
  readonly salt: Uint8Array;
}

/** How often a rotation by another process may come between. */
const ATTEMPTS = 5;

/**
 * Seal a record under a fresh key and keep both; resolves once they are durable. Storing the same content and salt again
 * changes nothing, so a caller that did not see the answer may repeat the call.
 *
 * @throws `RecordContentInvalid`, `RecordTooLarge`, `SaltInvalid`, `VaultRecordTaken`, `VaultRecordShredded`,
 * `DocumentContextInvalid`, `StoreUnavailable`.
 * @example
 * const { commitment, salt } = commitRecord({ mediaType: "image/png", content });
 * await storeRecord(vault, { record, mediaType: "image/png", content, salt });
 */
export async function storeRecord(vault: Vault, params: StoreRecordParams): Promise<void> {
  await storeRecords(vault, [params]);
}

/**
 * Store many records in one transaction: all or none. As {@link storeRecord}, and many times faster for small ones.
 *
 * @param records 1 to 1,000 with at most 16 MiB of ciphertext (each is padded to at least 4 KiB); each id once.
 * @throws As {@link storeRecord}, and `VaultBatchTooLarge`.
 */
export async function storeRecords(vault: Vault, records: readonly StoreRecordParams[]): Promise<void> {
  if (records.length > MAX_BATCH_RECORDS) {
    throw vaultError("VaultBatchTooLarge", { records: records.length, mostRecords: MAX_BATCH_RECORDS });
  }
  let missing = records;
  for (let attempt = 1; ; attempt++) {
    const active = await vault.activeKey(attempt > 1);
    const sealed = await Promise.all(missing.map((each) => sealForVault(vault, each, active)));
    try {
      return await vault.store.put(sealed);
    } catch (error) {
      if (isCareLedgerError(error, "VaultRecordTaken")) {
        missing = await withoutStored(vault, missing);
        if (missing.length === 0) return;
      } else if (!isCareLedgerError(error, "VaultKeyNotActive") || attempt === ATTEMPTS) throw error;
    }
  }
}

async function sealForVault(
  vault: Vault,
  params: StoreRecordParams,
  active: VaultKey,
): Promise<NewVaultRecord> {
  const { record, salt } = params;
  const context = { ...vault, record, custodian: vault.member };
  const key = createRecordKey();
  const [sealed, wrapped] = await Promise.all([
    sealRecord(params, salt, key, context),
    wrapToVault(key, active.publicKey, { ...context, vaultKey: active.id }),
  ]);
  const custodian = vault.member;
  return { record, custodian, sealed, vaultKey: active.id, wrapped, storedAt: vault.now() };
}

/** The records that are not there yet. What is there must be the same, or the id is taken. */
async function withoutStored(
  vault: Vault,
  records: readonly StoreRecordParams[],
): Promise<StoreRecordParams[]> {
  const missing: StoreRecordParams[] = [];
  for (const each of records) {
    const { commitment } = commitRecord(each, each.salt);
    try {
      await openKept(vault, each.record, commitment);
    } catch (error) {
      if (isCareLedgerError(error, "VaultRecordUnknown")) missing.push(each);
      else if (isCareLedgerError(error, "RecordMismatch")) {
        throw vaultError("VaultRecordTaken", { record: each.record }, error);
      } else throw error;
    }
  }
  return missing;
}
