import { expect } from "chai";
import { ZeroHash, type TypedDataDomain } from "ethers";

import { DAY, START, as, at, ethers, now, type Actor } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import type { World } from "../core/world.ts";
import {
  EPHEMERAL,
  FOREIGN_DOMAINS,
  Member,
  Products,
  SENT,
  Site,
  administer,
  atClinic,
  dose,
  freshWorld,
  holderOf,
  line,
  move,
  people,
  release,
  sessionDose,
  sign,
  type Made,
  type Signed,
} from "./support.ts";
import { field, refusesOthers, refusesPaused } from "./refusals.ts";
import {
  COLD,
  OUTAGE_MAX,
  booksOf,
  doseWord,
  refusesAnswered,
  refusesExcursion,
  refusesExpired,
  refusesQuarantined,
  refusesRecalled,
  refusesUnreleased,
  spanWord,
  type Way,
} from "./use.ts";

describe("LotRegistry.administerSession", () => {
  const { harbourClinic, depotNorth } = Member;
  const { flu, polio, plain, tablets, pens, discreet } = Products;
  const { nora, clinicSystem } = people;
  const CLINIC = [harbourClinic, Site.clinicFridge] as const;
  const toClinic = { to: harbourClinic, toSite: Site.clinicFridge };

  type Dose = ReturnType<typeof sessionDose>;
  const sessionOf = (made: Made, firstUnit: number, changes: Record<string, unknown> = {}) => ({
    lot: made.id,
    member: harbourClinic,
    site: Site.clinicFridge as number,
    firstUnit,
    range: 0,
    administeredAt: 0,
    ...changes,
  });
  const dosesOf = (made: Made, first: number, count: number): Dose[] =>
    Array.from({ length: count }, (_, i) => sessionDose(made, first + i));
  type Given = {
    changes?: Record<string, unknown>;
    doses?: Dose[];
    proof?: string[];
    by?: Actor;
    signed?: Signed;
  };
  /** A session of so many doses from the first on. */
  const give = async ({ lots }: World, made: Made, first: number, count: number, given: Given = {}) =>
    await as(lots, given.by ?? nora).administerSession(
      sessionOf(made, first, given.changes),
      given.doses ?? dosesOf(made, first, count),
      given.proof ?? made.tree.runProof(first, count),
      given.signed ?? SENT,
    );
  const load = async (units = 192, of = flu) => {
    const world = await freshWorld();
    const made = await atClinic(world, of, units);
    return { world, lots: world.lots, made, lot: made.id };
  };
  const hashOf = (doses: readonly Dose[]): string =>
    ethers.keccak256(
      ethers.AbiCoder.defaultAbiCoder().encode(
        ["tuple(bytes32 saltedSerial,bytes32 commitment,bytes32 ephemeralX,uint256 person)[]"],
        [doses],
      ),
    );
  const signedBy = async (
    world: World,
    made: Made,
    changes: Record<string, unknown> = {},
    by: Actor = nora,
    deadline = START + DAY,
    domain: TypedDataDomain = {},
  ) => {
    const message = { ...sessionOf(made, 0), doses: hashOf(dosesOf(made, 0, 3)), ...changes };
    return await sign(world, by, "AdministrationSession", message, deadline, domain);
  };
  const way: Way = {
    of: flu,
    place: CLINIC,
    use: async (world, made, administeredAt = 0) =>
      await give(world, made, 0, 3, { changes: { administeredAt } }),
  };

  describe("when doses with adjacent serials are administered", () => {
    it("emits DoseAdministered for each, then DosesAdministered, with every value", async () => {
      const { world, lots, made, lot } = await load();
      const doses = dosesOf(made, 63, 3);
      // Series dose 255 with a view tag and a prefix of their own.
      const last = BigInt(holderOf(77)) | (3n << 160n) | (0xa1n << 168n) | (255n << 176n);
      doses[2] = sessionDose(made, 65, { person: last });
      const second = (await now()) + 100;
      await at(second);
      const sent = give(world, made, 63, 3, { doses });
      const words = [doseWord(63), doseWord(64), doseWord(65, { series: 255, prefix: 3, tag: 0xa1 })];
      const holders = [holderOf(63), holderOf(64), holderOf(77)];
      for (const [i, { commitment, ephemeralX }] of doses.entries()) {
        await emits(sent, lots, "DoseAdministered", lot, holders[i], commitment, ephemeralX, words[i]);
      }
      await emits(sent, lots, "DosesAdministered", lot, ...CLINIC, nora.key, spanWord(63, 3, second));
      const logs = (await (await sent).wait())?.logs ?? [];
      const names = logs.map((log) => lots.interface.parseLog(log)?.name);
      expect(names).to.eql([...Array.from({ length: 3 }, () => "DoseAdministered"), "DosesAdministered"]);
    });
    it("spends each once and moves all of them from hand to used", async () => {
      const { world, lots, made, lot } = await load();
      await give(world, made, 60, 70);
      const spent: number[] = [];
      for (let unit = 0; unit < 192; unit += 1) if (await lots.isSpent(lot, unit)) spent.push(unit);
      expect(spent).to.eql(Array.from({ length: 70 }, (_, i) => 60 + i));
      expect(await booksOf(world, made, CLINIC)).to.eql([122, 70]);
      expect((await lots.stockOf(lot, ...CLINIC)).broken).to.equal(true);
    });
    it("proves any run of a lot whose rows are odd, its last serials too", async () => {
      const shapes: [number, number, number][] = [
        [192, 0, 192],
        [192, 191, 1],
        [192, 1, 190],
        [192, 63, 2],
        [192, 64, 64],
        [192, 127, 65],
        [320, 130, 190],
        [320, 319, 1],
        [320, 255, 2],
        [100, 90, 10],
        [100, 99, 1],
        [65, 64, 1],
        [1, 0, 1],
      ];
      for (const [units, first, count] of shapes) {
        const { world, made } = await load(units);
        await give(world, made, first, count);
        expect(await booksOf(world, made, CLINIC)).to.eql([units - count, count]);
      }
    });
    it("takes one dose and 200", async () => {
      const { world, made } = await load(256);
      await give(world, made, 0, 200);
      await give(world, made, 200, 1);
      expect(await booksOf(world, made, CLINIC)).to.eql([55, 201]);
    });
    it("teaches no group: the next single dose needs the whole proof", async () => {
      const { world, lots, made, lot } = await load();
      await give(world, made, 0, 3);
      const short = as(lots, nora).administer(dose(made, 3), EPHEMERAL, made.tree.shortProof(3), SENT);
      await fails(short, lots, "SerialUnknown", lot, 3, made.tree.saltedSerial(3));
      await administer(world, made, 3);
      // What the group has learnt stays with a further session.
      await give(world, made, 4, 2);
      await as(lots, nora).administer(dose(made, 6), EPHEMERAL, made.tree.shortProof(6), SENT);
    });
  });

  describe("when the size or the kind is wrong", () => {
    it("reverts with SessionSizeInvalid for 201 doses, for vials and for counted doses", async () => {
      const { world, lots, made, lot } = await load(256);
      await fails(give(world, made, 0, 201), lots, "SessionSizeInvalid", lot, 201, 1);
      const vials = await atClinic(world, polio, 640);
      await fails(give(world, vials, 0, 1), lots, "SessionSizeInvalid", vials.id, 1, 10);
      const counted = await atClinic(world, plain, 10);
      const sent = give(world, counted, 0, 1, { proof: [] });
      await fails(sent, lots, "SessionSizeInvalid", counted.id, 1, 1);
    });
    it("reverts with StockInsufficient for no dose, and for more than are on hand", async () => {
      const { world, lots, made, lot } = await load(64);
      const none = give(world, made, 0, 0, { proof: [] });
      await fails(none, lots, "StockInsufficient", lot, ...CLINIC, 64, 0);
      await give(world, made, 0, 60);
      await fails(give(world, made, 59, 5), lots, "StockInsufficient", lot, ...CLINIC, 4, 5);
      await give(world, made, 60, 4);
    });
  });

  describe("when it is entered afterwards", () => {
    it("takes 72 hours back to the second, now, and the second of administration in the event", async () => {
      const { world, lots, made, lot } = await load();
      const second = (await now()) + 4 * DAY;
      for (const [i, back] of [OUTAGE_MAX, 0].entries()) {
        await at(second + i);
        const administeredAt = second + i - back;
        const sent = give(world, made, 10 * i, 3, { changes: { administeredAt } });
        const word = spanWord(10 * i, 3, administeredAt);
        await emits(sent, lots, "DosesAdministered", lot, ...CLINIC, nora.key, word);
      }
    });
    it("reverts with DoseTermInvalid for the future, and for a second more than 72 hours back", async () => {
      const { world, lots, made, lot } = await load();
      const second = (await now()) + 4 * DAY;
      for (const [i, ahead] of [1, -OUTAGE_MAX - 1].entries()) {
        await at(second + i);
        const sent = give(world, made, 0, 3, { changes: { administeredAt: second + i + ahead } });
        await fails(sent, lots, "DoseTermInvalid", lot, field("administeredAt"));
      }
    });
  });

  describe("when it is relayed", () => {
    it("takes the vaccinator's signature from the member's SUBMIT operator, and logs the vaccinator", async () => {
      const { world, lots, made, lot } = await load();
      const second = (await now()) + 100;
      const signed = await signedBy(world, made, {}, nora, second);
      await at(second);
      const sent = give(world, made, 0, 3, { by: clinicSystem, signed });
      await emits(sent, lots, "DosesAdministered", lot, ...CLINIC, nora.key, spanWord(0, 3, second));
      await at(second + 1);
      const late = give(world, made, 3, 3, { by: clinicSystem, signed });
      await fails(late, lots, "SignatureExpired", second);
    });
    it("reverts for a signature over any other term or dose, chain or contract", async () => {
      const { world, lots, made } = await load();
      const doses = dosesOf(made, 0, 3);
      const changed = (i: number, change: Partial<Dose>) => ({
        doses: hashOf(doses.map((each, at_) => (at_ === i ? { ...each, ...change } : each))),
      });
      const changes: Record<string, unknown>[] = [
        { lot: ethers.id("another lot") },
        { member: depotNorth },
        { site: 2 },
        { firstUnit: 1 },
        { administeredAt: START },
        { doses: hashOf(doses.slice(0, 2)) },
        { doses: hashOf(doses.toReversed()) },
        changed(0, { saltedSerial: ZeroHash }),
        changed(1, { commitment: ethers.id("another") }),
        changed(2, { ephemeralX: ethers.id("another") }),
        changed(2, { person: (doses[2]?.person ?? 0n) + (1n << 176n) }),
      ];
      const wrong: Signed[] = [];
      for (const change of changes) wrong.push(await signedBy(world, made, change));
      for (const domain of FOREIGN_DOMAINS) {
        wrong.push(await signedBy(world, made, {}, nora, START + DAY, domain));
      }
      wrong.push({ ...(await signedBy(world, made)), deadline: START + DAY - 1 });
      for (const signed of wrong) {
        const sent = give(world, made, 0, 3, { by: clinicSystem, signed });
        await expect(sent).to.be.revertedWithCustomError(lots, "DutyNotHeld");
      }
      expect(wrong.length).to.equal(16);
      await give(world, made, 0, 3, { by: clinicSystem, signed: await signedBy(world, made) });
    });
    it("reverts with DutyNotHeld for a relay that does not submit for the member, and for a signer that does not vaccinate", async () => {
      const { world, lots, made } = await load();
      const signed = await signedBy(world, made);
      for (const by of [people.stranger, nora, people.depotSystem]) {
        const sent = give(world, made, 0, 3, { by, signed });
        await fails(sent, lots, "DutyNotHeld", harbourClinic, by.key, Duty.SUBMIT);
      }
      for (const who of [people.stranger, clinicSystem, people.anna]) {
        const theirs = await signedBy(world, made, {}, who);
        const sent = give(world, made, 0, 3, { by: clinicSystem, signed: theirs });
        await fails(sent, lots, "DutyNotHeld", harbourClinic, who.key, Duty.VACCINATE);
      }
    });
    it("reverts with SerialSpent when the signature is sent again", async () => {
      const { world, lots, made, lot } = await load();
      const signed = await signedBy(world, made);
      await give(world, made, 0, 3, { by: clinicSystem, signed });
      const again = give(world, made, 0, 3, { by: clinicSystem, signed });
      await fails(again, lots, "SerialSpent", lot, 0);
    });
  });

  describe("when the caller may not vaccinate at an open site", () => {
    it("reverts with DutyNotHeld, also for the member's other people", async () => {
      const { world, made } = await load();
      const { clinicStock, clinicQuality, clinicAdmin, anna } = people;
      const act = async (by: Actor) => await give(world, made, 0, 3, { by });
      const others = [clinicStock, clinicQuality, clinicAdmin, clinicSystem, anna];
      await refusesOthers(world, harbourClinic, Duty.VACCINATE, act, ...others);
    });
    it("reverts with StockSiteNotOpen where the site is closed or unknown", async () => {
      const { world, lots, made } = await load();
      for (const site of [0, 2]) {
        const sent = give(world, made, 0, 3, { changes: { site } });
        await fails(sent, lots, "StockSiteNotOpen", harbourClinic, site);
      }
      await as(world.registry, people.clinicAdmin).closeSite(...CLINIC);
      await fails(give(world, made, 0, 3), lots, "StockSiteNotOpen", ...CLINIC);
    });
  });

  describe("when a dose's term is out of range", () => {
    const personOf = (series: bigint, prefix = 2n, holder = BigInt(holderOf(2))) =>
      holder | (prefix << 160n) | (series << 176n);
    it("reverts with DoseTermInvalid naming it, and administers none of them", async () => {
      const { world, lots, made, lot } = await load();
      const wrong: [string, Partial<Dose>][] = [
        ["holder", { person: personOf(1n, 2n, 0n) }],
        ["commitment", { commitment: ZeroHash }],
        ["seriesDose", { person: personOf(0n) }],
        ["seriesDose", { person: personOf(256n) }],
        ["seriesDose", { person: personOf(1n) | (1n << 255n) }],
      ];
      for (const [name, change] of wrong) {
        const doses = [...dosesOf(made, 0, 2), sessionDose(made, 2, change)];
        const sent = give(world, made, 0, 3, { doses });
        await fails(sent, lots, "DoseTermInvalid", lot, field(name));
      }
      expect(await booksOf(world, made, CLINIC)).to.eql([192, 0]);
      expect(await lots.isSpent(lot, 0)).to.equal(false);
    });
    it("reverts with DoseEphemeralKeyInvalid for what is no compressed point", async () => {
      const { world, lots, made } = await load();
      const wrong: Partial<Dose>[] = [
        ...[0n, 1n, 4n, 0x82n, 0xffn].map((prefix) => ({ person: personOf(1n, prefix) })),
        { ephemeralX: ZeroHash },
      ];
      for (const change of wrong) {
        const doses = [...dosesOf(made, 0, 2), { ...sessionDose(made, 2), ...change }];
        const sent = give(world, made, 0, 3, { doses });
        await fails(sent, lots, "DoseEphemeralKeyInvalid", holderOf(2));
      }
    });
  });

  describe("given the lot may not be used", () => {
    it("reverts with LotUnknown or LotStatusWrong", async () => {
      await refusesUnreleased(way);
    });
    it("reverts with LotIsRecalled, but takes what came before the recall", async () => {
      await refusesRecalled(way);
    });
    it("reverts with LotExpired from the first second after the last day, but takes what came before", async () => {
      await refusesExpired(way);
    });
    it("reverts with LotUsedOtherwise for what is dispensed", async () => {
      const world = await freshWorld();
      for (const of of [tablets, pens, discreet]) {
        const made = await atClinic(world, of, 64);
        await fails(give(world, made, 0, 1), world.lots, "LotUsedOtherwise", made.id);
      }
    });
  });

  describe("given the stock may not be used", () => {
    it("reverts with StockInQuarantine, also for what was used before a recall that was answered since", async () => {
      await refusesQuarantined(way);
      await refusesAnswered(way);
    });
    it("reverts with StockExcursion beyond the budget", async () => {
      await refusesExcursion(way, COLD.serial);
    });
    it("reverts with StockElsewhere for a run that leaves the span, the lot, or the range that is named", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, flu, 100);
      const part = (first: number, count: number) => ({
        lines: [line(made, count, first, { origin: true })],
      });
      await move(world, made, 10, { ...toClinic, ...part(0, 10) });
      await move(world, made, 60, part(10, 60));
      await move(world, made, 30, { ...toClinic, ...part(70, 30) });
      const refused: [number, number, number][] = [
        [8, 3, 0],
        [68, 3, 70],
        [10, 3, 0],
        [80, 3, 0],
        [80, 3, 71],
        [98, 3, 70],
        [100, 1, 70],
      ];
      for (const [first, count, range] of refused) {
        const sent = give(world, made, first, count, { changes: { range } });
        await fails(sent, lots, "StockElsewhere", made.id, ...CLINIC, first, first + count);
      }
      await give(world, made, 7, 3);
      await give(world, made, 97, 3, { changes: { range: 70 } });
      expect(await booksOf(world, made, CLINIC)).to.eql([34, 6]);
    });
  });

  describe("when a thief tries", () => {
    it("reverts with SerialSpent for a run over a spent serial, naming the first of the run in that group", async () => {
      const { world, lots, made, lot } = await load();
      await administer(world, made, 70);
      for (const [first, count, named] of [
        [60, 20, 64],
        [68, 3, 68],
        [70, 1, 70],
        [70, 5, 70],
      ] as const) {
        await fails(give(world, made, first, count), lots, "SerialSpent", lot, named);
      }
      await give(world, made, 60, 10);
      await give(world, made, 71, 9);
      expect(await booksOf(world, made, CLINIC)).to.eql([172, 20]);
    });
    it("reverts with SerialSpent for a serial of a session, alone and in another session", async () => {
      const { world, lots, made, lot } = await load();
      await give(world, made, 10, 3);
      for (const unit of [10, 11, 12]) {
        await fails(administer(world, made, unit), lots, "SerialSpent", lot, unit);
      }
      await fails(give(world, made, 12, 2), lots, "SerialSpent", lot, 12);
      await fails(give(world, made, 8, 3), lots, "SerialSpent", lot, 8);
      await give(world, made, 13, 2);
      await give(world, made, 8, 2);
    });
    it("reverts with SerialUnknown for the same serial twice, or two that changed places", async () => {
      const { world, lots, made, lot } = await load();
      const [first, second, third] = dosesOf(made, 0, 3) as [Dose, Dose, Dose];
      for (const doses of [
        [first, first, third],
        [first, second, second],
        [second, first, third],
      ]) {
        const named = doses[0]?.saltedSerial;
        await fails(give(world, made, 0, 3, { doses }), lots, "SerialUnknown", lot, 0, named);
      }
      // A run that says to be the next.
      const moved = give(world, made, 3, 3, {
        doses: [first, second, third],
        proof: made.tree.runProof(0, 3),
      });
      await fails(moved, lots, "SerialUnknown", lot, 3, first.saltedSerial);
      expect(await booksOf(world, made, CLINIC)).to.eql([192, 0]);
    });
    it("reverts with SerialUnknown for a forged proof", async () => {
      const { world, lots, made, lot } = await load(100);
      const other = await atClinic(world, flu, 100, "LOT-2");
      const salted = made.tree.saltedSerial(95);
      const right = made.tree.runProof(95, 5);
      const forged: string[][] = [
        [],
        right.slice(1),
        right.slice(0, -1),
        [...right, ZeroHash],
        [ZeroHash, ...right],
        right.toReversed(),
        other.tree.runProof(95, 5),
        // Leaves beyond the lot's end are zero: more of them do not help.
        [...right.slice(0, 1), ...Array.from({ length: right.length - 1 }, () => ZeroHash)],
        right.map(() => ZeroHash),
      ];
      for (const proof of forged) {
        await fails(give(world, made, 95, 5, { proof }), lots, "SerialUnknown", lot, 95, salted);
      }
      // The run of another lot, and nodes in the place of serials.
      const foreign = give(world, made, 95, 5, {
        doses: dosesOf(other, 95, 5),
        proof: other.tree.runProof(95, 5),
      });
      await fails(foreign, lots, "SerialUnknown", lot, 95, other.tree.saltedSerial(95));
      const node = made.tree.proof(0)[1] ?? "";
      const doses = dosesOf(made, 2, 2).map((each) => ({ ...each, saltedSerial: node }));
      const inner = give(world, made, 2, 2, { doses, proof: made.tree.runProof(2, 2) });
      await fails(inner, lots, "SerialUnknown", lot, 2, node);
      // No lot at all, whose root would be zero.
      const none = give(world, { ...made, id: ZeroHash }, 95, 5, { proof: [] });
      await fails(none, lots, "LotUnknown", ZeroHash);
      await give(world, made, 95, 5);
    });
  });

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, made } = await load();
      await refusesPaused(world, async (by) => await give(world, made, 0, 3, { by }), nora);
    });
  });
});
