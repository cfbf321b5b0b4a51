import { expect } from "chai";

import { as, START, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Cause } from "./support.ts";

describe("MemberRegistry.liftSuspension", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance), inspect: as(registry, people.inspector) };
  };
  const { stMary, healthOffice } = Member;

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      const sent = inspect.liftSuspension(stMary, Cause.patientSafety);
      await fails(sent, registry, "AccessManagedUnauthorized", people.inspector.address);
    });
  });
  describe("given no suspension of this cause stands", () => {
    it("reverts with SuspensionUnknown", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.keyCompromise);
      const sent = governed.liftSuspension(stMary, Cause.patientSafety);
      await fails(sent, registry, "SuspensionUnknown", stMary, Cause.patientSafety);
    });
  });
  describe("given suspensions stand", () => {
    it("emits MemberSuspensionLifted and the duties count in the same block", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      const sent = governed.liftSuspension(stMary, Cause.patientSafety);
      const args = [stMary, Cause.patientSafety, Duty.PRESCRIBE];
      await emits(sent, registry, "MemberSuspensionLifted", ...args);
      await emits(sent, registry, "MemberSuspensionChanged", stMary, 0, 0);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
    });
    it("leaves what other causes suspend", async () => {
      const { registry, governed, inspect } = await load();
      const both = Duty.PRESCRIBE | Duty.SUBMIT;
      await inspect.suspendMember(healthOffice, stMary, both, START + 2 * DAY, Cause.patientSafety);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, Cause.keyCompromise);
      const sent = governed.liftSuspension(stMary, Cause.patientSafety);
      await emits(sent, registry, "MemberSuspensionChanged", stMary, Duty.SUBMIT, START + DAY);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, people.stMarySystem.key)).to.equal(0n);
    });
    it("lets the cause be used again", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      await governed.liftSuspension(stMary, Cause.patientSafety);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, Cause.patientSafety);
      expect((await registry.memberOf(stMary)).suspendedDuties).to.equal(Duty.SUBMIT);
    });
  });
});
