import {
  type RecordTerms,
  type SignedConsent,
  anchorRecord,
  appointDelegate,
  breakGlass,
  commitDocument,
  createBreakGlassTicket,
  createClient,
  createQrHolder,
  createRecordBatch,
  anchorRecords,
  draftRecord,
  enrolSubject,
  grantConsent,
  issuePrescription,
  prepareDelegation,
  prepareEnrolment,
  prepareGrant,
  proposeReferral,
  recordDisclosure,
  recordDisclosures,
  registerDataset,
  signConsent,
  supersedeRecord,
} from "@careledger/sdk";
import type { PatientSigner } from "@careledger/sdk";
import { expect } from "chai";
import { Wallet, hexlify, id, keccak256, randomBytes, sha256, toUtf8Bytes } from "ethers";

import { createSoftwarePasskey } from "../../scripts/story/passkey.ts";
import { QUICK } from "../sdk/core/chain.ts";
import { type World, startWorld } from "../sdk/world.ts";
import { APP, type Cast, DAY, ZONES, createCast, exampleInputs } from "./drive/cast.ts";
import { enrol, permit } from "./drive/consents.ts";
import { disclosureOf } from "./drive/disclosures.ts";
import { orderFor } from "./drive/prescriptions.ts";
import { type Leaks, leaksIn } from "./leaks.ts";
import { type Needle, needlesOf } from "./needles.ts";

const random32 = (): string => hexlify(randomBytes(32));
const NONE: Leaks = { kinds: [], whats: [], wheres: [] };

