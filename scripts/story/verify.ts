/** What must be true at the end, held against the chain and against the custodians' own books. */
import { type Client, type PrescriptionView, getPrescription } from "@careledger/sdk";

import type { Cast } from "./cast.ts";
import type { ConsentOutcome } from "./consents.ts";
import type { Chronicle, RefusedAct, Told } from "./record.ts";

/** How a prescription must stand. */
export interface Expected {
  readonly status: PrescriptionView["effectiveStatus"];
  readonly fill: number;
  /** Units left of that fill, in the resource's own unit. */
  readonly left: number;
  readonly dispenses: number;
  /** Members to which the custodian gave the document, in order. */
  readonly readers: readonly string[];
}

const locked = (left: number): Expected => ({
  status: "Locked",
  fill: 1,
  left,
  dispenses: 0,
  readers: ["greenCross"],
});

const drawer = (left: number): Expected => ({ status: "Open", fill: 1, left, dispenses: 0, readers: [] });

/** The first of several fills is spent. */
const spent: Expected = { status: "Open", fill: 1, left: 0, dispenses: 1, readers: ["greenCross"] };

const completed = (dispenses: number): Expected => ({
  status: "Completed",
  fill: 1,
  left: 0,
  dispenses,
  readers: ["greenCross"],
});

/** How each prescription must stand at the end. */
export const EXPECTED: Readonly<Record<string, Expected>> = {
  medrx0302: spent,
  medrx0303: locked(51),
  "medrx0311-1": locked(30),
  "medrx0311-2": drawer(30),
  medrx0312: spent,
  medrx0321: locked(10),
  medrx0327: locked(6),
  medrx0328: locked(30),
  medrx0330: spent,
  medrx0331: locked(30),
  "medrx0333-1": locked(30),
  "medrx0333-2": drawer(30),
  "derived-cancel": { ...locked(21), status: "Cancelled" },
  "derived-close": { ...spent, dispenses: 2 },
  "derived-formula": completed(1),
  "derived-outage": completed(1),
  "derived-parts": completed(2),
  "derived-repeats": { ...spent, fill: 2, dispenses: 2, readers: ["greenCross", "greenCross"] },
  "derived-return": { ...completed(1), readers: ["greenCross", "sunPharmacy", "greenCross"] },
  "derived-withdrawal": { ...locked(21), status: "Open", dispenses: 1 },
};

/** Acts that must be refused, with the code, and the reason that a custodian gives. */
export const EXPECTED_REFUSED_ACTS: readonly string[] = [
  "DiagnosticReport-f201: order again once more: RecordRepeatKnown",
  "Observation-f001: read: denied: CustodianRefused (RecordRequestRefused)",
  "Observation-f001: read: no rule: CustodianRefused (RecordRequestRefused)",
  "Observation-f001: read: the permit was revoked: CustodianRefused (RecordRequestRefused)",
  "Observation-f001: review its own break-glass: BreakGlassReviewerInvalid",
  "derived-dataset: ask for ancestry research: AccessRefused",
  "derived-formula: accept what is halted: PrescriptionHalted",
  "derived-repeats: dispense derived-repeats-2 too early: PrescriptionIntervalRunning",
  "derived-return: accept what is locked: PrescriptionLocked",
  "derived-return: dispense while suspended: DutySuspendedForMember",
  "medrx0303: ask for a document as greenCross: CustodianRefused (DocumentRequestRefused)",
  "medrx0303: ask for a document without its lock: CustodianRefused (DocumentRequestRefused)",
];

/**
 * Resources that must be refused: 30 of the 40 published requests, 28 of the 31 published dispenses, 10 of the 12 published
 * consents, none derived.
 */
const EXPECTED_REFUSED = { MedicationRequest: 30, MedicationDispense: 28, Consent: 10 };

/** What the patients' lists must say, in order: record, who saw it, category, purpose, what allowed it. */
export const EXPECTED_DISCLOSURES: readonly string[] = [
  "Observation-f001 cityHospital laboratory TREAT permit of HOSPITAL, version 1",
  "Observation-f001 cityHospital laboratory BTG break-glass",
  "DiagnosticReport-f201 cityHospital imaging TREAT permit of cityHospital, version 1",
];

/** How consents and records must stand. */
export const EXPECTED_STANDINGS: ConsentOutcome["standings"] = {
  "rules of Patient-f001": "Permits 0, denies 1",
  "rules of Patient-f201": "Permits 1, denies 0",
  "break-glass": "Justified",
  referral: "Completed",
  "Observation-f001": "Current",
  "DiagnosticReport-f201": "Current",
  "Observation-f206": "Current",
};

