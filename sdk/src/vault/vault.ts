import { hexlify, isAddress } from "ethers";

import { isCareLedgerError } from "../core/errors.ts";
import type { Bytes } from "../documents/bytes.ts";
import { vaultError } from "./errors.ts";
import type { VaultKeyring } from "./keyring.ts";
import { openFromVault } from "./recordKeys.ts";
import { type OpenedRecord, openRecord } from "./sealRecord.ts";
import type { KeptRecord, VaultKey, VaultStore } from "./store.ts";

/** What a vault is made of. */
export interface VaultOptions {
  /** Chain id, from 1 to 2^53-1. */
  readonly chainId: number;
  /** Address of the RecordRegistry (its proxy). */
  readonly registry: string;
  /** Member that keeps the records, from 1. */
  readonly member: number;
  readonly store: VaultStore;
  readonly keyring: VaultKeyring;
  /** The clock, unix seconds. */
  readonly now?: () => number;
}

/** A custodian's vault: records sealed one by one, their keys under its vault key. */
export interface Vault extends Required<VaultOptions> {
  /** The vault key that new record keys are wrapped to. `fresh` asks the store again: another process may have rotated. */
  activeKey(fresh?: boolean): Promise<VaultKey>;
}

/**
 * Open a vault. The first opening makes vault key 1; every opening finds out whether this keyring made the store's keys.
 *
 * @throws `VaultOptionInvalid`, `VaultKeyMissing`, `VaultKeyDestroyed`, `VaultKeyringLocked`, `StoreUnavailable`.
 * @example
 * const vault = await openVault({ chainId, registry, member: 1, store, keyring });
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const { chainId, registry, member, store, keyring } = options;
  const requireOption = (field: string, valid: boolean): void => {
    if (!valid) throw vaultError("VaultOptionInvalid", { field });
  };
  requireOption("chainId", Number.isSafeInteger(chainId) && chainId >= 1);
  requireOption("registry", isAddress(registry));
  requireOption("member", Number.isInteger(member) && member >= 1 && member <= 0xffff_ffff);
  const now = options.now ?? (() => Math.floor(Date.now() / 1000));

  let active: VaultKey | undefined;
  const activeKey = async (fresh = false): Promise<VaultKey> => {
    if (fresh || active === undefined) {
      active = (await store.listVaultKeys()).find(({ state }) => state === "Active");
    }
    if (active === undefined) throw vaultError("VaultKeyMissing", { vaultKey: 0 });
    return active;
  };
  const vault: Vault = { chainId, registry, member, store, keyring, now, activeKey };
  if ((await store.listVaultKeys()).length === 0) {
    await store.activateVaultKey(1, await keyring.ensure(1)).catch((error: unknown) => {
      if (!isCareLedgerError(error, "VaultKeyConflict")) throw error;
    });
  }
  for (const key of await store.listVaultKeys()) {
    // A retiring key may be gone already: a rotation was interrupted after it had emptied it.
    if (key.state === "Active") await privateKeyOf(vault, key);
  }
  return vault;
}

/**
 * The private half of a vault key.
 * @throws `VaultKeyMissing` when the keyring has none or another, `VaultKeyDestroyed`, `VaultKeyringLocked`.
 * @internal
 */
export async function privateKeyOf(
  { keyring }: Vault,
  { id, publicKey }: Pick<VaultKey, "id"> & Partial<VaultKey>,
): Promise<Bytes> {
  const keys = await keyring.get(id);
  if (keys === undefined || (publicKey !== undefined && hexlify(publicKey) !== hexlify(keys.publicKey))) {
    throw vaultError("VaultKeyMissing", { vaultKey: id });
  }
  return keys.privateKey;
}

/**
 * The record of this id with its key, opened and checked against the anchored commitment.
 * @internal
 */
export async function openKept(
  vault: Vault,
  record: string,
  commitment: string,
  attempt = 1,
): Promise<{ kept: KeptRecord; key: Bytes; opened: OpenedRecord }> {
  const kept = await keptRecord(vault, record);
  const context = { ...vault, record: kept.record, custodian: kept.custodian };
  const privateKey = await privateKeyOf(vault, { id: kept.vaultKey }).catch((error: unknown) => {
    if (isCareLedgerError(error, "VaultKeyDestroyed")) return undefined;
    throw error;
  });
  if (privateKey === undefined) {
    // A rotation finished after the record was read: then its key has moved, and to one that opens.
    if (attempt === ATTEMPTS || (await keptRecord(vault, record)).vaultKey === kept.vaultKey) {
      throw vaultError("VaultKeyDestroyed", { vaultKey: kept.vaultKey });
    }
    return openKept(vault, record, commitment, attempt + 1);
  }
  const key = await openFromVault(kept.wrapped, privateKey, { ...context, vaultKey: kept.vaultKey });
  return { kept, key, opened: await openRecord(kept.sealed, key, context, commitment) };
}

/** How often a rotation may come between a record and its key. */
const ATTEMPTS = 5;

async function keptRecord({ store }: Vault, record: string): Promise<KeptRecord> {
  const found = await store.get(record);
  if (found === undefined) throw vaultError("VaultRecordUnknown", { record });
  if (found.state === "Shredded") {
    throw vaultError("VaultRecordShredded", { record: found.record, shreddedAt: found.shreddedAt });
  }
  return found;
}
