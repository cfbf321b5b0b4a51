/**
 * The scan: what of the needles is on chain, and what two entries share.
 *
 * Looked for in every stretch of calldata, log, storage slot and storage value:
 * - texts of five bytes or more, hashes (head or tail of eight bytes) and secrets: at any offset;
 * - texts of two to four bytes and numbers: as a whole word, in a packed word of known layout as a whole field, in any
 *   other storage word at any offset from four bytes on. One byte would be found by chance everywhere.
 *
 * Not looked for, for the design shows it (docs/observer.md): numbers in `open`.
 *
 * Shared by two entries (entries.ts) may be: numbers of few bytes (member ids, categories, purposes, times), the public values
 * (keys and addresses of members and operators, contracts, names of events, what a passkey says of the app it signs in), and
 * the id of an entry that the other one names on purpose (LINKS).
 */
import type { Needle, NeedleKind } from "./needles.ts";
import type { Footprints, Stretch } from "./record.ts";

/** Something on chain that should not be there. */
export interface Finding {
  readonly kind: NeedleKind | "shared" | "undeclared";
  /** Source and form; for a shared value the value. */
  readonly what: string;
  /** Where, first hit. */
  readonly where: string;
  /** How often. */
  readonly times: number;
}

/** Words are 32 bytes. */
const WORD = 64;
/** Any value of so many bytes that two entries share is found, at any offset. */
const SHARED_BYTES = 16;
/** Two neighbouring words of numbers of up to five bytes have at most ten bytes that are not zero. */
const TELLING_BYTES = 11;
const INDEX_BYTES = 5;
const FIELD_BYTES = 4;

/** Scan a run for needles and for values that entries share. */
export function scan(
  footprints: Footprints,
  needles: readonly Needle[],
  publicValues: readonly string[],
): Finding[] {
  const mask = masking([...publicValues, ...footprints.published]);
  return [
    ...footprints.undeclared.map((where): Finding => ({
      kind: "undeclared",
      what: "calldata that no parameter declares",
      where,
      times: 1,
    })),
    ...findNeedles(footprints, needles, mask),
    ...findShared(footprints, mask),
  ];
}

/** A finding as one line. */
export const lineOf = ({ kind, what, where, times }: Finding): string =>
  `${kind}: ${what} in ${where}${times > 1 ? ` and ${times - 1} more` : ""}`;

function findNeedles(
  footprints: Footprints,
  needles: readonly Needle[],
  mask: (hex: string) => string,
): Finding[] {
  const bytes = indexBytes(footprints.stretches);
  const words = indexWords(footprints, mask);
  const found: Finding[] = [];
  for (const needle of needles) {
    const { kind, source, form } = needle;
    const hits = new Set([
      ...(needle.bytes === undefined ? [] : bytes(needle.bytes)),
      ...(needle.word === undefined ? [] : (words.get(needle.word) ?? [])),
    ]);
    const [first] = hits;
    if (first !== undefined)
      found.push({ kind, what: `${source} as ${form}`, where: first, times: hits.size });
  }
  return found;
}

/** Answers where a run of five or more bytes is. */
function indexBytes(stretches: readonly Stretch[]): (bytes: string) => string[] {
  const size = INDEX_BYTES * 2;
  const places = new Map<string, [stretch: Stretch, offset: number][]>();
  for (const stretch of stretches) {
    const { hex, fields } = stretch;
    if (fields !== undefined) continue; // Read field by field below; neighbours in a packed word are no text.
    for (let offset = 0; offset + size <= hex.length; offset += 2) {
      const window = hex.slice(offset, offset + size);
      if (/^0+$/.test(window)) continue;
      const list = places.get(window);
      if (list === undefined) places.set(window, [[stretch, offset]]);
      else list.push([stretch, offset]);
    }
  }
  return (bytes) =>
    (places.get(bytes.slice(0, size)) ?? [])
      .filter(([{ hex }, offset]) => hex.startsWith(bytes, offset))
      .map(([{ at }]) => at);
}

