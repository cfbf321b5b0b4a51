import { ZeroHash } from "ethers";

import { as, START } from "../core/chain.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { HaltReason, freshWorld } from "./support.ts";

describe("PrescriptionRegistry.liftHalt", () => {
  const { stMary, healthOffice } = Member;

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { prescriptions } = await freshWorld();
      for (const who of [people.stranger, people.inspector, people.deployer, people.emergency]) {
        const sent = as(prescriptions, who).liftHalt(stMary, ZeroHash);
        await fails(sent, prescriptions, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given no halt stands", () => {
    it("reverts with HaltUnknown", async () => {
      const { prescriptions } = await freshWorld();
      const sent = as(prescriptions, people.governance).liftHalt(stMary, ZeroHash);
      await fails(sent, prescriptions, "HaltUnknown", stMary, ZeroHash);
    });
  });
  describe("given a regulator's halt stands", () => {
    it("emits PrescriptionsResumed in no regulator's name", async () => {
      const { prescriptions } = await freshWorld();
      const { key } = people.drLi;
      await as(prescriptions, people.inspector).halt(healthOffice, stMary, key, START, HaltReason.windDown);
      const sent = as(prescriptions, people.governance).liftHalt(stMary, key);
      await emits(sent, prescriptions, "PrescriptionsResumed", stMary, key, 0);
    });
  });
});
