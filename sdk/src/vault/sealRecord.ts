import { id } from "ethers";

import {
  type Bytes,
  copyBytes,
  joinBytes,
  memberBytes,
  registryBytes,
  textBytes,
} from "../documents/bytes.ts";
import { SIZE_CLASSES } from "../documents/cipher.ts";
import {
  type DocumentCommitment,
  createSalt,
  requireCommitment,
  requireSalt,
  taggedCommitment,
} from "../documents/commitment.ts";
import { SEALED_OVERHEAD, type SealedForm, openPadded, sealPadded } from "../documents/sealing.ts";
import { vaultError } from "./errors.ts";

/** What a sealed record and its keys are bound to: they open nowhere else. */
export interface RecordContext {
  /** Chain id, from 1 to 2^53-1. */
  readonly chainId: number;
  /** Address of the RecordRegistry (its proxy), 20 bytes. */
  readonly registry: string;
  /** Record id, 32 bytes. */
  readonly record: string;
  /** Member that sealed it, to keep it; also after a successor took its records over. */
  readonly custodian: number;
}

/** A record as it is stored: bytes of any kind. */
export interface RecordContent {
  /** Media type (RFC 6838), such as `application/fhir+json` or `image/png`; 1 to 127 printable ASCII characters. */
  readonly mediaType: string;
  /** At most {@link MAX_RECORD_LENGTH} bytes. */
  readonly content: Uint8Array;
}

/** A record that was opened and found to be the anchored one. */
export interface OpenedRecord {
  readonly mediaType: string;
  readonly content: Bytes;
  readonly salt: Bytes;
}

/** Longest content of a record, bytes: 4 MiB. */
export const MAX_RECORD_LENGTH = 4_194_304;

