import { keccak_256 } from "@noble/hashes/sha3.js";

/** Length of a hash, bytes. */
export const WORD = 32;

const serialInput = new Uint8Array(WORD + 20);
const leafInput = new Uint8Array(4 + WORD);
const leafView = new DataView(leafInput.buffer);
const pairInput = new Uint8Array(2 * WORD);

/** `keccak256(salt ‖ serial)` with `salt = keccak256(lotSecret ‖ serial)`. */
export function saltedSerialBytes(secret: Uint8Array, serial: Uint8Array): Uint8Array {
  serialInput.set(serial, WORD);
  serialInput.set(secret);
  const input = serialInput.subarray(0, WORD + serial.length);
  serialInput.set(keccak_256(input));
  return keccak_256(input);
}

/** `keccak256(uint32 index ‖ saltedSerial)`: 36 bytes, where an inner node hashes 64. */
export function leafBytes(index: number, saltedSerial: Uint8Array): Uint8Array {
  leafView.setUint32(0, index);
  leafInput.set(saltedSerial, 4);
  return keccak_256(leafInput);
}

/** keccak256 of two words, the smaller first: what OpenZeppelin's MerkleProof computes. */
export function pairBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const aFirst = compare(a, b) <= 0;
  pairInput.set(aFirst ? a : b);
  pairInput.set(aFirst ? b : a, WORD);
  return keccak_256(pairInput);
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < WORD; at++) {
    if (a[at] !== b[at]) return a[at]! - b[at]!;
  }
  return 0;
}
