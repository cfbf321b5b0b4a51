import { as, START, DAY } from "../core/chain.ts";

import { fails, emits } from "../core/expect.ts";
import { Products, freshWorld, people, register } from "./support.ts";

describe("LotRegistry.resume", () => {
  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { lots } = await freshWorld();
      await as(lots, people.emergency).pause(START + DAY);
      for (const who of [people.stranger, people.governance, people.inspector]) {
        await fails(as(lots, who).resume(), lots, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the domain is not paused", () => {
    it("reverts with DomainNotPaused", async () => {
      const { lots } = await freshWorld();
      await fails(as(lots, people.emergency).resume(), lots, "DomainNotPaused");
    });
  });
  describe("given the domain is paused", () => {
    it("emits DomainResumed and takes acts again", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const emergency = as(lots, people.emergency);
      await emergency.pause(START + DAY);
      await emits(emergency.resume(), lots, "DomainResumed");
      await register(world, Products.flu, 10);
    });
  });
});
