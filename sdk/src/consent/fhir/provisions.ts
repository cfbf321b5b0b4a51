import type { FhirResource, Reference } from "fhir/r4.js";

import type { ProblemList } from "../../core/fhir/errors.ts";
import { readSecond } from "../../core/fhir/period.ts";
import { type JsonObject, isJsonObject } from "../../core/fhir/validate.ts";
import { readCategories, registeredCategories } from "./categories.ts";
import { BTG_MASK, EXPORTABLE, REDISCLOSABLE, SYSTEMS } from "./codes.ts";
import { readAudience } from "./audiences.ts";
import { readPurposes } from "./purposeCodes.ts";
import { type ConsentReading, type RuleAudience, WITHOUT_END } from "./types.ts";

/** A provision as it was read. What is undefined narrows nothing. */
export interface Provision {
  /** FHIRPath of the element. */
  readonly path: string;
  /** Whether it stands for the policy by itself and narrows nothing. */
  readonly bare: boolean;
  readonly effect: "permit" | "deny";
  readonly audiences: readonly RuleAudience[] | undefined;
  /** Whether it names this custodian's data: that narrows nothing here, but elsewhere it does. */
  readonly atCustodian: boolean;
  readonly categories: number | undefined;
  readonly purposes: bigint | undefined;
  readonly from: number;
  /** Exclusive. */
  readonly until: number;
  readonly exportable: boolean;
  readonly redisclosable: boolean;
  /** Exceptions to it. */
  readonly children: readonly Provision[];
}

/** What reading a provision needs besides itself. */
export interface ProvisionContext {
  readonly reading: ConsentReading;
  readonly contained: ReadonlyMap<string, FhirResource>;
  readonly problems: ProblemList;
  /** Where its purposes lie when it names none and research is the scope. */
  readonly research: boolean;
}

/** The objects of a list; what is none is left to the structure check. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Whether a provision has anything that narrows it. */
export function hasCriteria(provision: JsonObject): boolean {
  return [
    "period",
    "actor",
    "action",
    "securityLabel",
    "purpose",
    "class",
    "code",
    "dataPeriod",
    "data",
  ].some((name) => provision[name] !== undefined);
}

/** Read a provision, whose effect is known, with all its exceptions. */
export function readProvision(
  value: JsonObject,
  effect: "permit" | "deny",
  path: string,
  context: ProvisionContext,
): Provision {
  const { problems, reading } = context;
  refuseWhatRecordsSay(value, path, problems);
  readActions(value, path, problems);
  const { audiences, atCustodian } = readActors(value, path, context);
  const purposes = readPurposes(value["purpose"], effect, path, context.research, problems);
  const { exportable, redisclosable } = readFlags(value, effect, path, problems);
  const children = objectsOf(value["provision"]).flatMap((child, index) =>
    readException(child, effect, `${path}.provision[${index}]`, context),
  );
  if (purposes === BTG_MASK && children.length > 0) {
    problems.add(
      "NotSupported",
      `${path}.provision`,
      "Closing the emergency door knows no exceptions.",
      "Deny BTG in a provision of its own, without exceptions.",
    );
  }
  const categories = readCategories(value, path, reading, problems);
  if (
    effect === "permit" &&
    categories !== undefined &&
    (categories & ~registeredCategories(reading)) !== 0
  ) {
    problems.add(
      "OutOfRange",
      `${path}.class`,
      "It permits a category that is not registered.",
      "Permit registered categories; those to come are permitted when they have come.",
    );
  }
  return {
    path,
    bare: false,
    effect,
    audiences,
    atCustodian,
    categories,
    purposes,
    ...readWindow(value["period"], path, reading, problems),
    exportable,
    redisclosable,
    children,
  };
}

function readException(
  child: JsonObject,
  parent: "permit" | "deny",
  path: string,
  context: ProvisionContext,
): Provision[] {
  const { type } = child;
  if (type === undefined) {
    context.problems.add(
      "ElementMissing",
      `${path}.type`,
      "R4 requires it in every nested rule.",
      "Say whether it permits or denies.",
    );
  } else if (type === "permit" && parent === "permit") {
    context.problems.add(
      "Mismatch",
      `${path}.type`,
      "It permits what is permitted already, so it says nothing, or means that all else is denied.",
      "Leave it out; or, if only this is to be permitted, take OPTOUT as the policy and permit it there.",
    );
  }
  if (type !== "permit" && type !== "deny") return [];
  return [readProvision(child, type, path, context)];
}

function refuseWhatRecordsSay(value: JsonObject, path: string, problems: ProblemList): void {
  const fix = "Name classes, codes or labels that stand for a governed category.";
  if (value["dataPeriod"] !== undefined) {
    problems.add(
      "NotSupported",
      `${path}.dataPeriod`,
      "The ledger does not tell a patient's data apart by its time.",
      fix,
    );
  }
  if (value["data"] !== undefined) {
    problems.add(
      "NotSupported",
      `${path}.data`,
      "The ledger does not tell single records apart in consents.",
      fix,
    );
  }
}

