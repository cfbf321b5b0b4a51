import { SET_82 } from "./gs1/elements.ts";
import { supplyError } from "./errors.ts";

/** Longest serial, characters (AI 21). */
const SERIAL_LONGEST = 20;
/** Most serials of one lot: what a tree in flat arrays holds in about 3 GiB. */
export const SERIALS_MOST = 2 ** 24;

const FIRST_CAPACITY = 1_024;
const ALLOWED = new Uint8Array(128);
for (let code = 0; code < ALLOWED.length; code++) {
  if (new RegExp(`^[${SET_82}]$`).test(String.fromCharCode(code))) ALLOWED[code] = 1;
}

/** The serials of one lot in the order of their indices, in flat arrays: about 45 bytes a serial, and no objects. */
export interface SerialStore {
  readonly count: () => number;
  /**
   * Append one; its index is the count before.
   * @throws `SerialMalformed`, `SerialDuplicated` with both indices
   */
  readonly add: (serial: string) => void;
  /** A view of one serial's bytes. */
  readonly bytesAt: (index: number) => Uint8Array;
  readonly textAt: (index: number) => string;
  /** The index of a serial; -1 when there is none. */
  readonly find: (serial: string) => number;
}

/** An empty store. */
export function createSerialStore(): SerialStore {
  let count = 0;
  let bytes = new Uint8Array(FIRST_CAPACITY * SERIAL_LONGEST);
  let ends = new Uint32Array(FIRST_CAPACITY);
  /** Open addressing: index + 1, or 0 where nothing stands. */
  let slots = new Uint32Array(4 * FIRST_CAPACITY);
  const candidate = new Uint8Array(SERIAL_LONGEST);

  const startOf = (index: number): number => (index === 0 ? 0 : ends[index - 1]!);
  const bytesAt = (index: number): Uint8Array => bytes.subarray(startOf(index), ends[index]!);

  /** The slot where these bytes stand, or the empty one where they would. */
  const slotOf = (serial: Uint8Array): number => {
    let slot = hashOf(serial) & (slots.length - 1);
    while (slots[slot] !== 0 && !isEqual(bytesAt(slots[slot]! - 1), serial))
      slot = (slot + 1) & (slots.length - 1);
    return slot;
  };

  const grow = (): void => {
    if (count === SERIALS_MOST) {
      throw supplyError("SerialMalformed", {
        index: count,
        problem: `a lot has at most ${SERIALS_MOST} serials`,
      });
    }
    if (startOf(count) + SERIAL_LONGEST > bytes.length)
      bytes = copied(bytes, new Uint8Array(2 * bytes.length));
    if (count === ends.length) ends = copied(ends, new Uint32Array(2 * ends.length));
    if (2 * count < slots.length) return;
    slots = new Uint32Array(2 * slots.length);
    for (let index = 0; index < count; index++) slots[slotOf(bytesAt(index))] = index + 1;
  };

  return {
    count: () => count,
    add: (serial) => {
      const problem = problemOf(serial);
      if (problem !== undefined) throw supplyError("SerialMalformed", { index: count, problem });
      grow();
      const written = write(serial, candidate);
      const slot = slotOf(written);
      const first = slots[slot]!;
      if (first !== 0) throw supplyError("SerialDuplicated", { index: count, first: first - 1 });
      const start = startOf(count);
      bytes.set(written, start);
      ends[count] = start + written.length;
      count += 1;
      slots[slot] = count;
    },
    bytesAt,
    textAt: (index) => String.fromCharCode(...bytesAt(index)),
    find: (serial) =>
      problemOf(serial) === undefined
        ? slots[slotOf(write(serial, new Uint8Array(SERIAL_LONGEST)))]! - 1
        : -1,
  };
}

function problemOf(serial: string): string | undefined {
  if (typeof serial !== "string") return "it is no text";
  if (serial === "") return "it is empty";
  if (serial.length > SERIAL_LONGEST) return `it has ${serial.length} characters`;
  for (let at = 0; at < serial.length; at++) {
    if (ALLOWED[serial.charCodeAt(at)] !== 1) return `character ${at + 1} is not of the set`;
  }
  return undefined;
}

/** Set 82 is ASCII: UTF-8 takes one byte a character. */
function write(serial: string, target: Uint8Array): Uint8Array {
  for (let at = 0; at < serial.length; at++) target[at] = serial.charCodeAt(at);
  return target.subarray(0, serial.length);
}

/** FNV-1a with a final mix: serials are often numbers in a row. */
function hashOf(serial: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < serial.length; at++) hash = Math.imul(hash ^ serial[at]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function copied<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
