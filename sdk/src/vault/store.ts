import { isHexString } from "ethers";

import type { Bytes } from "../documents/bytes.ts";
import { WRAPPED_LENGTH } from "../documents/keyWrap.ts";
import { vaultError } from "./errors.ts";
import { MAX_SEALED_RECORD_LENGTH } from "./sealRecord.ts";

/**
 * `Active`: new record keys are wrapped to it, at most one is. `Retiring`: its records move to the active key and none
 * comes in. `Destroyed`: nothing is wrapped to it and its private key is gone.
 */
export type VaultKeyState = "Active" | "Retiring" | "Destroyed";

/** A vault key as the store knows it: never its private half. */
export interface VaultKey {
  /** Number, from 1, without gaps. */
  readonly id: number;
  /** As `generateEncryptionKeys` gives it, 71 bytes. */
  readonly publicKey: Bytes;
  readonly state: VaultKeyState;
}

/** A record to keep. */
export interface NewVaultRecord {
  /** Record id, 32 bytes in hexadecimal. */
  readonly record: string;
  /** Member that sealed it. */
  readonly custodian: number;
  /** At most `MAX_SEALED_RECORD_LENGTH` bytes. */
  readonly sealed: Uint8Array;
  /** Vault key that the record key is wrapped to: the active one. */
  readonly vaultKey: number;
  /** The record key wrapped to it, 114 bytes. */
  readonly wrapped: Uint8Array;
  /** Unix seconds. */
  readonly storedAt: number;
}

/** A record that can be read. */
export interface KeptRecord {
  readonly state: "Kept";
  readonly record: string;
  readonly custodian: number;
  /** Unix seconds. */
  readonly storedAt: number;
  readonly sealed: Bytes;
  readonly vaultKey: number;
  readonly wrapped: Bytes;
}

/** What is left of a record whose key was destroyed. */
export interface ShreddedRecord {
  readonly state: "Shredded";
  readonly record: string;
  readonly custodian: number;
  /** Unix seconds. */
  readonly storedAt: number;
  /** Unix seconds. */
  readonly shreddedAt: number;
  /** The newest vault key at that time: once it and all before it are destroyed, no copy of the store can be read. */
  readonly shreddedUnder: number;
}

/** One line of a listing; no ciphertext, no keys. */
export interface VaultListing {
  readonly record: string;
  readonly custodian: number;
  /** Unix seconds. */
  readonly storedAt: number;
  readonly state: "Kept" | "Shredded";
}

/** A record key as it is wrapped to a vault key. */
export interface WrappedRecordKey {
  readonly record: string;
  readonly custodian: number;
  readonly vaultKey: number;
  readonly wrapped: Bytes;
}

/** A change of the vault key that a record key is wrapped to. */
export interface Rewrap {
  readonly record: string;
  /** Nothing happens unless this is still its vault key. */
  readonly from: number;
  readonly to: number;
  readonly wrapped: Uint8Array;
}

/** A record key wrapped to a grantee's encryption key. */
export interface GranteeKey {
  readonly record: string;
  /** Member, from 1. */
  readonly grantee: number;
  /** 114 bytes. */
  readonly wrapped: Uint8Array;
  /** Unix seconds. */
  readonly wrappedAt: number;
}

/** Where a page begins and how long it is. */
export interface Page {
  /** The last record of the page before; leave it out for the first page. */
  readonly after?: string | undefined;
  /** 1 to 1,000; default 100. */
  readonly limit?: number | undefined;
}

/**
 * Where a custodian keeps sealed records, and, apart from them, the record keys, each wrapped. It sees no plaintext and
 * no private key. A promise that resolves is an acknowledgement: the change survives a crash from then on; one that
 * rejects has changed nothing. Every function is one transaction.
 */
export interface VaultStore {
  /**
   * Keep records: all of them, each with its key, or none. Putting the very same again changes nothing.
   * @param records 1 to 1,000 with at most 16 MiB of ciphertext; each record once.
   * @throws `VaultRecordTaken`, `VaultRecordShredded`, `VaultKeyNotActive`, `VaultBatchTooLarge`, `VaultOptionInvalid`.
   */
  put(records: readonly NewVaultRecord[]): Promise<void>;
  /**
   * Read a record; `undefined` when there is none.
   * @throws `VaultRecordCorrupt` when content or key is not what was put.
   */
  get(record: string): Promise<KeptRecord | ShreddedRecord | undefined>;
  /** A page of records in order of their ids. */
  list(page?: Page): Promise<VaultListing[]>;
  /** Forget a record that was never anchored, with its keys and without a trace. `false` when none is kept. */
  delete(record: string): Promise<boolean>;
  /**
   * Delete the content and every wrapped key of a record and leave a tombstone. `false` when that was done before.
   * @param at Unix seconds.
   * @throws `VaultRecordUnknown`, `VaultScrubPending`.
   */
  shred(record: string, at: number): Promise<boolean>;

