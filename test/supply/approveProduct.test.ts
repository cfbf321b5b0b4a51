import { expect } from "chai";

import { as, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Member,
  ProductStatus,
  Products,
  Storage,
  freshWorld,
  gtin,
  newProduct,
  people,
  register,
  type Product,
} from "./support.ts";
import { refusesClosed, refusesOthers, refusesPaused, refusesEnded, termsOf, type Act } from "./refusals.ts";

describe("LotRegistry.approveProduct", () => {
  const { novaVaccines, orbisPharma, depotNorth, drugAgency, healthOffice } = Member;
  const { novaQuality, releaser } = people;
  const terms = newProduct({ unitsPerSerial: 4, storage_: Storage.refrigerated, budget: 60, openFor: 90 });
  const load = async () => {
    const world = await freshWorld();
    const { lots } = world;
    const nova = as(lots, novaQuality);
    await nova.proposeProduct(terms);
    const approve: Act = async (who) => await as(lots, who).approveProduct(terms, drugAgency);
    return { world, ...world, nova, approve, agency: as(lots, releaser) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, approve } = await load();
      await refusesPaused(world, approve, releaser);
    });
  });
  describe("when the caller has not the release duty of the regulator", () => {
    it("reverts with DutyNotHeld, for the maker's own quality too", async () => {
      const { world, lots, agency, approve } = await load();
      const others = [novaQuality, people.agencyQuality, people.agencyRecall, people.agencyInspector];
      await refusesOthers(world, drugAgency, Duty.RELEASE_LOT, approve, ...others);
      const other = agency.approveProduct(terms, healthOffice);
      await fails(other, lots, "DutyNotHeld", healthOffice, releaser.key, Duty.RELEASE_LOT);
    });
    it("reverts with DutyAppointmentEnded once the appointment ended", async () => {
      const { world, approve } = await load();
      await refusesEnded(world, drugAgency, approve, releaser);
    });
    it("reverts with DutyNotPermitted for a member that is no regulator, or closed", async () => {
      const { world, lots, nova, approve } = await load();
      for (const member of [novaVaccines, depotNorth, 99]) {
        const sent = nova.approveProduct(terms, member);
        await fails(sent, lots, "DutyNotPermitted", member, Duty.RELEASE_LOT);
      }
      await refusesClosed(world, drugAgency, Duty.RELEASE_LOT, approve, releaser);
    });
  });
  describe("when these terms were not proposed", () => {
    it("reverts with ProductNotProposed, whichever term differs", async () => {
      const { lots, agency } = await load();
      const changes: readonly Partial<Product>[] = [
        { gtin: gtin(98) },
        { maker: orbisPharma },
        { vaccine: false },
        { serialised: false },
        { discreet: true },
        { unitsPerSerial: 5 },
        { unitsPerPack: 2 },
        { content: 1_001 },
        { storage_: Storage.frozen },
        { budget: 61 },
        { openFor: 91 },
      ];
      expect(changes.length).to.equal(Object.keys(terms).length);
      for (const change of changes) {
        const other = { ...terms, ...change };
        const sent = agency.approveProduct(other, drugAgency);
        await fails(sent, lots, "ProductNotProposed", other.gtin, other.maker);
      }
    });
    it("reverts with ProductNotProposed once they were approved", async () => {
      const { lots, nova, agency } = await load();
      await agency.approveProduct(terms, drugAgency);
      const again = agency.approveProduct(terms, drugAgency);
      await fails(again, lots, "ProductNotProposed", terms.gtin, novaVaccines);
      await nova.withdrawProduct(terms.gtin, novaVaccines);
      const revived = agency.approveProduct(terms, drugAgency);
      await fails(revived, lots, "ProductNotProposed", terms.gtin, novaVaccines);
    });
  });
  describe("when the regulator is of the maker's group", () => {
    it("reverts with ProductOfStranger", async () => {
      const { lots, registry, agency } = await load();
      await as(registry, people.governance).setMemberGroup(drugAgency, 131);
      const sent = agency.approveProduct(terms, drugAgency);
      await fails(sent, lots, "ProductOfStranger", terms.gtin, novaVaccines, drugAgency);
      await as(registry, people.governance).setMemberGroup(drugAgency, 132);
      await agency.approveProduct(terms, drugAgency);
    });
  });
  describe("given another maker's product has this GTIN", () => {
    it("reverts with ProductOfOther until that one is withdrawn", async () => {
      const { lots, nova, agency } = await load();
      const taken = { ...Products.flu, maker: orbisPharma };
      await as(lots, people.orbisQuality).proposeProduct(taken);
      const sent = agency.approveProduct(taken, drugAgency);
      await fails(sent, lots, "ProductOfOther", taken.gtin, novaVaccines);
      await nova.withdrawProduct(taken.gtin, novaVaccines);
      await agency.approveProduct(taken, drugAgency);
      const found = plain(await lots.productOf(taken.gtin));
      expect(found).to.eql([termsOf(taken), ProductStatus.approved]);
    });
  });
  describe("when all holds", () => {
    it("emits ProductApproved, and the terms stand", async () => {
      const { lots, agency } = await load();
      const args = [terms.gtin, novaVaccines, drugAgency, releaser.key, termsOf(terms)];
      await emits(agency.approveProduct(terms, drugAgency), lots, "ProductApproved", ...args);
      expect(plain(await lots.productOf(terms.gtin))).to.eql([termsOf(terms), ProductStatus.approved]);
    });
    it("gives an approved product other terms, and leaves lots their own", async () => {
      const { world, lots, nova, agency } = await load();
      const lot = await register(world, Products.cold, 10);
      const before = plain(await lots.lotOf(lot.id));
      const other = { ...Products.cold, content: 7, budget: 5, storage_: Storage.frozen };
      await nova.proposeProduct(other);
      await agency.approveProduct(other, drugAgency);
      expect(plain(await lots.productOf(other.gtin))).to.eql([termsOf(other), ProductStatus.approved]);
      expect(plain(await lots.lotOf(lot.id))).to.eql(before);
    });
    it("lets a withdrawn product stand again", async () => {
      const { world, lots, nova, agency } = await load();
      await nova.withdrawProduct(Products.flu.gtin, novaVaccines);
      await nova.proposeProduct(Products.flu);
      await agency.approveProduct(Products.flu, drugAgency);
      const found = plain(await lots.productOf(Products.flu.gtin));
      expect(found).to.eql([termsOf(Products.flu), ProductStatus.approved]);
      await register(world, Products.flu, 10);
    });
  });
});
