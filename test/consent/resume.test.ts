import { as, START, DAY } from "../core/chain.ts";
import { people } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { freshConsents, grant } from "./support.ts";

describe("ConsentRegistry.resume", () => {
  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { consents } = await freshConsents();
      await as(consents, people.emergency).pause(START + DAY);
      for (const who of [people.stranger, people.governance, people.inspector]) {
        await fails(as(consents, who).resume(), consents, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the domain is not paused", () => {
    it("reverts with DomainNotPaused", async () => {
      const { consents } = await freshConsents();
      await fails(as(consents, people.emergency).resume(), consents, "DomainNotPaused");
    });
  });
  describe("given the domain is paused", () => {
    it("emits DomainResumed and takes acts again", async () => {
      const world = await freshConsents();
      const { consents } = world;
      const emergency = as(consents, people.emergency);
      await emergency.pause(START + DAY);
      await emits(emergency.resume(), consents, "DomainResumed");
      await grant(world, world.mara);
    });
  });
});
