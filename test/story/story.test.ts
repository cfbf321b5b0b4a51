/** The main job from end to end, as `npm start -- --once` runs it. */
import { expect } from "chai";
import { id } from "ethers";

import type { Final } from "../../scripts/story/verify.ts";
import { differences, disclosureText } from "../../scripts/story/verify.ts";
import { scanDump } from "../privacy/run.ts";
import { lineOf } from "../privacy/scanner.ts";
import { exampleFiles, exampleText } from "../sdk/fhir/support.ts";
import { REFUSALS } from "./refusals.ts";
import { type StoryRun, ended, startStory, storyRun } from "./run.ts";

const ISSUE = ["issue", "review"];
const ACCEPT = [...ISSUE, "accept"];
const BATCH = "issue (batch of 7: gas of each)";

/** What was done with each prescription, in order. */
const ACTS: Readonly<Record<string, readonly string[]>> = {
  medrx0302: [...ACCEPT, "dispense meddisp0319"],
  medrx0303: ACCEPT,
  "medrx0311-1": ACCEPT,
  "medrx0311-2": ISSUE,
  medrx0312: [...ACCEPT, "dispense meddisp0322"],
  medrx0321: ACCEPT,
  medrx0327: ACCEPT,
  medrx0328: ACCEPT,
  medrx0330: [...ACCEPT, "dispense meddisp0308"],
  medrx0331: ACCEPT,
  "medrx0333-1": ACCEPT,
  "medrx0333-2": ISSUE,
  "derived-cancel": [BATCH, "accept", "cancel", "return"],
  "derived-close": [BATCH, "accept", "dispense derived-close-1", "close the fill"],
  "derived-formula": [
    "issue (batch of 1)",
    "halt drOkoye's prescriptions",
    "resume drOkoye's prescriptions",
    "accept",
    "dispense derived-formula-1",
  ],
  "derived-outage": [BATCH, "accept", "dispense derived-outage-1 (afterwards)"],
  "derived-parts": [BATCH, "accept", "dispense derived-parts-1", "dispense derived-parts-2"],
  "derived-repeats": [BATCH, "accept", "dispense derived-repeats-1", "accept", "dispense derived-repeats-2"],
  "derived-return": [
    BATCH,
    "accept",
    "return",
    "accept",
    "suspend sunPharmacy: its lock is void",
    "accept",
    "lift the suspension",
    "dispense derived-return-1 (written)",
  ],
  "derived-withdrawal": [BATCH, "accept", "dispense derived-withdrawal-1", "withdraw the dispense"],
};

/** What was done with consents and records, in order, and by whom. */
const CONSENT_ACTS: Readonly<Record<string, readonly string[]>> = {
  "DiagnosticReport-f201": [
    "seal and anchor by stMary: stMaryArchive",
    "read: disclosed by cityHospital: cityHospitalSystem",
    "order again inside the window by cityHospital: cityHospitalSystem",
  ],
  "Observation-f001": [
    "seal and anchor by stMary: stMaryArchive",
    "read: disclosed by cityHospital: cityHospitalSystem",
    "break the glass by cityHospital: drIbarra",
    "read: disclosed under break-glass by cityHospital: cityHospitalSystem",
    "review the break-glass by stMary: stMaryArchive",
  ],
  "Observation-f206": ["seal and anchor by cityHospital: cityHospitalArchive"],
  "Patient-f001": ["enrol by passkey by stMary: stMaryArchive"],
  "Patient-f201": [
    "enrol at stMary by key by stMary: stMaryArchive",
    "enrol at cityHospital by key by cityHospital: cityHospitalArchive",
  ],
  "consent-example-Out": ["read: it permits nothing by stMary"],
  "consent-example-notAuthor": ["grant what it says by greenCross: greenCrossSystem"],
  "derived-dataset": [
    "register a dataset by stMary: stMaryArchive",
    "ask for biomedical research by cityHospital: cityHospitalArchive",
  ],
  "derived-referral": [
    "grant the image report by greenCross: greenCrossSystem",
    "refer by stMary: drAdler",
    "accept the referral by cityHospital: cityHospitalSystem",
    "complete the referral by cityHospital: cityHospitalSystem",
  ],
  "derived-sharing": [
    "end that, permit and deny by sunPharmacy: sunPharmacySystem",
    "revoke the permit by greenCross: greenCrossSystem",
  ],
};

