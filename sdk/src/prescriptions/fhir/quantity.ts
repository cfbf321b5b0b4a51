import type { ProblemList } from "../../core/fhir/errors.ts";
import { type JsonObject, isJsonObject } from "../../core/fhir/validate.ts";

/** The unit in which a prescription counts, as its document names it. */
export interface FhirUnit {
  /** Code system, such as `http://unitsofmeasure.org`. */
  readonly system: string;
  readonly code: string;
  /** The unit's name for people, if the document gives one. */
  readonly unit?: string;
}

/** Code system of UCUM. */
export const UCUM = "http://unitsofmeasure.org";

/** Most that the ledger counts of one fill, in thousandths. */
const MAX_UNITS = (1n << 40n) - 1n;

/** UCUM writes the litre `l` or `L`; both are the same unit. */
const LITRES = new Map(["l", "dl", "cl", "ml", "ul", "nl"].map((code) => [code, `${code.slice(0, -1)}L`]));

/** UCUM codes of durations in seconds; months and years are UCUM's mean Julian ones. */
const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  min: 60,
  h: 3_600,
  d: 86_400,
  wk: 604_800,
  mo: 2_629_800,
  a: 31_557_600,
};

/** Whether two units are the same; two spellings of a litre are, two names in different code systems are not. */
export function sameUnit(one: FhirUnit, other: FhirUnit): boolean {
  const spelling = ({ system, code }: FhirUnit): string =>
    system === UCUM ? (LITRES.get(code) ?? code) : code;
  return one.system === other.system && spelling(one) === spelling(other);
}

/**
 * A decimal in thousandths, exactly; `undefined` when it has more than three places after the point.
 * Goes by the digits that the number prints, so that 0.1 is 100 thousandths.
 */
export function thousandths(value: number): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const shift = 3 - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  if (shift < 0 && scaled * 10n ** BigInt(-shift) !== digits) return undefined;
  return sign === "-" ? -scaled : scaled;
}

/** Thousandths as the number that FHIR writes. */
export function decimalOf(units: bigint): number {
  return Number(units) / 1_000;
}

/**
 * Units and unit of a quantity, in thousandths. Problems are added; `undefined` then.
 * @param quantity What stands at `place`, its structure checked.
 */
export function readUnits(
  quantity: unknown,
  place: string,
  problems: ProblemList,
): { units: bigint; unit: FhirUnit } | undefined {
  if (quantity === undefined) {
    problems.add(
      "ElementMissing",
      place,
      "It is missing.",
      "State how much may be handed over, with a coded unit.",
    );
    return undefined;
  }
  if (!isJsonObject(quantity)) return undefined;
  const unit = readUnit(quantity, place, problems);
  const units = readValue(quantity, place, problems);
  return unit === undefined || units === undefined ? undefined : { units, unit };
}

function readUnit(quantity: JsonObject, place: string, problems: ProblemList): FhirUnit | undefined {
  const { system, code, unit } = quantity;
  const fix = "Code the unit: UCUM such as mL or g, or a dose form such as TAB of v3-orderableDrugForm.";
  if (code === undefined) problems.add("ElementMissing", `${place}.code`, "The unit is missing.", fix);
  if (system === undefined)
    problems.add("ElementMissing", `${place}.system`, "The unit's code system is missing.", fix);
  if (typeof code !== "string" || typeof system !== "string") return undefined;
  return { system, code, ...(typeof unit === "string" ? { unit } : {}) };
}

function readValue(quantity: JsonObject, place: string, problems: ProblemList): bigint | undefined {
  const { value } = quantity;
  if (value === undefined) {
    problems.add("ElementMissing", `${place}.value`, "The amount is missing.", "State the amount.");
    return undefined;
  }
  if (typeof value !== "number") return undefined;
  const units = thousandths(value);
  if (units === undefined || units < 1n || units > MAX_UNITS) {
    problems.add(
      "OutOfRange",
      `${place}.value`,
      "The ledger counts from 0.001 to 1,099,511,627.775 with at most three places after the point.",
      "Choose a unit in which the amount fits.",
    );
    return undefined;
  }
  return units;
}

/**
 * Seconds of a FHIR Duration in UCUM. Problems are added; `undefined` then.
 * @param duration What stands at `place`, its structure checked.
 */
export function readSeconds(duration: unknown, place: string, problems: ProblemList): number | undefined {
  if (!isJsonObject(duration)) return undefined;
  const { value, system, code, comparator } = duration;
  const fix = `Give value, system ${UCUM} and a code of s, min, h, d, wk, mo, a.`;
  if (comparator !== undefined) {
    problems.add(
      "NotSupported",
      `${place}.comparator`,
      "The ledger needs an exact time.",
      "Leave the comparator out.",
    );
  }
  if (value === undefined) problems.add("ElementMissing", `${place}.value`, "It is missing.", fix);
  if (system !== UCUM)
    problems.add(
      system === undefined ? "ElementMissing" : "NotSupported",
      `${place}.system`,
      "The unit is not in UCUM.",
      fix,
    );
  const factor = typeof code === "string" && Object.hasOwn(SECONDS, code) ? SECONDS[code] : undefined;
  if (factor === undefined)
    problems.add(
      code === undefined ? "ElementMissing" : "NotSupported",
      `${place}.code`,
      "The unit is no unit of time.",
      fix,
    );
  if (typeof value !== "number" || factor === undefined || system !== UCUM) return undefined;
  const seconds = value * factor;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 0xffff_ffff) {
    problems.add(
      "OutOfRange",
      `${place}.value`,
      "It is no whole number of seconds from 0 to 4,294,967,295.",
      "Choose a whole number of a unit.",
    );
    return undefined;
  }
  return seconds;
}
