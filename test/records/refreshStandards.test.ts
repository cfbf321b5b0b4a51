import { expect } from "chai";

import { as, ethers, START, DAY } from "../core/chain.ts";
import { people, CATEGORIES, CODE_SYSTEMS } from "../core/world.ts";
import { emits, fails } from "../core/expect.ts";
import { EPHEMERAL, entry, freshWorld } from "./support.ts";

describe("RecordRegistry.refreshStandards", () => {
  const all = 2n ** BigInt(CATEGORIES.length) - 1n;
  const load = async () => {
    const world = await freshWorld();
    const { standards, records } = world;
    return {
      ...world,
      governed: as(standards, people.governance),
      anyone: as(records, people.stranger),
      archive: as(records, people.stMaryArchive),
    };
  };

  describe("when the network was deployed", () => {
    it("has the configuration's lists", async () => {
      const { records } = await load();
      expect([...(await records.standards())]).to.eql([all, BigInt(CODE_SYSTEMS.length)]);
    });
  });
  describe("given the lists changed", () => {
    it("knows nothing of it until somebody refreshes, and then emits StandardsRefreshed", async () => {
      const { records, governed, anyone, archive } = await load();
      const next = CATEGORIES.length;
      await governed.registerCategory(next, ethers.encodeBytes32String("social-history"));
      await governed.registerCodeSystem("http://loinc.org", "2.99");
      await governed.retireCategory(0);
      const fresh = entry({ category: next, codeSystem: CODE_SYSTEMS.length + 1 });
      const early = archive.anchor(fresh, EPHEMERAL);
      await fails(early, records, "RecordStandardUnknown", next, CODE_SYSTEMS.length + 1);
      const now = (all | (1n << BigInt(next))) & ~1n;
      const sent = anyone.refreshStandards();
      await emits(sent, records, "StandardsRefreshed", now, CODE_SYSTEMS.length + 1);
      expect([...(await records.standards())]).to.eql([now, BigInt(CODE_SYSTEMS.length + 1)]);
      await archive.anchor(fresh, EPHEMERAL);
    });
    it("keeps a running pause and works under it", async () => {
      const { records, governed, anyone } = await load();
      await as(records, people.emergency).pause(START + DAY);
      await governed.retireCategory(3);
      await anyone.refreshStandards();
      expect(await records.pausedUntil()).to.equal(START + DAY);
      expect((await records.standards()).categories).to.equal(all & ~8n);
    });
    it("copies retired versions of further pages", async () => {
      const { records, governed, anyone, archive } = await load();
      for (let number = CODE_SYSTEMS.length + 1; number <= 258; number += 1) {
        await governed.registerCodeSystem("http://example.org/code-system", `version ${number}`);
      }
      await governed.retireCodeSystem(257);
      await anyone.refreshStandards();
      const retired = archive.anchor(entry({ codeSystem: 257 }), EPHEMERAL);
      await fails(retired, records, "RecordStandardUnknown", 5, 257);
      for (const codeSystem of [1, 255, 256, 258]) await archive.anchor(entry({ codeSystem }), EPHEMERAL);
    });
    it("keeps them when it is called again", async () => {
      const { records, governed, anyone, archive } = await load();
      await governed.retireCodeSystem(1);
      for (let times = 0; times < 2; times += 1) {
        const sent = anyone.refreshStandards();
        await emits(sent, records, "StandardsRefreshed", all, CODE_SYSTEMS.length);
        const retired = archive.anchor(entry({ codeSystem: 1 }), EPHEMERAL);
        await fails(retired, records, "RecordStandardUnknown", 5, 1);
      }
    });
  });
});
