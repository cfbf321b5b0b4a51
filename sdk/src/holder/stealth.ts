import { secp256k1 } from "@noble/curves/secp256k1.js";
import { Interface, computeAddress, getAddress, getBytes, hexlify, isHexString, keccak256 } from "ethers";

import { holderError } from "./errors.ts";

/** What is announced with a prescription, as the registry takes it. */
export interface EphemeralKey {
  /** X coordinate of the ephemeral public key, 32 bytes in hexadecimal. */
  readonly x: string;
  /** `0x02` or `0x03`. */
  readonly prefix: string;
  /** One byte. */
  readonly viewTag: string;
}

/** A patient's two public keys. */
export interface StealthMetaAddress {
  /** Compressed, 33 bytes in hexadecimal. */
  readonly spendingPublicKey: string;
  /** Compressed, 33 bytes in hexadecimal. */
  readonly viewingPublicKey: string;
}

/** A patient's key pairs. The viewing key finds and reads prescriptions; only the spending key signs for them. */
export interface StealthKeys {
  /** Private, 32 bytes in hexadecimal. Stays on the patient's device. */
  readonly spendingKey: string;
  /** Private, 32 bytes in hexadecimal. May be given to a carer who is to see the prescriptions. */
  readonly viewingKey: string;
  /** What the patient gives to prescribers: `st:eth:0x…`. Never published next to a name on chain. */
  readonly metaAddress: string;
}

/** A holder key that only the patient can compute, and what the hospital needs to issue to it. */
export interface StealthHolder {
  /** Holder address for the prescription's terms. */
  readonly holder: string;
  readonly ephemeralKey: EphemeralKey;
  /** The ECDH point, compressed, 33 bytes: from it the document key is derived. The hospital forgets it after issue. */
  readonly sharedSecret: Uint8Array<ArrayBuffer>;
}

/** An ERC-5564 announcement. */
export interface Announcement {
  readonly schemeId: bigint;
  readonly stealthAddress: string;
  /** 33 bytes in hexadecimal. */
  readonly ephemeralPubKey: string;
  /** The first byte is the view tag. */
  readonly metadata: string;
}

/** An announcement that is the patient's. */
export interface FoundHolder<Found extends Announcement> {
  readonly holder: string;
  /** As in {@link StealthHolder}: `documentKeyFromStealth` and {@link computeHolderKey} take it. */
  readonly sharedSecret: Uint8Array<ArrayBuffer>;
  readonly announcement: Found;
}

const SCHEME_ID = 1n;
const ORDER = secp256k1.Point.Fn.ORDER;
/** After so many announcements the scanner lets other work of the process run. */
const BREATHE_EVERY = 64;

/**
 * Generate a patient's keys.
 * @example
 * const { metaAddress, spendingKey, viewingKey } = generateStealthKeys();
 */
export function generateStealthKeys(): StealthKeys {
  return stealthKeysOf(
    hexlify(secp256k1.utils.randomSecretKey()),
    hexlify(secp256k1.utils.randomSecretKey()),
  );
}

/**
 * A patient's keys from the two private ones.
 * @throws `HolderKeyInvalid`
 */
export function stealthKeysOf(spendingKey: string, viewingKey: string): StealthKeys {
  const spending = requirePrivateKey(spendingKey, "spendingKey");
  const viewing = requirePrivateKey(viewingKey, "viewingKey");
  const metaAddress = formatMetaAddress({
    spendingPublicKey: hexlify(secp256k1.getPublicKey(spending, true)),
    viewingPublicKey: hexlify(secp256k1.getPublicKey(viewing, true)),
  });
  return { spendingKey, viewingKey, metaAddress };
}

/**
 * Write a meta-address: `st:eth:0x<spending><viewing>`.
 * @throws `MetaAddressInvalid`
 * @see https://eips.ethereum.org/EIPS/eip-5564
 */
export function formatMetaAddress({ spendingPublicKey, viewingPublicKey }: StealthMetaAddress): string {
  const keys = [spendingPublicKey, viewingPublicKey].map((key) => requirePublicKey(key).toHex(true));
  return `st:eth:0x${keys.join("")}`;
}

/**
 * Read a meta-address. One key of 33 bytes serves as both.
 * @throws `MetaAddressInvalid`
 */
