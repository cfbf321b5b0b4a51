import { as, START, DAY } from "../core/chain.ts";
import { people, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { anchor } from "./support.ts";

describe("RecordRegistry.resume", () => {
  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { records } = await freshConsortium();
      await as(records, people.emergency).pause(START + DAY);
      for (const who of [people.stranger, people.governance, people.inspector]) {
        await fails(as(records, who).resume(), records, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the domain is not paused", () => {
    it("reverts with DomainNotPaused", async () => {
      const { records } = await freshConsortium();
      await fails(as(records, people.emergency).resume(), records, "DomainNotPaused");
    });
  });
  describe("given the domain is paused", () => {
    it("emits DomainResumed and takes acts again", async () => {
      const world = await freshConsortium();
      const { records } = world;
      const emergency = as(records, people.emergency);
      await emergency.pause(START + DAY);
      await emits(emergency.resume(), records, "DomainResumed");
      await anchor(world);
    });
  });
});
