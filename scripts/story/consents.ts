/** Consents and records: two patients, two hospitals, and who may see what. Each part stands by itself; they run in order. */
import {
  type Client,
  type ConsentRules,
  type DisclosureView,
  type StandingRule,
  createEcdsaSigner,
  derivePatientKey,
  generatePatientSeed,
  getBreakGlass,
  getReferral,
  isPermitted,
  listRules,
} from "@careledger/sdk";

import { type Cast, idOf } from "./cast.ts";
import type { Kept } from "./archive.ts";
import { createSoftwarePasskey } from "./passkey.ts";
import { storyError } from "./protocol.ts";
import type { ReadParams, RecordReference } from "./reader.ts";
import type { Chronicle, Subject } from "./record.ts";
import { type RecordApp, createRecordApp, referenceOf } from "./subjects.ts";
import { chainNow, exampleIds, missing, readExample } from "./system.ts";

const DAY = 86_400;
/** Where the patients' app lives: what their passkeys are bound to. */
const APP = "mijn.stmary.test";
const CUSTODIAN = "stMary";
const READER = "cityHospital";

/** A patient at the custodian. */
interface Patient {
  readonly app: RecordApp;
  readonly subject: string;
}

/** What the consent story plays with. */
interface Scene {
  readonly cast: Cast;
  readonly chronicle: Chronicle;
  /** Reads only. */
  readonly reader: Client;
}

/** What came of it, as the chain has it. */
export interface ConsentOutcome {
  /** Who saw what of the first patient, when and why. */
  readonly disclosures: readonly DisclosureRow[];
  /** How the rules, the break-glass, the referral and the records stand. */
  readonly standings: Readonly<Record<string, string>>;
}

