import { hexlify, isHexString, sha256 } from "ethers";

import { type Sqlite, openSqlite } from "../core/sqlite.ts";
import { type Bytes, copyBytes } from "./bytes.ts";
import { MAX_SEALED_LENGTH } from "./cipher.ts";
import { documentError } from "./errors.ts";

/**
 * Where a custodian keeps sealed documents. It sees ciphertext only. PostgreSQL and S3 fit behind the same five
 * functions; a promise that resolves is an acknowledgement: the content survives a crash from then on.
 */
export interface DocumentStore {
  /**
   * Keep a sealed document. Putting the same content again changes nothing.
   * @param key Prescription id, 32 bytes in hexadecimal.
   * @throws `DocumentKeyTaken` when another content is there, `DocumentTooLarge`, `DocumentContextInvalid`.
   */
  put(key: string, sealed: Uint8Array): Promise<void>;
  /**
   * Read a sealed document; `undefined` when there is none.
   * @throws `DocumentCorrupt` when the content is not what was put.
   */
  get(key: string): Promise<Bytes | undefined>;
  /** Whether there is a document. */
  has(key: string): Promise<boolean>;
  /** Forget a document. `false` when there was none. */
  delete(key: string): Promise<boolean>;
  /** Release the store; later calls fail with `StoreClosed`. */
  close(): Promise<void>;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS documents (
  key TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID`;

/**
 * The embedded document store: one SQLite file, write-ahead log, every put on disk before it is acknowledged
 * (docs/decisions/0006-document-store.md). Several processes may share the file.
 *
 * @param path File; `:memory:` keeps nothing.
 * @throws `StoreUnavailable`.
 * @example
 * const store = openDocumentStore("data/documents.db");
 * await store.put(prescription, await sealDocument(request, salt, key, context));
 */
export function openDocumentStore(path: string): DocumentStore {
  const db: Sqlite = openSqlite(path, SCHEMA);
  return {
    put: async (key, sealed) => {
      const name = requireKey(key);
      if (sealed.length > MAX_SEALED_LENGTH) {
        throw documentError("DocumentTooLarge", { length: sealed.length, limit: MAX_SEALED_LENGTH });
      }
      const hash = sha256(sealed);
      const added = db.run(
        "INSERT INTO documents (key, hash, sealed) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
        name,
        hash,
        sealed,
      );
      if (added === 1) return;
      const there = db.get("SELECT hash, sealed FROM documents WHERE key = ?", name);
      // The content decides, not its hash: a corrupt row must not be acknowledged as kept.
      if (there === undefined || hexlify(there["sealed"] as Uint8Array) !== hexlify(sealed)) {
        throw documentError(there?.["hash"] === hash ? "DocumentCorrupt" : "DocumentKeyTaken");
      }
    },
    get: async (key) => {
      const row = db.get("SELECT hash, sealed FROM documents WHERE key = ?", requireKey(key));
      if (row === undefined) return undefined;
      const sealed = copyBytes(row["sealed"] as Uint8Array);
      if (sha256(sealed) !== row["hash"]) throw documentError("DocumentCorrupt");
      return sealed;
    },
    has: async (key) =>
      db.get("SELECT 1 AS there FROM documents WHERE key = ?", requireKey(key)) !== undefined,
    delete: async (key) => db.run("DELETE FROM documents WHERE key = ?", requireKey(key)) === 1,
    close: async () => db.close(),
  };
}

function requireKey(key: string): string {
  if (!isHexString(key, 32)) throw documentError("DocumentContextInvalid", { field: "prescription" });
  return key.toLowerCase();
}
