import type { Immunization, Reference } from "fhir/r4.js";

import { isDateTime, isTimeZone, spanOf } from "../../core/fhir/dates.ts";
import { type ProblemList, createProblems } from "../../core/fhir/errors.ts";
import { readSecond } from "../../core/fhir/period.ts";
import { type JsonObject, checkResource, isJsonObject } from "../../core/fhir/validate.ts";
import { checkNumber, checkObject, checkTime, inputError } from "../../core/input.ts";
import { type Bytes } from "../../documents/bytes.ts";
import { commitDocument } from "../../documents/commitment.ts";
import { createQrHolder } from "../../holder/qr.ts";
import { type EphemeralKey, createStealthHolder } from "../../holder/stealth.ts";
import { immunizationError } from "./errors.ts";
import { gtin14, readExpiry, readGtin, readLotNumber } from "./lot.ts";

/** Highest dose number that the ledger keeps. */
const SERIES_DOSE_MOST = 255;

/** How an Immunization is read, and what its document leaves open. */
export interface ImmunizationReading {
  /** IANA name of the site's time zone, such as `Asia/Shanghai`: where its dates begin and end. */
  readonly timeZone: string;
  /** GTIN of the package, where no code of the document is one; 8, 12, 13 or 14 digits. */
  readonly gtin?: string | undefined;
  /** Second of the administration, unix seconds, where the document states only the day. */
  readonly administeredAt?: number | undefined;
  /** Number of the dose in its series, 1 to 255, where the document states none, or several: one of them. */
  readonly seriesDose?: number | undefined;
  /** The patient's meta-address, `st:eth:0x…`; a holder for paper when absent. */
  readonly patient?: string | undefined;
  /** The salt of an earlier reading, to come to the same commitment; a fresh one when absent. */
  readonly salt?: Uint8Array | undefined;
}

/** What an Immunization says, as the ledger needs it. */
export interface DoseTerms {
  /** As it stands on the package. */
  readonly lotNumber: string;
  /** 14 digits. */
  readonly gtin: string;
  /** Last day on which the lot may be used, `YYYY-MM-DD`; undefined when the document does not say. */
  readonly expiresOn: string | undefined;
  /** Unix seconds. */
  readonly administeredAt: number;
  /** Number of the dose in its series, from 1 to 255. */
  readonly seriesDose: number;
}

/** What an Immunization becomes: the dose to record, and what is kept beside it. */
export interface DoseDraft extends DoseTerms {
  /** One-time address of the patient, fresh for each dose: it is what would link two. */
  readonly holder: string;
  /** What lets the patient's viewing key find it; a dummy for paper. */
  readonly ephemeralKey: EphemeralKey;
  /** The ECDH point that site and patient share; undefined for paper. The site forgets it once the dose is recorded. */
  readonly sharedSecret: Bytes | undefined;
  /** The holder's private key, for the patient's paper; undefined where the patient has a wallet. */
  readonly holderKey: string | undefined;
  /** Salted commitment to the document. */
  readonly commitment: string;
  /** Kept with the document, never on chain. */
  readonly salt: Bytes;
  /** Who it was given to; the ledger never learns it. */
  readonly patient: Reference;
  /** Where; the site's system maps it to its site. */
  readonly location: Reference | undefined;
  /** The Immunization, unchanged: what is committed to. */
  readonly document: Immunization;
}

const PLACE = "Immunization";

/**
 * Read a FHIR R4 Immunization as a dose that was taken out of a lot and given to a patient.
 *
 * | FHIR | ledger |
 * |---|---|
 * | `status` | `completed`; what was not done, or entered in error, is refused with an error of its own |
 * | `vaccineCode` | `gtin`, where one of its codes is a GTIN; else the reading's |
 * | `lotNumber`, `expirationDate` | `lotNumber`, `expiresOn`; it had not expired |
 * | `occurrenceDateTime` | `administeredAt`; to the second, or a day that the reading's second lies in |
 * | `protocolApplied` | `seriesDose`: the one number in it; where it has several or none, the reading's |
 * | `primarySource` | not `false`: a report of what others gave is no dose of this site |
 * | `isSubpotent` | not `true`: the ledger cannot say that a dose does not count |
 * | `doseQuantity` | more than nothing, in a coded unit; stays in the document |
 * | all else | stays in the document, which the commitment covers |
 *
 * @param resource Parsed JSON.
 * @throws {@link FhirError} with all problems, each naming its element (FHIRPath) and the way to mend it;
 * `ImmunizationNotDone`, `ImmunizationEnteredInError`; `InputInvalid`, `MetaAddressInvalid`, `SaltInvalid` for the reading.
 * @example
 * const dose = immunizationToDose(JSON.parse(text), { timeZone: "Asia/Shanghai", patient: metaAddress });
 * await storeUnder(orderNumber, dose); // document, salt and holder, before the dose is recorded
 * @see https://hl7.org/fhir/R4/immunization.html
 */
