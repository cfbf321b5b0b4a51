import { supplyError } from "../errors.ts";
import { parseDigitalLink } from "./digitalLink.ts";
import { parseElementString } from "./elementString.ts";
import type { Gs1Label, LotLabel, ReadLabelOptions } from "./elements.ts";

/** A web address, after the symbology identifier of a plain DataMatrix or QR code if the scanner sends one. */
const LINK = /^(?:\](?:d1|Q1))?(?=https?:)/i;

/**
 * Read whatever a scanner sends of a label: an element string ({@link parseElementString}) or a GS1 Digital Link
 * ({@link parseDigitalLink}).
 *
 * @throws what these two throw
 * @example
 * const { gtin, lot, serial, expiresOn } = readLabel(scanned);
 */
export function readLabel(text: string, options: ReadLabelOptions = {}): Gs1Label {
  const prefix = typeof text === "string" ? LINK.exec(text)?.[0] : undefined;
  if (prefix === undefined) return parseElementString(text, options);
  return parseDigitalLink(text.slice(prefix.length).trimEnd(), options);
}

/**
 * Read the label of a pack, which must name its lot: GTIN and lot number.
 *
 * @throws `Gs1ElementMissing`, and what {@link readLabel} throws
 * @example
 * const { gtin, lot } = readLotLabel(scanned);
 * const id = lotIdOf(gtin, lot);
 */
export function readLotLabel(text: string, options: ReadLabelOptions = {}): LotLabel {
  const label = readLabel(text, options);
  const { gtin, lot } = label;
  if (gtin === undefined) throw supplyError("Gs1ElementMissing", { element: "01" });
  if (lot === undefined) throw supplyError("Gs1ElementMissing", { element: "10" });
  return { ...label, gtin, lot };
}