export function parseMetaAddress(metaAddress: string): StealthMetaAddress {
  const digits = /^st:eth:0x((?:[0-9a-fA-F]{66}){1,2})$/.exec(metaAddress)?.[1]?.toLowerCase();
  if (digits === undefined) throw holderError("MetaAddressInvalid");
  const spendingPublicKey = `0x${digits.slice(0, 66)}`;
  const viewingPublicKey = `0x${digits.slice(-66)}`;
  requirePublicKey(spendingPublicKey);
  requirePublicKey(viewingPublicKey);
  return { spendingPublicKey, viewingPublicKey };
}

/**
 * Make a fresh holder key for one prescription of a patient (ERC-5564, scheme 1). Two prescriptions of one patient share
 * no value; only the patient's viewing key tells that they are the patient's.
 *
 * `S = e·V`, `h = keccak256(compressed S)`, view tag = first byte of `h`, holder = address of `P + h·G`.
 *
 * @param metaAddress The patient's, `st:eth:0x…`.
 * @throws `MetaAddressInvalid`
 * @example
 * const { holder, ephemeralKey, sharedSecret } = createStealthHolder(patientMetaAddress);
 */
export function createStealthHolder(metaAddress: string): StealthHolder {
  return stealthHolderOf(metaAddress, hexlify(secp256k1.utils.randomSecretKey()));
}

/**
 * As {@link createStealthHolder}, from a given ephemeral key, for recovery and tests. Never use an ephemeral key twice.
 * @throws `MetaAddressInvalid`, `HolderKeyInvalid`
 */
export function stealthHolderOf(metaAddress: string, ephemeralPrivateKey: string): StealthHolder {
  const { spendingPublicKey, viewingPublicKey } = parseMetaAddress(metaAddress);
  const ephemeral = requirePrivateKey(ephemeralPrivateKey, "ephemeralPrivateKey");
  const sharedSecret = sharedPoint(ephemeral, getBytes(viewingPublicKey));
  const hash = getBytes(keccak256(sharedSecret));
  return {
    holder: stealthAddress(spendingPublicKey, hash),
    ephemeralKey: toEphemeralKey(secp256k1.getPublicKey(ephemeral, true), hash[0]!),
    sharedSecret,
  };
}

/** An ephemeral key as the registry takes it, from a compressed point and a view tag. */
export function toEphemeralKey(compressed: Uint8Array, viewTag: number): EphemeralKey {
  return {
    x: hexlify(compressed.subarray(1)),
    prefix: hexlify(compressed.subarray(0, 1)),
    viewTag: hexlify(Uint8Array.of(viewTag)),
  };
}

/**
 * Find a patient's prescriptions among the announcements of all. For each it costs one multiplication on the curve and
 * one hash; the view tag spares the rest for 255 of 256 that are another's. An announcement that is malformed, or of
 * another scheme, is nobody's and is passed over.
 *
 * @param keys The viewing key and the public spending key: a carer's device needs no more.
 * @param announcements As {@link parseAnnouncement} reads them, in any order; extra fields come back in the matches.
 * @throws `HolderKeyInvalid`, `MetaAddressInvalid`
 * @example
 * for await (const { holder, announcement } of scanAnnouncements(keys, announcements)) show(holder);
 */
