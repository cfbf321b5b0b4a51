/**
 * Looks for patients on chain: every text, code, date and identifier of the documents that a run used, in every form in
 * which somebody might have written it: plain in several encodings, or hashed without salt, whole or cut. It reads what
 * an observer reads: calldata, log topics and data, and each storage slot and value that was written.
 */
import { createHash } from "node:crypto";

import { keccak256 } from "ethers";

/** A document of the run: as parsed, and each text form in which somebody might hash it. */
export type Document = {
  readonly name: string;
  readonly resource: unknown;
  readonly texts: readonly Uint8Array[];
};

/** Bytes that must stand nowhere. */
export type Needle = { readonly what: string; readonly form: string; readonly bytes: Buffer };

/** Bytes that an observer reads. */
export type Haystack = { readonly where: string; readonly bytes: Buffer };

/** A needle in a haystack. */
export type Finding = { readonly what: string; readonly form: string; readonly where: string };

/** Asks a node; tracing must be on. */
export type Ask = (method: string, ...params: unknown[]) => Promise<unknown>;

/** Shortest plain form that is looked for: four bytes occur by chance once in four thousand million places. */
const SHORTEST = 4;

/** Length at which a form is looked up in an index instead of searched; also the shortest cut of a hash that is found. */
const INDEXED = 16;

/** The last bytes of a hash that somebody might use as an address. */
const ADDRESS = 20;

/** Form of a needle that is a time. */
const TIME = "unix seconds";

const utf8 = (text: string): Buffer => Buffer.from(text, "utf8");

const hashes = (bytes: Uint8Array): [string, Buffer][] => [
  ["keccak256", Buffer.from(keccak256(bytes).slice(2), "hex")],
  ["sha256", createHash("sha256").update(bytes).digest()],
];

const padded = (bytes: Buffer, left: boolean): Buffer => {
  const word = Buffer.alloc(32);
  bytes.copy(word, left ? 32 - bytes.length : 0);
  return word;
};

const bigEndian = (number: bigint): Buffer => {
  const digits = number.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
};

/** All leaves of a JSON value with their paths. */
const leaves = (value: unknown, path: string): [string, string][] => {
  if (typeof value === "string" || typeof value === "number") return [[path, String(value)]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, `${path}.${key}`));
};

/** FHIR's `system|value` tokens, which systems like to hash. */
const tokens = (value: unknown, path: string): [string, string][] => {
  if (typeof value !== "object" || value === null) return [];
  const { system, value: number, code } = value as { system?: unknown; value?: unknown; code?: unknown };
  const own: [string, string][] = [];
  for (const part of [number, code]) {
    if (typeof system === "string" && typeof part === "string") own.push([path, `${system}|${part}`]);
  }
  return [...own, ...Object.entries(value).flatMap(([key, item]) => tokens(item, `${path}.${key}`))];
};

/** Plain forms of a text that is long enough to be told from chance. */
const plainForms = (text: string): [string, Buffer][] => {
  const forms: [string, Buffer][] = [
    ["utf8", utf8(text)],
    ["upper case", utf8(text.toUpperCase())],
    ["lower case", utf8(text.toLowerCase())],
    ["hex in ascii", utf8(utf8(text).toString("hex"))],
    ["base64", utf8(utf8(text).toString("base64").replace(/=+$/u, ""))],
    ["utf16", Buffer.from(text, "utf16le")],
  ];
  const digits = text.replace(/[^0-9]/gu, "");
  if (digits.length >= 8) {
    const even = digits.length % 2 === 0 ? digits : `0${digits}`;
    forms.push(["packed decimal", Buffer.from(even, "hex")]);
    if (digits.length >= 10 && digits === text) forms.push(["integer", bigEndian(BigInt(digits))]);
  }
  return forms;
};

/** Seconds of a FHIR time, or of the start and the end of a FHIR date. */
const seconds = (text: string): number[] => {
  if (!/^\d{4}-\d{2}-\d{2}/u.test(text)) return [];
  const isDay = text.length === 10;
  const time = Date.parse(isDay ? `${text}T00:00:00Z` : text) / 1_000;
  if (Number.isNaN(time)) return [];
  return isDay ? [time, time + 86_399, time + 86_400] : [Math.floor(time)];
};

