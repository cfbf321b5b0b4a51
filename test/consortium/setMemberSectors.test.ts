import { expect } from "chai";

import { as, inOneBlock } from "../core/chain.ts";
import { Duty, Sector, permittedTo } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { field } from "./support.ts";

describe("MemberRegistry.setMemberSectors", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      const sent = as(registry, people.stMaryAdmin).setMemberSectors(Member.stMary, Sector.REGULATOR);
      await fails(sent, registry, "AccessManagedUnauthorized", people.stMaryAdmin.address);
    });
  });
  describe("given the member is unknown or closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(Member.northGeneral);
      for (const member of [0, 99, Member.northGeneral]) {
        await fails(governed.setMemberSectors(member, Sector.INSURER), registry, "MemberNotActive", member);
      }
    });
  });
  describe("when the sectors are empty or unknown", () => {
    it("reverts naming the field sectors", async () => {
      const { registry, governed } = await load();
      for (const sectors of [0, 1 << 10, 0xffff]) {
        const sent = governed.setMemberSectors(Member.stMary, sectors);
        await fails(sent, registry, "MemberFieldInvalid", Member.stMary, field("sectors"));
      }
    });
  });
  describe("when the sectors hold", () => {
    it("emits MemberSectorsChanged with before and after", async () => {
      const { registry, governed } = await load();
      const sectors = Sector.HOSPITAL | Sector.RESEARCH;
      const sent = governed.setMemberSectors(Member.stMary, sectors);
      const args = [Member.stMary, Sector.HOSPITAL, sectors, permittedTo(sectors)];
      await emits(sent, registry, "MemberSectorsChanged", ...args);
      const member = await registry.memberOf(Member.stMary);
      expect(member.sectors).to.equal(sectors);
      expect(member.permittedDuties).to.equal(permittedTo(sectors));
      expect(member.admin).to.equal(people.stMaryAdmin.address);
    });
    it("takes duties away in the same block", async () => {
      const { registry, governed } = await load();
      expect(await registry.effectiveDuties(Member.healthOffice, people.licenser.key)).to.equal(Duty.LICENSE);
      const fates = await inOneBlock(
        [registry.interface],
        async () => await governed.setMemberSectors(Member.healthOffice, Sector.RESEARCH),
        async () =>
          await as(registry, people.licenser).revokeLicence(
            Member.healthOffice,
            Member.stMary,
            people.drLi.key,
            Duty.PRESCRIBE,
          ),
      );
      expect(fates).to.eql([
        { ok: true },
        { ok: false, error: "DutyNotPermitted", args: [BigInt(Member.healthOffice), BigInt(Duty.LICENSE)] },
      ]);
    });
    it("gives duties back to operators that kept their appointment", async () => {
      const { registry, governed } = await load();
      await governed.setMemberSectors(Member.stMary, Sector.INSURER);
      expect(await registry.effectiveDuties(Member.stMary, people.drLi.key)).to.equal(0n);
      await governed.setMemberSectors(Member.stMary, Sector.HOSPITAL);
      expect(await registry.effectiveDuties(Member.stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
    });
  });
});
