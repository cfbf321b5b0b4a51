import { getBytes, hexlify, isHexString } from "ethers";

import {
  type Bytes,
  type PrescriptionPlace,
  copyBytes,
  joinBytes,
  memberBytes,
  placeBytes,
  textBytes,
} from "./bytes.ts";
import { canonicalJson } from "./canonical.ts";
import { commitmentOf, requireCommitment, requireSalt } from "./commitment.ts";
import { documentError } from "./errors.ts";
import { SEALED_OVERHEAD, type SealedForm, openPadded, sealPadded } from "./sealing.ts";

/** What a sealed document is bound to: it opens nowhere else. */
export interface DocumentContext extends PrescriptionPlace {
  /** Member that sealed it, to keep it: the prescription's issuer, also after a successor took its documents over. */
  readonly custodian: number;
}

/** A document that was opened and found to be the one the chain commits to. */
export interface OpenedDocument {
  readonly document: unknown;
  readonly salt: Bytes;
}

/**
 * Plaintext sizes, bytes. A ciphertext's length tells only which of these six classes it is in.
 * A FHIR MedicationRequest takes 2-9 KB, one with a long formula 20-40 KB.
 */
export const SIZE_CLASSES = [4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304] as const;

/** Longest sealed document, bytes. */
export const MAX_SEALED_LENGTH = SIZE_CLASSES[SIZE_CLASSES.length - 1]! + SEALED_OVERHEAD;

const FORM: SealedForm = {
  sizes: SIZE_CLASSES,
  faults: {
    tooLarge: (length, limit) => documentError("DocumentTooLarge", { length, limit }),
    unreadable: (cause) => documentError("DocumentUnreadable", {}, cause),
    malformed: (problem) => documentError("DocumentMalformed", { problem }),
  },
};

const AAD_LABEL = textBytes("CareLedger.Document.v1");
const STEALTH_INFO = textBytes("CareLedger.DocumentKey.v1.stealth");
const QR_INFO = textBytes("CareLedger.DocumentKey.v1.qr");

/**
 * The document key of a patient with an app: HKDF-SHA-256 over the stealth ECDH secret. The hospital knows the secret at
 * issue, the patient finds it again with the viewing key; both derive the same key.
 *
 * `key = HKDF-SHA-256(ikm = secret, salt = prescription id, info = "CareLedger.DocumentKey.v1.stealth", 32)`
 *
 * Whoever has the viewing key can read the documents; it cannot sign for the holder.
 *
 * @param sharedSecret The ECDH point, SEC 1 compressed, 33 bytes; see `createStealthHolder` and `scanAnnouncements`.
 * @param prescription Prescription id.
 * @throws `DocumentKeyInvalid`, `DocumentContextInvalid`.
 * @see https://www.rfc-editor.org/rfc/rfc5869
 */
export function documentKeyFromStealth(sharedSecret: Uint8Array, prescription: string): Promise<Bytes> {
  if (sharedSecret.length !== 33 || (sharedSecret[0] !== 2 && sharedSecret[0] !== 3)) {
    throw documentError("DocumentKeyInvalid", { field: "sharedSecret" });
  }
  return deriveKey(sharedSecret, prescription, STEALTH_INFO);
}

/**
 * The document key of a patient with a paper: HKDF-SHA-256 over the holder key in the QR code, so that whoever the
 * patient shows the paper to can read the document.
 *
 * `key = HKDF-SHA-256(ikm = holder private key, salt = prescription id, info = "CareLedger.DocumentKey.v1.qr", 32)`
 *
 * @param holderPrivateKey 32 bytes in hexadecimal.
 * @param prescription Prescription id.
 * @throws `DocumentKeyInvalid`, `DocumentContextInvalid`.
 */
export function documentKeyFromQr(holderPrivateKey: string, prescription: string): Promise<Bytes> {
  if (!isHexString(holderPrivateKey, 32))
    throw documentError("DocumentKeyInvalid", { field: "holderPrivateKey" });
  return deriveKey(getBytes(holderPrivateKey), prescription, QR_INFO);
}

/**
 * Seal a document for its custodian: AES-256-GCM with a random 96-bit IV.
 *
 * ```text
 * sealed    = 0x01 ‖ iv(12) ‖ AES-256-GCM(key, iv, plaintext, aad)      tag of 16 bytes at the end
 * plaintext = salt(32) ‖ uint32 length ‖ JCS(document) ‖ zeros up to the next size class
 * aad       = "CareLedger.Document.v1" ‖ uint256 chainId ‖ registry(20) ‖ prescription(32) ‖ uint32 custodian
 * ```
 *
 * @param salt The salt of the document's commitment; it travels inside, so that the reader can check the commitment.
 * @param key The document key, 32 bytes.
 * @throws `DocumentNotJson`, `DocumentTooLarge`, `SaltInvalid`, `DocumentKeyInvalid`, `DocumentContextInvalid`.
 * @see NIST SP 800-38D
 */
export async function sealDocument(
  document: unknown,
  salt: Uint8Array,
  key: Uint8Array,
  context: DocumentContext,
): Promise<Bytes> {
  requireSalt(salt);
  return sealPadded(canonicalJson(document), salt, key, associatedData(context), FORM);
}

/**
 * Open a sealed document and check it against the prescription's commitment. What it returns is the document that was
 * issued, or it throws: nothing is accepted in part.
 *
 * @throws `DocumentUnreadable` (wrong, cut or altered ciphertext, or another prescription's), `DocumentMalformed`,
 * `DocumentMismatch` (another document or salt than the chain commits to), `DocumentKeyInvalid`,
 * `DocumentContextInvalid`, `CommitmentInvalid`.
 */
export async function openDocument(
  sealed: Uint8Array,
  key: Uint8Array,
  context: DocumentContext,
  commitment: string,
): Promise<OpenedDocument> {
  requireCommitment(commitment);
  const { salt, body: canonical } = await openPadded(sealed, key, associatedData(context), FORM);
  if (commitmentOf(canonical, salt) !== commitment.toLowerCase()) throw documentError("DocumentMismatch");
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(canonical));
  } catch (cause) {
    throw documentError("DocumentMalformed", { problem: "not JSON" }, cause);
  }
  // Other readers must come to the same bytes from the parsed document: equal names twice, say, would not.
  if (hexlify(canonicalJson(document)) !== hexlify(canonical)) {
    throw documentError("DocumentMalformed", { problem: "not canonical" });
  }
  return { document, salt };
}

function associatedData(context: DocumentContext): Bytes {
  return joinBytes(AAD_LABEL, placeBytes(context), memberBytes(context.custodian, "custodian"));
}

async function deriveKey(secret: Uint8Array, prescription: string, info: Bytes): Promise<Bytes> {
  if (!isHexString(prescription, 32))
    throw documentError("DocumentContextInvalid", { field: "prescription" });
  const material = await crypto.subtle.importKey("raw", copyBytes(secret), "HKDF", false, ["deriveBits"]);
  const salt = copyBytes(getBytes(prescription));
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, material, 256);
  return new Uint8Array(bits);
}
