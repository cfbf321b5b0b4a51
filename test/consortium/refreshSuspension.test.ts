import { expect } from "chai";

import { as, at, START, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Cause } from "./support.ts";

describe("MemberRegistry.refreshSuspension", () => {
  const { stMary, healthOffice } = Member;

  describe("given the member is unknown or closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry } = await freshConsortium();
      await as(registry, people.governance).closeMember(stMary);
      for (const member of [0, 99, stMary]) {
        await fails(
          as(registry, people.stranger).refreshSuspension(member),
          registry,
          "MemberNotActive",
          member,
        );
      }
    });
  });
  describe("given a wide but short suspension ended and a narrow but long one runs", () => {
    it("emits MemberSuspensionChanged and frees what ended, whoever asks", async () => {
      const { registry } = await freshConsortium();
      const inspect = as(registry, people.inspector);
      await inspect.suspendMember(healthOffice, stMary, 0x1f, START + DAY, Cause.patientSafety);
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + 9 * DAY, Cause.keyCompromise);
      await at(START + DAY - 1);
      const early = as(registry, people.stranger).refreshSuspension(stMary);
      await emits(early, registry, "MemberSuspensionChanged", stMary, 0x1f | Duty.SUBMIT, START + 9 * DAY);
      const due = as(registry, people.stranger).refreshSuspension(stMary);
      await emits(due, registry, "MemberSuspensionChanged", stMary, Duty.SUBMIT, START + 9 * DAY);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, people.stMarySystem.key)).to.equal(0n);
    });
    it("never shortens what runs", async () => {
      const { registry } = await freshConsortium();
      const inspect = as(registry, people.inspector);
      await inspect.suspendMember(healthOffice, stMary, Duty.PRESCRIBE, START + DAY, Cause.patientSafety);
      await as(registry, people.stMaryAdmin).refreshSuspension(stMary);
      const { suspendedDuties, suspendedUntil } = await registry.memberOf(stMary);
      expect([suspendedDuties, suspendedUntil]).to.eql([BigInt(Duty.PRESCRIBE), BigInt(START + DAY)]);
    });
  });
});
