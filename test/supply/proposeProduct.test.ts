import { expect } from "chai";

import { as, plain } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
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
  type Product,
} from "./support.ts";
import {
  field,
  refusesClosed,
  refusesOthers,
  refusesPaused,
  refusesSuspended,
  termsOf,
  type Act,
} from "./refusals.ts";

describe("LotRegistry.proposeProduct", () => {
  const { novaVaccines, depotNorth, drugAgency } = Member;
  const { novaQuality } = people;
  const load = async () => {
    const world = await freshWorld();
    const propose: Act = async (who) => await as(world.lots, who).proposeProduct(newProduct());
    return { world, ...world, propose, nova: as(world.lots, novaQuality) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, propose } = await load();
      await refusesPaused(world, propose, novaQuality);
    });
  });
  describe("when the caller has not the quality duty of the maker", () => {
    it("reverts with DutyNotHeld, for another maker's quality too", async () => {
      const { world, propose } = await load();
      const { novaStock, novaRecall, novaAdmin, orbisQuality, depotQuality, agencyQuality } = people;
      const others = [novaStock, novaRecall, novaAdmin, orbisQuality, depotQuality, agencyQuality];
      await refusesOthers(world, novaVaccines, Duty.QUALITY, propose, ...others);
    });
    it("reverts with DutySuspended or DutySuspendedForMember once a regulator suspended it", async () => {
      const { world, propose } = await load();
      await refusesSuspended(world, novaVaccines, Duty.QUALITY, propose, novaQuality);
    });
    it("reverts with DutyNotPermitted for a member that is unknown or closed", async () => {
      const { world, lots, nova, propose } = await load();
      const unknown = nova.proposeProduct(newProduct({ maker: 99 }));
      await fails(unknown, lots, "DutyNotPermitted", 99, Duty.QUALITY);
      await refusesClosed(world, novaVaccines, Duty.QUALITY, propose, novaQuality);
    });
  });
  describe("when the maker is no manufacturer", () => {
    it("reverts with ProductMakerOnly", async () => {
      const { lots, registry, nova } = await load();
      for (const [maker, who] of [
        [depotNorth, people.depotQuality],
        [drugAgency, people.agencyQuality],
        [Member.sunPharmacy, people.sunQuality],
      ] as const) {
        const sent = as(lots, who).proposeProduct(newProduct({ maker }));
        await fails(sent, lots, "ProductMakerOnly", maker);
      }
      const governed = as(registry, people.governance);
      await governed.setMemberSectors(novaVaccines, Sector.DISTRIBUTOR);
      await fails(nova.proposeProduct(newProduct()), lots, "ProductMakerOnly", novaVaccines);
      await governed.setMemberSectors(novaVaccines, Sector.DISTRIBUTOR | Sector.MANUFACTURER);
      await nova.proposeProduct(newProduct());
    });
  });
  describe("when a term is out of range", () => {
    const drug = { vaccine: false, serialised: false } as const;
    it("reverts with ProductTermInvalid naming it", async () => {
      const { lots, nova } = await load();
      const wrong: readonly (readonly [string, Partial<Product>])[] = [
        ["gtin", { gtin: 0n }],
        ["gtin", { gtin: gtin(99) + 1n }],
        ["gtin", { gtin: 100_000_000_000_007n }],
        ["unitsPerSerial", { unitsPerSerial: 0 }],
        ["unitsPerSerial", { unitsPerSerial: 65 }],
        ["unitsPerSerial", { unitsPerSerial: 255 }],
        ["unitsPerSerial", { serialised: false, unitsPerSerial: 0 }],
        ["unitsPerSerial", { serialised: false, unitsPerSerial: 2 }],
        ["unitsPerPack", { unitsPerPack: 0 }],
        ["content", { content: 0 }],
        ["discreet", { discreet: true, vaccine: false, serialised: true }],
        ["discreet", { discreet: true, vaccine: true, serialised: false }],
        ["budget", { storage_: Storage.unmonitored, budget: 1 }],
        ["budget", { storage_: Storage.refrigerated, budget: 65_535 }],
        ["openFor", { openFor: 1 }],
        ["openFor", { ...drug, openFor: 1 }],
      ];
      for (const [name, change] of wrong) {
        const terms = newProduct(change);
        await fails(nova.proposeProduct(terms), lots, "ProductTermInvalid", terms.gtin, field(name));
      }
    });
    it("takes each at its first and its last value", async () => {
      const { lots, nova } = await load();
      const most = { unitsPerSerial: 64, unitsPerPack: 65_535, content: 2 ** 32 - 1 };
      for (const change of [
        { gtin: 17n },
        { gtin: 99_999_999_999_997n },
        { unitsPerSerial: 1, unitsPerPack: 1, content: 1 },
        { ...most, storage_: Storage.roomTemperature, budget: 65_534, openFor: 65_535 },
        { storage_: Storage.refrigerated, budget: 0 },
        { unitsPerSerial: 2, openFor: 1 },
        { unitsPerSerial: 2, openFor: 0 },
        { ...drug, discreet: true },
        { ...drug, vaccine: true },
      ]) {
        const terms = newProduct(change);
        await emits(
          nova.proposeProduct(terms),
          lots,
          "ProductProposed",
          terms.gtin,
          novaVaccines,
          novaQuality.key,
          termsOf(terms),
        );
      }
    });
  });
  describe("when all holds", () => {
    it("emits ProductProposed, and approves nothing", async () => {
      const { lots, nova } = await load();
      const terms = newProduct({ unitsPerSerial: 10, storage_: Storage.frozen, budget: 30, openFor: 90 });
      const args = [terms.gtin, novaVaccines, novaQuality.key, termsOf(terms)];
      await emits(nova.proposeProduct(terms), lots, "ProductProposed", ...args);
      const [, status] = await lots.productOf(terms.gtin);
      expect(status).to.equal(ProductStatus.unknown);
      const standing = plain(await lots.productOf(Products.flu.gtin));
      await nova.proposeProduct({ ...Products.flu, content: 2 });
      expect(plain(await lots.productOf(Products.flu.gtin))).to.eql(standing);
    });
  });
});
