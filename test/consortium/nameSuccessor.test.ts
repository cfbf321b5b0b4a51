import { expect } from "chai";

import { as } from "../core/chain.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.nameSuccessor", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance) };
  };
  const { stMary, northGeneral, sunPharmacy } = Member;

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      const sent = as(registry, people.northAdmin).nameSuccessor(stMary, northGeneral);
      await fails(sent, registry, "AccessManagedUnauthorized", people.northAdmin.address);
    });
  });
  describe("given the member still acts", () => {
    it("reverts with MemberSuccessorInvalid", async () => {
      const { registry, governed } = await load();
      const sent = governed.nameSuccessor(stMary, northGeneral);
      await fails(sent, registry, "MemberSuccessorInvalid", stMary, northGeneral);
      await fails(
        governed.nameSuccessor(99, northGeneral),
        registry,
        "MemberSuccessorInvalid",
        99,
        northGeneral,
      );
    });
  });
  describe("given the successor does not act", () => {
    it("reverts with MemberSuccessorInvalid again", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(stMary);
      await governed.closeMember(northGeneral);
      for (const successor of [0, 99, northGeneral]) {
        const sent = governed.nameSuccessor(stMary, successor);
        await fails(sent, registry, "MemberSuccessorInvalid", stMary, successor);
      }
    });
  });
  describe("when a member is to succeed itself", () => {
    it("reverts with MemberSuccessorInvalid as well", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(stMary);
      await fails(governed.nameSuccessor(stMary, stMary), registry, "MemberSuccessorInvalid", stMary, stMary);
    });
  });
  describe("given the member is closed and the successor acts", () => {
    it("emits MemberSuccessorNamed with before and after", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(stMary);
      const sent = governed.nameSuccessor(stMary, northGeneral);
      await emits(sent, registry, "MemberSuccessorNamed", stMary, 0, northGeneral);
      expect((await registry.memberOf(stMary)).successor).to.equal(northGeneral);
      expect(await registry.actsFor(northGeneral, stMary)).to.equal(true);
    });
    it("may be named anew", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(stMary);
      await governed.nameSuccessor(stMary, northGeneral);
      const sent = governed.nameSuccessor(stMary, sunPharmacy);
      await emits(sent, registry, "MemberSuccessorNamed", stMary, northGeneral, sunPharmacy);
      expect(await registry.actsFor(northGeneral, stMary)).to.equal(false);
      expect(await registry.actsFor(sunPharmacy, stMary)).to.equal(true);
    });
  });
});
