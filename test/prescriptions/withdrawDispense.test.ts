import { expect } from "chai";
import { type TypedDataDomain, ZeroHash } from "ethers";

import { as, at, START, HOUR, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, Site } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  Withdrawal,
  SENT,
  CORRECTION_WINDOW,
  freshWorld,
  terms,
  lock,
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

describe("PrescriptionRegistry.withdrawDispense", () => {
  const { sunPharmacy, moonPharmacy, stMary } = Member;
  const { wrongEntry } = Withdrawal;
  const load = async () => {
    const world = await freshLock();
    await at(START + HOUR);
    await dispense(world, terms());
    return { ...world, anna: as(world.prescriptions, people.anna) };
  };

  describe("when the member that recorded it withdraws within seven days", () => {
    it("emits DispenseWithdrawn and gives the units of the current fill back", async () => {
      const world = await load();
      await at(START + 2 * HOUR);
      const sent = as(world.prescriptions, people.ben).withdrawDispense(
        terms(),
        sunPharmacy,
        1,
        wrongEntry,
        "0x",
        SENT,
      );
      const args = [world.id, sunPharmacy, 1, people.ben.key, wrongEntry];
      await emits(sent, world.prescriptions, "DispenseWithdrawn", ...args);
      const state = await stateOf(world, world.id);
      expect([state.unitsLeft, state.fill, state.dispenses]).to.eql([30_000n, 1, 1]);
      expect((await world.prescriptions.dispenseOf(world.id, 1)).withdrawnAt).to.equal(START + 2 * HOUR);
    });
    it("opens a completed prescription again and emits PrescriptionReopened", async () => {
      const world = await freshWorld();
      const single = terms({ fills: 1 });
      const id = await issue(world, single);
      await accept(world, single);
      await dispense(world, single, handover({ units: 30_000n }));
      const sent = as(world.prescriptions, people.anna).withdrawDispense(
        single,
        sunPharmacy,
        1,
        wrongEntry,
        "0x",
        SENT,
      );
      await emits(sent, world.prescriptions, "PrescriptionReopened", id);
      const state = await stateOf(world, id);
      expect([state.status, state.unitsLeft]).to.eql([Status.open, 30_000n]);
      await accept(world, single, lock({ lockCount: 2 }));
    });
    it("cancels a completed prescription whose cancellation was ordered", async () => {
      const world = await freshWorld();
      const single = terms({ fills: 1 });
      const id = await issue(world, single);
      await accept(world, single);
      await dispense(world, single, handover({ units: 30_000n }));
      await as(world.prescriptions, people.drLi).cancel(single, stMary, SENT);
      const sent = as(world.prescriptions, people.anna).withdrawDispense(
        single,
        sunPharmacy,
        1,
        wrongEntry,
        "0x",
        SENT,
      );
      await emits(sent, world.prescriptions, "PrescriptionCancelled", id, ZeroHash);
      expect((await stateOf(world, id)).status).to.equal(Status.cancelled);
    });
    it("gives nothing back when its fill is not the current one", async () => {
      const world = await load();
      expect((await stateOf(world, world.id)).fill).to.equal(1);
      const other = await freshWorld();
      const quick = terms({ interval: 0 });
      const id = await issue(other, quick);
      await accept(other, quick);
      await dispense(other, quick);
      await accept(other, quick, lock({ lockCount: 2, fill: 2 }));
      await dispense(other, quick, handover({ lockCount: 2, ordinal: 2, fill: 2, units: 1n }));
      await as(other.prescriptions, people.anna).withdrawDispense(
        quick,
        sunPharmacy,
        1,
        wrongEntry,
        "0x",
        SENT,
      );
      const state = await stateOf(other, id);
      expect([state.fill, state.unitsLeft]).to.eql([2, 29_999n]);
    });
    it("counts a fill from its own hand-overs, never from a former fill's", async () => {
      const world = await freshWorld();
      const quick = terms({ interval: 0 });
      const id = await issue(world, quick);
      await accept(world, quick);
      await at(START + HOUR);
      await dispense(world, quick);
      await accept(world, quick, lock({ lockCount: 2, fill: 2 }));
      const second = handover({ lockCount: 2, fill: 2, units: 1n });
      await at(START + 2 * HOUR);
      await dispense(world, quick, { ...second, ordinal: 2 });
      await at(START + 3 * HOUR);
      await dispense(world, quick, { ...second, ordinal: 3 });
      const anna = as(world.prescriptions, people.anna);
      await anna.withdrawDispense(quick, sunPharmacy, 2, wrongEntry, "0x", SENT);
      const begun = await world.prescriptions.stateOf(id);
      expect([begun.fillBegun, begun.fillOpenedAt]).to.eql([true, BigInt(START + 3 * HOUR)]);
      await anna.withdrawDispense(quick, sunPharmacy, 3, wrongEntry, "0x", SENT);
      const emptied = await stateOf(world, id);
      expect([emptied.fill, emptied.fillBegun, emptied.unitsLeft]).to.eql([2, false, 30_000n]);
    });
    it("counts a fill from the earliest of those that stand, whichever of them is withdrawn", async () => {
      const world = await freshLock();
      for (const ordinal of [1, 2, 3]) {
        await at(START + ordinal * HOUR);
        await dispense(world, terms(), handover({ ordinal, units: 1n }));
      }
      const anna = as(world.prescriptions, people.anna);
      await anna.withdrawDispense(terms(), sunPharmacy, 3, wrongEntry, "0x", SENT);
      expect((await world.prescriptions.stateOf(world.id)).fillOpenedAt).to.equal(BigInt(START + HOUR));
      await anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
      expect((await world.prescriptions.stateOf(world.id)).fillOpenedAt).to.equal(BigInt(START + 2 * HOUR));
    });
    it("never gives the ordinal out again", async () => {
      const world = await load();
      await world.anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
      const again = dispense(world, terms());
      await fails(again, world.prescriptions, "PrescriptionOrdinalWrong", world.id, 1, 2);
      await dispense(world, terms(), handover({ ordinal: 2 }));
      const kept = await world.prescriptions.dispenseOf(world.id, 1);
      expect([kept.units, kept.withdrawnAt === 0n]).to.eql([10_000n, false]);
    });
    it("takes the last second of the window and refuses the next", async () => {
      const until = START + HOUR + CORRECTION_WINDOW;
      const world = await load();
      await at(until);
      const late = world.anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
      await fails(late, world.prescriptions, "DispenseFinal", world.id, 1, until);
      const timely = await load();
      await at(until - 1);
      await timely.anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
    });
    it("lets no withdrawal bring the next fill nearer", async () => {
      const world = await freshLock();
      await at(START + 5 * HOUR);
      await dispense(world, terms(), handover({ units: 30_000n }));
      await as(world.prescriptions, people.anna).withdrawDispense(
        terms(),
        sunPharmacy,
        1,
        wrongEntry,
        "0x",
        SENT,
      );
      const given = handover({ ordinal: 2, units: 30_000n, handedOverAt: START + 4 * HOUR });
      await expect(dispense(world, terms(), given)).to.be.revertedWithCustomError(
        world.prescriptions,
        "PrescriptionHandoverOutOfRange",
      );
    });
  });
  describe("when another pharmacy withdraws it", () => {
    it("reverts with DispenseOfOther, or with DutyNotHeld in the pharmacy's name", async () => {
      const { prescriptions, id } = await load();
      const mia = as(prescriptions, people.mia);
      const own = mia.withdrawDispense(terms(), moonPharmacy, 1, wrongEntry, "0x", SENT);
      await fails(own, prescriptions, "DispenseOfOther", id, 1, sunPharmacy);
      const theirs = mia.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
      await fails(theirs, prescriptions, "DutyNotHeld", sunPharmacy, people.mia.key, Duty.DISPENSE);
    });
    it("is the successor's once the pharmacy was closed", async () => {
      const { prescriptions, registry, id } = await load();
      await as(registry, people.governance).closeMember(sunPharmacy);
      await as(registry, people.governance).nameSuccessor(sunPharmacy, moonPharmacy);
      const sent = as(prescriptions, people.mia).withdrawDispense(
        terms(),
        moonPharmacy,
        1,
        wrongEntry,
        "0x",
        SENT,
      );
      const args = [id, moonPharmacy, 1, people.mia.key, wrongEntry];
      await emits(sent, prescriptions, "DispenseWithdrawn", ...args);
    });
  });
  describe("when the caller does not dispense for the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { prescriptions } = await load();
      for (const who of [people.sunTill, people.sunAdmin, people.drLi, people.stranger]) {
        const sent = as(prescriptions, who).withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
        await fails(sent, prescriptions, "DutyNotHeld", sunPharmacy, who.key, Duty.DISPENSE);
      }
    });
  });
  describe("when the ordinal was not given", () => {
    it("reverts with DispenseUnknown", async () => {
      const { prescriptions, id, anna } = await load();
      for (const ordinal of [0, 2, 255]) {
        const sent = anna.withdrawDispense(terms(), sunPharmacy, ordinal, wrongEntry, "0x", SENT);
        await fails(sent, prescriptions, "DispenseUnknown", id, ordinal);
      }
    });
  });
  describe("given it was withdrawn", () => {
    it("reverts with DispenseAlreadyWithdrawn", async () => {
      const { prescriptions, id, anna } = await load();
      await anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
      const sent = anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
      await fails(sent, prescriptions, "DispenseAlreadyWithdrawn", id, 1);
    });
  });
  describe("given it is claimed", () => {
    it("reverts with DispenseIsClaimed until the claim is reversed", async () => {
      const { prescriptions, id, anna } = await load();
      const claims = as(prescriptions, people.claims);
      await claims.markClaimed(id, 1);
      const sent = anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
      await fails(sent, prescriptions, "DispenseIsClaimed", id, 1);
      await claims.unmarkClaimed(id, 1);
      await anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
    });
  });
  describe("when the reason is unspecified", () => {
    it("reverts with DispenseReasonMissing", async () => {
      const { prescriptions, id, anna } = await load();
      const sent = anna.withdrawDispense(terms(), sunPharmacy, 1, Withdrawal.unspecified, "0x", SENT);
      await fails(sent, prescriptions, "DispenseReasonMissing", id, 1);
    });
  });
  describe("when it is relayed", () => {
    it("takes the pharmacist's signature, bound to prescription, member, ordinal and reason", async () => {
      const { prescriptions, id } = await load();
      const till = as(prescriptions, people.sunTill);
      const right = { prescription: id, member: sunPharmacy, ordinal: 1, reason: wrongEntry };
      const wrong: [Message, TypedDataDomain][] = [
        [{ ...right, prescription: idOf(terms({ fills: 9 })) }, {}],
        [{ ...right, member: moonPharmacy }, {}],
        [{ ...right, ordinal: 2 }, {}],
        [{ ...right, reason: Withdrawal.returned }, {}],
        ...FOREIGN_DOMAINS.map((domain): [Message, TypedDataDomain] => [right, domain]),
      ];
      for (const [message, domain] of wrong) {
        const signed = await sign(prescriptions, people.anna, "Withdraw", message, START + DAY, domain);
        const sent = till.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", signed);
        await expect(sent).to.be.revertedWithCustomError(prescriptions, "DutyNotHeld");
      }
      const signed = await sign(prescriptions, people.anna, "Withdraw", right, START + DAY);
      const sent = till.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", signed);
      const args = [id, sunPharmacy, 1, people.anna.key, wrongEntry];
      await emits(sent, prescriptions, "DispenseWithdrawn", ...args);
    });
  });
  describe("given the prescription was cancelled since", () => {
    it("corrects the record and leaves the final status", async () => {
      const world = await load();
      await as(world.prescriptions, people.sunTill).returnToOpen(terms(), sunPharmacy, Site.sunMarket, 1);
      await as(world.prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      await world.anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
      expect((await stateOf(world, world.id)).status).to.equal(Status.cancelled);
    });
  });
  describe("given the domain is paused", () => {
    it("corrects all the same", async () => {
      const { prescriptions, anna } = await load();
      await as(prescriptions, people.emergency).pause(START + DAY);
      await anna.withdrawDispense(terms(), sunPharmacy, 1, wrongEntry, "0x", SENT);
    });
  });
});
