import { expect } from "chai";

import { as, at, DAY, HOUR, START } from "../core/chain.ts";
import { Member, people } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import {
  Answer,
  access,
  answerTo,
  commitment,
  dataset,
  datasetIdOf,
  request,
  succeed,
  withAccess,
  withDataset,
} from "./support.ts";

const id = datasetIdOf(dataset());
const { stMary, northGeneral } = Member;

describe("ResearchRegistry.retireDataset", () => {
  describe("when the caller is no ANCHOR_RECORD or CUSTODY operator of the member it names", () => {
    it("reverts with DutyNotHeld", async () => {
      const { research } = await withDataset();
      for (const who of [people.stranger, people.stMarySystem, people.northArchive, people.governance]) {
        const sent = as(research, who).retireDataset(id, stMary);
        await fails(sent, research, "DutyNotHeld", stMary, who.key, Duty.ANCHOR_RECORD | Duty.CUSTODY);
      }
    });
  });
  describe("given nobody registered the dataset", () => {
    it("reverts with DatasetUnknown", async () => {
      const { research } = await withDataset();
      const never = commitment("never");
      const sent = as(research, people.stMaryArchive).retireDataset(never, stMary);
      await fails(sent, research, "DatasetUnknown", never);
    });
  });
  describe("when another member than the custodian acts", () => {
    it("reverts with DatasetOfOther", async () => {
      const { research } = await withDataset();
      const sent = as(research, people.northArchive).retireDataset(id, northGeneral);
      await fails(sent, research, "DatasetOfOther", id, stMary, northGeneral);
    });
  });
  describe("given it is retired", () => {
    it("reverts with DatasetIsRetired", async () => {
      const { research } = await withDataset();
      const archive = as(research, people.stMaryArchive);
      await at(START + HOUR);
      await archive.retireDataset(id, stMary);
      await fails(archive.retireDataset(id, stMary), research, "DatasetIsRetired", id, START + HOUR);
    });
  });
  describe("when all holds", () => {
    it("emits DatasetRetired and ends every access in this block, for good", async () => {
      const world = await withAccess();
      const { research } = world;
      const operator = people.stMaryArchive.key;
      await at(START + HOUR);
      const sent = as(research, people.stMaryArchive).retireDataset(id, stMary);
      await emits(sent, research, "DatasetRetired", id, stMary, stMary, operator);
      expect((await research.datasetOf(id)).retiredAt).to.equal(START + HOUR);
      expect(await answerTo(world)).to.eql([Answer.datasetRetired, 0n]);
      const again = request(world, access({ commitment: commitment("later") }));
      await fails(again, research, "DatasetIsRetired", id, START + HOUR);
    });
  });
  describe("given the domain is paused", () => {
    it("retires all the same", async () => {
      const { research } = await withDataset();
      await as(research, people.emergency).pause(START + DAY);
      await as(research, people.stMaryArchive).retireDataset(id, stMary);
      expect((await research.datasetOf(id)).retiredAt).to.not.equal(0n);
    });
  });
  describe("given the custodian is closed", () => {
    it("lets its successor retire it", async () => {
      const world = await withDataset();
      await succeed(world, stMary, northGeneral);
      const sent = as(world.research, people.northArchive).retireDataset(id, northGeneral);
      const operator = people.northArchive.key;
      await emits(sent, world.research, "DatasetRetired", id, stMary, northGeneral, operator);
    });
  });
});
