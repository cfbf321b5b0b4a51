import { concat, getBytes, hexlify, sha256, toBeHex } from "ethers";

import {
  BACKED_UP,
  BACKUP_ELIGIBLE,
  USER_PRESENT,
  USER_VERIFIED,
  readAuthenticatorData,
} from "./authenticatorData.ts";
import { patientError } from "./errors.ts";
import { type LowSignature, bytesOf, readSignature, verifySignature } from "./p256.ts";
import type { PasskeyAssertion } from "./webAuthnSigner.ts";

/** What an assertion must say. */
interface Expected {
  readonly challenge: Uint8Array;
  readonly publicKey: string;
  readonly rpIdHash: string | undefined;
}

/** r, s, two indices and two offsets. */
const HEAD_LENGTH = 6 * 32;

/**
 * Check an assertion as the chain will, and encode it for the verifier:
 *
 * ```text
 * r (32) ‖ s (32) ‖ place of "challenge" (32) ‖ place of "type" (32) ‖ offset of a (32) ‖ offset of c (32)
 * ‖ length of a (32) ‖ a ‖ length of c (32) ‖ c             a: authenticator data, c: client data, places in c
 * ```
 *
 * This is the ABI encoding of OpenZeppelin's `WebAuthnAuth`, without the padding after a and c, which its verifier does
 * not ask for. With 37 bytes of a, 293 bytes and c.
 */
export function webAuthnSignature(assertion: PasskeyAssertion, expected: Expected): string {
  const authenticatorData = bytesOf(assertion?.authenticatorData);
  const clientData = bytesOf(assertion?.clientDataJSON);
  if (authenticatorData === undefined) throw malformed("authenticatorData");
  if (clientData === undefined) throw malformed("clientDataJSON");
  const signature = readSignature(assertion.signature, "DER");
  const places = checkClientData(clientData, expected.challenge);
  checkAuthenticatorData(authenticatorData, expected.rpIdHash);
  const signed = getBytes(sha256(concat([authenticatorData, sha256(clientData)])));
  verifySignature(signature, signed, expected.publicKey);
  return encode(signature, places, authenticatorData, clientData);
}

/** Where the verifier finds type and challenge: byte places in the client data. */
interface Places {
  readonly challenge: number;
  readonly type: number;
}

function checkClientData(clientData: Uint8Array, challenge: Uint8Array): Places {
  let parsed: { readonly type?: unknown; readonly challenge?: unknown } | null;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(clientData)) as typeof parsed;
  } catch (cause) {
    throw patientError("PasskeyAssertionMalformed", { field: "clientDataJSON" }, cause);
  }
  const expected = base64Url(challenge);
  if (parsed?.type !== "webauthn.get") throw patientError("PasskeyAssertionWrong", { field: "type" });
  if (parsed.challenge !== expected) throw patientError("PasskeyAssertionWrong", { field: "challenge" });
  // One character a byte, so that places count bytes.
  const text = Array.from(clientData, (byte) => String.fromCharCode(byte)).join("");
  const places = {
    type: text.indexOf('"type":"webauthn.get"'),
    challenge: text.indexOf(`"challenge":"${expected}"`),
  };
  // The verifier compares bytes; browsers write them so, without white space (WebAuthn 5.8.1.1).
  if (places.type === -1 || places.challenge === -1) throw malformed("clientDataJSON");
  return places;
}

function checkAuthenticatorData(bytes: Uint8Array, rpIdHash: string | undefined): void {
  const data = readAuthenticatorData(bytes);
  if (data === undefined) throw malformed("authenticatorData");
  if (rpIdHash !== undefined && hexlify(data.rpIdHash) !== rpIdHash) {
    throw patientError("PasskeyAssertionWrong", { field: "relying party" });
  }
  if ((data.flags & USER_PRESENT) === 0) throw patientError("PasskeyUserAbsent");
  if ((data.flags & USER_VERIFIED) === 0) throw patientError("PasskeyUserUnverified");
  // Backed up though not to be backed up: no authenticator may say so, and the verifier refuses it.
  if ((data.flags & (BACKED_UP | BACKUP_ELIGIBLE)) === BACKED_UP) throw malformed("authenticatorData");
}

function encode({ r, s }: LowSignature, places: Places, a: Uint8Array, c: Uint8Array): string {
  const words = [places.challenge, places.type, HEAD_LENGTH, HEAD_LENGTH + 32 + a.length];
  return concat([r, s, ...words.map(word), word(a.length), a, word(c.length), c]);
}

function word(value: number): string {
  return toBeHex(value, 32);
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function malformed(field: string) {
  return patientError("PasskeyAssertionMalformed", { field });
}
