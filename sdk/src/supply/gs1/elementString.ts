import { parseBarcode } from "gs1-barcode-parser-mod";

import { supplyError } from "../errors.ts";
import {
  type Element,
  type Gs1Label,
  type ReadLabelOptions,
  SET_82,
  elementError,
  knownIdentifier,
  labelOf,
} from "./elements.ts";
import { parseGtin } from "./keys.ts";

/** What a scanner sends for FNC1 between elements: ASCII 29, group separator. */
const SEPARATOR = "\u001d";
/** Longest content of any symbology that carries GS1 data: QR code, alphanumeric. */
const LONGEST = 4_296;
const READABLE = new RegExp(`^[${SET_82}${SEPARATOR}]+$`);
const BRACKETED = /^\(\d{2,4}\)/;

/** Symbology identifiers (ISO/IEC 15424) of codes that carry element strings: GS1-128, DataBar and composite, DataMatrix, QR, DotCode. */
const WITH_ELEMENTS = ["]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"];
/** Those of codes that carry one GTIN and no identifier: EAN-13 with UPC-A, EAN-8, ITF-14. */
const BARE_GTIN: Readonly<Record<string, number>> = { "]E0": 13, "]E4": 8, "]I1": 14 };

/**
 * Read an element string: what a scanner sends of a GS1 DataMatrix, GS1-128, DataBar or QR code, with or without its
 * symbology identifier (`]d2`, `]C1`, …), elements of variable length ended by ASCII 29; or the same as printed, with
 * application identifiers in brackets; or the digits of an EAN-13, EAN-8 or ITF-14 after their symbology identifier.
 *
 * Identifiers are told apart by a library (docs/decisions/0016); lengths, characters, check digits, dates and repetitions are
 * checked here. Printed text with `(10)` inside a value cannot be told from two elements: scan such a code.
 *
 * @param text A line end behind it, as keyboard scanners send, is passed over, and so is one separator at either end.
 * @throws `Gs1ElementMalformed` naming the element, `Gs1CheckDigitWrong`, `Gs1ElementUnknown`, `Gs1ElementRepeated`,
 *   `Gs1KeyMalformed`, `Gs1TextUnreadable`
 * @see GS1 General Specifications, sections 3.2 and 7.8
 * @example
 * parseElementString("]d2010950600013435217271231" + "10AB-12\u001d21X7"); // { gtin, expiresOn, lot, serial, others }
 */
export function parseElementString(text: string, options: ReadLabelOptions = {}): Gs1Label {
  if (typeof text !== "string") throw unreadable("it is no text");
  const sent = text.replace(/\r?\n?$/, "");
  if (sent.length > LONGEST) throw unreadable(`it has more than ${LONGEST} characters`);
  const symbology = sent.startsWith("]") ? sent.slice(0, 3) : "";
  const bare = BARE_GTIN[symbology];
  if (bare !== undefined) return { gtin: bareGtin(sent.slice(3), bare), others: {} };
  if (symbology !== "" && !WITH_ELEMENTS.includes(symbology)) {
    throw unreadable("its symbology identifier is that of a code without GS1 elements");
  }
  const content = sent
    .slice(symbology.length)
    .replace(/^\u001d/, "")
    .replace(/\u001d$/, "");
  if (content === "") throw unreadable("it is empty");
  if (!READABLE.test(content)) throw unreadable("it has a character that no GS1 element may have");
  if (content.includes(SEPARATOR + SEPARATOR)) throw unreadable("two separators stand side by side");
  return labelOf(BRACKETED.test(content) ? printedElements(content) : scannedElements(content), options);
}

function bareGtin(digits: string, length: number): bigint {
  if (digits.length !== length) throw unreadable(`it does not have the ${length} digits of its symbology`);
  return parseGtin(digits);
}

function scannedElements(content: string): readonly Element[] {
  const elements = elementsOf(content);
  if (elements === undefined) throw firstFault(content.split(SEPARATOR));
  const read = elements.map((element) => element.join("")).join("");
  if (read !== content.replaceAll(SEPARATOR, "")) throw unknown("a separator stands inside an element");
  return elements;
}

function printedElements(content: string): readonly Element[] {
  if (content.includes(SEPARATOR)) throw unreadable("it has brackets and separators");
  const elements = elementsOf(content);
  if (elements !== undefined) return elements;
  for (const piece of content.split(/(?=\(\d{2,4}\))/)) {
    if (elementsOf(piece) === undefined) throw faultAt(piece.replace(/[()]/g, ""));
  }
  throw unknown("what stands in brackets is no application identifier");
}

/** What the library makes of it; nothing when it gives up. */
function elementsOf(content: string): readonly Element[] | undefined {
  try {
    return parseBarcode(content).parsedCodeItems.map(({ ai, raw }): Element => [ai, raw]);
  } catch {
    return undefined;
  }
}

/** The library does not say where it gave up: it is behind the longest beginning that it reads. */
function firstFault(pieces: readonly string[]) {
  const piece = pieces.find((each) => elementsOf(each) === undefined) ?? "";
  let read = piece.length - 1;
  while (read > 0 && elementsOf(piece.slice(0, read)) === undefined) read -= 1;
  return faultAt(piece.slice(read));
}

function faultAt(characters: string) {
  const ai = knownIdentifier(characters);
  if (ai === undefined) return unknown("no application identifier begins where one should");
  return elementError(ai, "it is cut short, or has something else than digits");
}

function unknown(problem: string) {
  return supplyError("Gs1ElementUnknown", { problem });
}

function unreadable(problem: string) {
  return supplyError("Gs1TextUnreadable", { problem });
}
