import type { MedicationRequest, Reference } from "fhir/r4.js";

import { isTimeZone } from "../../core/fhir/dates.ts";
import { type ProblemList, createProblems } from "../../core/fhir/errors.ts";
import { readSecond } from "../../core/fhir/period.ts";
import { type FhirUnit, readSeconds, readUnits } from "./quantity.ts";
import { type JsonObject, checkResource, isJsonObject } from "../../core/fhir/validate.ts";

/** What a MedicationRequest becomes: the ledger's terms, the unit they count in, and the document they commit to. */
export interface PrescriptionDraft {
  /** Units of one fill, in thousandths of `unit`. */
  readonly unitsPerFill: bigint;
  /** 1 + `numberOfRepeatsAllowed`, from 1 to 99. */
  readonly fills: number;
  /** Least time between the first parts of two fills, seconds; 0 when the request names none. */
  readonly interval: number;
  /** First second of the window. */
  readonly validFrom: number;
  /** End of the window, exclusive. */
  readonly validUntil: number;
  /** The unit that stands in the document; every dispense must be in it. */
  readonly unit: FhirUnit;
  /** The prescription that this one replaces (`priorPrescription`): `replacePrescription` it, if it is on the ledger. */
  readonly replaces: Reference | undefined;
  /** The request, unchanged: what is committed to, sealed and given to the pharmacy. */
  readonly document: MedicationRequest;
}

/** How a resource is read. */
export interface FhirReading {
  /** IANA name of the issuer's time zone, such as `Asia/Shanghai`: where its dates begin and end. */
  readonly timeZone: string;
}

/** Intents that authorise a pharmacy; proposals and plans do not, fillers' and instances' orders are made by others. */
const ORDERS = ["order", "original-order"];

const PLACE = "MedicationRequest";
const DISPENSE_REQUEST = `${PLACE}.dispenseRequest`;

/**
 * Read a FHIR R4 MedicationRequest as the terms of a prescription.
 *
 * | FHIR | ledger |
 * |---|---|
 * | `dispenseRequest.quantity` | `unitsPerFill`, in thousandths of its coded unit |
 * | `dispenseRequest.numberOfRepeatsAllowed` | `fills` = 1 + it; missing counts as 0 |
 * | `dispenseRequest.dispenseInterval` | `interval`; missing counts as 0 |
 * | `dispenseRequest.validityPeriod` | window; a date is the whole day in the issuer's time zone, the end inclusive |
 * | `priorPrescription` | `replaces` |
 * | all else | stays in the document, which the chain commits to |
 *
 * The whole structure is checked against R4. What the ledger cannot express (a first fill of another size, a conditional or
 * reported order, a negated one, modifier extensions) is refused and never dropped. A formula of many ingredients is a
 * contained Medication that lists them; the quantity then counts what is handed over, such as doses of the decoction.
 *
 * @param resource Parsed JSON. Numbers are IEEE doubles: `1.00` is read and committed to as `1`.
 * @throws {@link FhirError} with all problems, each naming its element (FHIRPath) and the way to mend it.
 * @example
 * const draft = fromMedicationRequest(JSON.parse(text), { timeZone: "Asia/Shanghai" });
 * @see https://hl7.org/fhir/R4/medicationrequest.html
 */
export function fromMedicationRequest(resource: unknown, { timeZone }: FhirReading): PrescriptionDraft {
  const problems = createProblems();
  const draft = checkResource(resource, PLACE, problems)
    ? readRequest(resource, timeZone, problems)
    : undefined;
  problems.throwIfAny(PLACE);
  return draft!;
}

function readRequest(
  request: JsonObject,
  timeZone: string,
  problems: ProblemList,
): PrescriptionDraft | undefined {
  if (!isTimeZone(timeZone)) {
    problems.add(
      "OutOfRange",
      PLACE,
      "The issuer's time zone is unknown.",
      "Name it as the IANA database does, such as Asia/Shanghai.",
    );
    return undefined;
  }
  checkAuthority(request, problems);
  checkMedication(request, problems);
  const dispenseRequest = request["dispenseRequest"];
  if (dispenseRequest === undefined) {
    problems.add(
      "ElementMissing",
      DISPENSE_REQUEST,
      "It is missing.",
      "State quantity, repeats and validityPeriod of what may be dispensed.",
    );
  }
  if (!isJsonObject(dispenseRequest)) return undefined;
  const { quantity, initialFill, dispenseInterval } = dispenseRequest;
  const counted = readUnits(quantity, `${DISPENSE_REQUEST}.quantity`, problems);
  if (initialFill !== undefined) {
    problems.add(
      "NotSupported",
      `${DISPENSE_REQUEST}.initialFill`,
      "All fills of a prescription have the same size.",
      "Write the first fill as a prescription of its own.",
    );
  }
  const fills = readFills(dispenseRequest, problems);
  const interval =
    dispenseInterval === undefined
      ? 0
      : readSeconds(dispenseInterval, `${DISPENSE_REQUEST}.dispenseInterval`, problems);
  const window = readWindow(dispenseRequest["validityPeriod"], timeZone, problems);
  if (counted === undefined || fills === undefined || interval === undefined || window === undefined)
    return undefined;
  const replaces = request["priorPrescription"];
  return {
    unitsPerFill: counted.units,
    fills,
    interval,
    ...window,
    unit: counted.unit,
    replaces: isJsonObject(replaces) ? (replaces as Reference) : undefined,
    document: request as unknown as MedicationRequest,
  };
}

