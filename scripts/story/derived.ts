/** What the published examples lack, on the derived ones of examples/derived: each case on its own, all at the same time. */
import {
  type Client,
  getDispense,
  getPrescription,
  haltPrescriptions,
  isCareLedgerError,
  liftSuspension,
  resumePrescriptions,
  suspendMember,
} from "@careledger/sdk";
import { Wallet } from "ethers";

import { type Cast, clientOf, idOf } from "./cast.ts";
import type { PatientApp } from "./patients.ts";
import type { Brought } from "./pharmacy.ts";
import { storyError } from "./protocol.ts";
import type { Given } from "./published.ts";
import type { Chronicle } from "./record.ts";
import { chainNow, missing } from "./system.ts";

/**
 * Least time between two fills in the copy of `derived-repeats`, seconds. The resource says 28 days: shortened, so that
 * nobody has to turn the chain's clock, which goes with everybody else's also after the story.
 */
export const SHORT_INTERVAL = 12;

const DAY = 86_400;

/** What a case works with. */
export interface Scene {
  readonly cast: Cast;
  readonly chronicle: Chronicle;
  readonly app: PatientApp;
  /** Reads only. */
  readonly reader: Client;
  readonly told: Given;
}

const SITES = ["", "Market square", "Station road", "Harbour"];

const broughtTo = async (scene: Scene, pharmacy: string, site: number): Promise<Brought> => {
  const { cast, app, told } = scene;
  if (told.paper !== undefined) return { paper: told.paper };
  return { app: await app.authorise(told.prescription, idOf(cast, pharmacy), site) };
};

/** The patient goes to a branch of greenCross. */
const accept = async (scene: Scene, site: number): Promise<void> => {
  const { cast, chronicle, told } = scene;
  const brought = await broughtTo(scene, "greenCross", site);
  const done = await cast.processes.greenCross.ask("accept", { brought, site });
  await chronicle.note(told, "accept", `greenCross: ${SITES[site] ?? site}`, done);
};

/** greenCross hands over an example; the ordinal of the record. */
const dispense = async (
  scene: Scene,
  resource: string,
  by: string,
  more: { readonly handedOverAt?: number; readonly written?: string } = {},
): Promise<number> => {
  const { cast, chronicle, told } = scene;
  const params = { folder: "derived", resource, by, ...more } as const;
  const done = await cast.processes.greenCross.ask("dispense", params);
  if ("refused" in done) {
    const { element = "", code = "" } = done.refused[0] ?? {};
    const message = `${resource} was refused for ${element} (${code}) and should have been recorded.`;
    throw storyError("StoryRefused", message, "This is a defect: report it.", { resource, element, code });
  }
  const how = more.written !== undefined ? "written" : more.handedOverAt !== undefined ? "afterwards" : "";
  const act = ["dispense", resource, how === "" ? "" : `(${how})`].filter(Boolean).join(" ");
  await chronicle.note(told, act, `greenCross: ${by}`, done);
  return done.ordinal;
};

/** One fill in two parts. */
const parts = async (scene: Scene): Promise<void> => {
  await accept(scene, 2);
  await dispense(scene, "derived-parts-1", "pharmacistAmsel");
  await dispense(scene, "derived-parts-2", "pharmacistBerg");
};

/** The second fill too early, and again when it is due. */
const repeats = async (scene: Scene): Promise<void> => {
  const { cast, chronicle, reader, told } = scene;
  await accept(scene, 1);
  await dispense(scene, "derived-repeats-1", "pharmacistBerg");
  await accept(scene, 1);
  const second = { folder: "derived", resource: "derived-repeats-2", by: "pharmacistBerg" } as const;
  const early = cast.processes.greenCross.ask("dispense", second);
  const dueAt = early.then(
    () => 0,
    (error: unknown) => (isCareLedgerError(error) ? Number(error.values["notBefore"]) : 0),
  );
  const act = "dispense derived-repeats-2 too early";
  await chronicle.expectRefusal(
    told,
    act,
    "greenCross: pharmacistBerg",
    "PrescriptionIntervalRunning",
    early,
  );
  await passed(reader, await dueAt);
  await dispense(scene, "derived-repeats-2", "pharmacistBerg");
};

/** Waits until the chain's clock shows a second. */
const passed = async (reader: Client, second: number): Promise<void> => {
  while ((await chainNow(reader)) < second) await new Promise((resolve) => setTimeout(resolve, 250));
};

