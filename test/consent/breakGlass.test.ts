import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, HOUR, actor, as, at, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { APPOINTED_UNTIL, LICENSED_THROUGH, people } from "../core/world.ts";
import {
  ATTESTATION_LIFE,
  FOREIGN_DOMAINS,
  Member,
  Reason,
  Status,
  attest,
  attestedKey,
  breakGlass,
  disclose,
  emergency,
  field,
  freshConsents,
  glassIdOf,
  glassOf,
  review,
  reviewDueOf,
  staff,
  ticket,
} from "./support.ts";

const { northGeneral, stMary, healthOffice } = Member;

describe("ConsentRegistry.breakGlass", () => {
  describe("when a licensed professional opens it", () => {
    it("emits GlassBroken, and the use stands open and unbound", async () => {
      const world = await freshConsents();
      const opened = (await now()) + HOUR;
      await at(opened);
      const sent = breakGlass(world);
      const args = [glassIdOf(), northGeneral, stMary, staff.drVega.key, ticket(), Reason.lifeThreatening];
      await emits(sent, world.consents, "GlassBroken", ...args);
      expect(await glassOf(world)).to.eql({
        status: Status.open,
        reason: BigInt(Reason.lifeThreatening),
        member: BigInt(northGeneral),
        custodian: BigInt(stMary),
        openedAt: BigInt(opened),
        overruled: false,
        operator: staff.drVega.key,
        subject: ZeroHash,
      });
    });
    it("takes each reason", async () => {
      const world = await freshConsents();
      const reasons = [Reason.lifeThreatening, Reason.patientIncapable, Reason.publicSafety];
      for (const reason of reasons) await breakGlass(world, { reason, ticketHash: ticket(reason) });
    });
    it("needs no patient: who that is, the ticket tells the custodian alone", async () => {
      const world = await freshConsents();
      const { consents } = world;
      const receipt = await (await breakGlass(world)).wait();
      for (const { id } of [world.mara, world.wim, world.pia, world.toni, world.child])
        expect(JSON.stringify(receipt!.logs.map(({ data, topics }) => [data, topics]))).not.to.contain(
          id.slice(2),
        );
      expect(await consents.breakGlassId(northGeneral, staff.drVega.key, stMary, ticket())).to.equal(
        glassIdOf(),
      );
    });
  });
  describe("when a relay of the member sends it", () => {
    it("takes the professional's signature", async () => {
      const world = await freshConsents();
      const attestation = await attest(world, staff.drVega, (await now()) + HOUR);
      const sent = breakGlass(world, { by: people.northSystem, attestation });
      const args = [glassIdOf(), northGeneral, stMary, staff.drVega.key, ticket(), Reason.lifeThreatening];
      await emits(sent, world.consents, "GlassBroken", ...args);
    });
    it("reverts with DutyNotHeld for a relay of another member", async () => {
      const world = await freshConsents();
      const attestation = await attest(world, staff.drVega, (await now()) + HOUR);
      for (const by of [people.stMarySystem, people.stranger, staff.drNoor]) {
        const sent = breakGlass(world, { by, attestation });
        await fails(sent, world.consents, "DutyNotHeld", northGeneral, by.key, Duty.SUBMIT);
      }
    });
    it("reverts with DutyNotHeld for whoever comes out of a signature for another chain, contract or content", async () => {
      const world = await freshConsents();
      const until = (await now()) + HOUR;
      const forged = [
        ...FOREIGN_DOMAINS.map((domain) => attest(world, staff.drVega, until, {}, domain)),
        attest(world, staff.drVega, until, { ticket: ticket(2) }),
        attest(world, staff.drVega, until, { reason: Reason.publicSafety }),
        attest(world, people.stranger, until),
      ];
      for (const attestation of await Promise.all(forged)) {
        const sent = breakGlass(world, { by: people.northSystem, attestation });
        const key = await attestedKey(world, attestation);
        await fails(sent, world.consents, "DutyNotHeld", northGeneral, key, Duty.BREAK_GLASS);
      }
    });
    it("reverts with SignatureExpired, SignatureDeadlineTooFar or SignatureMalformed", async () => {
      const world = await freshConsents();
      const { consents } = world;
      const by = people.northSystem;
      const until = (await now()) + HOUR;
      const attestation = await attest(world, staff.drVega, until);
      await at(until + 1);
      await fails(breakGlass(world, { by, attestation }), consents, "SignatureExpired", until);
      const second = until + HOUR;
      const far = await attest(world, staff.drVega, second + ATTESTATION_LIFE + 1);
      await at(second);
      const args = [far.deadline, second + ATTESTATION_LIFE];
      await fails(breakGlass(world, { by, attestation: far }), consents, "SignatureDeadlineTooFar", ...args);
      const malformed = { ...far, r: ZeroHash, deadline: second + HOUR };
      await fails(breakGlass(world, { by, attestation: malformed }), consents, "SignatureMalformed");
    });
  });
  describe("when the caller is no professional of the member for emergencies", () => {
    it("reverts with DutyNotHeld", async () => {
      const world = await freshConsents();
      for (const by of [people.stranger, people.drWu, staff.drSteen, staff.northDesk, people.northSystem]) {
        const args = [northGeneral, by.key, Duty.BREAK_GLASS];
        await fails(breakGlass(world, { by }), world.consents, "DutyNotHeld", ...args);
      }
    });
    it("reverts with DutyLicenceLapsed without a licence", async () => {
      const world = await freshConsents();
      const args = [northGeneral, staff.drRest.key, Duty.BREAK_GLASS, 0];
      await fails(breakGlass(world, { by: staff.drRest }), world.consents, "DutyLicenceLapsed", ...args);
    });
    it("reverts with DutyNotPermitted for a member whose sector has no emergencies", async () => {
      const world = await freshConsents();
      const sent = breakGlass(world, { by: people.anna, member: Member.sunPharmacy });
      await fails(sent, world.consents, "DutyNotPermitted", Member.sunPharmacy, Duty.BREAK_GLASS);
    });
    it("reverts with DutySuspended while a regulator suspends it", async () => {
      const world = await freshConsents();
      const inspect = as(world.registry, people.inspector);
      await inspect.suspendOperator(healthOffice, northGeneral, staff.drVega.key, Duty.BREAK_GLASS);
      const args = [northGeneral, staff.drVega.key, Duty.BREAK_GLASS];
      await fails(breakGlass(world), world.consents, "DutySuspended", ...args);
    });
  });
  describe("when a field is out of range", () => {
    it("reverts with BreakGlassInvalid for no ticket, no reason, and a custodian that is not active", async () => {
      const world = await freshConsents();
      const { consents } = world;
      const bare = breakGlass(world, { ticketHash: ZeroHash });
      await fails(bare, consents, "BreakGlassInvalid", glassIdOf(staff.drVega, ZeroHash), field("ticket"));
      const unspecified = breakGlass(world, { reason: Reason.unspecified });
      await fails(unspecified, consents, "BreakGlassInvalid", glassIdOf(), field("reason"));
      for (const custodian of [0, 99]) {
        const id = glassIdOf(staff.drVega, ticket(), northGeneral, custodian);
        const sent = breakGlass(world, { custodian });
        await fails(sent, consents, "BreakGlassInvalid", id, field("custodian"));
      }
      await as(world.registry, people.governance).closeMember(stMary);
      await fails(breakGlass(world), consents, "BreakGlassInvalid", glassIdOf(), field("custodian"));
    });
  });
  describe("when the ticket was used", () => {
    it("reverts with BreakGlassTicketUsed for the same operator, and nobody takes another's", async () => {
      const world = await freshConsents();
      const { consents } = world;
      await breakGlass(world, { by: staff.drNoor });
      await breakGlass(world);
      await fails(breakGlass(world), consents, "BreakGlassTicketUsed", glassIdOf());
      const anew = breakGlass(world, { reason: Reason.publicSafety });
      await fails(anew, consents, "BreakGlassTicketUsed", glassIdOf());
      await breakGlass(world, { custodian: Member.cityLab });
      expect((await glassOf(world, glassIdOf(staff.drNoor))).operator).to.equal(staff.drNoor.key);
    });
    it("reverts with BreakGlassTicketUsed for a signature that is relayed twice", async () => {
      const world = await freshConsents();
      const attestation = await attest(world, staff.drVega, (await now()) + HOUR);
      await breakGlass(world, { by: people.northSystem, attestation });
      const sent = breakGlass(world, { by: people.northSystem, attestation });
      await fails(sent, world.consents, "BreakGlassTicketUsed", glassIdOf());
    });
  });
  describe("given a use that gave access is overdue for review", () => {
    const overdue = async () => {
      const world = await freshConsents();
      const opened = (await now()) + HOUR;
      await at(opened);
      await breakGlass(world);
      await disclose(world, emergency(world.mara.id));
      return { ...world, dueAt: reviewDueOf(opened) };
    };
    it("reverts with BreakGlassSuspended from the end of the seventh day on, by time alone", async () => {
      const world = await overdue();
      const { consents, dueAt } = world;
      await at(dueAt - 1);
      await breakGlass(world, { ticketHash: ticket(2) });
      await at(dueAt);
      const sent = breakGlass(world, { ticketHash: ticket(3) });
      await fails(sent, consents, "BreakGlassSuspended", northGeneral, staff.drVega.key, dueAt);
    });
    it("leaves colleagues and the rest of the member alone", async () => {
      const world = await overdue();
      await mineAt(world.dueAt);
      await breakGlass(world, { by: staff.drNoor });
    });
    it("opens again after a late review", async () => {
      const world = await overdue();
      await mineAt(world.dueAt + 30 * DAY);
      await review(world);
      await breakGlass(world, { ticketHash: ticket(2) });
    });
    it("reverts with BreakGlassSuspended for the key that replaced it: a new card sheds nothing", async () => {
      const world = await overdue();
      const { consents, registry, dueAt } = world;
      const card = actor("Dr Vega's new card");
      const admin = as(registry, people.northAdmin);
      await admin.replaceOperator(northGeneral, staff.drVega.key, card.key, 0, "0x");
      const licence = { member: northGeneral, operator: card.key, duties: Duty.BREAK_GLASS };
      const licensed = { ...licence, throughDay: LICENSED_THROUGH };
      await as(registry, people.licenser).license(healthOffice, licensed);
      await mineAt(dueAt);
      const sent = breakGlass(world, { by: card, ticketHash: ticket(2) });
      await fails(sent, consents, "BreakGlassSuspended", northGeneral, card.key, dueAt);
      await review(world);
      await breakGlass(world, { by: card, ticketHash: ticket(2) });
    });
    it("reverts with BreakGlassSuspended at another member for the same key", async () => {
      const world = await overdue();
      const { consents, registry, dueAt } = world;
      const vega = { operator: staff.drVega.key, duties: Duty.BREAK_GLASS };
      await as(registry, people.stMaryAdmin).appoint(stMary, { ...vega, until: APPOINTED_UNTIL });
      const licence = { member: stMary, ...vega, throughDay: LICENSED_THROUGH };
      await as(registry, people.licenser).license(healthOffice, licence);
      await mineAt(dueAt);
      const sent = breakGlass(world, { member: stMary, custodian: northGeneral });
      await fails(sent, consents, "BreakGlassSuspended", stMary, staff.drVega.key, dueAt);
    });
  });
  describe("given a use that gave no access was never reviewed", () => {
    it("suspends nothing: there is nothing to review", async () => {
      const world = await freshConsents();
      await breakGlass(world);
      await mineAt((await now()) + 60 * DAY);
      await breakGlass(world, { ticketHash: ticket(2) });
    });
  });
  describe("given the domain is paused", () => {
    it("opens all the same", async () => {
      const world = await freshConsents();
      await as(world.consents, people.emergency).pause((await now()) + DAY);
      await breakGlass(world);
      expect((await glassOf(world)).status).to.equal(Status.open);
    });
  });
});
