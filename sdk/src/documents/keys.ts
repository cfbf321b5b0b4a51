import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";

import { type Bytes, copyBytes, joinBytes } from "./bytes.ts";
import { documentError } from "./errors.ts";

/** A member's key pair for envelopes. */
export interface EncryptionKeys {
  /** What the member publishes (`publishEncryptionKey`), 71 bytes; see {@link generateEncryptionKeys}. */
  readonly publicKey: Bytes;
  /** The P-256 scalar, 32 bytes. Never leaves the member's key store. */
  readonly privateKey: Bytes;
}

/** Suite of every envelope of version 1: RFC 9180 identifiers of KEM, KDF and AEAD, two bytes each. */
export const SUITE = Uint8Array.of(0x00, 0x10, 0x00, 0x01, 0x00, 0x02);

const POINT_LENGTH = 65;
const PUBLIC_LENGTH = SUITE.length + POINT_LENGTH;

/**
 * HPKE as this version uses it: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 * @internal
 */
export const hpke = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/**
 * Generate the key pair to which holders seal document keys.
 *
 * A published key is `kem(2) ‖ kdf(2) ‖ aead(2) ‖ point(65)`: RFC 9180's identifiers (0x0010, 0x0001, 0x0002), then the
 * uncompressed P-256 point. Naming the suite leaves room for others.
 *
 * @example
 * const { publicKey, privateKey } = await generateEncryptionKeys();
 * @see https://www.rfc-editor.org/rfc/rfc9180#section-7
 */
export async function generateEncryptionKeys(): Promise<EncryptionKeys> {
  const pair = await hpke.kem.generateKeyPair();
  const point = new Uint8Array(await hpke.kem.serializePublicKey(pair.publicKey));
  return {
    publicKey: joinBytes(SUITE, point),
    privateKey: new Uint8Array(await hpke.kem.serializePrivateKey(pair.privateKey)),
  };
}

/**
 * Read a published encryption key.
 * @throws `EncryptionKeyInvalid` when the suite is unknown or the point is not on the curve.
 * @internal
 */
export async function importEncryptionKey(published: Uint8Array) {
  if (published.length !== PUBLIC_LENGTH || SUITE.some((byte, at) => published[at] !== byte)) {
    throw documentError("EncryptionKeyInvalid", { length: published.length });
  }
  try {
    return await hpke.kem.deserializePublicKey(copyBytes(published.subarray(SUITE.length)).buffer);
  } catch (cause) {
    throw documentError("EncryptionKeyInvalid", { length: published.length }, cause);
  }
}

/**
 * Read a private encryption key.
 * @throws `DecryptionKeyInvalid`
 * @internal Typed by what a DOM declares, which a consumer need not have.
 */
export async function importDecryptionKey(privateKey: Uint8Array) {
  if (privateKey.length !== 32) throw documentError("DecryptionKeyInvalid");
  try {
    return await hpke.kem.deserializePrivateKey(copyBytes(privateKey).buffer);
  } catch (cause) {
    throw documentError("DecryptionKeyInvalid", {}, cause);
  }
}
