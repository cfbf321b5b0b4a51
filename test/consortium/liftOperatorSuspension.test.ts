import { expect } from "chai";

import { actor, as } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import { people, Member, freshConsortium, APPOINTED_UNTIL } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.liftOperatorSuspension", () => {
  const { stMary, healthOffice } = Member;
  const li = people.drLi.key;
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance), inspect: as(registry, people.inspector) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry, inspect } = await load();
      await inspect.suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      for (const who of [people.inspector, people.stMaryAdmin, people.drLi]) {
        const sent = as(registry, who).liftOperatorSuspension(stMary, li);
        await fails(sent, registry, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given nothing is suspended", () => {
    it("reverts with OperatorDutiesInvalid", async () => {
      const { registry, governed } = await load();
      await fails(
        governed.liftOperatorSuspension(stMary, li),
        registry,
        "OperatorDutiesInvalid",
        stMary,
        li,
        0,
      );
      const fresh = actor("Dr Li's new card");
      await as(registry, people.stMaryAdmin).replaceOperator(stMary, li, fresh.key, 0, "0x");
      await fails(
        governed.liftOperatorSuspension(stMary, li),
        registry,
        "OperatorDutiesInvalid",
        stMary,
        fresh.key,
        0,
      );
    });
  });
  describe("given duties are suspended", () => {
    it("emits OperatorSuspensionLifted and they count in the same block", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE | Duty.REVIEW);
      const sent = governed.liftOperatorSuspension(stMary, li);
      await emits(sent, registry, "OperatorSuspensionLifted", stMary, li, Duty.PRESCRIBE | Duty.REVIEW);
      expect(await registry.effectiveDuties(stMary, li)).to.equal(Duty.PRESCRIBE);
      const { suspended, suspender } = await registry.operatorOf(stMary, li);
      expect([suspended, suspender]).to.eql([0n, 0n]);
    });
    it("lifts them also after the member became a regulator", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      await governed.setMemberSectors(stMary, Sector.HOSPITAL | Sector.REGULATOR);
      await governed.liftOperatorSuspension(stMary, li);
      expect(await registry.effectiveDuties(stMary, li)).to.equal(Duty.PRESCRIBE);
    });
    it("never makes a retired key usable again", async () => {
      const { registry, governed, inspect } = await load();
      await inspect.suspendOperator(healthOffice, stMary, li, Duty.PRESCRIBE);
      const admin = as(registry, people.stMaryAdmin);
      await admin.replaceOperator(stMary, li, actor("Dr Li's new card").key, 0, "0x");
      await governed.liftOperatorSuspension(stMary, li);
      const appointment = { operator: li, duties: Duty.PRESCRIBE, until: APPOINTED_UNTIL };
      await fails(admin.appoint(stMary, appointment), registry, "OperatorKeyRetired", stMary, li);
    });
  });
});
