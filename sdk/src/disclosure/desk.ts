import { isCareLedgerError } from "../core/errors.ts";
import { openSqlite } from "../core/sqlite.ts";
import { documentError } from "../documents/errors.ts";

/** What an operator asked for: repeats of the same question go under the same disclosure until it was answered. */
export interface DisclosureQuestion {
  /** Member that asks. */
  readonly member: number;
  /** Its operator. */
  readonly operator: string;
  readonly record: string;
  readonly subject: string;
  /** Bit number. */
  readonly category: number;
  /** Bit number. */
  readonly purpose: number;
  /** Id of the break-glass, zero without one. */
  readonly breakGlass: string;
}

/** The rule that allowed a disclosure; all zero under a break-glass. */
export interface DisclosureRule {
  /** Class of the rule, 0 for one of the member itself. */
  readonly sector: number;
  readonly number: number;
  readonly version: number;
}

/** A disclosure as it stands on chain. */
export interface RecordedDisclosure extends DisclosureRule {
  readonly transactionHash: string;
  readonly blockNumber: number;
  /** Root and proof of its batch; absent when it was recorded by itself. */
  readonly batch?: { readonly root: string; readonly proof: readonly string[] } | undefined;
}

/**
 * `Open`: it may or may not be on chain yet. `Recorded`: it is on chain and nobody was served. `Served`: the answer left.
 * `Lapsed`: it got too old before the answer left.
 */
export type DeskState = "Open" | "Recorded" | "Served" | "Lapsed";

/** A disclosure as the custodian keeps it. */
export interface DeskEntry extends DisclosureQuestion {
  /** Idempotency key under which it goes on chain, unless in a batch. */
  readonly key: string;
  /** The commitment on chain, see `commitDisclosure`. */
  readonly document: string;
  /** What opens it. */
  readonly salt: string;
  /** Unix seconds. */
  readonly openedAt: number;
  /** Idempotency key of the batch in which it goes on chain. */
  readonly batch: string | undefined;
  readonly state: DeskState;
  /** Where it is on chain, once it is. */
  readonly recorded: RecordedDisclosure | undefined;
  /** Unix seconds. */
  readonly servedAt: number | undefined;
}

/** A new entry. */
export type NewDeskEntry = DisclosureQuestion & Pick<DeskEntry, "key" | "document" | "salt" | "openedAt">;

/**
 * Where a custodian writes down what it is about to disclose, before it does: a crash at any moment leaves neither a
 * second disclosure nor an answer without one. Every function is one transaction, durable when it resolves.
 */
