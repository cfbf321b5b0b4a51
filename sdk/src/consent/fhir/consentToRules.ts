import type { CodeableConcept, Consent, FhirResource, Reference } from "fhir/r4.js";

import { isTimeZone } from "../../core/fhir/dates.ts";
import { type ProblemList, createProblems } from "../../core/fhir/errors.ts";
import { type JsonObject, checkResource, isJsonObject } from "../../core/fhir/validate.ts";
import { containedOf, readAudience, typeOf } from "./audiences.ts";
import { registeredCategories } from "./categories.ts";
import { SYSTEMS } from "./codes.ts";
import { type RuleRegion, compileProvisions } from "./compile.ts";
import { checkMeaning } from "./checkMeaning.ts";
import {
  type Provision,
  type ProvisionContext,
  hasCriteria,
  objectsOf,
  readProvision,
} from "./provisions.ts";
import { checkReading } from "./reading.ts";
import {
  type ConsentContext,
  type ConsentReading,
  type ConsentRules,
  type ConsentTerms,
  type PolicyBase,
} from "./types.ts";

const PLACE = "Consent";
const ROOT = `${PLACE}.provision`;

/**
 * Read a FHIR R4 Consent as the rules of a patient at one custodian.
 *
 * | FHIR | ledger |
 * |---|---|
 * | `policyRule`, `policy.uri` | what holds where no exception does: OPTIN a permit, OPTOUT no rule |
 * | `provision` (root) | where the policy holds, or an exception to it: see {@link ConsentReading.root} |
 * | `provision.provision` | exceptions, and exceptions to these; a deny beats a permit beside it |
 * | `actor` | IRCP, PRCP: the grantee, an Organization; CST: the custodian, who must be this one |
 * | `class`, `code`, `securityLabel` | categories, by the tables of the reading |
 * | `purpose` | purposes, each with those under it, never BTG unless it is denied by itself |
 * | `period` | window; a date is the whole day in the custodian's time zone, the end inclusive |
 * | extensions {@link EXPORTABLE}, {@link REDISCLOSABLE} | flags of a permit |
 * | `performer` | the patient, or the delegate who signs |
 * | all else | stays in the document, and in `context` |
 *
 * The ledger is a closed world: what no rule permits is denied, and a deny beats every permit. The rules that come out are
 * compared with the consent on every kind of question that either tells apart; what they cannot say is refused, with the
 * element that says it. So is what is over, what never holds, and what is ambiguous: nothing is dropped.
 *
 * A deny of the policy (OPTOUT) becomes the absence of rules: standing permits that say otherwise are in `revocations`, and
 * one that reaches further than the consent is refused.
 *
 * @param consent Parsed JSON.
 * @throws FhirError with all problems, each naming its element (FHIRPath) and the way to mend it; `InputInvalid` for the reading.
 * @example
 * const { permits, denies, revocations } = consentToRules(JSON.parse(text), {
 *   timeZone: "Asia/Shanghai", now, custodian: 7, categories: { general: 0, laboratory: 1 },
 *   organization: ({ reference }) => members.get(reference ?? ""),
 * });
 * @see https://hl7.org/fhir/R4/consent.html
 */
export function consentToRules(consent: unknown, reading: ConsentReading): ConsentRules {
  checkReading(reading);
  const problems = createProblems();
  const rules = checkResource(consent, PLACE, problems) ? readConsent(consent, reading, problems) : undefined;
  problems.throwIfAny(PLACE);
  return rules!;
}

function readConsent(
  consent: JsonObject,
  reading: ConsentReading,
  problems: ProblemList,
): ConsentRules | undefined {
  if (!isTimeZone(reading.timeZone)) {
    problems.add(
      "OutOfRange",
      PLACE,
      "The custodian's time zone is unknown.",
      "Name it as the IANA database does, such as Asia/Shanghai.",
    );
    return undefined;
  }
  checkStatus(consent["status"], problems);
  const scope = readScope(consent["scope"], problems);
  const contained = containedResources(consent);
  const context: ProvisionContext = { reading, contained, problems, research: scope === "research" };
  checkParties(consent, context);
  const delegate = readDelegate(consent["performer"], context);
  const root = readRoot(consent, context);
  // Where there are problems, provisions may be missing: rules come from whole trees only.
  if (root === undefined || problems.list().length > 0) return undefined;
  if (countOf(root) > PROVISIONS_MOST) {
    problems.add(
      "OutOfRange",
      ROOT,
      `It has more than ${PROVISIONS_MOST} provisions; one signature makes 32 changes at most.`,
      "Split it into several consents.",
    );
    return undefined;
  }
  const registered = registeredCategories(reading);
  const compiled = compileProvisions(root, registered, problems);
  if (problems.list().length > 0) return undefined;
  const revocations = checkMeaning(root, compiled, reading, delegate, registered, problems);
  return {
    permits: compiled.permits.map(termsOf),
    denies: compiled.denies.map(termsOf),
    revocations,
    delegate,
    base: { effect: root.effect, expressedBy: root.effect === "permit" ? "rules" : "absence" },
    context: contextOf(consent as unknown as Consent),
    document: consent as unknown as Consent,
  };
}

