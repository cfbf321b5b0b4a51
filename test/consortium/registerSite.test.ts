import { expect } from "chai";

import { as } from "../core/chain.ts";
import { people, Member, Site, gln, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { setSiteCount } from "./support.ts";

describe("MemberRegistry.registerSite", () => {
  const { sunPharmacy, moonPharmacy } = Member;

  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry } = await freshConsortium();
      for (const who of [people.moonAdmin, people.sunTill, people.governance]) {
        const sent = as(registry, who).registerSite(sunPharmacy, gln(50));
        await fails(sent, registry, "MemberAdminOnly", sunPharmacy, people.sunAdmin.address, who.address);
      }
    });
  });
  describe("given the member is closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry } = await freshConsortium();
      await as(registry, people.governance).closeMember(sunPharmacy);
      const sent = as(registry, people.sunAdmin).registerSite(sunPharmacy, gln(50));
      await fails(sent, registry, "MemberNotActive", sunPharmacy);
    });
  });
  describe("when the number has a wrong check digit", () => {
    it("reverts with SiteGlnInvalid", async () => {
      const { registry } = await freshConsortium();
      const right = gln(50);
      const last = right % 10n;
      for (let digit = 0n; digit < 10n; digit++) {
        if (digit === last) continue;
        const wrong = right - last + digit;
        await fails(
          as(registry, people.sunAdmin).registerSite(sunPharmacy, wrong),
          registry,
          "SiteGlnInvalid",
          wrong,
        );
      }
      const swapped = 5_098_765_432_107n;
      await fails(
        as(registry, people.sunAdmin).registerSite(sunPharmacy, swapped),
        registry,
        "SiteGlnInvalid",
        swapped,
      );
    });
  });
  describe("when the number is zero or longer than 13 digits", () => {
    it("reverts with SiteGlnInvalid again", async () => {
      const { registry } = await freshConsortium();
      for (const number of [0n, 10n ** 13n, 15_901_234_123_457n, 2n ** 64n - 1n]) {
        const sent = as(registry, people.sunAdmin).registerSite(sunPharmacy, number);
        await fails(sent, registry, "SiteGlnInvalid", number);
      }
    });
  });
  describe("given an open site has the number", () => {
    it("reverts with SiteGlnInUse until that site closes", async () => {
      const { registry } = await freshConsortium();
      const sent = as(registry, people.moonAdmin).registerSite(moonPharmacy, gln(2));
      await fails(sent, registry, "SiteGlnInUse", gln(2), sunPharmacy, Site.sunMarket);
      await as(registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunMarket);
      const moved = as(registry, people.moonAdmin).registerSite(moonPharmacy, gln(2));
      await emits(moved, registry, "SiteRegistered", moonPharmacy, 2, gln(2));
    });
  });
  describe("when the number is a GLN", () => {
    it("emits SiteRegistered and counts sites from 1", async () => {
      const { registry } = await freshConsortium();
      const admin = as(registry, people.northAdmin);
      expect(await admin.registerSite.staticCall(Member.northGeneral, 5_901_234_123_457n)).to.equal(1n);
      const first = admin.registerSite(Member.northGeneral, 5_901_234_123_457n);
      await emits(first, registry, "SiteRegistered", Member.northGeneral, 1, 5_901_234_123_457n);
      const second = admin.registerSite(Member.northGeneral, gln(51));
      await emits(second, registry, "SiteRegistered", Member.northGeneral, 2, gln(51));
      expect([...(await registry.siteOf(Member.northGeneral, 1))]).to.eql([5_901_234_123_457n, true]);
      expect((await registry.memberOf(Member.northGeneral)).sites).to.equal(2n);
      expect([...(await registry.siteOfGln(gln(51)))]).to.eql([BigInt(Member.northGeneral), 2n]);
    });
    it("counts the sites of each member by themselves", async () => {
      const { registry } = await freshConsortium();
      expect([...(await registry.siteOf(sunPharmacy, 1))]).to.eql([gln(2), true]);
      expect([...(await registry.siteOf(moonPharmacy, 1))]).to.eql([gln(4), true]);
      expect([...(await registry.siteOf(moonPharmacy, 2))]).to.eql([0n, false]);
      expect([...(await registry.siteOf(sunPharmacy, 0))]).to.eql([0n, false]);
    });
  });
  describe("given 65,535 sites were opened", () => {
    it("reverts with SiteLimitReached", async () => {
      const { registry } = await freshConsortium();
      await setSiteCount(registry, sunPharmacy, 65_534);
      const last = as(registry, people.sunAdmin).registerSite(sunPharmacy, gln(60));
      await emits(last, registry, "SiteRegistered", sunPharmacy, 65_535, gln(60));
      const sent = as(registry, people.sunAdmin).registerSite(sunPharmacy, gln(61));
      await fails(sent, registry, "SiteLimitReached", sunPharmacy, 65_535);
    });
  });
});
