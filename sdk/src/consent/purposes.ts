import { inputError } from "../core/input.ts";

interface Purpose {
  /** Its bit in purpose masks. Never moves, never given twice. */
  readonly bit: number;
  /** The code that it lies under; null right below the root `PurposeOfUse`. */
  readonly parent: string | null;
  /** What HL7 calls it. */
  readonly display: string;
}

/**
 * Every code below `PurposeOfUse` of HL7's v3 code system ActReason, version 3.1.0: the 59 of FHIR R4, and two of the three that
 * came later (TREATDS, MLTRAINING). The third, PMTDS, has no bit: the chain takes bits 0 to 60, and these are given.
 *
 * @see http://terminology.hl7.org/CodeSystem/v3-ActReason
 */
export const PURPOSES = Object.freeze({
  HMARKT: { bit: 0, parent: null, display: "healthcare marketing" },
  HOPERAT: { bit: 1, parent: null, display: "healthcare operations" },
  CAREMGT: { bit: 2, parent: "HOPERAT", display: "care management" },
  DONAT: { bit: 3, parent: "HOPERAT", display: "donation" },
  FRAUD: { bit: 4, parent: "HOPERAT", display: "fraud" },
  GOV: { bit: 5, parent: "HOPERAT", display: "government" },
  HACCRED: { bit: 6, parent: "HOPERAT", display: "health accreditation" },
  HCOMPL: { bit: 7, parent: "HOPERAT", display: "health compliance" },
  HDECD: { bit: 8, parent: "HOPERAT", display: "decedent" },
  HDIRECT: { bit: 9, parent: "HOPERAT", display: "directory" },
  HDM: { bit: 10, parent: "HOPERAT", display: "healthcare delivery management" },
  HLEGAL: { bit: 11, parent: "HOPERAT", display: "legal" },
  HOUTCOMS: { bit: 12, parent: "HOPERAT", display: "health outcome measure" },
  HPRGRP: { bit: 13, parent: "HOPERAT", display: "health program reporting" },
  HQUALIMP: { bit: 14, parent: "HOPERAT", display: "health quality improvement" },
  HSYSADMIN: { bit: 15, parent: "HOPERAT", display: "health system administration" },
  LABELING: { bit: 16, parent: "HSYSADMIN", display: "labeling" },
  METAMGT: { bit: 17, parent: "HSYSADMIN", display: "metadata management" },
  MEMADMIN: { bit: 18, parent: "HOPERAT", display: "member administration" },
  MILCDM: { bit: 19, parent: "HOPERAT", display: "military command" },
  PATADMIN: { bit: 20, parent: "HOPERAT", display: "patient administration" },
  PATSFTY: { bit: 21, parent: "HOPERAT", display: "patient safety" },
  PERFMSR: { bit: 22, parent: "HOPERAT", display: "performance measure" },
  RECORDMGT: { bit: 23, parent: "HOPERAT", display: "records management" },
  SYSDEV: { bit: 24, parent: "HOPERAT", display: "system development" },
  HTEST: { bit: 25, parent: "SYSDEV", display: "test health data" },
  TRAIN: { bit: 26, parent: "HOPERAT", display: "training" },
  MLTRAINING: { bit: 59, parent: "HOPERAT", display: "machine learning training" },
  HPAYMT: { bit: 27, parent: null, display: "healthcare payment" },
  CLMATTCH: { bit: 28, parent: "HPAYMT", display: "claim attachment" },
  COVAUTH: { bit: 29, parent: "HPAYMT", display: "coverage authorization" },
  COVERAGE: { bit: 30, parent: "HPAYMT", display: "coverage under policy or program" },
  ELIGDTRM: { bit: 31, parent: "COVERAGE", display: "eligibility determination" },
  ELIGVER: { bit: 32, parent: "COVERAGE", display: "eligibility verification" },
  ENROLLM: { bit: 33, parent: "COVERAGE", display: "enrollment" },
  MILDCRG: { bit: 34, parent: "COVERAGE", display: "military discharge" },
  REMITADV: { bit: 35, parent: "HPAYMT", display: "remittance advice" },
  HRESCH: { bit: 36, parent: null, display: "healthcare research" },
  BIORCH: { bit: 37, parent: "HRESCH", display: "biomedical research" },
  CLINTRCH: { bit: 38, parent: "HRESCH", display: "clinical trial research" },
  CLINTRCHNPC: { bit: 39, parent: "CLINTRCH", display: "clinical trial research without patient care" },
  CLINTRCHPC: { bit: 40, parent: "CLINTRCH", display: "clinical trial research with patient care" },
  PRECLINTRCH: { bit: 41, parent: "CLINTRCH", display: "preclinical trial research" },
  DSRCH: { bit: 42, parent: "HRESCH", display: "disease specific healthcare research" },
  POARCH: { bit: 43, parent: "HRESCH", display: "population origins or ancestry healthcare research" },
  TRANSRCH: { bit: 44, parent: "HRESCH", display: "translational healthcare research" },
  PATRQT: { bit: 45, parent: null, display: "patient requested" },
  FAMRQT: { bit: 46, parent: "PATRQT", display: "family requested" },
  PWATRNY: { bit: 47, parent: "PATRQT", display: "power of attorney" },
  SUPNWK: { bit: 48, parent: "PATRQT", display: "support network" },
  PUBHLTH: { bit: 49, parent: null, display: "public health" },
  DISASTER: { bit: 50, parent: "PUBHLTH", display: "disaster" },
  THREAT: { bit: 51, parent: "PUBHLTH", display: "threat" },
  TREAT: { bit: 52, parent: null, display: "treatment" },
  CLINTRL: { bit: 53, parent: "TREAT", display: "clinical trial" },
  COC: { bit: 54, parent: "TREAT", display: "coordination of care" },
  ETREAT: { bit: 55, parent: "TREAT", display: "emergency treatment" },
  BTG: { bit: 60, parent: "ETREAT", display: "break the glass" },
  ERTREAT: { bit: 56, parent: "ETREAT", display: "emergency room treatment" },
  POPHLTH: { bit: 57, parent: "TREAT", display: "population health" },
  TREATDS: { bit: 58, parent: "TREAT", display: "decision support assisted treatment decision" },
} as const satisfies Record<string, Purpose>);