/** A line of a patient's list without its time. */
export const disclosureText = ({
  resource,
  member,
  category,
  purpose,
  by,
}: ConsentOutcome["disclosures"][number]): string => `${resource} ${member} ${category} ${purpose} ${by}`;

/** A refused act in one line. */
export const refusedActText = ({ resource, act, code, reason }: RefusedAct): string =>
  `${resource}: ${act}: ${code}${reason === undefined ? "" : ` (${reason})`}`;

/** How a prescription stands at the end. */
export interface Final extends Told {
  readonly status: PrescriptionView["effectiveStatus"];
  readonly fill: number;
  readonly fills: number;
  readonly left: number;
  readonly dispenses: number;
  readonly readers: readonly string[];
}

/** Read every prescription of the story from the chain, and whom its custodian served. */
export const readFinals = (cast: Cast, reader: Client, { told }: Chronicle): Promise<Final[]> =>
  Promise.all(
    [...told]
      .sort((one, other) => one.resource.localeCompare(other.resource))
      .map(async ({ resource, origin, way, issuer, prescription }) => {
        const hospital = issuer === "stMary" ? cast.processes.stMary : cast.processes.cityHospital;
        const [view, served] = await Promise.all([
          getPrescription(reader, prescription),
          hospital.ask("disclosures", { prescription }),
        ]);
        const { effectiveStatus: status, fill, fills, unitsLeft, dispenses } = view;
        const readers = served.map((id) => cast.members.find((each) => each.id === id)?.name ?? String(id));
        const left = Number(unitsLeft) / 1_000;
        return { resource, origin, way, issuer, prescription, status, fill, fills, left, dispenses, readers };
      }),
  );

/** What is not as it must be; empty when all is well. */
export const differences = (
  finals: readonly Final[],
  chronicle: Pick<Chronicle, "refusals" | "refusedActs">,
  consents: ConsentOutcome,
): string[] => [
  ...finalDifferences(finals),
  ...refusalDifferences(chronicle),
  ...consentDifferences(consents),
];

const consentDifferences = ({ disclosures, standings }: ConsentOutcome): string[] => {
  const found: string[] = [];
  const seen = disclosures.map(disclosureText);
  for (const text of EXPECTED_DISCLOSURES) if (!seen.includes(text)) found.push(`not disclosed: ${text}`);
  for (const text of seen) if (!EXPECTED_DISCLOSURES.includes(text)) found.push(`disclosed: ${text}`);
  for (const name of new Set([...Object.keys(standings), ...Object.keys(EXPECTED_STANDINGS)])) {
    const [actual, wanted] = [standings[name], EXPECTED_STANDINGS[name]];
    if (actual !== wanted) found.push(`${name} is ${actual ?? "missing"} instead of ${wanted ?? "nothing"}`);
  }
  return found;
};

const finalDifferences = (finals: readonly Final[]): string[] => {
  const found: string[] = [];
  for (const [resource, expected] of Object.entries(EXPECTED)) {
    const final = finals.find((each) => each.resource === resource);
    for (const [name, value] of Object.entries(expected)) {
      const actual = JSON.stringify(final?.[name as keyof Expected]);
      const wanted = JSON.stringify(value);
      if (actual !== wanted)
        found.push(`${resource}: ${name} is ${actual ?? "missing"} instead of ${wanted}`);
    }
  }
  for (const { resource } of finals) {
    if (!(resource in EXPECTED)) found.push(`${resource} was issued and should not have been`);
  }
  return found;
};

const refusalDifferences = ({
  refusals,
  refusedActs,
}: Pick<Chronicle, "refusals" | "refusedActs">): string[] => {
  const found: string[] = [];
  for (const [kind, expected] of Object.entries(EXPECTED_REFUSED)) {
    const own = refusals.filter(({ element }) => element.startsWith(kind));
    const actual = new Set(own.map(({ resource }) => resource)).size;
    if (actual !== expected) found.push(`${actual} of ${kind} were refused instead of ${expected}`);
  }
  for (const { resource, element, fix } of refusals) {
    if (!/^(Medication(Request|Dispense)|Consent)\b/.test(element) || fix === "")
      found.push(`the refusal of ${resource} does not say what is wrong and how to mend it`);
  }
  const actual = refusedActs.map(refusedActText).sort();
  for (const text of EXPECTED_REFUSED_ACTS) if (!actual.includes(text)) found.push(`not refused: ${text}`);
  for (const text of actual) if (!EXPECTED_REFUSED_ACTS.includes(text)) found.push(`refused: ${text}`);
  return found;
};