/** Status, intent and the other elements that say whether this orders anything at all. */
function checkAuthority(request: JsonObject, problems: ProblemList): void {
  const { status, intent, doNotPerform, reportedBoolean, reportedReference, subject } = request;
  if (typeof status === "string" && status !== "active") {
    problems.add(
      "StatusWrong",
      `${PLACE}.status`,
      "Only an active request is issued.",
      "Issue it when it is active; a stopped or completed one stays off the ledger.",
    );
  }
  if (typeof intent === "string" && !ORDERS.includes(intent)) {
    problems.add(
      "StatusWrong",
      `${PLACE}.intent`,
      "Only an order authorises a pharmacy.",
      `Use one of: ${ORDERS.join(", ")}.`,
    );
  }
  if (doNotPerform === true) {
    problems.add(
      "NotSupported",
      `${PLACE}.doNotPerform`,
      "It forbids the medication.",
      "Keep prohibitions in the patient's record.",
    );
  }
  if (reportedBoolean === true || reportedReference !== undefined) {
    problems.add(
      "NotSupported",
      `${PLACE}.reported`,
      "It reports somebody else's order.",
      "The prescriber who ordered it issues it.",
    );
  }
  if (
    isJsonObject(subject) &&
    typeof subject["reference"] === "string" &&
    /(^|\/)Group\//.test(subject["reference"])
  ) {
    problems.add(
      "NotSupported",
      `${PLACE}.subject`,
      "It is for a group.",
      "Write one request for each patient.",
    );
  }
}

/** The pharmacy has the document and nothing else: the medication must be in it. */
function checkMedication(request: JsonObject, problems: ProblemList): void {
  const { medicationReference, medicationCodeableConcept, contained } = request;
  if (isJsonObject(medicationReference)) {
    const reference = medicationReference["reference"];
    if (typeof reference !== "string" || !reference.startsWith("#")) {
      problems.add(
        "NotSupported",
        `${PLACE}.medication.ofType(Reference).reference`,
        "The medication is not in the document, so the pharmacy could not read it and nothing would commit to it.",
        "Contain the Medication in the request and refer to it as #id, or use medicationCodeableConcept.",
      );
    }
  }
  checkConcept(medicationCodeableConcept, `${PLACE}.medication.ofType(CodeableConcept)`, problems);
  if (!Array.isArray(contained)) return;
  contained.forEach((each: unknown, index) => {
    if (!isJsonObject(each) || each["resourceType"] !== "Medication") return;
    const place = `${PLACE}.contained[${index}]`;
    if (each["code"] === undefined && each["ingredient"] === undefined) {
      problems.add(
        "ElementMissing",
        `${place}.code`,
        "It says neither what it is nor what is in it.",
        "Give its code or its ingredients.",
      );
    }
    checkConcept(each["code"], `${place}.code`, problems);
  });
}

function checkConcept(concept: unknown, place: string, problems: ProblemList): void {
  if (!isJsonObject(concept)) return;
  const { coding, text, extension } = concept;
  if (coding === undefined && text === undefined && extension === undefined) {
    problems.add("ElementMissing", place, "It names nothing.", "Give a coding or a text.");
  }
}

function readFills(dispenseRequest: JsonObject, problems: ProblemList): number | undefined {
  const { numberOfRepeatsAllowed: repeats = 0 } = dispenseRequest;
  if (typeof repeats !== "number") return undefined;
  if (repeats > 98) {
    problems.add(
      "OutOfRange",
      `${DISPENSE_REQUEST}.numberOfRepeatsAllowed`,
      "The ledger counts at most 99 fills.",
      "Allow at most 98 repeats.",
    );
    return undefined;
  }
  return 1 + repeats;
}

function readWindow(
  period: unknown,
  timeZone: string,
  problems: ProblemList,
): { validFrom: number; validUntil: number } | undefined {
  const place = `${DISPENSE_REQUEST}.validityPeriod`;
  const fix = "Say from when to when it may be dispensed.";
  if (period === undefined) problems.add("ElementMissing", place, "It is missing.", fix);
  if (!isJsonObject(period)) return undefined;
  const { start, end } = period;
  if (start === undefined) problems.add("ElementMissing", `${place}.start`, "It is missing.", fix);
  if (end === undefined) problems.add("ElementMissing", `${place}.end`, "It is missing.", fix);
  const from = readSecond(start, timeZone, "from", `${place}.start`, problems);
  const until = readSecond(end, timeZone, "until", `${place}.end`, problems);
  if (from === undefined || until === undefined) return undefined;
  if (until <= from) {
    problems.add("OutOfRange", place, "It ends before it begins.", "Correct start or end.");
    return undefined;
  }
  return { validFrom: from, validUntil: until };
}
