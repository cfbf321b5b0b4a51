import { getBytes, hexlify } from "ethers";

import { checkBytes32, checkList, checkNumber, checkObject, inputError } from "../core/input.ts";
import { supplyError } from "./errors.ts";
import { WORD, leafBytes, pairBytes, saltedSerialBytes } from "./serialHash.ts";
import { SERIALS_MOST, type SerialStore, createSerialStore } from "./serialStore.ts";

/** Units whose states one word of the contract keeps. */
export const UNITS_PER_WORD = 64;

/** Of what a lot's tree is made. */
export interface SerialTreeParams {
  /**
   * The serials in the order of their indices, each once: 1 to 20 characters of GS1 character set 82 (AI 21), up to
   * {@link SERIALS_MOST}. Read once, one after the other.
   */
  readonly serials: Iterable<string>;
  /** 32 random bytes in hexadecimal, drawn for this lot and kept: without it nobody can guess serials from the chain. */
  readonly secret: string;
  /** Units (doses) in the pack that one serial names, 1 to 64. */
  readonly unitsPerSerial: number;
}

/** The Merkle tree over the serials of one lot. Its root goes on chain, its proofs with what is done with packs. */
export interface SerialTree {
  /** 32 bytes in hexadecimal. */
  readonly root: string;
  /** Serials. */
  readonly count: number;
  readonly unitsPerSerial: number;
  /** Serials whose units share a word of the contract: the largest power of two that is at most 64 / `unitsPerSerial`. */
  readonly groupSize: number;
  /**
   * The serial at an index, as text.
   * @throws `InputInvalid`
   */
  readonly serialAt: (index: number) => string;
  /**
   * The index of a serial.
   * @throws `SerialNotInLot`
   */
  readonly indexOf: (serial: string) => number;
  /**
   * What stands on chain for the serial at an index: 32 bytes in hexadecimal that tell nobody the serial.
   * @throws `InputInvalid`
   */
  readonly saltedSerialOf: (index: number) => string;
  /**
   * What leads from a serial to the root: the siblings within its group first, log2(`groupSize`) of them, then the rest.
   * @throws `InputInvalid`
   */
  readonly proofOf: (index: number) => string[];
  /**
   * What stands beside serials in a row, for `administerSession`: level by level from the leaves up, first what stands before
   * them, then what stands behind.
   * @throws `InputInvalid`
   */
  readonly runProofOf: (firstIndex: number, count: number) => string[];
}

/**
 * Build the tree over a lot's serials.
 *
 * ```text
 * salt(i)    keccak256(secret ‖ serial)          saltedSerial(i)  keccak256(salt(i) ‖ serial)
 * leaf(i)    keccak256(uint32 i ‖ saltedSerial)  node             keccak256(smaller child ‖ larger child)
 * ```
 *
 * Each `groupSize` serials make a perfect subtree; where the last group has no serial, its leaf is zero. The groups' roots are
 * combined pair by pair; one without a partner goes up unchanged. The contract checks a proof of one serial as
 * OpenZeppelin's `MerkleProof` does.
 *
 * All is kept in flat arrays: some 130 bytes a serial. It works without a pause, four hashes a serial: see snapshots/serials.json.
 *
 * @throws `SerialMalformed`, `SerialDuplicated`, `InputInvalid` (also when there is no serial)
 * @example
 * const tree = buildSerialTree({ serials, secret: hexlify(randomBytes(32)), unitsPerSerial: 10 });
 * const index = tree.indexOf("X7");
 * verifySerial({ root: tree.root, index, saltedSerial: tree.saltedSerialOf(index), proof: tree.proofOf(index) }); // true
 */
export function buildSerialTree(params: SerialTreeParams): SerialTree {
  const { serials, secret, unitsPerSerial } = checkObject("params", params);
  if (typeof serials !== "object" || serials === null || !(Symbol.iterator in serials)) {
    throw inputError("serials", "it is no list and nothing else to iterate", "an iterable of texts");
  }
  const store = createSerialStore();
  for (const serial of serials) store.add(serial);
  return treeOver(store, secret, unitsPerSerial);
}

