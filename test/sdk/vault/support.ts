import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { id } from "ethers";
import pg from "pg";

import {
  type StoreRecordParams,
  type Vault,
  type VaultKeyring,
  type VaultStore,
  commitRecord,
  openPostgresVaultStore,
  openVault,
  openVaultKeyring,
  openVaultStore,
} from "../../../sdk/src/vault/index.ts";
import { type PostgresServer, isServer, obtainPostgres } from "../../fixtures/postgres.ts";

export const stMary = 1;
export const riverClinic = 7;
export const place = { chainId: 20_261, registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3" };
export const secret = Uint8Array.from({ length: 32 }, (_each, at) => at + 7);

/** A record id by number. */
export const recordOf = (number: number): string => id(`record ${number}`);

/** The n-th record of the tests, with its salt: the same each time, in whatever process. */
export function numbered(number: number, length = 900): StoreRecordParams & { commitment: string } {
  const block = createHash("sha256").update(`content ${number}`).digest();
  const salt = new Uint8Array(createHash("sha256").update(`salt ${number}`).digest());
  const content = Uint8Array.from({ length }, (_each, at) => block[at % 32]!);
  const mediaType = "application/octet-stream";
  const { commitment } = commitRecord({ mediaType, content }, salt);
  return { record: recordOf(number), mediaType, content, salt, commitment };
}

/** A place for a store, that outlives the store, and what only this kind of store can tell. */
export interface StorePlace {
  /** What a child process opens the store with, see {@link openAt}. */
  readonly address: string;
  /** Run SQL beneath the store. `{}` stands before a table's name. */
  raw(sql: string): Promise<void>;
  remove(): Promise<void>;
}

/** One kind of store. */
export interface Adapter {
  readonly name: string;
  /** Why it cannot be tried here; `undefined` when it can. */
  prepare(): Promise<string | undefined>;
  place(): Promise<StorePlace>;
  finish(): Promise<void>;
}

/** Open a store by its address: a file, or `<url> <schema>`. */
export async function openAt(address: string): Promise<VaultStore> {
  const [url = "", schema = ""] = address.split(" ");
  return schema === "" ? openVaultStore(url) : openPostgresVaultStore({ url, schema, connections: 6 });
}

const sqlite: Adapter = {
  name: "SQLite",
  prepare: async () => undefined,
  place: async () => {
    const folder = mkdtempSync(join(tmpdir(), "careledger-vault-"));
    const address = join(folder, "vault.db");
    return {
      address,
      raw: async (sql) => {
        const { openSqlite } = await import("../../../sdk/src/core/sqlite.ts");
        const db = openSqlite(address, "");
        db.run(sql.replaceAll("{}", "vault_"));
        db.close();
      },
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  finish: async () => undefined,
};

let server: PostgresServer | undefined;

export const postgres: Adapter = {
  name: "PostgreSQL",
  prepare: async () => {
    const found = await obtainPostgres();
    if (!isServer(found)) return found.reason;
    server = found;
    return undefined;
  },
  place: async () => {
    const url = server!.url;
    const schema = `vault_${randomBytes(6).toString("hex")}`;
    const raw = async (sql: string): Promise<void> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(sql.replaceAll("{}", `${schema}.`)).finally(() => client.end());
    };
    return {
      address: `${url} ${schema}`,
      raw,
      remove: () => raw(`DROP SCHEMA IF EXISTS ${schema} CASCADE`),
    };
  },
  finish: async () => server?.stop(),
};

export const adapters: readonly Adapter[] = [sqlite, postgres];

/** A vault of stMary's on a store, with its keyring. */
export async function vaultOn(
  store: VaultStore,
  keyring: VaultKeyring = openVaultKeyring(":memory:", secret),
): Promise<Vault> {
  return openVault({ ...place, member: stMary, store, keyring, now: () => 1_800_000_000 });
}