/** More than any consent that one signature can make needs; bounds the work. */
const PROVISIONS_MOST = 128;

function countOf(provision: Provision): number {
  return provision.children.reduce((count, child) => count + countOf(child), 1);
}

function termsOf({
  audience,
  categories,
  purposes,
  from,
  until,
  exportable,
  redisclosable,
}: RuleRegion): ConsentTerms {
  return { ...audience, categories, purposes, validFrom: from, validUntil: until, exportable, redisclosable };
}

/** What to do with a consent that is not active. */
const INACTIVE: Readonly<Record<string, string>> = {
  draft: "Sign it when it is active.",
  proposed: "Sign it when the patient has agreed and it is active.",
  rejected: "The patient refused: sign nothing, or a consent that denies.",
  inactive: "Revoke the rules that came from it (revokeConsent).",
  "entered-in-error": "Revoke the rules that came from it (revokeConsent), and retract the record of it.",
};

function checkStatus(status: unknown, problems: ProblemList): void {
  if (typeof status !== "string" || !Object.hasOwn(INACTIVE, status)) return;
  problems.add("StatusWrong", `${PLACE}.status`, "Only an active consent makes rules.", INACTIVE[status]!);
}

function readScope(scope: unknown, problems: ProblemList): string | undefined {
  if (!isJsonObject(scope)) return undefined;
  const codes = objectsOf(scope["coding"]).filter(({ system }) => system === SYSTEMS.scope);
  const found = codes.find(({ code }) => code === "patient-privacy" || code === "research");
  if (found === undefined) {
    problems.add(
      "NotSupported",
      `${PLACE}.scope`,
      "The ledger rules who may see data; it knows no consent to treatment and no advance directive.",
      `Keep it in the patient's record; here use patient-privacy or research of ${SYSTEMS.scope}.`,
    );
  }
  return found?.["code"] as string | undefined;
}

/** Patient, custodian and what the ledger has no place for. */
function checkParties(consent: JsonObject, context: ProvisionContext): void {
  const { problems, reading } = context;
  if (consent["patient"] === undefined) {
    problems.add("ElementMissing", `${PLACE}.patient`, "It is missing.", "Say whose consent it is.");
  }
  if (consent["verification"] !== undefined) {
    problems.add(
      "NotSupported",
      `${PLACE}.verification`,
      "The ledger takes the signature of the patient or a delegate, and no other word for it.",
      "Leave it out; keep how it was verified in the source of the consent.",
    );
  }
  for (const [index, each] of objectsOf(consent["organization"]).entries()) {
    const place = `${PLACE}.organization[${index}]`;
    const { reference, identifier } = each as Reference;
    if (reference === undefined && identifier === undefined) continue;
    const silent = createProblems();
    const audience = readAudience(each as Reference, place, { ...context, problems: silent });
    if (audience !== undefined && audience.grantee !== reading.custodian) {
      problems.add(
        "Mismatch",
        place,
        "Another custodian manages this consent.",
        "Sign it there; here name this custodian, or one that is no member.",
      );
    }
  }
}

/** Who signs: the patient (0), or a delegate. */
function readDelegate(performers: unknown, { reading, contained, problems }: ProvisionContext): number {
  const found = new Set<number>();
  for (const [index, each] of objectsOf(performers).entries()) {
    const performer = each as Reference;
    const type = containedOf(performer, contained)?.resourceType ?? typeOf(performer);
    const place = `${PLACE}.performer[${index}]`;
    if (type === "Patient") {
      found.add(0);
      continue;
    }
    const number = reading.delegate?.(performer);
    if (number === undefined) {
      problems.add(
        "ReferenceWrong",
        place,
        "It is neither the patient nor a delegate.",
        "Appoint the performer (appointDelegate) and let the reading's delegate know the number, or have the patient sign.",
      );
    } else found.add(number);
  }
  if (found.size > 1) {
    problems.add(
      "NotSupported",
      `${PLACE}.performer`,
      "Rules are signed by one: the patient, or one delegate.",
      "Name one performer, or write one consent for each.",
    );
  }
  return [...found][0] ?? 0;
}

function containedResources(consent: JsonObject): ReadonlyMap<string, FhirResource> {
  return new Map(
    objectsOf(consent["contained"]).map((each) => [String(each["id"]), each as unknown as FhirResource]),
  );
}

const BASES: Readonly<Record<string, PolicyBase>> = {
  [`${SYSTEMS.actCode}|OPTIN`]: "permit",
  [`${SYSTEMS.actCode}|OPTOUT`]: "deny",
};

