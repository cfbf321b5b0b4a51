import { expect } from "chai";

import { as, at, mineAt, START, HOUR, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Cause } from "./support.ts";

describe("MemberRegistry.ratifySuspension", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance), inspect: as(registry, people.inspector) };
  };
  const { stMary, healthOffice } = Member;

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry, inspect } = await load();
      const sent = inspect.ratifySuspension(stMary, Cause.patientSafety, START + 90 * DAY);
      await fails(sent, registry, "AccessManagedUnauthorized", people.inspector.address);
    });
  });
  describe("given no suspension of this cause awaits an answer", () => {
    it("reverts with SuspensionUnknown", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.keyCompromise);
      const sent = governed.ratifySuspension(stMary, Cause.patientSafety, START + 90 * DAY);
      await fails(sent, registry, "SuspensionUnknown", stMary, Cause.patientSafety);
    });
  });
  describe("when the end is not in the future", () => {
    it("reverts with SuspensionOutOfRange", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      await at(START + HOUR);
      const sent = governed.ratifySuspension(stMary, Cause.patientSafety, START + HOUR);
      await fails(sent, registry, "SuspensionOutOfRange", START + HOUR, 2 ** 32 - 1);
    });
  });
  describe("given a suspension of this cause stands", () => {
    it("emits MemberSuspensionRatified and sets the end beyond any bound", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      const until = START + 2_000 * DAY;
      const sent = governed.ratifySuspension(stMary, Cause.patientSafety, until);
      const cause = Cause.patientSafety;
      await emits(sent, registry, "MemberSuspensionRatified", stMary, cause, Duty.PRESCRIBE, until);
      await mineAt(START + 31 * DAY);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
    });
    it("emits MemberSuspensionChanged with what is suspended over all causes", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + 2 * DAY, Cause.courtOrder);
      const sent = governed.ratifySuspension(stMary, Cause.patientSafety, START + 90 * DAY);
      const duties = Duty.PRESCRIBE | Duty.SUBMIT;
      await emits(sent, registry, "MemberSuspensionChanged", stMary, duties, START + 90 * DAY);
    });
    it("lets the cause be used again once the new end has passed", async () => {
      const { governed, inspect, registry } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      await governed.ratifySuspension(stMary, Cause.patientSafety, START + 2 * DAY);
      await at(START + 2 * DAY - 1);
      const early = inspect.suspendMember(
        healthOffice,
        stMary,
        Duty.SUBMIT,
        START + 3 * DAY,
        Cause.patientSafety,
      );
      await fails(early, registry, "SuspensionRepeated", stMary, Cause.patientSafety);
      await at(START + 2 * DAY);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + 3 * DAY, Cause.patientSafety);
      const suspension = await registry.suspensionOf(stMary, Cause.patientSafety);
      expect([...suspension]).to.eql([BigInt(Duty.SUBMIT), BigInt(START + 3 * DAY), false]);
    });
    it("prolongs no duty that another cause suspended", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + 2 * DAY, Cause.courtOrder);
      await governed.ratifySuspension(stMary, Cause.courtOrder, START + 90 * DAY);
      const kept = await registry.suspensionOf(stMary, Cause.patientSafety);
      expect([...kept]).to.eql([BigInt(Duty.PRESCRIBE), BigInt(START + DAY), false]);
      await mineAt(START + DAY);
      await as(registry, people.stranger).refreshSuspension(stMary);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, people.stMarySystem.key)).to.equal(0n);
    });
    it("shortens a suspension, also one that it ratified before", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(
        healthOffice,
        stMary,
        Duty.PRESCRIBE,
        START + 20 * DAY,
        Cause.patientSafety,
      );
      await governed.ratifySuspension(stMary, Cause.patientSafety, START + 90 * DAY);
      await governed.ratifySuspension(stMary, Cause.patientSafety, START + HOUR);
      await mineAt(START + HOUR - 1);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
      await mineAt(START + HOUR);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
    });
  });
});
