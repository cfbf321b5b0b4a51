import { p256 } from "@noble/curves/nist.js";
import { concat, getBytes, hexlify, isHexString, toBeHex } from "ethers";

import { checkAddress } from "../core/input.ts";
import { patientError } from "./errors.ts";

/** Bytes as browsers and devices give them, or in hexadecimal. */
export type BytesLike = ArrayBuffer | Uint8Array | string;

/** Order of the curve P-256. */
const ORDER = p256.Point.Fn.ORDER;
const UNCOMPRESSED = "0x04";

/** The bytes, or `undefined` for what is none. A copy. */
export function bytesOf(value: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof value === "string") {
    return isHexString(value) && value.length % 2 === 0 ? new Uint8Array(getBytes(value)) : undefined;
  }
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength).slice();
  }
  return undefined;
}

/** `x ‖ y` of a point on the curve, lower case. Throws `PatientPublicKeyInvalid`. */
export function checkPublicKey(field: string, publicKey: string): string {
  try {
    if (!isHexString(publicKey, 64)) throw patientError("PatientPublicKeyInvalid", { field });
    p256.Point.fromBytes(getBytes(concat([UNCOMPRESSED, publicKey]))).assertValidity();
    return publicKey.toLowerCase();
  } catch (cause) {
    throw patientError("PatientPublicKeyInvalid", { field }, cause);
  }
}

/** Private scalar, 32 bytes. Throws `PatientKeyInvalid`. */
export function checkPrivateKey(field: string, privateKey: string): Uint8Array {
  const bytes = isHexString(privateKey, 32) ? getBytes(privateKey) : undefined;
  if (bytes === undefined || !p256.utils.isValidSecretKey(bytes)) {
    throw patientError("PatientKeyInvalid", { field, curve: "P-256" });
  }
  return bytes;
}

/** `x ‖ y` of a private key. */
export function publicKeyOf(privateKey: Uint8Array): string {
  return hexlify(p256.getPublicKey(privateKey, false).slice(1));
}

/** The subject of a key that a verifier checks: `verifier ‖ x ‖ y`, 84 bytes. */
export function keyedSigner(verifier: string, publicKey: string): string {
  return concat([checkAddress("verifier", verifier), publicKey]).toLowerCase();
}

/** Both halves of a signature, `s` in the lower half: of the two that hold, the chain takes only this one. */
export interface LowSignature {
  readonly r: string;
  readonly s: string;
}

/**
 * Read `r ‖ s` (64 bytes) or DER, and turn a high `s` over.
 * @throws `PatientSignatureMalformed`
 */
export function readSignature(signature: unknown, form: "64 bytes, r and s" | "DER"): LowSignature {
  try {
    const bytes = bytesOf(signature);
    if (bytes === undefined) throw patientError("PatientSignatureMalformed", { form });
    const { r, s } = p256.Signature.fromBytes(bytes, form === "DER" ? "der" : "compact");
    return { r: toBeHex(r, 32), s: toBeHex(s > ORDER / 2n ? ORDER - s : s, 32) };
  } catch (cause) {
    throw patientError("PatientSignatureMalformed", { form }, cause);
  }
}

/**
 * Hold a signature against its key before it is relayed.
 * @throws `PatientSignatureWrong`
 */
export function verifySignature({ r, s }: LowSignature, digest: Uint8Array, publicKey: string): void {
  const point = getBytes(concat([UNCOMPRESSED, publicKey]));
  if (!p256.verify(getBytes(concat([r, s])), digest, point, { prehash: false, lowS: true })) {
    throw patientError("PatientSignatureWrong");
  }
}
