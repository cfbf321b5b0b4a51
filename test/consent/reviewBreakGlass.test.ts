import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, HOUR, actor, as, at, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { APPOINTED_UNTIL, people } from "../core/world.ts";
import {
  Member,
  Status,
  breakGlass,
  disclose,
  emergency,
  freshConsents,
  glassIdOf,
  glassOf,
  review,
  reviewDueOf,
  staff,
  ticket,
} from "./support.ts";

const { northGeneral, stMary, cityLab, healthOffice, drugAgency } = Member;
const { justified, unjustified } = Status;

/** A use that gave access to Mara's data. */
const load = async () => {
  const world = await freshConsents();
  const opened = (await now()) + HOUR;
  await at(opened);
  await breakGlass(world);
  await disclose(world, emergency(world.mara.id));
  const standing = async () => [
    ...(await world.consents.breakGlassStandingOf(northGeneral, staff.drVega.key)),
  ];
  const byOffice = (outcome: bigint, id = glassIdOf()) =>
    review(world, id, outcome, people.inspector, healthOffice);
  return { ...world, world, byOffice, standing, dueAt: reviewDueOf(opened) };
};

describe("ConsentRegistry.reviewBreakGlass", () => {
  describe("when the custodian reviews", () => {
    it("emits BreakGlassReviewed with the outcome and ends the wait", async () => {
      const { world, consents, standing, dueAt } = await load();
      expect(await standing()).to.eql([false, BigInt(dueAt), 1n]);
      const args = [glassIdOf(), northGeneral, stMary, staff.drVega.key, staff.desk.key, unjustified];
      await emits(review(world, glassIdOf(), unjustified), consents, "BreakGlassReviewed", ...args);
      const { status, overruled } = await glassOf(world);
      expect([status, overruled]).to.eql([unjustified, false]);
      expect(await standing()).to.eql([false, 0n, 0n]);
    });
    it("takes an escalated one", async () => {
      const { world, consents } = await load();
      await mineAt((await now()) + 4 * DAY);
      await as(consents, people.stranger).escalateBreakGlass(glassIdOf());
      await review(world);
      expect((await glassOf(world)).status).to.equal(justified);
    });
    it("takes one that gave no access, which leaves nothing to wait for", async () => {
      const { world, standing } = await load();
      await breakGlass(world, { ticketHash: ticket(2) });
      await review(world, glassIdOf(staff.drVega, ticket(2)), unjustified);
      expect((await standing())[2]).to.equal(1n);
    });
    it("takes it from the custodian's successor", async () => {
      const { world, registry } = await load();
      const governed = as(registry, people.governance);
      await governed.closeMember(stMary);
      await governed.nameSuccessor(stMary, cityLab);
      await review(world, glassIdOf(), justified, staff.labDesk, cityLab);
      expect((await glassOf(world)).status).to.equal(justified);
    });
    it("reverts with BreakGlassAlreadyReviewed the second time", async () => {
      const { world, consents } = await load();
      await review(world, glassIdOf(), unjustified);
      const sent = review(world, glassIdOf(), justified);
      await fails(sent, consents, "BreakGlassAlreadyReviewed", glassIdOf(), unjustified);
    });
  });
  describe("when a regulator reviews", () => {
    it("emits BreakGlassReviewed, and it is final", async () => {
      const { world, consents, byOffice, standing } = await load();
      const args = [glassIdOf(), northGeneral, healthOffice, staff.drVega.key, people.inspector.key];
      await emits(byOffice(unjustified), consents, "BreakGlassReviewed", ...args, unjustified);
      const { status, overruled } = await glassOf(world);
      expect([status, overruled]).to.eql([unjustified, true]);
      expect((await standing())[2]).to.equal(0n);
      const again = byOffice(justified);
      await fails(again, consents, "BreakGlassAlreadyReviewed", glassIdOf(), unjustified);
      const custodian = review(world);
      await fails(custodian, consents, "BreakGlassAlreadyReviewed", glassIdOf(), unjustified);
    });
    it("overrules the custodian's review once, and no other regulator does again", async () => {
      const { world, consents, byOffice, standing } = await load();
      await review(world, glassIdOf(), justified);
      await byOffice(unjustified);
      const { status, overruled } = await glassOf(world);
      expect([status, overruled]).to.eql([unjustified, true]);
      expect(await standing()).to.eql([false, 0n, 0n]);
      const agency = review(world, glassIdOf(), justified, people.agencyInspector, drugAgency);
      await fails(agency, consents, "BreakGlassAlreadyReviewed", glassIdOf(), unjustified);
    });
  });
  describe("when the reviewer may not", () => {
    it("reverts with BreakGlassReviewerInvalid for the actor's own member, even as custodian", async () => {
      const { world, consents } = await load();
      const own = review(world, glassIdOf(), justified, staff.northDesk, northGeneral);
      await fails(own, consents, "BreakGlassReviewerInvalid", glassIdOf(), northGeneral);
      await breakGlass(world, { by: staff.drSteen, member: stMary });
      const id = glassIdOf(staff.drSteen, ticket(), stMary, stMary);
      const self = review(world, id);
      await fails(self, consents, "BreakGlassReviewerInvalid", id, stMary);
      await review(world, id, justified, people.inspector, healthOffice);
    });
    it("reverts with BreakGlassReviewerInvalid for a member of the actor's controlling group", async () => {
      const { world, consents, registry, byOffice } = await load();
      await as(registry, people.governance).setMemberGroup(stMary, 102);
      await fails(review(world), consents, "BreakGlassReviewerInvalid", glassIdOf(), stMary);
      await byOffice(justified);
    });
    it("reverts with BreakGlassReviewerInvalid for who is neither custodian nor regulator", async () => {
      const { world, consents } = await load();
      const lab = review(world, glassIdOf(), justified, staff.labDesk, cityLab);
      await fails(lab, consents, "BreakGlassReviewerInvalid", glassIdOf(), cityLab);
      const nobody = review(world, glassIdOf(), justified, people.stranger, 0);
      await fails(nobody, consents, "BreakGlassReviewerInvalid", glassIdOf(), 0);
    });
    it("reverts with BreakGlassReviewerInvalid for the actor's own key at the reviewing member", async () => {
      const { world, consents, registry } = await load();
      const { key } = staff.drVega;
      const appointment = { operator: key, duties: Duty.CUSTODY, until: APPOINTED_UNTIL };
      await as(registry, people.stMaryAdmin).appoint(stMary, appointment);
      const sent = review(world, glassIdOf(), justified, staff.drVega, stMary);
      await fails(sent, consents, "BreakGlassReviewerInvalid", glassIdOf(), stMary);
    });
    it("reverts with DutyNotHeld for other operators of the custodian or regulator", async () => {
      const { world, consents } = await load();
      for (const who of [people.stranger, staff.discloser, people.stMaryAdmin, people.inspector]) {
        const sent = review(world, glassIdOf(), justified, who);
        await fails(sent, consents, "DutyNotHeld", stMary, who.key, Duty.CUSTODY);
      }
      for (const who of [people.stranger, people.licenser, staff.desk]) {
        const sent = review(world, glassIdOf(), justified, who, healthOffice);
        await fails(sent, consents, "DutyNotHeld", healthOffice, who.key, Duty.INSPECT);
      }
    });
  });
  describe("when there is no outcome", () => {
    it("reverts with BreakGlassOutcomeMissing", async () => {
      const { world, consents } = await load();
      for (const outcome of [Status.unknown, Status.open, Status.escalated]) {
        const sent = review(world, glassIdOf(), outcome);
        await fails(sent, consents, "BreakGlassOutcomeMissing", glassIdOf());
      }
    });
  });
  describe("when it is unknown", () => {
    it("reverts with BreakGlassUnknown", async () => {
      const { world, consents } = await load();
      const id = glassIdOf(staff.drVega, ticket(9));
      await fails(review(world, id), consents, "BreakGlassUnknown", id);
    });
  });
  describe("when the review is late", () => {
    it("restores the duty that was suspended, once none is overdue", async () => {
      const { world, standing, dueAt } = await load();
      await breakGlass(world, { ticketHash: ticket(2) });
      const second = glassIdOf(staff.drVega, ticket(2));
      await disclose(world, emergency(world.wim.id, { breakGlass: second }));
      await mineAt(dueAt);
      expect(await standing()).to.eql([true, BigInt(dueAt), 2n]);
      await review(world);
      expect(await standing()).to.eql([true, BigInt(dueAt), 1n]);
      await review(world, second, unjustified);
      expect(await standing()).to.eql([false, 0n, 0n]);
      await breakGlass(world, { ticketHash: ticket(3) });
    });
  });
  describe("given the domain is paused", () => {
    it("reviews all the same", async () => {
      const { world, consents } = await load();
      await as(consents, people.emergency).pause((await now()) + DAY);
      await review(world);
      expect((await glassOf(world)).status).to.equal(justified);
      expect(ZeroHash).to.not.equal((await glassOf(world)).subject);
      expect(actor("nobody").key).to.not.equal(staff.desk.key);
    });
  });
});
