import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, START, as, at, ethers, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import {
  CERTIFICATE,
  EXPIRY_DAY,
  LotStatus,
  Member,
  NOTICE,
  NO_STOCK,
  ProductStatus,
  Products,
  Recall,
  freshWorld,
  gtin,
  lotIdOf,
  lotNumber,
  people,
  register,
  serialTree,
  stockOf,
} from "./support.ts";
import {
  UNKNOWN_LOT,
  field,
  refusesClosed,
  refusesOthers,
  refusesPaused,
  refusesSuspended,
  type Act,
} from "./refusals.ts";

describe("LotRegistry.registerLot", () => {
  const { novaVaccines, orbisPharma, depotNorth, harbourClinic, sunPharmacy, drugAgency } = Member;
  const { novaStock, orbisStock, depotStock, clinicStock, sunStock } = people;
  const { flu, polio, plain: bulk, tablets, coldTablets } = Products;
  const { root } = serialTree(64);
  const terms = (changes: Record<string, unknown> = {}) => ({
    gtin: flu.gtin,
    number: lotNumber("LOT-1"),
    expiryDay: EXPIRY_DAY,
    units: 64,
    serialRoot: root,
    site: 1,
    ...changes,
  });
  const id = lotIdOf(flu.gtin, "LOT-1");
  const load = async () => {
    const world = await freshWorld();
    const { lots } = world;
    const enter: Act = async (who) => await as(lots, who).registerLot(novaVaccines, terms());
    return { world, ...world, enter, nova: as(lots, novaStock) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, enter } = await load();
      await refusesPaused(world, enter, novaStock);
    });
  });
  describe("when the caller keeps no stock for the member", () => {
    it("reverts with DutyNotHeld, for another maker's stock keeper too", async () => {
      const { world, enter } = await load();
      const { novaQuality, novaRecall, novaAdmin, releaser } = people;
      const others = [novaQuality, novaRecall, novaAdmin, orbisStock, depotStock, clinicStock, releaser];
      await refusesOthers(world, novaVaccines, Duty.HANDLE_STOCK, enter, ...others);
    });
    it("reverts with DutySuspended or DutySuspendedForMember once a regulator suspended it", async () => {
      const { world, enter } = await load();
      await refusesSuspended(world, novaVaccines, Duty.HANDLE_STOCK, enter, novaStock);
    });
    it("reverts with DutyNotPermitted for a member that is unknown or closed", async () => {
      const { world, lots, nova, enter } = await load();
      for (const member of [0, 99, drugAgency]) {
        const sent = nova.registerLot(member, terms());
        await fails(sent, lots, "DutyNotPermitted", member, Duty.HANDLE_STOCK);
      }
      await refusesClosed(world, novaVaccines, Duty.HANDLE_STOCK, enter, novaStock);
    });
  });
  describe("when the site is not open", () => {
    it("reverts with StockSiteNotOpen", async () => {
      const { lots, registry, nova, enter } = await load();
      for (const site of [0, 2, 65_535]) {
        const sent = nova.registerLot(novaVaccines, terms({ site }));
        await fails(sent, lots, "StockSiteNotOpen", novaVaccines, site);
      }
      await as(registry, people.novaAdmin).closeSite(novaVaccines, 1);
      await fails(enter(novaStock), lots, "StockSiteNotOpen", novaVaccines, 1);
    });
  });
  describe("when the product is not approved", () => {
    it("reverts with ProductNotApproved and how it stands", async () => {
      const { lots, nova, enter } = await load();
      const unknown = nova.registerLot(novaVaccines, terms({ gtin: gtin(99) }));
      await fails(unknown, lots, "ProductNotApproved", gtin(99), ProductStatus.unknown);
      const proposed = { ...flu, gtin: gtin(99) };
      await as(lots, people.novaQuality).proposeProduct(proposed);
      const early = nova.registerLot(novaVaccines, terms({ gtin: gtin(99) }));
      await fails(early, lots, "ProductNotApproved", gtin(99), ProductStatus.unknown);
      await as(lots, people.novaQuality).withdrawProduct(flu.gtin, novaVaccines);
      await fails(enter(novaStock), lots, "ProductNotApproved", flu.gtin, ProductStatus.withdrawn);
    });
  });
  describe("when the product is another maker's", () => {
    it("reverts with ProductOfStranger for whoever keeps stock elsewhere", async () => {
      const { lots } = await load();
      for (const [member, who] of [
        [orbisPharma, orbisStock],
        [depotNorth, depotStock],
        [harbourClinic, clinicStock],
        [sunPharmacy, sunStock],
      ] as const) {
        const sent = as(lots, who).registerLot(member, terms());
        await fails(sent, lots, "ProductOfStranger", flu.gtin, novaVaccines, member);
      }
      expect((await lots.lotOf(id)).status).to.equal(LotStatus.unknown);
    });
  });
  describe("given the lot is registered", () => {
    it("reverts with LotAlreadyRegistered, refused and recalled ones too", async () => {
      const { lots, nova, enter } = await load();
      await enter(novaStock);
      await fails(enter(novaStock), lots, "LotAlreadyRegistered", id);
      const other = nova.registerLot(novaVaccines, terms({ units: 1, expiryDay: EXPIRY_DAY + 1 }));
      await fails(other, lots, "LotAlreadyRegistered", id);
      await as(lots, people.releaser).refuseLot(id, drugAgency, CERTIFICATE);
      await fails(enter(novaStock), lots, "LotAlreadyRegistered", id);
      await as(lots, people.novaRecall).recallLot(id, novaVaccines, Recall.classI, NOTICE);
      await fails(enter(novaStock), lots, "LotAlreadyRegistered", id);
    });
  });
  describe("when a term is out of range", () => {
    const today = START / DAY + 1;
    it("reverts with LotTermInvalid naming it", async () => {
      const { lots, nova } = await load();
      const day = Math.floor(today);
      await at(day * DAY);
      const wrong: readonly (readonly [string, Record<string, unknown>])[] = [
        ["number", { number: lotNumber("") }],
        ["expiryDay", { expiryDay: day }],
        ["expiryDay", { expiryDay: day - 1 }],
        ["expiryDay", { expiryDay: 0 }],
        ["units", { units: 0 }],
        ["serialRoot", { serialRoot: ZeroHash }],
        ["units", { gtin: polio.gtin, units: 9 }],
        ["units", { gtin: polio.gtin, units: 11 }],
        ["serialRoot", { gtin: bulk.gtin }],
      ];
      for (const [name, change] of wrong) {
        const sent = nova.registerLot(novaVaccines, terms(change));
        const named = { ...terms(), ...change };
        const lot = await lots.lotId(named.gtin, named.number);
        await fails(sent, lots, "LotTermInvalid", lot, field(name));
      }
    });
    it("takes each at its first and its last value", async () => {
      const { lots, nova } = await load();
      const day = Math.floor(today);
      await at(day * DAY - 1);
      await nova.registerLot(novaVaccines, terms({ number: lotNumber("a"), expiryDay: day }));
      await at(day * DAY);
      await nova.registerLot(novaVaccines, terms({ number: lotNumber("b"), expiryDay: day + 1 }));
      const last = "LOT-NUMBER-OF-TWENTY";
      const most = { number: lotNumber(last), units: 2 ** 32 - 1, expiryDay: 65_535 };
      await nova.registerLot(novaVaccines, terms(most));
      const lot = await lots.lotOf(lotIdOf(flu.gtin, last));
      expect([lot.units, lot.originUnits, lot.expiryDay]).to.eql([2n ** 32n - 1n, 2n ** 32n - 1n, 65_535n]);
      await nova.registerLot(novaVaccines, terms({ number: lotNumber("c"), units: 1 }));
      await nova.registerLot(novaVaccines, terms({ gtin: polio.gtin, units: 10 }));
      await nova.registerLot(novaVaccines, terms({ gtin: bulk.gtin, units: 1, serialRoot: ZeroHash }));
    });
  });
  describe("when all holds", () => {
    it("emits LotRegistered and returns the name", async () => {
      const { lots, nova } = await load();
      expect(await nova.registerLot.staticCall(novaVaccines, terms())).to.equal(id);
      const args = [id, flu.gtin, novaVaccines, lotNumber("LOT-1"), 1, EXPIRY_DAY, 64, root, novaStock.key];
      await emits(nova.registerLot(novaVaccines, terms()), lots, "LotRegistered", ...args);
    });
    it("keeps the terms, and the product's of that day", async () => {
      const { world, lots, nova } = await load();
      const registered = [LotStatus.registered, BigInt(novaVaccines), 1n, BigInt(EXPIRY_DAY)];
      await nova.registerLot(novaVaccines, terms({ gtin: polio.gtin, units: 640 }));
      expect(plain(await lots.lotOf(lotIdOf(polio.gtin, "LOT-1")))).to.eql([
        ...[...registered, 640n, 640n, 0n],
        ...[true, true, false, 10n, 1_000n, 0n, 0n, 360n, root],
      ]);
      const made = await register(world, coldTablets, 90);
      expect(plain(await lots.lotOf(made.id))).to.eql([
        ...[LotStatus.registered, BigInt(orbisPharma), 1n, BigInt(EXPIRY_DAY), 90n, 90n, 0n],
        ...[false, false, false, 1n, 1_000n, 1n, 60n, 0n, ZeroHash],
      ]);
      const discreet = await register(world, Products.discreet, 5);
      expect((await lots.lotOf(discreet.id)).discreet).to.equal(true);
      expect(await stockOf(world, made.id, orbisPharma, 1)).to.eql(NO_STOCK);
    });
    it("keeps one lot number apart for two products", async () => {
      const { world, lots } = await load();
      const first = await register(world, flu, 10);
      const second = await register(world, tablets, 20);
      expect(first.id).to.not.equal(second.id);
      expect((await lots.lotOf(first.id)).units).to.equal(10n);
      expect((await lots.lotOf(second.id)).units).to.equal(20n);
    });
    it("takes it from the maker's successor", async () => {
      const { lots, registry } = await load();
      const governed = as(registry, people.governance);
      await governed.closeMember(novaVaccines);
      const orbis = as(lots, orbisStock);
      const early = orbis.registerLot(orbisPharma, terms());
      await fails(early, lots, "ProductOfStranger", flu.gtin, novaVaccines, orbisPharma);
      await governed.nameSuccessor(novaVaccines, orbisPharma);
      await orbis.registerLot(orbisPharma, terms());
      expect((await lots.lotOf(id)).maker).to.equal(BigInt(orbisPharma));
    });
  });
  describe("when a lot is named or looked up", () => {
    it("names it as keccak256 of GTIN and number, and gives nothing for an unknown one", async () => {
      const { lots } = await load();
      for (const number of ["LOT-1", "LOT-10", "a", "LOT-NUMBER-OF-TWENTY"]) {
        expect(await lots.lotId(flu.gtin, lotNumber(number))).to.equal(lotIdOf(flu.gtin, number));
        expect(await lots.lotId(polio.gtin, lotNumber(number))).to.equal(lotIdOf(polio.gtin, number));
      }
      const nothing = [0n, 0n, 0n, 0n, 0n, 0n, 0n, false, false, false, 0n, 0n, 0n, 0n, 0n, ZeroHash];
      expect(plain(await lots.lotOf(UNKNOWN_LOT))).to.eql(nothing);
      expect(ethers.dataLength(lotNumber("LOT-1"))).to.equal(20);
    });
  });
});
