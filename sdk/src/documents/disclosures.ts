import { isCareLedgerError } from "../core/errors.ts";
import { openSqlite } from "../core/sqlite.ts";
import { documentError } from "./errors.ts";

/** One act of serving a document. */
export interface Disclosure {
  /** When it was recorded, unix seconds. */
  readonly at: number;
  /** Prescription id. */
  readonly prescription: string;
  /** Pharmacy that held the lock. */
  readonly member: number;
  /** Its site. */
  readonly site: number;
  /** Which lock it was. */
  readonly lockCount: number;
  /** Operator key that signed the request, 32 bytes. */
  readonly operator: string;
  /** Nonce of the request, 32 bytes. */
  readonly nonce: string;
  /** SHA-256 of the ciphertext that was served. */
  readonly hash: string;
}

/** Where a custodian records whom it served, and remembers the nonces that were used. */
export interface DisclosureLog {
  /**
   * Record a disclosure; resolves once it is durable. A nonce counts once for each operator, also after a restart.
   * @throws `DocumentRequestReplayed` when the operator used the nonce before.
   */
  record(disclosure: Disclosure): Promise<void>;
  /** All disclosures of a prescription, oldest first. */
  list(prescription: string): Promise<Disclosure[]>;
  /** Release the log; later calls fail with `StoreClosed`. */
  close(): Promise<void>;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS disclosures (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  prescription TEXT NOT NULL,
  member INTEGER NOT NULL,
  site INTEGER NOT NULL,
  lock_count INTEGER NOT NULL,
  operator TEXT NOT NULL,
  nonce TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (operator, nonce)
) STRICT;
CREATE INDEX IF NOT EXISTS disclosures_by_prescription ON disclosures (prescription, seq)`;

/**
 * The embedded disclosure log: one SQLite file, each record on disk before the document is served. It may be the file of
 * the document store. Records are never deleted here: how long they are kept is the member's legal duty.
 *
 * @param path File; `:memory:` keeps nothing.
 * @throws `StoreUnavailable`.
 */
export function openDisclosureLog(path: string): DisclosureLog {
  const db = openSqlite(path, SCHEMA);
  return {
    record: async (disclosure) => {
      try {
        db.run(
          `INSERT INTO disclosures (at, prescription, member, site, lock_count, operator, nonce, hash)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          disclosure.at,
          disclosure.prescription.toLowerCase(),
          disclosure.member,
          disclosure.site,
          disclosure.lockCount,
          disclosure.operator.toLowerCase(),
          disclosure.nonce.toLowerCase(),
          disclosure.hash,
        );
      } catch (cause) {
        if (isCareLedgerError(cause, "StoreConflict"))
          throw documentError("DocumentRequestReplayed", {}, cause);
        throw cause;
      }
    },
    list: async (prescription) =>
      db
        .all("SELECT * FROM disclosures WHERE prescription = ? ORDER BY seq", prescription.toLowerCase())
        .map((row) => ({
          at: Number(row["at"]),
          prescription: String(row["prescription"]),
          member: Number(row["member"]),
          site: Number(row["site"]),
          lockCount: Number(row["lock_count"]),
          operator: String(row["operator"]),
          nonce: String(row["nonce"]),
          hash: String(row["hash"]),
        })),
    close: async () => db.close(),
  };
}
