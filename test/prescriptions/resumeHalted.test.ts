import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, inOneBlock, START, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { HaltReason, freshWorld, terms, lock, authorise, issue, accept } from "./support.ts";

describe("PrescriptionRegistry.resumeHalted", () => {
  const { stMary, healthOffice, drugAgency } = Member;
  const li = people.drLi.key;
  const load = async () => {
    const world = await freshWorld();
    const id = await issue(world, terms());
    const inspect = as(world.prescriptions, people.inspector);
    await inspect.halt(healthOffice, stMary, li, START, HaltReason.suspectedFraud);
    return { ...world, id, inspect };
  };

  describe("when the caller is no INSPECT operator of the regulator", () => {
    it("reverts with DutyNotHeld", async () => {
      const { prescriptions } = await load();
      for (const who of [people.stranger, people.licenser, people.agencyInspector, people.stMaryAdmin]) {
        const sent = as(prescriptions, who).resumeHalted(healthOffice, stMary, li);
        await fails(sent, prescriptions, "DutyNotHeld", healthOffice, who.key, Duty.INSPECT);
      }
    });
  });
  describe("given another regulator's halt stands", () => {
    it("reverts with HaltOfOther", async () => {
      const { prescriptions } = await load();
      const sent = as(prescriptions, people.agencyInspector).resumeHalted(drugAgency, stMary, li);
      await fails(sent, prescriptions, "HaltOfOther", stMary, li, healthOffice);
    });
  });
  describe("given no halt stands", () => {
    it("reverts with HaltUnknown", async () => {
      const { prescriptions, inspect } = await load();
      const none = inspect.resumeHalted(healthOffice, stMary, ZeroHash);
      await fails(none, prescriptions, "HaltUnknown", stMary, ZeroHash);
      await inspect.resumeHalted(healthOffice, stMary, li);
      await fails(inspect.resumeHalted(healthOffice, stMary, li), prescriptions, "HaltUnknown", stMary, li);
    });
  });
  describe("given a halt stands", () => {
    it("emits PrescriptionsResumed and locks work in the same block", async () => {
      const world = await load();
      const signed = await authorise(world, terms(), lock());
      const fates = await inOneBlock(
        [world.prescriptions.interface],
        async () => await world.inspect.resumeHalted(healthOffice, stMary, li),
        async () => await as(world.prescriptions, people.sunTill).accept(terms(), lock(), signed),
      );
      expect(fates).to.eql([{ ok: true }, { ok: true }]);
      await world.inspect.halt(healthOffice, stMary, li, START, HaltReason.suspectedFraud);
      const sent = world.inspect.resumeHalted(healthOffice, stMary, li);
      await emits(sent, world.prescriptions, "PrescriptionsResumed", stMary, li, healthOffice);
      expect(plain(await world.prescriptions.haltOf(stMary, li))).to.eql([0n, 0n, 0n, 0n]);
    });
    it("leaves the halt on the whole issuer standing", async () => {
      const world = await load();
      await world.inspect.halt(healthOffice, stMary, ZeroHash, START, HaltReason.windDown);
      await world.inspect.resumeHalted(healthOffice, stMary, li);
      const args = [world.id, START, healthOffice];
      await fails(accept(world, terms()), world.prescriptions, "PrescriptionHalted", ...args);
      await world.inspect.resumeHalted(healthOffice, stMary, ZeroHash);
      await accept(world, terms());
    });
  });
});
