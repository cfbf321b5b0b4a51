import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { actor, as } from "../core/chain.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.acceptAdmin", () => {
  const heir = actor("heir of the admin key");
  const load = async () => {
    const { registry } = await freshConsortium();
    await as(registry, people.stMaryAdmin).proposeAdmin(Member.stMary, heir.address);
    return { registry };
  };

  describe("given nobody is proposed", () => {
    it("reverts with MemberPendingAdminOnly", async () => {
      const { registry } = await load();
      const sent = as(registry, heir).acceptAdmin(Member.northGeneral);
      await fails(sent, registry, "MemberPendingAdminOnly", Member.northGeneral, ZeroAddress, heir.address);
    });
  });
  describe("when the caller is not the one proposed", () => {
    it("reverts with MemberPendingAdminOnly again", async () => {
      const { registry } = await load();
      for (const who of [people.stranger, people.stMaryAdmin, people.governance]) {
        const sent = as(registry, who).acceptAdmin(Member.stMary);
        await fails(sent, registry, "MemberPendingAdminOnly", Member.stMary, heir.address, who.address);
      }
    });
  });
  describe("given the member is closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry } = await load();
      await as(registry, people.governance).closeMember(Member.stMary);
      await fails(as(registry, heir).acceptAdmin(Member.stMary), registry, "MemberNotActive", Member.stMary);
    });
  });
  describe("when the one proposed calls", () => {
    it("emits MemberAdminChanged, and the old admin can do nothing any more", async () => {
      const { registry } = await load();
      const before = people.stMaryAdmin.address;
      const sent = as(registry, heir).acceptAdmin(Member.stMary);
      await emits(sent, registry, "MemberAdminChanged", Member.stMary, before, heir.address);
      const late = as(registry, people.stMaryAdmin).dismiss(Member.stMary, [people.drLi.key]);
      await fails(late, registry, "MemberAdminOnly", Member.stMary, heir.address, before);
      await as(registry, heir).dismiss(Member.stMary, [people.drLi.key]);
      expect(await registry.effectiveDuties(Member.stMary, people.drLi.key)).to.equal(0n);
    });
    it("clears the proposal", async () => {
      const { registry } = await load();
      await as(registry, heir).acceptAdmin(Member.stMary);
      expect((await registry.memberOf(Member.stMary)).pendingAdmin).to.equal(ZeroAddress);
      const sent = as(registry, heir).acceptAdmin(Member.stMary);
      await fails(sent, registry, "MemberPendingAdminOnly", Member.stMary, ZeroAddress, heir.address);
    });
  });
});
