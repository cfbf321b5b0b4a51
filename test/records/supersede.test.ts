import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  ALONE,
  EPHEMERAL,
  Retraction,
  Standing,
  anchor,
  anchorBatch,
  entry,
  five,
  freshWorld,
  holderOf,
  idOf,
  standingOf,
  succeed,
} from "./support.ts";

describe("RecordRegistry.supersede", () => {
  const { stMary, northGeneral } = Member;
  const next = entry({ holder: holderOf(2), commitment: ethers.id("corrected report") });
  const load = async () => {
    const world = await freshWorld();
    const id = await anchor(world);
    return { world, ...world, id, archive: as(world.records, people.stMaryArchive) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { records, archive } = await load();
      await as(records, people.emergency).pause(START + DAY);
      const sent = archive.supersede(entry(), ALONE, next, EPHEMERAL);
      await fails(sent, records, "DomainIsPaused", START + DAY);
    });
  });
  describe("given no such record was anchored", () => {
    it("reverts with RecordUnknown", async () => {
      const { records, archive } = await load();
      const other = entry({ category: 6 });
      const sent = archive.supersede(other, ALONE, next, EPHEMERAL);
      await fails(sent, records, "RecordUnknown", idOf(other));
    });
  });
  describe("given it ended", () => {
    it("reverts with RecordStatusWrong", async () => {
      const { records, archive, id } = await load();
      await archive.retract(entry(), ALONE, stMary, Retraction.duplicate);
      const sent = archive.supersede(entry(), ALONE, next, EPHEMERAL);
      await fails(sent, records, "RecordStatusWrong", id, Standing.retracted);
    });
  });
  describe("when the caller does not anchor for the replacement's custodian", () => {
    it("reverts with DutyNotHeld", async () => {
      const { records } = await load();
      for (const who of [people.stranger, people.stMarySystem, people.northArchive]) {
        const sent = as(records, who).supersede(entry(), ALONE, next, EPHEMERAL);
        await fails(sent, records, "DutyNotHeld", stMary, who.key, Duty.ANCHOR_RECORD);
      }
    });
  });
  describe("when the replacement's custodian is another member", () => {
    it("reverts with RecordOfOther", async () => {
      const { records, id } = await load();
      const foreign = { ...next, custodian: northGeneral };
      const sent = as(records, people.northArchive).supersede(entry(), ALONE, foreign, EPHEMERAL);
      await fails(sent, records, "RecordOfOther", id, stMary, northGeneral);
    });
  });
  describe("when the replacement could not be anchored", () => {
    it("reverts with its own error, and the record stays", async () => {
      const { world, records, archive, id } = await load();
      const empty = archive.supersede(entry(), ALONE, { ...next, commitment: ZeroHash }, EPHEMERAL);
      await fails(empty, records, "RecordTermInvalid", ethers.encodeBytes32String("commitment"));
      const unknown = archive.supersede(entry(), ALONE, { ...next, category: 31 }, EPHEMERAL);
      await fails(unknown, records, "RecordStandardUnknown", 31, 1);
      const key = archive.supersede(entry(), ALONE, next, { ...EPHEMERAL, prefix: "0x04" });
      await fails(key, records, "RecordEphemeralKeyInvalid");
      const itself = archive.supersede(entry(), ALONE, entry(), EPHEMERAL);
      await fails(itself, records, "RecordStatusWrong", id, Standing.superseded);
      await anchor(world, next);
      const standing = archive.supersede(entry(), ALONE, next, EPHEMERAL);
      await fails(standing, records, "RecordAlreadyAnchored", idOf(next));
      expect((await standingOf(world, entry())).status).to.equal(Standing.current);
    });
  });
  describe("when all holds", () => {
    it("emits RecordSuperseded and RecordAnchored: one ends as the other begins", async () => {
      const { world, records, archive, id } = await load();
      await at(START + HOUR);
      const sent = archive.supersede(entry(), ALONE, next, EPHEMERAL);
      const args = [id, idOf(next), people.stMaryArchive.key, ZeroHash];
      await emits(sent, records, "RecordSuperseded", ...args);
      await expect(sent).to.emit(records, "RecordAnchored").and.to.emit(records, "Announcement");
      const [before, after] = [await standingOf(world, entry()), await standingOf(world, next)];
      expect([before.status, before.endedAt, before.reusable]).to.eql([
        Standing.superseded,
        START + HOUR,
        false,
      ]);
      expect([after.status, after.anchoredAt]).to.eql([Standing.current, START + HOUR]);
    });
    it("ends a record of a batch, and names the batch", async () => {
      const { world, records, archive } = await load();
      const { root, origins } = await anchorBatch(world, five);
      const [old, origin] = [five[3], origins[3]];
      if (old === undefined || origin === undefined) throw new Error("no fourth record");
      const sent = archive.supersede(old, origin, next, EPHEMERAL);
      const args = [idOf(old), idOf(next), people.stMaryArchive.key, root];
      await emits(sent, records, "RecordSuperseded", ...args);
      expect((await standingOf(world, old, origin)).status).to.equal(Standing.superseded);
    });
  });
  describe("given the custodian was closed and has a successor", () => {
    it("lets the successor, and the successor alone, take over", async () => {
      const { world, records } = await load();
      await succeed(world);
      const taken = { ...next, custodian: northGeneral };
      const gone = as(records, people.stMaryArchive).supersede(entry(), ALONE, next, EPHEMERAL);
      await fails(gone, records, "DutyNotPermitted", stMary, Duty.ANCHOR_RECORD);
      await as(records, people.northArchive).supersede(entry(), ALONE, taken, EPHEMERAL);
      expect((await standingOf(world, entry())).status).to.equal(Standing.superseded);
      expect((await standingOf(world, taken)).status).to.equal(Standing.current);
    });
  });
});
