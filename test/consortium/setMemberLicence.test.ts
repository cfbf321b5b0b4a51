import { expect } from "chai";
import { ZeroHash } from "ethers";

import { ethers, as } from "../core/chain.ts";
import { people, Member, freshConsortium, licenceHash } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { field } from "./support.ts";

describe("MemberRegistry.setMemberLicence", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance) };
  };
  const renewed = ethers.id("renewed licence, salted");

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      const sent = as(registry, people.stMaryAdmin).setMemberLicence(Member.stMary, renewed);
      await fails(sent, registry, "AccessManagedUnauthorized", people.stMaryAdmin.address);
    });
  });
  describe("given the member is unknown or closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(Member.northGeneral);
      for (const member of [0, 99, Member.northGeneral]) {
        await fails(governed.setMemberLicence(member, renewed), registry, "MemberNotActive", member);
      }
    });
  });
  describe("when the hash is zero", () => {
    it("reverts naming the field licenceHash", async () => {
      const { registry, governed } = await load();
      const sent = governed.setMemberLicence(Member.stMary, ZeroHash);
      await fails(sent, registry, "MemberFieldInvalid", Member.stMary, field("licenceHash"));
    });
  });
  describe("when the hash holds", () => {
    it("emits MemberLicenceChanged with before and after", async () => {
      const { registry, governed } = await load();
      const before = licenceHash(Member.stMary);
      const sent = governed.setMemberLicence(Member.stMary, renewed);
      await emits(sent, registry, "MemberLicenceChanged", Member.stMary, before, renewed);
      expect((await registry.memberOf(Member.stMary)).licenceHash).to.equal(renewed);
    });
  });
});
