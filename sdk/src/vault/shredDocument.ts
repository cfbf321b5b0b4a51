import { vaultError } from "./errors.ts";
import type { Vault } from "./vault.ts";

/** What is known of a shredded record. */
export interface Shredding {
  readonly record: string;
  /** Unix seconds. */
  readonly shreddedAt: number;
  /** The newest vault key at that time. */
  readonly vaultKey: number;
  /**
   * Whether it and every vault key before it are destroyed: then no backup, replica or left-over page of the store can
   * be read either. Until then {@link shredDocument} holds for the store itself; `rotateVaultKey` brings it about.
   */
  readonly beyondRecovery: boolean;
}

/**
 * Destroy a record: its content and its key in every wrap that the store keeps, the custodian's and the grantees', leave
 * a tombstone and clean up behind. Doing it again changes nothing. It cannot be undone.
 *
 * A grantee that fetched record and key before can still read its copy.
 *
 * @throws `VaultRecordUnknown`, `VaultScrubPending` (deleted; call again to clean up), `StoreUnavailable`.
 * @example
 * await shredDocument(vault, record);
 * await rotateVaultKey(vault); // now no backup can bring it back either
 */
export async function shredDocument(vault: Vault, record: string): Promise<Shredding> {
  await vault.store.shred(record, vault.now());
  return getShredding(vault, record);
}

/**
 * What is known of a shredded record.
 * @throws `VaultRecordUnknown` unless it was shredded.
 */
export async function getShredding({ store }: Vault, record: string): Promise<Shredding> {
  const found = await store.get(record);
  if (found?.state !== "Shredded") throw vaultError("VaultRecordUnknown", { record });
  const keys = await store.listVaultKeys();
  return {
    record: found.record,
    shreddedAt: found.shreddedAt,
    vaultKey: found.shreddedUnder,
    beyondRecovery: keys.every(({ id, state }) => id > found.shreddedUnder || state === "Destroyed"),
  };
}
