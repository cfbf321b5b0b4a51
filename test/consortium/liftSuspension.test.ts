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
      await fails(
        inspect.liftSuspension(stMary),
        registry,
        "AccessManagedUnauthorized",
        people.inspector.address,
      );
    });
  });
  describe("given the member is unknown", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, governed } = await load();
      await fails(governed.liftSuspension(99), registry, "MemberNotActive", 99);
    });
  });
  describe("given suspensions stand", () => {
    it("emits MemberSuspensionLifted and the duties count in the same block", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, Cause.keyCompromise);
      const sent = governed.liftSuspension(stMary);
      await emits(sent, registry, "MemberSuspensionLifted", stMary, Duty.PRESCRIBE | Duty.SUBMIT);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, people.stMarySystem.key)).to.equal(Duty.SUBMIT);
    });
    it("lets every cause be used again", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, Cause.keyCompromise);
      await governed.liftSuspension(stMary);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, Cause.patientSafety);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, Cause.keyCompromise);
      expect((await registry.memberOf(stMary)).suspendedDuties).to.equal(Duty.SUBMIT);
    });
  });
});
