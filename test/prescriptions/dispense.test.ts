import { expect } from "chai";
import {
  type ContractTransactionResponse,
  type TypedDataDomain,
  ZeroAddress,
  ZeroHash,
  keccak256,
} from "ethers";

import { ethers, as, at, mineAt, inOneBlock, START, HOUR, DAY, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, Site, type World } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  Withdrawal,
  NO_STOCK,
  type Handover,
  type Signed,
  SENT,
  OUTAGE_MAX,
  holder,
  freshWorld,
  terms,
  order,
  lock,
  handover,
  idOf,
  sign,
  FOREIGN_DOMAINS,
  issue,
  accept,
  freshLock,
  dispense,
  stateOf,
  setCounters,
  withStock,
} from "./support.ts";

describe("PrescriptionRegistry.dispense", () => {
  const { sunPharmacy, moonPharmacy, stMary, healthOffice } = Member;
  const held = [sunPharmacy, Site.sunMarket, 1] as const;
  const relayed = async (
    world: World,
    given: Handover,
    signer = people.anna,
    until = START + DAY,
    stock = "0x",
    domain: TypedDataDomain = {},
  ) => {
    const message = { prescription: idOf(terms()), ...given, stockHash: keccak256(stock) };
    return await sign(world.prescriptions, signer, "Dispense", message, until, domain);
  };

  describe("when the pharmacist of the lock hands over a whole fill", () => {
    it("emits PrescriptionDispensed with all terms and keeps the record", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      const given = handover({ units: 30_000n });
      await at(START + HOUR);
      const sent = dispense(world, terms(), given);
      const numbers = [1, 1, 30_000n, START + HOUR, given.commitment, false];
      const args = [id, sunPharmacy, Site.sunMarket, people.anna.key, ...numbers];
      await emits(sent, prescriptions, "PrescriptionDispensed", ...args);
      const record = await prescriptions.dispenseOf(id, 1);
      const times = [BigInt(START + HOUR), BigInt(START + HOUR)];
      expect(plain(record)).to.eql([11n, 1n, 1n, 30_000n, ...times, false, false, 0n, NO_STOCK]);
    });
    it("ends the lock with the fill, and another pharmacy may lock the next", async () => {
      const world = await freshLock();
      await at(START + HOUR);
      await dispense(world, terms(), handover({ units: 30_000n }));
      const state = await stateOf(world, world.id);
      expect([state.status, state.unitsLeft, state.lockedUntil]).to.eql([Status.open, 0n, START + HOUR]);
      const next = { member: moonPharmacy, site: Site.moonSquare, lockCount: 2, fill: 2 };
      await accept(world, terms(), lock({ ...next, lockedUntil: START + 9 * DAY }), people.moonTill);
    });
    it("says with the last fill that it completes", async () => {
      const world = await freshWorld();
      const single = terms({ fills: 1 });
      const id = await issue(world, single);
      await accept(world, single);
      await at(START + HOUR);
      const given = handover({ units: 30_000n });
      const sent = dispense(world, single, given);
      const numbers = [1, 1, 30_000n, START + HOUR, given.commitment, true];
      const args = [id, sunPharmacy, Site.sunMarket, people.anna.key, ...numbers];
      await emits(sent, world.prescriptions, "PrescriptionDispensed", ...args);
      expect((await stateOf(world, id)).status).to.equal(Status.completed);
    });
  });
  describe("when it is handed over in parts", () => {
    it("counts down the fill under one lock without an interval", async () => {
      const world = await freshLock();
      await at(START + HOUR);
      await dispense(world, terms());
      await dispense(world, terms(), handover({ ordinal: 2, units: 19_999n }));
      const state = await stateOf(world, world.id);
      expect([state.unitsLeft, state.dispenses, state.fillOpenedAt]).to.eql([1n, 2, START + HOUR]);
      await dispense(world, terms(), handover({ ordinal: 3, units: 1n }));
    });
    it("refuses the part that goes beyond what is left", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      const whole = dispense(world, terms(), handover({ units: 30_001n }));
      await fails(whole, prescriptions, "PrescriptionUnitsExceeded", id, 1, 30_001n, 30_000n);
      await dispense(world, terms());
      const rest = dispense(world, terms(), handover({ ordinal: 2, units: 20_001n }));
      await fails(rest, prescriptions, "PrescriptionUnitsExceeded", id, 1, 20_001n, 20_000n);
    });
    it("refuses zero units", async () => {
      const world = await freshLock();
      const sent = dispense(world, terms(), handover({ units: 0n }));
      await fails(sent, world.prescriptions, "PrescriptionUnitsExceeded", world.id, 1, 0, 30_000n);
    });
  });
  describe("when fills repeat", () => {
    const nextFill = async (lockedUntil: number, first = 30_000n) => {
      const world = await freshLock();
      await at(START + HOUR);
      await dispense(world, terms(), handover({ units: first }));
      await accept(world, terms(), lock({ lockCount: 2, fill: 2, lockedUntil }));
      return world;
    };
    const second = handover({ lockCount: 2, ordinal: 2, fill: 2, units: 30_000n });

    it("opens the next fill only when the interval from the first part is over, to the second", async () => {
      const opens = START + HOUR + 7 * DAY;
      const world = await nextFill(opens + DAY);
      await at(opens - 1);
      const early = dispense(world, terms(), second);
      await fails(early, world.prescriptions, "PrescriptionIntervalRunning", world.id, 2, opens);
      await at(opens);
      await dispense(world, terms(), second);
      expect((await stateOf(world, world.id)).fillOpenedAt).to.equal(opens);
    });
    it("lapses what is left of a fill when the next one opens", async () => {
      const world = await nextFill(START + 9 * DAY, 10_000n);
      expect((await stateOf(world, world.id)).unitsLeft).to.equal(20_000n);
      await at(START + 8 * DAY);
      await dispense(world, terms(), { ...second, units: 1n });
      const state = await stateOf(world, world.id);
      expect([state.fill, state.unitsLeft, state.lockNext]).to.eql([2, 29_999n, false]);
    });
    it("refuses more than a fill in the next one too", async () => {
      const world = await nextFill(START + 9 * DAY, 10_000n);
      await at(START + 8 * DAY);
      const sent = dispense(world, terms(), { ...second, units: 30_001n });
      await fails(sent, world.prescriptions, "PrescriptionUnitsExceeded", world.id, 2, 30_001n, 30_000n);
    });
    it("refuses a fill that is not the lock's", async () => {
      const world = await nextFill(START + 9 * DAY, 10_000n);
      await at(START + 8 * DAY);
      for (const fill of [0, 1, 3]) {
        const sent = dispense(world, terms(), { ...second, fill });
        await fails(sent, world.prescriptions, "PrescriptionFillWrong", world.id, fill, 2);
      }
      const first = await freshLock();
      for (const fill of [0, 2]) {
        const sent = dispense(first, terms(), handover({ fill }));
        await fails(sent, first.prescriptions, "PrescriptionFillWrong", first.id, fill, 1);
      }
    });
  });
  describe("when the same call comes twice", () => {
    it("reverts with PrescriptionOrdinalWrong, sent and relayed", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      const signed = await relayed(world, handover());
      const till = as(prescriptions, people.sunTill);
      await till.dispense(terms(), handover(), "0x", signed);
      const again = till.dispense(terms(), handover(), "0x", signed);
      await fails(again, prescriptions, "PrescriptionOrdinalWrong", id, 1, 2);
      await fails(dispense(world, terms()), prescriptions, "PrescriptionOrdinalWrong", id, 1, 2);
      const skipped = dispense(world, terms(), handover({ ordinal: 3 }));
      await fails(skipped, prescriptions, "PrescriptionOrdinalWrong", id, 3, 2);
    });
  });
  describe("when it is relayed", () => {
    it("takes the pharmacist's signature from a SUBMIT operator of the lock's member, and logs the pharmacist", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      const signed = await relayed(world, handover(), people.anna, START + HOUR);
      await at(START + HOUR);
      const sent = as(prescriptions, people.sunTill).dispense(terms(), handover(), "0x", signed);
      const numbers = [1, 1, 10_000n, START + HOUR, handover().commitment, false];
      const args = [id, sunPharmacy, Site.sunMarket, people.anna.key, ...numbers];
      await emits(sent, prescriptions, "PrescriptionDispensed", ...args);
    });
    it("reverts for a signature over any other term, chain or contract", async () => {
      const world = await freshLock();
      const { prescriptions } = world;
      const wrong: Signed[] = [];
      const changes: Partial<Handover>[] = [
        { member: moonPharmacy },
        { site: Site.sunStation },
        { lockCount: 2 },
        { ordinal: 2 },
        { fill: 2 },
        { units: 9_999n },
        { handedOverAt: START + 30 },
        { commitment: ethers.id("another dispense") },
      ];
      for (const change of changes) wrong.push(await relayed(world, handover(change)));
      wrong.push(await relayed(world, handover(), people.anna, START + DAY, "0x01"));
      for (const domain of FOREIGN_DOMAINS) {
        wrong.push(await relayed(world, handover(), people.anna, START + DAY, "0x", domain));
      }
      wrong.push({ ...(await relayed(world, handover())), deadline: START + DAY - 1 });
      const other = { prescription: idOf(terms({ fills: 9 })), ...handover(), stockHash: keccak256("0x") };
      wrong.push(await sign(prescriptions, people.anna, "Dispense", other, START + DAY));
      for (const signed of wrong) {
        const sent = as(prescriptions, people.sunTill).dispense(terms(), handover(), "0x", signed);
        await expect(sent).to.be.revertedWithCustomError(prescriptions, "DutyNotHeld");
      }
      expect(wrong.length).to.equal(15);
    });
    it("reverts one second after the deadline", async () => {
      const world = await freshLock();
      const signed = await relayed(world, handover(), people.anna, START + HOUR);
      await at(START + HOUR + 1);
      const sent = as(world.prescriptions, people.sunTill).dispense(terms(), handover(), "0x", signed);
      await fails(sent, world.prescriptions, "SignatureExpired", START + HOUR);
    });
    it("reverts for a pharmacist of another member, and for a relay of another member", async () => {
      const world = await freshLock();
      const { prescriptions } = world;
      const mias = await relayed(world, handover(), people.mia);
      const sent = as(prescriptions, people.sunTill).dispense(terms(), handover(), "0x", mias);
      await fails(sent, prescriptions, "DutyNotHeld", sunPharmacy, people.mia.key, Duty.DISPENSE);
      const annas = await relayed(world, handover());
      for (const who of [people.moonTill, people.stranger, people.ben]) {
        const stolen = as(prescriptions, who).dispense(terms(), handover(), "0x", annas);
        await fails(stolen, prescriptions, "DutyNotHeld", sunPharmacy, who.key, Duty.SUBMIT);
      }
    });
  });
  describe("given the site holds no running lock", () => {
    it("reverts with PrescriptionLockNotHeld before any lock", async () => {
      const world = await freshWorld();
      const id = await issue(world, terms());
      const sent = dispense(world, terms(), handover({ lockCount: 0 }));
      await fails(sent, world.prescriptions, "PrescriptionLockNotHeld", id, sunPharmacy, Site.sunMarket, 0);
    });
    it("holds at the last second of the lock and reverts at the second it ends", async () => {
      const world = await freshLock();
      await at(START + DAY - 1);
      await dispense(world, terms());
      await at(START + DAY);
      const sent = dispense(world, terms(), handover({ ordinal: 2 }));
      await fails(sent, world.prescriptions, "PrescriptionLockNotHeld", world.id, ...held);
    });
    it("reverts for another site, member or counter", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      const branch = dispense(world, terms(), handover({ site: Site.sunStation }));
      await fails(branch, prescriptions, "PrescriptionLockNotHeld", id, sunPharmacy, Site.sunStation, 1);
      const mine = handover({ member: moonPharmacy, site: Site.moonSquare });
      const other = dispense(world, terms(), mine, people.mia);
      await fails(other, prescriptions, "PrescriptionLockNotHeld", id, moonPharmacy, Site.moonSquare, 1);
      const counted = dispense(world, terms(), handover({ lockCount: 2 }));
      await fails(counted, prescriptions, "PrescriptionLockNotHeld", id, sunPharmacy, Site.sunMarket, 2);
    });
    it("reverts after return and after release", async () => {
      const returned = await freshLock();
      await as(returned.prescriptions, people.sunTill).returnToOpen(terms(), ...held);
      const args = [returned.id, ...held];
      await fails(dispense(returned, terms()), returned.prescriptions, "PrescriptionLockNotHeld", ...args);
      const released = await freshLock();
      const message = { prescription: released.id, lockCount: 1 };
      const signed = await sign(released.prescriptions, holder(1), "Release", message, START + HOUR);
      await as(released.prescriptions, people.anyRelay).release(terms(), 1, signed);
      await fails(dispense(released, terms()), released.prescriptions, "PrescriptionLockNotHeld", ...args);
    });
  });
  describe("given the pharmacist may not dispense now", () => {
    it("reverts for a licence that lapsed while the lock was live", async () => {
      const world = await freshLock();
      const today = Math.floor(START / DAY);
      const throughDay = today;
      const licence = { member: sunPharmacy, operator: people.anna.key, duties: Duty.DISPENSE, throughDay };
      await as(world.registry, people.licenser).license(healthOffice, licence);
      await at((today + 1) * DAY - 1);
      await dispense(world, terms());
      await at((today + 1) * DAY);
      const sent = dispense(world, terms(), handover({ ordinal: 2 }));
      const args = [sunPharmacy, people.anna.key, Duty.DISPENSE, today];
      await fails(sent, world.prescriptions, "DutyLicenceLapsed", ...args);
    });
    it("reverts in the same block as a dismissal, revocation, suspension, closing of member or site, or halt", async () => {
      const { registry, prescriptions, id } = await freshLock();
      const { key } = people.anna;
      const member = BigInt(sunPharmacy);
      const duty = BigInt(Duty.DISPENSE);
      const until = START + 9 * DAY;
      const inspect = as(registry, people.inspector);
      const stops: [() => Promise<ContractTransactionResponse>, string, unknown[]][] = [
        [
          async () => await as(registry, people.sunAdmin).dismiss(sunPharmacy, [key]),
          "DutyNotHeld",
          [member, key, duty],
        ],
        [
          async () =>
            await as(registry, people.licenser).revokeLicence(healthOffice, sunPharmacy, key, Duty.DISPENSE),
          "DutyLicenceLapsed",
          [member, key, duty, 0n],
        ],
        [
          async () => await inspect.suspendOperator(healthOffice, sunPharmacy, key, Duty.DISPENSE),
          "DutySuspended",
          [member, key, duty],
        ],
        [
          async () => await inspect.suspendMember(healthOffice, sunPharmacy, Duty.DISPENSE, until, 1),
          "DutySuspendedForMember",
          [member, duty, BigInt(until)],
        ],
        [
          async () => await as(registry, people.governance).closeMember(sunPharmacy),
          "DutyNotPermitted",
          [member, duty],
        ],
        [
          async () => await as(registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunMarket),
          "PrescriptionSiteNotOpen",
          [member, 1n],
        ],
        [
          async () =>
            await as(prescriptions, people.inspector).halt(healthOffice, stMary, ZeroHash, START, 1),
          "PrescriptionHalted",
          [id, BigInt(START), BigInt(healthOffice)],
        ],
      ];
      for (const [stop, error, args] of stops) {
        const world = await freshLock();
        const fates = await inOneBlock(
          [world.prescriptions.interface],
          stop,
          async () => await dispense(world, terms()),
        );
        expect(fates).to.eql([{ ok: true }, { ok: false, error, args }]);
      }
    });
  });
  describe("when an operator without DISPENSE hands over", () => {
    it("reverts with DutyNotHeld", async () => {
      const world = await freshLock();
      for (const who of [people.sunTill, people.sunAdmin, people.drLi, people.stranger, people.mia]) {
        const sent = dispense(world, terms(), handover(), who);
        await fails(sent, world.prescriptions, "DutyNotHeld", sunPharmacy, who.key, Duty.DISPENSE);
      }
    });
  });
  describe("given it is final, halted, or out of its window", () => {
    it("reverts with PrescriptionStatusWrong when completed or cancelled", async () => {
      const world = await freshWorld();
      const single = terms({ fills: 1 });
      const id = await issue(world, single);
      await accept(world, single);
      await dispense(world, single, handover({ units: 30_000n }));
      const more = dispense(world, single, handover({ ordinal: 2 }));
      await fails(more, world.prescriptions, "PrescriptionStatusWrong", id, Status.completed);
      const cancelled = await issue(world, terms());
      await as(world.prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      const sent = dispense(world, terms());
      await fails(sent, world.prescriptions, "PrescriptionStatusWrong", cancelled, Status.cancelled);
    });
    it("reverts with PrescriptionUnknown for terms that differ in anything", async () => {
      const world = await freshLock();
      const other = terms({ unitsPerFill: 60_000n });
      await fails(dispense(world, other), world.prescriptions, "PrescriptionUnknown", idOf(other));
    });
    it("reverts with PrescriptionExpired from the first second after the last", async () => {
      const world = await freshWorld();
      const validUntil = START + HOUR;
      const short = terms({ validUntil });
      const id = await issue(world, short);
      await accept(world, short);
      await at(validUntil - 1);
      await dispense(world, short);
      await at(validUntil);
      const sent = dispense(world, short, handover({ ordinal: 2 }));
      await fails(sent, world.prescriptions, "PrescriptionExpired", id, validUntil);
    });
  });
  describe("given a cancellation was ordered under the live lock", () => {
    it("still dispenses until the lock ends, and is cancelled when the fill is spent", async () => {
      const world = await freshLock();
      await as(world.prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      await dispense(world, terms());
      const sent = dispense(world, terms(), handover({ ordinal: 2, units: 20_000n }));
      await emits(sent, world.prescriptions, "PrescriptionCancelled", world.id, ZeroHash);
      expect((await stateOf(world, world.id)).status).to.equal(Status.cancelled);
    });
    it("reverts with PrescriptionCancellationEffective once the lock ended by time", async () => {
      const world = await freshLock();
      await as(world.prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      await at(START + DAY);
      const sent = dispense(world, terms());
      await fails(sent, world.prescriptions, "PrescriptionCancellationEffective", world.id);
    });
  });
  describe("when the hand-over was during an outage", () => {
    it("takes a time within the own lock and flags it", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      const lockedAt = (await stateOf(world, id)).lockedAt;
      const given = handover({ handedOverAt: lockedAt });
      await at(START + 2 * HOUR);
      const sent = dispense(world, terms(), given);
      const numbers = [1, 1, 10_000n, lockedAt, given.commitment, false];
      const args = [id, sunPharmacy, Site.sunMarket, people.anna.key, ...numbers];
      await emits(sent, prescriptions, "PrescriptionDispensed", ...args);
      const record = await prescriptions.dispenseOf(id, 1);
      expect([record.handedOverAt, record.recordedAt]).to.eql([BigInt(lockedAt), BigInt(START + 2 * HOUR)]);
      expect((await stateOf(world, id)).fillOpenedAt).to.equal(lockedAt);
    });
    it("refuses the future, and a time before the own lock began", async () => {
      const world = await freshLock();
      const lockedAt = (await stateOf(world, world.id)).lockedAt;
      const second = START + 2 * HOUR;
      for (const [i, handedOverAt] of [second + 1, lockedAt - 1].entries()) {
        await at(second + i);
        const sent = dispense(world, terms(), handover({ handedOverAt }));
        const args = [world.id, handedOverAt, lockedAt, second + i];
        await fails(sent, world.prescriptions, "PrescriptionHandoverOutOfRange", ...args);
      }
    });
    it("refuses more than 72 hours back, to the second", async () => {
      const world = await freshWorld();
      const id = await issue(world, terms());
      await accept(world, terms(), lock({ lockedUntil: START + 9 * DAY }));
      const second = START + 4 * DAY;
      await at(second);
      const early = second - OUTAGE_MAX - 1;
      const sent = dispense(world, terms(), handover({ handedOverAt: early }));
      const args = [id, early, early + 1, second];
      await fails(sent, world.prescriptions, "PrescriptionHandoverOutOfRange", ...args);
      await at(second + 1);
      await dispense(world, terms(), handover({ handedOverAt: second + 1 - OUTAGE_MAX }));
    });
    it("refuses a first part before the fill was first begun", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      await at(START + 3 * HOUR);
      await dispense(world, terms());
      await as(prescriptions, people.anna).withdrawDispense(
        terms(),
        sunPharmacy,
        1,
        Withdrawal.wrongEntry,
        "0x",
        SENT,
      );
      await at(START + 4 * HOUR);
      const given = handover({ ordinal: 2, handedOverAt: START + 2 * HOUR });
      const args = [id, START + 2 * HOUR, START + 3 * HOUR, START + 4 * HOUR];
      const sent = dispense(world, terms(), given);
      await fails(sent, prescriptions, "PrescriptionHandoverOutOfRange", ...args);
      await dispense(world, terms(), { ...given, handedOverAt: START + 3 * HOUR });
    });
    it("takes an entry after the own lock ended while nobody accepted since, and refuses what came after its end", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      const { lockedAt } = await stateOf(world, id);
      await at(START + 2 * DAY);
      const over = dispense(world, terms(), handover({ handedOverAt: START + DAY + 1 }));
      const args = [id, START + DAY + 1, lockedAt, START + DAY];
      await fails(over, prescriptions, "PrescriptionHandoverOutOfRange", ...args);
      await dispense(world, terms(), handover({ handedOverAt: START + DAY - 1 }));
    });
    it("takes an entry after the prescription was cancelled, replaced, halted or ran out since then", async () => {
      const ends = [
        async (world: World) => await as(world.prescriptions, people.drLi).cancel(terms(), stMary, SENT),
        async (world: World) =>
          await as(world.prescriptions, people.drLi).replace(terms(), order(terms({ fills: 9 }))),
        async (world: World) =>
          await as(world.prescriptions, people.inspector).halt(healthOffice, stMary, ZeroHash, START, 1),
      ];
      for (const end of ends) {
        const world = await freshLock();
        await mineAt(START + DAY);
        await end(world);
        const before = await stateOf(world, world.id);
        await dispense(world, terms(), handover({ handedOverAt: START + 2 * HOUR }));
        const after = await stateOf(world, world.id);
        expect([after.status, after.dispenses]).to.eql([before.status, 1]);
      }
    });
    it("refuses an entry of a time after the halt", async () => {
      const world = await freshLock();
      await at(START + 2 * HOUR);
      await as(world.prescriptions, people.inspector).halt(healthOffice, stMary, ZeroHash, START, 1);
      await at(START + 4 * HOUR);
      const late = dispense(world, terms(), handover({ handedOverAt: START + 2 * HOUR }));
      await fails(late, world.prescriptions, "PrescriptionHalted", world.id, START, healthOffice);
      await dispense(world, terms(), handover({ handedOverAt: START + 2 * HOUR - 1 }));
    });
    it("refuses an entry after the end of the window", async () => {
      const world = await freshWorld();
      const validUntil = START + 2 * HOUR;
      const short = terms({ validUntil });
      const id = await issue(world, short);
      await accept(world, short);
      const { lockedAt } = await stateOf(world, id);
      await at(START + 5 * HOUR);
      const late = dispense(world, short, handover({ handedOverAt: validUntil }));
      const args = [id, validUntil, lockedAt, validUntil - 1];
      await fails(late, world.prescriptions, "PrescriptionHandoverOutOfRange", ...args);
      await dispense(world, short, handover({ handedOverAt: validUntil - 1 }));
    });
    it("refuses an entry after somebody accepted since, or the pharmacy returned its lock", async () => {
      const world = await freshLock();
      const { prescriptions, id } = world;
      await mineAt(START + DAY);
      const moons = lock({
        member: moonPharmacy,
        site: Site.moonSquare,
        lockCount: 2,
        lockedUntil: START + 2 * DAY,
      });
      await accept(world, terms(), moons, people.moonTill);
      const given = handover({ handedOverAt: START + HOUR });
      await fails(dispense(world, terms(), given), prescriptions, "PrescriptionLockNotHeld", id, ...held);
      const returned = await freshLock();
      await as(returned.prescriptions, people.sunTill).returnToOpen(terms(), ...held);
      const late = dispense(returned, terms(), given);
      await fails(late, prescriptions, "PrescriptionLockNotHeld", id, ...held);
    });
    it("refuses an entry on a completed or refused prescription", async () => {
      const world = await freshWorld();
      const single = terms({ fills: 1 });
      const id = await issue(world, single);
      await accept(world, single);
      await dispense(world, single, handover({ units: 30_000n }));
      const sent = dispense(world, single, handover({ ordinal: 2, handedOverAt: START + 60 }));
      await fails(sent, world.prescriptions, "PrescriptionStatusWrong", id, Status.completed);
    });
    it("settles a cancellation that took effect", async () => {
      const world = await freshLock();
      await as(world.prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      await at(START + DAY + HOUR);
      const sent = dispense(world, terms(), handover({ handedOverAt: START + HOUR }));
      await emits(sent, world.prescriptions, "PrescriptionCancelled", world.id, ZeroHash);
      const state = await stateOf(world, world.id);
      expect([state.status, state.cancelPending, state.dispenses]).to.eql([Status.cancelled, false, 1]);
    });
  });
  describe("when stock is passed and no stock registry is connected", () => {
    it("reverts with DispenseStockUnsupported", async () => {
      const world = await withStock(await freshWorld(), ZeroAddress);
      const id = await issue(world, terms());
      await accept(world, terms());
      const sent = as(world.prescriptions, people.anna).dispense(terms(), handover(), "0x01", SENT);
      await fails(sent, world.prescriptions, "DispenseStockUnsupported", id);
    });
  });
  describe("given 255 ordinals were given", () => {
    it("reverts with PrescriptionOrdinalsExhausted", async () => {
      const world = await freshLock();
      await setCounters(world, world.id, { dispenses: 254 });
      await dispense(world, terms(), handover({ ordinal: 255 }));
      const sent = dispense(world, terms(), handover({ ordinal: 255 }));
      await fails(sent, world.prescriptions, "PrescriptionOrdinalsExhausted", world.id);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await freshLock();
      await as(world.prescriptions, people.emergency).pause(START + DAY);
      await fails(dispense(world, terms()), world.prescriptions, "DomainIsPaused", START + DAY);
    });
  });
});
