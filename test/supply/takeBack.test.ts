import { expect } from "chai";

import { as, at, START, DAY, HOUR } from "../core/chain.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { balances, goingBack } from "./books.ts";
import {
  Member,
  NOTICE,
  NO_STOCK,
  Products,
  Reason,
  Recall,
  Site,
  TAKE_BACK_AFTER,
  Transit,
  freshWorld,
  goods,
  line,
  people,
  receive,
  release,
  ship,
  sscc,
  stockOf,
} from "./support.ts";

describe("LotRegistry.takeBack", () => {
  const { novaVaccines, orbisPharma, depotNorth, harbourClinic } = Member;
  const load = async () => {
    const world = await freshWorld();
    const made = await release(world, Products.flu, 1_000);
    await at(START + HOUR);
    const sent = await ship(world, goods(made, 100));
    return { world, made, sent, ...world, nova: as(world.lots, people.novaStock) };
  };
  const notBefore = START + HOUR + TAKE_BACK_AFTER;
  const refused = (units: number) => [{ damaged: 0, missing: 0, refused: units, indices: [] }];

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { lots, nova, sent } = await load();
      await as(lots, people.emergency).pause(START + DAY);
      await fails(nova.takeBack(sent), lots, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller does not keep the sender's stock", () => {
    it("reverts with DutyNotHeld", async () => {
      const { lots, sent } = await load();
      await at(notBefore);
      for (const who of [people.stranger, people.depotStock, people.novaQuality]) {
        const taken = as(lots, who).takeBack(sent);
        await fails(taken, lots, "DutyNotHeld", novaVaccines, who.key, Duty.HANDLE_STOCK);
      }
    });
    it("reverts with StockSiteNotOpen where the site was closed", async () => {
      const { lots, registry, nova, sent } = await load();
      await as(registry, people.novaAdmin).closeSite(novaVaccines, 1);
      await fails(nova.takeBack(sent), lots, "StockSiteNotOpen", novaVaccines, 1);
    });
  });
  describe("when it is not what was shipped", () => {
    it("reverts with ConsignmentUnknown for other contents, another sender and another SSCC", async () => {
      const { lots, nova, made, sent } = await load();
      await at(notBefore);
      for (const change of [
        { lines: [line(made, 101, 0, { origin: true })] },
        { lines: [] },
        { sscc: sscc(2) },
        { to: harbourClinic },
      ]) {
        const other = { ...sent, ...change };
        await fails(nova.takeBack(other), lots, "ConsignmentUnknown", novaVaccines, other.sscc);
      }
      const own = { ...sent, from: depotNorth, fromSite: Site.depotCold };
      const stolen = as(lots, people.depotStock).takeBack(own);
      await fails(stolen, lots, "ConsignmentUnknown", depotNorth, sent.sscc);
    });
  });
  describe("given it is under way", () => {
    it("reverts with ConsignmentTooEarly until 72 hours after it left", async () => {
      const { world, lots, nova, made, sent } = await load();
      await at(notBefore - 1);
      const early = nova.takeBack(sent);
      await fails(early, lots, "ConsignmentTooEarly", novaVaccines, sent.sscc, notBefore);
      await at(notBefore);
      await nova.takeBack(sent);
      await balances(world, made);
    });
  });
  describe("given it is over", () => {
    it("reverts with ConsignmentStatusWrong once received, taken back or given up", async () => {
      const { lots, nova, sent, world } = await load();
      await receive(world, sent);
      const args = [novaVaccines, sent.sscc];
      await at(notBefore);
      await fails(nova.takeBack(sent), lots, "ConsignmentStatusWrong", ...args, Transit.received);
      const other = await load();
      await at(notBefore);
      await other.nova.takeBack(sent);
      const twice = other.nova.takeBack(sent);
      await fails(twice, other.lots, "ConsignmentStatusWrong", ...args, Transit.takenBack);
      const third = await load();
      await at(START + 31 * DAY);
      await third.nova.declareLost(sent);
      const gone = third.nova.takeBack(sent);
      await fails(gone, third.lots, "ConsignmentStatusWrong", ...args, Transit.lost);
    });
  });
  describe("given it was refused", () => {
    it("gives exactly what was refused back, at once, and reverts for all of it", async () => {
      const { world, lots } = await load();
      const made = await release(world, Products.tablets, 1_000);
      const orbis = as(lots, people.orbisStock);
      const sent = await ship(world, goods(made, 100));
      await receive(world, sent, refused(30));
      const [lost, more] = [
        { ...sent, lines: [line(made, 100)] },
        { ...sent, lines: [line(made, 31)] },
      ];
      for (const wrong of [sent, lost, more])
        await fails(orbis.takeBack(wrong), lots, "ConsignmentUnknown", orbisPharma, sent.sscc);
      const back = goingBack(sent, line(made, 30));
      const args = [orbisPharma, sent.sscc, 0, people.orbisStock.key];
      await emits(orbis.takeBack(back), lots, "ConsignmentTakenBack", ...args);
      expect(await stockOf(world, made.id, orbisPharma, 1)).to.eql({ ...NO_STOCK, onHand: 30 });
      expect((await lots.consignmentOf(orbisPharma, sent.sscc)).status).to.equal(Transit.takenBack);
      await balances(world, made);
      const again = orbis.takeBack(back);
      await fails(again, lots, "ConsignmentStatusWrong", orbisPharma, sent.sscc, Transit.takenBack);
    });
  });
  describe("when all holds", () => {
    it("emits ConsignmentTakenBack, and the serials lie at the sender's place", async () => {
      const { world, lots, nova, made, sent } = await load();
      await at(notBefore);
      // Nobody watched it: all of the time is out of range, of no matter to a lot that is kept anywhere.
      const args = [novaVaccines, sent.sscc, 72 * 60, people.novaStock.key];
      await emits(nova.takeBack(sent), lots, "ConsignmentTakenBack", ...args);
      const stock = { ...NO_STOCK, onHand: 100, span: [0, 100] };
      expect(await stockOf(world, made.id, novaVaccines, 1)).to.eql(stock);
      expect((await lots.lotOf(made.id)).originUnits).to.equal(900);
      await balances(world, made);
      const again = goods(made, 100, { sscc: sscc(2), lines: [line(made, 100)] });
      await ship(world, again);
      await balances(world, made, 100);
    });
    it("keeps broken stock broken", async () => {
      const { world, lots, made, sent } = await load();
      await receive(world, sent);
      const depot = as(lots, people.depotStock);
      await depot.writeOff(made.id, depotNorth, 1, 0, 1, 1, [7], 0, NOTICE);
      const away = { from: depotNorth, fromSite: 1, to: harbourClinic, sscc: sscc(2) };
      const lines = [line(made, 19, 0, { endUnit: 20 })];
      const next = await ship(world, goods(made, 19, { ...away, lines }));
      await receive(world, next, refused(19));
      await depot.takeBack(goingBack(next, ...lines));
      const stock = { ...NO_STOCK, onHand: 99, wasted: 1, broken: true, span: [0, 100] };
      expect(await stockOf(world, made.id, depotNorth, 1)).to.eql(stock);
      await balances(world, made);
    });
    it("puts it into quarantine where all of the lot is held", async () => {
      const { world, lots, nova, made, sent } = await load();
      await nova.quarantine(made.id, novaVaccines, 1, 900, Reason.other);
      await at(notBefore);
      const args = [made.id, novaVaccines, 1, 100, Reason.other, true, people.novaStock.key];
      await emits(nova.takeBack(sent), lots, "StockQuarantined", ...args);
      const stock = { ...NO_STOCK, quarantined: 1_000, held: true, span: [0, 1_000] };
      expect(await stockOf(world, made.id, novaVaccines, 1)).to.eql(stock);
      await balances(world, made);
    });
    it("puts goods aside that were out of range too long on their way", async () => {
      const { world, lots } = await load();
      const made = await release(world, Products.coldTablets, 100);
      const sent = await ship(world, goods(made, 40));
      await at(START + 4 * DAY);
      const taken = as(lots, people.orbisStock).takeBack(sent);
      const args = [made.id, orbisPharma, 1, 40, Reason.other, false, people.orbisStock.key];
      await emits(taken, lots, "StockQuarantined", ...args);
      const stock = await stockOf(world, made.id, orbisPharma, 1);
      expect([stock.onHand, stock.quarantined, stock.held]).to.eql([0, 40, false]);
      await balances(world, made);
    });
    it("brings goods of a recalled lot back, which stay where they are", async () => {
      const { world, lots, nova, made, sent } = await load();
      await as(lots, people.novaRecall).recallLot(made.id, novaVaccines, Recall.classI, NOTICE);
      await at(notBefore);
      await nova.takeBack(sent);
      const { recalledAt } = await lots.lotOf(made.id);
      const again = nova.ship(goods(made, 100, { sscc: sscc(2), lines: [line(made, 100)] }));
      await fails(again, lots, "LotIsRecalled", made.id, recalledAt);
      await balances(world, made);
    });
  });
});
