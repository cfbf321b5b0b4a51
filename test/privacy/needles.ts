/** What must not be found on chain: everything that FHIR inputs say, in every plain form and every unsalted hash. */
import { createHash } from "node:crypto";

import { COMMITMENT_TAG, canonicalJson } from "@careledger/sdk";
import { AbiCoder, hexlify, keccak256, toBeHex, toUtf8Bytes } from "ethers";

/** How something could be on chain. */
export type NeedleKind = "text" | "number" | "hash" | "secret";

/** Something to look for. */
export interface Needle {
  readonly kind: NeedleKind;
  /** Where it comes from: `file element`. */
  readonly source: string;
  /** How it is written, such as `utf-8` or `sha256`. */
  readonly form: string;
  /** Bytes in hexadecimal without 0x that are looked for at any offset; 5 or more. */
  readonly bytes?: string;
  /** A whole word of 32 bytes in hexadecimal without 0x, or a field of a packed word when it is a number. */
  readonly word?: string;
}

/** A resource with the name that findings give it. */
export interface Input {
  readonly name: string;
  /** The file as it was read, byte for byte. */
  readonly raw?: string;
  readonly resource: unknown;
}

/** What the design puts on chain openly: units, fills, interval, window and hand-over of what was issued and dispensed. */
export type OpenNumbers = ReadonlySet<bigint>;

/** Fewer bytes than this are found by chance in signatures and keys; shorter texts are looked for as whole words. */
const FREE_BYTES = 5;
/** Of a hash so many leading and trailing bytes are looked for: a truncated hash is found too. */
const HASH_BYTES = 8;
/** Smaller numbers are counters, ids and sites by chance. */
const NUMBER_LEAST = 10_000n;
/**
 * The chain's own words, though a narrative has them too: labels that deploy/ gives to roles, and what a passkey's client
 * data says of every signature (`origin`, `crossOrigin`, WebAuthn 5.8.1).
 */
const OWN_WORDS: readonly string[] = ["governance", "emergency", "claims", "false", "origin"];
/** A word of a text that says something by itself. */
const TELLING_WORD = /[\p{L}\p{N}]{5,}/gu;
const DAY = 86_400;

/** Everything to look for. `open` numbers are left out: the design shows them (docs/observer.md). */
export function needlesOf(
  inputs: readonly Input[],
  timeZones: readonly string[],
  open: OpenNumbers,
): Needle[] {
  const found = new Map<string, Needle>();
  const add = (needle: Needle): void => {
    const key = `${needle.bytes ?? ""}/${needle.word ?? ""}`;
    if (!found.has(key)) found.set(key, needle);
  };
  const seen = new Set<string>();
  const once = (value: string, work: () => void): void => {
    if (seen.has(value)) return;
    seen.add(value);
    work();
  };
  for (const { name, raw, resource } of inputs) {
    if (raw !== undefined) hashNeedles(`${name} file`, toUtf8Bytes(raw)).forEach(add);
    for (const { path, value } of nodesOf(resource)) {
      const source = `${name} ${path}`;
      if (typeof value === "string" || typeof value === "number") {
        once(`${typeof value} ${value}`, () => leafNeedles(source, value, timeZones, open).forEach(add));
      } else {
        const canonical = canonicalJson(value);
        once(hexlify(canonical), () => documentNeedles(source, canonical).forEach(add));
      }
    }
  }
  return [...found.values()];
}

/** Bytes that only their owner may know: salts, keys, meta-addresses. */
export function secretNeedles(source: string, bytes: Uint8Array | string): Needle[] {
  const hex = plainHex(bytes);
  return [{ kind: "secret", source, form: "bytes", bytes: hex }, ...hashNeedles(source, hexlify(`0x${hex}`))];
}

interface Node {
  readonly path: string;
  readonly value: unknown;
}

