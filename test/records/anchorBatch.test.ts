import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { BATCH_MAX, FILE, anchorBatch, batchOf, five, freshWorld } from "./support.ts";

describe("RecordRegistry.anchorBatch", () => {
  const { stMary, northGeneral } = Member;
  const { root } = batchOf(five);
  const load = async () => {
    const world = await freshWorld();
    return { world, ...world, archive: as(world.records, people.stMaryArchive) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { records, archive } = await load();
      await as(records, people.emergency).pause(START + DAY);
      await fails(archive.anchorBatch(stMary, root, 5, FILE), records, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller does not anchor for the custodian", () => {
    it("reverts with DutyNotHeld", async () => {
      const { records } = await load();
      for (const who of [people.stranger, people.stMarySystem, people.northArchive]) {
        const sent = as(records, who).anchorBatch(stMary, root, 5, FILE);
        await fails(sent, records, "DutyNotHeld", stMary, who.key, Duty.ANCHOR_RECORD);
      }
    });
  });
  describe("when there is no root, or the count is 0 or above 2^20", () => {
    it("reverts with RecordBatchInvalid", async () => {
      const { records, archive } = await load();
      for (const [wrong, count] of [
        [ZeroHash, 5],
        [root, 0],
        [root, BATCH_MAX + 1],
        [root, 2 ** 32 - 1],
      ] as const) {
        const sent = archive.anchorBatch(stMary, wrong, count, FILE);
        await fails(sent, records, "RecordBatchInvalid", wrong, count);
      }
      await archive.anchorBatch(stMary, root, BATCH_MAX, FILE);
    });
  });
  describe("when no announcements are named", () => {
    it("reverts with RecordTermInvalid", async () => {
      const { records, archive } = await load();
      const field = ethers.encodeBytes32String("announcements");
      await fails(archive.anchorBatch(stMary, root, 5, ZeroHash), records, "RecordTermInvalid", field);
    });
  });
  describe("given the custodian anchored this root before", () => {
    it("reverts with RecordBatchAlreadyAnchored, whatever the count", async () => {
      const { world, records, archive } = await load();
      await anchorBatch(world, five);
      for (const count of [5, 6]) {
        const again = archive.anchorBatch(stMary, root, count, FILE);
        await fails(again, records, "RecordBatchAlreadyAnchored", stMary, root);
      }
    });
  });
  describe("when all holds", () => {
    it("emits RecordsAnchored and keeps time and count", async () => {
      const { records, archive } = await load();
      await at(START + HOUR);
      const args = [stMary, root, people.stMaryArchive.key, 5, FILE];
      await emits(archive.anchorBatch(stMary, root, 5, FILE), records, "RecordsAnchored", ...args);
      expect([...(await records.batchOf(stMary, root))]).to.eql([BigInt(START + HOUR), 5n]);
      expect([...(await records.batchOf(northGeneral, root))]).to.eql([0n, 0n]);
    });
  });
});
