import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, DAY, HOUR, inOneBlock, plain, START, type Actor } from "../core/chain.ts";
import { Member, people, type World } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { NUMBERS, wordOf } from "./dataUseModel.ts";
import {
  Answer,
  OPEN,
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
const WIDER = wordOf(["GRU"]);
const NARROWER = wordOf(["HMB", "NCU", "IRB"]);

const amend = async (
  { research }: World,
  terms: bigint,
  {
    version = 1,
    who = people.stMaryArchive,
    member = Member.stMary,
    of = id,
    to = commitment("second"),
  }: { version?: number; who?: Actor; member?: number; of?: string; to?: string } = {},
) => await as(research, who).amendDataset(of, member, version, terms, to);

describe("ResearchRegistry.amendDataset", () => {
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await withDataset();
      await as(world.research, people.emergency).pause(START + DAY);
      await fails(amend(world, WIDER), world.research, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller is no ANCHOR_RECORD or CUSTODY operator of the member it names", () => {
    it("reverts with DutyNotHeld", async () => {
      const world = await withDataset();
      for (const who of [people.stranger, people.stMarySystem, people.northArchive, people.governance]) {
        const sent = amend(world, WIDER, { who });
        const duty = Duty.ANCHOR_RECORD | Duty.CUSTODY;
        await fails(sent, world.research, "DutyNotHeld", Member.stMary, who.key, duty);
      }
    });
  });
  describe("given nobody registered the dataset", () => {
    it("reverts with DatasetUnknown", async () => {
      const world = await withDataset();
      const of = datasetIdOf(dataset({ commitment: commitment("never") }));
      await fails(amend(world, WIDER, { of }), world.research, "DatasetUnknown", of);
    });
  });
  describe("when another member than the custodian acts", () => {
    it("reverts with DatasetOfOther", async () => {
      const world = await withDataset();
      const { northGeneral, stMary } = Member;
      const sent = amend(world, WIDER, { who: people.northArchive, member: northGeneral });
      await fails(sent, world.research, "DatasetOfOther", id, stMary, northGeneral);
    });
  });
  describe("given the dataset is retired", () => {
    it("reverts with DatasetIsRetired", async () => {
      const world = await withDataset();
      await at(START + HOUR);
      await as(world.research, people.stMaryArchive).retireDataset(id, Member.stMary);
      await fails(amend(world, WIDER), world.research, "DatasetIsRetired", id, START + HOUR);
    });
  });
  describe("when another version stands", () => {
    it("reverts with DatasetVersionStale, so that two keepers do not overwrite each other", async () => {
      const world = await withDataset();
      for (const version of [0, 2]) {
        await fails(amend(world, WIDER, { version }), world.research, "DatasetVersionStale", id, version, 1);
      }
      await amend(world, WIDER);
      await fails(amend(world, NARROWER), world.research, "DatasetVersionStale", id, 1, 2);
    });
  });
  describe("when the commitment is zero or the terms are none that a dataset can have", () => {
    it("reverts with the fault", async () => {
      const world = await withDataset();
      const { research } = world;
      await fails(amend(world, WIDER, { to: ZeroHash }), research, "ResearchCommitmentMissing");
      await fails(amend(world, 0n), research, "DuoPermissionMissing");
      await fails(amend(world, wordOf(["POA", "CC"])), research, "DuoTermsContradict", 11, 43);
    });
  });
  describe("when all holds", () => {
    it("emits DatasetAmended with the terms before and after, and counts up the version", async () => {
      const world = await withDataset();
      const { research } = world;
      const { registeredAt } = await research.datasetOf(id);
      await at(START + HOUR);
      await emits(
        amend(world, WIDER),
        research,
        "DatasetAmended",
        id,
        Member.stMary,
        Member.stMary,
        people.stMaryArchive.key,
        2,
        OPEN,
        WIDER,
        commitment("second"),
      );
      const custodian = BigInt(Member.stMary);
      const state = [WIDER, custodian, 2n, registeredAt, BigInt(START + HOUR), 0n];
      expect(plain(await research.datasetOf(id))).to.eql(state);
    });
  });
  describe("given accesses run", () => {
    it("stops what the new terms no longer allow in the same block, and lets it run when they do again", async () => {
      const world = await withAccess();
      expect(await answerTo(world)).to.eql([Answer.permitted, 0n]);
      await amend(world, NARROWER);
      expect(await answerTo(world)).to.eql([Answer.termsRefuse, BigInt(NUMBERS.IRB)]);
      await amend(world, WIDER, { version: 2 });
      expect(await answerTo(world)).to.eql([Answer.permitted, 0n]);
    });
    it("refuses by the new terms a request that comes later in the block", async () => {
      const world = await withDataset();
      const { research } = world;
      const fates = await inOneBlock(
        [research.interface],
        () => amend(world, NARROWER),
        () => request(world),
      );
      expect(fates).to.eql([
        { ok: true },
        { ok: false, error: "AccessRefused", args: [id, BigInt(NUMBERS.IRB)] },
      ]);
    });
  });
  describe("given the custodian is closed", () => {
    it("lets its successor amend, and nobody in its name", async () => {
      const world = await withDataset();
      const { stMary, northGeneral } = Member;
      await succeed(world, stMary, northGeneral);
      const duty = Duty.ANCHOR_RECORD | Duty.CUSTODY;
      await fails(amend(world, WIDER), world.research, "DutyNotPermitted", stMary, duty);
      await amend(world, WIDER, { who: people.northArchive, member: northGeneral });
      expect((await world.research.datasetOf(id)).custodian).to.equal(stMary);
      expect(await answerTo(world, access())).to.eql([Answer.unknown, 0n]);
    });
  });
});