/** Actions that the ledger has: seeing and using data are one there. */
const ACTIONS = ["access", "use"];

function readActions(value: JsonObject, path: string, problems: ProblemList): void {
  const actions = Array.isArray(value["action"]) ? (value["action"] as unknown[]) : [];
  for (const [index, action] of actions.entries()) {
    const known = objectsOf(isJsonObject(action) ? action["coding"] : undefined).some(
      ({ system, code }) => system === SYSTEMS.action && ACTIONS.includes(String(code)),
    );
    if (known) continue;
    problems.add(
      "NotSupported",
      `${path}.action[${index}]`,
      "The ledger rules who may access and use data, as one, and no other action.",
      `Name access or use of ${SYSTEMS.action}; for passing on, the extensions ${EXPORTABLE} and ${REDISCLOSABLE}.`,
    );
  }
}

const RECIPIENTS = ["IRCP", "PRCP"];

function readActors(
  value: JsonObject,
  path: string,
  context: ProvisionContext,
): { audiences: readonly RuleAudience[] | undefined; atCustodian: boolean } {
  const { problems, reading } = context;
  const audiences: RuleAudience[] = [];
  let atCustodian = false;
  let recipients = 0;
  for (const [index, actor] of objectsOf(value["actor"]).entries()) {
    const place = `${path}.actor[${index}]`;
    const role = roleOf(actor["role"]);
    if (!isJsonObject(actor["reference"])) continue;
    const audience = readAudience(actor["reference"] as Reference, `${place}.reference`, context);
    if (role === "CST") {
      if (audience !== undefined && audience.grantee !== reading.custodian) {
        problems.add(
          "Mismatch",
          `${place}.reference`,
          "It is about data that another custodian keeps.",
          "Sign it as a consent at that custodian; here name this one or leave it out.",
        );
      }
      atCustodian = true;
    } else if (role !== undefined && RECIPIENTS.includes(role)) {
      recipients++;
      if (audience !== undefined) audiences.push(audience);
    } else {
      problems.add(
        "NotSupported",
        `${place}.role`,
        "The ledger knows who receives data and who keeps it, and no other role.",
        `Use IRCP, PRCP or CST of ${SYSTEMS.participation}.`,
      );
    }
  }
  return { audiences: recipients === 0 ? undefined : audiences, atCustodian };
}

function roleOf(role: unknown): string | undefined {
  const coding = objectsOf(isJsonObject(role) ? role["coding"] : undefined).find(
    ({ system }) => system === SYSTEMS.participation,
  );
  return typeof coding?.["code"] === "string" ? coding["code"] : undefined;
}

function readFlags(
  value: JsonObject,
  effect: "permit" | "deny",
  path: string,
  problems: ProblemList,
): { exportable: boolean; redisclosable: boolean } {
  const flag = (url: string): boolean => {
    const index = objectsOf(value["extension"]).findIndex((extension) => extension["url"] === url);
    if (index < 0) return false;
    const { valueBoolean } = objectsOf(value["extension"])[index]!;
    const place = `${path}.extension[${index}]`;
    if (typeof valueBoolean !== "boolean") {
      problems.add("ElementMalformed", place, "It is neither true nor false.", "Give it a valueBoolean.");
    } else if (valueBoolean && effect === "deny") {
      problems.add("Mismatch", place, "A deny lets nothing be passed on.", "Put it on the permit.");
    }
    return valueBoolean === true;
  };
  return { exportable: flag(EXPORTABLE), redisclosable: flag(REDISCLOSABLE) };
}

function readWindow(
  period: unknown,
  path: string,
  { timeZone, now }: ConsentReading,
  problems: ProblemList,
): { from: number; until: number } {
  const whole = { from: 0, until: WITHOUT_END };
  if (!isJsonObject(period)) return whole;
  const { start, end } = period;
  const from =
    start === undefined ? 0 : readSecond(start, timeZone, "from", `${path}.period.start`, problems);
  const until =
    end === undefined ? WITHOUT_END : readSecond(end, timeZone, "until", `${path}.period.end`, problems);
  if (from === undefined || until === undefined) return whole;
  if (until <= from) {
    problems.add("OutOfRange", `${path}.period`, "It ends before it begins.", "Correct start or end.");
    return whole;
  }
  if (until <= now) {
    problems.add(
      "OutOfRange",
      `${path}.period.end`,
      "It is over, so there is no rule in it any more.",
      "Leave the provision out, or give it an end that lies ahead.",
    );
    return whole;
  }
  return { from, until };
}