/** A code of HL7's PurposeOfUse. */
export type PurposeCode = keyof typeof PURPOSES;

/** All codes, in the order of HL7's tree. */
export const PURPOSE_CODES = Object.freeze(Object.keys(PURPOSES)) as readonly PurposeCode[];

/** Break the glass. Nothing permits it, and a parent code never stands for it: it is denied by its own name alone. */
export const BREAK_THE_GLASS = "BTG" satisfies PurposeCode;

/** Every bit but that of BTG, the unused ones too: a denial of all purposes covers those to come. */
export const EVERY_PURPOSE = (2n ** 64n - 1n) ^ bitOf(BREAK_THE_GLASS);

/**
 * A code and all that lie under it. BTG is among them only if it is the code.
 *
 * @throws `InputInvalid` for an unknown code.
 * @example
 * descendantsOf("ETREAT"); // ["ETREAT", "ERTREAT"]
 */
export function descendantsOf(code: PurposeCode): PurposeCode[] {
  checkPurpose("code", code);
  return PURPOSE_CODES.filter((each) => each === code || (each !== BREAK_THE_GLASS && liesUnder(each, code)));
}

/**
 * The mask of these codes, each with all that lie under it.
 *
 * @throws `InputInvalid` for an unknown code.
 * @example
 * purposeMask(["TREAT"]); // TREAT, CLINTRL, COC, ETREAT, ERTREAT, POPHLTH, TREATDS
 */
export function purposeMask(codes: readonly PurposeCode[]): bigint {
  return codes.flatMap(descendantsOf).reduce((mask, code) => mask | bitOf(code), 0n);
}

/** The codes of a mask, or `ALL` when it has every purpose that a permit can name. */
export function purposesOf(mask: bigint): readonly PurposeCode[] | "ALL" {
  return (mask & PERMITTED_PURPOSES) === PERMITTED_PURPOSES ? "ALL" : purposeCodes(mask);
}

/** The codes of a mask, in the order of HL7's tree; bits without a code are left out. */
export function purposeCodes(mask: bigint): PurposeCode[] {
  return PURPOSE_CODES.filter((code) => (mask & bitOf(code)) !== 0n);
}

/** Every purpose that a permit can name. */
export const PERMITTED_PURPOSES = bitOf(BREAK_THE_GLASS) - 1n;

/** The code of a bit number; undefined for a free one. */
export function purposeOfBit(bit: number): PurposeCode | undefined {
  return PURPOSE_CODES.find((code) => PURPOSES[code].bit === bit);
}

/** One code; returns its bit number. Throws `InputInvalid`. */
export function checkPurpose(parameter: string, code: PurposeCode): number {
  if (typeof code !== "string" || !Object.hasOwn(PURPOSES, code)) {
    throw inputError(parameter, "it is no code of HL7's PurposeOfUse", `one of ${PURPOSE_CODES.join(", ")}`);
  }
  return PURPOSES[code].bit;
}

function bitOf(code: PurposeCode): bigint {
  return 1n << BigInt(PURPOSES[code].bit);
}

function liesUnder(code: PurposeCode, ancestor: PurposeCode): boolean {
  const { parent } = PURPOSES[code];
  return parent !== null && (parent === ancestor || liesUnder(parent, ancestor));
}
