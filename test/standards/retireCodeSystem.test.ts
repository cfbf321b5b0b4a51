import { expect } from "chai";

import { as, at, START, DAY, HOUR } from "../core/chain.ts";
import { people, CODE_SYSTEMS, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("StandardsRegistry.retireCodeSystem", () => {
  const load = async () => {
    const { standards } = await freshConsortium();
    return { standards, governed: as(standards, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { standards } = await load();
      for (const who of [people.stranger, people.deployer, people.emergency, people.inspector]) {
        const sent = as(standards, who).retireCodeSystem(1);
        await fails(sent, standards, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given it is free or retired", () => {
    it("reverts with CodeSystemNotActive", async () => {
      const { standards, governed } = await load();
      await governed.retireCodeSystem(2);
      for (const wrong of [0, 2, CODE_SYSTEMS.length + 1, 65_535]) {
        await fails(governed.retireCodeSystem(wrong), standards, "CodeSystemNotActive", wrong);
      }
    });
  });
  describe("when it is active", () => {
    it("emits CodeSystemRetired, keeps its number, and works while paused", async () => {
      const { standards, governed } = await load();
      await as(standards, people.emergency).pause(START + DAY);
      await at(START + HOUR);
      await emits(governed.retireCodeSystem(3), standards, "CodeSystemRetired", 3);
      expect((await standards.codeSystemOf(3)).retiredAt).to.equal(START + HOUR);
      expect(await standards.codeSystemCount()).to.equal(CODE_SYSTEMS.length);
    });
    it("joins the retired ones of its page, and of no other", async () => {
      const { standards, governed } = await load();
      await governed.retireCodeSystem(1);
      await governed.retireCodeSystem(4);
      expect(await standards.retiredCodeSystems(0)).to.equal((1n << 1n) | (1n << 4n));
      expect(await standards.retiredCodeSystems(1)).to.equal(0n);
    });
    it("joins the second page when its number is 256 or more", async () => {
      const { standards, governed } = await load();
      for (let number = CODE_SYSTEMS.length + 1; number <= 257; number += 1) {
        await governed.registerCodeSystem("http://example.org/code-system", `version ${number}`);
      }
      await governed.retireCodeSystem(257);
      expect([await standards.retiredCodeSystems(0), await standards.retiredCodeSystems(1)]).to.eql([0n, 2n]);
    });
  });
});
