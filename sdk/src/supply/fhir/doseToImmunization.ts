import type { Immunization } from "fhir/r4.js";

import { instantText, spanOf } from "../../core/fhir/dates.ts";
import { createProblems } from "../../core/fhir/errors.ts";
import {
  checkBytes32,
  checkGln,
  checkMember,
  checkNumber,
  checkObject,
  checkTime,
  inputError,
} from "../../core/input.ts";
import { verifyDocument } from "../../documents/commitment.ts";
import { immunizationError } from "./errors.ts";
import { checkReading, readImmunization } from "./immunizationToDose.ts";
import { GTIN_SYSTEM, gtin14, gtinOf } from "./lot.ts";

/** A dose that was given, as the ledger has it. */
export interface AdministeredDose {
  readonly lot: {
    /** 8, 12, 13 or 14 digits. */
    readonly gtin: string;
    readonly lotNumber: string;
  };
  /** Member that gave it. */
  readonly member: number;
  /** Its site. */
  readonly site: number;
  /** The site's GLN, 13 digits. */
  readonly gln?: string | undefined;
  /** Which of the doses given of this lot it is. */
  readonly index?: number | undefined;
  /** Unix seconds. */
  readonly administeredAt: number;
  /** Number of the dose in its series, from 1 to 255. */
  readonly seriesDose: number;
  /** Salted commitment to the Immunization. */
  readonly commitment: string;
  /** Whether it was withdrawn as a wrong entry. */
  readonly withdrawn?: boolean | undefined;
}

/** What was kept beside the ledger. */
export interface KeptImmunization {
  /** The Immunization that was read when the dose was recorded. */
  readonly document: Immunization;
  /** The salt of its commitment. */
  readonly salt: Uint8Array;
  /** IANA name of the site's time zone. */
  readonly timeZone: string;
}

/** GS1's OID of Global Location Numbers. */
const GLN_SYSTEM = "urn:oid:1.3.88";

/** Identifier of a member's site, `<member>/<site>`. */
const SITE_SYSTEM = "urn:careledger:site";

/** Identifier of a given dose, `<GTIN of 14 digits>/<lot number>/<index>`. */
const DOSE_SYSTEM = "urn:careledger:dose";

const PLACE = "Immunization";

/**
 * Give an Immunization back as the ledger has it: `completed`, or `entered-in-error` when the dose was withdrawn. What the
 * document left open is filled in from the ledger, so that it reads back (`immunizationToDose`) to the same dose; what it
 * says is not changed.
 *
 * | ledger | FHIR, where the document does not say it |
 * |---|---|
 * | `lot.gtin` | a coding of `vaccineCode` |
 * | `administeredAt` | `occurrenceDateTime`, in place of the day |
 * | `seriesDose` | `protocolApplied[0].doseNumberPositiveInt` |
 * | `member`, `site`, `gln` | `location.identifier`: the GLN, or member and site |
 * | `index` | an `identifier` of `urn:careledger:dose` |
 *
 * @throws `ImmunizationMismatch` when document and salt are not what the dose commits to; FhirError (`Mismatch`) when the
 * ledger has another lot, time or number than the document; `InputInvalid`
 * @example
 * const immunization = doseToImmunization(dose, { document, salt, timeZone: "Asia/Shanghai" });
 */
export function doseToImmunization(dose: AdministeredDose, kept: KeptImmunization): Immunization {
  const { lot, gln, index, administeredAt, seriesDose, commitment, member, site } = checkDose(dose);
  checkObject("kept", kept);
  const { document, salt, timeZone } = kept;
  if (!verifyDocument(document, salt, commitment)) throw immunizationError("ImmunizationMismatch");
  const { lotNumber } = readImmunization(
    document,
    checkReading({ timeZone, gtin: lot.gtin, administeredAt, seriesDose }),
  );
  if (lotNumber !== lot.lotNumber) {
    const problems = createProblems();
    problems.add(
      "Mismatch",
      `${PLACE}.lotNumber`,
      "The ledger has the dose in another lot.",
      "Withdraw the dose, and record it with the lot of its document.",
    );
    problems.throwIfAny(PLACE);
  }
  const copy = structuredClone(document);
  const codings = copy.vaccineCode.coding ?? [];
  const hasGtin = codings.some((coding) => gtinOf(coding) !== undefined);
  return {
    ...copy,
    status: dose.withdrawn === true ? "entered-in-error" : "completed",
    ...(index === undefined ? {} : { identifier: [...(copy.identifier ?? []), doseIdentifier(lot, index)] }),
    vaccineCode: {
      ...copy.vaccineCode,
      ...(hasGtin ? {} : { coding: [...codings, { system: GTIN_SYSTEM, code: lot.gtin }] }),
    },
    ...(spanOf(copy.occurrenceDateTime!, timeZone).exact
      ? {}
      : { occurrenceDateTime: instantText(administeredAt, timeZone) }),
    ...(copy.location === undefined ? { location: { identifier: siteIdentifier(member, site, gln) } } : {}),
    ...(copy.protocolApplied === undefined
      ? { protocolApplied: [{ doseNumberPositiveInt: seriesDose }] }
      : {}),
  };
}

function doseIdentifier({ gtin, lotNumber }: AdministeredDose["lot"], index: number) {
  return { system: DOSE_SYSTEM, value: `${gtin}/${lotNumber}/${index}` };
}

function siteIdentifier(member: number, site: number, gln: string | undefined) {
  return gln === undefined
    ? { system: SITE_SYSTEM, value: `${member}/${site}` }
    : { system: GLN_SYSTEM, value: gln };
}

function checkDose(dose: AdministeredDose): AdministeredDose {
  checkObject("dose", dose);
  checkObject("dose.lot", dose.lot);
  const { lot, gln, index } = dose;
  const gtin = typeof lot.gtin === "string" ? gtin14(lot.gtin) : undefined;
  if (gtin === undefined) {
    throw inputError("dose.lot.gtin", "it is no GTIN", "8, 12, 13 or 14 digits with a right check digit");
  }
  if (typeof lot.lotNumber !== "string")
    throw inputError("dose.lot.lotNumber", "it is no text", "a lot number");
  if (gln !== undefined) checkGln("dose.gln", gln);
  return {
    lot: { gtin, lotNumber: lot.lotNumber },
    member: checkMember("dose.member", dose.member),
    site: checkNumber("dose.site", dose.site, 16, 1),
    gln,
    index: index === undefined ? undefined : checkNumber("dose.index", index, 32),
    administeredAt: checkTime("dose.administeredAt", dose.administeredAt),
    seriesDose: checkNumber("dose.seriesDose", dose.seriesDose, 8, 1),
    commitment: checkBytes32("dose.commitment", dose.commitment, false),
    withdrawn: dose.withdrawn,
  };
}
