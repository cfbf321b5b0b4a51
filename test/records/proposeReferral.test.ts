import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  FOREIGN_DOMAINS,
  REFERRAL_MAX,
  SENT,
  SIGNATURE_LIFE,
  Stage,
  freshWorld,
  propose,
  referral,
  referralIdOf,
  signProposal,
  stageOf,
} from "./support.ts";

describe("RecordRegistry.proposeReferral", () => {
  const { stMary, northGeneral } = Member;
  const id = referralIdOf(referral());
  const load = async () => {
    const world = await freshWorld();
    const { records } = world;
    return { world, ...world, drLi: as(records, people.drLi), system: as(records, people.stMarySystem) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { records, drLi } = await load();
      await as(records, people.emergency).pause(START + DAY);
      await fails(drLi.proposeReferral(referral(), SENT), records, "DomainIsPaused", START + DAY);
    });
  });
  describe("when somebody else sends it", () => {
    it("reverts with ReferralReferrerMismatch", async () => {
      const { records } = await load();
      for (const who of [people.stranger, people.drChen, people.stMarySystem, people.drWu]) {
        const sent = as(records, who).proposeReferral(referral(), SENT);
        await fails(sent, records, "ReferralReferrerMismatch", id, people.drLi.key, who.key);
      }
    });
  });
  describe("when the referrer does not prescribe for the member", () => {
    it("reverts with DutyNotHeld or DutyLicenceLapsed", async () => {
      const { records } = await load();
      const foreign = referral({ referrer: people.drWu.key });
      const other = as(records, people.drWu).proposeReferral(foreign, SENT);
      await fails(other, records, "DutyNotHeld", stMary, people.drWu.key, Duty.PRESCRIBE);
      const idle = referral({ referrer: people.drIdle.key });
      const unlicensed = as(records, people.drIdle).proposeReferral(idle, SENT);
      await fails(unlicensed, records, "DutyLicenceLapsed", stMary, people.drIdle.key, Duty.PRESCRIBE, 0);
    });
  });
  describe("when a system relays it", () => {
    it("takes the referrer's signature, and emits ReferralProposed in its name", async () => {
      const { world, records, system } = await load();
      const signed = await signProposal(world, people.drLi, id, START + DAY);
      await at(START + DAY);
      await emits(
        system.proposeReferral(referral(), signed),
        records,
        "ReferralProposed",
        id,
        stMary,
        northGeneral,
        people.drLi.key,
        referral().commitment,
        referral().records,
        referral().validUntil,
      );
    });
    it("reverts with DutyNotHeld unless it submits for the same member", async () => {
      const { world, records } = await load();
      const signed = await signProposal(world, people.drLi, id, START + DAY);
      for (const who of [people.stranger, people.northSystem, people.stMaryArchive]) {
        const sent = as(records, who).proposeReferral(referral(), signed);
        await fails(sent, records, "DutyNotHeld", stMary, who.key, Duty.SUBMIT);
      }
    });
    it("reverts with ReferralReferrerMismatch for a signature by another key, for other terms or another domain", async () => {
      const { world, records, system } = await load();
      const other = await signProposal(world, people.drChen, id, START + DAY);
      const args = [id, people.drLi.key, people.drChen.key];
      await fails(system.proposeReferral(referral(), other), records, "ReferralReferrerMismatch", ...args);
      const elsewhere = referralIdOf(referral({ to: Member.sunPharmacy }));
      const wrong = [await signProposal(world, people.drLi, elsewhere, START + DAY)];
      for (const domain of FOREIGN_DOMAINS)
        wrong.push(await signProposal(world, people.drLi, id, START + DAY, domain));
      const later = await signProposal(world, people.drLi, id, START + DAY);
      wrong.push({ ...later, deadline: START + DAY + 1 });
      for (const one of wrong) {
        const sent = system.proposeReferral(referral(), one);
        await expect(sent).to.be.revertedWithCustomError(records, "ReferralReferrerMismatch");
      }
    });
    it("reverts with SignatureExpired, SignatureDeadlineTooFar or SignatureMalformed", async () => {
      const { world, records, system } = await load();
      const signed = await signProposal(world, people.drLi, id, START + DAY);
      const malformed = { ...signed, r: ZeroHash };
      await fails(system.proposeReferral(referral(), malformed), records, "SignatureMalformed");
      const second = START + HOUR;
      const far = await signProposal(world, people.drLi, id, second + SIGNATURE_LIFE + 1);
      await at(second);
      const early = system.proposeReferral(referral(), far);
      const args = [second + SIGNATURE_LIFE + 1, second + SIGNATURE_LIFE];
      await fails(early, records, "SignatureDeadlineTooFar", ...args);
      await at(START + DAY + 1);
      await fails(system.proposeReferral(referral(), signed), records, "SignatureExpired", START + DAY);
    });
  });
  describe("when a term is out of range", () => {
    it("reverts with ReferralTermInvalid naming it", async () => {
      const { records, registry, drLi } = await load();
      await as(registry, people.governance).closeMember(Member.moonPharmacy);
      for (const [field, change] of [
        ["to", { to: stMary }],
        ["to", { to: 0 }],
        ["to", { to: 99 }],
        ["to", { to: Member.moonPharmacy }],
        ["commitment", { commitment: ZeroHash }],
        ["validUntil", { validUntil: 0 }],
        ["validUntil", { validUntil: START }],
        ["validUntil", { validUntil: START + 2 * REFERRAL_MAX }],
      ] as const) {
        const sent = drLi.proposeReferral(referral(change), SENT);
        await fails(sent, records, "ReferralTermInvalid", ethers.encodeBytes32String(field));
      }
    });
    it("takes a second and a year, and no less and no more", async () => {
      const { records, drLi } = await load();
      const field = ethers.encodeBytes32String("validUntil");
      let second = START + HOUR;
      for (const [length, holds] of [
        [0, false],
        [1, true],
        [REFERRAL_MAX, true],
        [REFERRAL_MAX + 1, false],
      ] as const) {
        await at(second);
        const sent = drLi.proposeReferral(referral({ validUntil: second + length }), SENT);
        if (holds) await sent;
        else await fails(sent, records, "ReferralTermInvalid", field);
        second += 1;
      }
    });
  });
  describe("given it was proposed before", () => {
    it("reverts with ReferralAlreadyProposed, in whatever state it is", async () => {
      const { world, records, drLi, system } = await load();
      const signed = await signProposal(world, people.drLi, id, START + DAY);
      await propose(world);
      const again = drLi.proposeReferral(referral(), SENT);
      await fails(again, records, "ReferralAlreadyProposed", id);
      await system.withdrawReferral(referral(), stMary);
      const replayed = system.proposeReferral(referral(), signed);
      await fails(replayed, records, "ReferralAlreadyProposed", id);
    });
  });
  describe("when all holds", () => {
    it("emits ReferralProposed with all terms, and returns the id", async () => {
      const { world, records, drLi } = await load();
      const plain = referral({ records: ZeroHash });
      expect(await drLi.proposeReferral.staticCall(plain, SENT)).to.equal(referralIdOf(plain));
      await at(START + HOUR);
      await emits(
        drLi.proposeReferral(plain, SENT),
        records,
        "ReferralProposed",
        referralIdOf(plain),
        stMary,
        northGeneral,
        people.drLi.key,
        plain.commitment,
        ZeroHash,
        plain.validUntil,
      );
      expect(await stageOf(world, plain)).to.eql({
        status: Stage.proposed,
        proposedAt: START + HOUR,
        answeredAt: 0,
        completedAt: 0,
        expired: false,
      });
      expect((await stageOf(world, referral())).status).to.equal(Stage.unknown);
    });
  });
});
