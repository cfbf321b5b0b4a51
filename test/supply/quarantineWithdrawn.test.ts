import { expect } from "chai";

import { DAY, HOUR, as, at, ethers, now } from "../core/chain.ts";
import { fails, emits } from "../core/expect.ts";
import type { World } from "../core/world.ts";
import {
  CERTIFICATE,
  EVIDENCE,
  Loss,
  Member,
  NOTICE,
  Pocket,
  Products,
  Recall,
  SENT,
  Site,
  freshWorld,
  goods,
  line,
  move,
  people,
  register,
  stockArgument,
  stockOf,
  type Made,
} from "./support.ts";
import { MARKET, atMarket, dispense, locked, takingOf, withdraw } from "./dispensing.ts";

describe("LotRegistry.quarantineWithdrawn", () => {
  const { sunPharmacy, drugAgency, depotNorth } = Member;
  const { tablets, pens, discreet } = Products;
  const PEN = 300_000n;

  /** On hand, in quarantine, withheld and used at the Sun market branch. */
  const books = async (world: World, made: Made): Promise<number[]> => {
    const { onHand, quarantined, withheld, used } = await stockOf(world, made.id, ...MARKET);
    return [onHand, quarantined, withheld, used];
  };
  /** Thirty of a hundred tablets were dispensed. */
  const load = async () => {
    const world = await freshWorld();
    const made = await atMarket(world, tablets, 100);
    const id = await locked(world);
    const stock = stockArgument({ lot: made.id, units: 30 });
    await dispense(world, stock);
    return { world, lots: world.lots, made, lot: made.id, id, stock };
  };

  describe("when a dispense that named lots is withdrawn", () => {
    it("emits LotDispenseWithdrawn with every value and withholds the units where they were taken", async () => {
      const { world, lots, made, lot, id, stock } = await load();
      expect(await books(world, made)).to.eql([70, 0, 0, 30]);
      const sent = withdraw(world, stock);
      await emits(sent, lots, "LotDispenseWithdrawn", lot, id, ...MARKET, 1, 30);
      expect(await books(world, made)).to.eql([70, 0, 30, 0]);
    });
    it("withholds each of several lots, one lot of two rows too", async () => {
      const world = await freshWorld();
      const made = await atMarket(world, tablets, 100);
      const other = await atMarket(world, tablets, 100, "LOT-2");
      const id = await locked(world);
      const rows = [
        { lot: made.id, units: 4 },
        { lot: other.id, units: 20 },
        { lot: made.id, units: 6 },
      ];
      const stock = stockArgument(...rows);
      await dispense(world, stock);
      const sent = withdraw(world, stock);
      for (const { lot, units } of rows) {
        await emits(sent, world.lots, "LotDispenseWithdrawn", lot, id, ...MARKET, 1, units);
      }
      expect(await books(world, made)).to.eql([90, 0, 10, 0]);
      expect(await books(world, other)).to.eql([80, 0, 20, 0]);
    });
    it("leaves serials spent, so that none is dispensed again", async () => {
      const world = await freshWorld();
      const made = await atMarket(world, pens, 64);
      const id = await locked(world, 1, PEN);
      const stock = stockArgument(takingOf(made, 5));
      await dispense(world, stock, { unitsPerFill: PEN });
      const sent = withdraw(world, stock, { unitsPerFill: PEN });
      await emits(sent, world.lots, "LotDispenseWithdrawn", made.id, id, ...MARKET, 1, 1);
      expect(await world.lots.isSpent(made.id, 5)).to.equal(true);
      expect(await books(world, made)).to.eql([63, 0, 1, 0]);
      await locked(world, 2, PEN);
      const second = { number: 2, unitsPerFill: PEN };
      await fails(dispense(world, stock, second), world.lots, "SerialSpent", made.id, 5);
      await dispense(world, stockArgument(takingOf(made, 6)), second);
    });
    it("withholds what each of two dispenses took, and no more", async () => {
      const world = await freshWorld();
      const made = await atMarket(world, tablets, 100);
      await locked(world);
      const of = (units: number) => stockArgument({ lot: made.id, units });
      await dispense(world, of(10), { units: 10_000n });
      await dispense(world, of(20), { units: 20_000n, ordinal: 2 });
      await withdraw(world, of(20), { ordinal: 2 });
      expect(await books(world, made)).to.eql([70, 0, 20, 10]);
      await withdraw(world, of(10));
      expect(await books(world, made)).to.eql([70, 0, 30, 0]);
    });
  });

  describe("when a dispense that named a link is withdrawn", () => {
    it("emits DispenseLinkWithdrawn and withholds nothing yet", async () => {
      const world = await freshWorld();
      const made = await atMarket(world, discreet, 100);
      const id = await locked(world);
      const link = ethers.id("opening of a salted link");
      await dispense(world, link);
      const sent = withdraw(world, link);
      await emits(sent, world.lots, "DispenseLinkWithdrawn", id, ...MARKET, 1);
      await expect(sent).not.to.emit(world.lots, "LotDispenseWithdrawn");
      expect(await books(world, made)).to.eql([100, 0, 0, 0]);
    });
  });

  describe("when other stock is named than was dispensed", () => {
    it("is refused by the prescription registry, and nothing is withheld", async () => {
      const { world, made, lot, id } = await load();
      const other = await atMarket(world, tablets, 100, "LOT-2");
      const wrong = [
        stockArgument({ lot: other.id, units: 30 }),
        stockArgument({ lot, units: 29 }),
        stockArgument({ lot, units: 15 }, { lot, units: 15 }),
        ethers.id("link"),
        "0x",
      ];
      for (const stock of wrong) {
        await fails(withdraw(world, stock), world.prescriptions, "DispenseStockWrong", id, 1);
      }
      expect(await books(world, made)).to.eql([70, 0, 0, 30]);
      expect(await books(world, other)).to.eql([100, 0, 0, 0]);
    });
  });

  describe("given the units are withheld", () => {
    it("neither lets them be dispensed, moved nor released, only destroyed", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await atMarket(world, tablets, 30);
      await locked(world);
      const stock = stockArgument({ lot: made.id, units: 30 });
      await dispense(world, stock);
      await withdraw(world, stock);
      await locked(world, 2);
      const none = [lots, "StockInsufficient", made.id, ...MARKET, 0] as const;
      await fails(dispense(world, stock, { number: 2 }), ...none, 30);
      const keeper = as(lots, people.sunStock);
      const away = goods(made, 1, { from: sunPharmacy, lines: [line(made, 1)] });
      await fails(keeper.ship(away), ...none, 1);
      const agency = as(lots, people.agencyQuality);
      await fails(agency.releaseQuarantine(made.id, ...MARKET, drugAgency, 30, 0, SENT), ...none, 30);
      const off = async (units: number) =>
        await keeper.writeOff(made.id, ...MARKET, Pocket.withheld, Loss.destroyed, units, [], 0, EVIDENCE);
      await fails(off(31), lots, "StockInsufficient", made.id, ...MARKET, 30, 31);
      await off(30);
      const { withheld, destroyed } = await stockOf(world, made.id, ...MARKET);
      expect([withheld, destroyed]).to.eql([0, 30]);
    });
    it("refuses a second withdrawal", async () => {
      const { world, made, id, stock } = await load();
      await withdraw(world, stock);
      await fails(withdraw(world, stock), world.prescriptions, "DispenseAlreadyWithdrawn", id, 1);
      expect(await books(world, made)).to.eql([70, 0, 30, 0]);
    });
  });

  describe("given what was dispensed may not be used any more", () => {
    it("withholds what is recalled, answered, expired, or paused", async () => {
      const { world, lots, made, lot, stock } = await load();
      await as(lots, people.agencyRecall).recallLot(lot, drugAgency, Recall.classI, NOTICE);
      await as(lots, people.sunStock).acknowledgeRecall(lot, ...MARKET, 70, SENT);
      await as(lots, people.emergency).pause((await now()) + DAY);
      await withdraw(world, stock);
      expect(await books(world, made)).to.eql([0, 70, 30, 0]);

      const later = await freshWorld();
      const lastDay = Math.floor((await now()) / DAY);
      const short = await register(later, tablets, 30, "SHORT", { expiryDay: lastDay + 1 });
      await as(later.lots, people.releaser).releaseLot(short.id, drugAgency, CERTIFICATE);
      await move(later, short, 30, { to: MARKET[0], toSite: MARKET[1] });
      await locked(later);
      const taken = stockArgument({ lot: short.id, units: 30 });
      await dispense(later, taken);
      await at((lastDay + 2) * DAY + HOUR);
      await withdraw(later, taken);
      expect(await books(later, short)).to.eql([0, 0, 30, 0]);
    });
    it("withholds at a site that was closed since", async () => {
      const { world, made, stock } = await load();
      await as(world.registry, people.sunAdmin).closeSite(...MARKET);
      await withdraw(world, stock);
      expect(await books(world, made)).to.eql([70, 0, 30, 0]);
    });
    it("withholds at the site that dispensed, also when custody of its stock was ordered away", async () => {
      const { world, lots, made, lot, id, stock } = await load();
      const inspector = as(lots, people.agencyInspector);
      await inspector.orderCustody(lot, ...MARKET, depotNorth, Site.depotDry, drugAgency, []);
      expect(await books(world, made)).to.eql([0, 0, 0, 30]);
      const sent = withdraw(world, stock);
      await emits(sent, lots, "LotDispenseWithdrawn", lot, id, ...MARKET, 1, 30);
      expect(await books(world, made)).to.eql([0, 0, 30, 0]);
      expect((await stockOf(world, lot, depotNorth, Site.depotDry)).quarantined).to.equal(70);
    });
  });

  describe("when anybody else calls", () => {
    it("reverts with DispenseCallerOnly", async () => {
      const { world, lots, made, id, stock } = await load();
      const { stranger, anna, sunTill, sunStock, agencyQuality, governance } = people;
      for (const who of [stranger, anna, sunTill, sunStock, agencyQuality, governance]) {
        const sent = as(lots, who).quarantineWithdrawn(id, 1, ...MARKET, stock);
        await fails(sent, lots, "DispenseCallerOnly", who.address);
      }
      expect(await books(world, made)).to.eql([70, 0, 0, 30]);
    });
  });
});
