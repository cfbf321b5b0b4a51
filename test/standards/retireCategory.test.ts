import { expect } from "chai";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { people, CATEGORIES, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("StandardsRegistry.retireCategory", () => {
  const number = CATEGORIES.indexOf("imaging");
  const code = ethers.encodeBytes32String("imaging");
  const load = async () => {
    const { standards } = await freshConsortium();
    return { standards, governed: as(standards, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { standards } = await load();
      for (const who of [people.stranger, people.deployer, people.emergency, people.inspector]) {
        const sent = as(standards, who).retireCategory(number);
        await fails(sent, standards, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given it is free or retired", () => {
    it("reverts with CategoryNotActive", async () => {
      const { standards, governed } = await load();
      await governed.retireCategory(number);
      for (const wrong of [number, CATEGORIES.length, 31, 32, 255]) {
        await fails(governed.retireCategory(wrong), standards, "CategoryNotActive", wrong);
      }
    });
  });
  describe("when it is active", () => {
    it("emits CategoryRetired, stays registered, and works while paused", async () => {
      const { standards, governed } = await load();
      const registered = await standards.registeredCategories();
      await as(standards, people.emergency).pause(START + DAY);
      await at(START + HOUR);
      await emits(governed.retireCategory(number), standards, "CategoryRetired", number, code);
      expect((await standards.categoryOf(number)).retiredAt).to.equal(START + HOUR);
      expect(await standards.activeCategories()).to.equal(registered & ~(1n << BigInt(number)));
      expect(await standards.registeredCategories()).to.equal(registered);
    });
  });
});
