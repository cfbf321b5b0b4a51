import { expect } from "chai";

import { DAY, HOUR, as, at, ethers, now } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { APPOINTED_UNTIL, type World } from "../core/world.ts";
import { accept, holder, handover, idOf, lock, order, terms } from "../prescriptions/support.ts";
import {
  CERTIFICATE,
  EPHEMERAL,
  EVIDENCE,
  LOST_AFTER,
  Loss,
  Member,
  NOTICE,
  Pocket,
  Products,
  Purpose,
  Reason,
  Recall,
  SENT,
  Site,
  Storage,
  administer,
  dose,
  freshWorld,
  goods,
  keeperOf,
  line,
  move,
  newProduct,
  people,
  receive,
  register,
  release,
  sessionDose,
  ship,
  sscc,
  stockArgument,
  type Goods,
  type Line,
  type Made,
} from "../supply/support.ts";
import { lotDomain } from "./replay/lots.ts";

const { novaVaccines, orbisPharma, depotNorth, harbourClinic, sunPharmacy, drugAgency } = Member;
const clinic = { to: harbourClinic, toSite: Site.clinicFridge } as const;
const depot = { to: depotNorth, toSite: Site.depotCold } as const;
const sun = { to: sunPharmacy, toSite: Site.sunMarket } as const;
const fromDepot = { from: depotNorth, fromSite: Site.depotCold } as const;
const fromClinic = { from: harbourClinic, fromSite: Site.clinicFridge } as const;

const agrees = async (world: World, when: string): Promise<void> => {
  expect(await lotDomain.differences(world), when).to.eql([]);
};

/** Serials from the depot, so that spans are split and joined. */
const onward = (made: Made, number: number, lines: Line[], changes: Partial<Goods> = {}): Goods =>
  goods(made, 0, { ...fromDepot, ...clinic, sscc: sscc(number), lines, ...changes });

/** Serials: shipped, split, damaged, refused, taken back, lost, given, recalled. */
const serials = async (world: World): Promise<void> => {
  const { lots } = world;
  const flu = await release(world, Products.flu, 256, "FLU");
  await move(world, flu, 128);
  await move(world, flu, 64, { lines: [line(flu, 64, 128, { origin: true })], ...clinic });
  const middle = await ship(world, onward(flu, 1, [line(flu, 32, 32, { range: 0 })]));
  await receive(world, middle);
  const back = { damaged: 0, missing: 0, refused: 16, indices: [] };
  const refused = await ship(world, onward(flu, 2, [line(flu, 16, 0), line(flu, 16, 64)]));
  await receive(world, refused, [back, { damaged: 1, missing: 1, refused: 0, indices: [64, 70] }]);
  const rest = { ...refused, lines: [line(flu, 16, 0, { range: 0 })] };
  await as(lots, people.depotStock).takeBack(rest);
  const gone = await ship(world, onward(flu, 3, [line(flu, 8, 80, { range: 80 })]));
  await agrees(world, "spans");
  await administer(world, flu, 140);
  const session = {
    lot: flu.id,
    member: harbourClinic,
    site: 1,
    firstUnit: 150,
    range: 0,
    administeredAt: 0,
  };
  const proof = flu.tree.runProof(150, 20);
  const doses = Array.from({ length: 20 }, (_, i) => sessionDose(flu, 150 + i));
  await as(lots, people.nora).administerSession(session, doses, proof, SENT);
  const keeper = as(lots, people.clinicStock);
  const where = [flu.id, harbourClinic, Site.clinicFridge] as const;
  await keeper.writeOff(...where, Pocket.onHand, Loss.wasted, 2, [130, 133], 0, ethers.ZeroHash);
  await keeper.quarantine(...where, await onHand(world, where), Reason.qualityDefect);
  await agrees(world, "used and held");
  const { quarantined } = await lots.stockOf(...where);
  await as(lots, people.agencyQuality).releaseQuarantine(...where, drugAgency, quarantined, 0, SENT);
  await as(lots, people.agencyInspector).orderCustody(...where, depotNorth, Site.depotDry, drugAgency, []);
  await agrees(world, "custody");
  await at((await now()) + LOST_AFTER);
  await as(lots, people.depotStock).declareLost(gone);
  await as(lots, people.novaRecall).recallLot(flu.id, novaVaccines, Recall.classI, NOTICE);
  for (const [by, member, site] of [
    [people.novaStock, novaVaccines, Site.novaPlant],
    [people.depotQuality, depotNorth, Site.depotCold],
    [people.depotQuality, depotNorth, Site.depotCold],
  ] as const)
    await as(lots, by).acknowledgeRecall(flu.id, member, site, 5, SENT);
  await agrees(world, "recalled");
  await as(lots, people.agencyRecall).endRecall(flu.id, drugAgency);
};

