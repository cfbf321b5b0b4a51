export * from "./errors.ts";
export * from "./keyring.ts";
export * from "./postgresStore.ts";
export * from "./readRecord.ts";
export {
  type GranteeContext,
  type SharedRecord,
  openRecordKey,
  openSharedRecord,
  wrapRecordKey,
} from "./recordKeys.ts";
export * from "./rotateVaultKey.ts";
export {
  MAX_RECORD_LENGTH,
  MAX_SEALED_RECORD_LENGTH,
  type OpenedRecord,
  RECORD_COMMITMENT_TAG,
  RECORD_SIZE_CLASSES,
  type RecordContent,
  type RecordContext,
  commitRecord,
  createRecordKey,
  openRecord,
  sealRecord,
} from "./sealRecord.ts";
export * from "./shareRecord.ts";
export * from "./shredDocument.ts";
export * from "./sqliteStore.ts";
export {
  type GranteeKey,
  type KeptRecord,
  MAX_BATCH_BYTES,
  MAX_BATCH_RECORDS,
  type NewVaultRecord,
  type Page,
  type Rewrap,
  type ShreddedRecord,
  type VaultKey,
  type VaultKeyState,
  type VaultListing,
  type VaultStore,
  type WrappedRecordKey,
} from "./store.ts";
export * from "./storeRecord.ts";
export { type Vault, type VaultOptions, openVault } from "./vault.ts";
