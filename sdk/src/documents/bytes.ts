import { getBytes, isAddress, isHexString } from "ethers";

import { documentError } from "./errors.ts";

/** Bytes that WebCrypto takes as they are. */
export type Bytes = Uint8Array<ArrayBuffer>;

const utf8 = new TextEncoder();

/** UTF-8 bytes of a text. */
export function textBytes(text: string): Bytes {
  return utf8.encode(text);
}

/** One array of several. */
export function joinBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** A copy in memory of its own, whatever the source was a view of. */
export function copyBytes(source: Uint8Array): Bytes {
  return new Uint8Array(source);
}

/** Big-endian bytes of an unsigned integer. */
export function uintBytes(value: bigint | number, length: number): Bytes {
  const bytes = new Uint8Array(length);
  let rest = BigInt(value);
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** The registry and the prescription that a ciphertext, an envelope or a request belongs to. */
export interface PrescriptionPlace {
  /** Chain id, from 1 to 2^53-1. */
  readonly chainId: number;
  /** Address of the PrescriptionRegistry (its proxy), 20 bytes. */
  readonly registry: string;
  /** Prescription id, 32 bytes. */
  readonly prescription: string;
}

/**
 * `uint256 chainId ‖ address registry ‖ bytes32 prescription`, 84 bytes.
 * @throws `DocumentContextInvalid` naming the field.
 */
export function placeBytes({ chainId, registry, prescription }: PrescriptionPlace): Bytes {
  return registryBytes(chainId, registry, prescription, "prescription");
}

/**
 * `uint256 chainId ‖ address registry ‖ bytes32 id`, 84 bytes.
 * @param field What the id is called in the error.
 * @throws `DocumentContextInvalid` naming the field.
 */
export function registryBytes(chainId: number, registry: string, id: string, field: string): Bytes {
  if (!Number.isSafeInteger(chainId) || chainId < 1) {
    throw documentError("DocumentContextInvalid", { field: "chainId" });
  }
  if (!isAddress(registry)) throw documentError("DocumentContextInvalid", { field: "registry" });
  if (!isHexString(id, 32)) throw documentError("DocumentContextInvalid", { field });
  return joinBytes(uintBytes(chainId, 32), getBytes(registry), getBytes(id));
}

/**
 * `uint32` of a member number, from 1.
 * @throws `DocumentContextInvalid` naming the field.
 */
export function memberBytes(member: number, field: string): Bytes {
  if (!Number.isInteger(member) || member < 1 || member > 0xffff_ffff) {
    throw documentError("DocumentContextInvalid", { field });
  }
  return uintBytes(member, 4);
}

/**
 * `uint16` of a site number, from 1.
 * @throws `DocumentContextInvalid` naming the field.
 */
export function siteBytes(site: number): Bytes {
  if (!Number.isInteger(site) || site < 1 || site > 0xffff) {
    throw documentError("DocumentContextInvalid", { field: "site" });
  }
  return uintBytes(site, 2);
}
