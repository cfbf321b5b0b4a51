import { expect } from "chai";

import { as, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import { Member, ProductStatus, Products, freshWorld, gtin, people, register } from "./support.ts";
import {
  refusesClosed,
  refusesOthers,
  refusesPaused,
  refusesSuspended,
  termsOf,
  type Act,
} from "./refusals.ts";

describe("LotRegistry.withdrawProduct", () => {
  const { novaVaccines, orbisPharma, depotNorth, drugAgency } = Member;
  const { novaQuality, orbisQuality, depotQuality, releaser } = people;
  const { flu } = Products;
  const load = async () => {
    const world = await freshWorld();
    const { lots } = world;
    const byMaker: Act = async (who) => await as(lots, who).withdrawProduct(flu.gtin, novaVaccines);
    const byAgency: Act = async (who) => await as(lots, who).withdrawProduct(flu.gtin, drugAgency);
    return { world, ...world, byMaker, byAgency, nova: as(lots, novaQuality) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, byMaker } = await load();
      await refusesPaused(world, byMaker, novaQuality);
    });
  });
  describe("when the product is not approved", () => {
    it("reverts with ProductNotApproved and how it stands", async () => {
      const { lots, nova } = await load();
      const unknown = nova.withdrawProduct(gtin(99), novaVaccines);
      await fails(unknown, lots, "ProductNotApproved", gtin(99), ProductStatus.unknown);
      await nova.withdrawProduct(flu.gtin, novaVaccines);
      const again = nova.withdrawProduct(flu.gtin, novaVaccines);
      await fails(again, lots, "ProductNotApproved", flu.gtin, ProductStatus.withdrawn);
    });
  });
  describe("when the caller is neither the maker's quality nor a regulator's releaser", () => {
    it("reverts with DutyNotHeld", async () => {
      const { world, byMaker, byAgency } = await load();
      const { novaStock, novaRecall, agencyQuality, agencyRecall } = people;
      const makers = [novaStock, novaRecall, orbisQuality, depotQuality, releaser];
      await refusesOthers(world, novaVaccines, Duty.QUALITY, byMaker, ...makers);
      const agencys = [agencyQuality, agencyRecall, novaQuality];
      await refusesOthers(world, drugAgency, Duty.RELEASE_LOT, byAgency, ...agencys);
    });
    it("reverts with DutySuspended or DutySuspendedForMember once a regulator suspended it", async () => {
      const { world, byMaker } = await load();
      await refusesSuspended(world, novaVaccines, Duty.QUALITY, byMaker, novaQuality);
    });
    it("reverts with DutyNotPermitted for a member that is unknown or closed", async () => {
      const { world, lots, nova, byMaker } = await load();
      const unknown = nova.withdrawProduct(flu.gtin, 99);
      await fails(unknown, lots, "DutyNotPermitted", 99, Duty.QUALITY);
      await refusesClosed(world, novaVaccines, Duty.QUALITY, byMaker, novaQuality);
    });
  });
  describe("when the member has no say over it", () => {
    it("reverts with ProductOfStranger", async () => {
      const { lots } = await load();
      for (const [member, who] of [
        [orbisPharma, orbisQuality],
        [depotNorth, depotQuality],
      ] as const) {
        const sent = as(lots, who).withdrawProduct(flu.gtin, member);
        await fails(sent, lots, "ProductOfStranger", flu.gtin, novaVaccines, member);
      }
    });
  });
  describe("when all holds", () => {
    it("emits ProductWithdrawn for its maker, and no further lot is registered", async () => {
      const { world, lots, byMaker } = await load();
      const sent = byMaker(novaQuality);
      await emits(sent, lots, "ProductWithdrawn", flu.gtin, novaVaccines, novaQuality.key);
      const late = register(world, flu, 10);
      await fails(late, lots, "ProductNotApproved", flu.gtin, ProductStatus.withdrawn);
    });
    it("emits ProductWithdrawn for a regulator", async () => {
      const { lots, byAgency } = await load();
      const sent = byAgency(releaser);
      await emits(sent, lots, "ProductWithdrawn", flu.gtin, drugAgency, releaser.key);
    });
    it("takes it from the maker's successor", async () => {
      const { lots, registry } = await load();
      const governed = as(registry, people.governance);
      await governed.closeMember(novaVaccines);
      await governed.nameSuccessor(novaVaccines, orbisPharma);
      const sent = as(lots, orbisQuality).withdrawProduct(flu.gtin, orbisPharma);
      await emits(sent, lots, "ProductWithdrawn", flu.gtin, orbisPharma, orbisQuality.key);
    });
  });
  describe("when a product is looked up", () => {
    it("gives nothing for an unknown one, and the terms of one that stands or was withdrawn", async () => {
      const { lots, nova } = await load();
      const nothing = [0n, 0n, false, false, false, 0n, 0n, 0n, 0n, 0n, 0n];
      expect(plain(await lots.productOf(gtin(99)))).to.eql([nothing, ProductStatus.unknown]);
      for (const product of Object.values(Products)) {
        const found = plain(await lots.productOf(product.gtin));
        expect(found).to.eql([termsOf(product), ProductStatus.approved]);
      }
      await nova.withdrawProduct(flu.gtin, novaVaccines);
      expect(plain(await lots.productOf(flu.gtin))).to.eql([termsOf(flu), ProductStatus.withdrawn]);
    });
  });
});
