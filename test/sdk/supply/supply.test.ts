import {
  type Handover,
  type PrescriptionTerms,
  type SegmentTerms,
  acceptPrescription,
  acknowledgeRecall,
  administerDose,
  administerSession,
  bindDevice,
  checkSerial,
  createStealthHolder,
  declareConsignmentLost,
  dispenseLink,
  dispensePrescription,
  dispenseStock,
  endRecall,
  findDoses,
  generateStealthKeys,
  getCompartment,
  getConsignment,
  getLot,
  getProduct,
  getRange,
  getRecallStatus,
  getSerialState,
  getStock,
  getWatch,
  isSpent,
  issuePrescription,
  listConsignments,
  listHolders,
  listLots,
  lotIdOf,
  merkleTreeOf,
  orderCustody,
  parseMetaAddress,
  prescriptionIdOf,
  quarantineStock,
  recallLot,
  receiveConsignment,
  recordSegment,
  refuseLot,
  releaseLot,
  releaseQuarantine,
  settleDispenses,
  shipConsignment,
  signAcceptance,
  signAdministration,
  signAdministrationSession,
  signDispense,
  signQuarantineRelease,
  signRecallAcknowledgment,
  signSegment,
  takeBackConsignment,
  unbindDevice,
  verifyMerkleProof,
  withdrawDispense,
  withdrawProduct,
  writeOffStock,
} from "@careledger/sdk";
import { expect } from "chai";
import { hexlify, keccak256, randomBytes } from "ethers";

import { failsWith } from "../expect.ts";
import { type World, startWorld } from "../world.ts";
import {
  CLINIC,
  DEPOT,
  GREEN_CROSS,
  INSPECTOR,
  type Made,
  NOVA,
  type Supply,
  TABLETS,
  doseOf,
  freshSscc,
  goodsOf,
  lineOf,
  sessionDosesOf,
  supplyOf,
} from "./goods.ts";

const DAY = 86_400;
const HOUR = 3_600;
const random32 = (): string => hexlify(randomBytes(32));

