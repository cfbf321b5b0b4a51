import { concat, hexlify } from "ethers";

import { NEW_CREDENTIAL, readAuthenticatorData } from "./authenticatorData.ts";
import { type CborMap, readCbor } from "./cbor.ts";
import { patientError } from "./errors.ts";
import { type BytesLike, bytesOf, checkPublicKey } from "./p256.ts";

/** A patient's passkey for one custodian. Nothing in it is secret; all of it is the patient's alone to link. */
export interface Passkey {
  /** x and y of its P-256 key, 64 bytes in hexadecimal. */
  readonly publicKey: string;
  /** Its id for `allowCredentials`, in hexadecimal. Never goes on chain. */
  readonly credentialId: string;
  /** SHA-256 of the relying party's id that it belongs to, 32 bytes in hexadecimal. */
  readonly rpIdHash: string;
}

/** SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point's coordinates (RFC 5480). */
const SPKI_HEAD = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
/** COSE labels and values (RFC 9052, RFC 9053): an elliptic key with two coordinates for ES256 on P-256. */
const COSE = { keyType: 1, algorithm: 3, curve: -1, x: -2, y: -3, ec2: 2, es256: -7, p256: 1 } as const;
const AAGUID_LENGTH = 16;

/**
 * Read a new passkey from what `navigator.credentials.create` gave.
 *
 * Where the passkey is kept and by whom it was made is not checked: who enrols a patient decides what it trusts.
 *
 * @param attestationObject The `response.attestationObject`, any format, `none` too.
 * @throws `PasskeyMalformed` naming the field; `PasskeyAlgorithmUnsupported` when it is not ES256.
 * @example
 * const created = await navigator.credentials.create({ publicKey: options });
 * const passkey = readPasskey(created.response.attestationObject);
 * @see https://www.w3.org/TR/webauthn-3/#sctn-attestation
 */
export function readPasskey(attestationObject: BytesLike): Passkey {
  const bytes = bytesOf(attestationObject);
  const outer = bytes === undefined ? undefined : mapOf(bytes, "attestationObject");
  const given = outer?.get("authData");
  const data = given instanceof Uint8Array ? readAuthenticatorData(given) : undefined;
  if (data === undefined) throw patientError("PasskeyMalformed", { field: "attestationObject" });
  const { rpIdHash, flags, rest } = data;
  const idStart = AAGUID_LENGTH + 2;
  const idLength = (rest[AAGUID_LENGTH] ?? 0) * 256 + (rest[AAGUID_LENGTH + 1] ?? 0);
  if ((flags & NEW_CREDENTIAL) === 0 || idLength === 0 || rest.length <= idStart + idLength) {
    throw patientError("PasskeyMalformed", { field: "credentialId" });
  }
  return {
    publicKey: readCoseKey(mapOf(rest.subarray(idStart + idLength), "publicKey", true)),
    credentialId: hexlify(rest.subarray(idStart, idStart + idLength)),
    rpIdHash: hexlify(rpIdHash),
  };
}

/**
 * Read a P-256 public key from its SubjectPublicKeyInfo (DER), as `response.getPublicKey()` and WebCrypto's `spki` give it.
 *
 * @returns x and y, 64 bytes in hexadecimal.
 * @throws `PatientPublicKeyInvalid`
 * @example
 * const publicKey = readPublicKey(created.response.getPublicKey());
 */
export function readPublicKey(spki: BytesLike): string {
  const bytes = bytesOf(spki);
  const digits = bytes === undefined ? "" : hexlify(bytes).slice(2);
  if (!digits.startsWith(SPKI_HEAD)) throw patientError("PatientPublicKeyInvalid", { field: "spki" });
  return checkPublicKey("spki", `0x${digits.slice(SPKI_HEAD.length)}`);
}

function mapOf(bytes: Uint8Array, field: string, moreMayFollow = false): CborMap {
  try {
    const { value, end } = readCbor(bytes);
    if (value instanceof Map && (moreMayFollow || end === bytes.length)) return value;
  } catch (cause) {
    throw patientError("PasskeyMalformed", { field }, cause);
  }
  throw patientError("PasskeyMalformed", { field });
}

function readCoseKey(key: CborMap): string {
  if (key.get(COSE.keyType) !== COSE.ec2 || key.get(COSE.algorithm) !== COSE.es256) {
    throw patientError("PasskeyAlgorithmUnsupported");
  }
  const [x, y] = [key.get(COSE.x), key.get(COSE.y)];
  if (key.get(COSE.curve) !== COSE.p256 || !(x instanceof Uint8Array) || !(y instanceof Uint8Array)) {
    throw patientError("PasskeyMalformed", { field: "publicKey" });
  }
  return checkPublicKey("publicKey", concat([x, y]));
}
