import { sha256 } from "ethers";

import type { SqliteRow } from "../core/sqlite.ts";
import { copyBytes } from "../documents/bytes.ts";
import { vaultError } from "./errors.ts";
import { type ScrubbedSqlite, openScrubbedSqlite } from "./scrubbed.ts";
import {
  type KeptRecord,
  type NewVaultRecord,
  type ShreddedRecord,
  type VaultKeyState,
  type VaultStore,
  checkBatch,
  checkPage,
  checkRecord,
  checkWrapped,
} from "./store.ts";

/** Keys stand in tables of their own: they are deleted and re-wrapped while the contents never change. */
const SCHEMA = `CREATE TABLE IF NOT EXISTS vault_keys (
  id INTEGER PRIMARY KEY,
  public_key BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('Active', 'Retiring', 'Destroyed'))
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS vault_keys_one_active ON vault_keys (state) WHERE state = 'Active';
CREATE TABLE IF NOT EXISTS vault_records (
  record TEXT PRIMARY KEY,
  custodian INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  shredded_at INTEGER,
  shredded_under INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vault_contents (
  record TEXT PRIMARY KEY REFERENCES vault_records,
  hash TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS vault_record_keys (
  record TEXT PRIMARY KEY REFERENCES vault_records,
  vault_key INTEGER NOT NULL REFERENCES vault_keys,
  wrapped BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS vault_record_keys_by_vault_key ON vault_record_keys (vault_key, record);
CREATE TABLE IF NOT EXISTS vault_grantee_keys (
  record TEXT NOT NULL REFERENCES vault_records,
  grantee INTEGER NOT NULL,
  wrapped BLOB NOT NULL,
  wrapped_at INTEGER NOT NULL,
  PRIMARY KEY (record, grantee)
) STRICT`;

/**
 * The embedded vault store: one SQLite file, write-ahead log, every change on disk before it is acknowledged, deleted
 * keys overwritten (docs/decisions/0011-vault.md). Several processes may share the file.
 *
 * @param path File; `:memory:` keeps nothing.
 * @throws `StoreUnavailable`.
 * @example
 * const store = openVaultStore("data/vault.db");
 */
export function openVaultStore(path: string): VaultStore {
  const db = openScrubbedSqlite(path, SCHEMA);
  return {
    ...recordsIn(db),
    ...granteeKeysIn(db),
    ...vaultKeysIn(db),
    close: async () => db.close(),
  };
}

function recordsIn(db: ScrubbedSqlite): Pick<VaultStore, "put" | "get" | "list" | "delete" | "shred"> {
  const deleteSecrets = (record: string): void => {
    for (const table of ["vault_contents", "vault_record_keys", "vault_grantee_keys"]) {
      db.run(`DELETE FROM ${table} WHERE record = ?`, record);
    }
  };
  return {
    put: async (records) => {
      const batch = checkBatch(records);
      db.transaction(() => {
        for (const each of batch) putOne(db, each);
      });
    },
    get: async (record) => readRow(db, checkRecord(record)),
    list: async (page) => {
      const { after, limit } = checkPage(page);
      return db
        .all("SELECT * FROM vault_records WHERE record > ? ORDER BY record LIMIT ?", after, limit)
        .map((row) => ({ ...placeOf(row), state: row["shredded_at"] === null ? "Kept" : "Shredded" }));
    },
    delete: async (record) => {
      const name = checkRecord(record);
      const deleted = db.transaction(() => {
        if (
          db.get("SELECT 1 FROM vault_records WHERE record = ? AND shredded_at IS NULL", name) === undefined
        )
          return false;
        deleteSecrets(name);
        return db.run("DELETE FROM vault_records WHERE record = ?", name) === 1;
      });
      db.scrub();
      return deleted;
    },
    shred: async (record, at) => {
      const name = checkRecord(record);
      const shredded = db.transaction(() => {
        const row = db.get("SELECT shredded_at FROM vault_records WHERE record = ?", name);
        if (row === undefined) throw vaultError("VaultRecordUnknown", { record: name });
        if (row["shredded_at"] !== null) return false;
        deleteSecrets(name);
        const newest = "(SELECT MAX(id) FROM vault_keys)";
        const change = `shredded_at = ?, shredded_under = ${newest}`;
        return db.run(`UPDATE vault_records SET ${change} WHERE record = ?`, at, name) === 1;
      });
      db.scrub();
      return shredded;
    },
  };
}

