import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, START, DAY, HOUR } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  ALONE,
  Retraction,
  Standing,
  anchor,
  anchorBatch,
  entry,
  five,
  freshWorld,
  idOf,
  standingOf,
  succeed,
} from "./support.ts";

describe("RecordRegistry.retract", () => {
  const { stMary, northGeneral } = Member;
  const { wrongPatient, unspecified } = Retraction;
  const load = async () => {
    const world = await freshWorld();
    const id = await anchor(world);
    return { world, ...world, id, archive: as(world.records, people.stMaryArchive) };
  };

  describe("given no such record was anchored", () => {
    it("reverts with RecordUnknown", async () => {
      const { records, archive } = await load();
      const other = entry({ codeSystem: 2 });
      await fails(archive.retract(other, ALONE, stMary, wrongPatient), records, "RecordUnknown", idOf(other));
    });
  });
  describe("given it ended", () => {
    it("reverts with RecordStatusWrong", async () => {
      const { records, archive, id } = await load();
      await archive.retract(entry(), ALONE, stMary, wrongPatient);
      const again = archive.retract(entry(), ALONE, stMary, wrongPatient);
      await fails(again, records, "RecordStatusWrong", id, Standing.retracted);
    });
  });
  describe("when the caller does not anchor for the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { records } = await load();
      for (const who of [people.stranger, people.stMarySystem, people.drLi, people.northArchive]) {
        const sent = as(records, who).retract(entry(), ALONE, stMary, wrongPatient);
        await fails(sent, records, "DutyNotHeld", stMary, who.key, Duty.ANCHOR_RECORD);
      }
    });
  });
  describe("when the member is neither the custodian nor its successor", () => {
    it("reverts with RecordOfOther", async () => {
      const { records, id } = await load();
      const sent = as(records, people.northArchive).retract(entry(), ALONE, northGeneral, wrongPatient);
      await fails(sent, records, "RecordOfOther", id, stMary, northGeneral);
    });
  });
  describe("when no reason is given", () => {
    it("reverts with RecordReasonMissing", async () => {
      const { records, archive, id } = await load();
      await fails(archive.retract(entry(), ALONE, stMary, unspecified), records, "RecordReasonMissing", id);
    });
  });
  describe("when all holds", () => {
    it("emits RecordRetracted and ends it in this second", async () => {
      const { world, records, archive, id } = await load();
      await at(START + HOUR);
      const sent = archive.retract(entry(), ALONE, stMary, wrongPatient);
      const args = [id, stMary, people.stMaryArchive.key, ZeroHash, wrongPatient];
      await emits(sent, records, "RecordRetracted", ...args);
      const { status, endedAt, reusable } = await standingOf(world, entry());
      expect([status, endedAt, reusable]).to.eql([Standing.retracted, START + HOUR, false]);
    });
    it("works while paused", async () => {
      const { world, records, archive } = await load();
      await as(records, people.emergency).pause(START + DAY);
      await archive.retract(entry(), ALONE, stMary, wrongPatient);
      expect((await standingOf(world, entry())).status).to.equal(Standing.retracted);
    });
    it("ends a record of a batch alone, and names the batch", async () => {
      const { world, records, archive } = await load();
      const { root, origins } = await anchorBatch(world, five);
      const [second, third] = [five[1], five[2]];
      const [origin, beside] = [origins[1], origins[2]];
      if (!second || !third || !origin || !beside) throw new Error("the batch is too short");
      const sent = archive.retract(second, origin, stMary, wrongPatient);
      const args = [idOf(second), stMary, people.stMaryArchive.key, root, wrongPatient];
      await emits(sent, records, "RecordRetracted", ...args);
      expect((await standingOf(world, second, origin)).status).to.equal(Standing.retracted);
      expect((await standingOf(world, third, beside)).status).to.equal(Standing.current);
    });
  });
  describe("given the custodian was closed and has a successor", () => {
    it("lets the successor retract in its own name", async () => {
      const { world, records, id } = await load();
      await succeed(world);
      const sent = as(records, people.northArchive).retract(entry(), ALONE, northGeneral, wrongPatient);
      const args = [id, stMary, people.northArchive.key, ZeroHash, wrongPatient];
      await emits(sent, records, "RecordRetracted", ...args);
    });
  });
});
