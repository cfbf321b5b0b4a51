import type { CareLedgerError } from "../core/errors.ts";
import { type Bytes, copyBytes, joinBytes, uintBytes } from "./bytes.ts";
import { documentError } from "./errors.ts";

/** What can be wrong with what is sealed or opened; each kind of document has its own typed errors for it. */
export interface SealedFaults {
  tooLarge(length: number, limit: number): CareLedgerError;
  unreadable(cause?: unknown): CareLedgerError;
  malformed(problem: string): CareLedgerError;
}

/** How one kind of document is sealed. */
export interface SealedForm {
  /** Sizes that a plaintext is padded to, bytes, ascending: a ciphertext's length tells only which of them it is. */
  readonly sizes: readonly number[];
  readonly faults: SealedFaults;
}

const VERSION = 0x01;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const SALT_LENGTH = 32;

/** Bytes of a plaintext before its body: salt and length. */
export const HEADER_LENGTH = SALT_LENGTH + 4;

/** Bytes of a sealed document beside its plaintext: version, IV and tag. */
export const SEALED_OVERHEAD = 1 + IV_LENGTH + TAG_LENGTH;

/**
 * AES-256-GCM with a random 96-bit IV over a padded plaintext.
 *
 * ```text
 * sealed    = 0x01 ‖ iv(12) ‖ AES-256-GCM(key, iv, plaintext, aad)      tag of 16 bytes at the end
 * plaintext = salt(32) ‖ uint32 length ‖ body ‖ zeros up to the next size class
 * ```
 *
 * @throws `DocumentKeyInvalid` and the form's own.
 */
export async function sealPadded(
  body: Uint8Array,
  salt: Uint8Array,
  key: Uint8Array,
  aad: Bytes,
  form: SealedForm,
): Promise<Bytes> {
  const size = form.sizes.find((each) => each >= HEADER_LENGTH + body.length);
  if (size === undefined) throw form.faults.tooLarge(body.length, form.sizes.at(-1)! - HEADER_LENGTH);
  const plaintext = new Uint8Array(size);
  plaintext.set(salt, 0);
  plaintext.set(uintBytes(body.length, 4), SALT_LENGTH);
  plaintext.set(body, HEADER_LENGTH);
  const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH));
  const aes = await importKey(key, "encrypt");
  const algorithm = { name: "AES-GCM", iv, additionalData: aad };
  const ciphertext = await crypto.subtle.encrypt(algorithm, aes, plaintext);
  return joinBytes(Uint8Array.of(VERSION), iv, new Uint8Array(ciphertext));
}

/**
 * Open what {@link sealPadded} made; padding and length are checked.
 * @throws `DocumentKeyInvalid` and the form's own.
 */
export async function openPadded(
  sealed: Uint8Array,
  key: Uint8Array,
  aad: Bytes,
  { sizes, faults }: SealedForm,
): Promise<{ readonly salt: Bytes; readonly body: Bytes }> {
  const aes = await importKey(key, "decrypt");
  if (sealed[0] !== VERSION || !sizes.includes(sealed.length - SEALED_OVERHEAD)) throw faults.unreadable();
  const iv = copyBytes(sealed.subarray(1, 1 + IV_LENGTH));
  const plaintext = await crypto.subtle
    .decrypt({ name: "AES-GCM", iv, additionalData: aad }, aes, copyBytes(sealed.subarray(1 + IV_LENGTH)))
    .then((bytes) => new Uint8Array(bytes))
    .catch((cause: unknown) => {
      throw faults.unreadable(cause);
    });
  const end = HEADER_LENGTH + new DataView(plaintext.buffer).getUint32(SALT_LENGTH);
  if (end > plaintext.length || plaintext.subarray(end).some((byte) => byte !== 0)) {
    throw faults.malformed("padding");
  }
  return { salt: plaintext.slice(0, SALT_LENGTH), body: plaintext.slice(HEADER_LENGTH, end) };
}

function importKey(key: Uint8Array, use: "encrypt" | "decrypt") {
  if (!(key instanceof Uint8Array) || key.length !== 32)
    throw documentError("DocumentKeyInvalid", { field: "key" });
  return crypto.subtle.importKey("raw", copyBytes(key), "AES-GCM", false, [use]);
}
