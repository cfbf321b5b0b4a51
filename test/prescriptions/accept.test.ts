import { expect } from "chai";
import { type TypedDataDomain, ZeroHash } from "ethers";

import { ethers, as, at, mineAt, START, HOUR, DAY } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import { people, Member, Site } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  Outcome,
  HaltReason,
  SENT,
  LOCK_MAX,
  SIGNATURE_LIFE,
  holder,
  freshWorld,
  terms,
  order,
  lock,
  handover,
  idOf,
  type Message,
  sign,
  FOREIGN_DOMAINS,
  authorise,
  issue,
  accept,
  dispense,
  stateOf,
  setCounters,
} from "./support.ts";

describe("PrescriptionRegistry.accept", () => {
  const { sunPharmacy, moonPharmacy, stMary } = Member;
  const load = async () => {
    const world = await freshWorld();
    await issue(world, terms());
    return { ...world, id: idOf(terms()) };
  };

  describe("when the holder signed for this site, counter and fill", () => {
    it("emits PrescriptionAccepted and locks to member and site", async () => {
      const world = await load();
      await at(START + HOUR);
      const sent = accept(world, terms());
      const args = [world.id, sunPharmacy, Site.sunMarket, 1, 1, START + HOUR, START + DAY];
      await emits(sent, world.prescriptions, "PrescriptionAccepted", ...args);
      const state = await stateOf(world, world.id);
      expect([state.lockMember, state.lockSite, state.lockCount]).to.eql([sunPharmacy, Site.sunMarket, 1]);
      expect([state.lockedAt, state.lockedUntil, state.lockUsed]).to.eql([START + HOUR, START + DAY, false]);
      expect((await world.prescriptions.standingOf(terms())).lockLive).to.equal(true);
    });
    it("takes DISPENSE and SUBMIT operators alike", async () => {
      for (const who of [people.anna, people.ben, people.sunTill])
        await accept(await load(), terms(), lock(), who);
    });
    it("takes the last second of the deadline and reverts one second later", async () => {
      const world = await load();
      const signed = await authorise(world, terms(), lock(), holder(1), START + HOUR);
      const till = as(world.prescriptions, people.sunTill);
      await at(START + HOUR + 1);
      const late = till.accept(terms(), lock(), signed);
      await fails(late, world.prescriptions, "SignatureExpired", START + HOUR);
      const timely = await authorise(world, terms(), lock(), holder(1), START + 2 * HOUR);
      await at(START + 2 * HOUR);
      await till.accept(terms(), lock(), timely);
    });
    it("reverts with SignatureDeadlineTooFar for an authorisation that would live longer than 72 hours", async () => {
      const world = await load();
      const taken = lock({ lockedUntil: START + 9 * DAY });
      const until = START + HOUR + SIGNATURE_LIFE + 1;
      const signed = await authorise(world, terms(), taken, holder(1), until);
      await at(START + HOUR);
      const sent = as(world.prescriptions, people.sunTill).accept(terms(), taken, signed);
      await fails(sent, world.prescriptions, "SignatureDeadlineTooFar", until, until - 1);
    });
  });
  describe("given another pharmacy saw the authorisation in the pool", () => {
    it("reverts with PrescriptionHolderSignatureInvalid when that pharmacy uses it for itself", async () => {
      const world = await load();
      const signed = await authorise(world, terms(), lock());
      const stolen = lock({ member: moonPharmacy, site: Site.moonSquare });
      const sent = as(world.prescriptions, people.moonTill).accept(terms(), stolen, signed);
      await expect(sent).to.be.revertedWithCustomError(
        world.prescriptions,
        "PrescriptionHolderSignatureInvalid",
      );
      const forged = as(world.prescriptions, people.moonTill).accept(terms(), lock(), signed);
      const args = [sunPharmacy, people.moonTill.key, Duty.DISPENSE | Duty.SUBMIT];
      await fails(forged, world.prescriptions, "DutyNotHeld", ...args);
    });
    it("reverts when another branch of the same chain uses it", async () => {
      const world = await load();
      const signed = await authorise(world, terms(), lock());
      const elsewhere = lock({ site: Site.sunStation });
      const sent = as(world.prescriptions, people.sunTill).accept(terms(), elsewhere, signed);
      await expect(sent).to.be.revertedWithCustomError(
        world.prescriptions,
        "PrescriptionHolderSignatureInvalid",
      );
    });
    it("reverts when it comes a second time, after a return", async () => {
      const world = await load();
      const signed = await authorise(world, terms(), lock());
      const till = as(world.prescriptions, people.sunTill);
      await till.accept(terms(), lock(), signed);
      await till.returnToOpen(terms(), sunPharmacy, Site.sunMarket, 1);
      const again = till.accept(terms(), lock(), signed);
      await fails(again, world.prescriptions, "PrescriptionLockCountWrong", world.id, 1, 2);
      const bent = till.accept(terms(), lock({ lockCount: 2 }), signed);
      await expect(bent).to.be.revertedWithCustomError(
        world.prescriptions,
        "PrescriptionHolderSignatureInvalid",
      );
    });
  });
  describe("when the signature is for anything else", () => {
    it("reverts with PrescriptionHolderSignatureInvalid again", async () => {
      const world = await load();
      const { prescriptions } = world;
      const taken = lock();
      const till = as(prescriptions, people.sunTill);
      const right = { prescription: world.id, ...taken };
      const wrong: [Message, TypedDataDomain][] = [
        [{ ...right, prescription: idOf(terms({ fills: 9 })) }, {}],
        [{ ...right, member: stMary }, {}],
        [{ ...right, lockCount: 2 }, {}],
        [{ ...right, fill: 2 }, {}],
        [{ ...right, lockedUntil: taken.lockedUntil - 1 }, {}],
        ...FOREIGN_DOMAINS.map((domain): [Message, TypedDataDomain] => [right, domain]),
      ];
      for (const [message, domain] of wrong) {
        const signed = await sign(prescriptions, holder(1), "Acceptance", message, START + DAY, domain);
        const sent = till.accept(terms(), taken, signed);
        await expect(sent).to.be.revertedWithCustomError(prescriptions, "PrescriptionHolderSignatureInvalid");
      }
      const other = till.accept(terms(), taken, await authorise(world, terms(), taken, holder(2)));
      const args = [world.id, holder(1).address, holder(2).address];
      await fails(other, prescriptions, "PrescriptionHolderSignatureInvalid", ...args);
    });
  });
  describe("when the signature is malformed", () => {
    it("reverts with SignatureMalformed", async () => {
      const { prescriptions } = await load();
      const bad = { r: ethers.toBeHex(ethers.MaxUint256, 32), vs: ZeroHash, deadline: START + DAY };
      const sent = as(prescriptions, people.sunTill).accept(terms(), lock(), bad);
      await fails(sent, prescriptions, "SignatureMalformed");
      const none = as(prescriptions, people.sunTill).accept(terms(), lock(), { ...bad, r: ZeroHash });
      await fails(none, prescriptions, "SignatureMalformed");
    });
  });
  describe("when the caller holds neither duty at the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const world = await load();
      for (const who of [people.stranger, people.sunAdmin, people.drLi, people.moonTill, people.mia]) {
        const args = [sunPharmacy, who.key, Duty.DISPENSE | Duty.SUBMIT];
        await fails(accept(world, terms(), lock(), who), world.prescriptions, "DutyNotHeld", ...args);
      }
    });
  });
  describe("when the member may not dispense", () => {
    it("reverts with DutyNotPermitted for a member without the duty", async () => {
      const world = await load();
      await as(world.registry, people.governance).setMemberSectors(sunPharmacy, Sector.INSURER);
      const sent = accept(world, terms());
      await fails(sent, world.prescriptions, "DutyNotPermitted", sunPharmacy, Duty.DISPENSE);
    });
    it("reverts with DutySuspendedForMember for a member whose duty is suspended", async () => {
      const world = await load();
      const until = START + 5 * DAY;
      const inspect = as(world.registry, people.inspector);
      await inspect.suspendMember(Member.healthOffice, sunPharmacy, Duty.DISPENSE, until, 1);
      const args = [sunPharmacy, Duty.DISPENSE, until];
      await fails(accept(world, terms()), world.prescriptions, "DutySuspendedForMember", ...args);
    });
  });
  describe("when the site is closed, unknown or of another member", () => {
    it("reverts with PrescriptionSiteNotOpen", async () => {
      const world = await load();
      await as(world.registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunStation);
      for (const site of [0, Site.sunStation, 3, 65_535]) {
        const sent = accept(world, terms(), lock({ site }));
        await fails(sent, world.prescriptions, "PrescriptionSiteNotOpen", sunPharmacy, site);
      }
    });
  });
  describe("when the lock ends now, in the past, or more than ten days ahead", () => {
    it("reverts with PrescriptionLockOutOfRange", async () => {
      const world = await load();
      let second = START + HOUR;
      for (const lockedUntil of [0, START, second + 2, second + 3 + LOCK_MAX + 1]) {
        const taken = lock({ lockedUntil });
        const signed = await authorise(world, terms(), taken, holder(1), START + DAY);
        await at(second);
        const sent = as(world.prescriptions, people.sunTill).accept(terms(), taken, signed);
        const args = [world.id, lockedUntil, second + LOCK_MAX];
        await fails(sent, world.prescriptions, "PrescriptionLockOutOfRange", ...args);
        second += 1;
      }
      const longest = lock({ lockedUntil: second + LOCK_MAX });
      const signed = await authorise(world, terms(), longest, holder(1), START + DAY);
      await at(second);
      await as(world.prescriptions, people.sunTill).accept(terms(), longest, signed);
    });
  });
  describe("when the fill is not due", () => {
    it("reverts with PrescriptionFillWrong for a fill that is not the current or the next one", async () => {
      const world = await load();
      for (const fill of [0, 2, 3, 255]) {
        const sent = accept(world, terms(), lock({ fill }));
        await fails(sent, world.prescriptions, "PrescriptionFillWrong", world.id, fill, 1);
      }
    });
    it("reverts with PrescriptionFillWrong beyond the last fill and for a spent one", async () => {
      const world = await freshWorld();
      const two = terms({ fills: 2, interval: 0 });
      const id = await issue(world, two);
      await accept(world, two);
      await dispense(world, two, handover({ units: 30_000n }));
      const spent = accept(world, two, lock({ lockCount: 2, fill: 1 }));
      await fails(spent, world.prescriptions, "PrescriptionFillWrong", id, 1, 2);
      await accept(world, two, lock({ lockCount: 2, fill: 2 }));
      await dispense(world, two, handover({ lockCount: 2, ordinal: 2, fill: 2, units: 1n }));
      const beyond = accept(world, two, lock({ lockCount: 3, fill: 3 }));
      await fails(beyond, world.prescriptions, "PrescriptionFillWrong", id, 3, 2);
    });
    it("reverts with PrescriptionIntervalRunning when the interval ends after the lock", async () => {
      const world = await load();
      await accept(world, terms());
      const opened = START + HOUR;
      await at(opened);
      await dispense(world, terms(), handover({ units: 30_000n }));
      const notBefore = opened + 7 * DAY;
      const early = lock({ lockCount: 2, fill: 2, lockedUntil: notBefore });
      const args = [world.id, 2, notBefore];
      await fails(accept(world, terms(), early), world.prescriptions, "PrescriptionIntervalRunning", ...args);
      await accept(world, terms(), { ...early, lockedUntil: notBefore + 1 });
      expect((await stateOf(world, world.id)).lockNext).to.equal(true);
    });
  });
  describe("given another lock is live", () => {
    it("reverts with PrescriptionLocked until the second it ends, and locks from then on", async () => {
      const world = await load();
      await accept(world, terms());
      const moons = lock({
        member: moonPharmacy,
        site: Site.moonSquare,
        lockCount: 2,
        lockedUntil: START + 2 * DAY,
      });
      const signed = await authorise(world, terms(), moons);
      await at(START + DAY - 1);
      const till = as(world.prescriptions, people.moonTill);
      const args = [world.id, sunPharmacy, Site.sunMarket, START + DAY];
      await fails(till.accept(terms(), moons, signed), world.prescriptions, "PrescriptionLocked", ...args);
      await at(START + DAY);
      await till.accept(terms(), moons, signed);
      expect((await stateOf(world, world.id)).lockMember).to.equal(moonPharmacy);
    });
    it("reverts for another branch of the same pharmacy", async () => {
      const world = await load();
      await accept(world, terms());
      const branch = lock({ site: Site.sunStation, lockCount: 2 });
      const args = [world.id, sunPharmacy, Site.sunMarket, START + DAY];
      await fails(accept(world, terms(), branch), world.prescriptions, "PrescriptionLocked", ...args);
    });
    it("renews the lock of the site that holds it, with its begin and its use", async () => {
      const world = await load();
      await at(START + HOUR);
      await accept(world, terms());
      await dispense(world, terms());
      const longer = lock({ lockCount: 2, lockedUntil: START + 3 * DAY });
      const args = [world.id, sunPharmacy, Site.sunMarket, 2, 1, START + HOUR, START + 3 * DAY];
      await emits(accept(world, terms(), longer), world.prescriptions, "PrescriptionAccepted", ...args);
      const state = await stateOf(world, world.id);
      expect([state.lockUsed, state.lockCount, state.unitsLeft]).to.eql([true, 2, 20_000n]);
      const stale = dispense(world, terms(), handover({ ordinal: 2 }));
      const held = [world.id, sunPharmacy, Site.sunMarket, 1];
      await fails(stale, world.prescriptions, "PrescriptionLockNotHeld", ...held);
    });
  });
  describe("given the lock is void", () => {
    it("locks anew at once after its member closed, its site closed, or its member's duty was suspended", async () => {
      const { registry } = await load();
      const inspect = as(registry, people.inspector);
      const causes = [
        async () => await as(registry, people.governance).closeMember(sunPharmacy),
        async () => await as(registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunMarket),
        async () =>
          await inspect.suspendMember(Member.healthOffice, sunPharmacy, Duty.DISPENSE, START + DAY, 1),
        async () => await as(registry, people.governance).setMemberSectors(sunPharmacy, Sector.INSURER),
      ];
      for (const cause of causes) {
        const world = await load();
        await accept(world, terms());
        await cause();
        expect((await world.prescriptions.standingOf(terms())).lockLive).to.equal(false);
        const moons = lock({ member: moonPharmacy, site: Site.moonSquare, lockCount: 2 });
        await accept(world, terms(), moons, people.moonTill);
        expect((await stateOf(world, world.id)).lockMember).to.equal(moonPharmacy);
      }
    });
  });
  describe("given it awaits review, or was refused, cancelled, replaced or completed", () => {
    it("reverts with PrescriptionStatusWrong", async () => {
      const world = await freshWorld();
      const { prescriptions } = world;
      const reviewed = terms({ reviewer: sunPharmacy });
      const id = await issue(world, reviewed);
      await fails(
        accept(world, reviewed),
        prescriptions,
        "PrescriptionStatusWrong",
        id,
        Status.awaitingReview,
      );
      await as(prescriptions, people.anna).review(reviewed, sunPharmacy, Outcome.refusedLegal, SENT);
      await fails(accept(world, reviewed), prescriptions, "PrescriptionStatusWrong", id, Status.refused);
      const cancelled = await issue(world, terms());
      await as(prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      await fails(
        accept(world, terms()),
        prescriptions,
        "PrescriptionStatusWrong",
        cancelled,
        Status.cancelled,
      );
      const old = terms({ fills: 2 });
      const replaced = await issue(world, old);
      await as(prescriptions, people.drLi).replace(old, order(terms({ fills: 4 })));
      await fails(accept(world, old), prescriptions, "PrescriptionStatusWrong", replaced, Status.replaced);
      const single = terms({ fills: 1 });
      const completed = await issue(world, single);
      await accept(world, single);
      await dispense(world, single, handover({ units: 30_000n }));
      const sent = accept(world, single, lock({ lockCount: 2 }));
      await fails(sent, prescriptions, "PrescriptionStatusWrong", completed, Status.completed);
    });
  });
  describe("given it is unknown", () => {
    it("reverts with PrescriptionUnknown for terms that differ in anything", async () => {
      const world = await load();
      const other = terms({ unitsPerFill: 90_000n });
      await fails(accept(world, other), world.prescriptions, "PrescriptionUnknown", idOf(other));
    });
  });
  describe("given it is halted", () => {
    it("reverts with PrescriptionHalted", async () => {
      const world = await load();
      const { healthOffice } = Member;
      await as(world.prescriptions, people.inspector).halt(
        healthOffice,
        stMary,
        ZeroHash,
        START,
        HaltReason.windDown,
      );
      await fails(
        accept(world, terms()),
        world.prescriptions,
        "PrescriptionHalted",
        world.id,
        START,
        healthOffice,
      );
    });
  });
  describe("given the window has not begun or is over", () => {
    it("reverts with PrescriptionNotYetValid until the first second", async () => {
      const world = await freshWorld();
      const validFrom = START + 2 * DAY;
      const later = terms({ validFrom });
      const id = await issue(world, later);
      const taken = lock({ lockedUntil: START + 4 * DAY });
      const signed = await authorise(world, later, taken, holder(1), START + 2 * DAY);
      await at(validFrom - 1);
      const till = as(world.prescriptions, people.sunTill);
      const early = till.accept(later, taken, signed);
      await fails(early, world.prescriptions, "PrescriptionNotYetValid", id, validFrom);
      await at(validFrom);
      await till.accept(later, taken, signed);
    });
    it("reverts with PrescriptionExpired from the first second after the last", async () => {
      const world = await freshWorld();
      const validUntil = START + 2 * DAY;
      const short = terms({ validUntil });
      const id = await issue(world, short);
      const taken = lock({ lockedUntil: START + 4 * DAY });
      const signed = await authorise(world, short, taken, holder(1), START + 2 * DAY);
      const till = as(world.prescriptions, people.sunTill);
      await at(validUntil);
      await fails(
        till.accept(short, taken, signed),
        world.prescriptions,
        "PrescriptionExpired",
        id,
        validUntil,
      );
      const other = terms({ validUntil: validUntil + DAY });
      await issue(world, other);
      await at(validUntil + DAY - 1);
      const until = validUntil + 2 * DAY;
      const last = lock({ lockedUntil: until });
      await till.accept(other, last, await authorise(world, other, last, holder(1), validUntil + DAY));
    });
  });
  describe("given a cancellation was ordered", () => {
    it("reverts with PrescriptionCancellationPending while the lock lives, and Effective once it ended", async () => {
      const world = await load();
      await accept(world, terms());
      await as(world.prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      const renewed = accept(world, terms(), lock({ lockCount: 2, lockedUntil: START + 5 * DAY }));
      await fails(renewed, world.prescriptions, "PrescriptionCancellationPending", world.id);
      await mineAt(START + DAY);
      const sent = accept(world, terms(), lock({ lockCount: 2, lockedUntil: START + 5 * DAY }));
      await fails(sent, world.prescriptions, "PrescriptionCancellationEffective", world.id);
    });
  });
  describe("given the lock counter is spent", () => {
    it("reverts with PrescriptionLocksExhausted", async () => {
      const world = await load();
      await setCounters(world, world.id, { lockCount: 65_534 });
      await accept(world, terms(), lock({ lockCount: 65_535 }));
      const sent = accept(world, terms(), lock({ lockCount: 65_535, lockedUntil: START + 2 * DAY }));
      await fails(sent, world.prescriptions, "PrescriptionLocksExhausted", world.id);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await load();
      await as(world.prescriptions, people.emergency).pause(START + DAY);
      await fails(accept(world, terms()), world.prescriptions, "DomainIsPaused", START + DAY);
    });
  });
});
