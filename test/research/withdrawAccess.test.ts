import { expect } from "chai";

import { as, at, DAY, HOUR, plain, START } from "../core/chain.ts";
import { Member, people } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import {
  Answer,
  Withdrawal,
  access,
  accessIdOf,
  answerTo,
  commitment,
  dataset,
  datasetIdOf,
  request,
  succeed,
  withAccess,
  withDataset,
  withdraw,
} from "./support.ts";

const id = datasetIdOf(dataset());
const made = accessIdOf(access());
const { stMary, northGeneral, sunPharmacy } = Member;

describe("ResearchRegistry.withdrawAccess", () => {
  describe("when the caller is no ANCHOR_RECORD or CUSTODY operator of the custodian it names", () => {
    it("reverts with DutyNotHeld, for the member that asked too", async () => {
      const world = await withAccess();
      for (const who of [people.stranger, people.stMarySystem, people.northDesk, people.northArchive]) {
        const sent = withdraw(world, Withdrawal.agreed, access(), who);
        const duty = Duty.ANCHOR_RECORD | Duty.CUSTODY;
        await fails(sent, world.research, "DutyNotHeld", stMary, who.key, duty);
      }
    });
  });
  describe("given nobody registered the dataset", () => {
    it("reverts with DatasetUnknown", async () => {
      const world = await withAccess();
      const never = commitment("never");
      const sent = withdraw(world, Withdrawal.agreed, access({ dataset: never }));
      await fails(sent, world.research, "DatasetUnknown", never);
    });
  });
  describe("when another member than the custodian acts", () => {
    it("reverts with DatasetOfOther", async () => {
      const world = await withAccess();
      const sent = withdraw(world, Withdrawal.agreed, access(), people.northArchive, northGeneral);
      await fails(sent, world.research, "DatasetOfOther", id, stMary, northGeneral);
    });
  });
  describe("given the access was never permitted", () => {
    it("reverts with AccessUnknown, for one that differs in anything too", async () => {
      const world = await withAccess();
      for (const change of [
        { commitment: commitment("other") },
        { member: sunPharmacy },
        { terms: access().terms | (1n << 15n) },
      ]) {
        const other = access(change);
        const sent = withdraw(world, Withdrawal.agreed, other);
        await fails(sent, world.research, "AccessUnknown", accessIdOf(other));
      }
    });
  });
  describe("given it is withdrawn", () => {
    it("reverts with AccessAlreadyWithdrawn", async () => {
      const world = await withAccess();
      await at(START + HOUR);
      await withdraw(world);
      await fails(withdraw(world), world.research, "AccessAlreadyWithdrawn", made, START + HOUR);
    });
  });
  describe("when no reason is given", () => {
    it("reverts with AccessReasonMissing", async () => {
      const world = await withAccess();
      await fails(withdraw(world, Withdrawal.unspecified), world.research, "AccessReasonMissing", made);
    });
  });
  describe("when all holds", () => {
    it("emits AccessWithdrawn, ends the access in this block and keeps the member from asking again", async () => {
      const reasons = [
        Withdrawal.statementUntrue,
        Withdrawal.termsBroken,
        Withdrawal.dataAtRisk,
        Withdrawal.lawOrCourt,
      ];
      for (const reason of reasons) {
        const world = await withAccess();
        const { research } = world;
        const { permittedAt } = await research.accessOf(made);
        await at(START + HOUR);
        const operator = people.stMaryArchive.key;
        const args = [made, id, northGeneral, stMary, operator, reason];
        await emits(withdraw(world, reason), research, "AccessWithdrawn", ...args);
        const state = [permittedAt, 0n, 1n, BigInt(START + HOUR), BigInt(reason)];
        expect(plain(await research.accessOf(made))).to.eql(state);
        expect(await answerTo(world)).to.eql([Answer.withdrawn, 0n]);
        expect(await research.isBarred(id, northGeneral)).to.equal(true);
        expect(await research.isBarred(id, stMary)).to.equal(false);
      }
    });
    it("leaves the member's other accesses alone", async () => {
      const world = await withAccess();
      const other = access({ commitment: commitment("other project") });
      await request(world, other);
      await withdraw(world);
      expect(await answerTo(world, other)).to.eql([Answer.permitted, 0n]);
    });
  });
  describe("when both agreed to end it", () => {
    it("ends it and keeps nobody from asking", async () => {
      const world = await withAccess();
      await withdraw(world, Withdrawal.agreed);
      expect(await answerTo(world)).to.eql([Answer.withdrawn, 0n]);
      expect(await world.research.isBarred(id, northGeneral)).to.equal(false);
    });
  });
  describe("given the domain is paused", () => {
    it("withdraws all the same", async () => {
      const world = await withAccess();
      await as(world.research, people.emergency).pause(START + DAY);
      await withdraw(world);
      expect(await answerTo(world)).to.eql([Answer.withdrawn, 0n]);
    });
  });
  describe("given the dataset is retired", () => {
    it("withdraws all the same", async () => {
      const world = await withAccess();
      await as(world.research, people.stMaryArchive).retireDataset(id, stMary);
      await withdraw(world);
      expect((await world.research.accessOf(made)).withdrawnAt).to.not.equal(0n);
    });
  });
  describe("given the custodian is closed", () => {
    it("lets its successor withdraw", async () => {
      const world = await withDataset();
      await request(world, access({ member: stMary }), people.stMaryDesk);
      await succeed(world, stMary, northGeneral);
      const own = access({ member: stMary });
      await withdraw(world, Withdrawal.dataAtRisk, own, people.northArchive, northGeneral);
      expect((await world.research.accessOf(accessIdOf(own))).reason).to.equal(Withdrawal.dataAtRisk);
    });
  });
});