/** How the consent story stands after its acts, one after the other. */
const CONSENT_STATES: readonly string[] = [
  "Enrolled",
  "No rule",
  "Permits 1, denies 0",
  "Permits 1, denies 1",
  "Current",
  "Disclosed for TREAT",
  "Permits 0, denies 1",
  "Break-glass Open",
  "Disclosed for BTG",
  "Break-glass Justified",
  "Enrolled",
  "Enrolled",
  "Current",
  "Permits 1, denies 0",
  "Referral Proposed",
  "Referral Accepted",
  "Disclosed for TREAT",
  "Current",
  "Referral Completed",
  "Repeat flagged",
  "HMB, 24 months, NPUNCU",
  "Permitted",
];

/** Who saw which record, in the order of the patients' lists. */
const DISCLOSURES: readonly string[] = [
  "Observation-f001 cityHospital laboratory TREAT permit of HOSPITAL, version 1",
  "Observation-f001 cityHospital laboratory BTG break-glass",
  "DiagnosticReport-f201 cityHospital imaging TREAT permit of cityHospital, version 1",
];

/** How each stands at the end: way, status, fill, units left of it, dispenses, who read the document. */
const FINALS: readonly string[] = [
  "derived-cancel app Cancelled 1/1 21 0 greenCross",
  "derived-close app Open 1/2 0 2 greenCross",
  "derived-formula app Completed 1/1 0 1 greenCross",
  "derived-outage paper Completed 1/1 0 1 greenCross",
  "derived-parts paper Completed 1/1 0 2 greenCross",
  "derived-repeats app Open 2/3 0 2 greenCross,greenCross",
  "derived-return app Completed 1/1 0 1 greenCross,sunPharmacy,greenCross",
  "derived-withdrawal paper Open 1/1 21 1 greenCross",
  "medrx0302 app Open 1/2 0 1 greenCross",
  "medrx0303 app Locked 1/2 51 0 greenCross",
  "medrx0311-1 paper Locked 1/1 30 0 greenCross",
  "medrx0311-2 paper Open 1/1 30 0 ",
  "medrx0312 app Open 1/4 0 1 greenCross",
  "medrx0321 app Locked 1/4 10 0 greenCross",
  "medrx0327 paper Locked 1/1 6 0 greenCross",
  "medrx0328 app Locked 1/4 30 0 greenCross",
  "medrx0330 app Open 1/2 0 1 greenCross",
  "medrx0331 app Locked 1/4 30 0 greenCross",
  "medrx0333-1 paper Locked 1/1 30 0 greenCross",
  "medrx0333-2 paper Open 1/1 30 0 ",
];

/** Acts that are refused: who tried, the code, and what the custodian said. */
const REFUSED_ACTS: readonly string[] = [
  "DiagnosticReport-f201: order again once more by cityHospital: cityHospitalSystem RecordRepeatKnown",
  "Observation-f001: read: denied by greenCross: greenCrossSystem CustodianRefused RecordRequestRefused",
  "Observation-f001: read: no rule by sunPharmacy: sunPharmacySystem CustodianRefused RecordRequestRefused",
  "Observation-f001: read: the permit was revoked by cityHospital: cityHospitalSystem CustodianRefused RecordRequestRefused",
  "Observation-f001: review its own break-glass by cityHospital: cityHospitalArchive BreakGlassReviewerInvalid",
  "derived-dataset: ask for ancestry research by cityHospital: cityHospitalArchive AccessRefused",
  "derived-formula: accept what is halted by greenCross: Market square PrescriptionHalted",
  "derived-repeats: dispense derived-repeats-2 too early by greenCross: pharmacistBerg PrescriptionIntervalRunning",
  "derived-return: accept what is locked by sunPharmacy: Old town PrescriptionLocked",
  "derived-return: dispense while suspended by sunPharmacy: pharmacistCruz DutySuspendedForMember",
  "medrx0303: ask for a document as greenCross by sunPharmacy: sunPharmacySystem CustodianRefused DocumentRequestRefused",
  "medrx0303: ask for a document without its lock by sunPharmacy: sunPharmacySystem CustodianRefused DocumentRequestRefused",
];

/** Whether an act is of the consent story. */
const isOfConsents = ({ resource }: { readonly resource: string }): boolean => resource in CONSENT_ACTS;

const finalText = ({ resource, way, status, fill, fills, left, dispenses, readers }: Final): string =>
  `${resource} ${way} ${status} ${fill}/${fills} ${left} ${dispenses} ${readers.join()}`;

/** Texts that tell about a patient or a medication: names, references, codes and displays, at any depth. */
const tellingTexts = (value: unknown, name = ""): string[] => {
  if (typeof value === "string") {
    return ["display", "text", "div", "reference", "code"].includes(name) && value.length > 5 ? [value] : [];
  }
  if (Array.isArray(value)) return value.flatMap((each) => tellingTexts(each, name));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => tellingTexts(each, key));
};

/** Words of the examples that are also words of this project, of HL7's tables of codes, or governed categories. */
const PUBLIC =
  /^(derived|Pharmacy|OPTIN|OPTOUT|access|laboratory|imaging|MedicationRequest|medication|record|research)$/;

