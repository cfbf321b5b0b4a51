import { expect } from "chai";

import { as } from "../core/chain.ts";
import { people, Member, Site, gln, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.closeSite", () => {
  const { sunPharmacy, moonPharmacy } = Member;

  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry } = await freshConsortium();
      for (const who of [people.moonAdmin, people.anna, people.inspector]) {
        const sent = as(registry, who).closeSite(sunPharmacy, Site.sunMarket);
        await fails(sent, registry, "MemberAdminOnly", sunPharmacy, people.sunAdmin.address, who.address);
      }
    });
  });
  describe("when the site is unknown, zero or of another member", () => {
    it("reverts with SiteNotOpen", async () => {
      const { registry } = await freshConsortium();
      for (const site of [0, 3, 65_535]) {
        const sent = as(registry, people.sunAdmin).closeSite(sunPharmacy, site);
        await fails(sent, registry, "SiteNotOpen", sunPharmacy, site);
      }
      const sent = as(registry, people.moonAdmin).closeSite(moonPharmacy, Site.sunStation);
      await fails(sent, registry, "SiteNotOpen", moonPharmacy, Site.sunStation);
    });
  });
  describe("given the site is closed", () => {
    it("reverts with SiteNotOpen again", async () => {
      const { registry } = await freshConsortium();
      await as(registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunMarket);
      const sent = as(registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunMarket);
      await fails(sent, registry, "SiteNotOpen", sunPharmacy, Site.sunMarket);
    });
  });
  describe("given the site is open", () => {
    it("emits SiteClosed and the site stays closed", async () => {
      const { registry } = await freshConsortium();
      const sent = as(registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunMarket);
      await emits(sent, registry, "SiteClosed", sunPharmacy, Site.sunMarket);
      expect([...(await registry.siteOf(sunPharmacy, Site.sunMarket))]).to.eql([gln(2), false]);
      expect([...(await registry.siteOf(sunPharmacy, Site.sunStation))]).to.eql([gln(3), true]);
      await as(registry, people.sunAdmin).registerSite(sunPharmacy, gln(2));
      expect([...(await registry.siteOf(sunPharmacy, Site.sunMarket))]).to.eql([gln(2), false]);
      expect([...(await registry.siteOf(sunPharmacy, 3))]).to.eql([gln(2), true]);
    });
  });
});
