import { expect } from "chai";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { balances, told } from "./books.ts";
import {
  CERTIFICATE,
  EXPIRY_DAY,
  LotStatus,
  Member,
  NOTICE,
  NO_STOCK,
  Products,
  Purpose,
  Reason,
  Recall,
  SSCC_REST,
  Site,
  Transit,
  freshWorld,
  goods,
  line,
  lotIdOf,
  move,
  people,
  receive,
  register,
  release,
  ship,
  sscc,
  stockOf,
  type Line,
} from "./support.ts";

describe("LotRegistry.ship", () => {
  const { novaVaccines, orbisPharma, depotNorth, harbourClinic, drugAgency } = Member;
  const load = async () => {
    const world = await freshWorld();
    const made = await release(world, Products.flu, 1_000);
    return { world, made, ...world, nova: as(world.lots, people.novaStock) };
  };
  const onward = { from: depotNorth, fromSite: Site.depotCold, to: harbourClinic, toSite: Site.clinicFridge };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { lots, nova, made } = await load();
      await as(lots, people.emergency).pause(START + DAY);
      await fails(nova.ship(goods(made, 1)), lots, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller does not keep the sender's stock", () => {
    it("reverts with DutyNotHeld", async () => {
      const { lots, made } = await load();
      for (const who of [people.stranger, people.novaQuality, people.depotStock, people.orbisStock]) {
        const sent = as(lots, who).ship(goods(made, 1));
        await fails(sent, lots, "DutyNotHeld", novaVaccines, who.key, Duty.HANDLE_STOCK);
      }
    });
    it("reverts with DutyNotPermitted for a member that is unknown or a regulator", async () => {
      const { lots, made } = await load();
      for (const from of [0, 99, drugAgency]) {
        const sent = as(lots, people.novaStock).ship(goods(made, 1, { from }));
        await fails(sent, lots, "DutyNotPermitted", from, Duty.HANDLE_STOCK);
      }
    });
    it("reverts with DutySuspendedForMember once a regulator suspended it", async () => {
      const { lots, registry, nova, made } = await load();
      const inspect = as(registry, people.inspector);
      await inspect.suspendMember(Member.healthOffice, novaVaccines, Duty.HANDLE_STOCK, START + DAY, 1);
      const args = [novaVaccines, Duty.HANDLE_STOCK, START + DAY];
      await fails(nova.ship(goods(made, 1)), lots, "DutySuspendedForMember", ...args);
    });
  });
  describe("when a site is not there", () => {
    it("reverts with StockSiteNotOpen for a sender's site that is unknown or closed", async () => {
      const { lots, registry, nova, made } = await load();
      for (const fromSite of [0, 2, 65_535]) {
        const sent = nova.ship(goods(made, 1, { fromSite }));
        await fails(sent, lots, "StockSiteNotOpen", novaVaccines, fromSite);
      }
      await as(registry, people.novaAdmin).closeSite(novaVaccines, 1);
      await fails(nova.ship(goods(made, 1)), lots, "StockSiteNotOpen", novaVaccines, 1);
    });
    it("reverts with StockSiteNotOpen for a receiver that is nobody", async () => {
      const { lots, nova, made } = await load();
      const noMember = nova.ship(goods(made, 1, { to: 0 }));
      await fails(noMember, lots, "StockSiteNotOpen", 0, Site.depotCold);
      const noSite = nova.ship(goods(made, 1, { toSite: 0 }));
      await fails(noSite, lots, "StockSiteNotOpen", depotNorth, 0);
    });
  });
  describe("when the SSCC is malformed", () => {
    it("reverts with ConsignmentSsccInvalid", async () => {
      const { lots, nova, made } = await load();
      const good = sscc(1);
      for (const wrong of [0n, good + 1n, good - 1n, 10n ** 18n, good + 10n ** 18n, 2n ** 64n - 1n]) {
        const sent = nova.ship(goods(made, 1, { sscc: wrong }));
        await fails(sent, lots, "ConsignmentSsccInvalid", wrong);
      }
    });
  });
  describe("given the SSCC was used", () => {
    it("reverts with ConsignmentStatusWrong while it is under way or refused, however long", async () => {
      const { world, lots, nova, made } = await load();
      const sent = await ship(world, goods(made, 10));
      const again = goods(made, 10, { lines: [line(made, 10, 10, { origin: true })] });
      const args = [novaVaccines, sent.sscc];
      await fails(nova.ship(again), lots, "ConsignmentStatusWrong", ...args, Transit.inTransit);
      await receive(world, sent, [{ damaged: 0, missing: 0, refused: 10, indices: [] }]);
      await at(START + SSCC_REST + 10 * DAY);
      await fails(nova.ship(again), lots, "ConsignmentStatusWrong", ...args, Transit.refused);
    });
    it("reverts with ConsignmentSsccInUse until a year after it left, for that sender alone", async () => {
      const { world, lots, nova, made } = await load();
      const tablets = await release(world, Products.tablets, 100);
      const expiring = await register(world, Products.flu, 100, "LOT-2", { expiryDay: EXPIRY_DAY + 10 });
      await as(lots, people.releaser).releaseLot(expiring.id, drugAgency, CERTIFICATE);
      await at(START + HOUR);
      const sent = await ship(world, goods(made, 10));
      await receive(world, sent);
      const again = goods(expiring, 10);
      const notBefore = START + HOUR + SSCC_REST;
      await ship(world, goods(tablets, 10, { sscc: sent.sscc }));
      await at(notBefore - 1);
      await fails(nova.ship(again), lots, "ConsignmentSsccInUse", novaVaccines, sent.sscc, notBefore);
      await at(notBefore);
      await nova.ship(again);
      expect((await lots.consignmentOf(novaVaccines, sent.sscc)).shippedAt).to.equal(notBefore);
    });
  });
  describe("when the number of lines is out of range", () => {
    it("reverts with ConsignmentSizeInvalid for none and for 33, and takes 32", async () => {
      const { world, lots, nova, made } = await load();
      const lines = (count: number): Line[] =>
        Array.from({ length: count }, (_, i) => line(made, 1, i, { origin: true }));
      for (const count of [0, 33]) {
        const sent = nova.ship(goods(made, 1, { lines: lines(count) }));
        await fails(sent, lots, "ConsignmentSizeInvalid", count);
      }
      const sent = await ship(world, goods(made, 1, { lines: lines(32) }));
      await receive(world, sent);
      const stock = await stockOf(world, made.id, depotNorth, Site.depotCold);
      expect(stock).to.eql({ ...NO_STOCK, onHand: 32, span: [0, 32] });
      await balances(world, made);
    });
  });
  describe("given the lot may not move", () => {
    it("reverts with LotUnknown for one that nobody registered", async () => {
      const { lots, nova, made } = await load();
      const other = { ...made, id: lotIdOf(Products.flu.gtin, "NEVER") };
      await fails(nova.ship(goods(other, 1)), lots, "LotUnknown", other.id);
      const back = goods(other, 1, { purpose: Purpose.return, to: novaVaccines, toSite: 1 });
      await fails(nova.ship(back), lots, "LotUnknown", other.id);
    });
    it("reverts with LotStatusWrong before its release and once refused, also for a return", async () => {
      const { world, lots, nova } = await load();
      const made = await register(world, Products.flu, 100, "LOT-2");
      const back = goods(made, 1, { purpose: Purpose.return, to: novaVaccines, toSite: 1 });
      for (const sent of [goods(made, 1), back])
        await fails(nova.ship(sent), lots, "LotStatusWrong", made.id, LotStatus.registered);
      await as(lots, people.releaser).refuseLot(made.id, drugAgency, CERTIFICATE);
      for (const sent of [goods(made, 1), back])
        await fails(nova.ship(sent), lots, "LotStatusWrong", made.id, LotStatus.refused);
    });
    it("reverts with LotIsRecalled, also for a return, until the recall ends", async () => {
      const { world, lots, nova, made } = await load();
      await at(START + HOUR);
      await as(lots, people.novaRecall).recallLot(made.id, novaVaccines, Recall.classI, NOTICE);
      await fails(nova.ship(goods(made, 1)), lots, "LotIsRecalled", made.id, START + HOUR);
      const back = goods(made, 1, { purpose: Purpose.return, to: novaVaccines, toSite: 1 });
      await fails(nova.ship(back), lots, "LotIsRecalled", made.id, START + HOUR);
      await as(lots, people.agencyRecall).endRecall(made.id, drugAgency);
      await ship(world, goods(made, 1));
    });
    it("reverts with LotExpired from the day after its last, but lets it return", async () => {
      const { world, lots, nova, made } = await load();
      const over = (EXPIRY_DAY + 1) * DAY;
      await at(over - 1);
      await nova.ship(goods(made, 1));
      await at(over);
      const late = goods(made, 1, { sscc: sscc(2), lines: [line(made, 1, 1, { origin: true })] });
      await fails(nova.ship(late), lots, "LotExpired", made.id, EXPIRY_DAY);
      await ship(world, { ...late, purpose: Purpose.return, to: novaVaccines, toSite: 1 });
    });
    it("reverts as a whole where one of several lots may not", async () => {
      const { world, lots, nova, made } = await load();
      const other = await register(world, Products.flu, 100, "LOT-2");
      const lines = [line(made, 10, 0, { origin: true }), line(other, 10, 0, { origin: true })];
      const sent = nova.ship(goods(made, 10, { lines }));
      await fails(sent, lots, "LotStatusWrong", other.id, LotStatus.registered);
      expect((await lots.lotOf(made.id)).originUnits).to.equal(1_000);
    });
  });
  describe("when a return does not go to the maker", () => {
    it("reverts with ConsignmentReturnMisrouted", async () => {
      const { world, lots, made } = await load();
      await move(world, made, 100);
      const back = { ...onward, purpose: Purpose.return, lines: [line(made, 10)] };
      for (const to of [harbourClinic, orbisPharma, depotNorth, 99]) {
        const sent = as(lots, people.depotStock).ship(goods(made, 10, { ...back, to }));
        await fails(sent, lots, "ConsignmentReturnMisrouted", made.id, novaVaccines, to);
      }
    });
  });
  describe("when the units do not lie at the origin", () => {
    it("reverts with StockInsufficient for none, for more than there are, and from elsewhere", async () => {
      const { world, lots, nova, made } = await load();
      await move(world, made, 100);
      for (const units of [0, 901, 4_294_967_295]) {
        const of = line(made, units, 100, { origin: true, endUnit: 1_000 });
        const args = [made.id, novaVaccines, 1, 900, units];
        await fails(nova.ship(goods(made, 1, { lines: [of] })), lots, "StockInsufficient", ...args);
      }
      const lines = [line(made, 10, 100, { origin: true })];
      const thief = as(lots, people.depotStock).ship(goods(made, 10, { ...onward, lines }));
      await fails(thief, lots, "StockInsufficient", made.id, depotNorth, Site.depotCold, 900, 10);
    });
    it("reverts with StockInsufficient from another site of the maker", async () => {
      const { lots, registry, nova, made } = await load();
      await as(registry, people.novaAdmin).registerSite(novaVaccines, 5_900_000_000_770n);
      const sent = nova.ship(goods(made, 10, { fromSite: 2 }));
      await fails(sent, lots, "StockInsufficient", made.id, novaVaccines, 2, 1_000, 10);
    });
    it("reverts with StockElsewhere for serials that are not the next ones", async () => {
      const { world, lots, nova, made } = await load();
      await move(world, made, 100);
      for (const first of [0, 99, 101, 990]) {
        const lines = [line(made, 10, first, { origin: true })];
        const args = [made.id, novaVaccines, 1, first, first + 10];
        await fails(nova.ship(goods(made, 10, { lines })), lots, "StockElsewhere", ...args);
      }
    });
    it("reverts with StockSpanWrong for a range, which the origin has not", async () => {
      const { lots, nova, made } = await load();
      const lines = [line(made, 10, 0, { origin: true, range: 1 })];
      await fails(nova.ship(goods(made, 10, { lines })), lots, "StockSpanWrong", made.id, 10, 0, 10);
    });
  });
  describe("when the units are not on hand", () => {
    it("reverts with StockInsufficient for none, for one too many, and for who never had any", async () => {
      const { world, lots } = await load();
      const made = await release(world, Products.tablets, 100);
      await move(world, made, 50);
      for (const units of [0, 51, 4_294_967_295]) {
        const sent = as(lots, people.depotStock).ship(
          goods(made, units, { ...onward, lines: [line(made, units)] }),
        );
        await fails(sent, lots, "StockInsufficient", made.id, depotNorth, Site.depotCold, 50, units);
      }
      const never = { from: harbourClinic, fromSite: Site.clinicFridge, to: depotNorth, toSite: 1 };
      const sent = as(lots, people.clinicStock).ship(goods(made, 1, { ...never, lines: [line(made, 1)] }));
      await fails(sent, lots, "StockInsufficient", made.id, harbourClinic, Site.clinicFridge, 0, 1);
    });
    it("reverts with StockInQuarantine where all of it is held", async () => {
      const { world, lots, made } = await load();
      await move(world, made, 50);
      const { depotStock } = people;
      await as(lots, depotStock).quarantine(made.id, depotNorth, Site.depotCold, 50, Reason.qualityDefect);
      const sent = as(lots, depotStock).ship(goods(made, 10, { ...onward, lines: [line(made, 10)] }));
      await fails(sent, lots, "StockInQuarantine", made.id, depotNorth, Site.depotCold, 50);
    });
    it("counts two lines of one lot together", async () => {
      const { world, lots } = await load();
      const made = await release(world, Products.tablets, 100);
      await move(world, made, 50);
      const lines = [line(made, 30), line(made, 21)];
      const sent = as(lots, people.depotStock).ship(goods(made, 1, { ...onward, lines }));
      await fails(sent, lots, "StockInsufficient", made.id, depotNorth, Site.depotCold, 20, 21);
    });
  });
  describe("when units and span do not agree", () => {
    it("reverts with StockSpanWrong for serials", async () => {
      const { lots, nova, made } = await load();
      const wrong: readonly (readonly [number, number, number])[] = [
        [10, 0, 0],
        [10, 10, 0],
        [10, 0, 9],
        [10, 0, 11],
        [10, 5, 5],
      ];
      for (const [units, firstUnit, endUnit] of wrong) {
        const lines = [line(made, units, 0, { origin: true, firstUnit, endUnit })];
        const args = [made.id, units, firstUnit, endUnit];
        await fails(nova.ship(goods(made, 1, { lines })), lots, "StockSpanWrong", ...args);
      }
    });
    it("reverts with StockSpanWrong for a part of a vial", async () => {
      const { world, lots, nova } = await load();
      const made = await release(world, Products.polio, 200);
      const part = goods(made, 15);
      await fails(nova.ship(part), lots, "StockSpanWrong", made.id, 15, 0, 15);
      await move(world, made, 40);
      const lines = [line(made, 10, 5)];
      const sent = as(lots, people.depotStock).ship(goods(made, 10, { ...onward, lines }));
      await fails(sent, lots, "StockSpanWrong", made.id, 10, 5, 15);
    });
    it("reverts with StockSpanWrong for a span of units without serials", async () => {
      const { world, lots } = await load();
      const made = await release(world, Products.tablets, 100);
      for (const [firstUnit, endUnit] of [
        [0, 10],
        [1, 0],
      ] as const) {
        const lines = [line(made, 10, 0, { origin: true, firstUnit, endUnit })];
        const sent = as(lots, people.orbisStock).ship(goods(made, 10, { lines }));
        await fails(sent, lots, "StockSpanWrong", made.id, 10, firstUnit, endUnit);
      }
    });
  });
  describe("when a thief sends what is not there", () => {
    it("reverts with StockElsewhere for the same serials again", async () => {
      const { world, lots, made } = await load();
      await move(world, made, 100);
      const lines = [line(made, 40)];
      await ship(world, goods(made, 40, { ...onward, lines }));
      const again = as(lots, people.depotStock).ship(goods(made, 40, { ...onward, sscc: sscc(2), lines }));
      await fails(again, lots, "StockElsewhere", made.id, depotNorth, Site.depotCold, 0, 40);
      const twice = goods(made, 40, {
        ...onward,
        sscc: sscc(2),
        lines: [line(made, 20, 40), line(made, 20, 59)],
      });
      const args = [made.id, depotNorth, Site.depotCold, 59, 79];
      await fails(as(lots, people.depotStock).ship(twice), lots, "StockElsewhere", ...args);
    });
    it("reverts with StockElsewhere for serials of others and beyond its own", async () => {
      const { world, lots, made } = await load();
      await move(world, made, 100);
      await move(world, made, 100, {
        to: harbourClinic,
        toSite: Site.clinicFridge,
        lines: [line(made, 100, 100, { origin: true })],
      });
      for (const [first, range] of [
        [100, 0],
        [100, 100],
        [91, 0],
        [190, 0],
        [4_294_967_285, 0],
      ] as const) {
        const lines = [line(made, 10, first, { range })];
        const sent = as(lots, people.depotStock).ship(goods(made, 10, { ...onward, lines }));
        await fails(sent, lots, "StockElsewhere", made.id, depotNorth, Site.depotCold, first, first + 10);
      }
    });
    it("reverts without a reason for calldata with dirty bits", async () => {
      const { world, lots } = await load();
      const made = await release(world, Products.flu, 100, "LOT-2");
      const whole = lots.interface.encodeFunctionData("ship", [goods(made, 10)]);
      // The selector, the offset of the consignment, its seven words, the length of the lines, the line.
      for (const word of [1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14]) {
        const place = 4 + 32 * word;
        const dirty = ethers.concat([
          ethers.dataSlice(whole, 0, place),
          "0x80",
          ethers.dataSlice(whole, place + 1),
        ]);
        const sent = people.novaStock.wallet.sendTransaction({ to: await lots.getAddress(), data: dirty });
        await expect(sent, `word ${word}`).to.revert(ethers);
      }
      await people.novaStock.wallet.sendTransaction({ to: await lots.getAddress(), data: whole });
    });
  });
  describe("when all holds", () => {
    it("emits ConsignmentShipped with the lines, and the units are under way", async () => {
      const { world, lots, nova, made } = await load();
      await at(START + HOUR);
      const sent = goods(made, 100);
      const args = [novaVaccines, sent.sscc, depotNorth, 1, Site.depotCold, Purpose.delivery, 0];
      await emits(
        nova.ship(sent),
        lots,
        "ConsignmentShipped",
        ...args,
        sent.lines.map(told),
        people.novaStock.key,
      );
      const transit = await lots.consignmentOf(novaVaccines, sent.sscc);
      expect([...transit]).to.eql([
        Transit.inTransit,
        BigInt(START + HOUR),
        0n,
        BigInt(START + HOUR),
        await lots.contentsOf(sent),
      ]);
      expect((await lots.lotOf(made.id)).originUnits).to.equal(900);
      await balances(world, made, 100);
    });
    it("sends several lots from stock, and takes them off what is on hand", async () => {
      const { world, lots, made } = await load();
      const polio = await release(world, Products.polio, 100);
      await move(world, made, 100);
      await move(world, polio, 50);
      const sent = goods(made, 1, { ...onward, lines: [line(made, 30, 20), line(polio, 20, 30)] });
      const args = [depotNorth, sent.sscc, harbourClinic, Site.depotCold, Site.clinicFridge, 0, 0];
      const shipped = as(lots, people.depotStock).ship(sent);
      const { key } = people.depotStock;
      await emits(shipped, lots, "ConsignmentShipped", ...args, sent.lines.map(told), key);
      const flu = await stockOf(world, made.id, depotNorth, Site.depotCold);
      expect(flu).to.eql({ ...NO_STOCK, onHand: 70, span: [0, 20] });
      expect(await lots.rangeOf(made.id, depotNorth, Site.depotCold, 50)).to.equal(100);
      expect((await stockOf(world, polio.id, depotNorth, Site.depotCold)).onHand).to.equal(30);
      await balances(world, made, 30);
      await balances(world, polio, 20);
    });
    it("sends to the place where the goods are, and nothing comes of it", async () => {
      const { world, made } = await load();
      await move(world, made, 100);
      const home = { from: depotNorth, fromSite: Site.depotCold, to: depotNorth, toSite: Site.depotCold };
      const sent = await ship(world, goods(made, 100, { ...home, lines: [line(made, 100)] }));
      await balances(world, made, 100);
      await receive(world, sent);
      const stock = await stockOf(world, made.id, depotNorth, Site.depotCold);
      expect(stock).to.eql({ ...NO_STOCK, onHand: 100, span: [0, 100] });
      await balances(world, made);
    });
  });
});
