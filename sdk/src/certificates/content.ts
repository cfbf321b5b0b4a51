import { isDateTime } from "../core/fhir/dates.ts";
import type { CareLedgerError } from "../core/errors.ts";
import { canonicalJson } from "../documents/canonical.ts";
import { LOT_NUMBER } from "../supply/gs1/elements.ts";
import type { RecordContent } from "../vault/sealRecord.ts";
import { certificateError } from "./errors.ts";
import type { Certificate } from "./types.ts";

/**
 * Media type of a certificate as a record. The commitment covers it, so that no other document that a member anchored, such
 * as one that a patient brought, passes for a certificate.
 */
export const CERTIFICATE_MEDIA_TYPE = "application/vnd.careledger.certificate+json";

/** Longest certificate as JSON, bytes; its elements' own limits keep below it. */
export const CERTIFICATE_LONGEST = 1_024;

/** Every text without control characters and without white space at its ends. */
const SHOWN = /^(?!\s)[^\p{Cc}\p{Cs}\u2028\u2029]+(?<!\s)$/u;
/** A URI or a code: printable ASCII, no white space at its ends. */
const CODED = /^[!-~]([ -~]*[!-~])?$/;

const ELEMENTS = ["administeredOn", "birthDate", "issuer", "lotNumber", "name", "seriesDose", "vaccine"];

/**
 * Check what a certificate says; absent elements are left out.
 * @throws `CertificateInvalid` naming the field.
 */
export function checkCertificate(value: unknown): Certificate {
  const given = objectOf("certificate", value);
  const { name, birthDate, vaccine, lotNumber, administeredOn, seriesDose, issuer } = given;
  const extra = Object.keys(given).find((element) => !ELEMENTS.includes(element));
  if (extra !== undefined) throw invalid("certificate", "it has an element that no certificate has");
  const { system, code, ...others } = objectOf("vaccine", vaccine);
  if (Object.keys(others).length > 0) throw invalid("vaccine", "it has more than system and code");
  return {
    name: text("name", name, 100),
    ...(birthDate === undefined ? {} : { birthDate: date("birthDate", birthDate, false) }),
    vaccine: { system: coded("vaccine.system", system, 100), code: coded("vaccine.code", code, 40) },
    lotNumber: lot(lotNumber),
    administeredOn: date("administeredOn", administeredOn, true),
    seriesDose: integer("seriesDose", seriesDose, 255),
    issuer: integer("issuer", issuer, 2 ** 32 - 1),
  };
}

/**
 * A certificate as the record that is committed to: canonical JSON (RFC 8785) under its own media type. `verifyRecord`,
 * `storeRecord` and `sealRecord` take it.
 *
 * @throws `CertificateInvalid`
 * @example
 * const { authentic } = await verifyRecord(client, { record, origin, content: certificateContent(certificate), salt });
 */
export function certificateContent(certificate: Certificate): RecordContent {
  return { mediaType: CERTIFICATE_MEDIA_TYPE, content: canonicalJson(checkCertificate(certificate)) };
}

function objectOf(field: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(field, "it is no object");
  return value as Readonly<Record<string, unknown>>;
}

function text(field: string, value: unknown, longest: number): string {
  if (typeof value !== "string") throw invalid(field, "it is no text");
  if (!SHOWN.test(value)) {
    throw invalid(field, "it is empty, or has white space at an end or control characters");
  }
  if ([...value].length > longest) throw invalid(field, `it has more than ${longest} characters`);
  return value;
}

function coded(field: string, value: unknown, longest: number): string {
  if (typeof value === "string" && value.length <= longest && CODED.test(value)) return value;
  throw invalid(field, `it is no text of 1 to ${longest} printable ASCII characters`);
}

function lot(value: unknown): string {
  if (typeof value === "string" && LOT_NUMBER.test(value)) return value;
  throw invalid("lotNumber", "it is no lot number of GS1");
}

function date(field: string, value: unknown, wholeDay: boolean): string {
  const isDate = typeof value === "string" && value.length <= 10 && isDateTime(value);
  if (!isDate || (wholeDay && value.length !== 10)) {
    throw invalid(field, wholeDay ? "it is no day that exists" : "it is no year, month or day that exists");
  }
  return value;
}

function integer(field: string, value: unknown, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw invalid(field, `it is no integer from 1 to ${most}`);
}

function invalid(field: string, problem: string): CareLedgerError {
  return certificateError("CertificateInvalid", { field, problem });
}
