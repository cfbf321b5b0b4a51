import { type Bytes, copyBytes, joinBytes, textBytes, uintBytes } from "../documents/bytes.ts";
import { createSalt } from "../documents/commitment.ts";
import { type EncryptionKeys, generateEncryptionKeys } from "../documents/keys.ts";
import { HEADER_LENGTH, type SealedForm, openPadded, sealPadded } from "../documents/sealing.ts";
import { vaultError } from "./errors.ts";
import { openScrubbedSqlite } from "./scrubbed.ts";

/**
 * Where a custodian keeps the private halves of its vault keys: its key store, apart from the vault's store and from its
 * backups. Every process of one vault uses the same keyring.
 */
export interface VaultKeyring {
  /**
   * Make the key pair of this number, unless it is there; it is durable before the promise resolves. Returns the public key.
   * @throws `VaultKeyDestroyed`.
   */
  ensure(vaultKey: number): Promise<Bytes>;
  /**
   * The key pair of this number; `undefined` when there never was one.
   * @throws `VaultKeyDestroyed`.
   */
  get(vaultKey: number): Promise<EncryptionKeys | undefined>;
  /** Destroy a private key for good. Doing it again changes nothing; the number is never used again. */
  destroy(vaultKey: number): Promise<void>;
  /** Release the keyring; later calls fail with `StoreClosed`. */
  close(): Promise<void>;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS keyring (
  id INTEGER PRIMARY KEY,
  public_key BLOB NOT NULL,
  private_key BLOB
) STRICT`;

const LABEL = textBytes("CareLedger.VaultKeyring.v1");

const FORM: SealedForm = {
  sizes: [HEADER_LENGTH + 32],
  faults: {
    tooLarge: () => vaultError("VaultKeyringLocked"),
    unreadable: (cause) => vaultError("VaultKeyringLocked", {}, cause),
    malformed: () => vaultError("VaultKeyringLocked"),
  },
};

/**
 * The embedded keyring: one SQLite file in which private keys stand under AES-256-GCM with a secret that is kept
 * elsewhere. Keep file and backups apart from the store's: whoever has both, and the secret, can read all that is kept.
 *
 * @param path File; `:memory:` keeps nothing.
 * @param secret 32 random bytes, from the member's secret store.
 * @throws `VaultOptionInvalid`, `StoreUnavailable`.
 * @example
 * const keyring = openVaultKeyring("keys/vault.db", secret);
 */
export function openVaultKeyring(path: string, secret: Uint8Array): VaultKeyring {
  if (!(secret instanceof Uint8Array) || secret.length !== 32) {
    throw vaultError("VaultOptionInvalid", { field: "secret" });
  }
  const unlock = copyBytes(secret);
  const db = openScrubbedSqlite(path, SCHEMA);
  const rowOf = (vaultKey: number) => {
    const row = db.get("SELECT public_key, private_key FROM keyring WHERE id = ?", vaultKey);
    if (row !== undefined && row["private_key"] === null) throw vaultError("VaultKeyDestroyed", { vaultKey });
    return row;
  };
  return {
    ensure: async (vaultKey) => {
      if (rowOf(vaultKey) === undefined) {
        const { publicKey, privateKey } = await generateEncryptionKeys();
        const sealed = await sealPadded(privateKey, createSalt(), unlock, aadOf(vaultKey, publicKey), FORM);
        // Another process may have been quicker: its key counts.
        db.run(
          "INSERT INTO keyring (id, public_key, private_key) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
          vaultKey,
          publicKey,
          sealed,
        );
      }
      return copyBytes(rowOf(vaultKey)!["public_key"] as Uint8Array);
    },
    get: async (vaultKey) => {
      const row = rowOf(vaultKey);
      if (row === undefined) return undefined;
      const publicKey = copyBytes(row["public_key"] as Uint8Array);
      const sealed = row["private_key"] as Uint8Array;
      const { body } = await openPadded(sealed, unlock, aadOf(vaultKey, publicKey), FORM);
      return { publicKey, privateKey: body };
    },
    destroy: async (vaultKey) => {
      db.run("UPDATE keyring SET private_key = NULL WHERE id = ?", vaultKey);
      db.scrub();
    },
    close: async () => db.close(),
  };
}

function aadOf(vaultKey: number, publicKey: Bytes): Bytes {
  return joinBytes(LABEL, uintBytes(vaultKey, 4), publicKey);
}