/** A part of a fill; the rest will not be supplied. */
const closing = async (scene: Scene): Promise<void> => {
  const { cast, chronicle, told } = scene;
  await accept(scene, 1);
  await dispense(scene, "derived-close-1", "pharmacistAmsel");
  const by = "pharmacistAmsel";
  const done = await cast.processes.greenCross.ask("closeRest", { prescription: told.prescription, by });
  await chronicle.note(told, "close the fill", `greenCross: ${by}`, done);
};

/**
 * Another pharmacy tries to lock what is locked; it is given back; the other one locks it and is suspended: its lock is
 * void, and the first one takes it again.
 */
const returning = async (scene: Scene): Promise<void> => {
  const { cast, chronicle, told } = scene;
  const { greenCross, sunPharmacy } = cast.processes;
  const { prescription } = told;
  await accept(scene, 1);
  const acceptSun = async () =>
    sunPharmacy.ask("accept", { brought: await broughtTo(scene, "sunPharmacy", 1), site: 1 });
  const sun = "sunPharmacy: Old town";
  await chronicle.expectRefusal(told, "accept what is locked", sun, "PrescriptionLocked", acceptSun());
  const returned = await greenCross.ask("giveBack", { prescription });
  await chronicle.note(told, "return", "greenCross: Market square", returned);
  await chronicle.note(told, "accept", sun, await acceptSun());
  await whileSuspended(scene, async () => {
    const written = { folder: "derived", resource: "derived-return-1", by: "pharmacistCruz" } as const;
    const attempt = sunPharmacy.ask("dispense", { ...written, written: prescription });
    const by = "sunPharmacy: pharmacistCruz";
    await chronicle.expectRefusal(told, "dispense while suspended", by, "DutySuspendedForMember", attempt);
    await accept(scene, 1);
  });
  await dispense(scene, "derived-return-1", "pharmacistAmsel", { written: prescription });
};

/** The regulator suspends sunPharmacy, and governance lifts it at the end. */
const whileSuspended = async ({ cast, chronicle, told }: Scene, work: () => Promise<void>) => {
  const inspector = clientOf(cast, "inspectorField");
  const governance = clientOf(cast, "governance");
  try {
    const member = idOf(cast, "sunPharmacy");
    const until = (await chainNow(inspector)) + DAY;
    const suspension = { regulator: idOf(cast, "inspector"), member, until, cause: "PatientSafety" } as const;
    const suspended = await suspendMember(inspector, { ...suspension, duties: ["DISPENSE"] });
    const gas = suspended.gasUsed;
    await chronicle.note(told, "suspend sunPharmacy: its lock is void", "inspector: inspectorField", { gas });
    await work();
    const lifted = await liftSuspension(governance, { member, cause: "PatientSafety" });
    await chronicle.note(told, "lift the suspension", "governance", { gas: lifted.gasUsed });
  } finally {
    inspector.close();
    governance.close();
  }
};

/** Cancelled while a pharmacy holds it: it takes effect when the lock is given back. */
const cancelling = async (scene: Scene): Promise<void> => {
  const { cast, chronicle, told } = scene;
  const { prescription } = told;
  await accept(scene, 2);
  const ordered = await cast.processes.stMary.ask("cancel", { prescription });
  await chronicle.note(told, "cancel", "stMary: drAdler", ordered);
  const returned = await cast.processes.greenCross.ask("giveBack", { prescription });
  await chronicle.note(told, "return", "greenCross: Station road", returned);
};

/** A record that is withdrawn gives its units back. */
const withdrawing = async (scene: Scene): Promise<void> => {
  const { cast, chronicle, told } = scene;
  const by = "pharmacistBerg";
  await accept(scene, 2);
  const ordinal = await dispense(scene, "derived-withdrawal-1", by);
  const params = { prescription: told.prescription, ordinal, by };
  const done = await cast.processes.greenCross.ask("withdraw", params);
  await chronicle.note(told, "withdraw the dispense", `greenCross: ${by}`, done);
};

/** Handed over without a connection, entered afterwards with its own time. */
const outage = async (scene: Scene): Promise<void> => {
  const { reader, told } = scene;
  await accept(scene, 3);
  const handedOverAt = await chainNow(reader);
  await passed(reader, handedOverAt + 2);
  const ordinal = await dispense(scene, "derived-outage-1", "pharmacistAmsel", { handedOverAt });
  const record = await getDispense(reader, { prescription: told.prescription, ordinal });
  if (record?.handedOverAt !== handedOverAt || record.recordedAt <= handedOverAt) {
    const message = "The record of the outage entry does not have the hand-over's own time.";
    throw storyError("StoryRecordWrong", message, "This is a defect: report it.", { handedOverAt });
  }
};

