import { expect } from "chai";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { balances } from "./books.ts";
import {
  EXPIRY_DAY,
  Member,
  NOTICE,
  NO_STOCK,
  Products,
  Purpose,
  Reason,
  Recall,
  Site,
  Storage,
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
  type Goods,
} from "./support.ts";

describe("LotRegistry.receiveConsignment", () => {
  const { novaVaccines, depotNorth, harbourClinic } = Member;
  const load = async () => {
    const world = await freshWorld();
    const made = await release(world, Products.flu, 1_000);
    const sent = await ship(world, goods(made, 100));
    return { world, made, sent, ...world, depot: as(world.lots, people.depotStock) };
  };
  const there = [depotNorth, Site.depotCold] as const;

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { lots, depot, sent } = await load();
      await as(lots, people.emergency).pause(START + DAY);
      await fails(depot.receiveConsignment(sent, false), lots, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller does not keep the receiver's stock", () => {
    it("reverts with DutyNotHeld", async () => {
      const { lots, sent } = await load();
      for (const who of [people.stranger, people.novaStock, people.depotQuality, people.clinicStock]) {
        const taken = as(lots, who).receiveConsignment(sent, false);
        await fails(taken, lots, "DutyNotHeld", depotNorth, who.key, Duty.HANDLE_STOCK);
      }
    });
  });
  describe("when the site is unknown or was closed since", () => {
    it("reverts with StockSiteNotOpen", async () => {
      const { world, lots, registry, depot, made, sent } = await load();
      await as(registry, people.depotAdmin).closeSite(...there);
      await fails(depot.receiveConsignment(sent, false), lots, "StockSiteNotOpen", ...there);
      const changes = { sscc: sscc(2), toSite: 9, lines: [line(made, 10, 100, { origin: true })] };
      const astray = await ship(world, goods(made, 10, changes));
      await fails(depot.receiveConsignment(astray, false), lots, "StockSiteNotOpen", depotNorth, 9);
    });
  });
  describe("when it is not what was shipped", () => {
    it("reverts with ConsignmentUnknown for what differs in anything", async () => {
      const { world, lots, depot, made, sent } = await load();
      const other = await release(world, Products.flu, 1_000, "LOT-2");
      const of = line(made, 100, 0, { origin: true });
      const wrong: readonly Partial<Goods>[] = [
        { from: Member.orbisPharma },
        { fromSite: 2 },
        { toSite: Site.depotDry },
        { sscc: sscc(2) },
        { purpose: Purpose.return },
        { lines: [] },
        { lines: [of, of] },
        { lines: [{ ...of, lot: other.id }] },
        { lines: [{ ...of, units: 99 }] },
        { lines: [{ ...of, firstUnit: 1 }] },
        { lines: [{ ...of, endUnit: 101 }] },
        { lines: [{ ...of, range: 1 }] },
        { lines: [{ ...of, origin: false }] },
      ];
      for (const change of wrong) {
        const changed = { ...sent, ...change };
        const taken = depot.receiveConsignment(changed, false);
        await fails(taken, lots, "ConsignmentUnknown", changed.from, changed.sscc);
      }
      const stolen = as(lots, people.clinicStock).receiveConsignment(
        { ...sent, to: harbourClinic, toSite: Site.clinicFridge },
        false,
      );
      await fails(stolen, lots, "ConsignmentUnknown", novaVaccines, sent.sscc);
      await depot.receiveConsignment(sent, false);
    });
    it("takes the same words from another place of the calldata", async () => {
      const { world, lots, made, sent } = await load();
      const whole = lots.interface.encodeFunctionData("receiveConsignment", [sent, false]);
      const words = ethers.dataSlice(whole, 4 + 64);
      // The consignment begins one word later, and its lines another.
      const moved = ethers.concat([
        ethers.dataSlice(whole, 0, 4),
        ethers.toBeHex(0x60, 32),
        ethers.toBeHex(0, 32),
        ethers.toBeHex(7, 32),
        ethers.dataSlice(words, 0, 192),
        ethers.toBeHex(0x100, 32),
        ethers.toBeHex(9, 32),
        ethers.dataSlice(words, 224),
      ]);
      const to = await lots.getAddress();
      await people.depotStock.wallet.sendTransaction({ to, data: moved });
      expect((await stockOf(world, made.id, ...there)).onHand).to.equal(100);
    });
    it("reverts without a reason for calldata that is too short or has dirty bits", async () => {
      const { lots, sent } = await load();
      const whole = lots.interface.encodeFunctionData("receiveConsignment", [sent, false]);
      const to = await lots.getAddress();
      const short = ethers.dataSlice(whole, 0, ethers.dataLength(whole) - 1);
      const { wallet } = people.depotStock;
      await expect(wallet.sendTransaction({ to, data: short })).to.revert(ethers);
      for (let word = 1; word < 15; word += 1) {
        const place = 4 + 32 * word;
        const data = ethers.concat([
          ethers.dataSlice(whole, 0, place),
          "0x80",
          ethers.dataSlice(whole, place + 1),
        ]);
        await expect(wallet.sendTransaction({ to, data }), `word ${word}`).to.revert(ethers);
      }
    });
  });
  describe("given it is not under way", () => {
    it("reverts with ConsignmentStatusWrong once it was received", async () => {
      const { lots, depot, sent } = await load();
      await depot.receiveConsignment(sent, false);
      const args = [novaVaccines, sent.sscc, Transit.received];
      await fails(depot.receiveConsignment(sent, false), lots, "ConsignmentStatusWrong", ...args);
    });
    it("reverts with ConsignmentStatusWrong once it was taken back or given up", async () => {
      for (const [act, days, status] of [
        ["takeBack", 3, Transit.takenBack],
        ["declareLost", 30, Transit.lost],
      ] as const) {
        const { lots, depot, sent } = await load();
        await at(START + (days + 1) * DAY);
        await as(lots, people.novaStock)[act](sent);
        const args = [novaVaccines, sent.sscc, status];
        await fails(depot.receiveConsignment(sent, false), lots, "ConsignmentStatusWrong", ...args);
      }
    });
    it("reverts with ConsignmentStatusWrong, or as unknown, once it was refused", async () => {
      const { world, lots, depot, made, sent } = await load();
      await receive(world, sent, [{ damaged: 0, missing: 0, refused: 100, indices: [] }]);
      const unknown = depot.receiveConsignment(sent, false);
      await fails(unknown, lots, "ConsignmentUnknown", novaVaccines, sent.sscc);
      const back = { ...sent, lines: [line(made, 100)] };
      const args = [novaVaccines, sent.sscc, Transit.refused];
      await fails(depot.receiveConsignment(back, false), lots, "ConsignmentStatusWrong", ...args);
    });
  });
  describe("given the lot was stopped on its way", () => {
    it("reverts with LotIsRecalled, and takes it into quarantine", async () => {
      const { world, lots, depot, made, sent } = await load();
      await at(START + HOUR);
      await as(lots, people.novaRecall).recallLot(made.id, novaVaccines, Recall.classI, NOTICE);
      await fails(depot.receiveConsignment(sent, false), lots, "LotIsRecalled", made.id, START + HOUR);
      const args = [made.id, ...there, 100, Reason.recall, true, people.depotStock.key];
      await emits(depot.receiveConsignment(sent, true), lots, "StockQuarantined", ...args);
      const stock = { ...NO_STOCK, quarantined: 100, held: true, span: [0, 100] };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      await balances(world, made);
    });
    it("reverts with LotExpired from the day after its last, and takes it into quarantine", async () => {
      const { world, lots, depot, made, sent } = await load();
      const changes = { sscc: sscc(2), lines: [line(made, 10, 100, { origin: true })] };
      const second = await ship(world, goods(made, 10, changes));
      const over = (EXPIRY_DAY + 1) * DAY;
      await at(over - 1);
      await depot.receiveConsignment(sent, false);
      await at(over);
      await fails(depot.receiveConsignment(second, false), lots, "LotExpired", made.id, EXPIRY_DAY);
      const args = [made.id, ...there, 110, Reason.other, true, people.depotStock.key];
      await emits(depot.receiveConsignment(second, true), lots, "StockQuarantined", ...args);
      await balances(world, made);
    });
    it("lets a return of it arrive", async () => {
      const { world, lots, made, sent } = await load();
      await receive(world, sent);
      const home = { from: depotNorth, fromSite: Site.depotCold, to: novaVaccines, toSite: 1 };
      const changes = { ...home, purpose: Purpose.return, lines: [line(made, 40, 60)] };
      const back = await ship(world, goods(made, 40, changes));
      await as(lots, people.novaRecall).recallLot(made.id, novaVaccines, Recall.classI, NOTICE);
      await receive(world, back);
      expect(await stockOf(world, made.id, novaVaccines, 1)).to.eql({ ...NO_STOCK, returned: 40 });
      await balances(world, made);
    });
  });
  describe("when nobody watches the temperature there", () => {
    it("reverts with CompartmentUnwatched until a device is bound, and takes it into quarantine", async () => {
      const { world, lots, depot } = await load();
      const made = await release(world, Products.coldTablets, 100);
      const [first, second] = [1, 2].map((n) => goods(made, 10, { sscc: sscc(n) })) as [Goods, Goods];
      await ship(world, first);
      await ship(world, second);
      const args = [...there, Storage.refrigerated];
      await fails(depot.receiveConsignment(first, false), lots, "CompartmentUnwatched", ...args);
      await depot.receiveConsignment(first, true);
      const watch = { storage_: Storage.refrigerated, site: Site.depotCold, from: 0, sscc: 0 };
      await depot.bindDevice(depotNorth, people.depotSensor.key, watch);
      await depot.receiveConsignment(second, false);
      const stock = { ...NO_STOCK, onHand: 10, quarantined: 10 };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      await balances(world, made);
    });
  });
  describe("when all holds", () => {
    it("emits ConsignmentReceived without findings, and the units are on hand", async () => {
      const { world, lots, depot, made, sent } = await load();
      const { key } = people.depotStock;
      const args = [novaVaccines, sent.sscc, depotNorth, 0, false, [], key];
      await emits(depot.receiveConsignment(sent, false), lots, "ConsignmentReceived", ...args);
      const stock = { ...NO_STOCK, onHand: 100, span: [0, 100] };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      const transit = await lots.consignmentOf(novaVaccines, sent.sscc);
      expect(transit.status).to.equal(Transit.received);
      expect(transit.contents).to.equal(await lots.contentsOf(sent));
      await balances(world, made);
    });
    it("takes units without serials aside, and leaves those on hand where they are", async () => {
      const { world, lots, depot } = await load();
      const made = await release(world, Products.tablets, 100);
      await move(world, made, 60);
      const sent = await ship(world, goods(made, 40));
      const { key } = people.depotStock;
      const args = [made.id, ...there, 40, Reason.other, false, key];
      const taken = depot.receiveConsignment(sent, true);
      await emits(taken, lots, "StockQuarantined", ...args);
      const told = [Member.orbisPharma, sent.sscc, depotNorth, 0, true, [], key];
      await emits(taken, lots, "ConsignmentReceived", ...told);
      const stock = { ...NO_STOCK, onHand: 60, quarantined: 40 };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      await balances(world, made);
    });
    it("holds all of a lot with serials once some of it is put aside, and what arrives joins it", async () => {
      const { world, lots, depot, made, sent } = await load();
      await receive(world, sent);
      const next = (first: number, n: number): Goods =>
        goods(made, 10, { sscc: sscc(n), lines: [line(made, 10, first, { origin: true })] });
      const aside = await ship(world, next(100, 2));
      const args = [made.id, ...there, 110, Reason.other, true, people.depotStock.key];
      await emits(depot.receiveConsignment(aside, true), lots, "StockQuarantined", ...args);
      const plain = await ship(world, next(110, 3));
      const joined = [made.id, ...there, 10, Reason.other, true, people.depotStock.key];
      await emits(depot.receiveConsignment(plain, false), lots, "StockQuarantined", ...joined);
      const stock = { ...NO_STOCK, quarantined: 120, held: true, span: [0, 120] };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      await balances(world, made);
    });
    it("counts what returned to its maker as returned, whatever was asked", async () => {
      const { world, lots, made, sent } = await load();
      await receive(world, sent);
      const home = { from: depotNorth, fromSite: Site.depotCold, to: novaVaccines, toSite: 1 };
      const changes = { ...home, purpose: Purpose.return, lines: [line(made, 40, 30)] };
      const back = await ship(world, goods(made, 40, changes));
      await balances(world, made, 40);
      await as(lots, people.novaStock).receiveConsignment(back, true);
      expect(await stockOf(world, made.id, novaVaccines, 1)).to.eql({ ...NO_STOCK, returned: 40 });
      const stock = { ...NO_STOCK, onHand: 60, span: [0, 30] };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      await balances(world, made);
    });
  });
});
