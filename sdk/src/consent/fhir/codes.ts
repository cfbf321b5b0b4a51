import { CATEGORY_SYSTEM } from "../../core/fhir/systems.ts";
import { BREAK_THE_GLASS, EVERY_PURPOSE, PURPOSES, PURPOSE_CODES, type PurposeCode } from "../purposes.ts";

/** Code systems that a consent speaks in. */
export const SYSTEMS = {
  actCode: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
  actReason: "http://terminology.hl7.org/CodeSystem/v3-ActReason",
  action: "http://terminology.hl7.org/CodeSystem/consentaction",
  confidentiality: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
  participation: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
  scope: "http://terminology.hl7.org/CodeSystem/consentscope",
  loinc: "http://loinc.org",
  /** A governed category by its code, or by its bit number where it has none. */
  category: CATEGORY_SYSTEM,
  /** Identifier of a member by its number. */
  member: "urn:careledger:member",
  /** Identifier of a class by the name of its sector. */
  sector: "urn:careledger:sector",
  /** A purpose of v3-ActReason by itself, without those below it. */
  purpose: "urn:careledger:purpose",
} as const;

/** Extension of a permit: the grantee may take the data out of the consortium. Who ignores it allows less. */
export const EXPORTABLE = "urn:careledger:consent:exportable";
/** Extension of a permit: the grantee may pass the data on. Who ignores it allows less. */
export const REDISCLOSABLE = "urn:careledger:consent:redisclosable";

/** Confidentiality from the least to the most. */
export const CONFIDENTIALITY: readonly string[] = ["U", "L", "M", "N", "R", "V"];

/** Every category, those to come too. */
export const ALL_CATEGORIES = 0xffff_ffff;
/** Every bit of a purpose mask, BTG too. */
export const ALL_PURPOSES = 2n ** 64n - 1n;
/** BTG alone. */
export const BTG_MASK = ALL_PURPOSES ^ EVERY_PURPOSE;
/** Every purpose that has a code, but BTG. */
export const KNOWN_PURPOSES = PURPOSE_CODES.filter((code) => code !== BREAK_THE_GLASS).reduce(
  (mask, code) => mask | purposeBit(code),
  0n,
);

/** Bit of a purpose. */
export function purposeBit(code: PurposeCode): bigint {
  return 1n << BigInt(PURPOSES[code].bit);
}

/** Whether a text is a purpose's code. */
export function isPurposeCode(text: unknown): text is PurposeCode {
  return typeof text === "string" && Object.hasOwn(PURPOSES, text);
}