/** The tree over serials that are in a store already. */
export function treeOver(store: SerialStore, secretText: string, unitsPerSerial: number): SerialTree {
  const secret = getBytes(checkBytes32("secret", secretText, false));
  const groupSize = groupSizeOf(unitsPerSerial);
  const count = store.count();
  if (count === 0) throw inputError("serials", "it has none", "at least one serial");
  const levels = levelsOver(store, secret, groupSize);
  const checkIndex = (index: number): number => checkNumber("index", index, 32, 0, count - 1);
  const saltedSerialOf = (index: number): string =>
    hexlify(saltedSerialBytes(secret, store.bytesAt(checkIndex(index))));
  return {
    root: hexlify(nodeAt(levels.at(-1)!, 0)),
    count,
    unitsPerSerial,
    groupSize,
    serialAt: (index) => store.textAt(checkIndex(index)),
    indexOf: (serial) => {
      const index = store.find(serial);
      if (index < 0) throw supplyError("SerialNotInLot");
      return index;
    },
    saltedSerialOf,
    proofOf: (index) => proofAt(levels, checkIndex(index)),
    runProofOf: (firstIndex, length) => {
      const first = checkNumber("firstIndex", firstIndex, 32, 0, count - 1);
      return runProofAt(levels, first, checkNumber("count", length, 32, 1, count - first));
    },
  };
}

/** A serial that somebody claims is of a lot. */
export interface SerialProof {
  /** The lot's root, 32 bytes. */
  readonly root: string;
  /** The serial's index, 0 to 2^24-1. */
  readonly index: number;
  /** As `saltedSerialOf` gives it, 32 bytes. */
  readonly saltedSerial: string;
  /** As `proofOf` gives it. */
  readonly proof: readonly string[];
}

/**
 * Whether a serial is at its index in the lot whose root this is.
 *
 * @throws `InputInvalid`
 * @example
 * if (!verifySerial({ root, index, saltedSerial, proof })) quarantine();
 */
export function verifySerial(claim: SerialProof): boolean {
  const { root, index, saltedSerial, proof } = checkObject("claim", claim);
  let node = leafBytes(
    checkNumber("index", index, 32, 0, SERIALS_MOST - 1),
    getBytes(checkBytes32("saltedSerial", saltedSerial)),
  );
  // 2^24 leaves are 24 levels deep.
  checkList("proof", proof, 24, 0).forEach((sibling, level) => {
    node = pairBytes(node, getBytes(checkBytes32(`proof[${level}]`, sibling)));
  });
  return hexlify(node) === checkBytes32("root", root);
}

/**
 * What stands on chain for a serial, for whoever has the lot's secret and the pack in hand.
 *
 * @param secret The lot's, 32 bytes in hexadecimal.
 * @throws `InputInvalid`, `SerialMalformed`
 */
export function saltedSerialOf(secret: string, serial: string): string {
  const store = createSerialStore();
  store.add(serial);
  return hexlify(saltedSerialBytes(getBytes(checkBytes32("secret", secret, false)), store.bytesAt(0)));
}

function groupSizeOf(unitsPerSerial: number): number {
  const units = checkNumber("unitsPerSerial", unitsPerSerial, 32, 1, UNITS_PER_WORD);
  return 2 ** Math.floor(Math.log2(UNITS_PER_WORD / units));
}

/** Every level from the leaves to the root, words side by side. */
function levelsOver(store: SerialStore, secret: Uint8Array, groupSize: number): readonly Uint8Array[] {
  const count = store.count();
  const leaves = new Uint8Array(Math.ceil(count / groupSize) * groupSize * WORD);
  for (let index = 0; index < count; index++) {
    leaves.set(leafBytes(index, saltedSerialBytes(secret, store.bytesAt(index))), index * WORD);
  }
  const levels = [leaves];
  for (let level = leaves; level.length > WORD; level = levels.at(-1)!) levels.push(levelAbove(level));
  return levels;
}

function levelAbove(level: Uint8Array): Uint8Array<ArrayBuffer> {
  const width = level.length / WORD;
  const above = new Uint8Array(Math.ceil(width / 2) * WORD);
  for (let place = 0; place < width; place += 2) {
    const left = nodeAt(level, place);
    above.set(place + 1 < width ? pairBytes(left, nodeAt(level, place + 1)) : left, (place / 2) * WORD);
  }
  return above;
}

function nodeAt(level: Uint8Array, place: number): Uint8Array {
  return level.subarray(place * WORD, (place + 1) * WORD);
}

function proofAt(levels: readonly Uint8Array[], index: number): string[] {
  const proof: string[] = [];
  let place = index;
  for (const level of levels.slice(0, -1)) {
    const sibling = place ^ 1;
    if (sibling * WORD < level.length) proof.push(hexlify(nodeAt(level, sibling)));
    place >>= 1;
  }
  return proof;
}

function runProofAt(levels: readonly Uint8Array[], firstIndex: number, count: number): string[] {
  const proof: string[] = [];
  let [first, last] = [firstIndex, firstIndex + count - 1];
  for (const level of levels.slice(0, -1)) {
    if (first % 2 === 1) proof.push(hexlify(nodeAt(level, first - 1)));
    if (last % 2 === 0 && (last + 1) * WORD < level.length) proof.push(hexlify(nodeAt(level, last + 1)));
    [first, last] = [first >> 1, last >> 1];
  }
  return proof;
}
