import { expect } from "chai";
import { type TypedDataDomain, ZeroHash } from "ethers";

import { as, at, START, HOUR, DAY, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, Site } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  Withdrawal,
  NO_STOCK,
  SENT,
  freshWorld,
  terms,
  lock,
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

describe("PrescriptionRegistry.closeFill", () => {
  const { sunPharmacy, moonPharmacy, stMary } = Member;
  const held = [sunPharmacy, Site.sunMarket, 1] as const;
  const load = async () => {
    const world = await freshLock();
    await dispense(world, terms());
    return { ...world, close: as(world.prescriptions, people.anna) };
  };

  describe("given a part of the fill was dispensed", () => {
    it("emits PrescriptionFillClosed, lapses the rest and ends the lock", async () => {
      const world = await load();
      await at(START + HOUR);
      const sent = world.close.closeFill(terms(), ...held, 2, SENT);
      const args = [world.id, sunPharmacy, Site.sunMarket, people.anna.key, 2, 1, 20_000n, false];
      await emits(sent, world.prescriptions, "PrescriptionFillClosed", ...args);
      const state = await stateOf(world, world.id);
      expect([state.status, state.unitsLeft, state.dispenses]).to.eql([Status.open, 0n, 2]);
      expect(state.lockedUntil).to.equal(START + HOUR);
      const record = await world.prescriptions.dispenseOf(world.id, 2);
      const times = [BigInt(START + HOUR), BigInt(START + HOUR)];
      expect(plain(record)).to.eql([11n, 1n, 1n, 20_000n, ...times, true, false, 0n, NO_STOCK]);
    });
    it("completes when it was the last fill", async () => {
      const world = await freshWorld();
      const single = terms({ fills: 1 });
      const id = await issue(world, single);
      await accept(world, single);
      await dispense(world, single);
      const sent = as(world.prescriptions, people.ben).closeFill(single, ...held, 2, SENT);
      const args = [id, sunPharmacy, Site.sunMarket, people.ben.key, 2, 1, 20_000n, true];
      await emits(sent, world.prescriptions, "PrescriptionFillClosed", ...args);
      expect((await stateOf(world, id)).status).to.equal(Status.completed);
    });
    it("can be withdrawn like a dispense", async () => {
      const world = await load();
      await world.close.closeFill(terms(), ...held, 2, SENT);
      await world.close.withdrawDispense(terms(), sunPharmacy, 2, Withdrawal.wrongEntry, "0x", SENT);
      expect((await stateOf(world, world.id)).unitsLeft).to.equal(20_000n);
    });
  });
  describe("given nothing of the fill was dispensed", () => {
    it("reverts with PrescriptionFillNotOpen", async () => {
      const { prescriptions, id } = await freshLock();
      const sent = as(prescriptions, people.anna).closeFill(terms(), ...held, 1, SENT);
      await fails(sent, prescriptions, "PrescriptionFillNotOpen", id, 1);
    });
    it("reverts with PrescriptionFillNotOpen for a lock of the next fill", async () => {
      const world = await load();
      const next = lock({ lockCount: 2, fill: 2, lockedUntil: START + 9 * DAY });
      await accept(world, terms(), next);
      const sent = world.close.closeFill(terms(), sunPharmacy, Site.sunMarket, 2, 2, SENT);
      await fails(sent, world.prescriptions, "PrescriptionFillNotOpen", world.id, 1);
    });
  });
  describe("when the caller does not dispense for the lock's member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { prescriptions } = await load();
      for (const who of [people.sunTill, people.mia, people.stranger]) {
        const sent = as(prescriptions, who).closeFill(terms(), ...held, 2, SENT);
        await fails(sent, prescriptions, "DutyNotHeld", sunPharmacy, who.key, Duty.DISPENSE);
      }
    });
  });
  describe("when the member, site or counter is not the lock's, or the lock ended", () => {
    it("reverts with PrescriptionLockNotHeld", async () => {
      const { prescriptions, id, close } = await load();
      const branch = close.closeFill(terms(), sunPharmacy, Site.sunStation, 1, 2, SENT);
      await fails(branch, prescriptions, "PrescriptionLockNotHeld", id, sunPharmacy, Site.sunStation, 1);
      const counted = close.closeFill(terms(), sunPharmacy, Site.sunMarket, 2, 2, SENT);
      await fails(counted, prescriptions, "PrescriptionLockNotHeld", id, sunPharmacy, Site.sunMarket, 2);
      const mia = as(prescriptions, people.mia);
      const mine = mia.closeFill(terms(), moonPharmacy, Site.moonSquare, 1, 2, SENT);
      await fails(mine, prescriptions, "PrescriptionLockNotHeld", id, moonPharmacy, Site.moonSquare, 1);
      await at(START + DAY);
      const late = close.closeFill(terms(), ...held, 2, SENT);
      await fails(late, prescriptions, "PrescriptionLockNotHeld", id, ...held);
    });
  });
  describe("when the ordinal is not the next one", () => {
    it("reverts with PrescriptionOrdinalWrong", async () => {
      const { prescriptions, id, close } = await load();
      for (const ordinal of [0, 1, 3]) {
        const sent = close.closeFill(terms(), ...held, ordinal, SENT);
        await fails(sent, prescriptions, "PrescriptionOrdinalWrong", id, ordinal, 2);
      }
    });
  });
  describe("when it is relayed", () => {
    it("takes the pharmacist's signature, bound to prescription, lock, ordinal and fill", async () => {
      const { prescriptions, id } = await load();
      const right = {
        prescription: id,
        member: sunPharmacy,
        site: Site.sunMarket,
        lockCount: 1,
        ordinal: 2,
        fill: 1,
      };
      const till = as(prescriptions, people.sunTill);
      const wrong: [Message, TypedDataDomain][] = [
        [{ ...right, prescription: idOf(terms({ fills: 9 })) }, {}],
        [{ ...right, member: moonPharmacy }, {}],
        [{ ...right, site: Site.sunStation }, {}],
        [{ ...right, lockCount: 2 }, {}],
        [{ ...right, ordinal: 3 }, {}],
        [{ ...right, fill: 2 }, {}],
        ...FOREIGN_DOMAINS.map((domain): [Message, TypedDataDomain] => [right, domain]),
      ];
      for (const [message, domain] of wrong) {
        const signed = await sign(prescriptions, people.anna, "CloseFill", message, START + DAY, domain);
        const sent = till.closeFill(terms(), ...held, 2, signed);
        await expect(sent).to.be.revertedWithCustomError(prescriptions, "DutyNotHeld");
      }
      const signed = await sign(prescriptions, people.anna, "CloseFill", right, START + DAY);
      const sent = till.closeFill(terms(), ...held, 2, signed);
      const args = [id, sunPharmacy, Site.sunMarket, people.anna.key, 2, 1, 20_000n, false];
      await emits(sent, prescriptions, "PrescriptionFillClosed", ...args);
    });
  });
  describe("given a cancellation is pending", () => {
    it("is cancelled in the same call", async () => {
      const world = await load();
      await as(world.prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      const sent = world.close.closeFill(terms(), ...held, 2, SENT);
      await emits(sent, world.prescriptions, "PrescriptionCancelled", world.id, ZeroHash);
    });
  });
  describe("given it is unknown or not open", () => {
    it("reverts with PrescriptionUnknown or PrescriptionStatusWrong", async () => {
      const { prescriptions, id, close } = await load();
      const other = terms({ fills: 9 });
      await fails(
        close.closeFill(other, ...held, 2, SENT),
        prescriptions,
        "PrescriptionUnknown",
        idOf(other),
      );
      await as(prescriptions, people.sunTill).returnToOpen(terms(), ...held);
      await as(prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      const sent = close.closeFill(terms(), ...held, 2, SENT);
      await fails(sent, prescriptions, "PrescriptionStatusWrong", id, Status.cancelled);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { prescriptions, close } = await load();
      await as(prescriptions, people.emergency).pause(START + DAY);
      await fails(close.closeFill(terms(), ...held, 2, SENT), prescriptions, "DomainIsPaused", START + DAY);
    });
  });
});