const onHand = async ({ lots }: World, where: readonly [string, number, number]): Promise<bigint> =>
  (await lots.stockOf(...where)).onHand;

/** Vials of ten doses, a vaccine by count, registered and refused lots, withdrawn products. */
const vials = async (world: World): Promise<void> => {
  const { lots } = world;
  const polio = await release(world, Products.polio, 100, "POLIO");
  await move(world, polio, 60, clinic);
  for (const unit of [0, 1, 12, 59]) await administer(world, polio, unit, { administeredAt: await now() });
  const plain = await release(world, Products.plain, 100, "PLAIN");
  await move(world, plain, 50, clinic);
  const { id: lot } = plain;
  await as(lots, people.nora).administer(dose(plain, 0, { holder: holder(77).address }), EPHEMERAL, [], SENT);
  const origin = [lot, novaVaccines, Site.novaPlant] as const;
  await as(lots, people.novaStock).writeOff(...origin, Pocket.origin, Loss.destroyed, 10, [], 0, EVIDENCE);
  await as(lots, people.novaStock).quarantine(...origin, 15, Reason.counterfeit);
  const refused = await register(world, Products.plain, 5, "REFUSED");
  await as(lots, people.releaser).refuseLot(refused.id, drugAgency, CERTIFICATE);
  await as(lots, people.novaQuality).withdrawProduct(Products.plain.gtin, novaVaccines);
  await as(lots, people.novaQuality).proposeProduct(newProduct());
  await agrees(world, "vials and counts");
};

/** Tablets and pens that dispenses take; a discreet lot that is settled. */
const drugs = async (world: World): Promise<void> => {
  const { lots, prescriptions } = world;
  const tablets = await release(world, Products.tablets, 1_000, "TABLETS");
  await move(world, tablets, 300, sun);
  const pens = await release(world, Products.pens, 64, "PENS");
  await move(world, pens, 32, sun);
  const stock = stockArgument(
    { lot: tablets.id, units: 10 },
    {
      lot: pens.id,
      units: 1,
      firstUnit: 3,
      saltedSerial: pens.tree.saltedSerial(3),
      proof: pens.tree.proof(3),
    },
  );
  const units = 310_000n;
  const given = terms({ unitsPerFill: units, validFrom: await now(), validUntil: (await now()) + 90 * DAY });
  await as(prescriptions, people.drLi).issue(order(given));
  await accept(world, given, lock({ lockedUntil: (await now()) + DAY }));
  const anna = as(prescriptions, people.anna);
  await anna.dispense(given, handover({ units }), stock, SENT);
  await agrees(world, "dispensed");
  await anna.withdrawDispense(given, sunPharmacy, 1, 1, stock, SENT);
  expect(idOf(given)).to.have.length(66);
  const where = [tablets.id, sunPharmacy, Site.sunMarket] as const;
  const keeper = as(lots, people.sunStock);
  await keeper.writeOff(...where, Pocket.withheld, Loss.destroyed, 10, [], 0, EVIDENCE);
  await keeper.quarantine(...where, 40, Reason.qualityDefect);
  const discreet = await release(world, Products.discreet, 500, "DISCREET");
  await move(world, discreet, 200, sun);
  const there = [discreet.id, sunPharmacy, Site.sunMarket] as const;
  await keeper.quarantine(...there, 150, Reason.other);
  await as(lots, people.anna).settleDispenses(...there, 70, 4, ethers.id("openings"));
  const returned = { from: sunPharmacy, fromSite: 1, to: orbisPharma, toSite: 1, purpose: Purpose.return };
  await move(world, tablets, 20, { ...returned, lines: [line(tablets, 20)] });
  await agrees(world, "settled and returned");
};

