import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { DAY, HOUR, MINUTE, START, as, at, ethers, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { SEVERAL } from "../core/words.ts";
import { Member, Site, people } from "../core/world.ts";
import {
  HaltReason,
  SENT,
  Withdrawal,
  accept,
  deployPrescriptionBody,
  dispense,
  freshLock,
  freshWorld,
  handover,
  holder,
  issue,
  lock,
  sign,
  stateOf,
  terms,
} from "./support.ts";

describe("PrescriptionRegistry.attacks", () => {
  const { stMary, sunPharmacy, healthOffice, drugAgency } = Member;
  const { suspectedFraud } = HaltReason;
  const week = 7 * DAY;
  const twice = terms({ fills: 2, interval: week });
  const begun = START + 2 * HOUR;

  describe("given a fill may follow only an interval after the last", () => {
    const load = async () => {
      const world = await freshWorld();
      const id = await issue(world, twice);
      await mineAt(START + HOUR);
      await accept(world, twice, lock({ lockedUntil: START + 9 * DAY }));
      const withdraw = async (ordinal: number) =>
        await as(world.prescriptions, people.anna).withdrawDispense(
          twice,
          sunPharmacy,
          ordinal,
          Withdrawal.notCollected,
          "0x",
          SENT,
        );
      await at(begun);
      return { ...world, world, id, withdraw };
    };

    it("refuses an outage entry that dates a part of the next fill into the interval", async () => {
      const { world, prescriptions, id } = await load();
      await dispense(world, twice, handover({ units: 30_000n }));
      await mineAt(begun + 5 * DAY);
      await accept(world, twice, lock({ lockCount: 2, fill: 2, lockedUntil: begun + 9 * DAY }));
      await at(begun + week);
      await dispense(world, twice, handover({ lockCount: 2, ordinal: 2, fill: 2, units: 1n }));
      const dated = begun + 5 * DAY + HOUR;
      const given = handover({ lockCount: 2, ordinal: 3, fill: 2, units: 29_999n, handedOverAt: dated });
      await at(begun + week + MINUTE);
      const args = [id, dated, begun + week, begun + week + MINUTE];
      await fails(dispense(world, twice, given), prescriptions, "PrescriptionHandoverOutOfRange", ...args);
      await dispense(world, twice, { ...given, handedOverAt: begun + week });
    });
    it("counts the interval from what stands when the first part is withdrawn", async () => {
      const { world, prescriptions, id, withdraw } = await load();
      await dispense(world, twice, handover({ units: 1n }));
      const standing = begun + 6 * DAY;
      await at(standing);
      await dispense(world, twice, handover({ ordinal: 2, units: 29_999n }));
      await withdraw(1);
      expect((await stateOf(world, id)).fillOpenedAt).to.equal(standing);
      const early = lock({ lockCount: 2, fill: 2, lockedUntil: standing + week });
      const args = [id, 2, standing + week];
      await fails(accept(world, twice, early), prescriptions, "PrescriptionIntervalRunning", ...args);
      await accept(world, twice, { ...early, lockedUntil: standing + 8 * DAY });
      const given = handover({ lockCount: 2, ordinal: 3, fill: 2, units: 30_000n });
      await at(begun + week);
      await fails(dispense(world, twice, given), prescriptions, "PrescriptionIntervalRunning", ...args);
      await at(standing + week);
      await dispense(world, twice, given);
    });
    it("counts the interval so too under a lock for the next fill that was taken before the withdrawal", async () => {
      const { world, prescriptions, id, withdraw } = await load();
      await dispense(world, twice, handover({ units: 1n }));
      const standing = begun + 6 * DAY;
      await at(standing);
      await dispense(world, twice, handover({ ordinal: 2, units: 29_999n }));
      await accept(world, twice, lock({ lockCount: 2, fill: 2, lockedUntil: begun + 9 * DAY }));
      await withdraw(1);
      await at(begun + week);
      const given = handover({ lockCount: 2, ordinal: 3, fill: 2, units: 30_000n });
      const args = [id, 2, standing + week];
      await fails(dispense(world, twice, given), prescriptions, "PrescriptionIntervalRunning", ...args);
    });
    it("counts the interval from the new beginning when only a closing record stood", async () => {
      const { world, prescriptions, id, withdraw } = await load();
      await dispense(world, twice, handover({ units: 29_999n }));
      await as(prescriptions, people.anna).closeFill(twice, sunPharmacy, Site.sunMarket, 1, 2, SENT);
      await withdraw(1);
      const emptied = await stateOf(world, id);
      expect([emptied.unitsLeft, emptied.fillBegun]).to.eql([29_999n, false]);
      const unbegun = lock({ lockCount: 2, fill: 2, lockedUntil: begun + 8 * DAY });
      await fails(accept(world, twice, unbegun), prescriptions, "PrescriptionFillWrong", id, 2, 1);
      await mineAt(begun + week - 2 * MINUTE);
      await accept(world, twice, lock({ lockCount: 2, lockedUntil: begun + 8 * DAY }));
      const anew = begun + week - MINUTE;
      await at(anew);
      await dispense(world, twice, handover({ lockCount: 2, ordinal: 3, units: 29_999n }));
      const early = lock({ lockCount: 3, fill: 2, lockedUntil: begun + 8 * DAY });
      const args = [id, 2, anew + week];
      await fails(accept(world, twice, early), prescriptions, "PrescriptionIntervalRunning", ...args);
    });
  });
  describe("given a halt stands on a prescriber", () => {
    it("refuses an entry dated after it, also once a halt on the whole issuer stands", async () => {
      const world = await freshWorld();
      const { prescriptions } = world;
      const id = await issue(world, terms());
      await accept(world, terms(), lock({ lockedUntil: START + 2 * DAY }));
      const inspect = as(prescriptions, people.inspector);
      // The two halts reach back to different seconds, so that the error says which one refuses.
      await at(START + HOUR);
      await inspect.halt(healthOffice, stMary, people.drLi.key, START + 1, suspectedFraud);
      const given = handover({ handedOverAt: START + 2 * HOUR, units: 30_000n });
      const args = [id, START + 1, healthOffice];
      await at(START + 5 * HOUR);
      await fails(dispense(world, terms(), given), prescriptions, "PrescriptionHalted", ...args);
      await at(START + 6 * HOUR);
      await inspect.halt(healthOffice, stMary, ZeroHash, START, suspectedFraud);
      await at(START + 7 * HOUR);
      await fails(dispense(world, terms(), given), prescriptions, "PrescriptionHalted", ...args);
      await dispense(world, terms(), { ...given, handedOverAt: START + HOUR - 1 });
    });
  });
  describe("given two regulators ordered the same halt", () => {
    it("lets neither resume it, and governance lifts it", async () => {
      const { prescriptions } = await freshWorld();
      const [office, agency] = [
        as(prescriptions, people.inspector),
        as(prescriptions, people.agencyInspector),
      ];
      await at(START + HOUR);
      await office.halt(healthOffice, stMary, ZeroHash, START, suspectedFraud);
      const foreign = agency.resumeHalted(drugAgency, stMary, ZeroHash);
      await fails(foreign, prescriptions, "HaltOfOther", stMary, ZeroHash, healthOffice);
      await agency.halt(drugAgency, stMary, ZeroHash, START, suspectedFraud);
      const taken = agency.resumeHalted(drugAgency, stMary, ZeroHash);
      await fails(taken, prescriptions, "HaltOfOther", stMary, ZeroHash, SEVERAL);
      // Nor does ordering it once more make it one's own again.
      await office.halt(healthOffice, stMary, ZeroHash, START, suspectedFraud);
      const back = office.resumeHalted(healthOffice, stMary, ZeroHash);
      await fails(back, prescriptions, "HaltOfOther", stMary, ZeroHash, SEVERAL);
      expect((await prescriptions.haltOf(stMary, ZeroHash)).since).to.equal(START);
      const lifted = as(prescriptions, people.governance).liftHalt(stMary, ZeroHash);
      await emits(lifted, prescriptions, "PrescriptionsResumed", stMary, ZeroHash, 0);
    });
  });
  describe("given all that was handed over under a lock was withdrawn", () => {
    it("lets the holder release the lock", async () => {
      const { prescriptions, id, ...world } = await freshLock();
      await dispense({ ...world, prescriptions }, terms(), handover({ units: 1n }));
      const signed = async () =>
        await sign(prescriptions, holder(1), "Release", { prescription: id, lockCount: 1 }, START + DAY);
      const relay = as(prescriptions, people.anyRelay);
      const used = relay.release(terms(), 1, await signed());
      await fails(used, prescriptions, "PrescriptionLockUsed", id, 1);
      const anna = as(prescriptions, people.anna);
      await anna.withdrawDispense(terms(), sunPharmacy, 1, Withdrawal.wrongEntry, "0x", SENT);
      const sent = relay.release(terms(), 1, await signed());
      await emits(sent, prescriptions, "PrescriptionReleased", id, sunPharmacy, Site.sunMarket, 1);
    });
  });
  describe("given something under a lock still stands after a withdrawal", () => {
    it("keeps the lock from release", async () => {
      const { prescriptions, id, ...world } = await freshLock();
      for (const ordinal of [1, 2])
        await dispense({ ...world, prescriptions }, terms(), handover({ ordinal, units: 1n }));
      const anna = as(prescriptions, people.anna);
      await anna.withdrawDispense(terms(), sunPharmacy, 1, Withdrawal.wrongEntry, "0x", SENT);
      const deadline = (await now()) + HOUR;
      const message = { prescription: id, lockCount: 1 };
      const signed = await sign(prescriptions, holder(1), "Release", message, deadline);
      const sent = as(prescriptions, people.anyRelay).release(terms(), 1, signed);
      await fails(sent, prescriptions, "PrescriptionLockUsed", id, 1);
    });
  });
  describe("when a body is made with an extension that does not fit", () => {
    const make = async (...parts: string[]) =>
      await ethers.deployContract("PrescriptionRegistry", parts, people.deployer.wallet);

    it("reverts with DomainExtensionInvalid where the extension has no code", async () => {
      const { prescriptions, registry } = await freshWorld();
      const members = await registry.getAddress();
      for (const bare of [people.stranger.address, ZeroAddress]) {
        await fails(make(members, ZeroAddress, bare), prescriptions, "DomainExtensionInvalid", bare);
      }
    });
    it("reverts with DomainExtensionInvalid where the extension has other members or another stock", async () => {
      const { prescriptions, registry } = await freshWorld();
      const [members, other] = [await registry.getAddress(), people.stranger.address];
      const peers = [members, ZeroAddress];
      const oversight = await ethers.deployContract("PrescriptionOversight", peers, people.deployer.wallet);
      const extension = await oversight.getAddress();
      const mixed = [
        [members, other],
        [other, ZeroAddress],
      ];
      for (const parts of mixed) {
        await fails(make(...parts, extension), prescriptions, "DomainExtensionInvalid", extension);
      }
      expect(await deployPrescriptionBody(members, other)).to.not.equal(ZeroAddress);
    });
  });
});
