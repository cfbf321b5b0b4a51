import { as, START, DAY } from "../core/chain.ts";
import { people, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("StandardsRegistry.resume", () => {
  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { standards } = await freshConsortium();
      await as(standards, people.emergency).pause(START + DAY);
      for (const who of [people.stranger, people.governance, people.inspector]) {
        await fails(as(standards, who).resume(), standards, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the domain is not paused", () => {
    it("reverts with DomainNotPaused", async () => {
      const { standards } = await freshConsortium();
      await fails(as(standards, people.emergency).resume(), standards, "DomainNotPaused");
    });
  });
  describe("given the domain is paused", () => {
    it("emits DomainResumed and takes acts again", async () => {
      const { standards } = await freshConsortium();
      const emergency = as(standards, people.emergency);
      await emergency.pause(START + DAY);
      await emits(emergency.resume(), standards, "DomainResumed");
      await as(standards, people.governance).registerCodeSystem("http://example.org", "1");
    });
  });
});