/** Each leak goes through the SDK onto the chain. */
describe("what two entries of one patient share", () => {
  let world: World;
  let cast: Cast;
  let needles: readonly Needle[];

  before(async () => {
    world = await startWorld();
    cast = createCast(world);
    needles = needlesOf(exampleInputs(), ZONES, new Set());
  });
  after(() => world.close());

  const leaksOf = (work: () => Promise<unknown>): Promise<Leaks> => leaksIn(world, needles, work);
  /** Nothing but a shared value is found, and between these kinds of entries. */
  const isShared = ({ kinds, whats }: Leaks, one: string, other: string, what = ""): void => {
    expect(kinds, what).to.deep.equal(["shared"]);
    for (const each of whats)
      expect(each, what).to.match(
        new RegExp(`of ((${one}) \\S+ and (${other})|(${other}) \\S+ and (${one})) `),
      );
  };

  const archive = () => world.as("stMaryArchive");
  const draft = (commitment = random32()) =>
    draftRecord(archive(), {
      patient: cast.patient("Patient/f201").metaAddress,
      custodian: cast.member("stMary"),
      category: "laboratory",
      commitment,
    });
  const anchor = async (change: Partial<RecordTerms> = {}, ephemeralKey?: Draft["ephemeralKey"]) => {
    const drafted = await draft();
    const record = { ...drafted.record, ...change };
    const params = { record, ephemeralKey: ephemeralKey ?? drafted.ephemeralKey };
    await anchorRecord(archive(), params);
    return { ...params, id: drafted.id };
  };
  type Draft = Awaited<ReturnType<typeof draft>>;
  const prescribe = async (change: { readonly holder?: string; readonly commitment?: string } = {}) => {
    const now = await world.now();
    await issuePrescription(
      world.as("drAdler"),
      await orderFor(world, { from: now, until: now + 90 * DAY }, change),
    );
  };
  let generation = 100;
  const signerAt = (at: "stMary" | "cityHospital"): Promise<PatientSigner> =>
    cast.signer("Patient/f201", cast.member(at), (generation += 1));
  const enrolled = async (at: "stMary" | "cityHospital" = "stMary") => {
    const signer = await signerAt(at);
    return { signer, subject: await enrol(cast, at, signer) };
  };
  const permitted = async (): Promise<string> => {
    const { signer, subject } = await enrolled();
    await permit(cast, signer, subject);
    return subject;
  };
  const disclose = async (subject: string, document?: string) =>
    recordDisclosure(archive(), {
      custodian: cast.member("stMary"),
      ...disclosureOf(cast, subject),
      ...(document === undefined ? {} : { document }),
    });

  it("is nothing, when the SDK draws what may not be shared", async () => {
    const clean = await leaksOf(async () => {
      for (const at of ["stMary", "cityHospital"] as const) {
        const { signer, subject } = await enrolled(at);
        for (let count = 0; count < 2; count++) await permit(cast, signer, subject);
      }
      for (let count = 0; count < 2; count++) await anchor();
      const subject = await permitted();
      for (let count = 0; count < 2; count++) await disclose(subject);
      await prescribe();
    });
    expect(clean).to.deep.equal(NONE);
  });

  it("is found between two records: holder, commitment, ephemeral key; in a replacement too", async () => {
    const { record, ephemeralKey } = await draft();
    for (const [what, change, key] of [
      ["holder", { holder: record.holder }, undefined],
      ["commitment", { commitment: record.commitment }, undefined],
      ["ephemeral key", {}, ephemeralKey],
    ] as const) {
      const found = await leaksOf(async () => {
        await anchor(change, key);
        await anchor({ ...change, category: 6 }, key);
      });
      isShared(found, "record", "record", what);
    }
    const replaced = await leaksOf(async () => {
      const old = await anchor();
      const next = await draft();
      await supersedeRecord(archive(), {
        record: old.record,
        replacement: { ...next.record, holder: old.record.holder },
        ephemeralKey: next.ephemeralKey,
      });
    });
    isShared(replaced, "record", "record", "replacement");
  });

  it("is found between a record and a prescription, and between a record and a batch", async () => {
    for (const field of ["holder", "commitment"] as const) {
      const found = await leaksOf(async () => {
        const { record } = await anchor();
        await prescribe({ [field]: record[field] });
      });
      isShared(found, "prescription", "record", field);
    }
    const batched = await leaksOf(async () => {
      const one = await draft();
      await anchorRecord(archive(), one);
      await anchorRecords(archive(), { ...createRecordBatch(world.network, [await draft()]), root: one.id });
    });
    isShared(batched, "batch", "record");
  });

  it("is found between two subjects: key, passkey, guardian, delegate", async () => {
    const twice = async (signer: PatientSigner): Promise<Leaks> =>
      leaksOf(async () => {
        for (const at of ["stMary", "cityHospital"] as const)
          await permit(cast, signer, await enrol(cast, at, signer));
      });
    for (const signer of [
      await signerAt("stMary"),
      await createSoftwarePasskey(world.network.verifiers.webAuthn, APP),
    ])
      isShared(await twice(signer), "subject", "subject", signer.kind);

    const guardian = await signerAt("stMary");
    const guarded = await leaksOf(async () => {
      for (const at of ["stMary", "cityHospital"] as const) {
        const prepared = await prepareEnrolment(archive(), {
          custodian: cast.member(at),
          guardian: guardian.signer,
          guardianUntil: (await world.now()) + 700 * DAY,
        });
        const signed: SignedConsent<"Enrolment"> = await signConsent(guardian, prepared);
        await enrolSubject(world.as(`${at}Archive`), signed);
      }
    });
    isShared(guarded, "subject", "subject", "guardian");

    const carer = await signerAt("stMary");
    const cared = await leaksOf(async () => {
      for (const at of ["stMary", "cityHospital"] as const) {
        const { signer, subject } = await enrolled(at);
        const delegation = await prepareDelegation(archive(), {
          subject,
          key: carer.signer,
          powers: ["GRANT"],
          categories: "ALL",
          purposes: ["TREAT"],
          validUntil: (await world.now()) + 60 * DAY,
        });
        await appointDelegate(archive(), await signConsent(signer, delegation));
      }
    });
    isShared(cared, "subject", "subject", "delegate");
  });

  it("is found when a patient sends its own consents from one account, of two subjects or of two rules", async () => {
    const account = new Wallet(random32());
    const client = createClient({ network: world.network, signer: account, ...QUICK });
    const [one, other] = [await enrolled("stMary"), await enrolled("cityHospital")];
    const found = await leaksOf(async () => {
      for (const { signer, subject } of [one, other]) {
        const prepared = await prepareGrant(client, {
          subject,
          grantee: cast.member("greenCross"),
          categories: ["laboratory"],
          purposes: ["TREAT"],
          validUntil: (await world.now()) + 60 * DAY,
        });
        await grantConsent(client, await signConsent(signer, prepared));
      }
    });
    client.close();
    isShared(found, "act", "act");
    expect(found.wheres).to.deep.equal(["transaction 0x… sender and transaction 0x… sender"]);
  });

  it("is found between disclosures, alone and in a batch, and between a disclosure and its record", async () => {
    const subject = await permitted();
    const custodian = cast.member("stMary");
    const document = random32();
    const twice = await leaksOf(async () => {
      for (let count = 0; count < 2; count++) await disclose(subject, document);
    });
    isShared(twice, "disclosure", "disclosure");
    const batch = await leaksOf(async () => {
      const terms = { ...disclosureOf(cast, subject), document: random32() };
      const disclosures = [terms, disclosureOf(cast, subject), terms];
      await recordDisclosures(archive(), { custodian, disclosures });
    });
    isShared(batch, "disclosure", "disclosure");
    const whole = await leaksOf(async () => {
      const { id: record } = await anchor();
      await disclose(subject, record);
    });
    isShared(whole, "disclosure", "record");
    const commitment = await leaksOf(async () => {
      const { record } = await anchor();
      await disclose(subject, record.commitment);
    });
    isShared(commitment, "disclosure", "record");
  });

  it("is found between a subject and a record, a prescription, a referral or a dataset that names it", async () => {
    const named = await leaksOf(async () => {
      const { subject } = await enrolled();
      await anchor({ commitment: subject });
    });
    isShared(named, "act|subject", "record");
    const prescribed = await leaksOf(async () => {
      const { signer } = await enrolled();
      await prescribe({ holder: signer.signer });
    });
    isShared(prescribed, "prescription", "subject");
    const referral = async (records: string) =>
      proposeReferral(world.as("drAdler"), {
        referral: {
          from: cast.member("stMary"),
          to: cast.member("cityHospital"),
          referrer: world.operator("drAdler"),
          commitment: random32(),
          records,
          validUntil: (await world.now()) + 30 * DAY,
        },
      });
    const referred = await leaksOf(async () => referral((await anchor()).id));
    isShared(referred, "record", "referral");
    const list = random32();
    const again = await leaksOf(async () => {
      for (let count = 0; count < 2; count++) await referral(list);
    });
    isShared(again, "referral", "referral");
    const cohort = await leaksOf(async () => {
      const { subject } = await enrolled();
      const terms = { custodian: cast.member("stMary"), terms: ["DUO:0000006"], commitment: subject };
      await registerDataset(archive(), terms);
    });
    isShared(cohort, "dataset", "subject");
  });

  const glass = async (member: string, doctor: string, ticket: string): Promise<void> => {
    const terms = { member: cast.member(member), custodian: cast.member("stMary"), ticket };
    await breakGlass(world.as(doctor), { ...terms, reason: "LifeThreatening" });
  };
  const patient = (): string => {
    const { identifier } = exampleInputs().find(({ name }) => name === "Patient-f001.json")!
      .resource as unknown as { identifier: { system: string; value: string }[] };
    return `${identifier[0]!.system}|${identifier[0]!.value}`;
  };

  it("is found between two uses of break-glass: a ticket that two custodians are shown", async () => {
    const { ticket } = createBreakGlassTicket({ custodian: cast.member("stMary"), patient: patient() });
    const found = await leaksOf(async () => {
      await glass("cityHospital", "drIbarra", ticket);
      await breakGlass(world.as("drIbarra"), {
        member: cast.member("cityHospital"),
        custodian: cast.member("cityHospital"),
        ticket,
        reason: "LifeThreatening",
      });
    });
    isShared(found, "break-glass", "break-glass");
  });

  it("is no hash without salt either: of a patient's identifier, of a document, in each domain", async () => {
    const hashes = async (work: () => Promise<unknown>, expected: RegExp): Promise<void> => {
      const { kinds, whats } = await leaksOf(work);
      expect(kinds, String(expected)).to.deep.equal(["hash"]);
      for (const what of whats) expect(what).to.match(expected);
    };
    const { raw = "" } = exampleInputs().find(({ name }) => name === "Observation-f001.json")!;
    await hashes(() => glass("cityHospital", "drIbarra", id(patient())), /token as keccak256$/);
    await hashes(
      () => anchor({ commitment: sha256(toUtf8Bytes(raw)) }),
      /Observation-f001\.json file as sha256$/,
    );
    const subject = await permitted();
    await hashes(() => disclose(subject, keccak256(toUtf8Bytes("Patient/f001"))), /as keccak256$/);
    const dataset = { custodian: cast.member("stMary"), terms: ["DUO:0000006"] };
    await hashes(
      () => registerDataset(archive(), { ...dataset, commitment: id("Patient/f201") }),
      /as keccak256$/,
    );
    const { commitment } = commitDocument({ patient: patient() });
    expect(await leaksOf(() => registerDataset(archive(), { ...dataset, commitment }))).to.deep.equal(NONE);
  });

  it("finds a name in a paper holder's place", async () => {
    const { ephemeralKey } = createQrHolder();
    const found = await leaksOf(() =>
      anchor({ holder: hexlify(toUtf8Bytes("Pieter van de Heuvel")) }, ephemeralKey),
    );
    expect(found.kinds).to.deep.equal(["text"]);
  });
});
