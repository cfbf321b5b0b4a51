import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { people, CATEGORIES, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("StandardsRegistry.registerCategory", () => {
  const next = CATEGORIES.length;
  const code = ethers.encodeBytes32String("social-history");
  const load = async () => {
    const { standards } = await freshConsortium();
    return { standards, governed: as(standards, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { standards } = await load();
      for (const who of [people.stranger, people.deployer, people.emergency, people.stMaryArchive]) {
        const sent = as(standards, who).registerCategory(next, code);
        await fails(sent, standards, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { standards, governed } = await load();
      await as(standards, people.emergency).pause(START + DAY);
      await fails(governed.registerCategory(next, code), standards, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the number is not the next", () => {
    it("reverts with CategoryNumberInvalid", async () => {
      const { standards, governed } = await load();
      for (const number of [0, next - 1, next + 1, 255]) {
        const sent = governed.registerCategory(number, code);
        await fails(sent, standards, "CategoryNumberInvalid", number, next);
      }
    });
  });
  describe("given there are 32", () => {
    it("reverts with CategoryNumberInvalid", async () => {
      const { standards, governed } = await load();
      for (let number = next; number < 32; number += 1) {
        await governed.registerCategory(number, ethers.encodeBytes32String(`category-${number}`));
      }
      expect(await standards.registeredCategories()).to.equal(2n ** 32n - 1n);
      expect(await standards.activeCategories()).to.equal(2n ** 32n - 1n);
      await fails(governed.registerCategory(32, code), standards, "CategoryNumberInvalid", 32, 32);
    });
  });
  describe("when the code is empty or taken", () => {
    it("reverts with CategoryCodeInvalid, for the code of a retired one too", async () => {
      const { standards, governed } = await load();
      const taken = ethers.encodeBytes32String("laboratory");
      await governed.retireCategory(CATEGORIES.indexOf("laboratory"));
      for (const wrong of [ZeroHash, taken]) {
        await fails(governed.registerCategory(next, wrong), standards, "CategoryCodeInvalid", wrong);
      }
    });
  });
  describe("when all holds", () => {
    it("emits CategoryRegistered and is active", async () => {
      const { standards, governed } = await load();
      await at(START + HOUR);
      await emits(governed.registerCategory(next, code), standards, "CategoryRegistered", next, code);
      expect([...(await standards.categoryOf(next))]).to.eql([code, BigInt(START + HOUR), 0n]);
      expect(await standards.activeCategories()).to.equal(2n ** BigInt(next + 1) - 1n);
    });
  });
  describe("when the initial list was deployed", () => {
    it("stands under its numbers, and the next is free", async () => {
      const { standards } = await load();
      expect(CATEGORIES.length).to.be.greaterThan(11);
      for (const [number, label] of CATEGORIES.entries()) {
        const found = await standards.categoryOf(number);
        expect([ethers.decodeBytes32String(found.code), found.retiredAt]).to.eql([label, 0n]);
      }
      expect([...(await standards.categoryOf(next))]).to.eql([ZeroHash, 0n, 0n]);
      expect(await standards.registeredCategories()).to.equal(2n ** BigInt(next) - 1n);
    });
  });
});