/** A line of the patient's list. */
export interface DisclosureRow {
  /** Example whose record it was. */
  readonly resource: string;
  /** Member that saw it. */
  readonly member: string;
  readonly category: string;
  readonly purpose: string;
  /** What allowed it. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

const published = (resource: string): Subject => ({ resource, origin: "published" });
const derived = (resource: string): Subject => ({ resource, origin: "derived" });

const GLUCOSE = published("Observation-f001");
const IMAGE = published("DiagnosticReport-f201");
const CULTURE = published("Observation-f206");
const SHARING = derived("derived-sharing");
const REFERRAL = derived("derived-referral");

/** How the hospitals name a patient: the identifier that the published Patient carries. */
const identityOf = (resource: string): string => {
  const { identifier } = readExample("fhir-r4", "Patient", resource) as {
    identifier: { system: string; value: string }[];
  };
  const [first] = identifier;
  return `${first?.system ?? missing("identifier")}|${first?.value ?? missing("identifier")}`;
};

/** Plays all of it. */
export const playConsents = async (scene: Scene): Promise<ConsentOutcome> => {
  const first = await enrolFirst(scene);
  const glucose = await consentAndKeep(scene, first);
  const reference = await readUnderConsent(scene, first, glucose);
  const glass = await breakTheGlass(scene, reference);
  const second = await enrolSecond(scene);
  const { letter, image } = await refer(scene, second);
  await orderAgain(scene, second);
  await research(scene);
  return outcomeOf(scene, first, second, { glass, letter, glucose, image });
};

// ── the first patient: a passkey, the FHIR consents, reads and refusals ──────────────────────────────────────────────

const enrolFirst = async ({ cast, chronicle, reader }: Scene): Promise<Patient> => {
  const { webAuthn } = cast.network.verifiers ?? missing("verifiers");
  const app = createRecordApp(reader, idOf(cast, CUSTODIAN), await createSoftwarePasskey(webAuthn, APP));
  const { subject, signed } = await app.enrol();
  const done = await cast.processes.stMary.ask("enrol", { signed, name: identityOf("f001") });
  const about = published("Patient-f001");
  chronicle.tell(about, "enrol by passkey", "stMary: stMaryArchive", "Enrolled", done);
  return { app, subject };
};

/** All twelve published consents are read; the one with rules is agreed to, and then a narrower one takes its place. */
const consentAndKeep = async (scene: Scene, { app, subject }: Patient): Promise<Kept> => {
  const { cast, chronicle, reader } = scene;
  const { stMary, greenCross, sunPharmacy } = cast.processes;
  let agreed: ConsentRules | undefined;
  for (const resource of exampleIds("fhir-r4", "Consent")) {
    const read = await stMary.ask("readConsent", { folder: "fhir-r4", resource });
    if ("refused" in read)
      chronicle.refusals.push(...read.refused.map((each) => ({ ...each, origin: "published" as const })));
    else if (read.permits.length + read.denies.length > 0) agreed = read;
    else chronicle.tell(published(resource), "read: it permits nothing", "stMary", "No rule", { gas: 0n });
  }
  const wide = agreed ?? missing("published consent with rules");
  const about = published(wide.document.id ?? missing("id of the consent"));
  const granted = await greenCross.ask("relay", await app.agree(subject, wide));
  chronicle.tell(
    about,
    "grant what it says",
    "greenCross: greenCrossSystem",
    await rulesText(reader, subject),
    granted,
  );

  const standing = wide.permits.map((permit): StandingRule => ({
    ...permit,
    kind: "Permit",
    number: 0,
    delegate: 0,
  }));
  const narrow = await stMary.ask("readConsent", {
    folder: "derived",
    resource: SHARING.resource,
    standing,
  });
  if ("refused" in narrow) throw storyError("StoryRefused", "The derived consent was refused.", "Report it.");
  const changed = await sunPharmacy.ask("relay", await app.agree(subject, narrow));
  chronicle.tell(
    SHARING,
    "end that, permit and deny",
    "sunPharmacy: sunPharmacySystem",
    await rulesText(reader, subject),
    changed,
  );

  const kept = await stMary.ask("keep", {
    folder: "fhir-r4",
    kind: "Observation",
    resource: "f001",
    subject,
    patient: app.metaAddress,
    category: "laboratory",
    codeSystem: "http://loinc.org",
    reusableFor: 30 * DAY,
  });
  chronicle.tell(GLUCOSE, "seal and anchor", "stMary: stMaryArchive", "Current", kept);
  return kept;
};

const readUnderConsent = async (
  scene: Scene,
  { app, subject }: Patient,
  { record }: Kept,
): Promise<RecordReference> => {
  const { cast, chronicle } = scene;
  const { cityHospital, greenCross, sunPharmacy } = cast.processes;
  const found = (await app.records()).find(({ id }) => id === record) ?? missing("record in the app");
  const reference = referenceOf(subject, "laboratory", found);
  const asked = { reference, purpose: "TREAT" } as const;
  await readAs(scene, GLUCOSE, asked);
  const refused = async (
    member: "cityHospital" | "greenCross" | "sunPharmacy",
    ruling: string,
    why: string,
  ) => {
    const work =
      member === "cityHospital"
        ? cityHospital.ask("read", asked)
        : (member === "greenCross" ? greenCross : sunPharmacy).ask("read", asked);
    await requireRuling(scene, member, reference, ruling);
    await chronicle.expectRefusal(
      GLUCOSE,
      `read: ${why}`,
      `${member}: ${member}System`,
      "CustodianRefused",
      work,
    );
  };
  await refused("greenCross", "Denied", "denied");
  await refused("sunPharmacy", "NoRule", "no rule");
  const ended = await greenCross.ask("relay", await app.revoke(subject, { sector: "HOSPITAL" }));
  const state = await rulesText(scene.reader, subject);
  chronicle.tell(SHARING, "revoke the permit", "greenCross: greenCrossSystem", state, ended);
  await refused("cityHospital", "NoRule", "the permit was revoked");
  return reference;
};

/** cityHospital reads a record; the disclosure stands on chain before the answer comes. */
const readAs = async ({ cast, chronicle, reader }: Scene, about: Subject, params: ReadParams) => {
  const read = await cast.processes.cityHospital.ask("read", params);
  if (read.resource !== about.resource) {
    const message = `${read.resource} was read instead of ${about.resource}.`;
    throw storyError("StoryRecordWrong", message, "This is a defect: report it.");
  }
  const receipt = (await reader.rpc.request("eth_getTransactionReceipt", [read.transactionHash])) as {
    gasUsed: string;
  };
  const act = params.breakGlass === undefined ? "read: disclosed" : "read: disclosed under break-glass";
  const state = `Disclosed for ${params.purpose}`;
  chronicle.tell(about, act, `${READER}: ${READER}System`, state, { gas: BigInt(receipt.gasUsed) });
};

const requireRuling = async (
  { cast, reader }: Scene,
  member: string,
  { subject, category }: RecordReference,
  expected: string,
): Promise<void> => {
  const question = { subject, grantee: idOf(cast, member), category, purpose: "TREAT" } as const;
  const { ruling } = await isPermitted(reader, question);
  if (ruling === expected) return;
  const message = `The chain says ${ruling} of ${member} instead of ${expected}.`;
  throw storyError("StoryRulingWrong", message, "This is a defect: report it.");
};

/** How many rules of a patient count. */
const rulesText = async (client: Client, subject: string): Promise<string> => {
  const rules = (await listRules(client, { subject })).filter(({ live }) => live);
  const count = (kind: string): number => rules.filter((rule) => rule.kind === kind).length;
  return `Permits ${count("Permit")}, denies ${count("Deny")}`;
};

// ── break-glass ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Nobody permits it any more, and it is an emergency: opened, read, reviewed by the custodian, never by the actor's member. */
const breakTheGlass = async (scene: Scene, reference: RecordReference): Promise<string> => {
  const { cast, chronicle, reader } = scene;
  const { stMary, cityHospital } = cast.processes;
  const by = "drIbarra";
  const patient = identityOf("f001");
  const opened = await cityHospital.ask("breakTheGlass", { custodian: idOf(cast, CUSTODIAN), patient, by });
  const stateOf = async (): Promise<string> =>
    `Break-glass ${(await getBreakGlass(reader, opened.id)).status}`;
  chronicle.tell(GLUCOSE, "break the glass", `${READER}: ${by}`, await stateOf(), opened);
  const breakGlass = { id: opened.id, salt: opened.salt };
  await readAs(scene, GLUCOSE, { reference, purpose: "BTG", breakGlass });
  const own = cityHospital.ask("reviewGlass", { breakGlass: opened.id });
  const archive = `${READER}: ${READER}Archive`;
  await chronicle.expectRefusal(
    GLUCOSE,
    "review its own break-glass",
    archive,
    "BreakGlassReviewerInvalid",
    own,
  );
  const reviewed = await stMary.ask("reviewGlass", { breakGlass: opened.id });
  chronicle.tell(GLUCOSE, "review the break-glass", "stMary: stMaryArchive", await stateOf(), reviewed);
  return opened.id;
};

// ── the second patient: a referral with an image report, and a repeat order ──────────────────────────────────────────

/** The second patient at the first hospital, and at the second one under a key of its own. */
interface Referred extends Patient {
  /** The app at the other hospital. */
  readonly other: RecordApp;
  /** Who the patient is at the other hospital. */
  readonly otherSubject: string;
}

/** Keys from one seed, one a custodian: the two subjects share no value. */
const enrolSecond = async ({ cast, chronicle, reader }: Scene): Promise<Referred> => {
  const seed = generatePatientSeed();
  const about = published("Patient-f201");
  const at = async (name: "stMary" | "cityHospital"): Promise<Patient> => {
    const custodian = idOf(cast, name);
    const place = { chainId: cast.network.chainId, custodian, curve: "secp256k1" } as const;
    const app = createRecordApp(reader, custodian, createEcdsaSigner(await derivePatientKey(seed, place)));
    const { subject, signed } = await app.enrol();
    const done = await cast.processes[name].ask("enrol", { signed, name: identityOf("f201") });
    chronicle.tell(about, `enrol at ${name} by key`, `${name}: ${name}Archive`, "Enrolled", done);
    return { app, subject };
  };
  const here = await at("stMary");
  const there = await at("cityHospital");
  return { ...here, other: there.app, otherSubject: there.subject };
};

const refer = async (scene: Scene, { app, subject, other, otherSubject }: Referred) => {
  const { cast, chronicle, reader } = scene;
  const { stMary, cityHospital, greenCross } = cast.processes;
  const coded = { folder: "fhir-r4", codeSystem: "http://snomed.info/sct", reusableFor: 30 * DAY } as const;
  const image = await stMary.ask("keep", {
    ...coded,
    kind: "DiagnosticReport",
    resource: "f201",
    subject,
    patient: app.metaAddress,
    category: "imaging",
  });
  chronicle.tell(IMAGE, "seal and anchor", "stMary: stMaryArchive", "Current", image);
  const [found] = await app.records();
  const reference = referenceOf(subject, "imaging", found ?? missing("record in the app"));
  const until = (await chainNow(reader)) + 30 * DAY;
  const granted = await greenCross.ask(
    "relay",
    await app.grant(subject, idOf(cast, READER), "imaging", until),
  );
  const state = await rulesText(reader, subject);
  chronicle.tell(REFERRAL, "grant the image report", "greenCross: greenCrossSystem", state, granted);

  const by = "drAdler";
  const asked = { resource: REFERRAL.resource, to: idOf(cast, READER), by, records: [reference] };
  const { letter, gas } = await stMary.ask("refer", asked);
  const stateOf = async (): Promise<string> =>
    `Referral ${(await getReferral(reader, letter.referral)).status}`;
  chronicle.tell(REFERRAL, "refer", `stMary: ${by}`, await stateOf(), { gas });
  const accepted = await cityHospital.ask("acceptLetter", letter);
  chronicle.tell(REFERRAL, "accept the referral", `${READER}: ${READER}System`, await stateOf(), accepted);
  await readAs(scene, IMAGE, { reference, purpose: "TREAT" });
  const culture = await cityHospital.ask("keep", {
    ...coded,
    kind: "Observation",
    resource: "f206",
    subject: otherSubject,
    patient: other.metaAddress,
    category: "laboratory",
    codeSystem: "http://loinc.org",
  });
  chronicle.tell(CULTURE, "seal and anchor", `${READER}: ${READER}Archive`, "Current", culture);
  const completing = { referral: letter.referral, records: [culture.record] };
  const completed = await cityHospital.ask("completeReferral", completing);
  chronicle.tell(REFERRAL, "complete the referral", `${READER}: ${READER}System`, await stateOf(), completed);
  return { letter, image };
};

/** cityHospital wants the image anew: the patient's app shows one that may be used, so the reason goes on record, once. */
const orderAgain = async ({ cast, chronicle }: Scene, { app }: Referred): Promise<void> => {
  const { cityHospital } = cast.processes;
  const [earlier] = await app.reusable("imaging");
  const { record } = earlier ?? missing("result inside its window");
  const done = await cityHospital.ask("orderAgain", { record });
  const member = `${READER}: ${READER}System`;
  chronicle.tell(IMAGE, "order again inside the window", member, "Repeat flagged", done);
  const twice = cityHospital.ask("orderAgain", { record });
  await chronicle.expectRefusal(IMAGE, "order again once more", member, "RecordRepeatKnown", twice);
};

// ── research ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** GA4GH DUO: biomedical research, for at most so many months, not for profit. */
const TERMS = { biomedical: "DUO:0000006", timeLimit: "DUO:0000025", notForProfit: "DUO:0000018" } as const;
/** A purpose outside of it. */
const ANCESTRY = "DUO:0000011";

/** A dataset with its terms; a request within them is permitted on chain, one for another purpose refused there. */
const research = async ({ cast, chronicle }: Scene): Promise<void> => {
  const { stMary, cityHospital } = cast.processes;
  const about = derived("derived-dataset");
  const terms = Object.values(TERMS);
  const { dataset, gas } = await stMary.ask("registerDataset", { terms, parameters: { months: 24 } });
  chronicle.tell(about, "register a dataset", "stMary: stMaryArchive", "HMB, 24 months, NPUNCU", { gas });
  const member = `${READER}: ${READER}Archive`;
  const within = { dataset, terms, parameters: { months: 12 } };
  const permitted = await cityHospital.ask("requestAccess", within);
  chronicle.tell(about, "ask for biomedical research", member, "Permitted", permitted);
  const other = [ANCESTRY, TERMS.timeLimit, TERMS.notForProfit] as const;
  const outside = cityHospital.ask("requestAccess", { ...within, terms: other });
  await chronicle.expectRefusal(about, "ask for ancestry research", member, "AccessRefused", outside);
};

// ── how it stands ────────────────────────────────────────────────────────────────────────────────────────────────────

const outcomeOf = async (
  { cast, reader }: Scene,
  first: Patient,
  second: Referred,
  {
    glass,
    letter,
    glucose,
    image,
  }: { glass: string; letter: { referral: string }; glucose: Kept; image: Kept },
): Promise<ConsentOutcome> => {
  const nameOf = (id: number): string => cast.members.find((each) => each.id === id)?.name ?? String(id);
  const rowOf =
    (resource: string) =>
    (view: DisclosureView): DisclosureRow => ({
      resource,
      member: nameOf(view.grantee),
      category: view.category,
      purpose: view.purpose,
      by: view.breakGlass === undefined ? ruleText(view, nameOf) : "break-glass",
      at: new Date(view.disclosedAt * 1_000).toISOString(),
    });
  const [own, others] = await Promise.all([
    first.app.disclosures(first.subject),
    second.app.disclosures(second.subject),
  ]);
  const found = await Promise.all([first.app.records(), second.app.records(), second.other.records()]);
  const [{ status }, referral] = await Promise.all([
    getBreakGlass(reader, glass),
    getReferral(reader, letter.referral),
  ]);
  requireOnly(found[0], glucose.record);
  requireOnly(found[1], image.record);
  return {
    disclosures: [...own.map(rowOf(GLUCOSE.resource)), ...others.map(rowOf(IMAGE.resource))],
    standings: {
      "rules of Patient-f001": await rulesText(reader, first.subject),
      "rules of Patient-f201": await rulesText(reader, second.subject),
      "break-glass": status,
      referral: referral.status,
      ...Object.fromEntries(
        [GLUCOSE, IMAGE, CULTURE].map(({ resource }, index) => [
          resource,
          found[index]?.[0]?.standing.status ?? "missing",
        ]),
      ),
    },
  };
};

const ruleText = ({ rule }: DisclosureView, nameOf: (id: number) => string): string => {
  if (rule === undefined) return "";
  return `permit of ${rule.sector ?? nameOf(rule.grantee)}, version ${rule.version}`;
};

/** A viewing key finds its own records and nobody else's. */
const requireOnly = (found: readonly { readonly id: string }[], record: string): void => {
  if (found.length === 1 && found[0]?.id === record) return;
  const message = `An app found ${found.length} records instead of its own.`;
  throw storyError("StoryScanWrong", message, "This is a defect: report it.");
};