/** Where each whole word is, and each number of a packed word. */
function indexWords(
  { stretches, names, shows }: Footprints,
  mask: (hex: string) => string,
): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  const add = (word: string, at: string): void => {
    const known = places.get(word);
    if (known === undefined) places.set(word, new Set([at]));
    else known.add(at);
  };
  const namesOf = (entry: string): string[] =>
    [entry, ...(shows.get(entry) ?? [])].flatMap((each) => [...(names.get(each) ?? [])]);
  for (const { hex, fields, at, entries } of stretches) {
    if (fields !== undefined) for (const field of fieldsOf(hex, fields)) add(field, at);
    else {
      for (let offset = 0; offset < hex.length; offset += WORD) add(hex.slice(offset, offset + WORD), at);
      if (!/ storage /.test(at)) continue;
      // The first bytes of a key or an id, and the end of the field before it, are no number.
      const masked = entries.flatMap(namesOf).reduce((left, name) => without(name, left), mask(hex));
      for (let offset = 0; offset + FIELD_BYTES * 2 <= masked.length; offset += 2) {
        add(masked.slice(offset, offset + FIELD_BYTES * 2).padStart(WORD, "0"), at);
      }
    }
  }
  places.delete("0".repeat(WORD));
  return places;
}

/** Fields of a packed word as words; what no field covers is one more, and must be zero. */
function fieldsOf(hex: string, widths: readonly number[]): string[] {
  let rest = BigInt(`0x${hex}`);
  const fields = widths.map((width) => {
    const field = rest & ((1n << BigInt(width)) - 1n);
    rest >>= BigInt(width);
    return field;
  });
  return [...fields, rest].map((field) => field.toString(16).padStart(WORD, "0"));
}

/** Values that two entries share: a thread from one to the other. */
function findShared({ stretches, names, shows }: Footprints, mask: (hex: string) => string): Finding[] {
  const size = SHARED_BYTES * 2;
  const owners = new Map<string, { readonly owner: string; readonly at: string }>();
  const shared = new Map<string, { what: string; where: string; places: Set<string> }>();
  const claim = (hex: string, owner: string, at: string): void => {
    for (let offset = 0; offset + size <= hex.length; offset += 2) {
      const window = hex.slice(offset, offset + size);
      const known = owners.get(window);
      if (known === undefined) {
        if (isTelling(window)) owners.set(window, { owner, at });
      } else if (known.owner !== owner) {
        const pair = [known.owner, owner].sort().join(" and ");
        // Windows of one value follow each other: the pair and where it stands name it.
        const key = `${pair} ${at.replace(/^transaction \w+ /, "")}`;
        const where = `${known.at} and ${at}`;
        const entry = shared.get(key) ?? {
          what: `0x${window}… of ${pair}`,
          where,
          places: new Set<string>(),
        };
        entry.places.add(at);
        shared.set(key, entry);
      }
    }
  };
  for (const { hex, at, fields, entries } of stretches) {
    if (fields !== undefined) continue; // Open numbers; the layout has no room for more.
    const masked = mask(hex);
    for (const owner of entries) {
      // What it may show of another entry is that one's, whoever shows it.
      let rest = masked;
      for (const other of shows.get(owner) ?? []) {
        if (other === owner) continue;
        for (const value of names.get(other) ?? []) {
          if (!isWithin(value, rest)) continue;
          claim(value, other, at);
          rest = without(value, rest);
        }
      }
      claim(rest, owner, at);
    }
  }
  return [...shared.values()].map(({ what, where, places }) => ({
    kind: "shared",
    what,
    where,
    times: places.size,
  }));
}

function isWithin(value: string, hex: string): boolean {
  for (let at = hex.indexOf(value); at !== -1; at = hex.indexOf(value, at + 1)) if (at % 2 === 0) return true;
  return false;
}

function without(value: string, hex: string): string {
  return hex.replaceAll(value, "0".repeat(value.length));
}

/** Blots out the public values. */
function masking(values: readonly string[]): (hex: string) => string {
  const plain = [...new Set(values.map((value) => value.replace(/^0x/, "").toLowerCase()))];
  const blots = new Map(
    plain.filter((value) => !/^0*$/.test(value)).map((value) => [value, "0".repeat(value.length)]),
  );
  const lengths = [...new Set([...blots.keys()].map(({ length }) => length))].sort(
    (one, other) => other - one,
  );
  return (hex) => {
    let masked = hex;
    for (const length of lengths) {
      for (let offset = 0; offset + length <= masked.length; offset += 2) {
        const blot = blots.get(masked.slice(offset, offset + length));
        if (blot !== undefined) masked = masked.slice(0, offset) + blot + masked.slice(offset + length);
      }
    }
    return masked;
  };
}

function isTelling(window: string): boolean {
  let bytes = 0;
  for (let offset = 0; offset < window.length; offset += 2) {
    if (window.slice(offset, offset + 2) !== "00") bytes += 1;
  }
  return bytes >= TELLING_BYTES;
}
