import { expect } from "chai";
import { ZeroHash, ZeroAddress } from "ethers";

import { ethers, actor, as, now, mineAt } from "../core/chain.ts";
import { Sector, permittedTo } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { field, NONE } from "./support.ts";

describe("MemberRegistry.admitMember", () => {
  const admission = {
    member: 7,
    admin: actor("new admin").address,
    sectors: Sector.LABORATORY,
    group: 201,
    licenceHash: ethers.id("salted licence"),
  };
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      for (const who of [
        people.stranger,
        people.deployer,
        people.stMaryAdmin,
        people.inspector,
        people.emergency,
      ]) {
        await fails(
          as(registry, who).admitMember(admission),
          registry,
          "AccessManagedUnauthorized",
          who.address,
        );
      }
    });
  });
  describe("when the id is zero", () => {
    it("reverts with MemberIdUnavailable", async () => {
      const { registry, governed } = await load();
      await fails(governed.admitMember({ ...admission, member: 0 }), registry, "MemberIdUnavailable", 0);
    });
  });
  describe("given the id names an active member", () => {
    it("reverts with MemberIdUnavailable again", async () => {
      const { registry, governed } = await load();
      await fails(
        governed.admitMember({ ...admission, member: Member.stMary }),
        registry,
        "MemberIdUnavailable",
        1,
      );
    });
  });
  describe("given the id named a member that was closed", () => {
    it("reverts, for ids are never reused", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(Member.stMary);
      await fails(
        governed.admitMember({ ...admission, member: Member.stMary }),
        registry,
        "MemberIdUnavailable",
        1,
      );
    });
  });
  describe("when the admin is zero", () => {
    it("reverts naming the field admin", async () => {
      const { registry, governed } = await load();
      const sent = governed.admitMember({ ...admission, admin: ZeroAddress });
      await fails(sent, registry, "MemberFieldInvalid", 7, field("admin"));
    });
  });
  describe("when the sectors are empty", () => {
    it("reverts naming the field sectors", async () => {
      const { registry, governed } = await load();
      const sent = governed.admitMember({ ...admission, sectors: 0 });
      await fails(sent, registry, "MemberFieldInvalid", 7, field("sectors"));
    });
  });
  describe("when the sectors have a bit that no sector has", () => {
    it("reverts naming the field sectors again", async () => {
      const { registry, governed } = await load();
      const sent = governed.admitMember({ ...admission, sectors: Sector.HOSPITAL | (1 << 10) });
      await fails(sent, registry, "MemberFieldInvalid", 7, field("sectors"));
    });
  });
  describe("when the group is zero", () => {
    it("reverts naming the field group", async () => {
      const { registry, governed } = await load();
      const sent = governed.admitMember({ ...admission, group: 0 });
      await fails(sent, registry, "MemberFieldInvalid", 7, field("group"));
    });
  });
  describe("when the licence hash is zero", () => {
    it("reverts naming the field licenceHash", async () => {
      const { registry, governed } = await load();
      const sent = governed.admitMember({ ...admission, licenceHash: ZeroHash });
      await fails(sent, registry, "MemberFieldInvalid", 7, field("licenceHash"));
    });
  });
  describe("when every field holds", () => {
    it("emits MemberAdmitted with every term", async () => {
      const { registry, governed } = await load();
      const { member, group, admin, sectors, licenceHash: hash } = admission;
      const args = [member, group, admin, sectors, permittedTo(sectors), hash];
      await emits(governed.admitMember(admission), registry, "MemberAdmitted", ...args);
    });
    it("stands as admitted, with the duties of its sectors", async () => {
      const { registry, governed } = await load();
      for (let bit = 0; bit < 10; bit++) {
        const sectors = (1 << bit) | (bit % 3 === 0 ? Sector.RESEARCH : 0);
        await governed.admitMember({ ...admission, member: 50 + bit, sectors });
        const member = await registry.memberOf(50 + bit);
        expect(member.status).to.equal(1n);
        expect(member.sectors).to.equal(sectors);
        expect(member.group).to.equal(201n);
        expect(member.admin).to.equal(admission.admin);
        expect(member.permittedDuties).to.equal(permittedTo(sectors));
        expect(member.licenceHash).to.equal(admission.licenceHash);
        expect([member.successor, member.sites, member.suspendedDuties, member.suspendedUntil]).to.eql([
          0n,
          0n,
          0n,
          0n,
        ]);
        expect([member.pendingAdmin, member.encryptionKeyHash]).to.eql([ZeroAddress, NONE]);
      }
    });
    describe("given its group had no member", () => {
      it("adds one vote, from the next second on", async () => {
        const { registry, governed } = await load();
        await governed.admitMember(admission);
        const admitted = await now();
        await mineAt(admitted + 5);
        expect(await registry.getPastGroupVotes(201, admitted - 1)).to.equal(0n);
        expect(await registry.getPastGroupVotes(201, admitted)).to.equal(1n);
        expect(await registry.getPastTotalVotes(admitted - 1)).to.equal(6n);
        expect(await registry.getPastTotalVotes(admitted)).to.equal(7n);
        await fails(
          registry.getPastGroupVotes(201, admitted + 5),
          registry,
          "VotesNotYetKnown",
          admitted + 5,
          admitted + 5,
        );
      });
    });
    describe("given its group has a member", () => {
      it("adds no vote", async () => {
        const { registry, governed } = await load();
        await governed.admitMember({ ...admission, group: 101 });
        const admitted = await now();
        await mineAt(admitted + 5);
        expect(await registry.getPastGroupVotes(101, admitted)).to.equal(1n);
        expect(await registry.getPastTotalVotes(admitted)).to.equal(6n);
      });
    });
  });
});