/** The tree whose root stands for the policy. */
function readRoot(consent: JsonObject, context: ProvisionContext): Provision | undefined {
  const { problems, reading } = context;
  const base = readBase(consent, reading, problems);
  const { provision } = consent;
  if (base === undefined || (provision !== undefined && !isJsonObject(provision))) return undefined;
  const value = provision ?? {};
  const { type } = value;
  const typed = type === "permit" || type === "deny" ? type : undefined;
  if (type !== undefined && typed === undefined) return undefined;
  const effect = base === "stated" ? typed : base;
  if (effect === undefined) {
    problems.add(
      "ElementMissing",
      `${ROOT}.type`,
      "The policy leaves it to the root provision to permit or deny.",
      "Give it a type.",
    );
    return undefined;
  }
  const reads = rootReading(value, effect, typed, reading, problems);
  const other = effect === "permit" ? "deny" : "permit";
  if (reads === undefined) {
    addWhateverItMeans(value, context);
    return undefined;
  }
  if (reads === "scope") return { ...readProvision(value, effect, ROOT, context), bare: !hasCriteria(value) };
  const exception = readProvision(value, other, ROOT, context);
  return { ...readProvision({}, effect, PLACE, context), bare: true, children: [exception] };
}

/** Problems that a root provision has in either reading. */
function addWhateverItMeans(value: JsonObject, context: ProvisionContext): void {
  const [one, other] = (["permit", "deny"] as const).map((effect) => {
    const problems = createProblems();
    readProvision(value, effect, ROOT, { ...context, problems });
    return problems.list();
  });
  for (const { code, element, message, fix } of one!) {
    if (other!.some((each) => each.code === code && each.element === element)) {
      context.problems.add(code, element, message, fix);
    }
  }
}

function rootReading(
  value: JsonObject,
  effect: "permit" | "deny",
  typed: "permit" | "deny" | undefined,
  { root }: ConsentReading,
  problems: ProblemList,
): "scope" | "exception" | undefined {
  const stated = typed === undefined ? undefined : typed === effect ? "scope" : "exception";
  if (stated !== undefined && root !== undefined && stated !== root) {
    problems.add(
      "Mismatch",
      `${ROOT}.type`,
      "R4 has no type here, and this one says something else than how these consents are read.",
      "Leave it out, and put exceptions into nested provisions.",
    );
    return undefined;
  }
  const reads = stated ?? root ?? (hasCriteria(value) ? undefined : "scope");
  if (reads === undefined) {
    problems.add(
      "ElementMissing",
      `${ROOT}.type`,
      "R4 leaves open whether this narrows the policy or is an exception to it.",
      "Say in the reading's root how these consents are meant; or give the root the policy's type and put exceptions into nested provisions.",
    );
  }
  return reads;
}

function readBase(
  consent: JsonObject,
  { policies }: ConsentReading,
  problems: ProblemList,
): PolicyBase | undefined {
  const { policyRule, policy } = consent;
  if (policyRule === undefined && policy === undefined) {
    problems.add(
      "ElementMissing",
      `${PLACE}.policyRule`,
      "It is missing, and so is the policy.",
      `Give one: OPTIN or OPTOUT of ${SYSTEMS.actCode}, or one that the reading's policies know.`,
    );
    return undefined;
  }
  const codings = isJsonObject(policyRule) ? objectsOf((policyRule as CodeableConcept).coding) : [];
  const keys = [
    ...codings.map(({ system, code }) => `${String(system)}|${String(code)}`),
    ...objectsOf(policy).flatMap(({ uri }) => (typeof uri === "string" ? [uri] : [])),
  ];
  const known = keys.flatMap((key) =>
    policies !== undefined && Object.hasOwn(policies, key)
      ? [policies[key]!]
      : Object.hasOwn(BASES, key)
        ? [BASES[key]!]
        : [],
  );
  const place = policyRule === undefined ? `${PLACE}.policy` : `${PLACE}.policyRule`;
  if (known.length === 0) {
    problems.add(
      "CodeUnknown",
      place,
      "Nobody said what this policy means.",
      `Use OPTIN or OPTOUT of ${SYSTEMS.actCode}, or let the reading's policies know it.`,
    );
  } else if (new Set(known).size > 1) {
    problems.add("Mismatch", place, "Its policies contradict each other.", "Keep one of them.");
    return undefined;
  }
  return known[0];
}

function contextOf(consent: Consent): ConsentContext {
  return {
    patient: consent.patient!,
    identifier: consent.identifier ?? [],
    scope: consent.scope,
    category: consent.category,
    dateTime: consent.dateTime,
    performer: consent.performer ?? [],
    organization: consent.organization ?? [],
    source: consent.sourceAttachment ?? consent.sourceReference,
    policy: consent.policy ?? [],
    policyRule: consent.policyRule,
  };
}
