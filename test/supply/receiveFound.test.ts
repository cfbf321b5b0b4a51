import { expect } from "chai";

import { as, START, DAY } from "../core/chain.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { balances, goingBack } from "./books.ts";
import {
  Member,
  NOTICE,
  NO_STOCK,
  Products,
  Purpose,
  Reason,
  Recall,
  Site,
  Transit,
  freshWorld,
  goods,
  line,
  move,
  people,
  receive,
  release,
  ship,
  sscc,
  stockOf,
  type Finding,
} from "./support.ts";

describe("LotRegistry.receiveFound", () => {
  const { novaVaccines, orbisPharma, depotNorth, harbourClinic } = Member;
  const load = async () => {
    const world = await freshWorld();
    const made = await release(world, Products.flu, 1_000);
    const counted = await release(world, Products.tablets, 1_000);
    const sent = await ship(world, goods(made, 100));
    const tablets = await ship(world, goods(counted, 100));
    const depot = as(world.lots, people.depotStock);
    return { world, made, counted, sent, tablets, ...world, depot };
  };
  const there = [depotNorth, Site.depotCold] as const;
  const found = (changes: Partial<Finding> = {}): Finding => ({
    damaged: 0,
    missing: 0,
    refused: 0,
    indices: [],
    ...changes,
  });

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { lots, depot, sent } = await load();
      await as(lots, people.emergency).pause(START + DAY);
      await fails(depot.receiveFound(sent, [found()], false), lots, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller does not keep the receiver's stock", () => {
    it("reverts with DutyNotHeld", async () => {
      const { lots, sent } = await load();
      for (const who of [people.stranger, people.novaStock, people.depotQuality]) {
        const taken = as(lots, who).receiveFound(sent, [found()], false);
        await fails(taken, lots, "DutyNotHeld", depotNorth, who.key, Duty.HANDLE_STOCK);
      }
    });
    it("reverts with StockSiteNotOpen where the site was closed", async () => {
      const { lots, registry, depot, sent } = await load();
      await as(registry, people.depotAdmin).closeSite(...there);
      await fails(depot.receiveFound(sent, [found()], false), lots, "StockSiteNotOpen", ...there);
    });
  });
  describe("when it is not what was shipped, or not under way", () => {
    it("reverts with ConsignmentUnknown and ConsignmentStatusWrong", async () => {
      const { world, lots, depot, sent, made } = await load();
      const other = { ...sent, lines: [line(made, 99, 0, { origin: true })] };
      const wrong = depot.receiveFound(other, [found()], false);
      await fails(wrong, lots, "ConsignmentUnknown", novaVaccines, sent.sscc);
      await receive(world, sent);
      const args = [novaVaccines, sent.sscc, Transit.received];
      await fails(depot.receiveFound(sent, [found()], false), lots, "ConsignmentStatusWrong", ...args);
    });
  });
  describe("when the findings do not fit", () => {
    it("reverts with ConsignmentFindingInvalid unless there is one for each line", async () => {
      const { lots, depot, sent } = await load();
      for (const count of [0, 2]) {
        const taken = depot.receiveFound(
          sent,
          Array.from({ length: count }, () => found()),
          false,
        );
        await fails(taken, lots, "ConsignmentFindingInvalid", novaVaccines, sent.sscc, count);
      }
    });
    it("reverts with ConsignmentFindingInvalid for more units than the line has", async () => {
      const { lots, depot, tablets } = await load();
      const most = 4_294_967_295;
      for (const finding of [
        { damaged: 101 },
        { missing: 101 },
        { refused: 101 },
        { damaged: 50, missing: 30, refused: 21 },
        { damaged: most, missing: most, refused: most },
        { damaged: most, missing: 2 },
        { missing: most, refused: 2 },
      ]) {
        const taken = depot.receiveFound(tablets, [found(finding)], false);
        await fails(taken, lots, "ConsignmentFindingInvalid", orbisPharma, tablets.sscc, 0);
      }
      await depot.receiveFound(tablets, [found({ damaged: 50, missing: 30, refused: 20 })], false);
    });
    it("reverts with ConsignmentFindingInvalid unless each serial that is gone is named, and no other", async () => {
      const { lots, depot, sent, tablets } = await load();
      for (const finding of [
        { damaged: 1 },
        { missing: 1 },
        { damaged: 1, missing: 1, indices: [3] },
        { indices: [3] },
        { damaged: 1, indices: [3, 4] },
      ]) {
        const taken = depot.receiveFound(sent, [found(finding)], false);
        await fails(taken, lots, "ConsignmentFindingInvalid", novaVaccines, sent.sscc, 0);
      }
      const named = depot.receiveFound(tablets, [found({ damaged: 1, indices: [0] })], false);
      await fails(named, lots, "ConsignmentFindingInvalid", orbisPharma, tablets.sscc, 0);
    });
    it("reverts with ConsignmentFindingInvalid for a serial outside of the span, and takes its ends", async () => {
      const { world, lots, depot, made } = await load();
      const lines = [line(made, 100, 100, { origin: true })];
      const sent = await ship(world, goods(made, 100, { sscc: sscc(2), lines }));
      for (const index of [0, 99, 200, 4_294_967_295]) {
        const taken = depot.receiveFound(sent, [found({ damaged: 1, indices: [index] })], false);
        await fails(taken, lots, "ConsignmentFindingInvalid", novaVaccines, sent.sscc, 0);
      }
      await depot.receiveFound(sent, [found({ damaged: 1, missing: 1, indices: [100, 199] })], false);
      expect(await lots.isSpent(made.id, 100)).to.equal(true);
      expect(await lots.isSpent(made.id, 101)).to.equal(false);
      expect(await lots.isSpent(made.id, 199)).to.equal(true);
    });
    it("reverts with ConsignmentFindingInvalid for serials that are refused in part", async () => {
      const { lots, depot, sent } = await load();
      for (const finding of [{ refused: 1 }, { refused: 99 }, { refused: 99, damaged: 1, indices: [5] }]) {
        const taken = depot.receiveFound(sent, [found(finding)], false);
        await fails(taken, lots, "ConsignmentFindingInvalid", novaVaccines, sent.sscc, 0);
      }
    });
    it("names the line of the wrong finding, and takes in none", async () => {
      const { world, lots, depot, made, counted } = await load();
      const two = await move(world, made, 10, { lines: [line(made, 10, 100, { origin: true })] });
      await move(world, counted, 10);
      const changes = { from: depotNorth, fromSite: Site.depotCold, to: harbourClinic, toSite: 1 };
      const lines = [line(made, 5, 100), line(counted, 5)];
      const sent = await ship(world, { ...two, ...changes, lines });
      const wrong = [found(), found({ refused: 6 })];
      const taken = as(lots, people.clinicStock).receiveFound(sent, wrong, false);
      await fails(taken, lots, "ConsignmentFindingInvalid", depotNorth, sent.sscc, 1);
      await fails(
        depot.receiveFound(sent, wrong, false),
        lots,
        "DutyNotHeld",
        harbourClinic,
        people.depotStock.key,
        Duty.HANDLE_STOCK,
      );
      expect(await stockOf(world, made.id, harbourClinic, 1)).to.eql(NO_STOCK);
    });
  });
  describe("when a serial is gone already", () => {
    it("reverts with SerialSpent for one that is named twice", async () => {
      const { lots, depot, made, sent } = await load();
      for (const finding of [
        { damaged: 2, indices: [7, 7] },
        { damaged: 1, missing: 1, indices: [7, 7] },
      ]) {
        const taken = depot.receiveFound(sent, [found(finding)], false);
        await fails(taken, lots, "SerialSpent", made.id, 7);
      }
    });
    it("reverts with SerialSpent for one that was written off before it left", async () => {
      const { world, lots, depot, made, sent } = await load();
      await receive(world, sent);
      await depot.writeOff(made.id, ...there, 0, 1, 1, [7], 0, NOTICE);
      const changes = { from: depotNorth, fromSite: Site.depotCold, to: harbourClinic, toSite: 1 };
      const lines = [line(made, 9, 0, { endUnit: 10 })];
      const next = await ship(world, goods(made, 9, { ...changes, lines }));
      const clinic = as(lots, people.clinicStock);
      const again = clinic.receiveFound(next, [found({ missing: 1, indices: [7] })], false);
      await fails(again, lots, "SerialSpent", made.id, 7);
      await clinic.receiveFound(next, [found({ missing: 1, indices: [8] })], false);
      const stock = { ...NO_STOCK, onHand: 8, lost: 1, broken: true, span: [0, 10] };
      expect(await stockOf(world, made.id, harbourClinic, 1)).to.eql(stock);
      await balances(world, made);
    });
  });
  describe("given the lot was recalled on its way", () => {
    it("reverts with LotIsRecalled unless it goes into quarantine, or none is accepted", async () => {
      const { world, lots, depot, made, sent, counted, tablets } = await load();
      await as(lots, people.novaRecall).recallLot(made.id, novaVaccines, Recall.classI, NOTICE);
      const { recalledAt } = await lots.lotOf(made.id);
      const one = [found({ damaged: 1, indices: [0] })];
      await fails(depot.receiveFound(sent, one, false), lots, "LotIsRecalled", made.id, recalledAt);
      const args = [made.id, ...there, 99, Reason.recall, true, people.depotStock.key];
      await emits(depot.receiveFound(sent, one, true), lots, "StockQuarantined", ...args);
      await balances(world, made);
      await as(lots, people.orbisQuality).recallLot(counted.id, orbisPharma, Recall.classI, NOTICE);
      await depot.receiveFound(tablets, [found({ refused: 100 })], false);
      await balances(world, counted, 100);
    });
  });
  describe("when all holds", () => {
    it("emits ConsignmentReceived with the findings, and takes in the rest", async () => {
      const { world, lots, depot, made, sent } = await load();
      const findings = [found({ damaged: 2, missing: 1, indices: [3, 9, 4] })];
      const { key } = people.depotStock;
      const args = [novaVaccines, sent.sscc, depotNorth, 0, false, [[2, 1, 0, [3, 9, 4]]], key];
      await emits(depot.receiveFound(sent, findings, false), lots, "ConsignmentReceived", ...args);
      const stock = { ...NO_STOCK, onHand: 97, wasted: 2, lost: 1, broken: true, span: [0, 100] };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      expect((await lots.consignmentOf(novaVaccines, sent.sscc)).status).to.equal(Transit.received);
      await balances(world, made);
    });
    it("takes all of it where nothing was found, and does not call it broken", async () => {
      const { world, depot, made, sent } = await load();
      await depot.receiveFound(sent, [found()], false);
      const stock = { ...NO_STOCK, onHand: 100, span: [0, 100] };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      await balances(world, made);
    });
    it("takes in nothing where all is gone", async () => {
      const { world, lots, depot, counted, tablets } = await load();
      await depot.receiveFound(tablets, [found({ damaged: 40, missing: 60 })], false);
      const stock = { ...NO_STOCK, wasted: 40, lost: 60 };
      expect(await stockOf(world, counted.id, ...there)).to.eql(stock);
      expect((await lots.consignmentOf(orbisPharma, tablets.sscc)).status).to.equal(Transit.received);
      await balances(world, counted);
    });
    it("keeps what was refused under way, with exactly that as its contents", async () => {
      const { world, lots, depot, counted, tablets } = await load();
      const findings = [found({ damaged: 5, missing: 5, refused: 30 })];
      await depot.receiveFound(tablets, findings, false);
      const stock = { ...NO_STOCK, onHand: 60, wasted: 5, lost: 5 };
      expect(await stockOf(world, counted.id, ...there)).to.eql(stock);
      const transit = await lots.consignmentOf(orbisPharma, tablets.sscc);
      expect(transit.status).to.equal(Transit.refused);
      const back = goingBack(tablets, line(counted, 30));
      expect(transit.contents).to.equal(await lots.contentsOf(back));
      await balances(world, counted, 30);
    });
    it("keeps only the refused lines of several", async () => {
      const { world, lots, made, counted, sent, tablets } = await load();
      await receive(world, sent);
      await receive(world, tablets);
      const changes = { from: depotNorth, fromSite: Site.depotCold, to: harbourClinic, toSite: 1 };
      const lines = [line(made, 10, 20), line(counted, 10), line(made, 5, 50, { range: 30 })];
      const next = await ship(world, goods(made, 1, { ...changes, lines }));
      const findings = [found(), found({ refused: 4 }), found({ refused: 5 })];
      await as(lots, people.clinicStock).receiveFound(next, findings, false);
      const back = goingBack(next, line(counted, 4), line(made, 5, 50));
      const transit = await lots.consignmentOf(depotNorth, next.sscc);
      expect(transit.contents).to.equal(await lots.contentsOf(back));
      const flu = { ...NO_STOCK, onHand: 10, span: [20, 30] };
      expect(await stockOf(world, made.id, harbourClinic, 1)).to.eql(flu);
      await balances(world, made, 5);
      await balances(world, counted, 4);
    });
    it("counts a return that arrives in part as returned, wasted and under way", async () => {
      const { world, lots, counted, tablets } = await load();
      await receive(world, tablets);
      const home = { from: depotNorth, fromSite: Site.depotCold, to: orbisPharma, toSite: 1 };
      const changes = { ...home, purpose: Purpose.return, lines: [line(counted, 50)] };
      const back = await ship(world, goods(counted, 50, changes));
      await as(lots, people.orbisStock).receiveFound(back, [found({ damaged: 5, refused: 10 })], false);
      const stock = { ...NO_STOCK, wasted: 5, returned: 35 };
      expect(await stockOf(world, counted.id, orbisPharma, 1)).to.eql(stock);
      await balances(world, counted, 10);
    });
  });
});
