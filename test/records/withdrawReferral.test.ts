import { expect } from "chai";

import { as, at, START, DAY, HOUR } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Stage, freshWorld, propose, referral, referralIdOf, stageOf, succeed } from "./support.ts";

describe("RecordRegistry.withdrawReferral", () => {
  const { stMary, northGeneral, sunPharmacy } = Member;
  const load = async () => {
    const world = await freshWorld();
    const id = await propose(world);
    return { world, ...world, id, drLi: as(world.records, people.drLi) };
  };

  describe("given no such referral was proposed", () => {
    it("reverts with ReferralUnknown", async () => {
      const { records, drLi } = await load();
      const other = referral({ to: sunPharmacy });
      const sent = drLi.withdrawReferral(other, stMary);
      await fails(sent, records, "ReferralUnknown", referralIdOf(other));
    });
  });
  describe("when the caller neither prescribes nor submits for the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { records } = await load();
      const duty = Duty.PRESCRIBE | Duty.SUBMIT;
      for (const who of [people.stranger, people.stMaryArchive, people.drWu]) {
        const sent = as(records, who).withdrawReferral(referral(), stMary);
        await fails(sent, records, "DutyNotHeld", stMary, who.key, duty);
      }
    });
  });
  describe("when the member is not the one that refers", () => {
    it("reverts with ReferralOfOther", async () => {
      const { records, id } = await load();
      const sent = as(records, people.drWu).withdrawReferral(referral(), northGeneral);
      await fails(sent, records, "ReferralOfOther", id, stMary, northGeneral);
    });
  });
  describe("given it was answered, or its time is over", () => {
    it("reverts with ReferralStatusWrong or ReferralExpired", async () => {
      const { world, records, drLi, id } = await load();
      await as(records, people.drWu).acceptReferral(referral(), northGeneral);
      const answered = drLi.withdrawReferral(referral(), stMary);
      await fails(answered, records, "ReferralStatusWrong", id, Stage.accepted);
      const short = referral({ validUntil: START + DAY });
      await propose(world, short);
      await at(START + DAY);
      const late = drLi.withdrawReferral(short, stMary);
      await fails(late, records, "ReferralExpired", referralIdOf(short), START + DAY);
    });
  });
  describe("when all holds", () => {
    it("emits ReferralWithdrawn, also while paused", async () => {
      const { world, records, id } = await load();
      await as(records, people.emergency).pause(START + DAY);
      await at(START + HOUR);
      const sent = as(records, people.stMarySystem).withdrawReferral(referral(), stMary);
      await emits(sent, records, "ReferralWithdrawn", id, stMary, people.stMarySystem.key);
      const { status, answeredAt } = await stageOf(world, referral());
      expect([status, answeredAt]).to.eql([Stage.withdrawn, START + HOUR]);
    });
  });
  describe("given the member that refers was closed and has a successor", () => {
    it("lets the successor withdraw what it did not ask itself", async () => {
      const { world, records } = await load();
      const other = referral({ to: sunPharmacy });
      await propose(world, other);
      await succeed(world);
      const sent = as(records, people.drWu).withdrawReferral(other, northGeneral);
      const args = [referralIdOf(other), northGeneral, people.drWu.key];
      await emits(sent, records, "ReferralWithdrawn", ...args);
    });
  });
});
