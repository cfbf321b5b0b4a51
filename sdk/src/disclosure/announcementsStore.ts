import { isHexString, sha256 } from "ethers";

import { type Sqlite, openSqlite } from "../core/sqlite.ts";
import { type Bytes, copyBytes } from "../documents/bytes.ts";
import { documentError } from "../documents/errors.ts";
import { announcementsHash, readAnnouncementsHead } from "../records/announcements.ts";
import { disclosureError } from "./errors.ts";

/** An announcements' file as it is kept. */
export interface KeptAnnouncements {
  /** Member that anchored the batch, as the file says. */
  readonly custodian: number;
  /** keccak256 of the file, taken when it was put. */
  readonly announcements: string;
  /** Bytes. */
  readonly length: number;
}

/**
 * Where a custodian keeps the announcements' files of its batches, and of those that it took over from members it succeeds.
 * They are no secret and never change. A promise that resolves is an acknowledgement: the file survives a crash from then
 * on. An object store fits behind the same five functions.
 */
export interface AnnouncementsStore {
  /**
   * Keep a batch's file whole: do it before the batch is anchored. Putting the same file again changes nothing.
   * @throws `AnnouncementsMalformed`, `AnnouncementsTaken` when another file is there, `DocumentContextInvalid`.
   */
  put(batch: { readonly root: string; readonly file: Uint8Array }): Promise<void>;
  /** What is kept of a batch; `undefined` when nothing is. */
  find(root: string): Promise<KeptAnnouncements | undefined>;
  /**
   * The file in pieces of at most 1 MiB; nothing when it is not kept.
   * @throws `AnnouncementsCorrupt` at the first piece that is not what was put.
   */
  read(root: string): AsyncIterable<Bytes>;
  /** Forget a file. `false` when there was none. */
  delete(root: string): Promise<boolean>;
  /** Release the store; later calls fail with `StoreClosed`. */
  close(): Promise<void>;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS announcements (
  root TEXT PRIMARY KEY,
  custodian INTEGER NOT NULL,
  hash TEXT NOT NULL,
  length INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS announcement_pieces (
  root TEXT NOT NULL,
  place INTEGER NOT NULL,
  hash TEXT NOT NULL,
  piece BLOB NOT NULL,
  PRIMARY KEY (root, place)
) STRICT`;

/** Bytes of a piece: what a reader makes the custodian hold in memory. */
const PIECE_LENGTH = 2 ** 20;

/**
 * The embedded store of announcements: one SQLite file. It may be the file of the vault's store, of the index or of the desk.
 *
 * @param path File; `:memory:` keeps nothing.
 * @throws `StoreUnavailable`.
 * @example
 * const announcements = openAnnouncementsStore("data/custodian.db");
 * const batch = createRecordBatch(network, drafts);
 * await announcements.put(batch);
 * await anchorRecords(client, batch);
 */
export function openAnnouncementsStore(path: string): AnnouncementsStore {
  const db: Sqlite = openSqlite(path, SCHEMA);
  const find = (root: string): KeptAnnouncements | undefined => {
    const row = db.get("SELECT custodian, hash, length FROM announcements WHERE root = ?", root);
    if (row === undefined) return undefined;
    const { custodian, hash, length } = row;
    return { custodian: Number(custodian), announcements: String(hash), length: Number(length) };
  };
  return {
    put: async ({ root, file }) => {
      const name = requireRoot(root);
      const { custodian } = readAnnouncementsHead(file);
      const hash = announcementsHash(file);
      db.transaction(() => {
        const kept = find(name);
        if (kept !== undefined && kept.announcements !== hash) throw disclosureError("AnnouncementsTaken");
        // Put again, it mends pieces that the disk has spoilt.
        db.run("DELETE FROM announcement_pieces WHERE root = ?", name);
        db.run(
          "INSERT OR REPLACE INTO announcements VALUES (?, ?, ?, ?)",
          name,
          custodian,
          hash,
          file.length,
        );
        for (let from = 0; from < file.length; from += PIECE_LENGTH) {
          const piece = file.subarray(from, from + PIECE_LENGTH);
          const place = from / PIECE_LENGTH;
          db.run("INSERT INTO announcement_pieces VALUES (?, ?, ?, ?)", name, place, sha256(piece), piece);
        }
      });
    },
    find: async (root) => find(requireRoot(root)),
    read: async function* (root) {
      const name = requireRoot(root);
      const length = find(name)?.length ?? 0;
      const sql = "SELECT hash, piece FROM announcement_pieces WHERE root = ? AND place = ?";
      for (let place = 0; place * PIECE_LENGTH < length; place++) {
        const row = db.get(sql, name, place);
        const piece = copyBytes((row?.["piece"] as Uint8Array | undefined) ?? new Uint8Array(0));
        const expected = Math.min(PIECE_LENGTH, length - place * PIECE_LENGTH);
        if (piece.length !== expected || sha256(piece) !== row?.["hash"])
          throw disclosureError("AnnouncementsCorrupt");
        yield piece;
      }
    },
    delete: async (root) => {
      const name = requireRoot(root);
      return db.transaction(() => {
        db.run("DELETE FROM announcement_pieces WHERE root = ?", name);
        return db.run("DELETE FROM announcements WHERE root = ?", name) === 1;
      });
    },
    close: async () => db.close(),
  };
}

function requireRoot(root: string): string {
  if (!isHexString(root, 32)) throw documentError("DocumentContextInvalid", { field: "root" });
  return root.toLowerCase();
}
