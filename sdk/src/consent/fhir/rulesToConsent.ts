import type { CodeableConcept, Coding, Consent, ConsentProvision, Identifier, Reference } from "fhir/r4.js";

import { instantText, isTimeZone } from "../../core/fhir/dates.ts";
import { type ProblemList, createProblems } from "../../core/fhir/errors.ts";
import { checkObject } from "../../core/input.ts";
import { EVERY_PURPOSE } from "../purposes.ts";
import { registeredCategories } from "./categories.ts";
import { ALL_CATEGORIES, EXPORTABLE, KNOWN_PURPOSES, REDISCLOSABLE, SYSTEMS } from "./codes.ts";
import { writePurposes } from "./purposeCodes.ts";
import { checkTables } from "./reading.ts";
import { type ConsentTerms, type RuleAudience, WITHOUT_END } from "./types.ts";

/** How rules are written as a consent. */
export interface ConsentWriting {
  /** IANA name of the custodian's time zone. */
  readonly timeZone: string;
  /** Bit number of each registered category by its governed code. */
  readonly categories: Readonly<Record<string, number>>;
  readonly patient: Reference;
  /** Unix seconds: when it was agreed. */
  readonly agreedAt?: number | undefined;
  /** Who signed; the patient when absent. */
  readonly performer?: Reference | undefined;
  /** The custodian. */
  readonly organization?: Reference | undefined;
  readonly identifier?: Identifier | undefined;
  readonly category?: CodeableConcept | undefined;
  readonly sourceReference?: Reference | undefined;
  /** How a member or a class is referred to; by an identifier of the project's own when absent. */
  readonly organizationOf?: ((audience: RuleAudience) => Reference) | undefined;
}

/** A FHIR "patient consent" document. */
const CONSENT_DOCUMENT: CodeableConcept = {
  coding: [{ system: SYSTEMS.loinc, code: "59284-0", display: "Consent Document" }],
};

/**
 * Write rules as a FHIR R4 Consent. The policy is OPTOUT, as on the ledger: what no rule permits is denied. Each rule is one
 * nested provision, and of those that hold a deny beats a permit, here as there. {@link consentToRules} reads it back with
 * the same meaning.
 *
 * Purposes are written by codes of v3-ActReason where all that lies under a code is meant, else by `urn:careledger:purpose`,
 * which means the code by itself.
 *
 * @throws FhirError (`NotSupported`, `OutOfRange`) naming the rule and field (`permits[0].categories`) that FHIR or the
 * tables have no word for; `InputInvalid` for the writing.
 * @example
 * const consent = rulesToConsent({ permits, denies }, { timeZone: "Asia/Shanghai", categories, patient });
 */
export function rulesToConsent(
  {
    permits,
    denies,
  }: { readonly permits: readonly ConsentTerms[]; readonly denies: readonly ConsentTerms[] },
  writing: ConsentWriting,
): Consent {
  checkObject("writing", writing);
  checkTables("writing", writing);
  const problems = createProblems();
  const { timeZone, patient, agreedAt, performer, organization, identifier, sourceReference } = writing;
  if (!isTimeZone(timeZone)) {
    problems.add(
      "OutOfRange",
      "Consent",
      "The custodian's time zone is unknown.",
      "Name it as the IANA database does, such as Asia/Shanghai.",
    );
    problems.throwIfAny("Consent");
  }
  const nested = [
    ...permits.map((rule, index) => provisionOf(rule, "permit", `permits[${index}]`, writing, problems)),
    ...denies.map((rule, index) => provisionOf(rule, "deny", `denies[${index}]`, writing, problems)),
  ];
  problems.throwIfAny("Consent");
  return {
    resourceType: "Consent",
    ...(identifier === undefined ? {} : { identifier: [identifier] }),
    status: "active",
    scope: { coding: [{ system: SYSTEMS.scope, code: "patient-privacy" }] },
    category: [writing.category ?? CONSENT_DOCUMENT],
    patient,
    ...(agreedAt === undefined ? {} : { dateTime: instantText(agreedAt, timeZone) }),
    ...(performer === undefined ? {} : { performer: [performer] }),
    ...(organization === undefined ? {} : { organization: [organization] }),
    ...(sourceReference === undefined ? {} : { sourceReference }),
    policyRule: { coding: [{ system: SYSTEMS.actCode, code: "OPTOUT" }] },
    ...(nested.length === 0 ? {} : { provision: { provision: nested } }),
  };
}

