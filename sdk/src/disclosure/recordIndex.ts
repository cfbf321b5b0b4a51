import { type Sqlite, openSqlite } from "../core/sqlite.ts";
import type { RecordOrigin, RecordTerms } from "../records/types.ts";

/** A record as the custodian knows it: what it is, and whose. */
export interface IndexedRecord {
  /** Record id. */
  readonly record: string;
  /** Subject id of the patient at this custodian. */
  readonly subject: string;
  readonly terms: RecordTerms;
  readonly origin: RecordOrigin;
}

/**
 * The custodian's own list of which record belongs to whom. It alone says so: the chain does not, and no request is
 * believed. It links the records of a patient, so keep it as safe as the patients' files.
 */
export interface RecordIndex {
  /** Enter records: all or none. Entering a record again replaces what stood there. */
  put(records: readonly IndexedRecord[]): Promise<void>;
  /** A record; `undefined` when it is not kept here. */
  find(record: string): Promise<IndexedRecord | undefined>;
  /** The records of a subject, in order of their ids; `after` is the last one of the page before. At most `limit`. */
  listBySubject(subject: string, page?: { after?: string; limit?: number }): Promise<IndexedRecord[]>;
  /** Strike a record. `false` when there was none. */
  delete(record: string): Promise<boolean>;
  /** Release the index; later calls fail with `StoreClosed`. */
  close(): Promise<void>;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS record_index (
  record TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  custodian INTEGER NOT NULL,
  holder TEXT NOT NULL,
  commitment TEXT NOT NULL,
  category INTEGER NOT NULL,
  code_system INTEGER NOT NULL,
  reusable_until INTEGER NOT NULL,
  root TEXT NOT NULL,
  proof TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_index_by_subject ON record_index (subject, record)`;

/**
 * The embedded index: one SQLite file. It may be the file of the vault's store or of the desk.
 *
 * @param path File; `:memory:` keeps nothing.
 * @throws `StoreUnavailable`.
 * @example
 * await index.put([{ record, subject, terms, origin: { root: ZeroHash, proof: [] } }]);
 */
export function openRecordIndex(path: string): RecordIndex {
  const db: Sqlite = openSqlite(path, SCHEMA);
  return {
    put: async (records) =>
      db.transaction(() => {
        for (const { record, subject, terms, origin } of records) {
          db.run(
            `INSERT OR REPLACE INTO record_index (record, subject, custodian, holder, commitment, category,
               code_system, reusable_until, root, proof) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            record.toLowerCase(),
            subject.toLowerCase(),
            terms.custodian,
            terms.holder,
            terms.commitment,
            terms.category,
            terms.codeSystem,
            terms.reusableUntil,
            origin.root,
            origin.proof.join(),
          );
        }
      }),
    find: async (record) => {
      const row = db.get("SELECT * FROM record_index WHERE record = ?", record.toLowerCase());
      return row === undefined ? undefined : toRecord(row);
    },
    listBySubject: async (subject, { after = "", limit = 1_000 } = {}) =>
      db
        .all(
          "SELECT * FROM record_index WHERE subject = ? AND record > ? ORDER BY record LIMIT ?",
          subject.toLowerCase(),
          after.toLowerCase(),
          limit,
        )
        .map(toRecord),
    delete: async (record) => db.run("DELETE FROM record_index WHERE record = ?", record.toLowerCase()) === 1,
    close: async () => db.close(),
  };
}

function toRecord(row: Readonly<Record<string, unknown>>): IndexedRecord {
  const proof = String(row["proof"]);
  return {
    record: String(row["record"]),
    subject: String(row["subject"]),
    terms: {
      custodian: Number(row["custodian"]),
      holder: String(row["holder"]),
      commitment: String(row["commitment"]),
      category: Number(row["category"]),
      codeSystem: Number(row["code_system"]),
      reusableUntil: Number(row["reusable_until"]),
    },
    origin: { root: String(row["root"]), proof: proof === "" ? [] : proof.split(",") },
  };
}