/** A TCM formula of another hospital, whose prescriber's key is feared stolen: halted, resumed, dispensed in doses. */
const formula = async (scene: Scene): Promise<void> => {
  const { cast, chronicle, reader, told } = scene;
  const { prescription } = told;
  const inspector = clientOf(cast, "inspectorField");
  try {
    const regulator = idOf(cast, "inspector");
    const prescriber = new Wallet(cast.keyOf("drOkoye")).address;
    const halt = { regulator, issuer: idOf(cast, "cityHospital"), prescriber };
    const { issuedAt: since } = await getPrescription(reader, prescription);
    const halted = await haltPrescriptions(inspector, { ...halt, since, reason: "KeyCompromise" });
    const by = "inspector: inspectorField";
    await chronicle.note(told, "halt drOkoye's prescriptions", by, { gas: halted.gasUsed });
    const member = "greenCross: Market square";
    await chronicle.expectRefusal(
      told,
      "accept what is halted",
      member,
      "PrescriptionHalted",
      accept(scene, 1),
    );
    const resumed = await resumePrescriptions(inspector, halt);
    await chronicle.note(told, "resume drOkoye's prescriptions", by, { gas: resumed.gasUsed });
  } finally {
    inspector.close();
  }
  await accept(scene, 1);
  await dispense(scene, "derived-formula-1", "pharmacistAmsel");
};

interface Case {
  readonly way: "app" | "paper";
  readonly issuer: "stMary" | "cityHospital";
  readonly play: (scene: Scene) => Promise<void>;
}

/** The cases, by the name of their request. */
const CASES: Readonly<Record<string, Case>> = {
  "derived-parts": { way: "paper", issuer: "stMary", play: parts },
  "derived-repeats": { way: "app", issuer: "stMary", play: repeats },
  "derived-close": { way: "app", issuer: "stMary", play: closing },
  "derived-return": { way: "app", issuer: "stMary", play: returning },
  "derived-cancel": { way: "app", issuer: "stMary", play: cancelling },
  "derived-withdrawal": { way: "paper", issuer: "stMary", play: withdrawing },
  "derived-outage": { way: "paper", issuer: "stMary", play: outage },
  "derived-formula": { way: "app", issuer: "cityHospital", play: formula },
};

const PRESCRIBERS = { stMary: "drLind", cityHospital: "drOkoye" } as const;

/** Each hospital issues its derived orders in one transaction, in random order. */
export const prescribeDerived = async (
  cast: Cast,
  chronicle: Chronicle,
  app: PatientApp,
): Promise<Given[]> => {
  const given = await Promise.all(
    (["stMary", "cityHospital"] as const).map(async (issuer) => {
      const own = Object.entries(CASES).filter(([, each]) => each.issuer === issuer);
      const orders = own.map(([resource, { way }]) => ({
        resource,
        way: way === "app" ? { app: app.metaAddress } : ({ paper: true } as const),
        reviewer: 0,
        ...(resource === "derived-repeats" ? { interval: SHORT_INTERVAL } : {}),
      }));
      const prescriber = PRESCRIBERS[issuer];
      const params = { folder: "derived", prescriber, orders, together: true } as const;
      const { issued, refused } = await cast.processes[issuer].ask("prescribe", params);
      chronicle.refusals.push(...refused.map((each) => ({ ...each, origin: "derived" as const })));
      return issued.map(({ gas, order: _order, ...each }) => {
        const way = each.paper === undefined ? ("app" as const) : ("paper" as const);
        return { told: { ...each, origin: "derived" as const, way, issuer }, gas };
      });
    }),
  );
  return Promise.all(
    given.flat().map(async ({ told, gas }) => {
      chronicle.told.push(told);
      const act = told.issuer === "stMary" ? "issue (batch of 7: gas of each)" : "issue (batch of 1)";
      await chronicle.note(told, act, `${told.issuer}: ${PRESCRIBERS[told.issuer]}`, { gas });
      return told;
    }),
  );
};

/** All cases at the same time. */
export const playDerived = async (scene: Omit<Scene, "told">, given: readonly Given[]): Promise<void> => {
  await Promise.all(
    given.map((told) => (CASES[told.resource] ?? missing(`case ${told.resource}`)).play({ ...scene, told })),
  );
};
