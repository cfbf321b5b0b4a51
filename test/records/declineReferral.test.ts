import { expect } from "chai";

import { as, at, START, DAY, HOUR } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Decline, Stage, freshWorld, propose, referral, referralIdOf, stageOf } from "./support.ts";

describe("RecordRegistry.declineReferral", () => {
  const { stMary, northGeneral } = Member;
  const { noCapacity, unspecified } = Decline;
  const load = async () => {
    const world = await freshWorld();
    const id = await propose(world);
    return { world, ...world, id, drWu: as(world.records, people.drWu) };
  };

  describe("given no such referral was proposed", () => {
    it("reverts with ReferralUnknown", async () => {
      const { records, drWu } = await load();
      const other = referral({ from: 3 });
      const sent = drWu.declineReferral(other, northGeneral, noCapacity);
      await fails(sent, records, "ReferralUnknown", referralIdOf(other));
    });
  });
  describe("when the caller neither prescribes nor submits for the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { records } = await load();
      const duty = Duty.PRESCRIBE | Duty.SUBMIT;
      for (const who of [people.stranger, people.northArchive, people.stMarySystem]) {
        const sent = as(records, who).declineReferral(referral(), northGeneral, noCapacity);
        await fails(sent, records, "DutyNotHeld", northGeneral, who.key, duty);
      }
    });
  });
  describe("when the member is not the one asked", () => {
    it("reverts with ReferralOfOther", async () => {
      const { records, id } = await load();
      const sent = as(records, people.drLi).declineReferral(referral(), stMary, noCapacity);
      await fails(sent, records, "ReferralOfOther", id, northGeneral, stMary);
    });
  });
  describe("given it was answered, or its time is over", () => {
    it("reverts with ReferralStatusWrong or ReferralExpired", async () => {
      const { world, records, drWu, id } = await load();
      await drWu.acceptReferral(referral(), northGeneral);
      const answered = drWu.declineReferral(referral(), northGeneral, noCapacity);
      await fails(answered, records, "ReferralStatusWrong", id, Stage.accepted);
      const short = referral({ validUntil: START + DAY });
      await propose(world, short);
      await at(START + DAY);
      const late = drWu.declineReferral(short, northGeneral, noCapacity);
      await fails(late, records, "ReferralExpired", referralIdOf(short), START + DAY);
    });
  });
  describe("when no reason is given", () => {
    it("reverts with ReferralReasonMissing", async () => {
      const { records, drWu, id } = await load();
      const sent = drWu.declineReferral(referral(), northGeneral, unspecified);
      await fails(sent, records, "ReferralReasonMissing", id);
    });
  });
  describe("when all holds", () => {
    it("emits ReferralDeclined, also while paused", async () => {
      const { world, records, drWu, id } = await load();
      await as(records, people.emergency).pause(START + DAY);
      await at(START + HOUR);
      const sent = drWu.declineReferral(referral(), northGeneral, noCapacity);
      await emits(sent, records, "ReferralDeclined", id, northGeneral, people.drWu.key, noCapacity);
      const { status, answeredAt } = await stageOf(world, referral());
      expect([status, answeredAt]).to.eql([Stage.declined, START + HOUR]);
    });
  });
});