export async function* scanAnnouncements<Found extends Announcement>(
  keys: { readonly viewingKey: string; readonly spendingPublicKey: string },
  announcements: AsyncIterable<Found> | Iterable<Found>,
): AsyncGenerator<FoundHolder<Found>, void, undefined> {
  const viewing = requirePrivateKey(keys.viewingKey, "viewingKey");
  requirePublicKey(keys.spendingPublicKey);
  let count = 0;
  for await (const announcement of announcements) {
    if (++count % BREATHE_EVERY === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    const sharedSecret = matchAnnouncement(viewing, keys.spendingPublicKey, announcement);
    if (sharedSecret !== undefined) {
      yield { holder: getAddress(announcement.stealthAddress), sharedSecret, announcement };
    }
  }
}

function matchAnnouncement(
  viewing: Uint8Array,
  spendingPublicKey: string,
  announcement: Announcement,
): Uint8Array<ArrayBuffer> | undefined {
  const { schemeId, ephemeralPubKey, metadata, stealthAddress: announced } = announcement;
  if (schemeId !== SCHEME_ID || !isHexString(ephemeralPubKey, 33) || !/^0x[0-9a-fA-F]{2}/.test(metadata)) {
    return undefined;
  }
  let sharedSecret: Uint8Array<ArrayBuffer>;
  try {
    sharedSecret = sharedPoint(viewing, getBytes(ephemeralPubKey));
  } catch {
    return undefined; // not on the curve
  }
  const hash = getBytes(keccak256(sharedSecret));
  if (hash[0] !== Number.parseInt(metadata.slice(2, 4), 16)) return undefined;
  return stealthAddress(spendingPublicKey, hash).toLowerCase() === announced.toLowerCase()
    ? sharedSecret
    : undefined;
}

/**
 * Compute the holder's private key, `p + h mod n`, to sign an acceptance, a release or a cancellation with.
 *
 * @param spendingKey The patient's, private.
 * @param found The match from {@link scanAnnouncements}.
 * @returns 32 bytes in hexadecimal.
 * @throws `HolderKeyInvalid`; `HolderKeyMismatch` when it does not lead to `found.holder`.
 */
export function computeHolderKey(
  spendingKey: string,
  found: { readonly holder: string; readonly sharedSecret: Uint8Array },
): string {
  const spending = BigInt(hexlify(requirePrivateKey(spendingKey, "spendingKey")));
  const sum = (spending + (BigInt(keccak256(found.sharedSecret)) % ORDER)) % ORDER;
  const holderKey = `0x${sum.toString(16).padStart(64, "0")}`;
  if (sum === 0n || computeAddress(holderKey) !== getAddress(found.holder))
    throw holderError("HolderKeyMismatch");
  return holderKey;
}

const announcer = new Interface([
  "event Announcement(uint256 indexed schemeId, address indexed stealthAddress, address indexed caller, bytes ephemeralPubKey, bytes metadata)",
]);

/** Topic of the announcement event, for a log filter. */
export const ANNOUNCEMENT_TOPIC = announcer.getEvent("Announcement")!.topicHash;

/**
 * Read an announcement from a log, such as ethers gives it; `undefined` when the log is another event.
 * @example
 * const logs = await provider.getLogs({ address: registry, topics: [ANNOUNCEMENT_TOPIC], fromBlock, toBlock });
 * const announcements = logs.map(parseAnnouncement).filter((each) => each !== undefined);
 */
export function parseAnnouncement<Log extends { readonly topics: readonly string[]; readonly data: string }>(
  log: Log,
): (Announcement & { readonly log: Log }) | undefined {
  try {
    const parsed = announcer.parseLog(log);
    if (parsed === null) return undefined;
    return {
      schemeId: parsed.args["schemeId"] as bigint,
      stealthAddress: parsed.args["stealthAddress"] as string,
      ephemeralPubKey: parsed.args["ephemeralPubKey"] as string,
      metadata: parsed.args["metadata"] as string,
      log,
    };
  } catch {
    return undefined;
  }
}

function sharedPoint(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(secp256k1.getSharedSecret(privateKey, publicKey, true));
}

function stealthAddress(spendingPublicKey: string, hash: Uint8Array): string {
  const scalar = BigInt(hexlify(hash)) % ORDER;
  const point = requirePublicKey(spendingPublicKey).add(secp256k1.Point.BASE.multiply(scalar));
  return computeAddress(`0x${point.toHex(true)}`);
}

function requirePublicKey(key: string) {
  try {
    if (!isHexString(key, 33)) throw holderError("MetaAddressInvalid");
    const point = secp256k1.Point.fromHex(key.slice(2));
    point.assertValidity();
    return point;
  } catch (cause) {
    throw holderError("MetaAddressInvalid", {}, cause);
  }
}

/** @throws `HolderKeyInvalid` naming the field */
export function requirePrivateKey(key: string, field: string): Uint8Array<ArrayBuffer> {
  const bytes = isHexString(key, 32) ? new Uint8Array(getBytes(key)) : undefined;
  if (bytes === undefined || !secp256k1.utils.isValidSecretKey(bytes))
    throw holderError("HolderKeyInvalid", { field });
  return bytes;
}