function granteeKeysIn(
  db: ScrubbedSqlite,
): Pick<
  VaultStore,
  "putGranteeKey" | "getGranteeKey" | "deleteGranteeKey" | "listGranteeKeys" | "deleteGranteeKeysBefore"
> {
  return {
    putGranteeKey: async (key) => {
      const record = checkRecord(key.record);
      checkWrapped(key.wrapped);
      db.transaction(() => {
        const row = db.get("SELECT shredded_at FROM vault_records WHERE record = ?", record);
        if (row === undefined) throw vaultError("VaultRecordUnknown", { record });
        if (row["shredded_at"] !== null) throw shreddedError(record, row);
        db.run(
          `INSERT INTO vault_grantee_keys (record, grantee, wrapped, wrapped_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (record, grantee) DO UPDATE SET wrapped = excluded.wrapped, wrapped_at = excluded.wrapped_at`,
          record,
          key.grantee,
          key.wrapped,
          key.wrappedAt,
        );
      });
    },
    getGranteeKey: async (record, grantee) => {
      const name = checkRecord(record);
      const row = db.get(
        "SELECT wrapped, wrapped_at FROM vault_grantee_keys WHERE record = ? AND grantee = ?",
        name,
        grantee,
      );
      if (row === undefined) return undefined;
      const wrapped = copyBytes(row["wrapped"] as Uint8Array);
      return { record: name, grantee, wrapped, wrappedAt: Number(row["wrapped_at"]) };
    },
    deleteGranteeKey: async (record, grantee) => {
      const name = checkRecord(record);
      const deleted = db.run(
        "DELETE FROM vault_grantee_keys WHERE record = ? AND grantee = ?",
        name,
        grantee,
      );
      db.scrub();
      return deleted === 1;
    },
    listGranteeKeys: async (record) => {
      const name = checkRecord(record);
      const sql =
        "SELECT grantee, wrapped, wrapped_at FROM vault_grantee_keys WHERE record = ? ORDER BY grantee";
      return db.all(sql, name).map((row) => ({
        record: name,
        grantee: Number(row["grantee"]),
        wrapped: copyBytes(row["wrapped"] as Uint8Array),
        wrappedAt: Number(row["wrapped_at"]),
      }));
    },
    deleteGranteeKeysBefore: async (time) => {
      const deleted = db.run("DELETE FROM vault_grantee_keys WHERE wrapped_at < ?", time);
      if (deleted > 0) db.scrub();
      return deleted;
    },
  };
}

function vaultKeysIn(
  db: ScrubbedSqlite,
): Pick<
  VaultStore,
  "listVaultKeys" | "activateVaultKey" | "listWrapped" | "rewrap" | "markVaultKeyDestroyed"
> {
  const listVaultKeys = () =>
    db.all("SELECT * FROM vault_keys ORDER BY id").map((row) => ({
      id: Number(row["id"]),
      publicKey: copyBytes(row["public_key"] as Uint8Array),
      state: row["state"] as VaultKeyState,
    }));
  return {
    listVaultKeys: async () => listVaultKeys(),
    activateVaultKey: async (vaultKey, publicKey) =>
      db.transaction(() => {
        const keys = listVaultKeys();
        const last = keys.at(-1);
        if (last?.id === vaultKey && last.state === "Active" && isSame(last.publicKey, publicKey)) return;
        if (vaultKey !== (last?.id ?? 0) + 1 || keys.some(({ state }) => state === "Retiring")) {
          throw vaultError("VaultKeyConflict", { vaultKey });
        }
        db.run("UPDATE vault_keys SET state = 'Retiring' WHERE state = 'Active'");
        db.run("INSERT INTO vault_keys (id, public_key, state) VALUES (?, ?, 'Active')", vaultKey, publicKey);
      }),
    listWrapped: async (vaultKey, page) => {
      const { after, limit } = checkPage(page);
      return db
        .all(
          `SELECT k.record, r.custodian, k.wrapped FROM vault_record_keys k JOIN vault_records r USING (record)
           WHERE k.vault_key = ? AND k.record > ? ORDER BY k.record LIMIT ?`,
          vaultKey,
          after,
          limit,
        )
        .map((row) => ({
          record: String(row["record"]),
          custodian: Number(row["custodian"]),
          vaultKey,
          wrapped: copyBytes(row["wrapped"] as Uint8Array),
        }));
    },
    rewrap: async (changes) =>
      db.transaction(() =>
        changes.reduce((changed, { record, from, to, wrapped }) => {
          checkWrapped(wrapped);
          requireActive(db, to);
          const sql =
            "UPDATE vault_record_keys SET vault_key = ?, wrapped = ? WHERE record = ? AND vault_key = ?";
          return changed + db.run(sql, to, wrapped, checkRecord(record), from);
        }, 0),
      ),
    markVaultKeyDestroyed: async (vaultKey) =>
      db.transaction(() => {
        const state = listVaultKeys().find(({ id }) => id === vaultKey)?.state;
        if (state === "Destroyed") return;
        const used = db.get("SELECT 1 FROM vault_record_keys WHERE vault_key = ?", vaultKey) !== undefined;
        if (state !== "Retiring" || used) throw vaultError("VaultKeyInUse", { vaultKey });
        db.run("UPDATE vault_keys SET state = 'Destroyed' WHERE id = ?", vaultKey);
      }),
  };
}

