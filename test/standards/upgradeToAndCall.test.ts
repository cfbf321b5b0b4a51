import { expect } from "chai";

import { as, at, ethers, plain, START, DAY } from "../core/chain.ts";
import { people, CATEGORIES, CODE_SYSTEMS, freshConsortium, standardsAt } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("StandardsRegistry.upgradeToAndCall", () => {
  const load = async () => {
    const { standards } = await freshConsortium();
    const body = await ethers.deployContract("StandardsRegistry", [], people.deployer.wallet);
    return { standards, target: await body.getAddress(), governed: as(standards, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { standards, target } = await load();
      for (const who of [people.stranger, people.deployer, people.emergency, people.inspector]) {
        const sent = as(standards, who).upgradeToAndCall(target, "0x");
        await fails(sent, standards, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when somebody initialises the implementation or the proxy again", () => {
    it("reverts with InvalidInitialization", async () => {
      const { standards, target } = await load();
      for (const address of [target, await standards.getAddress()]) {
        const body = as(await standardsAt(address), people.stranger);
        await fails(body.initialize(people.stranger.address), standards, "InvalidInitialization");
      }
    });
  });
  describe("when somebody calls the body past the proxy", () => {
    it("finds no authority there and can do nothing", async () => {
      const { standards, target } = await load();
      const body = as(await standardsAt(target), people.governance);
      const governance = people.governance.address;
      await fails(body.retireCategory(0), standards, "AccessManagedUnauthorized", governance);
      await fails(body.upgradeToAndCall(target, "0x"), standards, "UUPSUnauthorizedCallContext");
    });
  });
  describe("when the new code is no UUPS implementation", () => {
    it("reverts and the old code stays", async () => {
      const { standards, governed } = await load();
      const other = await standards.authority();
      const sent = governed.upgradeToAndCall(other, "0x");
      await fails(sent, standards, "ERC1967InvalidImplementation", other);
      expect(await standards.codeSystemCount()).to.equal(CODE_SYSTEMS.length);
    });
  });
  describe("when governance upgrades", () => {
    it("keeps every number, and numbers go on under the new code", async () => {
      const { standards, governed, target } = await load();
      await governed.retireCategory(1);
      await governed.retireCodeSystem(1);
      const picture = async () => [
        await standards.activeCategories(),
        await standards.registeredCategories(),
        await standards.codeSystemCount(),
        await standards.retiredCodeSystems(0),
        plain(await standards.categoryOf(1)),
        plain(await standards.codeSystemOf(1)),
      ];
      const before = await picture();
      await emits(governed.upgradeToAndCall(target, "0x"), standards, "Upgraded", target);
      expect(await picture()).to.eql(before);
      await governed.registerCategory(CATEGORIES.length, ethers.encodeBytes32String("social-history"));
    });
    it("keeps a running pause", async () => {
      const { standards, governed, target } = await load();
      await as(standards, people.emergency).pause(START + DAY);
      await governed.upgradeToAndCall(target, "0x");
      await at(START + DAY - 1);
      const sent = governed.registerCodeSystem("http://example.org", "1");
      await fails(sent, standards, "DomainIsPaused", START + DAY);
    });
  });
});
