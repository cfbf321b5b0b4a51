import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, DAY, HOUR, plain, START } from "../core/chain.ts";
import { APPOINTED_UNTIL, freshConsortium, Member, people } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { wordOf } from "./dataUseModel.ts";
import { OPEN, commitment, dataset, datasetIdOf, register } from "./support.ts";

const KEEPING = Duty.ANCHOR_RECORD | Duty.CUSTODY;

describe("ResearchRegistry.registerDataset", () => {
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await freshConsortium();
      await as(world.research, people.emergency).pause(START + DAY);
      await fails(register(world), world.research, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller is no ANCHOR_RECORD or CUSTODY operator of the custodian", () => {
    it("reverts with DutyNotHeld", async () => {
      const world = await freshConsortium();
      for (const who of [
        people.stranger,
        people.stMaryAdmin,
        people.stMarySystem,
        people.drLi,
        people.northArchive,
      ]) {
        const sent = register(world, OPEN, dataset(), who);
        await fails(sent, world.research, "DutyNotHeld", Member.stMary, who.key, KEEPING);
      }
    });
  });
  describe("given the custodian is closed", () => {
    it("reverts with DutyNotPermitted", async () => {
      const world = await freshConsortium();
      await as(world.registry, people.governance).closeMember(Member.stMary);
      await fails(register(world), world.research, "DutyNotPermitted", Member.stMary, KEEPING);
    });
  });
  describe("when the commitment is zero", () => {
    it("reverts with ResearchCommitmentMissing", async () => {
      const world = await freshConsortium();
      const sent = register(world, OPEN, dataset({ commitment: ZeroHash }));
      await fails(sent, world.research, "ResearchCommitmentMissing");
    });
  });
  describe("when the terms are none that a dataset can have", () => {
    it("reverts with the fault of the word", async () => {
      const world = await freshConsortium();
      const { research } = world;
      const broken = (terms: bigint, error: string, ...values: unknown[]) =>
        fails(register(world, terms), research, error, ...values);
      await broken(0n, "DuoPermissionMissing");
      await broken(wordOf(["NCU"]), "DuoPermissionMissing");
      await broken(wordOf(["HMB"]) | 1n, "DuoTermUnknown", 1n);
      await broken(wordOf(["HMB", "GRU"]), "DuoTermsContradict", 6, 42);
      await broken(wordOf(["HMB", "TS"]), "DuoParameterMissing", 25);
      await broken(wordOf(["HMB"], { months: 3 }), "DuoParameterStray", 25);
      await broken(wordOf(["HMB", "GS"], { region: 1_000 }), "DuoRegionOutOfRange", 1_000);
    });
  });
  describe("given the dataset was registered", () => {
    it("reverts with DatasetAlreadyRegistered, also with other terms and once it is retired", async () => {
      const world = await freshConsortium();
      const { research } = world;
      const id = datasetIdOf(dataset());
      await register(world);
      await fails(register(world), research, "DatasetAlreadyRegistered", id);
      await as(research, people.stMaryArchive).retireDataset(id, Member.stMary);
      await fails(register(world, wordOf(["NRES"])), research, "DatasetAlreadyRegistered", id);
    });
  });
  describe("when all holds", () => {
    it("emits DatasetRegistered and stands under its struct hash", async () => {
      const world = await freshConsortium();
      const { research } = world;
      const id = datasetIdOf(dataset());
      expect(await research.datasetId(dataset())).to.equal(id);
      expect(plain(await research.datasetOf(id))).to.eql([0n, 0n, 0n, 0n, 0n, 0n]);
      await at(START + HOUR);
      await emits(
        register(world),
        research,
        "DatasetRegistered",
        id,
        Member.stMary,
        people.stMaryArchive.key,
        OPEN,
        commitment("dataset"),
      );
      const [then, custodian] = [BigInt(START + HOUR), BigInt(Member.stMary)];
      expect(plain(await research.datasetOf(id))).to.eql([OPEN, custodian, 1n, then, then, 0n]);
    });
    it("takes a CUSTODY operator, and the same description of another custodian", async () => {
      const world = await freshConsortium();
      const keeper = people.hallPharmacist;
      await as(world.registry, people.stMaryAdmin).appoint(Member.stMary, {
        operator: keeper.key,
        duties: Duty.CUSTODY,
        until: APPOINTED_UNTIL,
      });
      await register(world, OPEN, dataset(), keeper);
      const other = dataset({ custodian: Member.northGeneral });
      await register(world, OPEN, other, people.northArchive);
      expect((await world.research.datasetOf(datasetIdOf(other))).custodian).to.equal(Member.northGeneral);
    });
  });
});