function provisionOf(
  rule: ConsentTerms,
  type: "permit" | "deny",
  place: string,
  writing: ConsentWriting,
  problems: ProblemList,
): ConsentProvision {
  const extension = [
    ...(rule.exportable ? [{ url: EXPORTABLE, valueBoolean: true }] : []),
    ...(rule.redisclosable ? [{ url: REDISCLOSABLE, valueBoolean: true }] : []),
  ];
  const purpose = purposesOf(rule.purposes, type, place, problems);
  const classes = classesOf(rule.categories, type, place, writing, problems);
  const actor = actorOf(rule, writing);
  const period = periodOf(rule, place, writing.timeZone, problems);
  return {
    ...(extension.length === 0 ? {} : { extension }),
    type,
    ...(period === undefined ? {} : { period }),
    ...(actor === undefined ? {} : { actor }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(classes === undefined ? {} : { class: classes }),
  };
}

function purposesOf(
  mask: bigint,
  type: "permit" | "deny",
  place: string,
  problems: ProblemList,
): Coding[] | undefined {
  if (mask === (type === "permit" ? KNOWN_PURPOSES : EVERY_PURPOSE)) return undefined;
  const codings = writePurposes(mask);
  if (codings === undefined || codings.length === 0) {
    problems.add(
      "NotSupported",
      `${place}.purposes`,
      "A purpose of it has no code.",
      "Write the rule with purposes that HL7 has codes for.",
    );
  }
  return codings;
}

function classesOf(
  mask: number,
  type: "permit" | "deny",
  place: string,
  writing: ConsentWriting,
  problems: ProblemList,
): Coding[] | undefined {
  const registered = registeredCategories(writing);
  if (mask === (type === "permit" ? registered : ALL_CATEGORIES)) return undefined;
  if (mask === 0 || (type === "permit" && (mask & ~registered) !== 0)) {
    problems.add(
      "OutOfRange",
      `${place}.categories`,
      "It names no category, or one that is not registered.",
      "Write the rule with registered categories.",
    );
  }
  const codes = new Map(Object.entries(writing.categories).map(([code, bit]) => [bit, code]));
  return Array.from({ length: 32 }, (_, bit) => bit)
    .filter((bit) => ((mask >>> bit) & 1) === 1)
    .map((bit) => ({ system: SYSTEMS.category, code: codes.get(bit) ?? String(bit) }));
}

function actorOf(rule: ConsentTerms, { organizationOf }: ConsentWriting): ConsentProvision["actor"] {
  if (rule.sector === "EVERYONE") return undefined;
  const audience: RuleAudience =
    rule.sector === undefined ? { grantee: rule.grantee } : { sector: rule.sector };
  const reference = organizationOf?.(audience) ?? {
    type: "Organization",
    identifier:
      rule.sector === undefined
        ? { system: SYSTEMS.member, value: String(rule.grantee) }
        : { system: SYSTEMS.sector, value: rule.sector },
  };
  return [{ role: { coding: [{ system: SYSTEMS.participation, code: "IRCP" }] }, reference }];
}

function periodOf(
  { validFrom, validUntil }: ConsentTerms,
  place: string,
  timeZone: string,
  problems: ProblemList,
): ConsentProvision["period"] {
  if (validUntil <= validFrom) {
    problems.add("OutOfRange", `${place}.validUntil`, "It ends before it begins.", "Correct the window.");
    return undefined;
  }
  if (validFrom === 0 && validUntil === WITHOUT_END) return undefined;
  return {
    ...(validFrom === 0 ? {} : { start: instantText(validFrom, timeZone) }),
    // FHIR's end is inclusive: the last second in which it holds.
    ...(validUntil === WITHOUT_END ? {} : { end: instantText(validUntil - 1, timeZone) }),
  };
}
