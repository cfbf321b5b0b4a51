import { expect } from "chai";

import { as, now, mineAt } from "../core/chain.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { field } from "./support.ts";

describe("MemberRegistry.setMemberGroup", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      const sent = as(registry, people.stMaryAdmin).setMemberGroup(Member.stMary, 300);
      await fails(sent, registry, "AccessManagedUnauthorized", people.stMaryAdmin.address);
    });
  });
  describe("given the member is unknown or closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(Member.northGeneral);
      for (const member of [0, 99, Member.northGeneral]) {
        await fails(governed.setMemberGroup(member, 300), registry, "MemberNotActive", member);
      }
    });
  });
  describe("when the group is zero", () => {
    it("reverts naming the field group", async () => {
      const { registry, governed } = await load();
      const sent = governed.setMemberGroup(Member.stMary, 0);
      await fails(sent, registry, "MemberFieldInvalid", Member.stMary, field("group"));
    });
  });
  describe("when the group holds", () => {
    it("emits MemberGroupChanged with before and after", async () => {
      const { registry, governed } = await load();
      await emits(
        governed.setMemberGroup(Member.stMary, 300),
        registry,
        "MemberGroupChanged",
        Member.stMary,
        101,
        300,
      );
      expect((await registry.memberOf(Member.stMary)).group).to.equal(300n);
    });
    it("moves the vote with the last member of a group, and the past stays as it was", async () => {
      const { registry, governed } = await load();
      await governed.setMemberGroup(Member.stMary, 300);
      const moved = await now();
      await mineAt(moved + 2);
      expect(await registry.getPastGroupVotes(101, moved - 1)).to.equal(1n);
      expect(await registry.getPastGroupVotes(300, moved - 1)).to.equal(0n);
      expect(await registry.getPastGroupVotes(101, moved)).to.equal(0n);
      expect(await registry.getPastGroupVotes(300, moved)).to.equal(1n);
      expect(await registry.getPastTotalVotes(moved)).to.equal(6n);
    });
    it("keeps the vote of a group that still has a member", async () => {
      const { registry, governed } = await load();
      await governed.setMemberGroup(Member.northGeneral, 101);
      await governed.setMemberGroup(Member.stMary, 300);
      const moved = await now();
      await mineAt(moved + 2);
      expect(await registry.getPastGroupVotes(101, moved)).to.equal(1n);
      expect(await registry.getPastGroupVotes(102, moved)).to.equal(0n);
      expect(await registry.getPastTotalVotes(moved)).to.equal(6n);
    });
  });
});
