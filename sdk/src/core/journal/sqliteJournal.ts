import { type SqliteRow, openSqlite } from "../sqlite.ts";
import type { SendJournal, SendRecord, SendState } from "./sendJournal.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS sends (
  hash TEXT PRIMARY KEY,
  chain TEXT NOT NULL,
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  intent TEXT NOT NULL,
  nonce INTEGER NOT NULL,
  raw TEXT NOT NULL,
  free_at_block INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('signed', 'mined', 'reverted', 'dead'))
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS sends_key ON sends (chain, account, key) WHERE state IN ('signed', 'mined');
CREATE UNIQUE INDEX IF NOT EXISTS sends_nonce ON sends (chain, account, nonce) WHERE state <> 'dead';
CREATE INDEX IF NOT EXISTS sends_open ON sends (chain, account) WHERE state = 'signed';
`;

/**
 * The embedded journal: one SQLite file. A record is on disk before its transaction is first sent, so a system that is
 * killed at any moment sends nothing twice and loses nothing. Processes that send from one account may share the file.
 *
 * @param path File, made when missing.
 * @throws `StoreUnavailable` when it cannot be opened.
 * @example
 * const client = createClient({ network, signer, journal: createSqliteJournal("data/sends.db") });
 */
export function createSqliteJournal(path: string): SendJournal {
  const db = openSqlite(path, SCHEMA);

  return {
    find: async (chain, account, key) =>
      toRecord(
        db.get(
          "SELECT * FROM sends WHERE chain = ? AND account = ? AND key = ? AND state IN ('signed', 'mined')",
          chain,
          account,
          key,
        ),
      ),
    findByHash: async (hash) => toRecord(db.get("SELECT * FROM sends WHERE hash = ?", hash)),
    listOpen: async (chain, account) =>
      db
        .all(
          "SELECT * FROM sends WHERE chain = ? AND account = ? AND state = 'signed' ORDER BY nonce",
          chain,
          account,
        )
        .map((row) => toRecord(row) as SendRecord),
    record: async (record, supersedes) => {
      db.transaction(() => {
        if (supersedes !== undefined) db.run("UPDATE sends SET state = 'dead' WHERE hash = ?", supersedes);
        db.run(
          `INSERT INTO sends (hash, chain, account, key, intent, nonce, raw, free_at_block, state)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          record.hash,
          record.chain,
          record.account,
          record.key,
          record.intent,
          record.nonce,
          record.raw,
          record.freeAtBlock,
          record.state,
        );
      });
    },
    settle: async (hash, state) => {
      db.run("UPDATE sends SET state = ? WHERE hash = ?", state, hash);
    },
    close: () => db.close(),
  };
}

function toRecord(row: SqliteRow | undefined): SendRecord | undefined {
  if (row === undefined) return undefined;
  return {
    chain: String(row["chain"]),
    account: String(row["account"]),
    key: String(row["key"]),
    intent: String(row["intent"]),
    nonce: Number(row["nonce"]),
    hash: String(row["hash"]),
    raw: String(row["raw"]),
    freeAtBlock: Number(row["free_at_block"]),
    state: String(row["state"]) as SendState,
  };
}
