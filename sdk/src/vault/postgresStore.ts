import { getBytes, hexlify, sha256 } from "ethers";
import type { Pool, PoolClient } from "pg";

import { sdkError } from "../core/errorCatalogue.ts";
import { CareLedgerError } from "../core/errors.ts";
import { copyBytes } from "../documents/bytes.ts";
import { vaultError } from "./errors.ts";
import { postgresSchema } from "./postgresSchema.ts";
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

/** Where the vault's tables are. */
export interface PostgresVaultOptions {
  /** `postgresql://user:password@host:port/database`; `sslmode=verify-full` for any host but this one. */
  readonly url: string;
  /** Schema of the tables, made when missing. Lower-case letters, digits and `_`, at most 63. Default `careledger_vault`. */
  readonly schema?: string;
  /** Most connections at a time, 1 to 100. Default 8. */
  readonly connections?: number;
  /** How long a statement, or the wait for a connection or a lock, may take, milliseconds. Default 30,000. */
  readonly timeout?: number;
}

/** A row as the driver gives it: `bytea` as Buffer, `bigint` as text. */
type Row = Readonly<Record<string, unknown>>;

/** What a transaction can do. */
type Query = (sql: string, ...values: readonly unknown[]) => Promise<readonly Row[]>;

interface Database {
  /** Run `work` in one transaction: all or nothing. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** One statement, a transaction of its own. */
  readonly query: Query;
  close(): Promise<void>;
}

const PLACE = "postgresql";

/**
 * A vault store in PostgreSQL 13 or later, for members that run one. It needs the package `pg` beside this one.
 * Statements are parametrised, connections bounded, listings read page by page. What PostgreSQL deletes stays in pages,
 * log, replicas and backups for a time: see docs/decisions/0011-vault.md for what shredding promises.
 *
 * @throws `VaultDriverMissing`, `VaultOptionInvalid`, `StoreUnavailable` with PostgreSQL's SQLSTATE as `problem`.
 * @example
 * const store = await openPostgresVaultStore({ url: process.env.VAULT_URL });
 */
export async function openPostgresVaultStore(options: PostgresVaultOptions): Promise<VaultStore> {
  const schema = options.schema ?? "careledger_vault";
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw vaultError("VaultOptionInvalid", { field: "schema" });
  const db = await connect(options);
  try {
    await db.transaction(async (query) => {
      // Two processes that start together would both find the schema missing.
      await query("SELECT pg_advisory_xact_lock(hashtext($1))", `careledger ${schema}`);
      for (const statement of postgresSchema(schema)) await query(statement);
    });
  } catch (error) {
    await db.close();
    throw error;
  }
  return {
    ...recordsIn(db, schema),
    ...granteeKeysIn(db, schema),
    ...vaultKeysIn(db, schema),
    close: () => db.close(),
  };
}

function recordsIn(
  db: Database,
  schema: string,
): Pick<VaultStore, "put" | "get" | "list" | "delete" | "shred"> {
  const deleteSecrets = async (query: Query, record: Buffer): Promise<void> => {
    for (const table of ["contents", "record_keys", "grantee_keys"]) {
      await query(`DELETE FROM ${schema}.${table} WHERE record = $1`, record);
    }
  };
  return {
    put: async (records) => {
      const batch = checkBatch(records);
      await db.transaction((query) => putAll(query, schema, batch));
    },
    get: async (record) => readRow(db.query, schema, checkRecord(record)),
    list: async (page) => {
      const { after, limit } = checkPage(page);
      const sql = `SELECT record, custodian, stored_at, shredded_at FROM ${schema}.records
        WHERE record > $1 ORDER BY record LIMIT $2`;
      const rows = await db.query(sql, bytesOf(after), limit);
      return rows.map((row) => ({
        ...placeOf(row),
        state: row["shredded_at"] === null ? "Kept" : "Shredded",
      }));
    },
    delete: async (record) => {
      const name = bytesOf(checkRecord(record));
      return db.transaction(async (query) => {
        const sql = `SELECT 1 FROM ${schema}.records WHERE record = $1 AND shredded_at IS NULL FOR UPDATE`;
        if ((await query(sql, name)).length === 0) return false;
        await deleteSecrets(query, name);
        await query(`DELETE FROM ${schema}.records WHERE record = $1`, name);
        return true;
      });
    },
    shred: async (record, at) => {
      const name = checkRecord(record);
      return db.transaction(async (query) => {
        const sql = `SELECT shredded_at FROM ${schema}.records WHERE record = $1 FOR UPDATE`;
        const [row] = await query(sql, bytesOf(name));
        if (row === undefined) throw vaultError("VaultRecordUnknown", { record: name });
        if (row["shredded_at"] !== null) return false;
        await deleteSecrets(query, bytesOf(name));
        await query(
          `UPDATE ${schema}.records SET shredded_at = $2,
             shredded_under = (SELECT max(id) FROM ${schema}.vault_keys) WHERE record = $1`,
          bytesOf(name),
          at,
        );
        return true;
      });
    },
  };
}

