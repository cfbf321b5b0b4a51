import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { as, at, ethers, mineAt, START, DAY, HOUR } from "../core/chain.ts";
import { people, Member } from "../core/world.ts";
import {
  ALONE,
  FILE,
  REUSE_MAX,
  Retraction,
  Standing,
  anchor,
  anchorBatch,
  batchOf,
  entry,
  five,
  freshWorld,
  holderOf,
  standingOf,
  type Entry,
} from "./support.ts";

describe("RecordRegistry.standingOf", () => {
  const { stMary, northGeneral } = Member;
  const unknown = { status: Standing.unknown, anchoredAt: 0, endedAt: 0, reusable: false };

  describe("given it was anchored by itself", () => {
    it("is current under exactly these terms, and unknown under any other", async () => {
      const world = await freshWorld();
      await anchor(world);
      const changes: Partial<Entry>[] = [
        { custodian: northGeneral },
        { holder: holderOf(9) },
        { commitment: ethers.id("other") },
        { category: 4 },
        { codeSystem: 2 },
        { reusableUntil: 0 },
      ];
      expect((await standingOf(world, entry())).status).to.equal(Standing.current);
      for (const change of changes) expect(await standingOf(world, entry(change))).to.eql(unknown);
    });
    it("is unknown as a member of a batch, or with a proof", async () => {
      const world = await freshWorld();
      await anchor(world);
      const { root, origins } = await anchorBatch(world, five);
      const [first, origin] = [five[0], origins[0]];
      if (!first || !origin) throw new Error("the batch is empty");
      expect(await standingOf(world, entry(), { root, proof: [] })).to.eql(unknown);
      expect(await standingOf(world, entry(), { root: ZeroHash, proof: origin.proof })).to.eql(unknown);
      expect(await standingOf(world, first, ALONE)).to.eql(unknown);
    });
    it("may be used again until the window closes", async () => {
      const world = await freshWorld();
      const record = entry({ reusableUntil: START + DAY });
      const never = entry({ reusableUntil: 0 });
      await anchor(world, record);
      await anchor(world, never);
      await mineAt(START + DAY - 1);
      expect((await standingOf(world, record)).reusable).to.equal(true);
      expect((await standingOf(world, never)).reusable).to.equal(false);
      await mineAt(START + DAY);
      expect((await standingOf(world, record)).reusable).to.equal(false);
    });
  });
  describe("given it was anchored in a batch", () => {
    it("is current with its proof, for batches of one to seventeen records", async () => {
      const world = await freshWorld();
      for (let size = 1; size <= 17; size += 1) {
        const entries = Array.from({ length: size }, (_, i) =>
          entry({ holder: holderOf(i), commitment: ethers.id(`batch of ${size}, record ${i}`) }),
        );
        await at(START + size * HOUR);
        const { origins } = await anchorBatch(world, entries);
        for (const [i, record] of entries.entries()) {
          expect(await standingOf(world, record, origins[i])).to.eql({
            status: Standing.current,
            anchoredAt: START + size * HOUR,
            endedAt: 0,
            reusable: true,
          });
        }
      }
    });
    it("is unknown with the proof of another, a shorter one or a longer one", async () => {
      const world = await freshWorld();
      const { root, origins } = await anchorBatch(world, five);
      const [first, origin, other] = [five[0], origins[0], origins[1]];
      if (!first || !origin || !other) throw new Error("the batch is too short");
      const wrong = [
        other.proof,
        origin.proof.slice(1),
        origin.proof.slice(0, -1),
        [...origin.proof, FILE],
        [],
      ];
      for (const proof of wrong) expect(await standingOf(world, first, { root, proof })).to.eql(unknown);
      expect((await standingOf(world, first, origin)).status).to.equal(Standing.current);
    });
    it("is unknown when the proof is deeper than the count allows", async () => {
      const world = await freshWorld();
      const { root, origins } = batchOf(five);
      const [first, origin] = [five[0], origins[0]];
      if (!first || !origin) throw new Error("the batch is empty");
      // Five records announced as four: their tree is deeper than four need.
      await as(world.records, people.stMaryArchive).anchorBatch(stMary, root, 4, FILE);
      expect(origin.proof.length).to.equal(3);
      expect(await standingOf(world, first, origin)).to.eql(unknown);
    });
    it("is unknown when its terms could never be anchored", async () => {
      const world = await freshWorld();
      const entries = [{ holder: ZeroAddress }, { commitment: ZeroHash }, { category: 32 }, {}].map(
        (change) => entry(change),
      );
      const { origins } = await anchorBatch(world, entries);
      const found = [];
      for (const [i, record] of entries.entries())
        found.push((await standingOf(world, record, origins[i])).status);
      expect(found).to.eql([Standing.unknown, Standing.unknown, Standing.unknown, Standing.current]);
    });
    it("may not be used again when its window is longer than allowed", async () => {
      const world = await freshWorld();
      const entries = [REUSE_MAX, REUSE_MAX + 1].map((length) =>
        entry({ reusableUntil: START + HOUR + length }),
      );
      await at(START + HOUR);
      const { origins } = await anchorBatch(world, entries);
      const found = [];
      for (const [i, record] of entries.entries())
        found.push((await standingOf(world, record, origins[i])).reusable);
      expect(found).to.eql([true, false]);
    });
  });
  describe("given it was anchored both ways and ended", () => {
    it("is ended from either, whichever way it was ended", async () => {
      const world = await freshWorld();
      const [first] = five;
      if (!first) throw new Error("no record");
      const { origins } = await anchorBatch(world, five);
      const [origin = ALONE] = origins;
      await anchor(world, first);
      const archive = as(world.records, people.stMaryArchive);
      await archive.retract(first, origin, stMary, Retraction.duplicate);
      for (const from of [ALONE, origin])
        expect((await standingOf(world, first, from)).status).to.equal(Standing.retracted);
    });
  });
});
