import { expect } from "chai";

import { ethers, START } from "../core/chain.ts";
import { people, Member } from "../core/world.ts";
import { type Terms, SENT, holder, freshWorld, terms, order, idOf, issue } from "./support.ts";

describe("PrescriptionRegistry.prescriptionId", () => {
  describe("when any one term differs", () => {
    it("is another id", async () => {
      const { prescriptions } = await freshWorld();
      const changes: Partial<Terms>[] = [
        {},
        { issuer: 2 },
        { prescriber: people.drChen.key },
        { holder: holder(2).address },
        { commitment: ethers.id("another") },
        { unitsPerFill: 30_001n },
        { fills: 4 },
        { interval: 1 },
        { validFrom: START + 1 },
        { validUntil: START + 1 },
        { reviewer: 1 },
      ];
      const ids = new Set<string>();
      for (const change of changes) ids.add(await prescriptions.prescriptionId(terms(change)));
      expect(ids.size).to.equal(11);
    });
  });
  describe("when the id is computed off chain", () => {
    it("equals the EIP-712 struct hash", async () => {
      const { prescriptions } = await freshWorld();
      const extreme = terms({
        unitsPerFill: 2n ** 40n - 1n,
        fills: 255,
        interval: 2 ** 32 - 1,
        reviewer: 2 ** 32 - 1,
      });
      for (const one of [terms(), extreme])
        expect(await prescriptions.prescriptionId(one)).to.equal(idOf(one));
    });
  });
  describe("when a word of the terms has dirty high bits", () => {
    it("never names a prescription that was issued", async () => {
      const world = await freshWorld();
      await issue(world, terms());
      const { prescriptions } = world;
      const data = prescriptions.interface.encodeFunctionData("cancel", [terms(), Member.stMary, SENT]);
      const dirty = `${data.slice(0, 10)}01${data.slice(12)}`;
      const sent = people.drLi.wallet.sendTransaction({ to: await prescriptions.getAddress(), data: dirty });
      await expect(sent).to.be.revert(ethers);
      const issued = prescriptions.interface.encodeFunctionData("issue", [order(terms({ fills: 9 }))]);
      const crooked = `${issued.slice(0, 10)}01${issued.slice(12)}`;
      const made = people.drLi.wallet.sendTransaction({
        to: await prescriptions.getAddress(),
        data: crooked,
      });
      await expect(made).to.be.revert(ethers);
    });
  });
});
