import { expect } from "chai";

import { as, DAY, START } from "../core/chain.ts";
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
  withdraw,
} from "./support.ts";

const id = datasetIdOf(dataset());
const { stMary, northGeneral, sunPharmacy } = Member;

const load = async () => {
  const world = await withAccess();
  await withdraw(world);
  return world;
};

describe("ResearchRegistry.readmitResearcher", () => {
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { research } = await load();
      await as(research, people.emergency).pause(START + DAY);
      const sent = as(research, people.stMaryArchive).readmitResearcher(id, stMary, northGeneral);
      await fails(sent, research, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller is no ANCHOR_RECORD or CUSTODY operator of the custodian it names", () => {
    it("reverts with DutyNotHeld", async () => {
      const { research } = await load();
      for (const who of [people.stranger, people.stMarySystem, people.northDesk, people.northArchive]) {
        const sent = as(research, who).readmitResearcher(id, stMary, northGeneral);
        await fails(sent, research, "DutyNotHeld", stMary, who.key, Duty.ANCHOR_RECORD | Duty.CUSTODY);
      }
    });
  });
  describe("given nobody registered the dataset", () => {
    it("reverts with DatasetUnknown", async () => {
      const { research } = await load();
      const never = commitment("never");
      const sent = as(research, people.stMaryArchive).readmitResearcher(never, stMary, northGeneral);
      await fails(sent, research, "DatasetUnknown", never);
    });
  });
  describe("when another member than the custodian acts", () => {
    it("reverts with DatasetOfOther: nobody readmits itself", async () => {
      const { research } = await load();
      const sent = as(research, people.northArchive).readmitResearcher(id, northGeneral, northGeneral);
      await fails(sent, research, "DatasetOfOther", id, stMary, northGeneral);
    });
  });
  describe("given nothing keeps the member from asking", () => {
    it("reverts with ResearcherNotBarred", async () => {
      const { research } = await load();
      const archive = as(research, people.stMaryArchive);
      const other = archive.readmitResearcher(id, stMary, sunPharmacy);
      await fails(other, research, "ResearcherNotBarred", id, sunPharmacy);
      await archive.readmitResearcher(id, stMary, northGeneral);
      const again = archive.readmitResearcher(id, stMary, northGeneral);
      await fails(again, research, "ResearcherNotBarred", id, northGeneral);
    });
  });
  describe("when all holds", () => {
    it("emits ResearcherReadmitted; what was withdrawn stays so, and a new request is decided", async () => {
      const world = await load();
      const { research } = world;
      const archive = as(research, people.stMaryArchive);
      const args = [id, northGeneral, stMary, people.stMaryArchive.key];
      const sent = archive.readmitResearcher(id, stMary, northGeneral);
      await emits(sent, research, "ResearcherReadmitted", ...args);
      expect(await research.isBarred(id, northGeneral)).to.equal(false);
      expect(await answerTo(world)).to.eql([Answer.withdrawn, 0n]);
      const next = access({ commitment: commitment("next") });
      await request(world, next);
      expect(await answerTo(world, next)).to.eql([Answer.permitted, 0n]);
    });
  });
  describe("given the custodian is closed", () => {
    it("lets its successor readmit", async () => {
      const world = await load();
      await succeed(world, stMary, northGeneral);
      await as(world.research, people.northArchive).readmitResearcher(id, northGeneral, northGeneral);
      expect(await world.research.isBarred(id, northGeneral)).to.equal(false);
    });
  });
});
