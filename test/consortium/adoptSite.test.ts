import { expect } from "chai";

import { as } from "../core/chain.ts";
import { people, Member, Site, gln, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.adoptSite", () => {
  const { sunPharmacy, moonPharmacy } = Member;
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance) };
  };

  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(sunPharmacy);
      await governed.nameSuccessor(sunPharmacy, moonPharmacy);
      for (const who of [people.stranger, people.sunAdmin, people.governance]) {
        const sent = as(registry, who).adoptSite(moonPharmacy, sunPharmacy, Site.sunMarket);
        await fails(sent, registry, "MemberAdminOnly", moonPharmacy, people.moonAdmin.address, who.address);
      }
    });
  });
  describe("given the former owner still acts", () => {
    it("reverts with SiteAdoptionRefused", async () => {
      const { registry } = await load();
      const sent = as(registry, people.moonAdmin).adoptSite(moonPharmacy, sunPharmacy, Site.sunMarket);
      await fails(sent, registry, "SiteAdoptionRefused", sunPharmacy, moonPharmacy);
      const own = as(registry, people.moonAdmin).adoptSite(moonPharmacy, moonPharmacy, Site.moonSquare);
      await fails(own, registry, "SiteAdoptionRefused", moonPharmacy, moonPharmacy);
    });
  });
  describe("given another member is the successor", () => {
    it("reverts with SiteAdoptionRefused again", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(sunPharmacy);
      await governed.nameSuccessor(sunPharmacy, Member.northGeneral);
      const sent = as(registry, people.moonAdmin).adoptSite(moonPharmacy, sunPharmacy, Site.sunMarket);
      await fails(sent, registry, "SiteAdoptionRefused", sunPharmacy, moonPharmacy);
    });
  });
  describe("given the site was closed before", () => {
    it("reverts with SiteNotOpen", async () => {
      const { registry, governed } = await load();
      await as(registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunMarket);
      await governed.closeMember(sunPharmacy);
      await governed.nameSuccessor(sunPharmacy, moonPharmacy);
      const sent = as(registry, people.moonAdmin).adoptSite(moonPharmacy, sunPharmacy, Site.sunMarket);
      await fails(sent, registry, "SiteNotOpen", sunPharmacy, Site.sunMarket);
    });
  });
  describe("given the member is the successor", () => {
    it("emits SiteAdopted, closes the old number and opens one of its own", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(sunPharmacy);
      await governed.nameSuccessor(sunPharmacy, moonPharmacy);
      const admin = as(registry, people.moonAdmin);
      expect(await admin.adoptSite.staticCall(moonPharmacy, sunPharmacy, Site.sunStation)).to.equal(2n);
      const sent = admin.adoptSite(moonPharmacy, sunPharmacy, Site.sunStation);
      await emits(sent, registry, "SiteAdopted", sunPharmacy, Site.sunStation, moonPharmacy, 2, gln(3));
      expect([...(await registry.siteOf(sunPharmacy, Site.sunStation))]).to.eql([gln(3), false]);
      expect([...(await registry.siteOf(moonPharmacy, 2))]).to.eql([gln(3), true]);
      expect([...(await registry.siteOfGln(gln(3)))]).to.eql([BigInt(moonPharmacy), 2n]);
    });
    it("adopts a site once", async () => {
      const { registry, governed } = await load();
      await governed.closeMember(sunPharmacy);
      await governed.nameSuccessor(sunPharmacy, moonPharmacy);
      const admin = as(registry, people.moonAdmin);
      await admin.adoptSite(moonPharmacy, sunPharmacy, Site.sunStation);
      const sent = admin.adoptSite(moonPharmacy, sunPharmacy, Site.sunStation);
      await fails(sent, registry, "SiteNotOpen", sunPharmacy, Site.sunStation);
    });
  });
});
