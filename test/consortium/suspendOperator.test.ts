import { expect } from "chai";
import { ZeroHash, zeroPadValue, toBeHex } from "ethers";

import { as, at, now, START, HOUR, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.suspendOperator", () => {
  const { stMary, healthOffice, drugAgency } = Member;
  const li = people.drLi.key;
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, inspect: as(registry, people.inspector) };
  };

  describe("when the caller is neither INSPECT nor LICENSE operator", () => {
    it("reverts with DutyNotHeld", async () => {
      const { registry } = await load();
      const either = Duty.INSPECT | Duty.LICENSE;
      for (const who of [people.stranger, people.agencyInspector, people.officeAdmin, people.stMaryAdmin]) {
        const sent = as(registry, who).suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
        await fails(sent, registry, "DutyNotHeld", healthOffice, who.key, either);
      }
      const own = as(registry, people.northAdmin).suspendOperator(
        Member.northGeneral,
        stMary,
        li,
        Duty.PRESCRIBE,
      );
      await fails(own, registry, "DutyNotPermitted", Member.northGeneral, Duty.INSPECT);
    });
  });
  describe("when a LICENSE operator goes beyond its mask", () => {
    it("reverts with DutyNotHeld again", async () => {
      const { registry } = await load();
      const agency = as(registry, people.agencyLicenser);
      for (const duties of [Duty.PRESCRIBE, Duty.VACCINATE | Duty.PRESCRIBE, Duty.SUBMIT]) {
        const sent = agency.suspendOperator(drugAgency, stMary, li, duties);
        await fails(sent, registry, "DutyNotHeld", drugAgency, people.agencyLicenser.key, Duty.INSPECT);
      }
    });
  });
  describe("when no duty or an unknown one is named", () => {
    it("reverts with OperatorDutiesInvalid", async () => {
      const { registry, inspect } = await load();
      for (const duties of [0, 1 << 5, Duty.PRESCRIBE | (1 << 21)]) {
        const sent = inspect.suspendOperator(healthOffice, stMary, li, duties);
        await fails(sent, registry, "OperatorDutiesInvalid", stMary, li, duties);
      }
    });
  });
  describe("when the operator key is zero", () => {
    it("reverts with OperatorKeyInvalid", async () => {
      const { registry, inspect } = await load();
      const sent = inspect.suspendOperator(healthOffice, stMary, ZeroHash, Duty.PRESCRIBE);
      await fails(sent, registry, "OperatorKeyInvalid", ZeroHash);
    });
  });
  describe("given the member is a regulator", () => {
    it("reverts with SuspensionOfRegulator", async () => {
      const { registry } = await load();
      const agency = as(registry, people.agencyInspector);
      for (const duties of [Duty.LICENSE, Duty.INSPECT]) {
        const sent = agency.suspendOperator(drugAgency, healthOffice, people.licenser.key, duties);
        await fails(sent, registry, "SuspensionOfRegulator", healthOffice);
      }
    });
  });
  describe("given the regulator spent its suspensions", () => {
    it("reverts with SuspensionRateExceeded until the period is over", async () => {
      const { registry, inspect } = await load();
      await at(START + HOUR);
      for (let i = 0; i < 100; i++) {
        await inspect.suspendOperator(healthOffice, stMary, zeroPadValue(toBeHex(i + 1), 32), Duty.SUBMIT);
      }
      const open = START + HOUR + DAY;
      await at(open - 1);
      const sent = inspect.suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      await fails(sent, registry, "SuspensionRateExceeded", healthOffice, open);
      const other = as(registry, people.agencyInspector);
      await other.suspendOperator(drugAgency, stMary, people.drChen.key, Duty.PRESCRIBE);
      await at(open + 1);
      await inspect.suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
    });
  });
  describe("when an INSPECT operator suspends", () => {
    it("emits OperatorDutiesSuspended and the duty stops in the same block", async () => {
      const { registry, inspect } = await load();
      const sent = inspect.suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      await emits(sent, registry, "OperatorDutiesSuspended", stMary, li, healthOffice, Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, li)).to.equal(0n);
      await inspect.suspendOperator(healthOffice, stMary, li, Duty.REVIEW);
      expect((await registry.operatorOf(stMary, li)).suspended).to.equal(Duty.PRESCRIBE | Duty.REVIEW);
    });
    it("suspends organisational duties too", async () => {
      const { registry, inspect } = await load();
      await inspect.suspendOperator(healthOffice, stMary, people.stMarySystem.key, Duty.SUBMIT);
      expect(await registry.effectiveDuties(stMary, people.stMarySystem.key)).to.equal(0n);
    });
  });
  describe("when a LICENSE operator suspends within its mask", () => {
    it("emits OperatorDutiesSuspended too", async () => {
      const { registry } = await load();
      const sent = as(registry, people.licenser).suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      await emits(sent, registry, "OperatorDutiesSuspended", stMary, li, healthOffice, Duty.PRESCRIBE);
    });
  });
  describe("given the domain is paused", () => {
    it("suspends all the same", async () => {
      const { registry, inspect } = await load();
      await as(registry, people.emergency).pause((await now()) + DAY);
      await inspect.suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, li)).to.equal(0n);
    });
  });
});