function putOne(
  db: ScrubbedSqlite,
  { record, custodian, sealed, vaultKey, wrapped, storedAt }: NewVaultRecord,
): void {
  const there = db.get("SELECT shredded_at FROM vault_records WHERE record = ?", record);
  if (there !== undefined) {
    if (there["shredded_at"] !== null) throw shreddedError(record, there);
    const content = db.get("SELECT sealed FROM vault_contents WHERE record = ?", record);
    // The content decides, not its hash: a corrupt row must not be acknowledged as kept.
    if (content !== undefined && isSame(content["sealed"] as Uint8Array, sealed)) return;
    throw vaultError("VaultRecordTaken", { record });
  }
  requireActive(db, vaultKey);
  const place = "INSERT INTO vault_records (record, custodian, stored_at) VALUES (?, ?, ?)";
  db.run(place, record, custodian, storedAt);
  const content = "INSERT INTO vault_contents (record, hash, sealed) VALUES (?, ?, ?)";
  db.run(content, record, sha256(sealed), sealed);
  const key = "INSERT INTO vault_record_keys (record, vault_key, wrapped) VALUES (?, ?, ?)";
  db.run(key, record, vaultKey, wrapped);
}

function readRow(db: ScrubbedSqlite, record: string): KeptRecord | ShreddedRecord | undefined {
  const row = db.get(
    `SELECT r.*, c.hash, c.sealed, k.vault_key, k.wrapped FROM vault_records r
     LEFT JOIN vault_contents c USING (record) LEFT JOIN vault_record_keys k USING (record) WHERE r.record = ?`,
    record,
  );
  if (row === undefined) return undefined;
  const place = placeOf(row);
  if (row["shredded_at"] !== null) {
    const [shreddedAt, shreddedUnder] = [Number(row["shredded_at"]), Number(row["shredded_under"])];
    return { ...place, state: "Shredded", shreddedAt, shreddedUnder };
  }
  const { sealed, wrapped } = row;
  if (!(sealed instanceof Uint8Array) || sha256(sealed) !== row["hash"]) {
    throw vaultError("VaultRecordCorrupt", { record, part: "content" });
  }
  if (!(wrapped instanceof Uint8Array)) throw vaultError("VaultRecordCorrupt", { record, part: "key" });
  return {
    ...place,
    state: "Kept",
    sealed: copyBytes(sealed),
    vaultKey: Number(row["vault_key"]),
    wrapped: copyBytes(wrapped),
  };
}

function placeOf(row: SqliteRow): { record: string; custodian: number; storedAt: number } {
  return {
    record: String(row["record"]),
    custodian: Number(row["custodian"]),
    storedAt: Number(row["stored_at"]),
  };
}

function requireActive(db: ScrubbedSqlite, vaultKey: number): void {
  const row = db.get("SELECT 1 FROM vault_keys WHERE id = ? AND state = 'Active'", vaultKey);
  if (row === undefined) throw vaultError("VaultKeyNotActive", { vaultKey });
}

function shreddedError(record: string, row: SqliteRow) {
  return vaultError("VaultRecordShredded", { record, shreddedAt: Number(row["shredded_at"]) });
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
