import { spanOf } from "../../core/fhir/dates.ts";
import type { ProblemList } from "../../core/fhir/errors.ts";
import { isJsonObject } from "../../core/fhir/validate.ts";
import { LOT_NUMBER } from "../gs1/elements.ts";
import { digitBehind } from "../gs1/keys.ts";

/** Code system of GTINs, as HL7's naming system `gtin` prefers it. */
export const GTIN_SYSTEM = "https://www.gs1.org/gtin";

/** Its OID, and the one that HL7 Switzerland uses. */
const GTIN_SYSTEMS: readonly unknown[] = [GTIN_SYSTEM, "urn:oid:1.3.160", "urn:oid:2.51.1.1"];

const PLACE = "Immunization";

/**
 * A GTIN of 8, 12, 13 or 14 digits as 14 digits; undefined when it has another length or a wrong check digit.
 * @see GS1 General Specifications, 7.9
 */
export function gtin14(text: string): string | undefined {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return undefined;
  return Number(text.at(-1)) === digitBehind(text.slice(0, -1)) ? text.padStart(14, "0") : undefined;
}

/** The GTIN that a coding is, 14 digits; undefined when it is none, or malformed. */
export function gtinOf({
  system,
  code,
}: {
  readonly system?: unknown;
  readonly code?: unknown;
}): string | undefined {
  return GTIN_SYSTEMS.includes(system) && typeof code === "string" ? gtin14(code) : undefined;
}

/** The GTIN that stands in `vaccineCode`, or the one that is given; both must agree. 14 digits. */
export function readGtin(
  vaccineCode: unknown,
  given: string | undefined,
  problems: ProblemList,
): string | undefined {
  const place = `${PLACE}.vaccineCode`;
  const codings =
    isJsonObject(vaccineCode) && Array.isArray(vaccineCode["coding"]) ? vaccineCode["coding"] : [];
  const found = new Set<string>(given === undefined ? [] : [given]);
  for (const [index, coding] of codings.entries()) {
    if (!isJsonObject(coding) || !GTIN_SYSTEMS.includes(coding["system"])) continue;
    const gtin = gtinOf(coding);
    if (gtin === undefined) {
      problems.add(
        "ElementMalformed",
        `${place}.coding[${index}].code`,
        "It is no GTIN.",
        "Write its 8, 12, 13 or 14 digits with a right check digit, as they stand on the package.",
      );
      return undefined;
    }
    found.add(gtin);
  }
  if (found.size > 1) {
    problems.add(
      "Mismatch",
      place,
      "Its GTINs, or it and the one that is given, are of different products.",
      "Keep the GTIN of the package that the dose was taken from.",
    );
    return undefined;
  }
  if (found.size === 0) {
    problems.add(
      "ElementMissing",
      place,
      "No GTIN is among its codes, and a lot number alone names no lot.",
      `Add a coding of ${GTIN_SYSTEM}, or pass the package's GTIN as the reading's gtin.`,
    );
  }
  return [...found][0];
}

/** The lot number as GS1 has it. */
export function readLotNumber(lotNumber: unknown, problems: ProblemList): string | undefined {
  const place = `${PLACE}.lotNumber`;
  if (lotNumber === undefined) {
    problems.add(
      "ElementMissing",
      place,
      "It is missing, so nobody could be found when the lot is recalled.",
      "Scan the package or read the lot number off it.",
    );
    return undefined;
  }
  if (typeof lotNumber !== "string") return undefined;
  if (!LOT_NUMBER.test(lotNumber)) {
    problems.add(
      "OutOfRange",
      place,
      "It is no lot number of GS1: 1 to 20 letters, digits and signs, without spaces.",
      "Write it exactly as it stands on the package.",
    );
    return undefined;
  }
  return lotNumber;
}

/** Last day on which the lot may be used, as `YYYY-MM-DD`: a month ends with its last day, as in GS1's codes. */
export function readExpiry(date: unknown, problems: ProblemList): string | undefined {
  if (typeof date !== "string" || !/^\d{4}(-\d\d){0,2}$/.test(date)) return undefined;
  if (date.length === 10) return date;
  if (date.length === 4) {
    problems.add(
      "NotSupported",
      `${PLACE}.expirationDate`,
      "A year is not exact enough: packages state at least the month.",
      "Write month or day as they stand on the package.",
    );
    return undefined;
  }
  return new Date((spanOf(date, "UTC").until - 1) * 1_000).toISOString().slice(0, 10);
}