export function immunizationToDose(resource: unknown, reading: ImmunizationReading): DoseDraft {
  const terms = readImmunization(resource, checkReading(reading));
  const document = resource as Immunization;
  const { commitment, salt } = commitDocument(document, reading.salt);
  return {
    ...terms,
    ...holderOf(reading.patient),
    commitment,
    salt,
    patient: document.patient,
    location: document.location,
    document,
  };
}

function holderOf(
  patient: string | undefined,
): Pick<DoseDraft, "holder" | "ephemeralKey" | "sharedSecret" | "holderKey"> {
  return patient === undefined
    ? { ...createQrHolder(), sharedSecret: undefined }
    : { ...createStealthHolder(patient), holderKey: undefined };
}

/** Check what the caller passes; the GTIN becomes 14 digits. */
export function checkReading(reading: ImmunizationReading): ImmunizationReading {
  checkObject("reading", reading);
  const { timeZone, gtin, administeredAt, seriesDose, patient } = reading;
  if (typeof timeZone !== "string" || !isTimeZone(timeZone)) {
    throw inputError("reading.timeZone", "it is no time zone", "an IANA name such as Asia/Shanghai");
  }
  if (administeredAt !== undefined) checkTime("reading.administeredAt", administeredAt);
  if (seriesDose !== undefined) checkNumber("reading.seriesDose", seriesDose, 8, 1, SERIES_DOSE_MOST);
  if (patient !== undefined && typeof patient !== "string") {
    throw inputError("reading.patient", "it is no text", "a meta-address, st:eth:0x…");
  }
  if (gtin === undefined) return reading;
  const digits = typeof gtin === "string" ? gtin14(gtin) : undefined;
  if (digits === undefined) {
    throw inputError("reading.gtin", "it is no GTIN", "8, 12, 13 or 14 digits with a right check digit");
  }
  return { ...reading, gtin: digits };
}

/** What an Immunization says, without commitment and holder. */
export function readImmunization(resource: unknown, reading: ImmunizationReading): DoseTerms {
  const problems = createProblems();
  const terms = checkResource(resource, PLACE, problems) ? readTerms(resource, reading, problems) : undefined;
  problems.throwIfAny(PLACE);
  return terms!;
}

function readTerms(
  immunization: JsonObject,
  reading: ImmunizationReading,
  problems: ProblemList,
): DoseTerms | undefined {
  const { status } = immunization;
  if (status === "not-done") throw immunizationError("ImmunizationNotDone");
  if (status === "entered-in-error") throw immunizationError("ImmunizationEnteredInError");
  const gtin = readGtin(immunization["vaccineCode"], reading.gtin, problems);
  const administeredAt = readOccurrence(immunization, reading, problems);
  checkSource(immunization, problems);
  const lotNumber = readLotNumber(immunization["lotNumber"], problems);
  const expiresOn = readExpiry(immunization["expirationDate"], problems);
  if (expiresOn !== undefined && administeredAt !== undefined)
    checkExpiry(expiresOn, administeredAt, reading.timeZone, problems);
  checkPotency(immunization, problems);
  checkEducation(immunization["education"], problems);
  const seriesDose = readSeriesDose(immunization["protocolApplied"], reading.seriesDose, problems);
  if (problems.list().length > 0) return undefined;
  return {
    lotNumber: lotNumber!,
    gtin: gtin!,
    expiresOn,
    administeredAt: administeredAt!,
    seriesDose: seriesDose!,
  };
}

/** The second of the administration. */
function readOccurrence(
  { occurrenceDateTime, occurrenceString }: JsonObject,
  { timeZone, administeredAt }: ImmunizationReading,
  problems: ProblemList,
): number | undefined {
  const fix = "State the administration to the second, with its offset from UTC.";
  if (occurrenceString !== undefined) {
    problems.add("NotSupported", `${PLACE}.occurrence.ofType(string)`, "Words are no time.", fix);
    return undefined;
  }
  const place = `${PLACE}.occurrence.ofType(dateTime)`;
  const from = readSecond(occurrenceDateTime, timeZone, "from", place, problems);
  // Malformed: the structure check has said so.
  if (from === undefined || !isDateTime(occurrenceDateTime as string)) return undefined;
  const span = spanOf(occurrenceDateTime as string, timeZone);
  if (administeredAt === undefined) {
    if (span.exact) return from;
    problems.add(
      "NotSupported",
      place,
      "A day, month or year is not exact enough: the ledger keeps the second of the administration.",
      `${fix} Where the document states the day only, pass the reading's administeredAt.`,
    );
    return undefined;
  }
  if (administeredAt < span.from || administeredAt >= span.until) {
    problems.add(
      "Mismatch",
      place,
      "It is another time than the reading's administeredAt.",
      "Pass the second at which this dose was given, or leave it out where the document states it.",
    );
    return undefined;
  }
  return administeredAt;
}