export interface DisclosureDesk {
  /**
   * Use up a request's nonce and find the unanswered entry of its question, or make `fresh` one.
   * @param since An unanswered entry from before lapses.
   * @throws `DocumentRequestReplayed` when the operator used the nonce before.
   */
  open(nonce: string, fresh: NewDeskEntry, since: number): Promise<DeskEntry>;
  /** Put open entries that are in no batch into one, in this order. */
  assign(batch: string, keys: readonly string[]): Promise<void>;
  /** An entry by its key. */
  find(key: string): Promise<DeskEntry | undefined>;
  /** The entries of a batch, in their order. */
  listBatch(batch: string): Promise<DeskEntry[]>;
  /** Take open entries out of their batch. */
  release(keys: readonly string[]): Promise<void>;
  /** Say where entries are on chain: all or none. */
  settle(recorded: ReadonlyMap<string, RecordedDisclosure>): Promise<void>;
  /** Strike open entries that the chain refused. */
  drop(keys: readonly string[]): Promise<void>;
  /** Say that the answer left. */
  serve(key: string, at: number): Promise<void>;
  /** Whom a record was disclosed to, oldest first. */
  list(record: string): Promise<DeskEntry[]>;
  /** Release the desk; later calls fail with `StoreClosed`. */
  close(): Promise<void>;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS record_nonces (
  operator TEXT NOT NULL,
  nonce TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (operator, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_nonces_by_time ON record_nonces (at);
CREATE TABLE IF NOT EXISTS record_disclosures (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  member INTEGER NOT NULL,
  operator TEXT NOT NULL,
  record TEXT NOT NULL,
  subject TEXT NOT NULL,
  category INTEGER NOT NULL,
  purpose INTEGER NOT NULL,
  break_glass TEXT NOT NULL,
  document TEXT NOT NULL,
  salt TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  batch TEXT,
  position INTEGER,
  state TEXT NOT NULL CHECK (state IN ('Open', 'Recorded', 'Served', 'Lapsed')),
  recorded TEXT,
  served_at INTEGER
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS record_disclosures_unanswered
  ON record_disclosures (operator, member, record, subject, category, purpose, break_glass)
  WHERE state IN ('Open', 'Recorded');
CREATE INDEX IF NOT EXISTS record_disclosures_by_record ON record_disclosures (record, seq);
CREATE INDEX IF NOT EXISTS record_disclosures_by_batch ON record_disclosures (batch, position)`;

/** A nonce is good for ten minutes at the most: what is older than this cannot come again. */
const NONCE_LIFE = 3_600;

/**
 * The embedded desk: one SQLite file, each step on disk before the next. It may be the file of the vault's store.
 * Entries are never deleted: how long they are kept is the member's legal duty.
 *
 * @param path File; `:memory:` keeps nothing.
 * @throws `StoreUnavailable`.
 */
export function openDisclosureDesk(path: string): DisclosureDesk {
  const db = openSqlite(path, SCHEMA);
  const questionOf = (entry: DisclosureQuestion): (string | number)[] => [
    entry.operator.toLowerCase(),
    entry.member,
    entry.record.toLowerCase(),
    entry.subject.toLowerCase(),
    entry.category,
    entry.purpose,
    entry.breakGlass.toLowerCase(),
  ];
  const WHERE = `operator = ? AND member = ? AND record = ? AND subject = ? AND category = ? AND purpose = ?
    AND break_glass = ? AND state IN ('Open', 'Recorded')`;
  const each = async (keys: readonly string[], sql: string): Promise<void> =>
    db.transaction(() => {
      for (const key of keys) db.run(sql, key);
    });
  return {
    open: async (nonce, fresh, since) =>
      db.transaction(() => {
        db.run("DELETE FROM record_nonces WHERE at < ?", fresh.openedAt - NONCE_LIFE);
        try {
          db.run(
            "INSERT INTO record_nonces (operator, nonce, at) VALUES (?, ?, ?)",
            fresh.operator.toLowerCase(),
            nonce.toLowerCase(),
            fresh.openedAt,
          );
        } catch (cause) {
          if (isCareLedgerError(cause, "StoreConflict"))
            throw documentError("DocumentRequestReplayed", {}, cause);
          throw cause;
        }
        const question = questionOf(fresh);
        db.run(
          `UPDATE record_disclosures SET state = 'Lapsed' WHERE ${WHERE} AND opened_at < ?`,
          ...question,
          since,
        );
        const row = db.get(`SELECT * FROM record_disclosures WHERE ${WHERE}`, ...question);
        if (row !== undefined) return toEntry(row);
        db.run(
          `INSERT INTO record_disclosures (operator, member, record, subject, category, purpose, break_glass,
             key, document, salt, opened_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'Open')`,
          ...question,
          fresh.key,
          fresh.document,
          fresh.salt,
          fresh.openedAt,
        );
        return toEntry(db.get(`SELECT * FROM record_disclosures WHERE ${WHERE}`, ...question)!);
      }),
    assign: async (batch, keys) =>
      db.transaction(() => {
        keys.forEach((key, position) => {
          db.run(
            `UPDATE record_disclosures SET batch = ?, position = ?
             WHERE key = ? AND batch IS NULL AND state = 'Open'`,
            batch,
            position,
            key,
          );
        });
      }),
    find: async (key) => {
      const row = db.get("SELECT * FROM record_disclosures WHERE key = ?", key);
      return row === undefined ? undefined : toEntry(row);
    },
    listBatch: async (batch) =>
      db.all("SELECT * FROM record_disclosures WHERE batch = ? ORDER BY position", batch).map(toEntry),
    release: async (keys) =>
      each(
        keys,
        "UPDATE record_disclosures SET batch = NULL, position = NULL WHERE key = ? AND state = 'Open'",
      ),
    settle: async (recorded) =>
      db.transaction(() => {
        for (const [key, where] of recorded) {
          db.run(
            `UPDATE record_disclosures SET recorded = ?,
               state = CASE state WHEN 'Open' THEN 'Recorded' ELSE state END WHERE key = ?`,
            JSON.stringify(where),
            key,
          );
        }
      }),
    drop: async (keys) => each(keys, "DELETE FROM record_disclosures WHERE key = ? AND state = 'Open'"),
    serve: async (key, at) => {
      db.run(
        "UPDATE record_disclosures SET state = 'Served', served_at = ? WHERE key = ? AND state = 'Recorded'",
        at,
        key,
      );
    },
    list: async (record) =>
      db
        .all("SELECT * FROM record_disclosures WHERE record = ? ORDER BY seq", record.toLowerCase())
        .map(toEntry),
    close: async () => db.close(),
  };
}

function toEntry(row: Readonly<Record<string, unknown>>): DeskEntry {
  const recorded = row["recorded"];
  return {
    key: String(row["key"]),
    member: Number(row["member"]),
    operator: String(row["operator"]),
    record: String(row["record"]),
    subject: String(row["subject"]),
    category: Number(row["category"]),
    purpose: Number(row["purpose"]),
    breakGlass: String(row["break_glass"]),
    document: String(row["document"]),
    salt: String(row["salt"]),
    openedAt: Number(row["opened_at"]),
    batch: row["batch"] === null ? undefined : String(row["batch"]),
    state: row["state"] as DeskState,
    recorded: recorded === null ? undefined : (JSON.parse(String(recorded)) as RecordedDisclosure),
    servedAt: row["served_at"] === null ? undefined : Number(row["served_at"]),
  };
}
