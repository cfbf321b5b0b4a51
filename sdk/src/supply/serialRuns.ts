import { hexlify, getBytes } from "ethers";

import { supplyError } from "./errors.ts";
import { leafBytes } from "./serialHash.ts";

/** Serials in a row. */
export interface SerialRun {
  /** Index of the first. */
  readonly firstIndex: number;
  /** How many, from 1. */
  readonly count: number;
}

/** One proof for serials in a row, as OpenZeppelin's `MerkleProof.multiProofVerify` takes it. */
export interface SerialMultiProof extends SerialRun {
  /** In the order of the indices. */
  readonly saltedSerials: readonly string[];
  /** `keccak256(uint32 index ‖ saltedSerial)` of each, which the contract computes itself. */
  readonly leaves: readonly string[];
  readonly proof: readonly string[];
  readonly proofFlags: readonly boolean[];
}

/** What proofs need of a tree. */
export interface TreeShape {
  /** Nodes of each level, leaves first. */
  readonly widths: readonly number[];
  readonly nodeAt: (level: number, place: number) => string;
  readonly saltedSerialOf: (index: number) => string;
}

/** Where the proof takes a node from: another that it has computed, or this one. */
type Step = "computed" | { readonly level: number; readonly place: number };

/**
 * `multiProofVerify` works like a queue: it takes nodes from the front, puts parents at the back. Nodes of one level in order
 * give those of the next in order. A node that goes up unchanged costs no step, so it stays in front of its new neighbours;
 * if there are more of them than its own sibling, no proof can bring it to its place.
 */
function stepsOf(
  widths: readonly number[],
  { firstIndex, count }: SerialRun,
): Step[] | { readonly splitAt: number } {
  const steps: Step[] = [];
  let queue = Array.from({ length: count }, (_, at) => firstIndex + at);
  for (let level = 0; level < widths.length - 1; level++) {
    const alone = widths[level]! % 2 === 1 ? widths[level]! - 1 : -1;
    const next: number[] = [];
    for (let at = 0; at < queue.length; at++) {
      const place = queue[at]!;
      if (place === alone) continue;
      const isPair = queue[at + 1] === (place ^ 1);
      if (isPair) at += 1;
      steps.push(isPair ? "computed" : { level, place: place ^ 1 });
      next.push(place >> 1);
    }
    if (queue.includes(alone)) next.unshift(alone >> 1);
    const isInOrder = next.length < 2 || next[0]! < next[1]!;
    const isLastPair = next.length === 2 && next[0]! % 2 === 1 && next[0] === next[1]! + 1;
    if (!isInOrder && !isLastPair) return { splitAt: next[0]! * 2 ** (level + 1) };
    queue = next;
  }
  return steps;
}

/** The multiproof of a run. @throws `SerialRunSplit` */
export function multiProofAt(shape: TreeShape, run: SerialRun): SerialMultiProof {
  const steps = stepsOf(shape.widths, run);
  if (!Array.isArray(steps)) throw supplyError("SerialRunSplit", { ...run, splitAt: steps.splitAt });
  const indices = Array.from({ length: run.count }, (_, at) => run.firstIndex + at);
  const saltedSerials = indices.map(shape.saltedSerialOf);
  return {
    ...run,
    saltedSerials,
    leaves: saltedSerials.map((salted, at) => hexlify(leafBytes(indices[at]!, getBytes(salted)))),
    proof: steps.flatMap((step) => (step === "computed" ? [] : [shape.nodeAt(step.level, step.place)])),
    proofFlags: steps.map((step) => step === "computed"),
  };
}

/** The pieces of a run that have a multiproof each. */
export function runsAt(widths: readonly number[], run: SerialRun): SerialRun[] {
  const steps = stepsOf(widths, run);
  if (Array.isArray(steps)) return [run];
  const before = steps.splitAt - run.firstIndex;
  return [
    ...runsAt(widths, { firstIndex: run.firstIndex, count: before }),
    ...runsAt(widths, { firstIndex: steps.splitAt, count: run.count - before }),
  ];
}