function granteeKeysIn(
  db: Database,
  schema: string,
): Pick<
  VaultStore,
  "putGranteeKey" | "getGranteeKey" | "deleteGranteeKey" | "listGranteeKeys" | "deleteGranteeKeysBefore"
> {
  return {
    putGranteeKey: async (key) => {
      const record = checkRecord(key.record);
      checkWrapped(key.wrapped);
      await db.transaction(async (query) => {
        // The lock keeps a shredding out until the key is there to be shredded.
        const sql = `SELECT shredded_at FROM ${schema}.records WHERE record = $1 FOR SHARE`;
        const [row] = await query(sql, bytesOf(record));
        if (row === undefined) throw vaultError("VaultRecordUnknown", { record });
        if (row["shredded_at"] !== null) throw shreddedError(record, row);
        await query(
          `INSERT INTO ${schema}.grantee_keys (record, grantee, wrapped, wrapped_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (record, grantee) DO UPDATE SET wrapped = excluded.wrapped, wrapped_at = excluded.wrapped_at`,
          bytesOf(record),
          key.grantee,
          Buffer.from(key.wrapped),
          key.wrappedAt,
        );
      });
    },
    getGranteeKey: async (record, grantee) => {
      const name = checkRecord(record);
      const sql = `SELECT wrapped, wrapped_at FROM ${schema}.grantee_keys WHERE record = $1 AND grantee = $2`;
      const [row] = await db.query(sql, bytesOf(name), grantee);
      if (row === undefined) return undefined;
      const wrapped = copyBytes(row["wrapped"] as Buffer);
      return { record: name, grantee, wrapped, wrappedAt: Number(row["wrapped_at"]) };
    },
    deleteGranteeKey: async (record, grantee) => {
      const sql = `DELETE FROM ${schema}.grantee_keys WHERE record = $1 AND grantee = $2 RETURNING record`;
      return (await db.query(sql, bytesOf(checkRecord(record)), grantee)).length === 1;
    },
    listGranteeKeys: async (record) => {
      const name = checkRecord(record);
      const sql = `SELECT grantee, wrapped, wrapped_at FROM ${schema}.grantee_keys WHERE record = $1 ORDER BY grantee`;
      return (await db.query(sql, bytesOf(name))).map((row) => ({
        record: name,
        grantee: Number(row["grantee"]),
        wrapped: copyBytes(row["wrapped"] as Buffer),
        wrappedAt: Number(row["wrapped_at"]),
      }));
    },
    deleteGranteeKeysBefore: async (time) => {
      const sql = `DELETE FROM ${schema}.grantee_keys WHERE wrapped_at < $1 RETURNING record`;
      return (await db.query(sql, time)).length;
    },
  };
}

function vaultKeysIn(
  db: Database,
  schema: string,
): Pick<
  VaultStore,
  "listVaultKeys" | "activateVaultKey" | "listWrapped" | "rewrap" | "markVaultKeyDestroyed"
