import { expect } from "chai";

import { as, at, now, mineAt, START, HOUR, DAY } from "../core/chain.ts";
import { Duty, ADMINISTER } from "../core/words.ts";
import { people, Member, Site, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Cause, field } from "./support.ts";

describe("MemberRegistry.suspendMember", () => {
  const { stMary, northGeneral, sunPharmacy, moonPharmacy, healthOffice, drugAgency } = Member;
  const until = START + 20 * DAY;
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, inspect: as(registry, people.inspector), governed: as(registry, people.governance) };
  };

  describe("when the caller is no INSPECT operator of the regulator", () => {
    it("reverts with DutyNotHeld", async () => {
      const { registry } = await load();
      for (const who of [people.stranger, people.licenser, people.agencyInspector, people.governance]) {
        const sent = as(registry, who).suspendMember(
          healthOffice,
          stMary,
          Duty.SUBMIT,
          until,
          Cause.courtOrder,
        );
        await fails(sent, registry, "DutyNotHeld", healthOffice, who.key, Duty.INSPECT);
      }
    });
  });
  describe("given the member is a regulator", () => {
    it("reverts with SuspensionOfRegulator", async () => {
      const { registry, inspect } = await load();
      for (const member of [drugAgency, healthOffice]) {
        const sent = inspect.suspendMember(healthOffice, member, Duty.LICENSE, until, Cause.courtOrder);
        await fails(sent, registry, "SuspensionOfRegulator", member);
      }
    });
  });
  describe("given the member is unknown or closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, inspect, governed } = await load();
      await governed.closeMember(northGeneral);
      for (const member of [0, 99, northGeneral]) {
        const sent = inspect.suspendMember(healthOffice, member, Duty.SUBMIT, until, Cause.courtOrder);
        await fails(sent, registry, "MemberNotActive", member);
      }
    });
  });
  describe("when the cause is unspecified", () => {
    it("reverts with SuspensionCauseMissing", async () => {
      const { registry, inspect } = await load();
      const sent = inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, until, Cause.unspecified);
      await fails(sent, registry, "SuspensionCauseMissing", stMary);
    });
  });
  describe("when no duty or an unknown one is named", () => {
    it("reverts naming the field duties", async () => {
      const { registry, inspect } = await load();
      for (const duties of [0, 1 << 7, 2 ** 29]) {
        const sent = inspect.suspendMember(healthOffice, stMary, duties, until, Cause.courtOrder);
        await fails(sent, registry, "MemberFieldInvalid", stMary, field("duties"));
      }
    });
  });
  describe("when the end is now, past, or more than 30 days ahead", () => {
    it("reverts with SuspensionOutOfRange", async () => {
      const { registry, inspect } = await load();
      let second = START + HOUR;
      for (const end of [0, START, second + 2, second + 3 + 30 * DAY + 1]) {
        await at(second);
        const sent = inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, end, Cause.courtOrder);
        await fails(sent, registry, "SuspensionOutOfRange", end, second + 30 * DAY);
        second += 1;
      }
      await at(second);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, second + 30 * DAY, Cause.courtOrder);
      expect((await registry.memberOf(stMary)).suspendedUntil).to.equal(second + 30 * DAY);
    });
  });
  describe("given this cause was used and governance has not answered", () => {
    it("reverts with SuspensionRepeated, also after the suspension ended", async () => {
      const { registry, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, Cause.courtOrder);
      const sent = inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, until, Cause.courtOrder);
      await fails(sent, registry, "SuspensionRepeated", stMary, Cause.courtOrder);
      await mineAt(START + 40 * DAY);
      const end = START + 41 * DAY;
      const late = inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, end, Cause.courtOrder);
      await fails(late, registry, "SuspensionRepeated", stMary, Cause.courtOrder);
      const other = as(registry, people.agencyInspector);
      const again = other.suspendMember(drugAgency, stMary, Duty.SUBMIT, end, Cause.courtOrder);
      await fails(again, registry, "SuspensionRepeated", stMary, Cause.courtOrder);
    });
  });
  describe("given the regulator spent its suspensions", () => {
    it("reverts with SuspensionRateExceeded until the period is over", async () => {
      const { registry, inspect } = await load();
      const first = START + HOUR;
      await at(first);
      const suspend = async (member: number, cause: number) =>
        await inspect.suspendMember(healthOffice, member, Duty.SUBMIT, until, cause);
      for (const member of [stMary, northGeneral, sunPharmacy, moonPharmacy])
        await suspend(member, Cause.courtOrder);
      await suspend(stMary, Cause.patientSafety);
      await at(first + DAY - 1);
      const sent = suspend(northGeneral, Cause.patientSafety);
      await fails(sent, registry, "SuspensionRateExceeded", healthOffice, first + DAY);
      await at(first + DAY);
      await suspend(northGeneral, Cause.patientSafety);
    });
  });
  describe("when the terms hold", () => {
    it("emits MemberSuspended and the duties stop in the same block", async () => {
      const { registry, inspect } = await load();
      const duties = Duty.PRESCRIBE | Duty.SUBMIT;
      const sent = inspect.suspendMember(healthOffice, stMary, duties, until, Cause.patientSafety);
      const args = [stMary, healthOffice, Cause.patientSafety, duties, until];
      await emits(sent, registry, "MemberSuspended", ...args);
      await emits(sent, registry, "MemberSuspensionChanged", stMary, duties, until);
      for (const person of [people.drLi, people.drChen, people.stMarySystem]) {
        expect(await registry.effectiveDuties(stMary, person.key)).to.equal(0n);
      }
      const pharmacist = await registry.effectiveDuties(stMary, people.hallPharmacist.key);
      expect(pharmacist).to.equal(Duty.REVIEW | Duty.DISPENSE);
    });
    it("ends by itself at the second named", async () => {
      const { registry, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, until, Cause.patientSafety);
      await mineAt(until - 1);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
      await mineAt(until);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
    });
    it("adds duties and never shortens what stands, when a second cause is used", async () => {
      const { registry, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, until, Cause.patientSafety);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, Cause.keyCompromise);
      const both = await registry.memberOf(stMary);
      const duties = Duty.PRESCRIBE | Duty.SUBMIT;
      expect([both.suspendedDuties, both.suspendedUntil]).to.eql([BigInt(duties), BigInt(until)]);
      await at(until + 1);
      await inspect.suspendMember(healthOffice, stMary, Duty.REVIEW, until + DAY, Cause.courtOrder);
      const later = await registry.memberOf(stMary);
      expect([later.suspendedDuties, later.suspendedUntil]).to.eql([
        BigInt(Duty.REVIEW),
        BigInt(until + DAY),
      ]);
    });
    it("stops the admin key with ADMINISTER, and no operator", async () => {
      const { registry, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, ADMINISTER, until, Cause.keyCompromise);
      const sent = as(registry, people.stMaryAdmin).closeSite(stMary, Site.hallPharmacy);
      await fails(sent, registry, "DutySuspendedForMember", stMary, ADMINISTER, until);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
    });
    it("touches no vote", async () => {
      const { registry, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, 0x1f, until, Cause.patientSafety);
      const suspended = await now();
      await mineAt(suspended + 1);
      expect(await registry.getPastGroupVotes(101, suspended)).to.equal(1n);
      expect(await registry.getPastTotalVotes(suspended)).to.equal(6n);
      expect((await registry.memberOf(stMary)).status).to.equal(1n);
    });
  });
  describe("given the domain is paused", () => {
    it("suspends all the same", async () => {
      const { registry, inspect } = await load();
      await as(registry, people.emergency).pause((await now()) + DAY);
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, until, Cause.patientSafety);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
    });
  });
});
