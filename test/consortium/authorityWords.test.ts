import { expect } from "chai";
import { zeroPadValue } from "ethers";

import { networkHelpers, as, START, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, Site, freshConsortium } from "../core/world.ts";
import { Cause } from "./support.ts";

describe("MemberRegistry.authorityWords", () => {
  describe("given no member and no operator", () => {
    it("answers zero words", async () => {
      const { registry: authority } = await freshConsortium();
      expect([...(await authority.authorityWords(99, people.drLi.key))]).to.eql([0n, 0n]);
      expect([...(await authority.authorityWordsAt(99, people.drLi.key, 1))]).to.eql([0n, 0n, 0n]);
    });
  });
  describe("given members, operators and sites", () => {
    it("answers the words behind memberOf, operatorOf and siteOf", async () => {
      const { registry } = await freshConsortium();
      const authority = registry;
      const { sunPharmacy, healthOffice } = Member;
      const inspect = as(registry, people.inspector);
      await inspect.suspendOperator(healthOffice, sunPharmacy, people.anna.key, Duty.REVIEW);
      await inspect.suspendMember(healthOffice, sunPharmacy, Duty.SUBMIT, START + DAY, Cause.courtOrder);
      await as(registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunStation);
      const member = await registry.memberOf(sunPharmacy);
      const operator = await registry.operatorOf(sunPharmacy, people.anna.key);
      const memberWord =
        BigInt(member.admin) |
        (member.permittedDuties << 160n) |
        (member.suspendedDuties << 192n) |
        (member.suspendedUntil << 224n);
      let operatorWord = operator.duties | (operator.suspended << 32n) | (operator.appointedUntil << 64n);
      operatorWord |= operator.suspender << 96n;
      operator.licensedThrough.forEach((day, i) => {
        operatorWord |= day << BigInt(128 + 16 * i);
      });
      expect([...(await authority.authorityWords(sunPharmacy, people.anna.key))]).to.eql([
        operatorWord,
        memberWord,
      ]);
      for (const site of [Site.sunMarket, Site.sunStation]) {
        const { gln: number, open } = await registry.siteOf(sunPharmacy, site);
        const siteWord = number | (open ? 1n << 64n : 0n);
        const words = await authority.authorityWordsAt(sunPharmacy, people.anna.key, site);
        expect([...words]).to.eql([operatorWord, memberWord, siteWord]);
      }
    });
    it("answers without a delegate call, so that even a broken implementation cannot change it", async () => {
      const { registry } = await freshConsortium();
      const authority = registry;
      const before = await authority.authorityWords(Member.sunPharmacy, people.anna.key);
      const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
      await networkHelpers.setStorageAt(
        await registry.getAddress(),
        slot,
        zeroPadValue(people.stranger.address, 32),
      );
      expect(await registry.memberOf(Member.sunPharmacy).catch(() => "broken")).to.equal("broken");
      expect([...(await authority.authorityWords(Member.sunPharmacy, people.anna.key))]).to.eql([...before]);
    });
  });
});
