import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { actor, as, inOneBlock } from "../core/chain.ts";
import { Sector, permittedTo } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { field } from "./support.ts";

describe("MemberRegistry.setMemberAdmin", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance) };
  };
  const rescuer = actor("rescuing admin");

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      const sent = as(registry, people.stMaryAdmin).setMemberAdmin(Member.stMary, rescuer.address);
      await fails(sent, registry, "AccessManagedUnauthorized", people.stMaryAdmin.address);
    });
  });
  describe("given the member is unknown or closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(Member.northGeneral);
      for (const member of [0, 99, Member.northGeneral]) {
        await fails(governed.setMemberAdmin(member, rescuer.address), registry, "MemberNotActive", member);
      }
    });
  });
  describe("when the admin is zero", () => {
    it("reverts naming the field admin", async () => {
      const { registry, governed } = await load();
      const sent = governed.setMemberAdmin(Member.stMary, ZeroAddress);
      await fails(sent, registry, "MemberFieldInvalid", Member.stMary, field("admin"));
    });
  });
  describe("when the admin holds", () => {
    it("emits MemberAdminChanged and the old admin can do nothing from this block on", async () => {
      const { registry, governed } = await load();
      const sent = governed.setMemberAdmin(Member.stMary, rescuer.address);
      await emits(
        sent,
        registry,
        "MemberAdminChanged",
        Member.stMary,
        people.stMaryAdmin.address,
        rescuer.address,
      );
      const fates = await inOneBlock(
        [registry.interface],
        async () => await governed.setMemberAdmin(Member.northGeneral, rescuer.address),
        async () => await as(registry, people.northAdmin).dismiss(Member.northGeneral, [people.drWu.key]),
      );
      expect(fates).to.eql([
        { ok: true },
        {
          ok: false,
          error: "MemberAdminOnly",
          args: [BigInt(Member.northGeneral), rescuer.address, people.northAdmin.address],
        },
      ]);
      expect((await registry.memberOf(Member.stMary)).permittedDuties).to.equal(permittedTo(Sector.HOSPITAL));
    });
    it("drops a proposal that the old admin had made", async () => {
      const { registry, governed } = await load();
      await as(registry, people.stMaryAdmin).proposeAdmin(Member.stMary, people.stranger.address);
      await governed.setMemberAdmin(Member.stMary, rescuer.address);
      const sent = as(registry, people.stranger).acceptAdmin(Member.stMary);
      await fails(
        sent,
        registry,
        "MemberPendingAdminOnly",
        Member.stMary,
        ZeroAddress,
        people.stranger.address,
      );
    });
  });
});
