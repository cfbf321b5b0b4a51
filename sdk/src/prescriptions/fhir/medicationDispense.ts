import type { MedicationDispense, Reference } from "fhir/r4.js";

import { isTimeZone, spanOf } from "../../core/fhir/dates.ts";
import { type ProblemList, createProblems } from "../../core/fhir/errors.ts";
import type { FhirReading, PrescriptionDraft } from "./medicationRequest.ts";
import { readUnits, sameUnit } from "./quantity.ts";
import { type JsonObject, checkResource, isJsonObject } from "../../core/fhir/validate.ts";

/** What a MedicationDispense becomes. */
export interface DispenseDraft {
  /** Units handed over, in thousandths of the request's unit. */
  readonly units: bigint;
  /** Second of the hand-over. Within the last 72 hours it may be entered afterwards (outage). */
  readonly handedOverAt: number;
  /** The request that authorises it. */
  readonly prescription: Reference;
  /** Where it was handed over; the pharmacy's system maps it to its site. */
  readonly location: Reference | undefined;
  /** The dispense, unchanged: what is committed to. */
  readonly document: MedicationDispense;
}

const PLACE = "MedicationDispense";

/**
 * Read a FHIR R4 MedicationDispense as a dispense of a prescription.
 *
 * | FHIR | ledger |
 * |---|---|
 * | `quantity` | `units`, in thousandths; its coded unit must be the request's |
 * | `whenHandedOver` | `handedOverAt`; to the second |
 * | `authorizingPrescription` | exactly one, the request |
 * | `status` | `completed`: what is not yet, or not at all, handed over is not recorded |
 * | all else | stays in the document |
 *
 * @param resource Parsed JSON.
 * @param request The request it belongs to, as {@link fromMedicationRequest} read it. Unit, size of a fill, subject, id and
 * permission to substitute are compared.
 * @throws {@link FhirError} with all problems.
 * @example
 * const { units, handedOverAt } = fromMedicationDispense(JSON.parse(text), draft, { timeZone: "Asia/Shanghai" });
 * @see https://hl7.org/fhir/R4/medicationdispense.html
 */
export function fromMedicationDispense(
  resource: unknown,
  request: PrescriptionDraft,
  { timeZone }: FhirReading,
): DispenseDraft {
  const problems = createProblems();
  const draft = checkResource(resource, PLACE, problems)
    ? readDispense(resource, request, timeZone, problems)
    : undefined;
  problems.throwIfAny(PLACE);
  return draft!;
}

/**
 * Check a MedicationDispense by itself and read which request authorises it, to find the request first.
 * @throws {@link FhirError} with all problems that show without the request.
 */
export function authorizingPrescriptionOf(resource: unknown, { timeZone }: FhirReading): Reference {
  const problems = createProblems();
  let prescription: Reference | undefined;
  if (checkResource(resource, PLACE, problems)) {
    prescription = readPrescription(resource, problems);
    checkHandedOver(resource, timeZone, problems);
    readUnits(resource["quantity"], `${PLACE}.quantity`, problems);
  }
  problems.throwIfAny(PLACE);
  return prescription!;
}

function readDispense(
  dispense: JsonObject,
  request: PrescriptionDraft,
  timeZone: string,
  problems: ProblemList,
): DispenseDraft | undefined {
  const prescription = readPrescription(dispense, problems);
  const handedOverAt = checkHandedOver(dispense, timeZone, problems);
  const counted = readUnits(dispense["quantity"], `${PLACE}.quantity`, problems);
  if (counted !== undefined && !sameUnit(counted.unit, request.unit)) {
    problems.add(
      "Mismatch",
      `${PLACE}.quantity.code`,
      "It is counted in another unit than the request.",
      `Count in ${request.unit.code} of ${request.unit.system}.`,
    );
  } else if (counted !== undefined && counted.units > request.unitsPerFill) {
    problems.add(
      "Mismatch",
      `${PLACE}.quantity.value`,
      "It is more than one fill of the request.",
      "Record each fill, and each part of one, as its own dispense.",
    );
  }
  checkAgainstRequest(dispense, request, prescription, problems);
  if (prescription === undefined || handedOverAt === undefined || counted === undefined) return undefined;
  const { location } = dispense;
  return {
    units: counted.units,
    handedOverAt,
    prescription,
    location: isJsonObject(location) ? (location as Reference) : undefined,
    document: dispense as unknown as MedicationDispense,
  };
}

