/** The main job, told from the first order to the last dispense. */
import type { Client } from "@careledger/sdk";

import { type Cast, openingOf, readerOf } from "./cast.ts";
import { type ConsentOutcome, playConsents } from "./consents.ts";
import { playDerived, prescribeDerived } from "./derived.ts";
import { createApp } from "./patients.ts";
import { storyError } from "./protocol.ts";
import {
  acceptPublished,
  dispensePublished,
  ofTheApp,
  prescribePublished,
  reviewPublished,
  snoopPublished,
} from "./published.ts";
import { type Chronicle, openChronicle } from "./record.ts";
import { step } from "./tell.ts";
import { type Final, differences, readFinals } from "./verify.ts";

/** What came of it. */
export interface Story {
  readonly chronicle: Chronicle;
  readonly finals: readonly Final[];
  readonly consents: ConsentOutcome;
  /** What is not as it must be; empty when all is well. */
  readonly differences: readonly string[];
}

/** Drives the SDK through the whole story. The hospitals' and pharmacies' processes are running; nothing is open yet. */
export const runStory = async (cast: Cast): Promise<Story> => {
  const reader = readerOf(cast);
  try {
    return await tell(cast, reader);
  } finally {
    reader.close();
  }
};

const tell = async (cast: Cast, reader: Client): Promise<Story> => {
  const chronicle = openChronicle(reader);
  await step(
    "Members publish encryption keys, hospitals their custodians' endpoints",
    () => openMembers(cast),
    () => "Members published their encryption keys, hospitals their custodians' endpoints",
  );

  // Consents and records run beside the prescriptions from here on: other patients, other members' accounts.
  const consents = playConsents({ cast, chronicle, reader });
  consents.catch(() => undefined);

  const [published, derived] = [createApp(reader), createApp(reader)];
  const [given, others] = await step(
    "Hospitals read 40 published MedicationRequests and 8 derived ones",
    () =>
      Promise.all([
        prescribePublished(cast, chronicle, published),
        prescribeDerived(cast, chronicle, derived),
      ]),
    ([one, other]) =>
      `${one.length} prescriptions issued of published orders, ${other.length} of derived ones; ` +
      `${countOf(chronicle, "MedicationRequest")} requests refused`,
  );

  await step(
    "Patients' apps look through all announcements",
    async () => {
      await findOwn("published", published, ofTheApp(given));
      await findOwn("derived", derived, ofTheApp(others));
    },
    () =>
      `Two apps found their own among ${given.length + others.length} announcements; the others have papers`,
  );

  // The derived cases run beside the published ones from here on.
  const cases = playDerived({ cast, chronicle, app: derived, reader }, others);
  // Whoever fails first is heard; a second failure must not end the process before it is told.
  cases.catch(() => undefined);

  await step(
    "stMary's pharmacist reviews the published orders",
    () => reviewPublished(cast, chronicle, given),
    () => `${given.length} prescriptions reviewed`,
  );
  await step(
    "Patients bring them to greenCross: locked, document fetched, opened and checked",
    () => acceptPublished(cast, chronicle, published, given),
    () => {
      const accepted = publishedActs(chronicle, "accept");
      return `${accepted} prescriptions accepted and read; ${given.length - accepted} papers stay in the drawer`;
    },
  );
  await step(
    "sunPharmacy asks for a document that is not its to read",
    () => snoopPublished(cast, chronicle, given),
    () => "The custodian refused what sunPharmacy asked for, in its own name and in greenCross's",
  );
  await step(
    "greenCross reads 31 published MedicationDispenses",
    () => dispensePublished(cast, chronicle, given),
    () =>
      `${publishedActs(chronicle, "dispense")} dispenses recorded, ${countOf(chronicle, "MedicationDispense")} refused`,
  );
  await step(
    "Derived cases: parts, repeats, close, return, cancel, withdrawal, outage, formula",
    () => cases,
    () => `${others.length} derived cases played`,
  );
  const outcome = await step(
    "Consents and records: grant, read, deny, revoke, break-glass, referral, repeat order, research",
    () => consents,
    ({ disclosures }) =>
      `${countOf(chronicle, "Consent")} of 12 published consents refused, two taken; ${disclosures.length} disclosures, ` +
      `each on chain before the record was read`,
  );
  const finals = await step(
    "Reading the final states from the chain",
    () => readFinals(cast, reader, chronicle),
    (all) => `${all.length} final states read from the chain`,
  );
  return { chronicle, finals, consents: outcome, differences: differences(finals, chronicle, outcome) };
};

const openMembers = async (cast: Cast): Promise<void> => {
  const { stMary, cityHospital, greenCross, sunPharmacy } = cast.processes;
  await Promise.all([
    stMary.ask("open", openingOf(cast, "stMary")),
    cityHospital.ask("open", openingOf(cast, "cityHospital")),
    greenCross.ask("open", openingOf(cast, "greenCross")),
    sunPharmacy.ask("open", openingOf(cast, "sunPharmacy")),
  ]);
};

const findOwn = async (
  name: string,
  app: { readonly scan: () => Promise<string[]> },
  own: readonly string[],
): Promise<void> => {
  const found = await app.scan();
  if ([...found].sort().join() === [...own].sort().join()) return;
  throw storyError(
    "StoryScanWrong",
    `The app of the ${name} orders found ${found.length} prescriptions instead of its own ${own.length}.`,
    "This is a defect: report it.",
  );
};

const countOf = ({ refusals }: Chronicle, kind: string): number =>
  new Set(refusals.filter(({ element }) => element.startsWith(kind)).map(({ resource }) => resource)).size;

const publishedActs = ({ rows }: Chronicle, act: string): number =>
  rows.filter((row) => row.origin === "published" && row.act.startsWith(act)).length;
