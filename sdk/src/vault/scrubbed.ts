import { type Sqlite, openSqlite } from "../core/sqlite.ts";
import { vaultError } from "./errors.ts";

/** An SQLite file that overwrites what it deletes. */
export interface ScrubbedSqlite extends Sqlite {
  /**
   * Empty the write-ahead log, where earlier images of pages stand.
   * @throws `VaultScrubPending` while another process reads.
   */
  scrub(): void;
}

/**
 * Open an SQLite file as `openSqlite` does, with `secure_delete`: deleted content is overwritten with zeros. Blocks that
 * the disk itself has moved, and copies of the file, are beyond it.
 * @internal
 */
export function openScrubbedSqlite(path: string, schema: string): ScrubbedSqlite {
  const db = openSqlite(path, schema);
  db.get("PRAGMA secure_delete = ON");
  return {
    ...db,
    scrub: () => {
      const result = db.get("PRAGMA wal_checkpoint(TRUNCATE)");
      if (Number(result?.["busy"] ?? 1) !== 0) throw vaultError("VaultScrubPending");
    },
  };
}
