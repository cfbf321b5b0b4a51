import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { actor, as, at, START, DAY } from "../core/chain.ts";
import { Duty, ADMINISTER } from "../core/words.ts";
import { people, Member, gln, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Cause } from "./support.ts";

describe("MemberRegistry.proposeAdmin", () => {
  const heir = actor("heir of the admin key");

  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry } = await freshConsortium();
      for (const who of [people.stranger, people.northAdmin, people.drLi]) {
        const sent = as(registry, who).proposeAdmin(Member.stMary, who.address);
        const admin = people.stMaryAdmin.address;
        await fails(sent, registry, "MemberAdminOnly", Member.stMary, admin, who.address);
      }
    });
  });
  describe("when governance itself calls", () => {
    it("reverts with MemberAdminOnly again", async () => {
      const { registry } = await freshConsortium();
      const sent = as(registry, people.governance).proposeAdmin(Member.stMary, heir.address);
      const admin = people.stMaryAdmin.address;
      await fails(sent, registry, "MemberAdminOnly", Member.stMary, admin, people.governance.address);
    });
  });
  describe("given the member is closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry } = await freshConsortium();
      await as(registry, people.governance).closeMember(Member.stMary);
      const sent = as(registry, people.stMaryAdmin).proposeAdmin(Member.stMary, heir.address);
      await fails(sent, registry, "MemberNotActive", Member.stMary);
    });
  });
  describe("given a regulator suspended the admin key", () => {
    it("reverts with DutySuspendedForMember until the suspension ends", async () => {
      const { registry } = await freshConsortium();
      const inspect = as(registry, people.inspector);
      const until = START + DAY;
      await inspect.suspendMember(Member.healthOffice, Member.stMary, ADMINISTER, until, Cause.keyCompromise);
      const admin = as(registry, people.stMaryAdmin);
      for (const send of [
        async () => await admin.proposeAdmin(Member.stMary, heir.address),
        async () => await admin.dismiss(Member.stMary, [people.drLi.key]),
        async () => await admin.registerSite(Member.stMary, gln(70)),
      ]) {
        await fails(send(), registry, "DutySuspendedForMember", Member.stMary, ADMINISTER, until);
      }
      expect(await registry.effectiveDuties(Member.stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
      await at(until);
      await admin.proposeAdmin(Member.stMary, heir.address);
    });
  });
  describe("when the admin proposes a key", () => {
    it("emits MemberAdminProposed and changes nothing yet", async () => {
      const { registry } = await freshConsortium();
      const sent = as(registry, people.stMaryAdmin).proposeAdmin(Member.stMary, heir.address);
      const admin = people.stMaryAdmin.address;
      await emits(sent, registry, "MemberAdminProposed", Member.stMary, admin, heir.address);
      const member = await registry.memberOf(Member.stMary);
      expect([member.admin, member.pendingAdmin]).to.eql([admin, heir.address]);
      const early = as(registry, heir).dismiss(Member.stMary, [people.drLi.key]);
      await fails(early, registry, "MemberAdminOnly", Member.stMary, admin, heir.address);
    });
  });
  describe("when the admin proposes zero", () => {
    it("takes the proposal back", async () => {
      const { registry } = await freshConsortium();
      await as(registry, people.stMaryAdmin).proposeAdmin(Member.stMary, heir.address);
      await as(registry, people.stMaryAdmin).proposeAdmin(Member.stMary, ZeroAddress);
      const sent = as(registry, heir).acceptAdmin(Member.stMary);
      await fails(sent, registry, "MemberPendingAdminOnly", Member.stMary, ZeroAddress, heir.address);
    });
  });
});
