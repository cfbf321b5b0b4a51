import { expect } from "chai";

import { as, START, DAY } from "../core/chain.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { balances } from "./books.ts";
import { UNKNOWN_LOT, refusesOthers, refusesSuspended } from "./refusals.ts";
import {
  Member,
  NOTICE,
  NO_STOCK,
  Products,
  Reason,
  Recall,
  Site,
  freshWorld,
  move,
  people,
  register,
  release,
  stockOf,
} from "./support.ts";

describe("LotRegistry.quarantine", () => {
  const { novaVaccines, depotNorth } = Member;
  const KEEPERS = Duty.HANDLE_STOCK | Duty.QUALITY;
  const there = [depotNorth, Site.depotCold] as const;
  const load = async () => {
    const world = await freshWorld();
    const made = await release(world, Products.flu, 1_000);
    const counted = await release(world, Products.tablets, 1_000);
    await move(world, made, 100);
    await move(world, counted, 100);
    return { world, made, counted, ...world, depot: as(world.lots, people.depotStock) };
  };

  describe("when the caller does not keep the stock", () => {
    it("reverts with DutyNotHeld and DutySuspended", async () => {
      const { world, lots, counted } = await load();
      const act = async (who: typeof people.stranger) =>
        await as(lots, who).quarantine(counted.id, ...there, 10, Reason.other);
      const others = [people.depotSystem, people.novaStock, people.agencyQuality, people.depotAdmin];
      await refusesOthers(world, depotNorth, KEEPERS, act, ...others);
      await refusesSuspended(world, depotNorth, KEEPERS, act, people.depotStock);
    });
  });
  describe("when the lot is unknown", () => {
    it("reverts with LotUnknown", async () => {
      const { lots, depot } = await load();
      const sent = depot.quarantine(UNKNOWN_LOT, ...there, 10, Reason.other);
      await fails(sent, lots, "LotUnknown", UNKNOWN_LOT);
    });
  });
  describe("when no reason is named", () => {
    it("reverts with StockReasonMissing", async () => {
      const { lots, depot, counted } = await load();
      const sent = depot.quarantine(counted.id, ...there, 10, Reason.unspecified);
      await fails(sent, lots, "StockReasonMissing", counted.id);
    });
  });
  describe("when nothing is on hand", () => {
    it("reverts with StockEmpty at another place, and once all is held", async () => {
      const { lots, depot, made } = await load();
      const dry = depot.quarantine(made.id, depotNorth, Site.depotDry, 1, Reason.other);
      await fails(dry, lots, "StockEmpty", made.id, depotNorth, Site.depotDry);
      await depot.quarantine(made.id, ...there, 100, Reason.other);
      const again = depot.quarantine(made.id, ...there, 100, Reason.other);
      await fails(again, lots, "StockEmpty", made.id, ...there);
    });
  });
  describe("when the units are not those on hand", () => {
    it("reverts with StockInsufficient for none and for one too many", async () => {
      const { lots, depot, counted } = await load();
      for (const units of [0, 101, 4_294_967_295]) {
        const sent = depot.quarantine(counted.id, ...there, units, Reason.other);
        await fails(sent, lots, "StockInsufficient", counted.id, ...there, 100, units);
      }
    });
    it("reverts with StockInsufficient for a part of what has serials, or was out of range", async () => {
      const { lots, depot, made, counted } = await load();
      for (const units of [1, 99]) {
        const serials = depot.quarantine(made.id, ...there, units, Reason.other);
        await fails(serials, lots, "StockInsufficient", made.id, ...there, 100, units);
        const warm = depot.quarantine(counted.id, ...there, units, Reason.excursion);
        await fails(warm, lots, "StockInsufficient", counted.id, ...there, 100, units);
      }
    });
  });
  describe("when all holds", () => {
    it("emits StockQuarantined and holds all of a lot with serials", async () => {
      const { world, lots, made } = await load();
      const { key } = people.depotQuality;
      const quality = as(lots, people.depotQuality);
      const sent = quality.quarantine(made.id, ...there, 100, Reason.qualityDefect);
      const args = [made.id, ...there, 100, Reason.qualityDefect, true, key];
      await emits(sent, lots, "StockQuarantined", ...args);
      const stock = { ...NO_STOCK, quarantined: 100, held: true, span: [0, 100] };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      await balances(world, made);
    });
    it("puts counted units aside one by one, and holds them all for an excursion", async () => {
      const { world, lots, depot, counted } = await load();
      const { key } = people.depotStock;
      const some = depot.quarantine(counted.id, ...there, 30, Reason.counterfeit);
      const args = [counted.id, ...there, 30, Reason.counterfeit, false, key];
      await emits(some, lots, "StockQuarantined", ...args);
      const stock = { ...NO_STOCK, onHand: 70, quarantined: 30 };
      expect(await stockOf(world, counted.id, ...there)).to.eql(stock);
      const rest = depot.quarantine(counted.id, ...there, 70, Reason.excursion);
      const all = [counted.id, ...there, 70, Reason.excursion, true, key];
      await emits(rest, lots, "StockQuarantined", ...all);
      const held = { ...NO_STOCK, quarantined: 100, held: true };
      expect(await stockOf(world, counted.id, ...there)).to.eql(held);
      await balances(world, counted);
    });
    it("takes what still lies at the origin, released or not", async () => {
      const { world, lots } = await load();
      const made = await register(world, Products.polio, 200, "LOT-2");
      await as(lots, people.novaStock).quarantine(made.id, novaVaccines, 1, 200, Reason.other);
      const stock = { ...NO_STOCK, quarantined: 200, held: true, span: [0, 200] };
      expect(await stockOf(world, made.id, novaVaccines, 1)).to.eql(stock);
      expect((await lots.lotOf(made.id)).originUnits).to.equal(0);
      await balances(world, made);
      const plain = await register(world, Products.plain, 50, "LOT-3");
      await as(lots, people.novaStock).quarantine(plain.id, novaVaccines, 1, 20, Reason.other);
      const counted = { ...NO_STOCK, onHand: 30, quarantined: 20 };
      expect(await stockOf(world, plain.id, novaVaccines, 1)).to.eql(counted);
      await balances(world, plain);
    });
    it("is held back by no pause, by no closed site and by no recall", async () => {
      const { world, lots, registry, depot, counted } = await load();
      await as(lots, people.orbisQuality).recallLot(counted.id, Member.orbisPharma, Recall.classI, NOTICE);
      await as(registry, people.depotAdmin).closeSite(...there);
      await as(lots, people.emergency).pause(START + DAY);
      await depot.quarantine(counted.id, ...there, 100, Reason.recall);
      await balances(world, counted);
    });
  });
});
