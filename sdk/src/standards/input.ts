import { decodeBytes32String, encodeBytes32String } from "ethers";

import { checkNumber, inputError } from "../core/input.ts";

/** Most categories: bits of a mask. */
export const CATEGORIES_MOST = 32;
/** Longest URL or version of a code system, bytes. */
const TEXT_LONGEST = 255;

/** A category's code, as the chain holds it: ASCII, left-aligned in 32 bytes. */
export function checkCategoryCode(parameter: string, code: string): string {
  const expected = "1 to 31 letters, digits, '-' or '_'";
  if (typeof code !== "string") throw inputError(parameter, `it is of type ${typeof code}`, expected);
  if (!/^[A-Za-z0-9_-]{1,31}$/.test(code)) throw inputError(parameter, "it is no category code", expected);
  return encodeBytes32String(code);
}

/** The text of a category's code; the 32 bytes themselves where they are no text. */
export function categoryCodeOf(word: string): string {
  try {
    return decodeBytes32String(word);
  } catch {
    return word;
  }
}

/** Number of a category. */
export function checkCategoryNumber(parameter: string, number: number): number {
  return checkNumber(parameter, number, 8, 0, CATEGORIES_MOST - 1);
}

/** URL or version of a code system. */
export function checkStandardText(parameter: string, text: string): string {
  const expected = `a text of 1 to ${TEXT_LONGEST} bytes`;
  if (typeof text !== "string") throw inputError(parameter, `it is of type ${typeof text}`, expected);
  const size = new TextEncoder().encode(text).length;
  if (size === 0 || size > TEXT_LONGEST) throw inputError(parameter, `it has ${size} bytes`, expected);
  return text;
}
