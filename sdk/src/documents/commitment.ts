import { getBytes, hexlify, id, isHexString, keccak256, sha256 } from "ethers";

import { type Bytes, copyBytes, joinBytes } from "./bytes.ts";
import { canonicalJson } from "./canonical.ts";
import { documentError } from "./errors.ts";

/** `keccak256("CareLedger.DocumentCommitment.v1")`: keeps these commitments apart from every other hash. */
export const COMMITMENT_TAG = id("CareLedger.DocumentCommitment.v1");

/** Fewer distinct bytes than this among 32 random ones happen less than once in 2^60 draws. */
const LEAST_DISTINCT_BYTES = 16;

/** A document's commitment and what opens it. */
export interface DocumentCommitment {
  /** What goes on chain, 32 bytes in hexadecimal. */
  readonly commitment: string;
  /** 32 random bytes. Kept with the document, never on chain: without it nobody can test a guess. */
  readonly salt: Bytes;
}

/** Draw a fresh salt: 32 bytes from the platform's random generator. */
export function createSalt(): Bytes {
  return crypto.getRandomValues(new Uint8Array(32));
}

/**
 * Commit to a document with a salt:
 *
 * ```text
 * commitment = keccak256( tag ‖ salt ‖ sha256(JCS(document)) )        96 bytes, three words
 * tag        = keccak256("CareLedger.DocumentCommitment.v1")
 * ```
 *
 * Vectors (the salts count upwards from the byte that is named):
 *
 * ```text
 * tag                                                      0x57febbebf9e24767bf340bcd598233e8389d0be503b6ddd125e73d67a2a64d19
 * {}                                                       salt 00…1f
 *   0xe3c19dd4c62c92a9d2c394bc6627d53fcbc55c598fd64c1a155b5abd331402b3
 * {"resourceType":"MedicationRequest","status":"active"}   salt 20…3f
 *   0x3a4eda3cb2ab09282b0b5e704b8094a4ff029b50518de34736c83c6cc65d4dc7
 * {"list":[null,true],"text":"桂枝汤","value":1.5}          salt f0…0f
 *   0x669dc1d8d252a159431622110fd5b9a93af2167ce3c2f8fdd81a1d0e7e3a8a71
 * ```
 *
 * Each part has a fixed length, so no two inputs share an encoding. The salt hides the document: what a prescription may
 * say is guessable, 32 random bytes are not. Use a salt once.
 *
 * @param document Plain JSON, see {@link canonicalJson}.
 * @param salt Leave it out to draw a fresh one.
 * @throws `DocumentNotJson`, `SaltInvalid`.
 * @example
 * const { commitment, salt } = commitDocument(medicationRequest);
 */
export function commitDocument(document: unknown, salt: Uint8Array = createSalt()): DocumentCommitment {
  requireSalt(salt);
  return { commitment: commitmentOf(canonicalJson(document), salt), salt: copyBytes(salt) };
}

/**
 * Whether a document and a salt are what a commitment says.
 * @throws `DocumentNotJson`, `SaltInvalid`, `CommitmentInvalid` when the inputs are malformed; a mere mismatch is `false`.
 */
export function verifyDocument(document: unknown, salt: Uint8Array, commitment: string): boolean {
  requireSalt(salt);
  requireCommitment(commitment);
  return commitmentOf(canonicalJson(document), salt) === commitment.toLowerCase();
}

/** The commitment over canonical bytes. */
export function commitmentOf(canonical: Uint8Array, salt: Uint8Array): string {
  return taggedCommitment(COMMITMENT_TAG, canonical, salt);
}

/** `keccak256( tag ‖ salt ‖ sha256(bytes) )`: the tag keeps kinds of commitments apart. */
export function taggedCommitment(tag: string, bytes: Uint8Array, salt: Uint8Array): string {
  return keccak256(joinBytes(getBytes(tag), salt, getBytes(sha256(bytes))));
}

/** @throws `SaltInvalid` */
export function requireSalt(salt: unknown): asserts salt is Uint8Array {
  if (!(salt instanceof Uint8Array) || salt.length !== 32) {
    throw documentError("SaltInvalid", { length: salt instanceof Uint8Array ? salt.length : null });
  }
  if (new Set(salt).size < LEAST_DISTINCT_BYTES) throw documentError("SaltInvalid", { length: 32 });
}

/** @throws `CommitmentInvalid` */
export function requireCommitment(commitment: unknown): asserts commitment is string {
  if (!isHexString(commitment, 32) || commitment === hexlify(new Uint8Array(32))) {
    throw documentError("CommitmentInvalid");
  }
}