/** Everything of these documents to look for. */
export const needlesOf = (documents: readonly Document[]): Needle[] => {
  const needles = new Map<string, Needle>();
  const add = (what: string, form: string, bytes: Buffer, shortest = SHORTEST): void => {
    if (bytes.length < shortest) return;
    needles.set(`${form} ${bytes.toString("hex")}`, { what, form, bytes });
  };
  const addHashes = (what: string, form: string, bytes: Uint8Array): void => {
    for (const [algorithm, hash] of hashes(bytes)) {
      add(what, `${algorithm} of ${form}`, hash.subarray(0, INDEXED));
      add(what, `end of ${algorithm} of ${form}`, hash.subarray(32 - ADDRESS));
    }
  };
  for (const { name, resource, texts } of documents) {
    for (const text of texts) addHashes(name, "the whole document", text);
    for (const [path, text] of [...leaves(resource, name), ...tokens(resource, name)]) {
      for (const [form, bytes] of plainForms(text)) {
        // Short codes occur by chance; as a word of their own, or hashed, they do not.
        add(path, form, bytes, form === "packed decimal" ? SHORTEST : SHORTEST + 1);
        addHashes(path, form, bytes);
      }
      const plain = utf8(text);
      if (plain.length <= 32 && plain.length > 1) {
        add(path, "word, left", padded(plain, false));
        addHashes(path, "word, left", padded(plain, false));
        addHashes(path, "word, right", padded(plain, true));
      }
      addHashes(path, "quoted text", utf8(JSON.stringify(text)));
      if (/^\d+$/u.test(text)) addHashes(path, "number as a word", padded(bigEndian(BigInt(text)), true));
      for (const second of seconds(text)) add(path, TIME, bigEndian(BigInt(second)));
    }
  }
  return [...needles.values()];
};

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replace(/^0x/u, ""), "hex");

type Block = { transactions: { hash: string; input: string }[] };
type Receipt = { logs: { topics: string[]; data: string }[] };
type Trace = { structLogs: { op: string; stack: string[] }[] };

/** Everything that transactions of these blocks show: calldata, logs, storage slots and values written. */
export const collect = async (ask: Ask, fromBlock: number, toBlock: number): Promise<Haystack[]> => {
  const found: Haystack[] = [];
  for (let number = fromBlock; number <= toBlock; number++) {
    const block = (await ask("eth_getBlockByNumber", `0x${number.toString(16)}`, true)) as Block;
    for (const { hash, input } of block.transactions) {
      found.push({ where: `calldata of ${hash}`, bytes: bytesOf(input) });
      const receipt = (await ask("eth_getTransactionReceipt", hash)) as Receipt;
      for (const [i, log] of receipt.logs.entries()) {
        found.push({
          where: `log ${i} of ${hash}`,
          bytes: bytesOf(log.topics.map((t) => t.slice(2)).join("") + log.data.slice(2)),
        });
      }
      const trace = (await ask("debug_traceTransaction", hash, {
        disableMemory: true,
        disableStorage: true,
      })) as Trace;
      for (const { op, stack } of trace.structLogs) {
        if (op !== "SSTORE") continue;
        const [slot, value] = [stack.at(-1), stack.at(-2)].map((word) =>
          (word ?? "0").replace(/^0x/u, "").padStart(64, "0"),
        );
        found.push({ where: `storage write of ${hash}`, bytes: bytesOf(`${slot ?? ""}${value ?? ""}`) });
      }
    }
  }
  return found;
};

/**
 * Needles without the times that the chain says by design.
 *
 * @param disclosed Seconds: of the windows, the hand-overs and the blocks of the run.
 */
export const undisclosed = (needles: readonly Needle[], disclosed: ReadonlySet<number>): Needle[] =>
  needles.filter(({ form, bytes }) => form !== TIME || !disclosed.has(bytes.readUIntBE(0, bytes.length)));

/** Every needle that stands somewhere, once for each place. */
export const scan = (haystacks: readonly Haystack[], needles: readonly Needle[]): Finding[] => {
  const index = new Map<string, string>();
  for (const { where, bytes } of haystacks) {
    const text = bytes.toString("latin1");
    for (let i = 0; i + INDEXED <= text.length; i++) {
      const window = text.slice(i, i + INDEXED);
      if (!index.has(window)) index.set(window, where);
    }
  }
  const findings: Finding[] = [];
  const isLong = ({ bytes }: Needle): boolean => bytes.length >= INDEXED;
  for (const { what, form, bytes } of needles.filter(isLong)) {
    // Candidates by their first bytes, then compared whole.
    const text = bytes.toString("latin1");
    if (!index.has(text.slice(0, INDEXED))) continue;
    const at = haystacks.find((haystack) => haystack.bytes.includes(bytes));
    if (at !== undefined) findings.push({ what, form, where: at.where });
  }
  const short = needles.filter((needle) => !isLong(needle));
  for (const { where, bytes } of haystacks) {
    for (const needle of short) {
      if (bytes.includes(needle.bytes)) findings.push({ what: needle.what, form: needle.form, where });
    }
  }
  return findings;
};