/** Every leaf, and every object: a coding or a reference may be hashed as a whole. */
function nodesOf(value: unknown, path = ""): Node[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => nodesOf(each, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return typeof value === "boolean" ? [] : [{ path, value }];
  const inner = Object.entries(value).flatMap(([name, each]) =>
    nodesOf(each, path === "" ? name : `${path}.${name}`),
  );
  const { system, code, value: id } = value as Readonly<Record<string, unknown>>;
  const token = typeof code === "string" ? code : id;
  const joined =
    typeof system === "string" && typeof token === "string"
      ? [{ path: `${path} token`, value: `${system}|${token}` }]
      : [];
  return [...inner, ...joined, { path: path === "" ? "whole" : path, value }];
}

function leafNeedles(
  source: string,
  value: string | number,
  timeZones: readonly string[],
  open: OpenNumbers,
): Needle[] {
  const text = String(value);
  const needles: Needle[] = [];
  const texts = new Set([text, text.toLowerCase(), text.toUpperCase(), text.trim()]);
  const id = /^[A-Z]\w+\/(.+)$/.exec(text)?.[1];
  if (id !== undefined) texts.add(id);
  for (const each of texts) {
    if (typeof value === "string") needles.push(...textNeedles(source, each));
    needles.push(...hashNeedles(source, toUtf8Bytes(each)));
  }
  if (typeof value === "string") {
    // Narrative and displays are taken apart.
    for (const [word] of text.replace(/<[^>]*>/g, " ").matchAll(TELLING_WORD)) {
      if (OWN_WORDS.includes(word.toLowerCase())) continue;
      for (const each of [word, word.toLowerCase(), word.toUpperCase()])
        needles.push(...textNeedles(`${source} word ${word}`, each));
    }
  }
  const isDate = typeof value === "string" && /^\d{4}(-\d\d(-\d\d(T.+)?)?)?$/.test(value);
  const numbers = isDate ? dateNumbers(value, timeZones) : integersOf(text);
  for (const [form, number] of numbers) {
    if (!open.has(number)) needles.push(...numberNeedles(source, form, number));
  }
  return needles;
}

/** A text in the encodings that a program would use. */
function textNeedles(source: string, text: string): Needle[] {
  const utf8 = Buffer.from(text, "utf8");
  const utf16 = Buffer.from(text, "utf16le");
  const forms: [string, Buffer][] = [
    ["utf-8", utf8],
    ["utf-16le", utf16],
    ["utf-16be", Buffer.from(utf16).swap16()],
    ["hex text", Buffer.from(utf8.toString("hex"), "latin1")],
    ["HEX text", Buffer.from(utf8.toString("hex").toUpperCase(), "latin1")],
    ...base64Forms(utf8),
  ];
  const needles: Needle[] = [];
  for (const [form, bytes] of forms) {
    const hex = bytes.toString("hex");
    if (bytes.length >= FREE_BYTES) needles.push({ kind: "text", source, form, bytes: hex });
  }
  if (utf8.length >= 2 && utf8.length <= 32) {
    const hex = utf8.toString("hex");
    needles.push({ kind: "text", source, form: "bytes32", word: hex.padEnd(64, "0") });
    if (utf8.length >= 3)
      needles.push({ kind: "text", source, form: "integer", word: hex.padStart(64, "0") });
  }
  return needles;
}

/** Base64 of a text inside a longer one: what does not depend on its neighbours, for each of the three alignments. */
function base64Forms(utf8: Buffer): [string, Buffer][] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), utf8])
      .toString("base64")
      .replace(/=+$/, "");
    const whole = Math.floor(((before + utf8.length) * 8) / 6);
    const core = text.slice(Math.ceil((before * 8) / 6), whole);
    const url = core.replaceAll("+", "-").replaceAll("/", "_");
    return [...new Set([core, url])]
      .filter((each) => each.length >= 6)
      .map((each): [string, Buffer] => ["base64", Buffer.from(each, "latin1")]);
  });
}

/** A date as numbers: seconds, milliseconds and days since 1970, digits, packed BCD. */
function dateNumbers(text: string, timeZones: readonly string[]): [string, bigint][] {
  const [year = "", month = "", day = ""] = text.slice(0, 10).split("-");
  const midnight = Date.parse(`${year}-${month || "01"}-${day || "01"}T00:00:00Z`) / 1_000;
  const seconds = new Map<string, number>([["UTC midnight", midnight]]);
  for (const zone of timeZones) seconds.set(`midnight in ${zone}`, midnight - offsetOf(zone, midnight));
  if (text.length > 10) seconds.set("instant", Math.floor(Date.parse(text) / 1_000));
  const numbers: [string, bigint][] = [];
  for (const [form, start] of seconds) {
    const ends: [string, number][] =
      form === "instant"
        ? []
        : [
            ["end of day", DAY - 1],
            ["next day", DAY],
          ];
    for (const [what, more] of [["", 0] as [string, number], ...ends]) {
      numbers.push([`seconds, ${form} ${what}`.trim(), BigInt(start + more)]);
      numbers.push([`milliseconds, ${form} ${what}`.trim(), BigInt(start + more) * 1_000n]);
    }
  }
  if (day !== "") {
    numbers.push(["days", BigInt(midnight / DAY)], ["Julian day", BigInt(midnight / DAY) + 2_440_588n]);
    for (const digits of [`${year}${month}${day}`, `${day}${month}${year}`, `${month}${day}${year}`]) {
      numbers.push(["digits", BigInt(digits)], ["packed BCD", BigInt(`0x${digits}`)]);
    }
  }
  if (month !== "") numbers.push(["year and month", BigInt(`${year}${month}`)]);
  return numbers;
}

