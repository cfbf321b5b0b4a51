import { expect } from "chai";
import { type TypedDataDomain, ZeroHash } from "ethers";

import { as, at, START, HOUR, DAY } from "../core/chain.ts";
import { people, Member, Site } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  SENT,
  holder,
  terms,
  lock,
  idOf,
  sign,
  FOREIGN_DOMAINS,
  accept,
  freshLock,
  dispense,
  stateOf,
} from "./support.ts";

describe("PrescriptionRegistry.release", () => {
  const { sunPharmacy, moonPharmacy, stMary, healthOffice } = Member;
  const load = async () => {
    const world = await freshLock();
    const signed = async (by = holder(1), lockCount = 1, of = world.id, domain: TypedDataDomain = {}) =>
      await sign(world.prescriptions, by, "Release", { prescription: of, lockCount }, START + HOUR, domain);
    return { ...world, signed, relay: as(world.prescriptions, people.anyRelay) };
  };

  describe("given an unused lock runs", () => {
    it("emits PrescriptionReleased and another pharmacy may lock at once", async () => {
      const world = await load();
      const message = await world.signed();
      await at(START + HOUR);
      const sent = world.relay.release(terms(), 1, message);
      await emits(
        sent,
        world.prescriptions,
        "PrescriptionReleased",
        world.id,
        sunPharmacy,
        Site.sunMarket,
        1,
      );
      const state = await stateOf(world, world.id);
      expect([state.lockedUntil, state.status]).to.eql([START + HOUR, Status.open]);
      const moons = lock({ member: moonPharmacy, site: Site.moonSquare, lockCount: 2 });
      await accept(world, terms(), moons, people.moonTill);
    });
    it("works for any relay, while paused and halted", async () => {
      const { prescriptions, signed, relay, id } = await load();
      await as(prescriptions, people.emergency).pause(START + DAY);
      await as(prescriptions, people.inspector).halt(healthOffice, stMary, ZeroHash, START, 1);
      const sent = relay.release(terms(), 1, await signed());
      await emits(sent, prescriptions, "PrescriptionReleased", id, sunPharmacy, Site.sunMarket, 1);
    });
  });
  describe("given something was dispensed under the lock", () => {
    it("reverts with PrescriptionLockUsed, also after the lock was renewed", async () => {
      const world = await load();
      await dispense(world, terms());
      const sent = world.relay.release(terms(), 1, await world.signed());
      await fails(sent, world.prescriptions, "PrescriptionLockUsed", world.id, 1);
      await accept(world, terms(), lock({ lockCount: 2 }));
      const renewed = world.relay.release(terms(), 2, await world.signed(holder(1), 2));
      await fails(renewed, world.prescriptions, "PrescriptionLockUsed", world.id, 2);
    });
  });
  describe("when it names another counter, or no lock runs", () => {
    it("reverts with PrescriptionLockNotHeld", async () => {
      const { prescriptions, id, signed, relay } = await load();
      const args = [id, sunPharmacy, Site.sunMarket];
      const other = relay.release(terms(), 2, await signed(holder(1), 2));
      await fails(other, prescriptions, "PrescriptionLockNotHeld", ...args, 2);
      const message = await signed();
      await relay.release(terms(), 1, message);
      await fails(relay.release(terms(), 1, message), prescriptions, "PrescriptionLockNotHeld", ...args, 1);
    });
  });
  describe("when another key signed, or for another prescription, counter, chain or contract", () => {
    it("reverts with PrescriptionHolderSignatureInvalid", async () => {
      const { prescriptions, id, signed, relay } = await load();
      const pharmacist = relay.release(terms(), 1, await signed(people.anna));
      const args = [id, holder(1).address, people.anna.address];
      await fails(pharmacist, prescriptions, "PrescriptionHolderSignatureInvalid", ...args);
      const wrong = [await signed(holder(1), 2), await signed(holder(1), 1, idOf(terms({ fills: 9 })))];
      for (const domain of FOREIGN_DOMAINS) wrong.push(await signed(holder(1), 1, id, domain));
      for (const one of wrong) {
        const sent = relay.release(terms(), 1, one);
        await expect(sent).to.be.revertedWithCustomError(prescriptions, "PrescriptionHolderSignatureInvalid");
      }
    });
  });
  describe("when the deadline has passed", () => {
    it("reverts with SignatureExpired", async () => {
      const { prescriptions, signed, relay } = await load();
      const message = await signed();
      await at(START + HOUR + 1);
      const sent = relay.release(terms(), 1, message);
      await fails(sent, prescriptions, "SignatureExpired", START + HOUR);
    });
  });
  describe("given it is unknown", () => {
    it("reverts with PrescriptionUnknown", async () => {
      const { prescriptions, signed, relay } = await load();
      const other = terms({ fills: 9 });
      await fails(relay.release(other, 1, await signed()), prescriptions, "PrescriptionUnknown", idOf(other));
    });
  });
  describe("given a cancellation is pending", () => {
    it("is cancelled in the same call", async () => {
      const { prescriptions, signed, relay, id } = await load();
      await as(prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      const sent = relay.release(terms(), 1, await signed());
      await emits(sent, prescriptions, "PrescriptionCancelled", id, ZeroHash);
    });
  });
});
