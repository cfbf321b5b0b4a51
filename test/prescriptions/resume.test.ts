import { expect } from "chai";

import { as, inOneBlock, START, DAY } from "../core/chain.ts";
import { people } from "../core/world.ts";
import { fails } from "../core/expect.ts";
import { freshWorld, terms, order } from "./support.ts";

describe("PrescriptionRegistry.resume", () => {
  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { prescriptions } = await freshWorld();
      await as(prescriptions, people.emergency).pause(START + DAY);
      for (const who of [people.stranger, people.governance, people.inspector]) {
        await fails(as(prescriptions, who).resume(), prescriptions, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the domain is not paused", () => {
    it("reverts with DomainNotPaused", async () => {
      const { prescriptions } = await freshWorld();
      await fails(as(prescriptions, people.emergency).resume(), prescriptions, "DomainNotPaused");
    });
  });
  describe("given the domain is paused", () => {
    it("emits DomainResumed and issues in the same block", async () => {
      const { prescriptions } = await freshWorld();
      const emergency = as(prescriptions, people.emergency);
      await emergency.pause(START + DAY);
      const fates = await inOneBlock(
        [prescriptions.interface],
        async () => await emergency.resume(),
        async () => await as(prescriptions, people.drLi).issue(order(terms())),
      );
      expect(fates).to.eql([{ ok: true }, { ok: true }]);
      const logs = await prescriptions.queryFilter(prescriptions.filters.DomainResumed());
      expect(logs.length).to.equal(1);
    });
  });
});