> {
  const listVaultKeys = async (query: Query) =>
    (await query(`SELECT id, public_key, state FROM ${schema}.vault_keys ORDER BY id`)).map((row) => ({
      id: Number(row["id"]),
      publicKey: copyBytes(row["public_key"] as Buffer),
      state: row["state"] as VaultKeyState,
    }));
  return {
    listVaultKeys: () => listVaultKeys(db.query),
    activateVaultKey: (vaultKey, publicKey) =>
      db.transaction(async (query) => {
        // Waits until every transaction that wraps to the active key has ended.
        await query(`LOCK TABLE ${schema}.vault_keys IN EXCLUSIVE MODE`);
        const keys = await listVaultKeys(query);
        const last = keys.at(-1);
        if (
          last?.id === vaultKey &&
          last.state === "Active" &&
          hexlify(last.publicKey) === hexlify(publicKey)
        ) {
          return;
        }
        if (vaultKey !== (last?.id ?? 0) + 1 || keys.some(({ state }) => state === "Retiring")) {
          throw vaultError("VaultKeyConflict", { vaultKey });
        }
        await query(`UPDATE ${schema}.vault_keys SET state = 'Retiring' WHERE state = 'Active'`);
        const sql = `INSERT INTO ${schema}.vault_keys (id, public_key, state) VALUES ($1, $2, 'Active')`;
        await query(sql, vaultKey, Buffer.from(publicKey));
      }),
    listWrapped: async (vaultKey, page) => {
      const { after, limit } = checkPage(page);
      const rows = await db.query(
        `SELECT k.record, r.custodian, k.wrapped FROM ${schema}.record_keys k
         JOIN ${schema}.records r USING (record)
         WHERE k.vault_key = $1 AND k.record > $2 ORDER BY k.record LIMIT $3`,
        vaultKey,
        bytesOf(after),
        limit,
      );
      return rows.map((row) => ({
        record: hexlify(row["record"] as Buffer),
        custodian: Number(row["custodian"]),
        vaultKey,
        wrapped: copyBytes(row["wrapped"] as Buffer),
      }));
    },
    rewrap: (changes) => {
      const ordered = changes.map((each) => ({ ...each, record: checkRecord(each.record) }));
      ordered.sort((a, b) => (a.record < b.record ? -1 : 1));
      for (const { wrapped } of ordered) checkWrapped(wrapped);
      return db.transaction(async (query) => {
        let changed = 0;
        for (const to of new Set(ordered.map((each) => each.to))) await requireActive(query, schema, to);
        for (const { record, from, to, wrapped } of ordered) {
          const sql = `UPDATE ${schema}.record_keys SET vault_key = $3, wrapped = $4
            WHERE record = $1 AND vault_key = $2 RETURNING record`;
          changed += (await query(sql, bytesOf(record), from, to, Buffer.from(wrapped))).length;
        }
        return changed;
      });
    },
    markVaultKeyDestroyed: (vaultKey) =>
      db.transaction(async (query) => {
        const sql = `SELECT state FROM ${schema}.vault_keys WHERE id = $1 FOR UPDATE`;
        const [row] = await query(sql, vaultKey);
        if (row?.["state"] === "Destroyed") return;
        const used = await query(
          `SELECT 1 FROM ${schema}.record_keys WHERE vault_key = $1 LIMIT 1`,
          vaultKey,
        );
        if (row?.["state"] !== "Retiring" || used.length > 0) throw vaultError("VaultKeyInUse", { vaultKey });
        await query(`UPDATE ${schema}.vault_keys SET state = 'Destroyed' WHERE id = $1`, vaultKey);
      }),
  };
}

async function putAll(query: Query, schema: string, batch: readonly NewVaultRecord[]): Promise<void> {
  for (const each of batch) {
    const record = bytesOf(each.record);
    // Waits for another transaction that puts the same record.
    const place = `INSERT INTO ${schema}.records (record, custodian, stored_at) VALUES ($1, $2, $3)
      ON CONFLICT (record) DO NOTHING RETURNING record`;
    if ((await query(place, record, each.custodian, each.storedAt)).length === 0) {
      await requireSame(query, schema, each);
      continue;
    }
    await requireActive(query, schema, each.vaultKey);
    const content = `INSERT INTO ${schema}.contents (record, hash, sealed) VALUES ($1, $2, $3)`;
    await query(content, record, bytesOf(sha256(each.sealed)), Buffer.from(each.sealed));
    const key = `INSERT INTO ${schema}.record_keys (record, vault_key, wrapped) VALUES ($1, $2, $3)`;
    await query(key, record, each.vaultKey, Buffer.from(each.wrapped));
  }
}

async function requireSame(query: Query, schema: string, { record, sealed }: NewVaultRecord): Promise<void> {
  const sql = `SELECT r.shredded_at, c.sealed FROM ${schema}.records r
    LEFT JOIN ${schema}.contents c USING (record) WHERE r.record = $1`;
  const [row] = await query(sql, bytesOf(record));
  if (row !== undefined && row["shredded_at"] !== null) throw shreddedError(record, row);
  // The content decides, not its hash: a corrupt row must not be acknowledged as kept.
  if (!(row?.["sealed"] instanceof Uint8Array) || Buffer.compare(row["sealed"], sealed) !== 0) {
    throw vaultError("VaultRecordTaken", { record });
  }
}

