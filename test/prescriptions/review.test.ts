import { expect } from "chai";
import { type TypedDataDomain } from "ethers";

import { as, at, START, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, APPOINTED_UNTIL, LICENSED_THROUGH } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  Outcome,
  type Terms,
  SENT,
  freshWorld,
  terms,
  idOf,
  type Message,
  sign,
  FOREIGN_DOMAINS,
  issue,
  stateOf,
} from "./support.ts";

describe("PrescriptionRegistry.review", () => {
  const asked = (changes: Partial<Terms> = {}) => terms({ reviewer: Member.sunPharmacy, ...changes });
  const load = async () => {
    const world = await freshWorld();
    await issue(world, asked());
    return { ...world, id: idOf(asked()) };
  };
  const { sunPharmacy, moonPharmacy, stMary } = Member;

  describe("given no review was asked", () => {
    it("reverts with PrescriptionStatusWrong", async () => {
      const world = await freshWorld();
      const id = await issue(world, terms());
      const sent = as(world.prescriptions, people.anna).review(terms(), sunPharmacy, Outcome.approved, SENT);
      await fails(sent, world.prescriptions, "PrescriptionStatusWrong", id, Status.open);
    });
  });
  describe("given it is unknown", () => {
    it("reverts with PrescriptionUnknown", async () => {
      const { prescriptions } = await load();
      const other = asked({ fills: 2 });
      const sent = as(prescriptions, people.anna).review(other, sunPharmacy, Outcome.approved, SENT);
      await fails(sent, prescriptions, "PrescriptionUnknown", idOf(other));
    });
  });
  describe("given it was reviewed", () => {
    it("reverts with PrescriptionStatusWrong again", async () => {
      const { prescriptions, id } = await load();
      const anna = as(prescriptions, people.anna);
      await anna.review(asked(), sunPharmacy, Outcome.refusedClinical, SENT);
      const sent = anna.review(asked(), sunPharmacy, Outcome.approved, SENT);
      await fails(sent, prescriptions, "PrescriptionStatusWrong", id, Status.refused);
    });
  });
  describe("when the outcome is unspecified", () => {
    it("reverts with PrescriptionOutcomeMissing", async () => {
      const { prescriptions, id } = await load();
      const sent = as(prescriptions, people.anna).review(asked(), sunPharmacy, Outcome.unspecified, SENT);
      await fails(sent, prescriptions, "PrescriptionOutcomeMissing", id);
    });
  });
  describe("when another member reviews", () => {
    it("reverts with PrescriptionReviewerOnly, or with DutyNotHeld in the reviewer's name", async () => {
      const { prescriptions, id } = await load();
      const mia = as(prescriptions, people.mia);
      const own = mia.review(asked(), moonPharmacy, Outcome.approved, SENT);
      await fails(own, prescriptions, "PrescriptionReviewerOnly", id, sunPharmacy, moonPharmacy);
      const theirs = mia.review(asked(), sunPharmacy, Outcome.approved, SENT);
      await fails(theirs, prescriptions, "DutyNotHeld", sunPharmacy, people.mia.key, Duty.REVIEW);
    });
    it("reverts with DutyNotHeld for a pharmacist of the reviewer without the duty", async () => {
      const { prescriptions } = await load();
      const sent = as(prescriptions, people.ben).review(asked(), sunPharmacy, Outcome.approved, SENT);
      await fails(sent, prescriptions, "DutyNotHeld", sunPharmacy, people.ben.key, Duty.REVIEW);
    });
  });
  describe("given the reviewer was closed and has a successor", () => {
    it("is the successor's to review", async () => {
      const { prescriptions, registry, id } = await load();
      const governed = as(registry, people.governance);
      await governed.closeMember(sunPharmacy);
      const early = as(prescriptions, people.mia).review(asked(), moonPharmacy, Outcome.approved, SENT);
      await fails(early, prescriptions, "PrescriptionReviewerOnly", id, sunPharmacy, moonPharmacy);
      await governed.nameSuccessor(sunPharmacy, moonPharmacy);
      const sent = as(prescriptions, people.mia).review(asked(), moonPharmacy, Outcome.approved, SENT);
      const args = [id, moonPharmacy, people.mia.key, Outcome.approved];
      await emits(sent, prescriptions, "PrescriptionReviewed", ...args);
    });
  });
  describe("when the prescriber reviews its own prescription", () => {
    it("reverts with PrescriptionSelfReview, sent or relayed", async () => {
      const world = await freshWorld();
      const { registry, prescriptions } = world;
      const duties = Duty.PRESCRIBE | Duty.REVIEW;
      const { key } = people.drLi;
      await as(registry, people.stMaryAdmin).appoint(stMary, {
        operator: key,
        duties,
        until: APPOINTED_UNTIL,
      });
      const licence = { member: stMary, operator: key, duties, throughDay: LICENSED_THROUGH };
      await as(registry, people.licenser).license(Member.healthOffice, licence);
      const own = asked({ reviewer: stMary });
      const id = await issue(world, own);
      const sent = as(prescriptions, people.drLi).review(own, stMary, Outcome.approved, SENT);
      await fails(sent, prescriptions, "PrescriptionSelfReview", id, key);
      const message = { prescription: id, member: stMary, outcome: Outcome.approved };
      const signed = await sign(prescriptions, people.drLi, "Review", message, START + DAY);
      const relayed = as(prescriptions, people.stMarySystem).review(own, stMary, Outcome.approved, signed);
      await fails(relayed, prescriptions, "PrescriptionSelfReview", id, key);
    });
  });
  describe("when a pharmacist of the reviewer approves", () => {
    it("emits PrescriptionReviewed and opens", async () => {
      const world = await load();
      const sent = as(world.prescriptions, people.anna).review(asked(), sunPharmacy, Outcome.approved, SENT);
      const args = [world.id, sunPharmacy, people.anna.key, Outcome.approved];
      await emits(sent, world.prescriptions, "PrescriptionReviewed", ...args);
      const state = await stateOf(world, world.id);
      expect([state.status, state.unitsLeft]).to.eql([Status.open, 30_000n]);
    });
  });
  describe("when a pharmacist refuses", () => {
    it("emits PrescriptionReviewed and is final", async () => {
      for (const outcome of [Outcome.refusedFormal, Outcome.refusedClinical, Outcome.refusedLegal]) {
        const world = await load();
        const sent = as(world.prescriptions, people.anna).review(asked(), sunPharmacy, outcome, SENT);
        const args = [world.id, sunPharmacy, people.anna.key, outcome];
        await emits(sent, world.prescriptions, "PrescriptionReviewed", ...args);
        expect((await stateOf(world, world.id)).status).to.equal(Status.refused);
        expect((await world.prescriptions.standingOf(asked())).isFinal).to.equal(true);
      }
    });
  });
  describe("when the review is relayed", () => {
    it("takes the pharmacist's signature from a SUBMIT operator of the reviewer", async () => {
      const { prescriptions, id } = await load();
      const message = { prescription: id, member: sunPharmacy, outcome: Outcome.approved };
      const signed = await sign(prescriptions, people.anna, "Review", message, START + DAY);
      await at(START + DAY);
      const sent = as(prescriptions, people.sunTill).review(asked(), sunPharmacy, Outcome.approved, signed);
      const args = [id, sunPharmacy, people.anna.key, Outcome.approved];
      await emits(sent, prescriptions, "PrescriptionReviewed", ...args);
    });
    it("reverts for a signature for another prescription, member, outcome, chain or contract", async () => {
      const { prescriptions, id } = await load();
      const right = { prescription: id, member: sunPharmacy, outcome: Outcome.approved };
      const wrong: [Message, TypedDataDomain][] = [
        [{ ...right, prescription: idOf(terms()) }, {}],
        [{ ...right, member: moonPharmacy }, {}],
        [{ ...right, outcome: Outcome.refusedLegal }, {}],
        ...FOREIGN_DOMAINS.map((domain): [Message, TypedDataDomain] => [right, domain]),
      ];
      for (const [message, domain] of wrong) {
        const signed = await sign(prescriptions, people.anna, "Review", message, START + DAY, domain);
        const sent = as(prescriptions, people.sunTill).review(asked(), sunPharmacy, Outcome.approved, signed);
        await expect(sent).to.be.revertedWithCustomError(prescriptions, "DutyNotHeld");
      }
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { prescriptions } = await load();
      await as(prescriptions, people.emergency).pause(START + DAY);
      const sent = as(prescriptions, people.anna).review(asked(), sunPharmacy, Outcome.approved, SENT);
      await fails(sent, prescriptions, "DomainIsPaused", START + DAY);
    });
  });
});
