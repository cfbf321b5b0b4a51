import { expect } from "chai";

import { as, at, now, mineAt, inOneBlock, START, DAY } from "../core/chain.ts";
import { people, Member, gln, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.resume", () => {
  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await freshConsortium();
      await as(registry, people.emergency).pause(START + DAY);
      for (const who of [people.stranger, people.governance, people.deployer, people.inspector]) {
        await fails(as(registry, who).resume(), registry, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the domain is not paused", () => {
    it("reverts with DomainNotPaused", async () => {
      const { registry } = await freshConsortium();
      const emergency = as(registry, people.emergency);
      await fails(emergency.resume(), registry, "DomainNotPaused");
      await emergency.pause(START + DAY);
      await at(START + DAY);
      await fails(emergency.resume(), registry, "DomainNotPaused");
    });
  });
  describe("given the domain is paused", () => {
    it("emits DomainResumed and everything works in the same block", async () => {
      const { registry } = await freshConsortium();
      const emergency = as(registry, people.emergency);
      await emergency.pause(START + DAY);
      await emits(emergency.resume(), registry, "DomainResumed");
      await as(registry, people.stMaryAdmin).registerSite(Member.stMary, gln(70));
      await mineAt(START + 10 * DAY);
      await emergency.pause(START + 11 * DAY);
      const fates = await inOneBlock(
        [registry.interface],
        async () => await emergency.resume(),
        async () => await as(registry, people.stMaryAdmin).registerSite(Member.stMary, gln(71)),
      );
      expect(fates).to.eql([{ ok: true }, { ok: true }]);
      expect(await registry.pausedUntil()).to.equal(await now());
    });
  });
});