  /**
   * Keep a record key for a grantee, in place of an earlier one.
   * @throws `VaultRecordUnknown`, `VaultRecordShredded`.
   */
  putGranteeKey(key: GranteeKey): Promise<void>;
  /** The record key of a grantee; `undefined` when none is kept. */
  getGranteeKey(record: string, grantee: number): Promise<GranteeKey | undefined>;
  /** Delete the record key of a grantee. `false` when there was none. */
  deleteGranteeKey(record: string, grantee: number): Promise<boolean>;
  /** The record keys of all grantees of a record, in order of their numbers. */
  listGranteeKeys(record: string): Promise<GranteeKey[]>;
  /** Delete every record key that was wrapped to a grantee before a time, unix seconds. Returns how many. */
  deleteGranteeKeysBefore(time: number): Promise<number>;

  /** All vault keys in order of their numbers. */
  listVaultKeys(): Promise<VaultKey[]>;
  /**
   * Make a key the active one and the active one before it retire. Doing it again changes nothing.
   * @throws `VaultKeyConflict` unless its number is the next one and no key is retiring.
   */
  activateVaultKey(vaultKey: number, publicKey: Uint8Array): Promise<void>;
  /** A page of the record keys that are wrapped to a vault key, in order of the records' ids. */
  listWrapped(vaultKey: number, page?: Page): Promise<WrappedRecordKey[]>;
  /**
   * Wrap record keys to another vault key; all or none. Returns how many changed: those gone or changed meanwhile do not.
   * @throws `VaultKeyNotActive`.
   */
  rewrap(changes: readonly Rewrap[]): Promise<number>;
  /**
   * Note that a retiring key was destroyed. Doing it again changes nothing.
   * @throws `VaultKeyInUse` when it is active or something is wrapped to it.
   */
  markVaultKeyDestroyed(vaultKey: number): Promise<void>;

  /** Release the store; later calls fail with `StoreClosed`. */
  close(): Promise<void>;
}

/** Most records, and most bytes of ciphertext, in one `put`. */
export const MAX_BATCH_RECORDS = 1_000;
export const MAX_BATCH_BYTES = 16_777_216;

const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 100;

/**
 * A record id as stores keep it: lower case.
 * @throws `VaultOptionInvalid`
 * @internal
 */
export function checkRecord(record: string): string {
  if (!isHexString(record, 32)) throw vaultError("VaultOptionInvalid", { field: "record" });
  return record.toLowerCase();
}

/** @internal */
export function checkPage({ after, limit = DEFAULT_PAGE }: Page = {}): { after: string; limit: number } {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw vaultError("VaultOptionInvalid", { field: "limit" });
  }
  return { after: after === undefined ? "" : checkRecord(after), limit };
}

/**
 * The records of a `put` in order of their ids, so that two batches never wait for each other.
 * @internal
 */
export function checkBatch(records: readonly NewVaultRecord[]): NewVaultRecord[] {
  const bytes = records.reduce((sum, { sealed }) => sum + sealed.length, 0);
  if (records.length < 1 || records.length > MAX_BATCH_RECORDS || bytes > MAX_BATCH_BYTES) {
    const values = { records: records.length, bytes };
    const limits = { mostRecords: MAX_BATCH_RECORDS, mostBytes: MAX_BATCH_BYTES };
    throw vaultError("VaultBatchTooLarge", { ...values, ...limits });
  }
  const checked = records.map((each) => {
    if (each.sealed.length > MAX_SEALED_RECORD_LENGTH)
      throw vaultError("VaultOptionInvalid", { field: "sealed" });
    checkWrapped(each.wrapped);
    return { ...each, record: checkRecord(each.record) };
  });
  if (new Set(checked.map(({ record }) => record)).size < checked.length) {
    throw vaultError("VaultOptionInvalid", { field: "records" });
  }
  return checked.sort((a, b) => (a.record < b.record ? -1 : 1));
}

/** @internal */
export function checkWrapped(wrapped: Uint8Array): void {
  if (!(wrapped instanceof Uint8Array) || wrapped.length !== WRAPPED_LENGTH) {
    throw vaultError("VaultOptionInvalid", { field: "wrapped" });
  }
}
