import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Stage, freshWorld, propose, referral, referralIdOf, stageOf } from "./support.ts";

describe("RecordRegistry.completeReferral", () => {
  const { stMary, northGeneral } = Member;
  const outcome = ethers.id("salted commitment to the records that answer");
  const load = async () => {
    const world = await freshWorld();
    const id = await propose(world);
    const drWu = as(world.records, people.drWu);
    await drWu.acceptReferral(referral(), northGeneral);
    return { world, ...world, id, drWu };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { records, drWu } = await load();
      await as(records, people.emergency).pause(START + DAY);
      const sent = drWu.completeReferral(referral(), northGeneral, outcome);
      await fails(sent, records, "DomainIsPaused", START + DAY);
    });
  });
  describe("given no such referral was proposed", () => {
    it("reverts with ReferralUnknown", async () => {
      const { records, drWu } = await load();
      const other = referral({ records: ZeroHash });
      const sent = drWu.completeReferral(other, northGeneral, outcome);
      await fails(sent, records, "ReferralUnknown", referralIdOf(other));
    });
  });
  describe("when the caller neither prescribes nor submits for the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { records } = await load();
      const duty = Duty.PRESCRIBE | Duty.SUBMIT;
      for (const who of [people.stranger, people.northArchive, people.drLi]) {
        const sent = as(records, who).completeReferral(referral(), northGeneral, outcome);
        await fails(sent, records, "DutyNotHeld", northGeneral, who.key, duty);
      }
    });
  });
  describe("when the member is not the one asked", () => {
    it("reverts with ReferralOfOther", async () => {
      const { records, id } = await load();
      const sent = as(records, people.drLi).completeReferral(referral(), stMary, outcome);
      await fails(sent, records, "ReferralOfOther", id, northGeneral, stMary);
    });
  });
  describe("given it was not accepted, or is completed", () => {
    it("reverts with ReferralStatusWrong", async () => {
      const { world, records, drWu, id } = await load();
      const other = referral({ records: ZeroHash });
      await propose(world, other);
      const early = drWu.completeReferral(other, northGeneral, outcome);
      await fails(early, records, "ReferralStatusWrong", referralIdOf(other), Stage.proposed);
      await drWu.completeReferral(referral(), northGeneral, outcome);
      const twice = drWu.completeReferral(referral(), northGeneral, outcome);
      await fails(twice, records, "ReferralStatusWrong", id, Stage.completed);
    });
  });
  describe("when no outcome is named", () => {
    it("reverts with ReferralTermInvalid", async () => {
      const { records, drWu } = await load();
      const sent = drWu.completeReferral(referral(), northGeneral, ZeroHash);
      await fails(sent, records, "ReferralTermInvalid", ethers.encodeBytes32String("outcome"));
    });
  });
  describe("when all holds", () => {
    it("emits ReferralCompleted, after the time to accept too", async () => {
      const { world, records, drWu, id } = await load();
      const second = referral().validUntil + HOUR;
      await at(second);
      const sent = drWu.completeReferral(referral(), northGeneral, outcome);
      await emits(sent, records, "ReferralCompleted", id, northGeneral, people.drWu.key, outcome);
      const { status, completedAt } = await stageOf(world, referral());
      expect([status, completedAt]).to.eql([Stage.completed, second]);
    });
  });
});
