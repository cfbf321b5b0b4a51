import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { actor, as } from "../core/chain.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

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