function readPrescription(dispense: JsonObject, problems: ProblemList): Reference | undefined {
  const place = `${PLACE}.authorizingPrescription`;
  const { authorizingPrescription: references } = dispense;
  if (references === undefined) {
    problems.add(
      "ElementMissing",
      place,
      "It is missing.",
      "Refer to the request that authorises the dispense.",
    );
  }
  if (!Array.isArray(references)) return undefined;
  if (references.length > 1) {
    problems.add(
      "NotSupported",
      place,
      "A dispense belongs to one prescription.",
      "Record one dispense for each prescription.",
    );
    return undefined;
  }
  return isJsonObject(references[0]) ? (references[0] as Reference) : undefined;
}

/** Status and time; the second of the hand-over. */
function checkHandedOver(dispense: JsonObject, timeZone: string, problems: ProblemList): number | undefined {
  const { status, whenHandedOver } = dispense;
  if (typeof status === "string" && status !== "completed") {
    const wrong = status === "entered-in-error";
    problems.add(
      "StatusWrong",
      `${PLACE}.status`,
      wrong ? "It was entered in error." : "It is not handed over.",
      wrong
        ? "Withdraw the dispense if it was recorded (withdrawDispense)."
        : "Record it when it is completed.",
    );
  }
  const place = `${PLACE}.whenHandedOver`;
  const fix = "State the hand-over to the second, with its offset from UTC.";
  if (whenHandedOver === undefined) problems.add("ElementMissing", place, "It is missing.", fix);
  if (typeof whenHandedOver !== "string") return undefined;
  if (!isTimeZone(timeZone)) {
    problems.add(
      "OutOfRange",
      PLACE,
      "The pharmacy's time zone is unknown.",
      "Name it as the IANA database does, such as Asia/Shanghai.",
    );
    return undefined;
  }
  const { from, exact } = readSpan(whenHandedOver, timeZone);
  if (!exact) {
    problems.add(
      "NotSupported",
      place,
      "A day is not exact enough: intervals run from the second of the hand-over.",
      fix,
    );
    return undefined;
  }
  if (from < 0 || from > 0xffff_ffff) {
    problems.add("OutOfRange", place, "The ledger keeps times from 1970 to 2106.", "Correct the year.");
    return undefined;
  }
  return from;
}

function readSpan(dateTime: string, timeZone: string): { from: number; exact: boolean } {
  try {
    return spanOf(dateTime, timeZone);
  } catch {
    return { from: Number.NaN, exact: false };
  }
}

function checkAgainstRequest(
  dispense: JsonObject,
  { document }: PrescriptionDraft,
  prescription: Reference | undefined,
  problems: ProblemList,
): void {
  const named = prescription?.reference;
  if (
    document.id !== undefined &&
    named !== undefined &&
    !new RegExp(`(^|/)MedicationRequest/${escaped(document.id)}(/_history/.*)?$`).test(named)
  ) {
    problems.add(
      "Mismatch",
      `${PLACE}.authorizingPrescription[0].reference`,
      "It refers to another request.",
      "Refer to the request that is dispensed.",
    );
  }
  const { subject, substitution } = dispense;
  const asked = document.subject.reference;
  if (
    isJsonObject(subject) &&
    typeof subject["reference"] === "string" &&
    asked !== undefined &&
    subject["reference"] !== asked
  ) {
    problems.add(
      "Mismatch",
      `${PLACE}.subject`,
      "It is for another subject than the request.",
      "Check patient and prescription.",
    );
  }
  if (
    document.substitution?.allowedBoolean === false &&
    isJsonObject(substitution) &&
    substitution["wasSubstituted"] === true
  ) {
    problems.add(
      "Mismatch",
      `${PLACE}.substitution.wasSubstituted`,
      "The prescriber does not allow a substitution.",
      "Dispense what was prescribed, or ask for a new prescription.",
    );
  }
}

function escaped(id: string): string {
  return id.replaceAll(".", "\\.");
}