describe("the story", function () {
  this.timeout(240_000);
  let story: StoryRun;
  before(async () => {
    story = await storyRun();
  });

  it("ends with everything as expected, within its time", () => {
    expect(story.report.differences).to.deep.equal([]);
    expect(story.status, story.output).to.equal(0);
    expect(story.report.seconds).to.be.lessThan(120);
  });

  it("leaves every prescription as it must be", () => {
    expect(story.report.finals.map(finalText)).to.deep.equal(FINALS);
    for (const { resource, origin } of story.report.finals)
      expect(origin).to.equal(resource.startsWith("derived-") ? "derived" : "published");
  });

  it("does with each prescription what its case says, and each act costs gas", () => {
    const done: Record<string, string[]> = {};
    for (const { resource, act, gas } of story.report.acts.filter((each) => !isOfConsents(each))) {
      (done[resource] ??= []).push(act);
      expect(gas, `${resource}: ${act}`).to.be.within(40_000, 130_000);
    }
    expect(done).to.deep.equal(ACTS);
  });

  it("grants, reads, denies, revokes, breaks the glass, refers and flags a repeat", () => {
    const acts = story.report.acts.filter(isOfConsents);
    const done: Record<string, string[]> = {};
    for (const { resource, origin, act, member, gas } of acts) {
      (done[resource] ??= []).push(`${act} by ${member}`);
      expect(origin).to.equal(resource.startsWith("derived-") ? "derived" : "published");
      if (act !== "read: it permits nothing")
        expect(gas, `${resource}: ${act}`).to.be.within(40_000, 160_000);
    }
    expect(done).to.deep.equal(CONSENT_ACTS);
    expect(acts.map(({ state }) => state)).to.deep.equal(CONSENT_STATES);
    const { disclosures, standings } = story.report.consents;
    expect(disclosures.map(disclosureText)).to.deep.equal(DISCLOSURES);
    for (const { at } of disclosures) expect(at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    expect(standings).to.deep.equal({
      "rules of Patient-f001": "Permits 0, denies 1",
      "rules of Patient-f201": "Permits 1, denies 0",
      "break-glass": "Justified",
      referral: "Completed",
      "Observation-f001": "Current",
      "DiagnosticReport-f201": "Current",
      "Observation-f206": "Current",
    });
  });

  it("leaves nothing on the chain of what any document says, and a planted name is found", () => {
    expect(scanDump(story.dump).findings.map(lineOf)).to.deep.equal([]);
    const { consentRegistry } = story.report.addresses;
    const at = story.dump.transactions.findIndex(({ to }) => to === consentRegistry.toLowerCase());
    const planted = Buffer.from("Pieter van de Heuvel").toString("hex");
    const transactions = story.dump.transactions.map((each, index) =>
      index === at ? { ...each, input: `${each.input}${planted}` } : each,
    );
    const found = scanDump({ ...story.dump, transactions }).findings;
    expect(found.some(({ what }) => what.startsWith("Patient-f001.json"))).to.equal(true);
  });

  it("refuses all other resources, each problem with its element and the way to mend it", () => {
    const { refusals } = story.report;
    expect(refusals.map(({ resource, code, element }) => `${resource} ${code} ${element}`)).to.deep.equal(
      REFUSALS,
    );
    for (const { resource, origin, message, fix } of refusals) {
      expect(origin, resource).to.equal("published");
      expect(message, resource).to.match(/\.$/);
      expect(fix, resource).to.match(/\.$/);
    }
    const refused = (kind: string) =>
      new Set(refusals.filter(({ element }) => element.startsWith(kind)).map(({ resource }) => resource));
    const count = (kind: string) => exampleFiles("fhir-r4").filter((file) => file.startsWith(kind)).length;
    expect([refused("MedicationRequest").size, count("MedicationRequest")]).to.deep.equal([30, 40]);
    expect([refused("MedicationDispense").size, count("MedicationDispense")]).to.deep.equal([28, 31]);
    expect([refused("Consent").size, count("Consent")]).to.deep.equal([10, 12]);
  });

  it("refuses what nobody may do", () => {
    const texts = story.report.refusedActs.map(({ resource, act, member, code, reason, fix }) => {
      expect(fix).to.match(/\.$/);
      return `${resource}: ${act} by ${member} ${code}${reason === undefined ? "" : ` ${reason}`}`;
    });
    expect(texts.sort()).to.deep.equal(REFUSED_ACTS);
  });

  it("takes another port when the one asked for is taken", () => {
    expect(story.report.rpc).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(story.report.rpc).not.to.equal(`http://127.0.0.1:${story.takenPort}`);
  });

  it("runs every hospital and pharmacy in a process of its own, and ends them all", () => {
    const { processes } = story.report;
    expect(Object.keys(processes).sort()).to.deep.equal([
      "cityHospital",
      "greenCross",
      "orchestrator",
      "stMary",
      "sunPharmacy",
    ]);
    expect(new Set(Object.values(processes)).size).to.equal(5);
    for (const [name, pid] of Object.entries(processes))
      expect(() => process.kill(pid, 0), name).to.throw("ESRCH");
  });

  it("prints addresses, accounts and what happened, and nothing that a document says", () => {
    const { output, report } = story;
    for (const text of [report.rpc, ...Object.values(report.addresses), "pharmacistAmsel", "Completed"])
      expect(output).to.include(text);
    const told = (["fhir-r4", "derived"] as const).flatMap((folder) =>
      exampleFiles(folder).flatMap((file) => tellingTexts(JSON.parse(exampleText(folder, file)))),
    );
    const secrets = [...new Set(told)].filter((text) => !PUBLIC.test(text));
    expect(secrets).to.include.members(["Patient/pat1", "325278007", "Metformin 500 MG Oral Tablet"]);
    for (const secret of secrets) expect(output, secret).not.to.include(secret);
    for (const paper of output.match(/CARELEDGER:1:/g) ?? []) expect.fail(`printed the code ${paper}`);
  });

  it("dumps every transaction, log and changed slot of the run", () => {
    const { transactions, logs, storage, chainId } = story.dump;
    const { finals, addresses } = story.report;
    const acts = story.report.acts.filter((each) => !isOfConsents(each));
    expect(chainId).to.equal(20_261);
    const registry = addresses.prescriptionRegistry.toLowerCase();
    const calls = transactions.filter(({ to }) => to?.toLowerCase() === registry);
    const upgrade = id("upgradeToAndCall(address,bytes)").slice(0, 10);
    const upgrades = calls.filter(({ input }) => input.startsWith(upgrade));
    expect(upgrades.length, "deployment connects the stock").to.equal(1);
    // 12 issues and 2 batches stand for 20 rows; suspension and its end go to the other registry.
    expect(calls.length - upgrades.length).to.equal(acts.length - 6 - 2);
    const issued = logs.filter(({ topics }) => finals.some((each) => topics[1] === each.prescription));
    expect(issued.length).to.be.at.least(finals.length);
    for (const { prescription } of finals)
      expect(logs.some(({ topics }) => topics[1] === prescription)).to.equal(true);
    for (const { hash } of calls) {
      expect(storage.some(({ transaction }) => transaction === hash)).to.equal(true);
    }
  });

  it("says what is not as it must be", () => {
    const { finals, refusals, refusedActs, consents } = story.report;
    const chronicle = { refusals: [...refusals], refusedActs: [...refusedActs] };
    expect(differences(finals, chronicle, consents)).to.deep.equal([]);
    const wrong = finals.map((each) =>
      each.resource === "medrx0303" ? { ...each, status: "Open" as const } : each,
    );
    expect(differences(wrong, chronicle, consents)).to.deep.equal([
      'medrx0303: status is "Open" instead of "Locked"',
    ]);
    const [first] = finals;
    expect(differences([...finals, { ...first!, resource: "medrx0304" }], chronicle, consents)).to.deep.equal(
      ["medrx0304 was issued and should not have been"],
    );
    expect(differences(finals, { ...chronicle, refusedActs: refusedActs.slice(1) }, consents)).to.have.length(
      1,
    );
    const others = refusals.filter(({ resource }) => resource !== "medrx0339");
    expect(differences(finals, { ...chronicle, refusals: others }, consents)).to.deep.equal([
      "29 of MedicationRequest were refused instead of 30",
    ]);
    const [last, ...seen] = [...consents.disclosures].reverse();
    const unseen = { disclosures: seen, standings: { ...consents.standings, referral: "Accepted" } };
    expect(differences(finals, chronicle, unseen)).to.deep.equal([
      `not disclosed: ${disclosureText(last!)}`,
      "referral is Accepted instead of Completed",
    ]);
  });
});

describe("Ctrl-C in the middle of the story", function () {
  this.timeout(120_000);

  it("ends the node and every member's process", async () => {
    const child = startStory("--port", "0");
    const end = ended(child);
    await new Promise<void>((resolve) => {
      child.stdout?.on("data", (text: string) => text.includes("Deployed:") && resolve());
      child.once("exit", () => resolve());
    });
    child.kill("SIGINT");
    // `close` comes once nobody holds the output open any more: no child was left behind.
    const { status, output } = await end;
    expect(output).to.include("Deployed:");
    expect(status).to.equal(130);
  });
});
