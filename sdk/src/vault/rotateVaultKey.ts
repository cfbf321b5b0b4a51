import { isCareLedgerError } from "../core/errors.ts";
import { vaultError } from "./errors.ts";
import { openFromVault, wrapToVault } from "./recordKeys.ts";
import type { Rewrap, VaultKey, WrappedRecordKey } from "./store.ts";
import { type Vault, privateKeyOf } from "./vault.ts";

/** How a rotation goes about it. */
export interface RotateVaultKeyParams {
  /** Record keys that are re-wrapped in one transaction, 1 to 1,000. Default 200. */
  readonly batch?: number;
  /** Told after each batch how many were re-wrapped so far. */
  readonly onBatch?: (rewrapped: number) => void;
}

/** What a rotation did. */
export interface VaultKeyRotation {
  /** The active vault key. */
  readonly active: number;
  /** Vault keys that were destroyed. */
  readonly destroyed: readonly number[];
  /** Record keys that were re-wrapped. */
  readonly rewrapped: number;
  /** Records whose key does not open, at most 100 of them: their vault key stays until they are mended or shredded. */
  readonly unreadable: readonly string[];
}

const MOST_NAMED = 100;

/**
 * Rotate the vault key: make a new one, re-wrap every record key to it in bounded batches and destroy the old one when
 * nothing is wrapped to it any more. A rotation that was interrupted, at whatever point, is finished first, and counts:
 * then no further key is made. Records are read and stored meanwhile; several processes may rotate at once.
 *
 * Rotate on a schedule and after shredding: what was shredded is beyond recovery from any backup of the store once the
 * keys of its time are destroyed (docs/decisions/0011-vault.md).
 *
 * @throws `VaultOptionInvalid`, `VaultKeyMissing`, `VaultScrubPending`, `StoreUnavailable`.
 * @example
 * const { destroyed } = await rotateVaultKey(vault);
 */
export async function rotateVaultKey(
  vault: Vault,
  { batch = 200, onBatch }: RotateVaultKeyParams = {},
): Promise<VaultKeyRotation> {
  if (!Number.isInteger(batch) || batch < 1 || batch > 1_000) {
    throw vaultError("VaultOptionInvalid", { field: "batch" });
  }
  if ((await retiringKeys(vault)).length === 0) await beginRotation(vault);
  const unreadable: string[] = [];
  const destroyed: number[] = [];
  let rewrapped = 0;
  for (const old of await retiringKeys(vault)) {
    for (let after: string | undefined; ;) {
      const page = await vault.store.listWrapped(old.id, { after, limit: batch });
      if (page.length === 0) break;
      const done = await movePage(vault, page, old);
      // Another rotation was quicker: look again.
      if (done === undefined) continue;
      after = page.at(-1)!.record;
      unreadable.push(...done.failed.slice(0, MOST_NAMED - unreadable.length));
      rewrapped += done.moved;
      onBatch?.(rewrapped);
    }
    if (await destroyKey(vault, old.id)) destroyed.push(old.id);
  }
  return { active: (await vault.activeKey(true)).id, destroyed, rewrapped, unreadable };
}

/** Re-wrap a page of record keys to the active key; `undefined` when another process has rotated further meanwhile. */
async function movePage(
  vault: Vault,
  page: readonly WrappedRecordKey[],
  old: VaultKey,
): Promise<{ moved: number; failed: string[] } | undefined> {
  try {
    const { changes, failed } = await rewrapPage(vault, page, old, await vault.activeKey(true));
    return { moved: await vault.store.rewrap(changes), failed };
  } catch (error) {
    if (!isCareLedgerError(error, "VaultKeyNotActive", "VaultKeyDestroyed")) throw error;
    // Unless its keys have left it, this is a store that was restored from before the destruction.
    const [first] = await vault.store.listWrapped(old.id, { limit: 1 });
    if (error.code === "VaultKeyDestroyed" && first !== undefined) throw error;
    return undefined;
  }
}

async function retiringKeys({ store }: Vault): Promise<VaultKey[]> {
  return (await store.listVaultKeys()).filter(({ state }) => state === "Retiring");
}

async function beginRotation({ store, keyring }: Vault): Promise<void> {
  const next = ((await store.listVaultKeys()).at(-1)?.id ?? 0) + 1;
  try {
    await store.activateVaultKey(next, await keyring.ensure(next));
  } catch (error) {
    // Another process began a rotation in between: this one helps to finish it.
    if (!isCareLedgerError(error, "VaultKeyConflict")) throw error;
  }
}

async function rewrapPage(
  vault: Vault,
  page: readonly WrappedRecordKey[],
  old: VaultKey,
  active: VaultKey,
): Promise<{ changes: Rewrap[]; failed: string[] }> {
  const privateKey = await privateKeyOf(vault, old);
  const failed: string[] = [];
  const changes = await Promise.all(
    page.map(async ({ record, custodian, wrapped }): Promise<Rewrap | undefined> => {
      const context = { ...vault, record, custodian };
      try {
        const key = await openFromVault(wrapped, privateKey, { ...context, vaultKey: old.id });
        const moved = await wrapToVault(key, active.publicKey, { ...context, vaultKey: active.id });
        return { record, from: old.id, to: active.id, wrapped: moved };
      } catch (error) {
        if (!isCareLedgerError(error, "RecordKeyNotForYou", "RecordKeyMalformed")) throw error;
        failed.push(record);
        return undefined;
      }
    }),
  );
  return { changes: changes.filter((each) => each !== undefined), failed };
}

/**
 * Nothing can be wrapped to a retiring key, so one that was found empty stays empty: its private key goes first, then
 * the store notes it. A crash in between leaves an empty retiring key that the next rotation finds.
 */
async function destroyKey({ store, keyring }: Vault, vaultKey: number): Promise<boolean> {
  if ((await store.listWrapped(vaultKey, { limit: 1 })).length > 0) return false;
  await keyring.destroy(vaultKey);
  await store.markVaultKeyDestroyed(vaultKey);
  return true;
}
