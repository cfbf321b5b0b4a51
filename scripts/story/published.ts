/** The published orders: every MedicationRequest and every MedicationDispense of examples/fhir-r4. */
import { type Cast, idOf } from "./cast.ts";
import type { PatientApp } from "./patients.ts";
import type { Chronicle, Told } from "./record.ts";
import { exampleIds, missing } from "./system.ts";

/** Orders that are printed for the patient; the others go to the app. */
const ON_PAPER = new Set(["medrx0311", "medrx0327", "medrx0333"]);

/** Orders whose second paper stays in the drawer: nobody accepts it. */
const IN_THE_DRAWER = new Set(["medrx0311-2", "medrx0333-2"]);

/** A prescription and, if it was printed, its paper. */
export interface Given extends Told {
  readonly paper?: string;
}

const HOSPITAL = "stMary";
const PHARMACY = "greenCross";
/** Its branch at the market square. */
const SITE = 1;

/** The hospital issues what can be issued; the rest is refused with the elements at fault. */
export const prescribePublished = async (
  cast: Cast,
  chronicle: Chronicle,
  app: PatientApp,
): Promise<Given[]> => {
  const orders = exampleIds("fhir-r4", "MedicationRequest").map((resource) => ({
    resource,
    way: ON_PAPER.has(resource) ? ({ paper: true } as const) : { app: app.metaAddress },
    reviewer: idOf(cast, HOSPITAL),
  }));
  const { issued, refused } = await cast.processes.stMary.ask("prescribe", {
    folder: "fhir-r4",
    prescriber: "drAdler",
    orders,
    together: false,
  });
  chronicle.refusals.push(...refused.map((each) => ({ ...each, origin: "published" as const })));
  return Promise.all(
    issued.map(async ({ resource, prescription, paper, gas }) => {
      const told: Given = {
        resource,
        origin: "published",
        way: paper === undefined ? "app" : "paper",
        issuer: HOSPITAL,
        prescription,
        ...(paper === undefined ? {} : { paper }),
      };
      chronicle.told.push(told);
      await chronicle.note(told, "issue", "stMary: drAdler", { gas });
      return told;
    }),
  );
};

/** The hospital's pharmacist reviews each. */
export const reviewPublished = async (cast: Cast, chronicle: Chronicle, given: readonly Given[]) => {
  await Promise.all(
    given.map(async (told) => {
      const params = { prescription: told.prescription, by: "pharmacistRoth" };
      const done = await cast.processes.stMary.ask("review", params);
      await chronicle.note(told, "review", "stMary: pharmacistRoth", done);
    }),
  );
};

/** The patient brings each to the pharmacy, by app or on paper; the pharmacy locks it and reads the document. */
export const acceptPublished = async (
  cast: Cast,
  chronicle: Chronicle,
  app: PatientApp,
  given: readonly Given[],
) => {
  const { greenCross } = cast.processes;
  const brought = given.filter(({ resource }) => !IN_THE_DRAWER.has(resource));
  await Promise.all(
    brought.map(async (told) => {
      const { prescription, paper } = told;
      const done = await greenCross.ask("accept", {
        site: SITE,
        brought:
          paper === undefined
            ? { app: await app.authorise(prescription, idOf(cast, PHARMACY), SITE) }
            : { paper },
      });
      await chronicle.note(told, "accept", "greenCross: Market square", done);
    }),
  );
};

/** Another pharmacy asks the custodian for a document that is not its to read, and says that it is this pharmacy. */
export const snoopPublished = async (cast: Cast, chronicle: Chronicle, given: readonly Given[]) => {
  const { sunPharmacy } = cast.processes;
  const told = given.find(({ resource }) => resource === "medrx0303") ?? missing("medrx0303");
  const { prescription } = told;
  const asItself = { prescription, member: idOf(cast, "sunPharmacy"), site: 1 };
  const asOther = { prescription, member: idOf(cast, PHARMACY), site: SITE };
  const member = "sunPharmacy: sunPharmacySystem";
  const code = "CustodianRefused";
  const unlocked = "ask for a document without its lock";
  await chronicle.expectRefusal(told, unlocked, member, code, sunPharmacy.ask("snoop", asItself));
  const posing = "ask for a document as greenCross";
  await chronicle.expectRefusal(told, posing, member, code, sunPharmacy.ask("snoop", asOther));
};

/** The pharmacy records every dispense that fits an order; the rest is refused with the elements at fault. */
export const dispensePublished = async (cast: Cast, chronicle: Chronicle, given: readonly Given[]) => {
  const { greenCross } = cast.processes;
  await Promise.all(
    exampleIds("fhir-r4", "MedicationDispense").map(async (resource) => {
      const done = await greenCross.ask("dispense", { folder: "fhir-r4", resource, by: "pharmacistAmsel" });
      if ("refused" in done) {
        chronicle.refusals.push(...done.refused.map((each) => ({ ...each, origin: "published" as const })));
        return;
      }
      const told = given.find(({ prescription }) => prescription === done.prescription);
      const act = `dispense ${resource}`;
      await chronicle.note(told ?? missing(resource), act, "greenCross: pharmacistAmsel", done);
    }),
  );
};

/** What the patient's app must find: all that was issued to it, and nothing else. */
export const ofTheApp = (given: readonly Given[]): string[] =>
  given.filter(({ way }) => way === "app").map(({ prescription }) => prescription);
