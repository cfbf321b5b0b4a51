import type { CareLedgerError } from "../core/errors.ts";
import { type Bytes, copyBytes, joinBytes } from "./bytes.ts";
import { documentError } from "./errors.ts";
import { hpke, importDecryptionKey, importEncryptionKey } from "./keys.ts";

/** What can be wrong with a wrapped key; each use of it has its own typed errors. */
export interface WrapFaults {
  malformed(length: number): CareLedgerError;
  notForYou(cause: unknown): CareLedgerError;
}

const VERSION = 0x01;
const ENC_LENGTH = 65;
const CIPHERTEXT_LENGTH = 32 + 16;

/** Length of a wrapped key, bytes. */
export const WRAPPED_LENGTH = 1 + ENC_LENGTH + CIPHERTEXT_LENGTH;

/**
 * Wrap a document key to an encryption key: `0x01 ‖ enc(65) ‖ ciphertext(48)`, HPKE base mode, single shot, empty aad.
 * @param info What the wrapped key is bound to: it opens for nothing else.
 * @throws `DocumentKeyInvalid`, `EncryptionKeyInvalid`.
 */
export async function wrapKey(
  documentKey: Uint8Array,
  encryptionKey: Uint8Array,
  info: Bytes,
): Promise<Bytes> {
  if (documentKey.length !== 32) throw documentError("DocumentKeyInvalid", { field: "documentKey" });
  const recipientPublicKey = await importEncryptionKey(encryptionKey);
  const { enc, ct } = await hpke.seal(
    { recipientPublicKey, info: info.buffer },
    copyBytes(documentKey).buffer,
  );
  return joinBytes(Uint8Array.of(VERSION), new Uint8Array(enc), new Uint8Array(ct));
}

/**
 * Open a wrapped key.
 * @throws `DecryptionKeyInvalid` and the use's own.
 */
export async function unwrapKey(
  wrapped: Uint8Array,
  privateKey: Uint8Array,
  info: Bytes,
  faults: WrapFaults,
): Promise<Bytes> {
  if (wrapped.length !== WRAPPED_LENGTH || wrapped[0] !== VERSION) throw faults.malformed(wrapped.length);
  const recipientKey = await importDecryptionKey(privateKey);
  const enc = copyBytes(wrapped.subarray(1, 1 + ENC_LENGTH)).buffer;
  const ciphertext = copyBytes(wrapped.subarray(1 + ENC_LENGTH)).buffer;
  try {
    return new Uint8Array(await hpke.open({ recipientKey, enc, info: info.buffer }, ciphertext));
  } catch (cause) {
    throw faults.notForYou(cause);
  }
}
