import { as, START, DAY } from "../core/chain.ts";
import { people, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { register } from "./support.ts";

describe("ResearchRegistry.resume", () => {
  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { research } = await freshConsortium();
      await as(research, people.emergency).pause(START + DAY);
      for (const who of [people.stranger, people.governance, people.stMaryArchive]) {
        await fails(as(research, who).resume(), research, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the domain is not paused", () => {
    it("reverts with DomainNotPaused", async () => {
      const { research } = await freshConsortium();
      await fails(as(research, people.emergency).resume(), research, "DomainNotPaused");
    });
  });
  describe("given the domain is paused", () => {
    it("emits DomainResumed and takes acts again", async () => {
      const world = await freshConsortium();
      const emergency = as(world.research, people.emergency);
      await emergency.pause(START + DAY);
      await emits(emergency.resume(), world.research, "DomainResumed");
      await register(world);
    });
  });
});
