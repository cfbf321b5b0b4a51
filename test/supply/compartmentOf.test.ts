import { expect } from "chai";

import { HOUR, mineAt } from "../core/chain.ts";
import { compartment, measure, unbind, watched } from "./cold.ts";
import { Member, Site, Storage, freshWorld } from "./support.ts";

describe("LotRegistry.compartmentOf", () => {
  const { depotNorth } = Member;

  describe("given nobody ever watched it", () => {
    it("has no minutes and no report", async () => {
      expect(await compartment(await freshWorld())).to.eql([0, 0]);
    });
  });
  describe("given a device watches it", () => {
    it("tells what was reported and until when, of this class and site alone", async () => {
      const { world, since } = await watched();
      await measure(world, since, since + HOUR, 9);
      expect(await compartment(world)).to.eql([9, since + HOUR]);
      for (const [site, storage_] of [
        [Site.depotDry, Storage.refrigerated],
        [Site.depotCold, Storage.frozen],
      ] as const)
        expect([...(await world.lots.compartmentOf(depotNorth, site, storage_))]).to.eql([0n, 0n]);
    });
    it("keeps it after the device was unbound, and adds no silence by itself", async () => {
      const { world, since } = await watched();
      await measure(world, since, since + HOUR, 9);
      await unbind(world);
      await mineAt(since + 100 * HOUR);
      expect(await compartment(world)).to.eql([9, since + HOUR]);
    });
  });
});
