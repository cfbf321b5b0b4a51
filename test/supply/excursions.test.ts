import { expect } from "chai";

import { HOUR, MINUTE, as, at, ethers, mineAt, now, type Actor } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import type { World } from "../core/world.ts";
import { coldStore, measure, watched } from "./cold.ts";
import {
  Member,
  Products,
  Reason,
  SENT,
  Site,
  administer,
  goods,
  line,
  move,
  people,
  receive,
  release,
  ship,
  sign,
  sscc,
  stockOf,
  type Made,
} from "./support.ts";

describe("LotRegistry.excursions", () => {
  const { depotNorth, harbourClinic, drugAgency, novaVaccines } = Member;
  const own = {
    from: depotNorth,
    fromSite: Site.depotCold,
    to: harbourClinic,
    toSite: Site.clinicFridge,
  } as const;
  const back = { from: own.to, fromSite: own.toSite, to: own.from, toSite: own.fromSite } as const;
  const atDepot = async (world: World, made: Made) =>
    await stockOf(world, made.id, depotNorth, Site.depotCold);
  const there = async (world: World, made: Made) =>
    await stockOf(world, made.id, harbourClinic, Site.clinicFridge);
  const load = async () => {
    const { world, since } = await watched();
    const watch = coldStore({ site: Site.clinicFridge });
    await as(world.lots, people.clinicStock).bindDevice(harbourClinic, people.clinicSensor.key, watch);
    const made = await release(world, Products.cold, 128);
    await move(world, made, 64);
    return { world, since, made };
  };
  const held = async () => {
    const loaded = await load();
    const { world, since } = loaded;
    await measure(world, since, since + 2 * HOUR, 61);
    const keeper = as(world.lots, people.depotStock);
    await keeper.quarantine(loaded.made.id, depotNorth, Site.depotCold, 64, Reason.excursion);
    return { ...loaded, where: [loaded.made.id, depotNorth, Site.depotCold] as const };
  };
  const signed = async (world: World, made: Made, by: Actor, releaser: number, releases = 0) =>
    await sign(
      world,
      by,
      "QuarantineRelease",
      {
        lot: made.id,
        member: depotNorth,
        site: Site.depotCold,
        releaser,
        units: 64,
        minutesOut: 30,
        releases,
      },
      (await now()) + HOUR,
    );

  describe("given the goods were out of range", () => {
    it("lets their minutes travel with them, and shipping never takes one away", async () => {
      const { world, since, made } = await load();
      await measure(world, since, since + HOUR, 20);
      expect((await atDepot(world, made)).minutesNow).to.equal(20);
      const sent = await ship(world, goods(made, 8, { ...own, sscc: sscc(7), lines: [line(made, 8)] }));
      expect((await world.lots.consignmentOf(depotNorth, sent.sscc)).minutesOut).to.equal(20n);
      await receive(world, sent);
      expect((await there(world, made)).minutesOut).to.equal(20);
      await move(world, made, 8, { ...back, lines: [line(made, 8)] });
      expect((await atDepot(world, made)).minutesOut).to.equal(20);
      await move(world, made, 4, { ...own, lines: [line(made, 4)] });
      expect((await there(world, made)).minutesOut).to.equal(20);
    });
    it("gives the stock that they join the minutes of the worse", async () => {
      const { world, since, made } = await load();
      await move(world, made, 8, { ...own, lines: [line(made, 8)] });
      expect((await there(world, made)).minutesOut).to.equal(0);
      await measure(world, since, since + HOUR, 20);
      await move(world, made, 8, { ...own, lines: [line(made, 8, 8)] });
      expect((await there(world, made)).minutesOut).to.equal(20);
    });
    it("counts nothing that happened in the compartment before they came", async () => {
      const { world, since } = await load();
      await measure(world, since, since + 5 * HOUR, 300);
      const fresh = await release(world, Products.cold, 64, "FRESH");
      await move(world, fresh, 32);
      const stock = await atDepot(world, fresh);
      expect([stock.onHand, stock.minutesOut, stock.minutesNow, stock.held]).to.eql([32, 0, 0, false]);
    });
    it("counts nothing of what lay there before and left", async () => {
      const { world, since } = await load();
      const fresh = await release(world, Products.cold, 64, "FRESH");
      await move(world, fresh, 32);
      await measure(world, since, since + 5 * HOUR, 30);
      await move(world, fresh, 32, { ...own, lines: [line(fresh, 32)] });
      await measure(world, since + 5 * HOUR, since + 6 * HOUR, 50);
      await move(world, fresh, 32, { lines: [line(fresh, 32, 32, { origin: true })] });
      const stock = await atDepot(world, fresh);
      expect([stock.onHand, stock.minutesOut, stock.minutesNow, stock.held]).to.eql([32, 0, 0, false]);
    });
  });
  describe("given goods are under way without a monitor", () => {
    it("counts the whole way once it takes more than an hour", async () => {
      const { world, made } = await load();
      for (const [serial, minutes, counted] of [
        [8, 60, 0],
        [9, 61, 61],
      ] as const) {
        const lines = [line(made, 8, (serial - 8) * 8)];
        const sent = await ship(world, goods(made, 8, { ...own, sscc: sscc(serial), lines }));
        await at((await now()) + minutes * MINUTE);
        await receive(world, sent);
        const stock = await there(world, made);
        expect([stock.minutesOut, stock.held]).to.eql([counted, counted > 60]);
      }
    });
  });
  describe("given a monitor lags", () => {
    it("counts its silence after 26 hours, and not before", async () => {
      const { world, since, made } = await load();
      await mineAt(since + 26 * HOUR);
      expect((await atDepot(world, made)).minutesNow).to.equal(0);
      await at(since + 26 * HOUR + 1);
      const sent = ship(world, goods(made, 8, { ...own, sscc: sscc(7), lines: [line(made, 8)] }));
      const where = [made.id, depotNorth, Site.depotCold] as const;
      await fails(sent, world.lots, "StockExcursion", ...where, 26 * 60 + 1, 60);
    });
    it("does not count it once the report came", async () => {
      const { world, since, made } = await load();
      await measure(world, since, since + 27 * HOUR, 0);
      expect((await atDepot(world, made)).minutesNow).to.equal(0);
      await move(world, made, 8, { ...own, lines: [line(made, 8)] });
    });
  });
  describe("given the stock was longer out of range than it bears", () => {
    it("bears its budget to the minute, then neither moves nor is used", async () => {
      const { world, since, made } = await load();
      await measure(world, since, since + 2 * HOUR, 60);
      await move(world, made, 8, { ...own, lines: [line(made, 8)] });
      await administer(world, made, 0);
      await measure(world, since + 2 * HOUR, since + 3 * HOUR, 1);
      const where = [made.id, depotNorth, Site.depotCold] as const;
      const sent = ship(world, goods(made, 8, { ...own, sscc: sscc(7), lines: [line(made, 8, 8)] }));
      await fails(sent, world.lots, "StockExcursion", ...where, 61, 60);
    });
    it("quarantines itself on arrival, with all that lies there", async () => {
      const { world, made } = await load();
      await move(world, made, 8, { ...own, lines: [line(made, 8)] });
      const late = await ship(world, goods(made, 8, { ...own, sscc: sscc(7), lines: [line(made, 8, 8)] }));
      await at((await now()) + 2 * HOUR);
      const keeper = people.clinicStock;
      const received = as(world.lots, keeper).receiveConsignment(late, false);
      const where = [made.id, harbourClinic, Site.clinicFridge] as const;
      await emits(received, world.lots, "StockQuarantined", ...where, 16, Reason.excursion, true, keeper.key);
      const stock = await there(world, made);
      expect([stock.onHand, stock.quarantined, stock.held]).to.eql([0, 16, true]);
      const used = administer(world, made, 0);
      await fails(used, world.lots, "StockInQuarantine", ...where, 16);
    });
  });
  describe("when quarantine after an excursion is released", () => {
    it("takes the signature of another group's quality, once", async () => {
      const { world, made, where } = await held();
      const { lots } = world;
      const signature = await signed(world, made, people.novaQuality, novaVaccines);
      const keeper = as(lots, people.depotStock);
      const act = [...where, novaVaccines, 64, 30, signature] as const;
      const { key } = people.novaQuality;
      await emits(
        keeper.releaseQuarantine(...act),
        lots,
        "QuarantineReleased",
        ...where,
        novaVaccines,
        64,
        30,
        key,
      );
      const stock = await atDepot(world, made);
      expect([stock.onHand, stock.held, stock.minutesNow, stock.releases]).to.eql([64, false, 30, 1]);
      await keeper.quarantine(...where, 64, Reason.excursion);
      await expect(keeper.releaseQuarantine(...act)).to.be.revertedWithCustomError(lots, "DutyNotHeld");
    });
    it("takes a regulator's own act", async () => {
      const { world, made, where } = await held();
      await as(world.lots, people.agencyQuality).releaseQuarantine(...where, drugAgency, 64, 60, SENT);
      expect((await atDepot(world, made)).minutesNow).to.equal(60);
    });
    it("reverts with QuarantineOfOwn for the group's own quality", async () => {
      const { world, made, where } = await held();
      const signature = await signed(world, made, people.depotQuality, depotNorth);
      const sent = as(world.lots, people.depotStock).releaseQuarantine(
        ...where,
        depotNorth,
        64,
        30,
        signature,
      );
      await fails(sent, world.lots, "QuarantineOfOwn", made.id, depotNorth, depotNorth);
    });
    it("reverts with QuarantineRegulatorOnly for another member by itself", async () => {
      const { world, made, where } = await held();
      const sent = as(world.lots, people.novaQuality).releaseQuarantine(...where, novaVaccines, 64, 30, SENT);
      await fails(sent, world.lots, "QuarantineRegulatorOnly", made.id, novaVaccines);
    });
    it("reverts with QuarantineMinutesInvalid for more than the product bears", async () => {
      const { world, made, where } = await held();
      const sent = as(world.lots, people.agencyQuality).releaseQuarantine(...where, drugAgency, 64, 61, SENT);
      await fails(sent, world.lots, "QuarantineMinutesInvalid", made.id, 61, 60);
      expect(ethers.isHexString(made.id)).to.equal(true);
    });
  });
});
