import { type Bytes, joinBytes, memberBytes, textBytes, uintBytes } from "../documents/bytes.ts";
import { type WrapFaults, unwrapKey, wrapKey } from "../documents/keyWrap.ts";
import { SUITE } from "../documents/keys.ts";
import { vaultError } from "./errors.ts";
import { type OpenedRecord, type RecordContext, openRecord, recordBytes } from "./sealRecord.ts";

/** Whom a record key is wrapped for. */
export interface GranteeContext extends RecordContext {
  /** Member that may read, from 1. */
  readonly grantee: number;
}

/** Under which vault key a record key is kept. */
export interface VaultKeyContext extends RecordContext {
  /** Number of the custodian's vault key, from 1. */
  readonly vaultKey: number;
}

const FAULTS: WrapFaults = {
  malformed: (length) => vaultError("RecordKeyMalformed", { length }),
  notForYou: (cause) => vaultError("RecordKeyNotForYou", {}, cause),
};

const GRANTEE_LABEL = textBytes("CareLedger.GranteeKey.v1");
const VAULT_LABEL = textBytes("CareLedger.VaultKey.v1");

/**
 * Wrap a record key to a grantee's encryption key.
 *
 * ```text
 * wrapped = 0x01 ‖ enc(65) ‖ ciphertext(48)                 HPKE base mode, single shot, empty aad
 * info    = "CareLedger.GranteeKey.v1" ‖ suite(6) ‖ uint256 chainId ‖ registry(20) ‖ record(32) ‖ uint32 custodian
 *           ‖ uint32 grantee
 * ```
 *
 * @param recordKey 32 bytes.
 * @param encryptionKey The key that the grantee publishes now, see `generateEncryptionKeys`.
 * @throws `DocumentKeyInvalid`, `EncryptionKeyInvalid`, `DocumentContextInvalid`.
 * @see https://www.rfc-editor.org/rfc/rfc9180#section-6.1
 */
export async function wrapRecordKey(
  recordKey: Uint8Array,
  encryptionKey: Uint8Array,
  context: GranteeContext,
): Promise<Bytes> {
  return wrapKey(recordKey, encryptionKey, granteeInfo(context));
}

/**
 * Open a record key that a custodian wrapped for this member.
 *
 * @param privateKey The member's private encryption key, 32 bytes.
 * @param context What the member believes it is for; anything else does not open.
 * @returns The record key, 32 bytes.
 * @throws `RecordKeyMalformed`, `RecordKeyNotForYou`, `DecryptionKeyInvalid`, `DocumentContextInvalid`.
 */
export async function openRecordKey(
  wrapped: Uint8Array,
  privateKey: Uint8Array,
  context: GranteeContext,
): Promise<Bytes> {
  return unwrapKey(wrapped, privateKey, granteeInfo(context), FAULTS);
}

/** A record as a custodian hands it to a grantee: ciphertext and the key wrapped for it. */
export interface SharedRecord {
  readonly sealed: Bytes;
  /** The record key wrapped to the grantee's encryption key, 114 bytes. */
  readonly wrapped: Bytes;
  /** Member that sealed the record; the grantee's context names it. */
  readonly custodian: number;
}

/**
 * Open what a custodian handed over, and check it against the anchored commitment.
 *
 * @throws As {@link openRecordKey} and `openRecord`.
 * @example
 * const { content } = await openSharedRecord(shared, privateKey, { ...place, custodian: 1, grantee: 7 }, commitment);
 */
export async function openSharedRecord(
  shared: Pick<SharedRecord, "sealed" | "wrapped">,
  privateKey: Uint8Array,
  context: GranteeContext,
  commitment: string,
): Promise<OpenedRecord> {
  const key = await openRecordKey(shared.wrapped, privateKey, context);
  return openRecord(shared.sealed, key, context, commitment);
}

/**
 * Wrap a record key to the custodian's own vault key: as {@link wrapRecordKey}, with
 * `info = "CareLedger.VaultKey.v1" ‖ suite ‖ … ‖ uint32 custodian ‖ uint32 vaultKey`.
 * @internal
 */
export async function wrapToVault(
  recordKey: Uint8Array,
  publicKey: Uint8Array,
  context: VaultKeyContext,
): Promise<Bytes> {
  return wrapKey(recordKey, publicKey, vaultInfo(context));
}

/** @internal */
export async function openFromVault(
  wrapped: Uint8Array,
  privateKey: Uint8Array,
  context: VaultKeyContext,
): Promise<Bytes> {
  return unwrapKey(wrapped, privateKey, vaultInfo(context), FAULTS);
}

function granteeInfo(context: GranteeContext): Bytes {
  return joinBytes(GRANTEE_LABEL, SUITE, recordBytes(context), memberBytes(context.grantee, "grantee"));
}

function vaultInfo(context: VaultKeyContext): Bytes {
  return joinBytes(VAULT_LABEL, SUITE, recordBytes(context), uintBytes(context.vaultKey, 4));
}
