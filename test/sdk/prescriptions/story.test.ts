import {
  acceptPrescription,
  cancelPrescription,
  cancelPrescriptionByHolder,
  closeFill,
  dispensePrescription,
  findByHolder,
  getDispense,
  getHalt,
  getPrescription,
  getPrescriptionHistory,
  haltPrescriptions,
  type Handover,
  issuePrescription,
  issuePrescriptions,
  liftHalt,
  listIssued,
  listLocks,
  markClaimed,
  pauseDomain,
  getPausedUntil,
  prescriptionIdOf,
  releasePrescription,
  replacePrescription,
  resumeDomain,
  resumePrescriptions,
  returnPrescription,
  reviewPrescription,
  signAcceptance,
  signCancel,
  signCloseFill,
  signDispense,
  signHolderCancel,
  signIssue,
  signRelease,
  signReplace,
  signReview,
  signWithdraw,
  unmarkClaimed,
  withdrawDispense,
} from "@careledger/sdk";
import { expect } from "chai";
import { hexlify, randomBytes } from "ethers";

import { failsWith } from "../expect.ts";
import { type Draft, type World, startWorld } from "../world.ts";

const DAY = 86_400;

describe("sdk prescriptions", () => {
  let world: World;
  let stMary: number;
  let greenCross: number;

  before(async () => {
    world = await startWorld();
    stMary = world.members["stMary"] as number;
    greenCross = world.members["greenCross"] as number;
  });
  after(() => world.close());

  const issue = async (change: Partial<Draft["prescription"]> = {}): Promise<Draft & { id: string }> => {
    const draft = await world.draft(change);
    const { prescription, ephemeralKey } = draft;
    const issued = await issuePrescription(world.as("drAdler"), { prescription, ephemeralKey });
    return { ...draft, id: issued.prescription };
  };
  const deadline = async (): Promise<number> => (await world.now()) + 3_600;

  const accept = async (
    { prescription, holder }: Draft,
    lockCount = 1,
    fill = 1,
    actor = "greenCrossSystem",
  ) => {
    const lockedUntil = (await world.now()) + DAY;
    const acceptance = { member: greenCross, site: 1, lockCount, fill, lockedUntil };
    const authorisation = await signAcceptance(world.network, holder, {
      prescription,
      acceptance,
      deadline: await deadline(),
    });
    return acceptPrescription(world.as(actor), { prescription, acceptance, authorisation });
  };
  const handoverOf = (change: Partial<Handover> = {}): Handover => ({
    member: greenCross,
    site: 1,
    lockCount: 1,
    ordinal: 1,
    fill: 1,
    units: 30_000n,
    handedOverAt: 0,
    commitment: hexlify(randomBytes(32)),
    ...change,
  });

  it("gives the id that the contract gives", async () => {
    const { prescription, id } = await issue();
    expect(prescriptionIdOf(prescription)).to.equal(id);
    const { 0: onChain } = await world
      .as("drAdler")
      .read("prescriptionRegistry", "prescriptionId", [prescription]);
    expect(onChain).to.equal(id);
  });

  it("issues, accepts and dispenses, sent by the professionals themselves", async () => {
    const draft = await issue({ fills: 1 });
    const { prescription, id } = draft;
    const open = await getPrescription(world.as("stranger"), id);
    expect(open).to.deep.include({
      ...prescription,
      prescription: id,
      status: "Open",
      effectiveStatus: "Open",
    });
    expect(open).to.deep.include({
      unitsLeft: 30_000n,
      fill: 1,
      lockLive: false,
      dispenses: 0,
      isFinal: false,
    });

    const accepted = await accept(draft);
    expect(accepted).to.deep.include({
      prescription: id,
      member: greenCross,
      site: 1,
      lockCount: 1,
      fill: 1,
    });
    expect((await getPrescription(world.as("stranger"), id)).effectiveStatus).to.equal("Locked");

    const part = await dispensePrescription(world.as("pharmacistAmsel"), {
      prescription,
      handover: handoverOf({ units: 10_000n }),
    });
    expect(part).to.deep.include({ ordinal: 1, units: 10_000n, completed: false });
    const rest = await dispensePrescription(world.as("pharmacistAmsel"), {
      prescription,
      handover: handoverOf({ units: 20_000n, ordinal: 2 }),
    });
    expect(rest.completed).to.equal(true);
    expect(await getDispense(world.as("stranger"), { prescription: id, ordinal: 2 })).to.deep.include({
      prescription: id,
      ordinal: 2,
      member: greenCross,
      units: 20_000n,
      closing: false,
      claimed: false,
      withdrawnAt: 0,
    });
    expect(await getDispense(world.as("stranger"), { prescription: id, ordinal: 3 })).to.equal(undefined);
    const history = await getPrescriptionHistory(world.as("stranger"), id);
    expect(history.map(({ event }) => event)).to.deep.equal([
      "PrescriptionIssued",
      "PrescriptionAccepted",
      "PrescriptionDispensed",
      "PrescriptionDispensed",
    ]);
  });

  it("relays every signed act of the professionals and of the holder", async () => {
    const { network } = world;
    const system = world.as("stMarySystem");
    const counter = world.as("greenCrossSystem");
    const [doctor, pharmacist] = [world.wallet("drAdler"), world.wallet("pharmacistAmsel")];
    const draft = await world.draft({ reviewer: greenCross, fills: 3 });
    const { prescription, ephemeralKey, holder } = draft;
    const until = await deadline();

    const attestation = await signIssue(network, doctor, { prescription, ephemeralKey, deadline: until });
    const issued = await issuePrescription(system, { prescription, ephemeralKey, attestation });
    expect((await getPrescription(system, issued.prescription)).effectiveStatus).to.equal("AwaitingReview");

    const outcome = "Approved";
    const reviewed = { prescription, member: greenCross, outcome, deadline: until } as const;
    const review = await reviewPrescription(counter, {
      prescription,
      member: greenCross,
      outcome,
      attestation: await signReview(network, pharmacist, reviewed),
    });
    expect(review).to.deep.include({ outcome: "Approved", operator: world.operator("pharmacistAmsel") });

    await accept(draft);
    const released = { prescription, lockCount: 1, deadline: until };
    const release = await releasePrescription(world.as("stranger"), {
      ...released,
      authorisation: await signRelease(network, holder, released),
    });
    expect(release).to.deep.include({ member: greenCross, site: 1, lockCount: 1 });

    await accept(draft, 2);
    const returned = await returnPrescription(counter, {
      prescription,
      member: greenCross,
      site: 1,
      lockCount: 2,
    });
    expect(returned.lockCount).to.equal(2);

    await accept(draft, 3);
    const handover = handoverOf({ lockCount: 3, units: 12_000n });
    const dispensed = await dispensePrescription(counter, {
      prescription,
      handover,
      attestation: await signDispense(network, pharmacist, { prescription, handover, deadline: until }),
    });
    expect(dispensed).to.deep.include({ ordinal: 1, operator: world.operator("pharmacistAmsel") });

    const closing = { prescription, member: greenCross, site: 1, lockCount: 3, ordinal: 2 };
    const closed = await closeFill(counter, {
      ...closing,
      attestation: await signCloseFill(network, pharmacist, { ...closing, fill: 1, deadline: until }),
    });
    expect(closed).to.deep.include({ ordinal: 2, fill: 1, units: 18_000n });

    const withdrawal = { prescription, member: greenCross, ordinal: 1, reason: "WrongEntry" } as const;
    const withdrawn = await withdrawDispense(counter, {
      ...withdrawal,
      attestation: await signWithdraw(network, pharmacist, { ...withdrawal, deadline: until }),
    });
    expect(withdrawn).to.deep.include({ ordinal: 1, reason: "WrongEntry" });

    const next = await world.draft();
    const replaced = await replacePrescription(system, {
      prescription,
      order: {
        ...next,
        attestation: await signReplace(network, doctor, {
          prescription,
          replacement: next.prescription,
          ephemeralKey: next.ephemeralKey,
          deadline: until,
        }),
      },
    });
    expect(replaced.replacement).to.equal(prescriptionIdOf(next.prescription));
    expect((await getPrescription(system, issued.prescription)).effectiveStatus).to.equal("Replaced");

    const cancelled = await cancelPrescription(system, {
      prescription: next.prescription,
      member: stMary,
      attestation: await signCancel(network, doctor, {
        prescription: next.prescription,
        member: stMary,
        deadline: until,
      }),
    });
    expect(cancelled).to.deep.include({ effective: true, operator: world.operator("drAdler") });
  });

  it("cancels in the holder's name, at once or when the lock ends", async () => {
    const draft = await issue();
    const { prescription, holder } = draft;
    await accept(draft);
    const until = await deadline();
    const authorisation = await signHolderCancel(world.network, holder, { prescription, deadline: until });
    const ordered = await cancelPrescriptionByHolder(world.as("stranger"), { prescription, authorisation });
    expect(ordered).to.deep.include({ effective: false, operator: `0x${"00".repeat(32)}` });
    await returnPrescription(world.as("pharmacistBerg"), {
      prescription,
      member: greenCross,
      site: 1,
      lockCount: 1,
    });
    expect((await getPrescription(world.as("stranger"), draft.id)).effectiveStatus).to.equal("Cancelled");
    await failsWith(
      cancelPrescriptionByHolder(world.as("stranger"), { prescription, authorisation }),
      "PrescriptionStatusWrong",
      { status: "Cancelled" },
    );
  });

  it("issues a batch in random order and answers in the caller's", async () => {
    const drafts = await Promise.all(Array.from({ length: 12 }, () => world.draft()));
    const orders = drafts.map(({ prescription, ephemeralKey }) => ({ prescription, ephemeralKey }));
    const { events, transactionHash } = await issuePrescriptions(world.as("drAdler"), {
      orders,
      key: "round-1",
    });
    const ids = orders.map(({ prescription }) => prescriptionIdOf(prescription));
    expect(events.map(({ prescription }) => prescription)).to.deep.equal(ids);
    const receipt = (await world.ask("eth_getTransactionReceipt", transactionHash)) as {
      logs: { topics: string[] }[];
    };
    const onChain = receipt.logs
      .map(({ topics }) => String(topics[1]))
      .filter((topic) => ids.includes(topic));
    expect([...onChain].sort()).to.deep.equal([...ids].sort());
    expect(onChain, "one in 479 million comes out in order").not.to.deep.equal(ids);
    const again = await issuePrescriptions(world.as("drAdler"), { orders, key: "round-1" });
    expect(again.transactionHash).to.equal(transactionHash);
    await failsWith(issuePrescriptions(world.as("drAdler"), { orders: [] }), "InputInvalid", {
      parameter: "orders",
    });
    const twice = [orders[0], orders[0]] as typeof orders;
    await failsWith(issuePrescriptions(world.as("drAdler"), { orders: twice }), "InputInvalid", {
      parameter: "orders[1]",
    });
  });

  it("issues once for one key although ephemeral key and signature differ, never another under it", async () => {
    const draft = await world.draft();
    const other = await world.draft();
    const client = world.as("drAdler");
    const first = await issuePrescription(client, { ...draft, key: "order-77" });
    const second = await issuePrescription(client, {
      prescription: draft.prescription,
      ephemeralKey: other.ephemeralKey,
      key: "order-77",
    });
    expect(second).to.deep.equal(first);
    await failsWith(issuePrescription(client, { ...other, key: "order-77" }), "SendKeyReused");
    await failsWith(issuePrescription(client, { ...draft }), "PrescriptionAlreadyIssued", {
      prescription: first.prescription,
    });
    for (const key of ["", "x".repeat(201), "auto:1", "filler:1", 7 as never]) {
      await failsWith(issuePrescription(client, { ...other, key }), "InputInvalid", { parameter: "key" });
    }
  });

  it("finds a pharmacy's open locks again, what a member issued, and a holder's prescription", async () => {
    const [first, second, third] = [await issue(), await issue(), await issue()];
    await accept(first);
    await accept(second);
    await returnPrescription(world.as("pharmacistBerg"), {
      prescription: second.prescription,
      member: greenCross,
      site: 1,
      lockCount: 1,
    });
    const reader = world.as("stranger");
    const locks = (await listLocks(reader, { member: greenCross, site: 1 })).map(
      ({ prescription }) => prescription,
    );
    expect(locks).to.include(first.id).and.not.to.include(second.id).and.not.to.include(third.id);
    expect(await listLocks(reader, { member: greenCross, site: 2 })).to.deep.equal([]);
    expect(
      (await listLocks(reader, { member: greenCross })).map(({ prescription }) => prescription),
    ).to.deep.equal(locks);
    const issued = await listIssued(reader, { issuer: stMary });
    expect(issued.map(({ prescription }) => prescription)).to.include.members([
      first.id,
      second.id,
      third.id,
    ]);
    expect(issued.find(({ prescription }) => prescription === third.id)).to.deep.include(third.prescription);
    const [found] = await findByHolder(reader, { holder: first.holder.address });
    expect(found).to.deep.include({ prescription: first.id, effectiveStatus: "Locked" });
    expect(await findByHolder(reader, { holder: world.wallet("stranger").address })).to.deep.equal([]);
  });

  it("does not believe a node that shows other terms", async () => {
    const { id } = await issue();
    const query = {
      address: world.network.addresses.prescriptionRegistry,
      topics: [null, id],
      fromBlock: "0x1",
    };
    const logs = (await world.ask("eth_getLogs", query)) as { data: string }[];
    const forged = logs.map((log) => ({ ...log, data: `${log.data.slice(0, -1)}7` }));
    world.node.fault = ({ method }) => (method === "eth_getLogs" ? { result: forged } : "pass");
    await failsWith(getPrescription(world.as("stranger"), id), "PrescriptionTermsMissing", {
      prescription: id,
    });
    world.node.fault = ({ method }) => (method === "eth_getLogs" ? { result: [] } : "pass");
    await failsWith(getPrescription(world.as("stranger"), id), "PrescriptionTermsMissing", {
      prescription: id,
    });
    world.node.fault = () => "pass";
  });

  it("halts and resumes", async () => {
    const { id } = await issue();
    const regulator = world.members["inspector"] as number;
    const since = await world.now();
    const halted = await haltPrescriptions(world.as("inspectorField"), {
      regulator,
      issuer: stMary,
      prescriber: world.wallet("drAdler").address,
      since: since - DAY,
      reason: "KeyCompromise",
    });
    expect(halted).to.deep.include({ reason: "KeyCompromise", prescriber: world.operator("drAdler") });
    expect((await getPrescription(world.as("stranger"), id)).effectiveStatus).to.equal("Halted");
    const target = { issuer: stMary, prescriber: world.operator("drAdler") };
    const halt = await getHalt(world.as("stranger"), target);
    expect(halt).to.deep.include({ since: since - DAY, regulator });
    expect(halt?.haltedAt).to.equal(halt?.upTo).and.to.be.above(since);
    await resumePrescriptions(world.as("inspectorField"), { regulator, ...target });
    expect(await getHalt(world.as("stranger"), target)).to.equal(undefined);
    await failsWith(resumePrescriptions(world.as("inspectorField"), { regulator, ...target }), "HaltUnknown");
    await haltPrescriptions(world.as("inspectorField"), {
      regulator,
      ...target,
      since,
      reason: "PatientSafety",
    });
    await liftHalt(world.as("governance"), target);
    expect((await getPrescription(world.as("stranger"), id)).effectiveStatus).to.equal("Open");
  });

  it("marks a dispense as claimed, and frees it", async () => {
    const draft = await issue();
    const { prescription, id } = draft;
    await accept(draft);
    await dispensePrescription(world.as("pharmacistAmsel"), { prescription, handover: handoverOf() });
    expect(await markClaimed(world.as("claims"), { prescription: id, ordinal: 1 })).to.deep.include({
      ordinal: 1,
    });
    const withdrawal = { prescription, member: greenCross, ordinal: 1, reason: "WrongEntry" } as const;
    await failsWith(withdrawDispense(world.as("pharmacistAmsel"), withdrawal), "DispenseIsClaimed");
    await unmarkClaimed(world.as("claims"), { prescription: id, ordinal: 1 });
    await failsWith(
      unmarkClaimed(world.as("claims"), { prescription: id, ordinal: 1 }),
      "DispenseNotClaimed",
    );
    await withdrawDispense(world.as("pharmacistAmsel"), withdrawal);
  });

  it("expires, and refuses what comes too late", async () => {
    const draft = await issue({ validUntil: (await world.now()) + 100 });
    await world.pass(200);
    expect((await getPrescription(world.as("stranger"), draft.id)).effectiveStatus).to.equal("Expired");
    await failsWith(accept(draft), "PrescriptionExpired", { prescription: draft.id });
  });

  it("refuses an act by the wrong key, in the right words", async () => {
    const draft = await world.draft();
    const { prescription, ephemeralKey } = draft;
    await failsWith(
      issuePrescription(world.as("drLind"), { prescription, ephemeralKey }),
      "PrescriptionPrescriberMismatch",
      { prescriber: world.operator("drAdler"), signer: world.operator("drLind") },
    );
    await failsWith(
      signIssue(world.network, world.wallet("drLind"), { prescription, ephemeralKey }),
      "SignerMismatch",
      { actual: world.wallet("drLind").address },
    );
    const issued = await issue();
    const thief = world.wallet("stranger");
    const acceptance = {
      member: greenCross,
      site: 1,
      lockCount: 1,
      fill: 1,
      lockedUntil: (await world.now()) + DAY,
    };
    await failsWith(
      signAcceptance(world.network, thief, { prescription: issued.prescription, acceptance }),
      "SignerMismatch",
    );
    const stolen = await signAcceptance(world.network, issued.holder, {
      prescription: issued.prescription,
      acceptance: { ...acceptance, site: 2 },
      deadline: await deadline(),
    });
    await failsWith(
      acceptPrescription(world.as("greenCrossSystem"), {
        prescription: issued.prescription,
        acceptance,
        authorisation: stolen,
      }),
      "PrescriptionHolderSignatureInvalid",
      { prescription: issued.id, holder: issued.prescription.holder },
    );
    await failsWith(
      markClaimed(world.as("drAdler"), { prescription: issued.id, ordinal: 1 }),
      "AccessManagedUnauthorized",
    );
    await failsWith(getPrescription(world.as("stranger"), `0x${"12".repeat(32)}`), "PrescriptionNotFound");
  });

  it("refuses wrong input before it asks the chain, and names the parameter", async () => {
    const { prescription, ephemeralKey } = await world.draft();
    const asked = world.node.asked.length;
    const wrong: [object, string][] = [
      [{ issuer: 0 }, "issuer"],
      [{ issuer: "2" }, "issuer"],
      [{ prescriber: "0x12" }, "prescriber"],
      [{ holder: `0x${"00".repeat(20)}` }, "holder"],
      [{ holder: undefined }, "holder"],
      [{ commitment: `0x${"00".repeat(32)}` }, "commitment"],
      [{ unitsPerFill: 0n }, "unitsPerFill"],
      [{ unitsPerFill: 30_000 }, "unitsPerFill"],
      [{ unitsPerFill: 1n << 40n }, "unitsPerFill"],
      [{ fills: 0 }, "fills"],
      [{ fills: 100 }, "fills"],
      [{ fills: 1.5 }, "fills"],
      [{ interval: -1 }, "interval"],
      [{ validUntil: Date.now() * 10 }, "validUntil"],
      [{ validUntil: prescription.validFrom }, "validUntil"],
      [{ reviewer: Number.NaN }, "reviewer"],
    ];
    for (const [change, term] of wrong) {
      const terms = { ...prescription, ...change } as typeof prescription;
      const act = () => issuePrescription(world.as("drAdler"), { prescription: terms, ephemeralKey });
      await failsWith(act, "InputInvalid", { parameter: `prescription.${term}` });
    }
    const keys = [
      [{ prefix: "0x04" }, "ephemeralKey.prefix"],
      [{ x: "0x00" }, "ephemeralKey.x"],
      [{ viewTag: "0x" }, "ephemeralKey.viewTag"],
    ] as const;
    for (const [change, parameter] of keys) {
      const act = () =>
        issuePrescription(world.as("drAdler"), {
          prescription,
          ephemeralKey: { ...ephemeralKey, ...change },
        });
      await failsWith(act, "InputInvalid", { parameter });
    }
    await failsWith(() => issuePrescription(world.as("drAdler"), null as never), "InputInvalid", {
      parameter: "params",
    });
    const handover = handoverOf({ units: 0n });
    await failsWith(
      () => dispensePrescription(world.as("drAdler"), { prescription, handover }),
      "InputInvalid",
      {
        parameter: "handover.units",
      },
    );
    const review = { prescription, member: 1, outcome: "Unspecified" as never };
    await failsWith(() => reviewPrescription(world.as("drAdler"), review), "InputInvalid", {
      parameter: "outcome",
    });
    expect(world.node.asked.length).to.equal(asked);
  });

  it("pauses and resumes the domain", async () => {
    const until = (await world.now()) + 3_600;
    const paused = await pauseDomain(world.as("emergency"), { domain: "prescriptionRegistry", until });
    expect(paused.until).to.equal(until);
    expect(await getPausedUntil(world.as("stranger"), "prescriptionRegistry")).to.equal(until);
    await failsWith(issue(), "DomainIsPaused", { until });
    await resumeDomain(world.as("emergency"), { domain: "prescriptionRegistry" });
    await failsWith(
      resumeDomain(world.as("emergency"), { domain: "prescriptionRegistry" }),
      "DomainNotPaused",
    );
    await issue();
  });
});
