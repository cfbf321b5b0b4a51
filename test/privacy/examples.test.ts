import {
  acceptPrescription,
  canonicalJson,
  commitDocument,
  dispensePrescription,
  fromMedicationDispense,
  fromMedicationRequest,
  issuePrescription,
  publishEndpoint,
  shiftHandOver,
  shiftWindow,
  signAcceptance,
} from "@careledger/sdk";
import { expect } from "chai";
import { keccak256, sha256, toUtf8Bytes, zeroPadValue } from "ethers";

import {
  type Document,
  type Finding,
  type Needle,
  collect,
  needlesOf,
  scan,
  undisclosed,
} from "./scanner.ts";
import { exampleFiles, exampleText } from "../sdk/fhir/support.ts";
import { type Draft, type World, startWorld } from "../sdk/world.ts";

const READING = { timeZone: "Europe/Amsterdam" };
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The published resources of one type, and their files. */
const published = (type: string): { name: string; text: string; resource: never }[] =>
  exampleFiles("fhir-r4")
    .filter((name) => name.startsWith(`${type}-`))
    .map((name) => ({
      name,
      text: exampleText("fhir-r4", name),
      resource: JSON.parse(exampleText("fhir-r4", name)) as never,
    }));

const documentOf = (name: string, text: string, resource: unknown): Document => ({
  name,
  resource,
  texts: [toUtf8Bytes(text), toUtf8Bytes(JSON.stringify(resource)), canonicalJson(resource)],
});

