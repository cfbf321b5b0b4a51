import { expect } from "chai";

import { as } from "../core/chain.ts";
import { Duty, SEVERAL } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.restoreOperator", () => {
  const { stMary, healthOffice, drugAgency } = Member;
  const li = people.drLi.key;
  const load = async () => {
    const { registry } = await freshConsortium();
    const inspect = as(registry, people.inspector);
    await inspect.suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE | Duty.REVIEW);
    return { registry, inspect };
  };

  describe("when the caller is neither INSPECT nor LICENSE operator", () => {
    it("reverts with DutyNotHeld", async () => {
      const { registry } = await load();
      for (const who of [people.stranger, people.drLi, people.officeAdmin]) {
        const sent = as(registry, who).restoreOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
        await fails(sent, registry, "DutyNotHeld", healthOffice, who.key, Duty.INSPECT | Duty.LICENSE);
      }
    });
  });
  describe("when a LICENSE operator goes beyond its mask", () => {
    it("reverts with DutyNotHeld again", async () => {
      const { registry } = await load();
      const sent = as(registry, people.agencyLicenser).restoreOperator(
        drugAgency,
        stMary,
        li,
        Duty.PRESCRIBE,
      );
      await fails(sent, registry, "DutyNotHeld", drugAgency, people.agencyLicenser.key, Duty.INSPECT);
    });
  });
  describe("when the member's own admin tries", () => {
    it("reverts with DutyNotHeld as well", async () => {
      const { registry } = await load();
      const { stMaryAdmin } = people;
      const sent = as(registry, stMaryAdmin).restoreOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      await fails(sent, registry, "DutyNotHeld", healthOffice, stMaryAdmin.key, Duty.INSPECT | Duty.LICENSE);
    });
  });
  describe("when a duty is named that is not suspended", () => {
    it("reverts with OperatorDutiesInvalid", async () => {
      const { registry, inspect } = await load();
      const sent = inspect.restoreOperator(healthOffice, stMary, li, Duty.PRESCRIBE | Duty.DISPENSE);
      await fails(sent, registry, "OperatorDutiesInvalid", stMary, li, Duty.DISPENSE);
    });
  });
  describe("given another regulator suspended", () => {
    it("reverts with SuspensionOfOther", async () => {
      const { registry, inspect } = await load();
      const agency = as(registry, people.agencyInspector);
      const sent = agency.restoreOperator(drugAgency, stMary, li, Duty.PRESCRIBE);
      await fails(sent, registry, "SuspensionOfOther", stMary, li, healthOffice);
      await agency.suspendOperator(drugAgency, stMary, li, Duty.DISPENSE);
      const late = inspect.restoreOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      await fails(late, registry, "SuspensionOfOther", stMary, li, SEVERAL);
    });
  });
  describe("given the duty is suspended", () => {
    it("emits OperatorDutiesRestored and the duty counts again", async () => {
      const { registry, inspect } = await load();
      const sent = inspect.restoreOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      await emits(sent, registry, "OperatorDutiesRestored", stMary, li, healthOffice, Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, li)).to.equal(Duty.PRESCRIBE);
    });
    it("restores only what is named", async () => {
      const { registry, inspect } = await load();
      await inspect.restoreOperator(healthOffice, stMary, li, Duty.REVIEW);
      expect((await registry.operatorOf(stMary, li)).suspended).to.equal(Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, li)).to.equal(0n);
    });
  });
});