async function readRow(
  query: Query,
  schema: string,
  record: string,
): Promise<KeptRecord | ShreddedRecord | undefined> {
  const [row] = await query(
    `SELECT r.*, c.hash, c.sealed, k.vault_key, k.wrapped FROM ${schema}.records r
     LEFT JOIN ${schema}.contents c USING (record) LEFT JOIN ${schema}.record_keys k USING (record)
     WHERE r.record = $1`,
    bytesOf(record),
  );
  if (row === undefined) return undefined;
  const place = placeOf(row);
  if (row["shredded_at"] !== null) {
    const [shreddedAt, shreddedUnder] = [Number(row["shredded_at"]), Number(row["shredded_under"])];
    return { ...place, state: "Shredded", shreddedAt, shreddedUnder };
  }
  const { sealed, hash, wrapped } = row;
  if (!(sealed instanceof Uint8Array) || sha256(sealed) !== hexlify(hash as Buffer)) {
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

function placeOf(row: Row): { record: string; custodian: number; storedAt: number } {
  return {
    record: hexlify(row["record"] as Buffer),
    custodian: Number(row["custodian"]),
    storedAt: Number(row["stored_at"]),
  };
}

/** The share lock keeps the key active until this transaction ends. */
async function requireActive(query: Query, schema: string, vaultKey: number): Promise<void> {
  const sql = `SELECT 1 FROM ${schema}.vault_keys WHERE id = $1 AND state = 'Active' FOR SHARE`;
  if ((await query(sql, vaultKey)).length === 0) throw vaultError("VaultKeyNotActive", { vaultKey });
}

function shreddedError(record: string, row: Row) {
  return vaultError("VaultRecordShredded", { record, shreddedAt: Number(row["shredded_at"]) });
}

function bytesOf(hex: string): Buffer {
  return hex === "" ? Buffer.alloc(0) : Buffer.from(getBytes(hex));
}

async function connect({ url, connections = 8, timeout = 30_000 }: PostgresVaultOptions): Promise<Database> {
  const requireOption = (field: string, valid: boolean): void => {
    if (!valid) throw vaultError("VaultOptionInvalid", { field });
  };
  requireOption("url", typeof url === "string" && /^postgres(ql)?:\/\//.test(url) && URL.canParse(url));
  requireOption("connections", Number.isInteger(connections) && connections >= 1 && connections <= 100);
  requireOption("timeout", Number.isInteger(timeout) && timeout >= 1 && timeout <= 2 ** 31 - 1);
  const driver = await import("pg").catch((cause: unknown) => {
    throw vaultError("VaultDriverMissing", {}, cause);
  });
  const pool = new driver.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeout,
    statement_timeout: timeout,
    lock_timeout: timeout,
    query_timeout: 2 * timeout,
    application_name: "careledger vault",
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on("error", () => undefined);
  return databaseOf(pool);
}

function databaseOf(pool: Pool): Database {
  let open = true;
  const use = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    if (!open) throw sdkError("StoreClosed", { path: PLACE });
    const client = await pool.connect().catch(unavailable);
    let broken: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      // Its transaction may still stand, so the connection is not used again unless the fault is one of ours.
      if (!(error instanceof CareLedgerError) || error.code === "StoreUnavailable") broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  };
  const queryOn =
    (client: PoolClient): Query =>
    async (sql, ...values) =>
      (await client.query(sql, [...values]).catch(unavailable)).rows as Row[];
  return {
    query: (sql, ...values) => use((client) => queryOn(client)(sql, ...values)),
    transaction: (work) =>
      use(async (client) => {
        const query = queryOn(client);
        await query("BEGIN");
        try {
          const result = await work(query);
          await query("COMMIT");
          return result;
        } catch (error) {
          await client.query("ROLLBACK").catch(() => undefined);
          throw error;
        }
      }),
    close: async () => {
      if (!open) return;
      open = false;
      await pool.end();
    },
  };
}

/** The driver's message may hold addresses and values: only the SQLSTATE, or the system's code, is told. */
function unavailable(cause: unknown): never {
  const code = (cause as { code?: unknown }).code;
  throw sdkError(
    "StoreUnavailable",
    { path: PLACE, problem: typeof code === "string" ? code : "UNKNOWN" },
    cause,
  );
}
