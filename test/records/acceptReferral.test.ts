import { expect } from "chai";

import { as, at, mineAt, START, DAY, HOUR } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Decline, Stage, freshWorld, propose, referral, referralIdOf, stageOf } from "./support.ts";

describe("RecordRegistry.acceptReferral", () => {
  const { stMary, northGeneral, sunPharmacy } = Member;
  const { validUntil } = referral();
  const load = async () => {
    const world = await freshWorld();
    const id = await propose(world);
    return { world, ...world, id, drWu: as(world.records, people.drWu) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { records, drWu } = await load();
      await as(records, people.emergency).pause(START + DAY);
      await fails(drWu.acceptReferral(referral(), northGeneral), records, "DomainIsPaused", START + DAY);
    });
  });
  describe("given no such referral was proposed", () => {
    it("reverts with ReferralUnknown", async () => {
      const { records, drWu } = await load();
      const other = referral({ validUntil: validUntil + 1 });
      const sent = drWu.acceptReferral(other, northGeneral);
      await fails(sent, records, "ReferralUnknown", referralIdOf(other));
    });
  });
  describe("when the caller neither prescribes nor submits for the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { records } = await load();
      const duty = Duty.PRESCRIBE | Duty.SUBMIT;
      for (const who of [people.stranger, people.northArchive, people.drLi, people.stMarySystem]) {
        const sent = as(records, who).acceptReferral(referral(), northGeneral);
        await fails(sent, records, "DutyNotHeld", northGeneral, who.key, duty);
      }
    });
  });
  describe("when the member is not the one asked", () => {
    it("reverts with ReferralOfOther, for the member that refers too", async () => {
      const { records, id } = await load();
      const till = as(records, people.sunTill).acceptReferral(referral(), sunPharmacy);
      await fails(till, records, "ReferralOfOther", id, northGeneral, sunPharmacy);
      const own = as(records, people.drLi).acceptReferral(referral(), stMary);
      await fails(own, records, "ReferralOfOther", id, northGeneral, stMary);
    });
  });
  describe("given it was answered or withdrawn", () => {
    it("reverts with ReferralStatusWrong", async () => {
      const { records, drWu, id } = await load();
      await drWu.declineReferral(referral(), northGeneral, Decline.noCapacity);
      const sent = drWu.acceptReferral(referral(), northGeneral);
      await fails(sent, records, "ReferralStatusWrong", id, Stage.declined);
    });
  });
  describe("given its time is over", () => {
    it("reverts with ReferralExpired, from that second on", async () => {
      const { world, records, drWu, id } = await load();
      await mineAt(validUntil - 2);
      expect((await stageOf(world, referral())).expired).to.equal(false);
      await at(validUntil);
      const late = drWu.acceptReferral(referral(), northGeneral);
      await fails(late, records, "ReferralExpired", id, validUntil);
      expect((await stageOf(world, referral())).expired).to.equal(true);
    });
  });
  describe("when all holds", () => {
    it("emits ReferralAccepted, in its last second too", async () => {
      const { world, records, drWu, id } = await load();
      await at(validUntil - 1);
      const sent = drWu.acceptReferral(referral(), northGeneral);
      await emits(sent, records, "ReferralAccepted", id, northGeneral, people.drWu.key);
      await mineAt(validUntil + DAY);
      const { status, answeredAt, completedAt, expired } = await stageOf(world, referral());
      expect([status, answeredAt, completedAt, expired]).to.eql([Stage.accepted, validUntil - 1, 0, false]);
    });
    it("takes the word of the member's system", async () => {
      const { records, id } = await load();
      await at(START + HOUR);
      const sent = as(records, people.northSystem).acceptReferral(referral(), northGeneral);
      await emits(sent, records, "ReferralAccepted", id, northGeneral, people.northSystem.key);
    });
  });
  describe("given the member asked was closed and has a successor", () => {
    it("lets the successor answer in its own name", async () => {
      const { registry, records, id } = await load();
      const governed = as(registry, people.governance);
      await governed.closeMember(northGeneral);
      await governed.nameSuccessor(northGeneral, sunPharmacy);
      const sent = as(records, people.sunTill).acceptReferral(referral(), sunPharmacy);
      await emits(sent, records, "ReferralAccepted", id, sunPharmacy, people.sunTill.key);
    });
  });
});
