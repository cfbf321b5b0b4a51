import { p256 } from "@noble/curves/nist.js";
import { concat, getBytes, hexlify } from "ethers";

import { checkObject } from "../core/input.ts";
import { patientError } from "./errors.ts";
import {
  type BytesLike,
  checkPrivateKey,
  checkPublicKey,
  keyedSigner,
  publicKeyOf,
  readSignature,
  verifySignature,
} from "./p256.ts";
import { type PatientSigner, askSigner, signerOf } from "./signer.ts";

/** What of a WebCrypto key is looked at; a `CryptoKey` is one. */
export interface P256CryptoKey {
  readonly type: string;
  readonly extractable: boolean;
  readonly algorithm: { readonly name: string };
}

/** A WebCrypto key pair: ECDSA on P-256, extractable. A `CryptoKeyPair` is one. */
export interface P256KeyPair {
  readonly privateKey: P256CryptoKey;
}

/** A key that never leaves its device (a secure element, an HSM) and signs digests as they are. */
export interface P256Device {
  /** x and y, 64 bytes in hexadecimal. */
  readonly publicKey: string;
  /** Sign 32 bytes without hashing them; gives `r ‖ s`, 64 bytes. A high `s` is turned over. */
  signDigest(digest: Uint8Array): Promise<BytesLike>;
}

/**
 * A patient's P-256 key in an app: a private key in hexadecimal (`derivePatientKey`), a WebCrypto pair, or a device.
 *
 * The chain's verifier takes the digest as what ECDSA signs. WebCrypto always hashes first and cannot sign such a digest;
 * so its private key is read out once, which needs an extractable pair. A key that must stay where it is signs as a
 * passkey (`createWebAuthnSigner`) or behind `signDigest`.
 *
 * @param verifier Address of the verifier: `network.verifiers.p256`.
 * @returns Its subject is `verifier ‖ x ‖ y`; its signatures are `r ‖ s`, 64 bytes, with a low `s`.
 * @throws `InputInvalid`, `PatientKeyInvalid`, `PatientKeyPairUnsuitable`, `PatientPublicKeyInvalid`; `sign` throws
 * `PatientSignerRefused`, `PatientSignatureMalformed` and `PatientSignatureWrong` when the device gives another's.
 * @example
 * const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
 * const patient = await createP256Signer(network.verifiers.p256, keys);
 */
export async function createP256Signer(
  verifier: string,
  key: string | P256KeyPair | P256Device,
): Promise<PatientSigner> {
  keyedSigner(verifier, "0x");
  if (typeof key === "string") return keySigner(verifier, checkPrivateKey("key", key));
  checkObject("key", key);
  if ("signDigest" in key) return deviceSigner(verifier, key);
  return keySigner(verifier, await readPrivateKey(key));
}

function keySigner(verifier: string, privateKey: Uint8Array): PatientSigner {
  return signerOf("p256", keyedSigner(verifier, publicKeyOf(privateKey)), async (digest) =>
    hexlify(p256.sign(getBytes(digest), privateKey, { prehash: false, lowS: true })),
  );
}

function deviceSigner(verifier: string, device: P256Device): PatientSigner {
  const publicKey = checkPublicKey("publicKey", device.publicKey);
  return signerOf("p256", keyedSigner(verifier, publicKey), async (digest) => {
    const given = await askSigner(() => device.signDigest(getBytes(digest)));
    const signature = readSignature(given, "64 bytes, r and s");
    verifySignature(signature, getBytes(digest), publicKey);
    return concat([signature.r, signature.s]);
  });
}

async function readPrivateKey({ privateKey }: P256KeyPair): Promise<Uint8Array> {
  const unsuitable = (problem: string, cause?: unknown) =>
    patientError("PatientKeyPairUnsuitable", { problem }, cause);
  if (privateKey?.type !== "private") throw unsuitable("it has no private key");
  if (!privateKey.extractable) throw unsuitable("its private key is not extractable");
  let jwk: { readonly crv?: string; readonly d?: string };
  try {
    jwk = await crypto.subtle.exportKey("jwk", privateKey as Parameters<typeof crypto.subtle.exportKey>[1]);
  } catch (cause) {
    throw unsuitable("WebCrypto does not give its private key out", cause);
  }
  if (jwk.crv !== "P-256" || jwk.d === undefined) throw unsuitable("it is not on the curve P-256");
  const bytes = Uint8Array.from(atob(jwk.d.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
    character.charCodeAt(0),
  );
  return checkPrivateKey("key", hexlify(bytes));
}
