import { supplyError } from "../errors.ts";

/** Digits that a trade item's number may be written with. */
export type GtinLength = 8 | 12 | 13 | 14;

const GTIN_LENGTHS: readonly number[] = [8, 12, 13, 14];
const GLN_LENGTH = 13;
const SSCC_LENGTH = 18;

/**
 * The check digit that belongs behind these digits: from the right, digits count 3, 1, 3, 1, …, and the check digit fills
 * the sum up to a multiple of ten.
 *
 * @param digits The digits of a GTIN, GLN or SSCC before its check digit.
 * @returns 0 to 9.
 * @throws `Gs1KeyMalformed`
 * @see GS1 General Specifications, section 7.9
 * @example
 * checkDigitOf("629104150021"); // 3
 */
export function checkDigitOf(digits: string): number {
  if (typeof digits !== "string" || !/^\d{1,17}$/.test(digits)) {
    throw malformed("GS1 key", "it has something else than digits, none, or too many", "1 to 17 digits");
  }
  return digitBehind(digits);
}

/**
 * Read a Global Trade Item Number: GTIN-8, -12, -13 or -14. The shorter ones are the longer ones with zeros before
 * them, so all four of one item give one number.
 *
 * @param gtin Digits with the check digit, nothing else.
 * @returns The number, below 10^14: fits a uint64.
 * @throws `Gs1KeyMalformed`, `Gs1CheckDigitWrong`
 * @see GS1 General Specifications, sections 3.3.2 and 7.9
 * @example
 * parseGtin("09506000134352"); // 9506000134352n
 */
export function parseGtin(gtin: string): bigint {
  return parseKey("GTIN", gtin, GTIN_LENGTHS, "8, 12, 13 or 14 digits, not all zero");
}

/**
 * Write a GTIN with 14 digits, as it stands in codes and Digital Links, or with fewer.
 *
 * @param gtin As {@link parseGtin} gives it.
 * @param length Digits: 8, 12, 13 or 14.
 * @throws `Gs1KeyMalformed` (also when it has more digits than asked for), `Gs1CheckDigitWrong`
 * @example
 * formatGtin(9506000134352n); // "09506000134352"
 */
export function formatGtin(gtin: bigint, length: GtinLength = 14): string {
  if (!GTIN_LENGTHS.includes(length))
    throw malformed("GTIN", "no GTIN has that length", "8, 12, 13 or 14 digits");
  return formatKey("GTIN", gtin, length, `at most ${length} digits`);
}

/**
 * Read a Global Location Number.
 *
 * @param gln 13 digits.
 * @returns The number, below 10^13.
 * @throws `Gs1KeyMalformed`, `Gs1CheckDigitWrong`
 * @see GS1 General Specifications, sections 3.4.5 and 7.9
 * @example
 * parseGln("9506000140445"); // 9506000140445n
 */
export function parseGln(gln: string): bigint {
  return parseKey("GLN", gln, [GLN_LENGTH], "13 digits, not all zero");
}

/**
 * Write a GLN with 13 digits.
 * @throws `Gs1KeyMalformed`, `Gs1CheckDigitWrong`
 */
export function formatGln(gln: bigint): string {
  return formatKey("GLN", gln, GLN_LENGTH, "at most 13 digits");
}

/**
 * Read a Serial Shipping Container Code, the number of one parcel, pallet or other logistic unit.
 *
 * @param sscc 18 digits.
 * @returns The number, below 10^18: fits a uint64.
 * @throws `Gs1KeyMalformed`, `Gs1CheckDigitWrong`
 * @see GS1 General Specifications, sections 3.3.1 and 7.9
 * @example
 * parseSscc("106141412345678908"); // 106141412345678908n
 */
export function parseSscc(sscc: string): bigint {
  return parseKey("SSCC", sscc, [SSCC_LENGTH], "18 digits, not all zero");
}

/**
 * Write an SSCC with 18 digits.
 * @throws `Gs1KeyMalformed`, `Gs1CheckDigitWrong`
 */
export function formatSscc(sscc: bigint): string {
  return formatKey("SSCC", sscc, SSCC_LENGTH, "at most 18 digits");
}

/** The check digit behind what is known to be digits. */
export function digitBehind(digits: string): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    sum += Number(digits[index]) * ((digits.length - index) % 2 === 0 ? 1 : 3);
  }
  return (10 - (sum % 10)) % 10;
}

function parseKey(key: string, text: string, lengths: readonly number[], expected: string): bigint {
  if (typeof text !== "string") throw malformed(key, "it is no text", expected);
  if (!/^\d*$/.test(text)) throw malformed(key, "it has something else than digits", expected);
  if (!lengths.includes(text.length)) throw malformed(key, `it has ${text.length} digits`, expected);
  if (/^0+$/.test(text)) throw malformed(key, "it is zero", expected);
  const digit = digitBehind(text.slice(0, -1));
  if (Number(text.at(-1)) !== digit) throw supplyError("Gs1CheckDigitWrong", { key, expected: digit });
  return BigInt(text);
}

function formatKey(key: string, value: bigint, length: number, expected: string): string {
  if (typeof value !== "bigint") throw malformed(key, "it is no bigint", expected);
  if (value < 1n || value >= 10n ** BigInt(length)) throw malformed(key, "it is out of range", expected);
  const text = value.toString().padStart(length, "0");
  parseKey(key, text, [length], expected);
  return text;
}

function malformed(key: string, problem: string, expected: string) {
  return supplyError("Gs1KeyMalformed", { key, problem, expected });
}