/** Seconds by which a zone is ahead of UTC then. */
function offsetOf(timeZone: string, seconds: number): number {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  return Date.parse(`${format.format(seconds * 1_000).replace(" ", "T")}Z`) / 1_000 - seconds;
}

/** A text of digits as a number and as packed BCD. */
function integersOf(text: string): [string, bigint][] {
  return /^\d{1,60}$/.test(text)
    ? [
        ["integer", BigInt(text)],
        ["packed BCD", BigInt(`0x${text}`)],
      ]
    : [];
}

function numberNeedles(source: string, form: string, number: bigint): Needle[] {
  if (number < NUMBER_LEAST || number >= 1n << 256n) return [];
  const word = number.toString(16).padStart(64, "0");
  const bytes = toBeHex(number).slice(2);
  const free = bytes.length / 2 >= FREE_BYTES ? { bytes } : {};
  return [{ kind: "number", source, form, word, ...free }];
}

/** A document's hashes, and its commitment with a salt that is none. */
function documentNeedles(source: string, canonical: Uint8Array): Needle[] {
  const sha256 = createHash("sha256").update(canonical).digest("hex");
  const tag = COMMITMENT_TAG.slice(2);
  const unsalted = [`0x${tag}${sha256}`, `0x${tag}${"00".repeat(32)}${sha256}`];
  return [
    ...hashNeedles(source, canonical),
    ...unsalted.flatMap((preimage) => hashed(source, "commitment without salt", keccak256(preimage))),
  ];
}

const ALGORITHMS = ["sha256", "sha1", "md5", "sha512", "sha3-256", "ripemd160", "sm3", "blake2b512"] as const;

function hashNeedles(source: string, value: Uint8Array | string): Needle[] {
  const bytes = Buffer.from(plainHex(value), "hex");
  const digest = (algorithm: string, of: Uint8Array): string =>
    createHash(algorithm).update(of).digest("hex");
  const text = bytes.toString("utf8");
  return [
    ...hashed(source, "keccak256", keccak256(bytes)),
    ...hashed(
      source,
      "keccak256 of its ABI encoding",
      keccak256(AbiCoder.defaultAbiCoder().encode(["bytes"], [bytes])),
    ),
    ...hashed(source, "keccak256 of keccak256", keccak256(keccak256(bytes))),
    ...hashed(source, "keccak256 of its quoted text", keccak256(toUtf8Bytes(JSON.stringify(text)))),
    ...hashed(source, "sha256 of its quoted text", digest("sha256", toUtf8Bytes(JSON.stringify(text)))),
    ...(bytes.length <= 32
      ? hashed(
          source,
          "keccak256 of bytes32",
          keccak256(Buffer.concat([bytes, Buffer.alloc(32 - bytes.length)])),
        )
      : []),
    ...(/^\d{1,60}$/.test(text)
      ? hashed(source, "keccak256 of uint256", keccak256(toBeHex(BigInt(text), 32)))
      : []),
    ...ALGORITHMS.flatMap((name) => hashed(source, name, digest(name, bytes))),
    ...hashed(source, "sha256 of sha256", digest("sha256", Buffer.from(digest("sha256", bytes), "hex"))),
  ];
}

/** A hash is looked for by its head and its tail, so that a truncated one is found as well. */
function hashed(source: string, form: string, hash: string): Needle[] {
  const hex = hash.replace(/^0x/, "");
  const size = HASH_BYTES * 2;
  return [
    { kind: "hash", source, form, bytes: hex.slice(0, size) },
    { kind: "hash", source, form, bytes: hex.slice(-size) },
  ];
}

function plainHex(bytes: Uint8Array | string): string {
  return (typeof bytes === "string" ? bytes : hexlify(bytes)).replace(/^0x/, "").toLowerCase();
}