const PAGE = 4_096;
const MEDIA_TYPE = /^[A-Za-z0-9][\w!#$&^.+-]*\/[A-Za-z0-9][\w!#$&^.+-]*( ?;[ -~]*)?$/;
const LONGEST_MEDIA_TYPE = 127;

/**
 * Plaintext sizes of records, bytes: those of documents, the last with a page more, so that 4 MiB of content fit beside
 * the header.
 */
export const RECORD_SIZE_CLASSES: readonly number[] = [
  ...SIZE_CLASSES.slice(0, -1),
  MAX_RECORD_LENGTH + PAGE,
];

/** Longest sealed record, bytes. */
export const MAX_SEALED_RECORD_LENGTH = MAX_RECORD_LENGTH + PAGE + SEALED_OVERHEAD;

/** `keccak256("CareLedger.RecordCommitment.v1")`: keeps these commitments apart from every other hash. */
export const RECORD_COMMITMENT_TAG = id("CareLedger.RecordCommitment.v1");

const FORM: SealedForm = {
  sizes: RECORD_SIZE_CLASSES,
  faults: {
    tooLarge: (length) => vaultError("RecordTooLarge", { length, limit: MAX_RECORD_LENGTH }),
    unreadable: (cause) => vaultError("RecordUnreadable", {}, cause),
    malformed: (problem) => vaultError("RecordMalformed", { problem }),
  },
};

const AAD_LABEL = textBytes("CareLedger.Record.v1");

/** Draw a fresh record key: 32 bytes from the platform's random generator. Use it for one record. */
export function createRecordKey(): Bytes {
  return crypto.getRandomValues(new Uint8Array(32));
}

/**
 * Commit to a record with a salt; the commitment is what is anchored.
 *
 * ```text
 * commitment = keccak256( tag ‖ salt ‖ sha256(body) )
 * body       = uint8 length ‖ media type ‖ content
 * tag        = keccak256("CareLedger.RecordCommitment.v1")
 * ```
 *
 * @param salt Leave it out to draw a fresh one. Use a salt once: it is what keeps the content from being guessed.
 * @throws `RecordContentInvalid`, `RecordTooLarge`, `SaltInvalid`.
 * @example
 * const { commitment, salt } = commitRecord({ mediaType: "image/png", content });
 */
export function commitRecord(record: RecordContent, salt: Uint8Array = createSalt()): DocumentCommitment {
  requireSalt(salt);
  const commitment = taggedCommitment(RECORD_COMMITMENT_TAG, bodyOf(record), salt);
  return { commitment, salt: copyBytes(salt) };
}

/**
 * Seal a record for its custodian: AES-256-GCM with a random 96-bit IV.
 *
 * ```text
 * sealed    = 0x01 ‖ iv(12) ‖ AES-256-GCM(key, iv, plaintext, aad)      tag of 16 bytes at the end
 * plaintext = salt(32) ‖ uint32 length ‖ body ‖ zeros up to the next size class
 * aad       = "CareLedger.Record.v1" ‖ uint256 chainId ‖ registry(20) ‖ record(32) ‖ uint32 custodian
 * ```
 *
 * @param salt The salt of the commitment; it travels inside, so that the reader can check the commitment.
 * @param key A fresh key, 32 bytes, see {@link createRecordKey}.
 * @throws `RecordContentInvalid`, `RecordTooLarge`, `SaltInvalid`, `DocumentKeyInvalid`, `DocumentContextInvalid`.
 * @see NIST SP 800-38D
 */
export async function sealRecord(
  record: RecordContent,
  salt: Uint8Array,
  key: Uint8Array,
  context: RecordContext,
): Promise<Bytes> {
  requireSalt(salt);
  return sealPadded(bodyOf(record), salt, key, joinBytes(AAD_LABEL, recordBytes(context)), FORM);
}

/**
 * Open a sealed record and check it against the anchored commitment. What it returns is what was anchored, or it throws.
 *
 * @throws `RecordUnreadable` (wrong, cut or altered ciphertext, or another record's), `RecordMalformed`,
 * `RecordMismatch` (another content, media type or salt than anchored), `DocumentKeyInvalid`,
 * `DocumentContextInvalid`, `CommitmentInvalid`.
 */
export async function openRecord(
  sealed: Uint8Array,
  key: Uint8Array,
  context: RecordContext,
  commitment: string,
): Promise<OpenedRecord> {
  requireCommitment(commitment);
  const aad = joinBytes(AAD_LABEL, recordBytes(context));
  const { salt, body } = await openPadded(sealed, key, aad, FORM);
  if (taggedCommitment(RECORD_COMMITMENT_TAG, body, salt) !== commitment.toLowerCase()) {
    throw vaultError("RecordMismatch");
  }
  const start = 1 + (body[0] ?? 0);
  const mediaType = new TextDecoder().decode(body.subarray(1, start));
  if (start > body.length || !isMediaType(mediaType)) {
    throw vaultError("RecordMalformed", { problem: "media type" });
  }
  return { mediaType, content: body.slice(start), salt };
}

/**
 * `uint256 chainId ‖ address registry ‖ bytes32 record ‖ uint32 custodian`, 88 bytes.
 * @throws `DocumentContextInvalid` naming the field.
 * @internal
 */
export function recordBytes({ chainId, registry, record, custodian }: RecordContext): Bytes {
  return joinBytes(registryBytes(chainId, registry, record, "record"), memberBytes(custodian, "custodian"));
}

function bodyOf({ mediaType, content }: RecordContent): Bytes {
  if (!(content instanceof Uint8Array)) throw vaultError("RecordContentInvalid", { field: "content" });
  if (!isMediaType(mediaType)) throw vaultError("RecordContentInvalid", { field: "mediaType" });
  if (content.length > MAX_RECORD_LENGTH) throw FORM.faults.tooLarge(content.length, MAX_RECORD_LENGTH);
  const name = textBytes(mediaType);
  return joinBytes(Uint8Array.of(name.length), name, content);
}

function isMediaType(value: unknown): boolean {
  return typeof value === "string" && value.length <= LONGEST_MEDIA_TYPE && MEDIA_TYPE.test(value);
}