describe("lots", () => {
  let world: World;
  let supply: Supply;
  const as = (actor: string) => world.as(actor);
  const deadline = async (): Promise<number> => (await world.now()) + HOUR;

  before(async () => {
    world = await startWorld();
    supply = supplyOf(as, world.now);
  });
  after(() => world.close());

  const stockAt = async (made: Made, member: number) => {
    const { onHand, quarantined, withheld, used } = await getStock(as("reader"), {
      lot: made.lot,
      member,
      site: 1,
    });
    return { onHand, quarantined, withheld, used };
  };

  /** A prescription that greenCross has locked. */
  const accepted = async (): Promise<PrescriptionTerms> => {
    const { prescription, ephemeralKey, holder } = await world.draft();
    await issuePrescription(as("drAdler"), { prescription, ephemeralKey });
    const lockedUntil = (await world.now()) + DAY;
    const acceptance = { member: GREEN_CROSS, site: 1, lockCount: 1, fill: 1, lockedUntil };
    const signed = { prescription, acceptance, deadline: await deadline() };
    const authorisation = await signAcceptance(world.network, holder, signed);
    await acceptPrescription(as("greenCrossSystem"), { prescription, acceptance, authorisation });
    return prescription;
  };
  const handoverOf = (ordinal: number, units: bigint): Handover => ({
    member: GREEN_CROSS,
    site: 1,
    lockCount: 1,
    ordinal,
    fill: 1,
    units,
    handedOverAt: 0,
    commitment: random32(),
  });

  it("registers, releases and refuses lots of an approved product until that is withdrawn", async () => {
    const product = await supply.product({ budget: 0 });
    expect(await getProduct(as("reader"), product.gtin)).to.deep.equal({
      ...product,
      discreet: false,
      status: "Approved",
    });
    const made = await supply.register(product, 300);
    expect(made.lot).to.equal(lotIdOf(product.gtin, made.lotNumber));
    const lot = await getLot(as("reader"), made.lot);
    expect(lot).to.include({ status: "Registered", maker: NOVA, units: 300, originUnits: 300 });
    expect(lot).to.include({ storageClass: "Unmonitored", serialRoot: made.tree.root, recalledAt: 0 });
    const [listed] = (await listLots(as("reader"), { maker: NOVA })).filter((each) => each.lot === made.lot);
    expect(listed).to.include({ lotNumber: made.lotNumber, gtin: product.gtin, units: 300 });
    const early = shipConsignment(as("novaStock"), { consignment: goodsOf(made, 10, DEPOT) });
    await failsWith(early, "LotStatusWrong", { lot: made.lot, status: "Registered" });

    const decision = { lot: made.lot, regulator: INSPECTOR, certificate: random32() };
    const released = await releaseLot(as("inspectorLots"), decision);
    expect(released).to.include({ ...decision, operator: world.operator("inspectorLots") });
    await failsWith(refuseLot(as("inspectorLots"), decision), "LotStatusWrong", { status: "Released" });
    const bad = await supply.register(product, 5);
    await refuseLot(as("inspectorLots"), { ...decision, lot: bad.lot });
    expect(await getLot(as("reader"), bad.lot)).to.include({ status: "Refused" });

    await withdrawProduct(as("novaQuality"), { gtin: product.gtin, member: NOVA });
    expect(await getProduct(as("reader"), product.gtin)).to.include({ status: "Withdrawn" });
    await failsWith(supply.register(product, 5), "ProductNotApproved", { status: "Withdrawn" });
    expect(await getProduct(as("reader"), 9_506_000_134_352n)).to.equal(undefined);
    expect(await getLot(as("reader"), random32())).to.include({ status: "Unknown" });
  });

  it("moves goods in two steps, as they were sent and as they were found", async () => {
    const made = await supply.lot(await supply.product(), 300);
    const whole = await supply.ship(made, 200, DEPOT);
    const [sent] = await listConsignments(as("reader"), { member: DEPOT });
    expect(sent).to.deep.include({
      ...whole,
      lines: [{ ...whole.lines[0]!, range: 0 }],
      status: "InTransit",
    });
    const holders = await listHolders(as("reader"), made.lot);
    expect(holders.places).to.deep.equal([
      { member: NOVA, site: 1, onHand: 0, quarantined: 0, withheld: 0, held: false, originUnits: 100 },
    ]);
    expect(holders.consignments).to.have.length(1);
    expect(holders.consignments[0]).to.include({ to: DEPOT, units: 200, status: "InTransit" });
    // What the list gives is what the receiver passes.
    const received = await receiveConsignment(as("depotStock"), { consignment: sent! });
    expect(received).to.deep.include({ from: NOVA, to: DEPOT, quarantined: false, findings: [] });
    expect(await stockAt(made, DEPOT)).to.include({ onHand: 200 });
    await failsWith(receiveConsignment(as("depotStock"), { consignment: sent! }), "ConsignmentStatusWrong", {
      status: "Received",
    });

    const onward = {
      ...goodsOf(made, 0, CLINIC),
      from: DEPOT,
      lines: [{ lot: made.lot, units: 50, firstUnit: 100, endUnit: 150 }],
    };
    await shipConsignment(as("depotStock"), { consignment: onward });
    expect(await getRange(as("reader"), { lot: made.lot, member: DEPOT, site: 1, firstUnit: 150 })).to.equal(
      200,
    );
    const findings = [{ damaged: 1, missing: 1, refused: 0, indices: [101, 149] }];
    const found = await receiveConsignment(as("clinicStock"), { consignment: onward, findings });
    expect(found.findings).to.deep.equal(findings);
    expect(await stockAt(made, CLINIC)).to.include({ onHand: 48 });
    expect(await isSpent(as("reader"), { lot: made.lot, unit: 149 })).to.equal(true);
    expect(await isSpent(as("reader"), { lot: made.lot, unit: 148 })).to.equal(false);
  });

  it("takes refused goods back, and gives lost ones up", async () => {
    const made = await supply.lot(await supply.product(TABLETS), 300);
    const consignment = await supply.ship(made, 100, DEPOT);
    const findings = [{ damaged: 0, missing: 0, refused: 30 }];
    await receiveConsignment(as("depotStock"), { consignment, findings });
    const waiting = (await listHolders(as("reader"), made.lot)).consignments;
    expect(waiting).to.have.length(1);
    expect(waiting[0]).to.include({ status: "Refused", units: 30 });
    await failsWith(takeBackConsignment(as("novaStock"), { consignment }), "ConsignmentUnknown", {
      from: NOVA,
    });
    const back = { ...consignment, lines: [{ lot: made.lot, units: 30 }] };
    await takeBackConsignment(as("novaStock"), { consignment: back });
    expect(await stockAt(made, NOVA)).to.include({ onHand: 30 });

    const lost = await supply.ship(made, 50, DEPOT);
    await failsWith(declareConsignmentLost(as("novaStock"), { consignment: lost }), "ConsignmentTooEarly");
    await world.pass(31 * DAY);
    await declareConsignmentLost(as("novaStock"), { consignment: lost });
    const { from, sscc } = lost;
    expect(await getConsignment(as("reader"), { from, sscc })).to.include({ status: "Lost" });
    expect(await getConsignment(as("reader"), { from, sscc: freshSscc() })).to.include({ status: "Unknown" });
  });

  it("records doses, alone and in sessions, by the vaccinator and relayed, and lets the patient find them", async () => {
    const made = await supply.stocked(CLINIC, 200);
    const keys = generateStealthKeys();
    const mine = createStealthHolder(keys.metaAddress);
    const single = doseOf(made, 3, { holder: mine.holder });
    const { ephemeralKey } = mine;
    const given = await administerDose(as("nurseNora"), { ...single, ephemeralKey });
    const { commitment, holder } = single.dose;
    const nora = world.operator("nurseNora");
    const place = { lot: made.lot, member: CLINIC, site: 1, operator: nora };
    expect(given).to.deep.include({ ...place, unit: 3, seriesDose: 1, commitment, holder, ephemeralKey });
    expect(given.administeredAt).to.equal(await world.now());
    await failsWith(administerDose(as("nurseNora"), doseOf(made, 3)), "SerialSpent", { unit: 3 });

    // The group's root is known by now: the rest of the proof may be left out.
    const next = doseOf(made, 4, { administeredAt: given.administeredAt });
    const proof = made.tree.proofOf(4).slice(0, Math.log2(made.tree.groupSize));
    const signed = { ...next, deadline: await deadline() };
    const attestation = await signAdministration(world.network, world.wallet("nurseNora"), signed);
    const relayed = await administerDose(as("clinicSystem"), { ...next, proof, attestation });
    expect(relayed).to.include({ operator: nora, unit: 4, administeredAt: given.administeredAt });

    const doses = sessionDosesOf(made, 60, 100);
    const again = createStealthHolder(keys.metaAddress);
    doses[7] = { ...doses[7]!, holder: again.holder, ephemeralKey: again.ephemeralKey };
    const session = { lot: made.lot, member: CLINIC, site: 1, firstUnit: 60 };
    const toSign = { session, doses, deadline: await deadline() };
    const bySession = await signAdministrationSession(world.network, world.wallet("nurseNora"), toSign);
    const recorded = await administerSession(as("clinicSystem"), {
      session,
      doses,
      proof: made.tree.runProofOf(60, 100),
      attestation: bySession,
    });
    expect(recorded).to.include({ ...place, firstUnit: 60 });
    expect(recorded.doses).to.have.length(100);
    recorded.doses.forEach((dose, index) => {
      const { saltedSerial: _, ...expected } = doses[index]!;
      expect(dose).to.deep.include({ ...expected, unit: 60 + index, operator: nora });
    });
    await failsWith(
      administerSession(as("nurseNora"), {
        session: { ...session, firstUnit: 160 },
        doses: sessionDosesOf(made, 161, 2),
        proof: made.tree.runProofOf(160, 2),
      }),
      "SerialUnknown",
      { unit: 160 },
    );
    expect(await stockAt(made, CLINIC)).to.include({ onHand: 98, used: 102 });

    const { viewingKey, metaAddress } = keys;
    const { spendingPublicKey } = parseMetaAddress(metaAddress);
    const found = await findDoses(as("reader"), { viewingKey, spendingPublicKey });
    expect(found.map(({ unit }) => unit)).to.deep.equal([3, 67]);
    expect(found[1]).to.include({ member: CLINIC, holder: again.holder, seriesDose: 2 });
    expect(hexlify(found[1]!.sharedSecret)).to.equal(hexlify(again.sharedSecret));
    const stranger = { ...generateStealthKeys(), spendingPublicKey };
    expect(await findDoses(as("reader"), stranger)).to.deep.equal([]);
  });

  it("takes what is dispensed from lots by count and by serial, and withholds what is withdrawn", async () => {
    const tablets = await supply.stocked(GREEN_CROSS, 90, TABLETS);
    const pens = await supply.stocked(GREEN_CROSS, 40, { vaccine: false, content: 5_000 });
    const prescription = await accepted();
    const pharmacist = as("pharmacistBerg");
    const wrong = dispenseStock([{ lot: tablets.lot, units: 9 }]);
    await failsWith(
      dispensePrescription(pharmacist, { prescription, handover: handoverOf(1, 10_000n), stock: wrong }),
      "DispenseStockMismatch",
      { dispensed: 10_000n, named: 9_000n },
    );
    const stock = dispenseStock([
      { lot: tablets.lot, units: 5 },
      {
        lot: pens.lot,
        units: 1,
        firstUnit: 7,
        saltedSerial: pens.tree.saltedSerialOf(7),
        proof: pens.tree.proofOf(7),
      },
    ]);
    const handover = handoverOf(1, 10_000n);
    const signed = { prescription, handover, stock, deadline: await deadline() };
    const attestation = await signDispense(world.network, world.wallet("pharmacistBerg"), signed);
    await dispensePrescription(as("greenCrossSystem"), { prescription, handover, stock, attestation });
    expect(await stockAt(tablets, GREEN_CROSS)).to.include({ onHand: 85, used: 5 });
    expect(await stockAt(pens, GREEN_CROSS)).to.include({ onHand: 39, used: 1 });
    expect(await isSpent(as("reader"), { lot: pens.lot, unit: 7 })).to.equal(true);

    const withdrawal = { prescription, member: GREEN_CROSS, ordinal: 1, reason: "WrongEntry" } as const;
    await failsWith(withdrawDispense(pharmacist, withdrawal), "DispenseStockWrong");
    await withdrawDispense(pharmacist, { ...withdrawal, stock });
    expect(await stockAt(tablets, GREEN_CROSS)).to.include({ onHand: 85, used: 0, withheld: 5 });
    expect(await stockAt(pens, GREEN_CROSS)).to.include({ onHand: 39, used: 0, withheld: 1 });
  });

  it("settles dispenses of discreet lots, which name them by a salted link", async () => {
    const made = await supply.stocked(GREEN_CROSS, 60, { ...TABLETS, discreet: true });
    const terms = await accepted();
    const prescription = prescriptionIdOf(terms);
    const salt = random32();
    const { link, opening } = dispenseLink({ lot: made.lot, units: 10, salt, prescription, ordinal: 1 });
    expect(keccak256(opening)).to.equal(link);
    const open = { prescription: terms, handover: handoverOf(1, 10_000n) };
    const named = { ...open, stock: dispenseStock([{ lot: made.lot, units: 10 }]) };
    await failsWith(dispensePrescription(as("pharmacistBerg"), named), "LotUsedOtherwise");
    await dispensePrescription(as("pharmacistBerg"), { ...open, stock: dispenseStock({ link }) });
    const { root, proofOf } = merkleTreeOf([opening, random32()]);
    const place = { lot: made.lot, member: GREEN_CROSS, site: 1 };
    const settled = { ...place, dispensed: 10, returned: 0, root };
    expect(await settleDispenses(as("pharmacistBerg"), settled)).to.include(settled);
    expect(verifyMerkleProof(root, opening, proofOf(0))).to.equal(true);
    expect(await stockAt(made, GREEN_CROSS)).to.include({ onHand: 50, used: 10 });
  });

  it("stops a recalled lot, and tells who answered, what is outstanding, and whom it reached", async () => {
    const vaccine = await supply.lot(await supply.product(), 300);
    await supply.deliver(vaccine, 100, CLINIC);
    await supply
      .deliver({ ...vaccine, product: { ...vaccine.product, serialised: false } }, 0, DEPOT)
      .catch(() => undefined);
    const line = lineOf(vaccine, 100, 100);
    const toDepot = await supply.ship(vaccine, 100, DEPOT, { lines: [line] });
    const given = await administerDose(as("nurseNora"), doseOf(vaccine, 0));
    const tablets = await supply.stocked(GREEN_CROSS, 90, TABLETS);
    const prescription = await accepted();
    const stock = dispenseStock([{ lot: tablets.lot, units: 10 }]);
    const handover = handoverOf(1, 10_000n);
    await dispensePrescription(as("pharmacistBerg"), { prescription, handover, stock });
    expect(await getRecallStatus(as("reader"), vaccine.lot)).to.equal(undefined);

    const order = { member: NOVA, recallClass: "ClassI", notice: random32() } as const;
    await recallLot(as("novaQuality"), { ...order, lot: vaccine.lot });
    await recallLot(as("inspectorLots"), { ...order, lot: tablets.lot, member: INSPECTOR });
    const { recalledAt } = await getLot(as("reader"), vaccine.lot);
    await failsWith(administerDose(as("nurseNora"), doseOf(vaccine, 1)), "LotIsRecalled", { recalledAt });
    await failsWith(receiveConsignment(as("depotStock"), { consignment: toDepot }), "LotIsRecalled");

    const before = await getRecallStatus(as("reader"), vaccine.lot);
    expect(before).to.deep.include({ recalledAt, recallClass: "ClassI", notice: order.notice, answers: [] });
    expect(before?.outstandingPlaces.map(({ member }) => member)).to.have.members([NOVA, CLINIC]);
    expect(before?.outstandingConsignments.map(({ to, units }) => [to, units])).to.deep.equal([[DEPOT, 100]]);
    expect(before?.doses).to.have.length(1);
    expect(before?.doses[0]).to.include({ member: CLINIC, commitment: given.commitment, unit: 0 });
    expect(before?.fills).to.deep.equal([]);

    const answer = { lot: vaccine.lot, member: CLINIC, site: 1, counted: 98 };
    const signed = { ...answer, recalledAt, deadline: await deadline() };
    const keeper = world.wallet("clinicStock");
    const attestation = await signRecallAcknowledgment(world.network, keeper, signed);
    const answered = await acknowledgeRecall(as("clinicSystem"), { ...answer, attestation });
    expect(answered).to.include({ quarantined: 99, counted: 98, operator: world.operator("clinicStock") });
    await receiveConsignment(as("depotStock"), { consignment: toDepot, intoQuarantine: true });
    await acknowledgeRecall(as("depotStock"), { lot: vaccine.lot, member: DEPOT, site: 1, counted: 100 });
    const after = await getRecallStatus(as("reader"), vaccine.lot);
    expect(after?.answers.map(({ member, counted }) => [member, counted])).to.deep.equal([
      [CLINIC, 98],
      [DEPOT, 100],
    ]);
    expect(after?.outstandingPlaces.map(({ member, originUnits }) => [member, originUnits])).to.deep.equal([
      [NOVA, 100],
    ]);
    expect(after?.outstandingConsignments).to.deep.equal([]);

    const filled = await getRecallStatus(as("reader"), tablets.lot);
    const fill = { prescription: prescriptionIdOf(prescription), ordinal: 1, units: 10, withdrawn: false };
    const { commitment } = handover;
    expect(filled?.fills).to.deep.equal([{ ...fill, member: GREEN_CROSS, site: 1, commitment }]);
    const reason = "WrongProduct";
    const withdrawal = { prescription, member: GREEN_CROSS, ordinal: 1, reason, stock } as const;
    await withdrawDispense(as("pharmacistBerg"), withdrawal);
    const undone = await getRecallStatus(as("reader"), tablets.lot);
    expect(undone?.fills.map(({ withdrawn }) => withdrawn)).to.deep.equal([true]);

    await endRecall(as("inspectorLots"), { lot: vaccine.lot, regulator: INSPECTOR });
    expect(await getRecallStatus(as("reader"), vaccine.lot)).to.equal(undefined);
    await failsWith(administerDose(as("nurseNora"), doseOf(vaccine, 1)), "StockInQuarantine", {
      quarantined: 99,
    });
  });

  it("quarantines, releases with another member's signature, writes off, and moves custody by order", async () => {
    const made = await supply.stocked(CLINIC, 100);
    const stock = { lot: made.lot, member: CLINIC, site: 1, units: 100 };
    const put = await quarantineStock(as("clinicStock"), { ...stock, reason: "QualityDefect" });
    expect(put).to.include({ units: 100, reason: "QualityDefect", held: true });
    const release = { ...stock, releaser: CLINIC, minutesOut: 0 };
    await failsWith(releaseQuarantine(as("clinicStock"), release), "QuarantineOfOwn", { releaser: CLINIC });
    const decided = { ...release, releaser: DEPOT };
    const signed = { ...decided, releases: 0, deadline: await deadline() };
    const attestation = await signQuarantineRelease(world.network, world.wallet("depotQuality"), signed);
    const released = await releaseQuarantine(as("clinicStock"), { ...decided, attestation });
    expect(released).to.include({ releaser: DEPOT, operator: world.operator("depotQuality") });

    const gone = {
      lot: made.lot,
      member: CLINIC,
      site: 1,
      pocket: "OnHand",
      units: 2,
      indices: [7, 9],
    } as const;
    await failsWith(writeOffStock(as("clinicStock"), { ...gone, loss: "Destroyed" }), "StockReasonMissing");
    const written = await writeOffStock(as("clinicStock"), { ...gone, loss: "Wasted" });
    expect(written).to.deep.include({ indices: [7, 9], loss: "Wasted", units: 2 });
    expect(await getStock(as("reader"), stock)).to.include({ onHand: 98, wasted: 2, broken: true });

    const ordered = await orderCustody(as("inspectorField"), {
      lot: made.lot,
      member: CLINIC,
      site: 1,
      to: DEPOT,
      toSite: 1,
      regulator: INSPECTOR,
    });
    expect(ordered).to.deep.include({ member: CLINIC, to: DEPOT, units: 98, ranges: [] });
    expect(await stockAt(made, DEPOT)).to.include({ onHand: 0, quarantined: 98 });
    const { places } = await listHolders(as("reader"), made.lot);
    expect(places.map(({ member, quarantined }) => [member, quarantined])).to.deep.equal([[DEPOT, 98]]);
  });

  it("tells what a serial is, and raises an alert where it is not active", async () => {
    const made = await supply.stocked(CLINIC, 100);
    const { lot, tree } = made;
    const serial = (unit: number) => ({
      lot,
      unit,
      saltedSerial: tree.saltedSerialOf(unit),
      proof: tree.proofOf(unit),
    });
    expect(await getSerialState(as("reader"), serial(5))).to.equal("Active");
    const checked = await checkSerial(as("nurseNora"), { member: CLINIC, ...serial(5) });
    expect(checked).to.include({ lot, unit: 5, state: "Active" });
    await administerDose(as("nurseNora"), doseOf(made, 5));
    expect(await getSerialState(as("reader"), serial(5))).to.equal("Spent");
    const spent = await checkSerial(as("nurseNora"), { member: CLINIC, ...serial(5) });
    expect(spent.state).to.equal("Spent");
    const forged = { ...serial(6), saltedSerial: random32() };
    expect(await getSerialState(as("reader"), forged)).to.equal("UnknownSerial");
    expect(await getSerialState(as("reader"), { ...forged, lot: random32() })).to.equal("UnknownLot");
  });

  it("keeps the cold chain: watches places and goods, and refuses what was too long out of range", async () => {
    const device = world.operator("depotSensor");
    const product = await supply.product({ storageClass: "Refrigerated", budget: 30 });
    const made = await supply.lot(product, 100);
    const consignment = await supply.ship(made, 100, DEPOT);
    const receive = () => receiveConsignment(as("depotStock"), { consignment });
    await failsWith(receive(), "CompartmentUnwatched", { storage_: "Refrigerated" });
    const watch = { storageClass: "Refrigerated", site: 1 } as const;
    const bound = await bindDevice(as("depotStock"), { member: DEPOT, device, watch });
    expect(bound.watch).to.deep.equal({ ...watch, from: 0, sscc: 0n });
    expect(await getWatch(as("reader"), { member: DEPOT, device })).to.deep.equal(bound.watch);
    await receive();

    const { reportedUntil } = await getCompartment(as("reader"), { member: DEPOT, ...watch });
    await world.pass(2 * HOUR);
    const from = reportedUntil;
    const segment: SegmentTerms = {
      member: DEPOT,
      device,
      from,
      to: from + HOUR,
      minutesOut: 31,
      readings: random32(),
    };
    const signed = { segment, deadline: await deadline() };
    const attestation = await signSegment(world.network, world.wallet("depotSensor"), signed);
    expect(await recordSegment(as("depotSystem"), { segment, attestation })).to.include({
      ...segment,
      gap: 0,
    });
    expect(await getCompartment(as("reader"), { member: DEPOT, ...watch })).to.deep.equal({
      minutesOut: 31,
      reportedUntil: from + HOUR,
    });
    const onward = {
      ...goodsOf(made, 0, CLINIC),
      from: DEPOT,
      lines: [{ lot: made.lot, units: 10, firstUnit: 0, endUnit: 10 }],
    };
    await failsWith(shipConsignment(as("depotStock"), { consignment: onward }), "StockExcursion", {
      minutesOut: 31,
      budget: 30,
    });
    await unbindDevice(as("depotStock"), { member: DEPOT, device });
    expect(await getWatch(as("reader"), { member: DEPOT, device })).to.include({
      storageClass: "Unmonitored",
    });

    const tablets = await supply.stocked(DEPOT, 60, TABLETS);
    const moving = { ...goodsOf(tablets, 0, CLINIC), from: DEPOT, lines: [{ lot: tablets.lot, units: 60 }] };
    await shipConsignment(as("depotStock"), { consignment: moving });
    const { sscc } = moving;
    await bindDevice(as("depotStock"), { member: DEPOT, device, watch: { storageClass: "Frozen", sscc } });
    expect(await getWatch(as("reader"), { member: DEPOT, device })).to.deep.equal({
      storageClass: "Frozen",
      site: 0,
      from: DEPOT,
      sscc,
    });
    const { shippedAt } = await getConsignment(as("reader"), { from: DEPOT, sscc });
    await world.pass(HOUR);
    const onRoad = { ...segment, from: shippedAt, to: shippedAt + 600, minutesOut: 4 };
    await recordSegment(as("depotSensor"), { segment: onRoad });
    expect(await getConsignment(as("reader"), { from: DEPOT, sscc })).to.include({ minutesOut: 4 });
    await failsWith(recordSegment(as("depotSensor"), { segment: onRoad }), "SegmentInvalid");
  });
});
