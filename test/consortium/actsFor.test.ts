import { expect } from "chai";

import { as } from "../core/chain.ts";
import { Sector } from "../core/words.ts";
import { people, Member, freshConsortium, licenceHash } from "../core/world.ts";

describe("MemberRegistry.actsFor", () => {
  const { stMary, northGeneral, sunPharmacy } = Member;

  describe("when the two are the same active member", () => {
    it("is true", async () => {
      const { registry } = await freshConsortium();
      expect(await registry.actsFor(stMary, stMary)).to.equal(true);
      expect(await registry.actsFor(northGeneral, stMary)).to.equal(false);
    });
  });
  describe("when the two are the same unknown member", () => {
    it("is false", async () => {
      const { registry } = await freshConsortium();
      expect(await registry.actsFor(99, 99)).to.equal(false);
      expect(await registry.actsFor(0, 0)).to.equal(false);
      expect(await registry.actsFor(stMary, 0)).to.equal(false);
      await as(registry, people.governance).closeMember(stMary);
      expect(await registry.actsFor(stMary, stMary)).to.equal(false);
    });
  });
  describe("given a chain of successors", () => {
    it("is true for the last alone", async () => {
      const { registry } = await freshConsortium();
      const governed = as(registry, people.governance);
      await governed.closeMember(stMary);
      await governed.nameSuccessor(stMary, northGeneral);
      await governed.closeMember(northGeneral);
      expect(await registry.actsFor(northGeneral, stMary)).to.equal(false);
      await governed.nameSuccessor(northGeneral, sunPharmacy);
      expect(await registry.actsFor(sunPharmacy, stMary)).to.equal(true);
      expect(await registry.actsFor(sunPharmacy, northGeneral)).to.equal(true);
      expect(await registry.actsFor(northGeneral, stMary)).to.equal(false);
      expect(await registry.actsFor(stMary, stMary)).to.equal(false);
    });
    it("ends, however long the chain", async () => {
      const { registry } = await freshConsortium();
      const governed = as(registry, people.governance);
      const first = 1_000;
      for (let member = first; member <= first + 10; member++) {
        await governed.admitMember({
          member,
          admin: people.stMaryAdmin.address,
          sectors: Sector.HOSPITAL,
          group: member,
          licenceHash: licenceHash(member),
        });
      }
      for (let member = first; member < first + 10; member++) {
        await governed.closeMember(member);
        await governed.nameSuccessor(member, member + 1);
      }
      const last = first + 10;
      expect(await registry.actsFor(last, first + 2)).to.equal(true);
      expect(await registry.actsFor(last, first + 1)).to.equal(false);
      await governed.nameSuccessor(first, last);
      expect(await registry.actsFor(last, first)).to.equal(true);
    });
  });
});