/** Only what this site gave itself leaves its stock. */
function checkSource({ primarySource }: JsonObject, problems: ProblemList): void {
  if (primarySource !== false) return;
  problems.add(
    "NotSupported",
    `${PLACE}.primarySource`,
    "It reports what others gave, so no dose of this site was used.",
    "Keep it as a record (anchorRecord); only who gave the dose records it.",
  );
}

function checkExpiry(
  expiresOn: string,
  administeredAt: number,
  timeZone: string,
  problems: ProblemList,
): void {
  if (administeredAt < spanOf(expiresOn, timeZone).until) return;
  problems.add(
    "Mismatch",
    `${PLACE}.expirationDate`,
    "The lot had expired when the dose was given.",
    "Check both dates against package and chart; if they are right, report the incident instead.",
  );
}

/** What modifies the dose, and its amount. */
function checkPotency(
  { isSubpotent, subpotentReason, doseQuantity }: JsonObject,
  problems: ProblemList,
): void {
  if (isSubpotent === true) {
    problems.add(
      "NotSupported",
      `${PLACE}.isSubpotent`,
      "The ledger cannot say that a dose was given but does not count.",
      "Take the dose out of the lot as wasted, and keep the document as a record (anchorRecord).",
    );
  } else if (subpotentReason !== undefined) {
    problems.add(
      "Mismatch",
      `${PLACE}.subpotentReason`,
      "It says why the dose does not count, but not that it does not.",
      "Leave the reason out, or state that the dose is subpotent.",
    );
  }
  if (!isJsonObject(doseQuantity)) return;
  const { value, system, code } = doseQuantity;
  const place = `${PLACE}.doseQuantity`;
  if (value === undefined)
    problems.add("ElementMissing", `${place}.value`, "The amount is missing.", "State it.");
  if (typeof value === "number" && value <= 0) {
    problems.add(
      "OutOfRange",
      `${place}.value`,
      "Nothing was given.",
      "State the amount, or leave doseQuantity out where it is not known.",
    );
  }
  const fix = "Code the unit in UCUM, such as mL or ug.";
  if (code === undefined) problems.add("ElementMissing", `${place}.code`, "The unit is missing.", fix);
  if (system === undefined)
    problems.add("ElementMissing", `${place}.system`, "The unit's code system is missing.", fix);
}

/** R4's own rule imm-1. */
function checkEducation(education: unknown, problems: ProblemList): void {
  if (!Array.isArray(education)) return;
  education.forEach((each: unknown, index) => {
    if (!isJsonObject(each) || each["documentType"] !== undefined || each["reference"] !== undefined) return;
    problems.add(
      "ElementMissing",
      `${PLACE}.education[${index}]`,
      "It says neither which material nor where it is (imm-1).",
      "Give documentType or reference.",
    );
  });
}

/** The one number that the dose has in all series that it counts for. */
function readSeriesDose(
  protocols: unknown,
  given: number | undefined,
  problems: ProblemList,
): number | undefined {
  const place = `${PLACE}.protocolApplied`;
  if (protocols === undefined) {
    if (given === undefined) {
      problems.add(
        "ElementMissing",
        place,
        "Which dose of its series it is, is missing.",
        "Add protocolApplied with doseNumberPositiveInt, or pass the reading's seriesDose: 1 for a vaccine of one dose.",
      );
    }
    return given;
  }
  if (!Array.isArray(protocols)) return undefined;
  const numbers = new Set<number>();
  for (const [index, protocol] of protocols.entries()) {
    if (!isJsonObject(protocol)) continue;
    const { doseNumberPositiveInt: number, doseNumberString: text } = protocol;
    if (text !== undefined) {
      problems.add(
        "NotSupported",
        `${place}[${index}].doseNumber.ofType(string)`,
        "The ledger keeps the number of the dose, not words.",
        "Write it as doseNumberPositiveInt; a booster is the number after the doses before it.",
      );
    } else if (typeof number === "number" && number > SERIES_DOSE_MOST) {
      problems.add(
        "OutOfRange",
        `${place}[${index}].doseNumber.ofType(positiveInt)`,
        `The ledger counts doses of a series from 1 to ${SERIES_DOSE_MOST}.`,
        "Correct the number.",
      );
    } else if (typeof number === "number") {
      numbers.add(number);
    }
  }
  if (given !== undefined && numbers.size > 0 && !numbers.has(given)) {
    problems.add(
      "Mismatch",
      place,
      "It has no series with the number of the reading's seriesDose.",
      "Leave the reading's seriesDose out where the document states one number.",
    );
  } else if (given === undefined && numbers.size > 1) {
    problems.add(
      "NotSupported",
      place,
      "It has different numbers in different series, and the ledger keeps one.",
      "Pass as the reading's seriesDose the one that goes on the ledger; the document keeps all.",
    );
  }
  return given ?? [...numbers][0];
}
