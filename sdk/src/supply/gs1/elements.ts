import { checkNumber } from "../../core/input.ts";
import { supplyError } from "../errors.ts";
import { readDate } from "./dates.ts";
import { parseGln, parseGtin, parseSscc } from "./keys.ts";

/** GS1 AI encodable character set 82 (General Specifications, figure 7.11-1), as the inside of a character class. */
export const SET_82 = `!"%&'()*+,\\-./0-9:;<=>?A-Z_a-z`;

/** What a batch or lot number may be: 1 to 20 characters of set 82 (AI 10). */
export const LOT_NUMBER = new RegExp(`^[${SET_82}]{1,20}$`);

/** What a label, link or printed line says. Fields that it does not have are absent. */
export interface Gs1Label {
  /** AI 01: the trade item. */
  readonly gtin?: bigint;
  /** AI 10: batch or lot number, 1 to 20 characters of set 82. */
  readonly lot?: string;
  /** AI 21: serial of the pack, 1 to 20 characters of set 82. */
  readonly serial?: string;
  /** AI 17: last day of use, `YYYY-MM-DD`. */
  readonly expiresOn?: string;
  /** AI 11: day of production, `YYYY-MM-DD`. */
  readonly producedOn?: string;
  /** AI 13: day of packaging, `YYYY-MM-DD`. */
  readonly packedOn?: string;
  /** AI 15: last day of best quality, `YYYY-MM-DD`. */
  readonly bestBefore?: string;
  /** AI 00: the logistic unit. */
  readonly sscc?: bigint;
  /** AI 02: the trade item that the logistic unit contains. */
  readonly contentGtin?: bigint;
  /** AI 37: how many of `contentGtin`. */
  readonly contentCount?: number;
  /** AI 414: the place. */
  readonly gln?: bigint;
  /** AI 254: extension of the place, 1 to 20 characters of set 82. */
  readonly glnExtension?: string;
  /** Every other element by its AI, characters as they stand. */
  readonly others: Readonly<Record<string, string>>;
}

/** What names one lot on a pack, and what else stands beside it. */
export type LotLabel = Gs1Label & Required<Pick<Gs1Label, "gtin" | "lot">>;

/** How a label is read. */
export interface ReadLabelOptions {
  /** Unix seconds that decide the century of dates; now when absent. */
  readonly now?: number;
}

/** One element: application identifier and characters. */
export type Element = readonly [ai: string, characters: string];

type Field = Exclude<keyof Gs1Label, "others">;

interface Rule {
  readonly field?: Field;
  readonly expected: string;
  readonly pattern: RegExp;
  /** Turns what fits the pattern into the field's value. */
  readonly read?: (
    characters: string,
    now: number,
  ) => bigint | number | { day: string } | { problem: string };
}

const text = (most: number, field?: Field): Rule => ({
  ...(field === undefined ? {} : { field }),
  expected: `1 to ${most} characters of GS1 character set 82`,
  pattern: new RegExp(`^[${SET_82}]{1,${most}}$`),
});
const digits = (least: number, most: number): Rule => ({
  expected: least === most ? `${most} digits` : `${least} to ${most} digits`,
  pattern: new RegExp(`^\\d{${least},${most}}$`),
});
const key = (length: number, read: (characters: string) => bigint, field?: Field): Rule => ({
  ...(field === undefined ? {} : { field }),
  expected: `${length} digits with a correct check digit`,
  pattern: new RegExp(`^\\d{${length}}$`),
  read,
});
const date = (field?: Field): Rule => ({
  ...(field === undefined ? {} : { field }),
  expected: "six digits YYMMDD that are a day, or YYMM00 for the last day of a month",
  pattern: /^\d{6}$/,
  read: readDate,
});

/** Elements that are checked by a rule of their own (General Specifications, section 3.2). */
const RULES: Readonly<Record<string, Rule>> = {
  "00": key(18, parseSscc, "sscc"),
  "01": key(14, parseGtin, "gtin"),
  "02": key(14, parseGtin, "contentGtin"),
  "10": text(20, "lot"),
  "11": date("producedOn"),
  "12": date(),
  "13": date("packedOn"),
  "15": date("bestBefore"),
  "16": date(),
  "17": date("expiresOn"),
  "20": digits(2, 2),
  "21": text(20, "serial"),
  "22": text(20),
  "30": digits(1, 8),
  "37": { ...digits(1, 8), field: "contentCount", read: Number },
  "235": text(28),
  "240": text(30),
  "241": text(30),
  "250": text(30),
  "254": text(20, "glnExtension"),
  "400": text(30),
  ...Object.fromEntries(
    ["410", "411", "412", "413", "414", "415", "416", "417"].map((ai) => [
      ai,
      key(13, parseGln, ai === "414" ? "gln" : undefined),
    ]),
  ),
  ...Object.fromEntries(["710", "711", "712", "713", "714", "715", "716", "717"].map((ai) => [ai, text(20)])),
};
/** Any other element: no format of the standard is longer. */
const ANY = text(90);

/** The application identifier that these characters begin with, of those with a rule of their own. */
export function knownIdentifier(characters: string): string | undefined {
  return [2, 3, 4].map((length) => characters.slice(0, length)).find((ai) => ai in RULES);
}

/** The error of one element. */
export function elementError(element: string, problem: string) {
  const { expected } = RULES[element] ?? ANY;
  return supplyError("Gs1ElementMalformed", { element, problem, expected });
}

/** Check every element and put it under its name. */
export function labelOf(elements: readonly Element[], options: ReadLabelOptions = {}): Gs1Label {
  const now = checkNumber("now", options.now ?? Math.floor(Date.now() / 1_000), 32);
  const fields: Partial<Record<Field, string | bigint | number>> = {};
  const others: Record<string, string> = {};
  const seen = new Set<string>();
  for (const [ai, characters] of elements) {
    if (seen.has(ai)) throw supplyError("Gs1ElementRepeated", { element: ai });
    seen.add(ai);
    const rule = RULES[ai] ?? ANY;
    const value = valueOf(ai, rule, characters, now);
    if (rule.field === undefined) others[ai] = characters;
    else fields[rule.field] = value;
  }
  return { ...(fields as Omit<Gs1Label, "others">), others };
}

/** Check the characters of one element, such as a lot number (AI 10), and return them. */
export function checkElement(ai: string, characters: string): string {
  valueOf(ai, RULES[ai] ?? ANY, characters, 0);
  return characters;
}

function valueOf(ai: string, rule: Rule, characters: string, now: number): string | bigint | number {
  if (typeof characters !== "string") throw elementError(ai, "it is no text");
  if (characters === "") throw elementError(ai, "it is empty");
  if (!rule.pattern.test(characters)) throw elementError(ai, "its length or a character is not allowed");
  if (rule.read === undefined) return characters;
  const value = rule.read(characters, now);
  if (typeof value !== "object") return value;
  if ("problem" in value) throw elementError(ai, value.problem);
  return value.day;
}
