import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, as, at, ethers, now, type Actor } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import type { World } from "../core/world.ts";
import {
  CERTIFICATE,
  Member,
  NOTICE,
  Products,
  Reason,
  Recall,
  freshWorld,
  move,
  people,
  register,
  stockOf,
  type Made,
} from "./support.ts";
import { UNKNOWN_LOT, refusesOthers, refusesPaused, refusesSuspended } from "./refusals.ts";
import { MARKET, atMarket } from "./dispensing.ts";

describe("LotRegistry.settleDispenses", () => {
  const { sunPharmacy, drugAgency, healthOffice } = Member;
  const { discreet, tablets, pens, plain } = Products;
  const { anna } = people;
  const ROOT = ethers.id("root of the openings of a day");
  const MAX = 2 ** 32 - 1;

  const settle = async ({ lots }: World, lot: string, dispensed: number, returned = 0, by: Actor = anna) =>
    await as(lots, by).settleDispenses(lot, ...MARKET, dispensed, returned, ROOT);
  const books = async (world: World, made: Made): Promise<number[]> => {
    const { onHand, quarantined, withheld, used } = await stockOf(world, made.id, ...MARKET);
    return [onHand, quarantined, withheld, used];
  };
  const load = async () => {
    const world = await freshWorld();
    const made = await atMarket(world, discreet, 100);
    return { world, lots: world.lots, made, lot: made.id };
  };

  describe("when a place settles what it dispensed", () => {
    it("emits DispensesSettled with every value and moves units from hand to used", async () => {
      const { world, lots, made, lot } = await load();
      const sent = settle(world, lot, 30);
      await emits(sent, lots, "DispensesSettled", lot, ...MARKET, 30, 0, ROOT, anna.key);
      expect(await books(world, made)).to.eql([70, 0, 0, 30]);
    });
    it("withholds what came back, out of what was used, the same day too", async () => {
      const { world, lots, made, lot } = await load();
      const sent = settle(world, lot, 30, 5);
      await emits(sent, lots, "DispensesSettled", lot, ...MARKET, 30, 5, ROOT, anna.key);
      expect(await books(world, made)).to.eql([70, 0, 5, 25]);
      await settle(world, lot, 10, 35);
      expect(await books(world, made)).to.eql([60, 0, 40, 0]);
    });
    it("settles returns alone", async () => {
      const { world, lots, made, lot } = await load();
      await settle(world, lot, 30);
      const sent = settle(world, lot, 0, 30);
      await emits(sent, lots, "DispensesSettled", lot, ...MARKET, 0, 30, ROOT, anna.key);
      expect(await books(world, made)).to.eql([70, 0, 30, 0]);
    });
    it("takes the last unit", async () => {
      const { world, made, lot } = await load();
      await settle(world, lot, 99);
      await settle(world, lot, 1);
      expect(await books(world, made)).to.eql([0, 0, 0, 100]);
    });
  });

  describe("when more is settled than can be", () => {
    it("reverts with StockInsufficient for more than are there", async () => {
      const { world, lots, made, lot } = await load();
      for (const dispensed of [101, MAX]) {
        const sent = settle(world, lot, dispensed);
        await fails(sent, lots, "StockInsufficient", lot, ...MARKET, 100, dispensed);
      }
      // Another branch of the pharmacy has none.
      const station = as(lots, anna).settleDispenses(lot, sunPharmacy, 2, 1, 0, ROOT);
      await fails(station, lots, "StockInsufficient", lot, sunPharmacy, 2, 0, 1);
      expect(await books(world, made)).to.eql([100, 0, 0, 0]);
    });
    it("reverts with StockInsufficient for more returned than used", async () => {
      const { world, lots, lot } = await load();
      const wrong: [number, number, number][] = [
        [0, 1, 0],
        [30, 31, 30],
        [30, MAX, 30],
      ];
      for (const [dispensed, returned, used] of wrong) {
        const sent = settle(world, lot, dispensed, returned);
        await fails(sent, lots, "StockInsufficient", lot, ...MARKET, used, returned);
      }
      await settle(world, lot, 30, 30);
      await fails(settle(world, lot, 0, 1), lots, "StockInsufficient", lot, ...MARKET, 0, 1);
    });
    it("reverts with StockInsufficient for nothing at all", async () => {
      const { world, lots, lot } = await load();
      await settle(world, lot, 30);
      await fails(settle(world, lot, 0, 0), lots, "StockInsufficient", lot, ...MARKET, 30, 0);
    });
  });

  describe("given a quarantine came between", () => {
    it("takes out of what is on hand first, and the rest out of quarantine", async () => {
      const { world, lots, made, lot } = await load();
      await as(lots, people.sunStock).quarantine(lot, ...MARKET, 80, Reason.qualityDefect);
      await settle(world, lot, 20);
      expect(await books(world, made)).to.eql([0, 80, 0, 20]);

      const other = await atMarket(world, discreet, 100, "LOT-2");
      await as(lots, people.sunStock).quarantine(other.id, ...MARKET, 80, Reason.qualityDefect);
      await settle(world, other.id, 50, 10);
      expect(await books(world, other)).to.eql([0, 50, 10, 40]);
      const sent = settle(world, other.id, 51);
      await fails(sent, lots, "StockInsufficient", other.id, ...MARKET, 50, 51);
    });
    it("takes all out of quarantine where everything is held", async () => {
      const { world, lots, made, lot } = await load();
      await as(lots, people.sunStock).quarantine(lot, ...MARKET, 100, Reason.excursion);
      await settle(world, lot, 40);
      expect(await books(world, made)).to.eql([0, 60, 0, 40]);
      expect((await stockOf(world, lot, ...MARKET)).held).to.equal(true);
    });
  });

  describe("given the lot was recalled or expired since", () => {
    it("settles all the same", async () => {
      const { world, lots, made, lot } = await load();
      await as(lots, people.agencyRecall).recallLot(lot, drugAgency, Recall.classI, NOTICE);
      await settle(world, lot, 10);
      expect(await books(world, made)).to.eql([90, 0, 0, 10]);

      const lastDay = Math.floor((await now()) / DAY) + 1;
      const short = await register(world, discreet, 30, "SHORT", { expiryDay: lastDay });
      await as(lots, people.releaser).releaseLot(short.id, drugAgency, CERTIFICATE);
      await move(world, short, 30, { to: MARKET[0], toSite: MARKET[1] });
      await at((lastDay + 1) * DAY);
      await settle(world, short.id, 10);
      expect(await books(world, short)).to.eql([20, 0, 0, 10]);
    });
  });

  describe("when the lot is another kind, or no root is given", () => {
    it("reverts with LotUsedOtherwise", async () => {
      const { world, lots, lot } = await load();
      for (const of of [tablets, pens, plain]) {
        const made = await atMarket(world, of, 64);
        await fails(settle(world, made.id, 1), lots, "LotUsedOtherwise", made.id);
      }
      const bare = as(lots, anna).settleDispenses(lot, ...MARKET, 1, 0, ZeroHash);
      await fails(bare, lots, "LotUsedOtherwise", lot);
    });
    it("reverts with LotUnknown for one that nobody registered", async () => {
      const { world, lots } = await load();
      await fails(settle(world, UNKNOWN_LOT, 1), lots, "LotUnknown", UNKNOWN_LOT);
    });
  });

  describe("when the caller does not dispense for the member", () => {
    it("reverts with DutyNotHeld, also for the member's other people", async () => {
      const { world, lot } = await load();
      const { sunTill, sunStock, sunQuality, sunAdmin, mia } = people;
      const act = async (who: Actor) => await settle(world, lot, 1, 0, who);
      const others = [sunTill, sunStock, sunQuality, sunAdmin, mia];
      await refusesOthers(world, sunPharmacy, Duty.DISPENSE, act, ...others);
    });
    it("reverts with DutySuspended or DutySuspendedForMember once a regulator suspended it", async () => {
      const { world, lot } = await load();
      const act = async (who: Actor) => await settle(world, lot, 1, 0, who);
      await refusesSuspended(world, sunPharmacy, Duty.DISPENSE, act, anna);
    });
    it("reverts with DutyLicenceLapsed after the licence", async () => {
      const { world, lots, lot } = await load();
      const throughDay = Math.floor((await now()) / DAY);
      const duties = Duty.DISPENSE;
      const licence = { member: sunPharmacy, operator: anna.key, duties, throughDay };
      await as(world.registry, people.licenser).license(healthOffice, licence);
      await at((throughDay + 1) * DAY - 1);
      await settle(world, lot, 1);
      await at((throughDay + 1) * DAY);
      const args = [sunPharmacy, anna.key, duties, throughDay];
      await fails(settle(world, lot, 1), lots, "DutyLicenceLapsed", ...args);
    });
  });

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, lot } = await load();
      await refusesPaused(world, async (who) => await settle(world, lot, 1, 0, who), anna);
    });
  });
});
