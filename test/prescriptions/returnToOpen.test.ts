import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, START, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, Site } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  SENT,
  freshWorld,
  terms,
  lock,
  handover,
  idOf,
  issue,
  accept,
  freshLock,
  dispense,
  stateOf,
} from "./support.ts";

describe("PrescriptionRegistry.returnToOpen", () => {
  const { sunPharmacy, moonPharmacy, stMary } = Member;
  const held = [sunPharmacy, Site.sunMarket, 1] as const;

  describe("when the pharmacy returns its live lock", () => {
    it("emits PrescriptionReturned and another pharmacy may lock at once", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      const sent = as(prescriptions, people.sunTill).returnToOpen(terms(), ...held);
      await emits(sent, prescriptions, "PrescriptionReturned", id, ...held);
      const state = await stateOf(world, id);
      expect([state.lockMember, state.lockSite, state.lockedAt, state.lockedUntil]).to.eql([0, 0, 0, 0]);
      expect([state.lockCount, state.lockUsed, state.status]).to.eql([1, false, Status.open]);
      const moons = lock({ member: moonPharmacy, site: Site.moonSquare, lockCount: 2 });
      await accept(world, terms(), moons, people.moonTill);
    });
    it("works for DISPENSE and SUBMIT operators, paused and halted", async () => {
      for (const who of [people.anna, people.ben, people.sunTill]) {
        const { prescriptions } = await freshLock();
        await as(prescriptions, people.emergency).pause(START + DAY);
        await as(prescriptions, people.inspector).halt(Member.healthOffice, stMary, ZeroHash, START, 1);
        await as(prescriptions, who).returnToOpen(terms(), ...held);
      }
    });
  });
  describe("when the caller does not serve the lock's member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { prescriptions } = await freshLock();
      for (const who of [people.stranger, people.moonTill, people.mia, people.sunAdmin, people.drLi]) {
        const sent = as(prescriptions, who).returnToOpen(terms(), ...held);
        await fails(sent, prescriptions, "DutyNotHeld", sunPharmacy, who.key, Duty.DISPENSE | Duty.SUBMIT);
      }
    });
  });
  describe("when the member, site or counter is not the lock's", () => {
    it("reverts with PrescriptionLockNotHeld", async () => {
      const { prescriptions, id } = await freshLock();
      const mine = as(prescriptions, people.moonTill).returnToOpen(terms(), moonPharmacy, Site.moonSquare, 1);
      await fails(mine, prescriptions, "PrescriptionLockNotHeld", id, moonPharmacy, Site.moonSquare, 1);
      for (const [site, count] of [
        [Site.sunStation, 1],
        [Site.sunMarket, 0],
        [Site.sunMarket, 2],
      ] as const) {
        const sent = as(prescriptions, people.sunTill).returnToOpen(terms(), sunPharmacy, site, count);
        await fails(sent, prescriptions, "PrescriptionLockNotHeld", id, sunPharmacy, site, count);
      }
    });
  });
  describe("given the lock was returned already", () => {
    it("reverts with PrescriptionLockNotHeld again", async () => {
      const { prescriptions, id } = await freshLock();
      const till = as(prescriptions, people.sunTill);
      await till.returnToOpen(terms(), ...held);
      await fails(till.returnToOpen(terms(), ...held), prescriptions, "PrescriptionLockNotHeld", id, ...held);
    });
  });
  describe("given it is unknown or not open", () => {
    it("reverts with PrescriptionUnknown or PrescriptionStatusWrong", async () => {
      const world = await freshWorld();
      const till = as(world.prescriptions, people.sunTill);
      const unknown = till.returnToOpen(terms(), ...held);
      await fails(unknown, world.prescriptions, "PrescriptionUnknown", idOf(terms()));
      const single = terms({ fills: 1 });
      const id = await issue(world, single);
      await accept(world, single);
      await dispense(world, single, handover({ units: 30_000n }));
      const late = till.returnToOpen(single, ...held);
      await fails(late, world.prescriptions, "PrescriptionStatusWrong", id, Status.completed);
    });
  });
  describe("given a cancellation is pending", () => {
    it("is cancelled in the same call", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      await as(prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      const sent = as(prescriptions, people.sunTill).returnToOpen(terms(), ...held);
      await emits(sent, prescriptions, "PrescriptionCancelled", id, ZeroHash);
      const state = await stateOf(world, id);
      expect([state.status, state.cancelPending]).to.eql([Status.cancelled, false]);
    });
  });
  describe("given something was dispensed under the lock", () => {
    it("keeps the records and what is left", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      await dispense(world, terms());
      await as(prescriptions, people.sunTill).returnToOpen(terms(), ...held);
      const state = await stateOf(world, id);
      expect([state.unitsLeft, state.dispenses, state.lockUsed]).to.eql([20_000n, 1, false]);
      expect((await prescriptions.dispenseOf(id, 1)).units).to.equal(10_000n);
    });
  });
});
