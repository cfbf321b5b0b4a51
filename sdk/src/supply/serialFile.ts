import { keccak_256 } from "@noble/hashes/sha3.js";
import { hexlify } from "ethers";

import { checkBytes32, checkNumber, checkObject, inputError } from "../core/input.ts";
import { joinBytes, textBytes } from "../documents/bytes.ts";
import { supplyError } from "./errors.ts";
import { checkElement } from "./gs1/elements.ts";
import { formatGtin, parseGtin } from "./gs1/keys.ts";
import { SERIALS_MOST, createSerialStore } from "./serialStore.ts";
import { type SerialTree, UNITS_PER_WORD, saltedSerialOf, treeOver } from "./serialTree.ts";

const FORMAT = "careledger-serials";
const VERSION = 1;
/** The space, which no serial has, tells the last line from a serial. */
const TRAILER = /^keccak256 (0x[0-9a-f]{64})$/;
const LINE_LONGEST = 1_024;
const CHUNK = 65_536;
const LINE_END = 0x0a;

/** What a maker hands on with the goods. */
export interface SerialFile {
  readonly gtin: bigint;
  /** AI 10. */
  readonly lotNumber: string;
  /** The lot's, 32 bytes in hexadecimal: who has it and the pack can prove the pack. Keep it from everybody else. */
  readonly secret: string;
  readonly tree: SerialTree;
}

/**
 * Write a lot's serial file, piece by piece: a line of JSON (format, version, GTIN, lot number, units per serial, count, root,
 * secret), a line for each serial in the order of the indices, and a last line `keccak256 0x…` over all before it. ASCII,
 * lines ended by LF.
 *
 * @returns Pieces of at most 64 KiB.
 * @throws `Gs1KeyMalformed`, `Gs1CheckDigitWrong`, `Gs1ElementMalformed`, `InputInvalid` (also when the secret is not the tree's)
 * @example
 * await pipeline(Readable.from(writeSerialFile({ gtin, lotNumber: "AB-12", secret, tree })), createWriteStream("AB-12.serials"));
 */
export function* writeSerialFile(file: SerialFile): Generator<Uint8Array, void, undefined> {
  const { gtin, lotNumber, tree } = checkObject("file", file);
  const secret = checkBytes32("secret", file.secret, false);
  checkObject("tree", tree);
  if (saltedSerialOf(secret, tree.serialAt(0)) !== tree.saltedSerialOf(0)) {
    throw inputError("secret", "it is not the one that the tree was made with", "the lot's own secret");
  }
  const { unitsPerSerial, count, root } = tree;
  const header = {
    format: FORMAT,
    version: VERSION,
    gtin: formatGtin(gtin),
    lotNumber: checkElement("10", lotNumber),
    unitsPerSerial,
    count,
    root,
    secret,
  };
  const hash = keccak_256.create();
  let lines = `${JSON.stringify(header)}\n`;
  const taken = (): Uint8Array => {
    const piece = textBytes(lines);
    hash.update(piece);
    lines = "";
    return piece;
  };
  for (let index = 0; index < count; index++) {
    const line = `${tree.serialAt(index)}\n`;
    if (lines.length + line.length > CHUNK) yield taken();
    lines += line;
  }
  yield taken();
  yield textBytes(`keccak256 ${hexlify(hash.digest())}\n`);
}

/**
 * Read a serial file, piece by piece, and build its tree again. Compare `tree.root` with the lot's on chain before anything of
 * it is believed.
 *
 * @param pieces The file's bytes, cut anywhere: a Node stream, a `fetch` body, a list.
 * @throws `SerialFileMalformed`, `SerialFileAltered` naming what differs, `SerialMalformed`, `SerialDuplicated`
 * @example
 * const { gtin, lotNumber, tree } = await readSerialFile(createReadStream("AB-12.serials"));
 */
export async function readSerialFile(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<SerialFile> {
  const reader = createReader();
  for await (const piece of pieces) {
    if (!(piece instanceof Uint8Array))
      throw inputError("pieces", "a piece is not of bytes", "pieces of bytes");
    reader.take(piece);
  }
  return reader.finish();
}

interface Header {
  readonly gtin: bigint;
  readonly lotNumber: string;
  readonly unitsPerSerial: number;
  readonly count: number;
  readonly root: string;
  readonly secret: string;
}

function createReader() {
  const store = createSerialStore();
  const hash = keccak_256.create();
  let rest = new Uint8Array(0);
  let header: Header | undefined;
  let claimed: string | undefined;

  const line = (text: string): void => {
    if (claimed !== undefined) throw malformed("something follows its last line");
    if (header === undefined) header = headerOf(text);
    else if (text.includes(" ")) claimed = TRAILER.exec(text)?.[1] ?? missing();
    else if (store.count() === header.count) throw malformed("it has more serials than its header says");
    else store.add(text);
  };
  const missing = (): never => {
    throw malformed("its last line is none");
  };

  return {
    take: (piece: Uint8Array): void => {
      const bytes = rest.length === 0 ? piece : joinBytes(rest, piece);
      let start = 0;
      for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
        if (end - start > LINE_LONGEST) throw malformed("a line is too long");
        line(asciiOf(bytes.subarray(start, end)));
        if (claimed === undefined) hash.update(bytes.subarray(start, end + 1));
        start = end + 1;
      }
      rest = bytes.slice(start);
      if (rest.length > LINE_LONGEST) throw malformed("a line is too long");
    },
    finish: (): SerialFile => {
      if (header === undefined || claimed === undefined || rest.length > 0)
        throw malformed("its end is missing");
      if (hexlify(hash.digest()) !== claimed) throw supplyError("SerialFileAltered", { field: "hash" });
      if (store.count() !== header.count) throw supplyError("SerialFileAltered", { field: "count" });
      const { gtin, lotNumber, secret, unitsPerSerial, root } = header;
      const tree = treeOver(store, secret, unitsPerSerial);
      if (tree.root !== root) throw supplyError("SerialFileAltered", { field: "root" });
      return { gtin, lotNumber, secret, tree };
    },
  };
}

function headerOf(text: string): Header {
  try {
    const said = JSON.parse(text) as Record<string, unknown>;
    if (said["format"] !== FORMAT || said["version"] !== VERSION) throw new RangeError("unknown format");
    return {
      gtin: parseGtin(said["gtin"] as string),
      lotNumber: checkElement("10", said["lotNumber"] as string),
      unitsPerSerial: checkNumber("unitsPerSerial", said["unitsPerSerial"] as number, 32, 1, UNITS_PER_WORD),
      count: checkNumber("count", said["count"] as number, 32, 1, SERIALS_MOST),
      root: checkBytes32("root", said["root"] as string),
      secret: checkBytes32("secret", said["secret"] as string, false),
    };
  } catch (cause) {
    throw supplyError("SerialFileMalformed", { problem: "its header is none of this format" }, cause);
  }
}

function asciiOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function malformed(problem: string) {
  return supplyError("SerialFileMalformed", { problem });
}
