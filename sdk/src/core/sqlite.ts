import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

import Database from "libsql";

import { sdkError } from "./errorCatalogue.ts";

/** A value that SQLite keeps. Integers beyond 2^53-1 go in as bigint. */
export type SqliteValue = string | number | bigint | Uint8Array | null;

/** A row by column name. Integers come back as numbers, or as bigints beyond 2^53-1; blobs as `Uint8Array`. */
export type SqliteRow = Readonly<Record<string, SqliteValue>>;

/** An open SQLite file: prepared statements are kept, blobs are normalised, errors are typed. */
export interface Sqlite {
  /** Absolute path, or `:memory:`. */
  readonly path: string;
  /** Change rows; resolves when the change is on disk. Returns how many rows changed. */
  run(sql: string, ...values: readonly SqliteValue[]): number;
  /** The first row, if any. */
  get(sql: string, ...values: readonly SqliteValue[]): SqliteRow | undefined;
  /** All rows. */
  all(sql: string, ...values: readonly SqliteValue[]): SqliteRow[];
  /** Run `work` in one immediate transaction: all or nothing. Not nested, not asynchronous. */
  transaction<T>(work: () => T): T;
  /** Close the file; later calls fail with `StoreClosed`. */
  close(): void;
}

/** How long a statement waits for another process's lock, milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Open (or create) an SQLite file that loses nothing acknowledged: write-ahead log, `synchronous = FULL`, so that a
 * commit is on disk before the call returns, also when the process is killed or power fails.
 *
 * @param path File; its folder is made when missing. `:memory:` keeps nothing.
 * @param schema `CREATE TABLE IF NOT EXISTS …` statements, run on every opening.
 * @throws `StoreUnavailable` when the file cannot be opened or is no database.
 * @example
 * const db = openSqlite("data/journal.db", "CREATE TABLE IF NOT EXISTS t (k TEXT PRIMARY KEY, v BLOB) STRICT");
 */
export function openSqlite(path: string, schema: string): Sqlite {
  const file = path === ":memory:" ? path : resolve(path);
  const db = attempt(file, () => {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    const opened = new Database(file);
    opened.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    opened.pragma("journal_mode = WAL");
    opened.pragma("synchronous = FULL");
    opened.pragma("foreign_keys = ON");
    opened.exec(schema);
    return opened;
  });
  const statements = new Map<string, Database.Statement>();
  let open = true;

  const on = <T>(work: () => T): T => {
    if (!open) throw sdkError("StoreClosed", { path: file });
    return attempt(file, work);
  };
  const prepared = (sql: string): Database.Statement => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = db.prepare(sql).safeIntegers(true);
      statements.set(sql, statement);
    }
    return statement;
  };

  return {
    path: file,
    run: (sql, ...values) => on(() => Number(prepared(sql).run(values.map(toSqlite)).changes)),
    get: (sql, ...values) =>
      on(() => {
        const row = prepared(sql).get(values.map(toSqlite));
        return row === undefined ? undefined : toRow(row as Record<string, unknown>);
      }),
    all: (sql, ...values) =>
      on(() =>
        prepared(sql)
          .all(values.map(toSqlite))
          .map((row) => toRow(row as Record<string, unknown>)),
      ),
    transaction: (work) => {
      on(() => db.exec("BEGIN IMMEDIATE"));
      try {
        const result = work();
        on(() => db.exec("COMMIT"));
        return result;
      } catch (error) {
        if (db.inTransaction) db.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => {
      if (!open) return;
      open = false;
      statements.clear();
      db.close();
    },
  };
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const problem = typeof code === "string" ? code : "UNKNOWN";
    if (problem.startsWith("SQLITE_CONSTRAINT")) throw sdkError("StoreConflict", { path, problem }, error);
    throw sdkError("StoreUnavailable", { path, problem }, error);
  }
}

function toSqlite(value: SqliteValue): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** The binding adds `_metadata` to single rows and gives blobs as Buffer or ArrayBuffer, by the call: make it one. */
function toRow(row: Record<string, unknown>): SqliteRow {
  const clean: Record<string, SqliteValue> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name !== "_metadata") clean[name] = fromSqlite(value);
  }
  return clean;
}

function fromSqlite(value: unknown): SqliteValue {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  return null;
}