/** Compartments and consignments that devices watch. */
const cold = async (world: World): Promise<void> => {
  const { lots, registry } = world;
  const keeper = as(lots, people.depotStock);
  const watch = { storage_: Storage.refrigerated, site: Site.depotCold, from: 0, sscc: 0 };
  await keeper.bindDevice(depotNorth, people.depotSensor.key, watch);
  const started = await now();
  const measured = async (from: number, to: number, minutesOut: number): Promise<void> => {
    const segment = { member: depotNorth, device: people.depotSensor.key, from, to, minutesOut };
    const readings = ethers.id(`${from}`);
    await as(lots, people.depotSensor).recordSegment({ ...segment, readings }, SENT);
  };
  await at(started + 5 * HOUR);
  await measured(started, started + HOUR, 10);
  await measured(started + 3 * HOUR, started + 4 * HOUR, 5);
  for (const product of [Products.cold, Products.coldTablets]) {
    const made = await release(world, product, 100, "COLD");
    await move(world, made, 40);
    await at((await now()) + 27 * HOUR);
    const { onHand: there } = await lots.stockOf(made.id, depotNorth, Site.depotCold);
    if (there > 0n) await keeper.quarantine(made.id, depotNorth, Site.depotCold, there, Reason.excursion);
    await measured(await lastReport(world), await now(), 3);
    const { quarantined } = await lots.stockOf(made.id, depotNorth, Site.depotCold);
    const where = [made.id, depotNorth, Site.depotCold] as const;
    await as(lots, people.agencyQuality).releaseQuarantine(...where, drugAgency, quarantined, 7, SENT);
    const sent = await ship(world, onward(made, 10 + Number(made.product.gtin % 7n), [line(made, 10)]));
    await keeper.unbindDevice(depotNorth, people.depotSensor.key);
    const transit = { storage_: Storage.refrigerated, site: 0, from: depotNorth, sscc: sent.sscc };
    await keeper.bindDevice(depotNorth, people.depotSensor.key, transit);
    const left = await now();
    await at(left + 3 * HOUR);
    await measured(left + 2 * HOUR, left + 2 * HOUR + 600, 4);
    await receive(world, sent, [], true);
    await keeper.unbindDevice(depotNorth, people.depotSensor.key);
    await keeper.bindDevice(depotNorth, people.depotSensor.key, watch);
    await agrees(world, "cold chain");
  }
  const until = APPOINTED_UNTIL;
  const appointment = { operator: people.depotSystem.key, duties: Duty.SUBMIT | Duty.SENSE, until };
  await as(registry, people.depotAdmin).appoint(depotNorth, appointment);
  const second = { ...watch, storage_: Storage.frozen };
  await keeper.bindDevice(depotNorth, people.depotSystem.key, second);
  await agrees(world, "two compartments");
};

const lastReport = async ({ lots }: World): Promise<number> =>
  Number((await lots.compartmentOf(depotNorth, Site.depotCold, Storage.refrigerated)).reportedUntil);

describe("lots, told by their events alone", () => {
  it("I-12: tells every serial, span, loss, recall and custody", async () => {
    await serials(await freshWorld());
  });

  it("I-12: tells vials, counted doses, refused lots and withdrawn products", async () => {
    await vials(await freshWorld());
  });

  it("I-12: tells what dispenses took, what came back, and settlements", async () => {
    await drugs(await freshWorld());
  });

  it("I-12: tells compartments, devices and the minutes of goods", async () => {
    await cold(await freshWorld());
  });

  it("I-12: what no event told is seen", async () => {
    const world = await freshWorld();
    const made: Made = await release(world, Products.plain, 10, "PLAIN");
    await move(world, made, 5);
    const base = 0x665c59b3db0320109701ddea46925575b2c60592ca649bdf19db8cf75f81ca00n;
    const coder = ethers.AbiCoder.defaultAbiCoder();
    const hashed = (type: string, key: unknown, slot: string): string =>
      ethers.keccak256(coder.encode([type, "bytes32"], [key, slot]));
    const place = (BigInt(depotNorth) << 16n) | BigInt(Site.depotCold);
    const slot = hashed("uint48", place, hashed("bytes32", made.id, ethers.toBeHex(base + 2n, 32)));
    const address = await world.lots.getAddress();
    const word = BigInt(await ethers.provider.getStorage(address, slot));
    const more = ethers.toBeHex(word + 1n, 32);
    await ethers.provider.send("hardhat_setStorageAt", [address, slot, more]);
    expect((await lotDomain.differences(world)).map((each) => each.split(" ").slice(0, 2))).to.eql([
      ["LotRegistry:", "stocks"],
    ]);
    expect(keeperOf(depotNorth)).to.equal(people.depotStock);
    expect(depot.to).to.equal(fromDepot.from);
    expect(fromClinic.from).to.equal(harbourClinic);
  });
});
