import { secp256k1 } from "@noble/curves/secp256k1.js";
import { computeAddress, getBytes, hexlify, isHexString, sha256 } from "ethers";

import { holderError } from "./errors.ts";
import { type EphemeralKey, requirePrivateKey, toEphemeralKey } from "./stealth.ts";

/** A holder key for a patient without an app. */
export interface QrHolder {
  /** Holder address for the prescription's terms. */
  readonly holder: string;
  /** The private key, 32 bytes in hexadecimal. It goes on the paper and is then forgotten. */
  readonly holderKey: string;
  /** A dummy that an observer cannot tell from a real one. */
  readonly ephemeralKey: EphemeralKey;
}

/** What a prescription's QR code says. */
export interface QrContent {
  /** Chain that the prescription is on, from 1 to 2^53-1. */
  readonly chainId: number;
  /** Prescription id, 32 bytes in hexadecimal. */
  readonly prescription: string;
  /** Holder's private key, 32 bytes in hexadecimal. */
  readonly holderKey: string;
}

const NAME = "CARELEDGER";
const VERSION = "1";
const HEAD = `${NAME}:${VERSION}:`;
/** RFC 4648, section 6: no 0, 1, 8 and 9, which are misread as O, I, B and g. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const PAYLOAD_LENGTH = 8 + 32 + 32;
const CHECKSUM_LENGTH = 4;
const CODE_LENGTH = Math.ceil(((PAYLOAD_LENGTH + CHECKSUM_LENGTH) * 8) / 5);

/** Length of the text of a prescription's QR code, characters. */
export const QR_TEXT_LENGTH = HEAD.length + CODE_LENGTH;

/**
 * Make a holder key for a patient without an app: a random key to be printed, and a random announcement, so that nobody
 * sees on chain which patients have an app.
 * @example
 * const { holder, holderKey, ephemeralKey } = createQrHolder();
 */
export function createQrHolder(): QrHolder {
  const holderKey = hexlify(secp256k1.utils.randomSecretKey());
  const dummy = secp256k1.getPublicKey(secp256k1.utils.randomSecretKey(), true);
  const viewTag = crypto.getRandomValues(new Uint8Array(1))[0]!;
  return { holder: computeAddress(holderKey), holderKey, ephemeralKey: toEphemeralKey(dummy, viewTag) };
}

/**
 * Write the text of a prescription's QR code:
 *
 * ```text
 * text     = "CARELEDGER:1:" ‖ Base32(payload ‖ checksum)         135 characters
 * payload  = uint64 chain id ‖ prescription id (32) ‖ holder private key (32)
 * checksum = first 4 bytes of SHA-256("CARELEDGER:1:" ‖ payload)
 * ```
 *
 * Base32 is RFC 4648's, upper case, without padding: all characters are in QR's alphanumeric set, so that the code stays
 * small (version 7 at level M), and a broken scanner can be replaced by typing. Whoever reads the code can have the
 * prescription filled and read it: the paper is what the patient shows.
 *
 * @throws `HolderKeyInvalid`; `QrContentInvalid` naming the field.
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-6
 */
export function formatQr({ chainId, prescription, holderKey }: QrContent): string {
  if (!Number.isSafeInteger(chainId) || chainId < 1) {
    throw holderError("QrContentInvalid", { field: "chainId" });
  }
  if (!isHexString(prescription, 32)) throw holderError("QrContentInvalid", { field: "prescription" });
  const payload = new Uint8Array(PAYLOAD_LENGTH);
  new DataView(payload.buffer).setBigUint64(0, BigInt(chainId));
  payload.set(getBytes(prescription), 8);
  payload.set(requirePrivateKey(holderKey, "holderKey"), 40);
  return `${HEAD}${toBase32(Uint8Array.of(...payload, ...checksumOf(payload)))}`;
}

/**
 * Read the text of a prescription's QR code. White space, line breaks, hyphens and lower case are forgiven.
 *
 * @param text What the scanner gave, or somebody typed.
 * @param expectedChain When given, a code of another chain is refused.
 * @throws `QrNotCareLedger`, `QrVersionUnknown`, `QrCharacterInvalid`, `QrLengthWrong`, `QrChecksumWrong`,
 * `QrContentInvalid`, `QrOtherChain`.
 */
export function parseQr(text: string, expectedChain?: number): QrContent & { readonly holder: string } {
  const clean = text.replace(/[\s-]/g, "").toUpperCase();
  const parts = /^([A-Z]+):([0-9]{1,4}):(.*)$/.exec(clean);
  const [, name, version, code] = parts ?? [];
  if (name !== NAME || version === undefined || code === undefined) throw holderError("QrNotCareLedger");
  if (version !== VERSION) throw holderError("QrVersionUnknown", { version });
  const place = [...code].findIndex((character) => !ALPHABET.includes(character));
  if (place !== -1) throw holderError("QrCharacterInvalid", { place: HEAD.length + place + 1 });
  if (code.length !== CODE_LENGTH) {
    throw holderError("QrLengthWrong", { length: clean.length, expected: QR_TEXT_LENGTH });
  }
  return readContent(fromBase32(code), expectedChain);
}

function readContent(
  bytes: Uint8Array,
  expectedChain: number | undefined,
): QrContent & { readonly holder: string } {
  const payload = bytes.slice(0, PAYLOAD_LENGTH);
  const rest = bytes.slice(PAYLOAD_LENGTH);
  // The last character carries two bits beyond the checksum; they are zero, or two texts would say the same.
  if (hexlify(rest) !== hexlify(Uint8Array.of(...checksumOf(payload), 0)))
    throw holderError("QrChecksumWrong");
  const chainId = Number(new DataView(payload.buffer).getBigUint64(0));
  if (!Number.isSafeInteger(chainId) || chainId === 0)
    throw holderError("QrContentInvalid", { field: "chain id" });
  const holderKey = hexlify(payload.slice(40));
  if (!secp256k1.utils.isValidSecretKey(payload.slice(40)))
    throw holderError("QrContentInvalid", { field: "key" });
  if (expectedChain !== undefined && chainId !== expectedChain) {
    throw holderError("QrOtherChain", { chainId, expected: expectedChain });
  }
  return {
    chainId,
    prescription: hexlify(payload.slice(8, 40)),
    holderKey,
    holder: computeAddress(holderKey),
  };
}

function checksumOf(payload: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(HEAD);
  return getBytes(sha256(Uint8Array.of(...head, ...payload))).slice(0, CHECKSUM_LENGTH);
}

function toBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: Math.ceil(bits.length / 5) }, (_each, at) =>
    ALPHABET.charAt(Number.parseInt(bits.slice(at * 5, at * 5 + 5).padEnd(5, "0"), 2)),
  ).join("");
}

/** All bits, the surplus ones as a last byte of their own. */
function fromBase32(code: string): Uint8Array {
  const bits = Array.from(code, (character) => ALPHABET.indexOf(character).toString(2).padStart(5, "0")).join(
    "",
  );
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_each, at) =>
    Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2),
  );
}