describe("privacy of a run of the SDK over the published FHIR examples", () => {
  let world: World;
  let first: number;
  const documents: Document[] = [];
  let needles: Needle[] = [];
  const disclosed = new Set<number>();
  let issued = 0;
  let dispensed = 0;

  const head = async (): Promise<number> => Number(await world.ask("eth_blockNumber"));
  const look = async (from: number): Promise<Finding[]> => {
    for (let number = from; number <= (await head()); number++) {
      const block = (await world.ask("eth_getBlockByNumber", `0x${number.toString(16)}`, false)) as {
        timestamp: string;
      };
      disclosed.add(Number(block.timestamp));
    }
    return scan(await collect(world.ask, from, await head()), undisclosed(needles, disclosed));
  };

  /** Accept at the counter with the holder's authorisation. */
  const accept = async ({ prescription, holder }: Draft): Promise<void> => {
    const now = await world.now();
    const member = world.members["greenCross"] as number;
    const acceptance = { member, site: 1, lockCount: 1, fill: 1, lockedUntil: now + DAY };
    const terms = { prescription, acceptance, deadline: now + HOUR };
    const authorisation = await signAcceptance(world.network, holder, terms);
    await acceptPrescription(world.as("greenCrossSystem"), { prescription, acceptance, authorisation });
  };

  before(async function () {
    this.timeout(120_000);
    world = await startWorld();
    first = (await head()) + 1;
    const requests = published("MedicationRequest");
    const dispenses = published("MedicationDispense");
    for (const { name, text, resource } of [...requests, ...dispenses])
      documents.push(documentOf(name, text, resource));
    for (const { name, resource } of requests) {
      const read = (() => {
        try {
          return fromMedicationRequest(resource, READING);
        } catch {
          return undefined;
        }
      })();
      if (read === undefined) continue;
      const now = await world.now();
      const shifted = shiftWindow(resource, now, READING) as never;
      documents.push(documentOf(`shifted ${name}`, JSON.stringify(shifted), shifted));
      const { unitsPerFill, fills, interval, validFrom, validUntil } = fromMedicationRequest(
        shifted,
        READING,
      );
      for (const second of [validFrom, validUntil, validUntil - 1]) disclosed.add(second);
      const { commitment } = commitDocument(shifted);
      const draft = await world.draft({ unitsPerFill, fills, interval, validFrom, validUntil, commitment });
      await issuePrescription(world.as("drAdler"), draft);
      await accept(draft);
      issued += 1;
      const fit = dispenses.find(({ resource: dispense }) => {
        try {
          fromMedicationDispense(dispense, read, READING);
          return true;
        } catch {
          return false;
        }
      });
      if (fit === undefined) continue;
      const handed = shiftHandOver(fit.resource, await world.now(), READING) as never;
      documents.push(documentOf(`shifted ${fit.name}`, JSON.stringify(handed), handed));
      const { units, handedOverAt } = fromMedicationDispense(
        handed,
        fromMedicationRequest(shifted, READING),
        READING,
      );
      // Both lie in the run: the shift sets them to the present.
      disclosed.add(handedOverAt);
      disclosed.add(Math.floor(Date.parse((handed as { whenPrepared?: string }).whenPrepared ?? "") / 1_000));
      const member = world.members["greenCross"] as number;
      const handover = { member, site: 1, lockCount: 1, ordinal: 1, fill: 1, units, handedOverAt: 0 };
      await dispensePrescription(world.as("pharmacistAmsel"), {
        prescription: draft.prescription,
        handover: { ...handover, commitment: commitDocument(handed).commitment },
      });
      dispensed += 1;
    }
    needles = needlesOf(documents);
  });
  after(() => world.close());

  it("leaves nothing of a patient, a drug or a document in calldata, logs or storage", async function () {
    this.timeout(120_000);
    expect(issued).to.be.greaterThan(2);
    expect(dispensed).to.be.greaterThan(0);
    expect(documents.length).to.be.greaterThan(50);
    expect(await look(first)).to.eql([]);
  });

  it("finds a planted leak of each kind", async function () {
    this.timeout(120_000);
    const [request] = published("MedicationRequest").filter(({ name }) => name.includes("medrx0302"));
    const { text, resource, name } = request!;
    const { subject, medicationCodeableConcept, authoredOn } = resource as {
      subject: { reference: string; display: string };
      medicationCodeableConcept?: { coding: { code: string }[] };
      authoredOn: string;
    };
    const patient = subject.display;
    const bytes = (value: string): Uint8Array => toUtf8Bytes(value);
    const planted: [string, (draft: Draft) => Promise<unknown>][] = [
      [
        "utf8",
        async () =>
          await publishEndpoint(world.as("stMary.admin"), {
            member: 2,
            endpoint: `https://x/${patient}`,
          } as never),
      ],
      ["keccak256 of utf8", async (draft) => await issue(draft, { commitment: keccak256(bytes(patient)) })],
      [
        "sha256 of utf8",
        async (draft) => await issue(draft, { commitment: sha256(bytes(subject.reference)) }),
      ],
      [
        "keccak256 of the whole document",
        async (draft) => await issue(draft, { commitment: keccak256(canonicalJson(resource)) }),
      ],
      [
        "sha256 of the whole document",
        async (draft) => await issue(draft, { commitment: sha256(bytes(text)) }),
      ],
      [
        "end of keccak256 of lower case",
        async (draft) =>
          await issue(draft, { holder: `0x${keccak256(bytes(patient.toLowerCase())).slice(-40)}` }),
      ],
      [
        "packed decimal",
        async (draft) =>
          await issue(draft, {
            commitment: zeroPadValue(`0x${authoredOn.slice(0, 10).replaceAll("-", "")}`, 32),
          }),
      ],
    ];
    const code = medicationCodeableConcept?.coding[0]?.code;
    if (code !== undefined) {
      planted.push([
        "keccak256 of utf8",
        async (draft) => await issue(draft, { commitment: keccak256(bytes(code)) }),
      ]);
    }
    const issue = async (draft: Draft, change: Partial<Draft["prescription"]>): Promise<unknown> =>
      await issuePrescription(world.as("drAdler"), {
        ...draft,
        prescription: { ...draft.prescription, ...change },
      });
    for (const [form, plant] of planted) {
      const from = (await head()) + 1;
      await plant(await world.draft());
      const forms = (await look(from)).map((finding) => finding.form);
      expect(forms, `${form} of ${name}`).to.include(form);
    }
  });
});
