import { expect } from "chai";

import { as, now, mineAt, inOneBlock } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import { people, Member, gln, freshConsortium, APPOINTED_UNTIL, LICENSED_THROUGH } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.closeMember", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      for (const who of [people.stMaryAdmin, people.inspector, people.deployer]) {
        await fails(
          as(registry, who).closeMember(Member.stMary),
          registry,
          "AccessManagedUnauthorized",
          who.address,
        );
      }
    });
  });
  describe("given the member is unknown", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, governed } = await load();
      await fails(governed.closeMember(99), registry, "MemberNotActive", 99);
    });
  });
  describe("given the member is closed", () => {
    it("reverts with MemberNotActive again", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(Member.stMary);
      await fails(governed.closeMember(Member.stMary), registry, "MemberNotActive", Member.stMary);
    });
  });
  describe("given the member is active", () => {
    it("emits MemberClosed and permits no duty any more", async () => {
      const { registry, governed } = await load();
      await emits(governed.closeMember(Member.stMary), registry, "MemberClosed", Member.stMary);
      const member = await registry.memberOf(Member.stMary);
      expect(member.status).to.equal(2n);
      expect(member.permittedDuties).to.equal(0n);
      expect(member.sectors).to.equal(Sector.HOSPITAL);
    });
    it("stops every operator in the same block", async () => {
      const { registry, governed } = await load();
      const fates = await inOneBlock(
        [registry.interface],
        async () => await governed.closeMember(Member.healthOffice),
        async () =>
          await as(registry, people.licenser).license(Member.healthOffice, {
            member: Member.stMary,
            operator: people.drIdle.key,
            duties: Duty.PRESCRIBE,
            throughDay: LICENSED_THROUGH,
          }),
      );
      expect(fates).to.eql([
        { ok: true },
        { ok: false, error: "DutyNotPermitted", args: [BigInt(Member.healthOffice), BigInt(Duty.LICENSE)] },
      ]);
      await governed.closeMember(Member.stMary);
      for (const person of [people.drLi, people.drChen, people.hallPharmacist, people.stMarySystem]) {
        expect(await registry.effectiveDuties(Member.stMary, person.key)).to.equal(0n);
      }
    });
    it("stops the admin", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(Member.stMary);
      const admin = as(registry, people.stMaryAdmin);
      const appointment = { operator: people.drLi.key, duties: Duty.PRESCRIBE, until: APPOINTED_UNTIL };
      await fails(admin.appoint(Member.stMary, appointment), registry, "MemberNotActive", Member.stMary);
      await fails(
        admin.dismiss(Member.stMary, [people.drLi.key]),
        registry,
        "MemberNotActive",
        Member.stMary,
      );
      await fails(admin.registerSite(Member.stMary, gln(9)), registry, "MemberNotActive", Member.stMary);
    });
    it("takes the vote of a group that has no other member", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(Member.stMary);
      const closed = await now();
      await mineAt(closed + 1);
      expect(await registry.getPastGroupVotes(101, closed - 1)).to.equal(1n);
      expect(await registry.getPastGroupVotes(101, closed)).to.equal(0n);
      expect(await registry.getPastTotalVotes(closed)).to.equal(5n);
    });
    it("keeps the vote of a group that has another member", async () => {
      const { registry, governed } = await load();
      await governed.setMemberGroup(Member.northGeneral, 101);
      await governed.closeMember(Member.stMary);
      const closed = await now();
      await mineAt(closed + 1);
      expect(await registry.getPastGroupVotes(101, closed)).to.equal(1n);
      expect(await registry.getPastTotalVotes(closed)).to.equal(5n);
    });
  });
});
