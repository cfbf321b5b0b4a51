import { expect } from "chai";

import { as } from "../core/chain.ts";
import { people, Member, Site, gln, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.revokeSite", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, governed: as(registry, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      const sent = as(registry, people.sunAdmin).revokeSite(Member.sunPharmacy, Site.sunMarket);
      await fails(sent, registry, "AccessManagedUnauthorized", people.sunAdmin.address);
    });
  });
  describe("when the site is unknown or closed", () => {
    it("reverts with SiteNotOpen", async () => {
      const { registry, governed } = await load();
      await governed.revokeSite(Member.sunPharmacy, Site.sunMarket);
      for (const site of [0, Site.sunMarket, 3]) {
        await fails(
          governed.revokeSite(Member.sunPharmacy, site),
          registry,
          "SiteNotOpen",
          Member.sunPharmacy,
          site,
        );
      }
    });
  });
  describe("given a member took another's GLN", () => {
    it("emits SiteClosed and frees the number for its owner", async () => {
      const { registry, governed } = await load();
      await as(registry, people.sunAdmin).registerSite(Member.sunPharmacy, gln(50));
      const taken = as(registry, people.moonAdmin).registerSite(Member.moonPharmacy, gln(50));
      await fails(taken, registry, "SiteGlnInUse", gln(50), Member.sunPharmacy, 3);
      await emits(governed.revokeSite(Member.sunPharmacy, 3), registry, "SiteClosed", Member.sunPharmacy, 3);
      expect([...(await registry.siteOfGln(gln(50)))]).to.eql([0n, 0n]);
      await as(registry, people.moonAdmin).registerSite(Member.moonPharmacy, gln(50));
      expect([...(await registry.siteOfGln(gln(50)))]).to.eql([BigInt(Member.moonPharmacy), 2n]);
    });
  });
});
