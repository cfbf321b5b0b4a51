import type { Consent, ConsentProvision, Reference } from "fhir/r4.js";

import type { ConsentReading, ConsentTerms } from "../../../sdk/src/consent/fhir/index.ts";
import { PURPOSE_CODES, purposeMask } from "../../../sdk/src/consent/purposes.ts";
import { exampleText } from "./support.ts";

/** The governed categories of these tests. */
export const CATEGORIES = { general: 0, laboratory: 1, imaging: 2, medication: 3, mental: 4 } as const;

/** Mask of every category of these tests. */
export const REGISTERED = 0b1_1111;
/** Every purpose that has a code, but BTG. */
export const ALL_KNOWN = purposeMask(PURPOSE_CODES.filter((code) => code !== "BTG"));
/** Every purpose and those to come, but BTG. */
export const ALL_TO_COME = (2n ** 64n - 1n) ^ (1n << 60n);
/** BTG alone. */
export const BTG = 1n << 60n;
/** Every category and those to come. */
export const CATEGORIES_TO_COME = 0xffff_ffff;
export const NO_END = 2 ** 32 - 1;

export const CUSTODIAN = 7;

/** A rule that says everything for ever, with what is different. */
export function terms(different: Partial<ConsentTerms>, deny = false): ConsentTerms {
  return {
    ...("grantee" in different ? {} : { sector: "EVERYONE" }),
    categories: deny ? CATEGORIES_TO_COME : REGISTERED,
    purposes: deny ? ALL_TO_COME : ALL_KNOWN,
    validFrom: 0,
    validUntil: NO_END,
    exportable: false,
    redisclosable: false,
    ...different,
  } as ConsentTerms;
}

/** Unix seconds of an instant. */
export function seconds(instant: string): number {
  return Date.parse(instant) / 1_000;
}

/** How the tests read consents, with what is different. */
export function reading(different: Partial<ConsentReading> = {}): ConsentReading {
  return {
    timeZone: "Europe/Amsterdam",
    now: seconds("2026-03-02T12:00:00Z"),
    custodian: CUSTODIAN,
    categories: CATEGORIES,
    classes: { "http://hl7.org/fhir/resource-types|MedicationRequest": ["medication"] },
    codes: { "http://loinc.org|18842-5": ["general"] },
    labels: {
      "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|L": ["imaging"],
      "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|N": ["general", "laboratory", "medication"],
      "http://terminology.hl7.org/CodeSystem/v3-ActCode|PSY": ["mental"],
    },
    organization: ({ reference }) => (reference === "Organization/f001" ? { grantee: CUSTODIAN } : undefined),
    delegate: ({ reference }) => (reference?.startsWith("RelatedPerson/") === true ? 2 : undefined),
    ...different,
  };
}

/** A published Consent. */
export function publishedConsent(id: string): Consent {
  return JSON.parse(exampleText("fhir-r4", `Consent-consent-example-${id}.json`)) as Consent;
}

/** A derived Consent. */
export function derivedConsent(id: string): Consent {
  return JSON.parse(exampleText("derived", `Consent-derived-${id}.json`)) as Consent;
}

/** A consent with this policy and root provision. */
export function consentOf(policy: "OPTIN" | "OPTOUT", provision?: ConsentProvision): Consent {
  const { provision: _provision, ...rest } = derivedConsent("optout");
  return {
    ...rest,
    policyRule: { coding: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: policy }] },
    ...(provision === undefined ? {} : { provision }),
  };
}

/** Reference to a member. */
export function member(number: number): Reference {
  return { type: "Organization", identifier: { system: "urn:careledger:member", value: String(number) } };
}

/** Reference to a class. */
export function sector(name: string): Reference {
  return { type: "Organization", identifier: { system: "urn:careledger:sector", value: name } };
}

/** Actors with a role of v3-ParticipationType. */
export function actors(references: readonly Reference[], role = "IRCP"): ConsentProvision["actor"] {
  const system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
  return references.map((reference) => ({ role: { coding: [{ system, code: role }] }, reference }));
}

/** Codings of purposes. */
export function purposes(...codes: readonly string[]): ConsentProvision["purpose"] {
  return codes.map((code) => ({ system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code }));
}

/** Codings of governed categories. */
export function classes(...codes: readonly string[]): ConsentProvision["class"] {
  return codes.map((code) => ({ system: "urn:careledger:category", code }));
}
