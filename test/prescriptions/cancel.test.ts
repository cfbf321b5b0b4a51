import { expect } from "chai";
import { type TypedDataDomain, ZeroHash } from "ethers";

import { as, at, mineAt, START, HOUR, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, Site } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  SENT,
  CORRECTION_WINDOW,
  freshWorld,
  terms,
  handover,
  idOf,
  type Message,
  sign,
  FOREIGN_DOMAINS,
  issue,
  accept,
  freshLock,
  dispense,
  stateOf,
} from "./support.ts";

describe("PrescriptionRegistry.cancel", () => {
  const { stMary, northGeneral, sunPharmacy, healthOffice } = Member;

  describe("when the prescriber or a colleague of the issuer cancels", () => {
    it("emits PrescriptionCancelled and is final", async () => {
      for (const who of [people.drLi, people.drChen]) {
        const world = await freshWorld();
        const id = await issue(world, terms());
        const sent = as(world.prescriptions, who).cancel(terms(), stMary, SENT);
        await emits(sent, world.prescriptions, "PrescriptionCancelled", id, who.key);
        const standing = await world.prescriptions.standingOf(terms());
        expect([standing.status, standing.isFinal]).to.eql([Status.cancelled, true]);
      }
    });
  });
  describe("when it is relayed", () => {
    it("takes the signature of a PRESCRIBE operator, bound to prescription and member", async () => {
      const world = await freshWorld();
      const { prescriptions } = world;
      const id = await issue(world, terms());
      const system = as(prescriptions, people.stMarySystem);
      const right = { prescription: id, member: stMary };
      const wrong: [Message, TypedDataDomain][] = [
        [{ ...right, prescription: idOf(terms({ fills: 9 })) }, {}],
        [{ ...right, member: northGeneral }, {}],
        ...FOREIGN_DOMAINS.map((domain): [Message, TypedDataDomain] => [right, domain]),
      ];
      for (const [message, domain] of wrong) {
        const signed = await sign(prescriptions, people.drLi, "Cancel", message, START + DAY, domain);
        const sent = system.cancel(terms(), stMary, signed);
        await expect(sent).to.be.revertedWithCustomError(prescriptions, "DutyNotHeld");
      }
      const signed = await sign(prescriptions, people.drLi, "Cancel", right, START + DAY);
      await emits(
        system.cancel(terms(), stMary, signed),
        prescriptions,
        "PrescriptionCancelled",
        id,
        people.drLi.key,
      );
    });
    it("reverts one second after the deadline", async () => {
      const world = await freshWorld();
      const { prescriptions } = world;
      const id = await issue(world, terms());
      const signed = await sign(
        prescriptions,
        people.drLi,
        "Cancel",
        { prescription: id, member: stMary },
        START + DAY,
      );
      await at(START + DAY + 1);
      const sent = as(prescriptions, people.stMarySystem).cancel(terms(), stMary, signed);
      await fails(sent, prescriptions, "SignatureExpired", START + DAY);
    });
  });
  describe("when another member cancels", () => {
    it("reverts with PrescriptionIssuerOnly", async () => {
      const world = await freshWorld();
      const id = await issue(world, terms());
      const sent = as(world.prescriptions, people.drWu).cancel(terms(), northGeneral, SENT);
      await fails(sent, world.prescriptions, "PrescriptionIssuerOnly", id, stMary, northGeneral);
    });
  });
  describe("given the issuer was closed and has a successor", () => {
    it("is the successor's to cancel", async () => {
      const world = await freshWorld();
      const { prescriptions, registry } = world;
      const id = await issue(world, terms());
      await as(registry, people.governance).closeMember(stMary);
      const own = as(prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      await fails(own, prescriptions, "DutyNotPermitted", stMary, Duty.PRESCRIBE);
      await as(registry, people.governance).nameSuccessor(stMary, northGeneral);
      const sent = as(prescriptions, people.drWu).cancel(terms(), northGeneral, SENT);
      await emits(sent, prescriptions, "PrescriptionCancelled", id, people.drWu.key);
    });
  });
  describe("when the caller has no PRESCRIBE duty", () => {
    it("reverts with DutyNotHeld", async () => {
      const world = await freshWorld();
      await issue(world, terms());
      for (const who of [people.stranger, people.stMarySystem, people.hallPharmacist, people.stMaryAdmin]) {
        const sent = as(world.prescriptions, who).cancel(terms(), stMary, SENT);
        await fails(sent, world.prescriptions, "DutyNotHeld", stMary, who.key, Duty.PRESCRIBE);
      }
    });
  });
  describe("given a lock is live", () => {
    it("emits PrescriptionCancellationOrdered and takes effect when the lock ends", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      const sent = as(prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      await emits(sent, prescriptions, "PrescriptionCancellationOrdered", id, people.drLi.key);
      const state = await stateOf(world, id);
      expect([state.status, state.cancelPending]).to.eql([Status.open, true]);
      await mineAt(START + DAY - 1);
      expect((await prescriptions.standingOf(terms())).status).to.equal(Status.open);
      await mineAt(START + DAY);
      const standing = await prescriptions.standingOf(terms());
      expect([standing.status, standing.isFinal]).to.eql([Status.cancelled, true]);
    });
    it("reverts when ordered twice, and settles it once the lock ended", async () => {
      const { prescriptions, id } = await freshLock();
      const doctor = as(prescriptions, people.drLi);
      await doctor.cancel(terms(), stMary, SENT);
      await fails(doctor.cancel(terms(), stMary, SENT), prescriptions, "PrescriptionCancellationPending", id);
      await at(START + DAY);
      const settled = doctor.cancel(terms(), stMary, SENT);
      await emits(settled, prescriptions, "PrescriptionCancelled", id, people.drLi.key);
    });
    it("takes effect at once when the lock is void", async () => {
      const { prescriptions, registry, id } = await freshLock();
      await as(registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunMarket);
      const sent = as(prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      await emits(sent, prescriptions, "PrescriptionCancelled", id, people.drLi.key);
    });
  });
  describe("given it is completed", () => {
    it("waits for a withdrawal while one is possible, and is refused after", async () => {
      const world = await freshWorld();
      const { prescriptions } = world;
      const single = terms({ fills: 1 });
      const id = await issue(world, single);
      await accept(world, single);
      await at(START + HOUR);
      await dispense(world, single, handover({ units: 30_000n }));
      await at(START + HOUR + CORRECTION_WINDOW - 1);
      const sent = as(prescriptions, people.drLi).cancel(single, stMary, SENT);
      await emits(sent, prescriptions, "PrescriptionCancellationOrdered", id, people.drLi.key);
      const late = as(prescriptions, people.drLi).cancel(single, stMary, SENT);
      await fails(late, prescriptions, "PrescriptionStatusWrong", id, Status.completed);
    });
  });
  describe("given it is final or unknown", () => {
    it("reverts with PrescriptionStatusWrong or PrescriptionUnknown", async () => {
      const world = await freshWorld();
      const doctor = as(world.prescriptions, people.drLi);
      const id = await issue(world, terms());
      await doctor.cancel(terms(), stMary, SENT);
      const twice = doctor.cancel(terms(), stMary, SENT);
      await fails(twice, world.prescriptions, "PrescriptionStatusWrong", id, Status.cancelled);
      const other = terms({ fills: 9 });
      await fails(
        doctor.cancel(other, stMary, SENT),
        world.prescriptions,
        "PrescriptionUnknown",
        idOf(other),
      );
    });
  });
  describe("given it awaits review", () => {
    it("is cancelled at once", async () => {
      const world = await freshWorld();
      const asked = terms({ reviewer: sunPharmacy });
      const id = await issue(world, asked);
      const sent = as(world.prescriptions, people.drLi).cancel(asked, stMary, SENT);
      await emits(sent, world.prescriptions, "PrescriptionCancelled", id, people.drLi.key);
    });
  });
  describe("given the domain is paused or it is halted", () => {
    it("cancels all the same", async () => {
      const world = await freshWorld();
      const id = await issue(world, terms());
      await as(world.prescriptions, people.emergency).pause(START + DAY);
      await as(world.prescriptions, people.inspector).halt(healthOffice, stMary, ZeroHash, START, 1);
      await as(world.prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      expect((await stateOf(world, id)).status).to.equal(Status.cancelled);
    });
  });
});
