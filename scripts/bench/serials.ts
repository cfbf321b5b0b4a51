/**
 * The tree over the serials of a large lot: built, one serial proven, the proof verified, beside bare keccak256 of the same run.
 * Run by `npm run bench` in a process of its own, for its memory is one of the figures; alone it prints the result as JSON.
 */
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

import { buildSerialTree, verifySerial } from "@careledger/sdk";
import { hexlify, randomBytes } from "ethers";

import { machine, type Machine } from "./node.ts";

/** Units of the lot, one to a serial: the most serials and the deepest groups. */
const UNITS = 1_000_000;
/** Hashes of the bare rate, and the length of what they hash: that of an inner node. */
const HASHES = 500_000;
const NODE_LENGTH = 64;
/** A serial costs its salt, its salted serial and its leaf; inner nodes cost about one hash for each leaf. */
const HASHES_PER_SERIAL = 4;
const MIB = 2 ** 20;

/** What the benchmark found, and where. */
export interface SerialFigures {
  readonly machine: Machine;
  readonly serials: number;
  readonly unitsPerSerial: number;
  readonly seconds: { readonly build: number; readonly proof: number; readonly verify: number };
  /** Siblings of a proof. */
  readonly proofLength: number;
  /** Serials a second while the tree is built, at four hashes each. */
  readonly serialsPerSecond: number;
  /** keccak256 of 64 bytes, nothing else. */
  readonly bareHashesPerSecond: number;
  /** Time of the hashes alone against the build's: 1 when all else costs nothing. */
  readonly share: number;
  /** Memory of the process: resident before the build, and its peak. */
  readonly memoryMiB: { readonly before: number; readonly peak: number };
}

type Keccak = { readonly keccak_256: (bytes: Uint8Array) => Uint8Array };

const tell = (text: string): void => void process.stderr.write(`serials: ${text}\n`);

/** Seconds of one task, and what it gave. */
const clock = <T>(task: () => T): readonly [seconds: number, result: T] => {
  const began = performance.now();
  const result = task();
  return [(performance.now() - began) / 1_000, result];
};

/** The hash function that the SDK uses, not a second copy of it. */
const keccakOfSdk = async (): Promise<Keccak> => {
  const sdk = createRequire(fileURLToPath(new URL("../../sdk/package.json", import.meta.url)));
  return (await import(pathToFileURL(sdk.resolve("@noble/hashes/sha3.js")).href)) as Keccak;
};

function* serials(): Generator<string> {
  for (let number = 0; number < UNITS; number++)
    yield `S${number.toString(36).padStart(9, "0").toUpperCase()}`;
}

const bareHashes = async (): Promise<number> => {
  const { keccak_256 } = await keccakOfSdk();
  const input = new Uint8Array(NODE_LENGTH);
  const [seconds] = clock(() => {
    for (let number = 0; number < HASHES; number++) input.set(keccak_256(input));
  });
  return HASHES / seconds;
};

const measure = async (): Promise<SerialFigures> => {
  tell(`${HASHES} bare hashes`);
  const before = await bareHashes();
  const residentBefore = process.memoryUsage.rss();
  tell(`a tree over ${UNITS} serials`);
  const secret = hexlify(randomBytes(32));
  const [build, tree] = clock(() => buildSerialTree({ serials: serials(), secret, unitsPerSerial: 1 }));
  const index = Math.floor(UNITS / 3);
  const [proving, proof] = clock(() => tree.proofOf(index));
  const claim = { root: tree.root, index, saltedSerial: tree.saltedSerialOf(index), proof };
  const [verify, isOfLot] = clock(() => verifySerial(claim));
  if (!isOfLot) throw new RangeError("the proof does not hold");
  const { maxRSS } = process.resourceUsage();
  // Before and after, for others use the machine too.
  const bare = (before + (await bareHashes())) / 2;
  return {
    machine: machine(),
    serials: UNITS,
    unitsPerSerial: 1,
    seconds: {
      build: Math.round(build * 10) / 10,
      proof: Number(proving.toPrecision(2)),
      verify: Number(verify.toPrecision(2)),
    },
    proofLength: proof.length,
    serialsPerSecond: Math.round(UNITS / build),
    bareHashesPerSecond: Math.round(bare),
    share: Math.round(((UNITS * HASHES_PER_SERIAL) / bare / build) * 100) / 100,
    // Kilobytes on Linux (getrusage).
    memoryMiB: { before: Math.round(residentBefore / MIB), peak: Math.round(maxRSS / 1_024) },
  };
};

console.log(JSON.stringify(await measure()));
