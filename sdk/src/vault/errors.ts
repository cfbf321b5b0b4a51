import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { defineFaults } from "../core/faults.ts";

/** Every fault of the vault, its keys and stores. Texts name no patient and no content; `{name}` stands for a value. */
const FAULTS = {
  RecordContentInvalid: {
    message: "The record's {field} has the wrong form.",
    fix: "Pass the content as a Uint8Array and its media type as `type/subtype`, printable ASCII of at most 127 characters.",
    issue: "value",
  },
  RecordTooLarge: {
    message: "The record has {length} bytes; a vault keeps at most {limit} a record.",
    fix: "Store it as several records, or keep it in the imaging archive and store a reference.",
    issue: "too-long",
  },
  RecordUnreadable: {
    message: "The ciphertext does not open with this key for this record: it is wrong, cut short or altered.",
    fix: "Use nothing of it. Fetch it again; if it stays so, the custodian restores it from its source system.",
    issue: "security",
  },
  RecordMalformed: {
    message: "The ciphertext opens but does not hold a record in the agreed form ({problem}).",
    fix: "Use nothing of it. Tell the custodian that it sealed this record wrongly.",
    issue: "structure",
  },
  RecordMismatch: {
    message: "The record, or its salt, is not the one that is anchored.",
    fix: "Use nothing of it. Tell the custodian that it keeps another record than it anchored.",
    issue: "security",
  },
  RecordKeyMalformed: {
    message: "The wrapped key has {length} bytes or an unknown version.",
    fix: "Ask the custodian for it again; it has 114 bytes and begins with 0x01.",
    issue: "structure",
  },
  RecordKeyNotForYou: {
    message:
      "The wrapped key does not open: it was made for another key, grantee, record, custodian, registry or chain.",
    fix: "Ask the custodian to wrap it to the encryption key that your member publishes now.",
    issue: "security",
  },
  VaultOptionInvalid: {
    message: "The vault cannot work with this {field}.",
    fix: "See {field} in the documentation of the function.",
    issue: "value",
  },
  VaultBatchTooLarge: {
    message: "A batch of {records} records with {bytes} bytes is empty or too large.",
    fix: "Store 1 to {mostRecords} records with at most {mostBytes} bytes together at a time.",
    issue: "too-long",
  },
  VaultRecordTaken: {
    message: "The vault keeps another content for record {record}.",
    fix: "Leave it: kept records never change. A changed record is a new record that supersedes it.",
    issue: "conflict",
  },
  VaultRecordUnknown: {
    message: "The vault does not keep record {record}.",
    fix: "Check the id and that this member is the record's custodian.",
    issue: "not-found",
  },
  VaultRecordShredded: {
    message: "The key of record {record} was destroyed at {shreddedAt|time}; nobody can read it any more.",
    fix: "Nothing can be done: shredding is for good.",
    issue: "deleted",
  },
  VaultRecordCorrupt: {
    message: "The {part} of record {record} is not what was put.",
    fix: "Restore it from a backup or from the source system, and check the disk.",
    issue: "exception",
  },
  VaultKeyNotActive: {
    message: "Vault key {vaultKey} takes no new records.",
    fix: "Wrap to the active vault key; `storeRecord` does so by itself.",
    issue: "conflict",
  },
  VaultKeyConflict: {
    message:
      "Vault key {vaultKey} cannot become the active one: another process was first, or a rotation is not finished.",
    fix: "Call `rotateVaultKey` again: it finishes what was begun.",
    issue: "conflict",
  },
  VaultKeyInUse: {
    message: "Vault key {vaultKey} is active or still opens records.",
    fix: "Call `rotateVaultKey` until it reports the key as destroyed.",
    issue: "business-rule",
  },
  VaultKeyMissing: {
    message: "The keyring does not hold vault key {vaultKey} as the store knows it.",
    fix: "Open the vault with the keyring that made the key; never use two keyrings for one store.",
    issue: "not-found",
  },
  VaultKeyDestroyed: {
    message: "Vault key {vaultKey} was destroyed.",
    fix: "Nothing opens with it any more. If the store asks for it, the store was restored from an older backup: records shredded since then are to be shredded again.",
    issue: "deleted",
  },
  VaultKeyringLocked: {
    message: "The keyring does not open with this secret.",
    fix: "Pass the 32-byte secret with which the keyring was made.",
    issue: "security",
  },
  VaultScrubPending: {
    message:
      "The rows are deleted, but another process still reads the database, so old pages remain in its log.",
    fix: "Call the same function again when the other process has finished.",
    issue: "lock-error",
  },
  VaultDriverMissing: {
    message: "The PostgreSQL driver is not installed.",
    fix: "Run `npm install pg@8.23.1` in your project.",
    issue: "not-supported",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Code of a fault of the vault. */
export type VaultFault = keyof typeof FAULTS;

/** Every code of this folder, for catalogues and tests. */
export const VAULT_FAULTS = Object.keys(FAULTS) as readonly VaultFault[];

/** Build the typed error of a fault. */
export const vaultError = defineFaults<VaultFault>(FAULTS);
