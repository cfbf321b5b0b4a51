import { expect } from "chai";
import { ZeroAddress, ZeroHash, type TypedDataDomain } from "ethers";

import { DAY, START, as, at, ethers, now, type Actor } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import { LICENSED_THROUGH, type World } from "../core/world.ts";
import {
  EPHEMERAL,
  FOREIGN_DOMAINS,
  Loss,
  Member,
  Pocket,
  Products,
  SENT,
  Site,
  administer,
  atClinic,
  dose,
  ephemeralHash,
  freshWorld,
  goods,
  holderOf,
  line,
  move,
  people,
  proofOf,
  receive,
  release,
  ship,
  sign,
  sscc,
  type Dose,
  type Made,
  type Signed,
} from "./support.ts";
import { field, refusesOthers, refusesPaused, refusesSuspended } from "./refusals.ts";
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

describe("LotRegistry.administer", () => {
  const { harbourClinic, depotNorth, drugAgency } = Member;
  const { flu, polio, plain, tablets, pens, discreet } = Products;
  const { nora, clinicSystem } = people;
  const CLINIC = [harbourClinic, Site.clinicFridge] as const;
  const toClinic = { to: harbourClinic, toSite: Site.clinicFridge };

  const load = async (of = flu, units = 128) => {
    const world = await freshWorld();
    const made = await atClinic(world, of, units);
    return { world, lots: world.lots, made, lot: made.id, vaccinator: as(world.lots, nora) };
  };
  const give = async (
    { lots }: World,
    given: Dose,
    proof: readonly string[],
    by: Actor = nora,
    signed: Signed = SENT,
  ) => await as(lots, by).administer(given, EPHEMERAL, [...proof], signed);
  const signedBy = async (
    world: World,
    given: Dose,
    by: Actor = nora,
    deadline = START + DAY,
    key = EPHEMERAL,
    domain: TypedDataDomain = {},
  ) => {
    const message = { ...given, ephemeralKey: ephemeralHash(key) };
    return await sign(world, by, "Administration", message, deadline, domain);
  };
  const serial: Way = {
    of: flu,
    place: CLINIC,
    use: async (world, made, administeredAt = 0) => await administer(world, made, 0, { administeredAt }),
  };
  const counted: Way = {
    of: plain,
    place: CLINIC,
    use: async (world, made, administeredAt = 0) => await administer(world, made, 0, { administeredAt }),
  };
  const vials: Way = { ...serial, of: polio };
  const ways = [serial, counted, vials];

  describe("when a dose with a serial is administered", () => {
    it("emits DoseAdministered and DosesAdministered with every value and moves one unit from hand to used", async () => {
      const { world, lots, made, lot } = await load();
      const given = dose(made, 7, { seriesDose: 3 });
      const second = (await now()) + 100;
      await at(second);
      const key = { ...EPHEMERAL, prefix: "0x03", viewTag: "0xff" };
      const sent = as(lots, nora).administer(given, key, proofOf(made, 7), SENT);
      const word = doseWord(7, { series: 3, prefix: 3, tag: 0xff });
      await emits(sent, lots, "DoseAdministered", lot, given.holder, given.commitment, key.x, word);
      await emits(sent, lots, "DosesAdministered", lot, ...CLINIC, nora.key, spanWord(7, 1, second));
      expect(await booksOf(world, made, CLINIC)).to.eql([127, 1]);
      expect([await lots.isSpent(lot, 6), await lots.isSpent(lot, 7), await lots.isSpent(lot, 8)]).to.eql([
        false,
        true,
        false,
      ]);
      expect((await lots.stockOf(lot, ...CLINIC)).broken).to.equal(true);
    });
    it("takes the first of a group with the whole proof alone, and the next with the short one too", async () => {
      const { world, lots, made, lot } = await load();
      const short = (unit: number) => give(world, dose(made, unit), made.tree.shortProof(unit));
      await fails(short(0), lots, "SerialUnknown", lot, 0, made.tree.saltedSerial(0));
      await administer(world, made, 0);
      await short(1);
      await administer(world, made, 2);
      await short(63);
      expect(await booksOf(world, made, CLINIC)).to.eql([124, 4]);
    });
    it("learns a group from a whole proof only, and each group by itself", async () => {
      const { world, lots, made, lot } = await load();
      const short = (unit: number) => give(world, dose(made, unit), made.tree.shortProof(unit));
      await administer(world, made, 0);
      await fails(short(64), lots, "SerialUnknown", lot, 64, made.tree.saltedSerial(64));
      // A unit that is written off tells nothing of its group.
      const keeper = as(lots, people.clinicStock);
      await keeper.writeOff(lot, ...CLINIC, Pocket.onHand, Loss.wasted, 1, [65], 0, ZeroHash);
      await fails(short(64), lots, "SerialUnknown", lot, 64, made.tree.saltedSerial(64));
      await administer(world, made, 64);
      await short(66);
      await fails(short(65), lots, "SerialSpent", lot, 65);
    });
    it("takes a short last group, and refuses serials beyond the lot's end", async () => {
      const { world, lots, made, lot } = await load(flu, 100);
      await administer(world, made, 99);
      await give(world, dose(made, 98), made.tree.shortProof(98));
      // What fills the last group up is a leaf of the tree, and no serial.
      for (const proof of [made.tree.proof(100), made.tree.shortProof(100)]) {
        const sent = give(world, dose(made, 100), proof);
        await fails(sent, lots, "StockElsewhere", lot, ...CLINIC, 100, 101);
      }
    });
  });

  describe("when a dose is counted", () => {
    it("emits the same with unit 0", async () => {
      const { world, lots, made, lot } = await load(plain, 2);
      const given = dose(made, 0);
      const second = (await now()) + 100;
      await at(second);
      const sent = give(world, given, []);
      await emits(
        sent,
        lots,
        "DoseAdministered",
        lot,
        given.holder,
        given.commitment,
        EPHEMERAL.x,
        doseWord(0),
      );
      await emits(sent, lots, "DosesAdministered", lot, ...CLINIC, nora.key, spanWord(0, 1, second));
      expect(await booksOf(world, made, CLINIC)).to.eql([1, 1]);
      expect((await lots.stockOf(lot, ...CLINIC)).broken).to.equal(false);
    });
    it("reverts with DoseHolderUsed for the same holder, of another lot too", async () => {
      const { world, lots, made } = await load(plain, 10);
      const other = await atClinic(world, plain, 10, "LOT-2");
      const holder = holderOf(5);
      await administer(world, made, 0, { holder });
      for (const of of [made, other]) {
        await fails(
          administer(world, of, 0, { holder, commitment: ethers.id("x") }),
          lots,
          "DoseHolderUsed",
          holder,
        );
      }
      await administer(world, other, 0, { holder: holderOf(6) });
      expect(await booksOf(world, made, CLINIC)).to.eql([9, 1]);
    });
    it("reverts with StockSpanWrong for a unit, a serial or a proof", async () => {
      const { world, lots, made, lot } = await load(plain, 10);
      const wrong = [
        [dose(made, 0, { unit: 1 }), [], 1],
        [dose(made, 0, { saltedSerial: ethers.id("serial") }), [], 0],
        [dose(made, 0), [ZeroHash], 0],
      ] as const;
      for (const [given, proof, unit] of wrong) {
        await fails(give(world, given, proof), lots, "StockSpanWrong", lot, 1, unit, unit);
      }
    });
  });

  describe("when a vial has several doses", () => {
    const OPEN = polio.openFor * 60;
    it("proves each dose by the vial's serial, and the next vials of the group by the short proof", async () => {
      const { world, lots, made, lot } = await load(polio, 640);
      const short = (unit: number) =>
        give(world, dose(made, unit), made.tree.shortProof(Math.floor(unit / 10)));
      await administer(world, made, 3);
      expect(made.tree.shortProof(0).length).to.equal(2);
      for (const unit of [0, 9, 10, 39]) await short(unit);
      await fails(short(40), lots, "SerialUnknown", lot, 40, made.tree.saltedSerial(4));
      await administer(world, made, 40);
      await fails(short(9), lots, "SerialSpent", lot, 9);
      // The vial's own proof for a dose of the next one.
      const next = give(world, dose(made, 11, { saltedSerial: made.tree.saltedSerial(0) }), proofOf(made, 0));
      await fails(next, lots, "SerialUnknown", lot, 11, made.tree.saltedSerial(0));
      expect(await booksOf(world, made, CLINIC)).to.eql([634, 6]);
      const spent = await Promise.all([3, 4, 9, 10, 11, 39, 40, 41].map((unit) => lots.isSpent(lot, unit)));
      expect(spent).to.eql([true, false, true, true, false, true, true, false]);
    });
    it("takes the last second after opening, and reverts with SerialOpenTooLong at the next", async () => {
      const { world, lots, made, lot } = await load(polio, 640);
      const opened = (await now()) + 100;
      await at(opened);
      await administer(world, made, 0);
      await at(opened + OPEN);
      await administer(world, made, 1);
      await at(opened + OPEN + 1);
      await fails(administer(world, made, 2), lots, "SerialOpenTooLong", lot, 2, opened, 360);
      await administer(world, made, 2, { administeredAt: opened + OPEN });
    });
    it("opens each vial by itself, by the second of its first dose", async () => {
      const { world, lots, made, lot } = await load(polio, 640);
      const first = (await now()) + 100;
      // Vials 0, 1, 7 and 8: the first word of openings, its ends, and the next word.
      for (const [i, vial] of [0, 1, 7, 8].entries()) {
        await at(first + 100 * i);
        await administer(world, made, vial * 10);
      }
      for (const [i, vial] of [0, 1, 7, 8].entries()) {
        const opened = first + 100 * i;
        await at(opened + OPEN);
        await administer(world, made, vial * 10 + 1);
        await at(opened + OPEN + 1);
        const late = administer(world, made, vial * 10 + 2);
        await fails(late, lots, "SerialOpenTooLong", lot, vial * 10 + 2, opened, 360);
      }
      await administer(world, made, 20);
    });
    it("counts from the dose that was recorded first, also where an earlier one is entered later", async () => {
      const { world, lots, made, lot } = await load(polio, 640);
      const recorded = (await now()) + DAY;
      await at(recorded);
      await administer(world, made, 0);
      await administer(world, made, 1, { administeredAt: recorded - 3_600 });
      await at(recorded + OPEN);
      await administer(world, made, 2);
      await at(recorded + OPEN + 1);
      await fails(administer(world, made, 3), lots, "SerialOpenTooLong", lot, 3, recorded, 360);
    });
  });

  describe("when it is entered afterwards", () => {
    it("takes 72 hours back to the second, now, and the second of administration in the event", async () => {
      const { world, lots, made, lot } = await load();
      const second = (await now()) + 4 * DAY;
      for (const [unit, back] of [OUTAGE_MAX, 1, 0].entries()) {
        await at(second + unit);
        const administeredAt = second + unit - back;
        const sent = administer(world, made, unit, { administeredAt });
        const word = spanWord(unit, 1, administeredAt);
        await emits(sent, lots, "DosesAdministered", lot, ...CLINIC, nora.key, word);
      }
    });
    it("reverts with DoseTermInvalid for the future, and for a second more than 72 hours back", async () => {
      const { world, lots, made, lot } = await load();
      const second = (await now()) + 4 * DAY;
      for (const [i, ahead] of [1, -OUTAGE_MAX - 1].entries()) {
        await at(second + i);
        const sent = administer(world, made, 0, { administeredAt: second + i + ahead });
        await fails(sent, lots, "DoseTermInvalid", lot, field("administeredAt"));
      }
    });
  });

  describe("when it is relayed", () => {
    it("takes the vaccinator's signature from the member's SUBMIT operator, and logs the vaccinator", async () => {
      const { world, lots, made, lot } = await load();
      const given = dose(made, 0);
      const second = (await now()) + 100;
      const signed = await signedBy(world, given, nora, second);
      await at(second);
      const sent = give(world, given, proofOf(made, 0), clinicSystem, signed);
      await emits(sent, lots, "DosesAdministered", lot, ...CLINIC, nora.key, spanWord(0, 1, second));
    });
    it("reverts for a signature over any other term, key, chain or contract", async () => {
      const { world, lots, made } = await load();
      const given = dose(made, 0);
      const changes: Partial<Dose>[] = [
        { lot: ethers.id("another lot") },
        { member: depotNorth },
        { site: 2 },
        { unit: 1 },
        { saltedSerial: made.tree.saltedSerial(1) },
        { holder: holderOf(9) },
        { commitment: ethers.id("another") },
        { seriesDose: 2 },
        { administeredAt: START },
      ];
      const wrong: Signed[] = [];
      for (const change of changes) wrong.push(await signedBy(world, { ...given, ...change }));
      for (const key of [{ x: ethers.id("x") }, { prefix: "0x03" }, { viewTag: "0x00" }]) {
        wrong.push(await signedBy(world, given, nora, START + DAY, { ...EPHEMERAL, ...key }));
      }
      for (const domain of FOREIGN_DOMAINS) {
        wrong.push(await signedBy(world, given, nora, START + DAY, EPHEMERAL, domain));
      }
      wrong.push({ ...(await signedBy(world, given)), deadline: START + DAY - 1 });
      for (const signed of wrong) {
        const sent = give(world, given, proofOf(made, 0), clinicSystem, signed);
        await expect(sent).to.be.revertedWithCustomError(lots, "DutyNotHeld");
      }
      expect(wrong.length).to.equal(17);
      const broken = give(world, given, proofOf(made, 0), clinicSystem, { ...SENT, deadline: START + DAY });
      await fails(broken, lots, "SignatureMalformed");
    });
    it("reverts with SignatureExpired after the deadline, and SignatureDeadlineTooFar beyond 72 hours", async () => {
      const { world, lots, made } = await load();
      const given = dose(made, 0);
      const second = (await now()) + 100;
      const old = await signedBy(world, given, nora, second);
      await at(second + 1);
      await fails(give(world, given, proofOf(made, 0), clinicSystem, old), lots, "SignatureExpired", second);
      const latest = second + 10 + OUTAGE_MAX;
      const far = await signedBy(world, given, nora, latest + 1);
      await at(second + 10);
      const sent = give(world, given, proofOf(made, 0), clinicSystem, far);
      await fails(sent, lots, "SignatureDeadlineTooFar", latest + 1, latest);
      await at(second + 11);
      await give(world, given, proofOf(made, 0), clinicSystem, far);
    });
    it("reverts with DutyNotHeld for a relay that does not submit for the member, and for a signer that does not vaccinate", async () => {
      const { world, lots, made } = await load();
      const given = dose(made, 0);
      const signed = await signedBy(world, given);
      for (const who of [people.stranger, nora, people.depotSystem, people.clinicStock]) {
        const sent = give(world, given, proofOf(made, 0), who, signed);
        await fails(sent, lots, "DutyNotHeld", harbourClinic, who.key, Duty.SUBMIT);
      }
      for (const who of [people.stranger, clinicSystem, people.clinicStock, people.anna]) {
        const sent = give(world, given, proofOf(made, 0), clinicSystem, await signedBy(world, given, who));
        await fails(sent, lots, "DutyNotHeld", harbourClinic, who.key, Duty.VACCINATE);
      }
    });
    it("reverts with SerialSpent or DoseHolderUsed when the signature is sent again", async () => {
      const { world, lots, made, lot } = await load();
      const bulk = await atClinic(world, plain, 10, "LOT-2");
      const [one, two] = [dose(made, 0), dose(bulk, 0)];
      const [first, second] = [await signedBy(world, one), await signedBy(world, two)];
      const again = async () => [
        await give(world, one, proofOf(made, 0), clinicSystem, first),
        await give(world, two, [], clinicSystem, second),
      ];
      await again();
      await fails(give(world, one, proofOf(made, 0), clinicSystem, first), lots, "SerialSpent", lot, 0);
      await fails(give(world, two, [], clinicSystem, second), lots, "DoseHolderUsed", two.holder);
    });
  });

  describe("when the caller may not vaccinate at an open site", () => {
    it("reverts with DutyNotHeld, also for the member's other people", async () => {
      const { world, made } = await load();
      const { clinicStock, clinicQuality, clinicAdmin, anna } = people;
      await refusesOthers(
        world,
        harbourClinic,
        Duty.VACCINATE,
        async (who) => await give(world, dose(made, 0), proofOf(made, 0), who),
        clinicStock,
        clinicQuality,
        clinicAdmin,
        clinicSystem,
        anna,
      );
    });
    it("reverts with DutySuspended or DutySuspendedForMember once a regulator suspended it", async () => {
      const { world, made } = await load();
      const act = async (who: Actor) => await give(world, dose(made, 0), proofOf(made, 0), who);
      await refusesSuspended(world, harbourClinic, Duty.VACCINATE, act, nora);
    });
    it("reverts with DutyLicenceLapsed after the licence", async () => {
      const { world, lots, made } = await load();
      const throughDay = Math.floor((await now()) / DAY);
      const licenser = as(world.registry, people.agencyLicenser);
      const licence = { member: harbourClinic, operator: nora.key, duties: Duty.VACCINATE, throughDay };
      await licenser.license(drugAgency, licence);
      await at((throughDay + 1) * DAY - 1);
      await administer(world, made, 0);
      await at((throughDay + 1) * DAY);
      const args = [harbourClinic, nora.key, Duty.VACCINATE, throughDay];
      await fails(administer(world, made, 1), lots, "DutyLicenceLapsed", ...args);
      await licenser.license(drugAgency, { ...licence, throughDay: LICENSED_THROUGH });
      await administer(world, made, 1);
    });
    it("reverts with StockSiteNotOpen where the site is closed or unknown", async () => {
      const { world, lots, made } = await load();
      for (const site of [0, 2]) {
        await fails(administer(world, made, 0, { site }), lots, "StockSiteNotOpen", harbourClinic, site);
      }
      await as(world.registry, people.clinicAdmin).closeSite(...CLINIC);
      await fails(administer(world, made, 0), lots, "StockSiteNotOpen", ...CLINIC);
    });
  });

  describe("when a term is missing", () => {
    it("reverts with DoseTermInvalid naming it", async () => {
      const { world, lots, made, lot } = await load();
      const wrong: [string, Partial<Dose>][] = [
        ["holder", { holder: ZeroAddress }],
        ["commitment", { commitment: ZeroHash }],
        ["seriesDose", { seriesDose: 0 }],
      ];
      for (const [name, change] of wrong) {
        await fails(administer(world, made, 0, change), lots, "DoseTermInvalid", lot, field(name));
      }
      await administer(world, made, 0, { seriesDose: 255 });
    });
    it("reverts with DoseEphemeralKeyInvalid for what is no compressed point", async () => {
      const { lots, made, vaccinator } = await load();
      const given = dose(made, 0);
      const wrong = [
        { x: ZeroHash },
        ...["0x00", "0x01", "0x04", "0x82", "0xff"].map((prefix) => ({ prefix })),
      ];
      for (const change of wrong) {
        const key = { ...EPHEMERAL, ...change };
        const sent = vaccinator.administer(given, key, proofOf(made, 0), SENT);
        await fails(sent, lots, "DoseEphemeralKeyInvalid", given.holder);
      }
    });
  });

  describe("given the lot may not be used", () => {
    it("reverts with LotUnknown or LotStatusWrong", async () => {
      for (const way of ways) await refusesUnreleased(way);
    });
    it("reverts with LotIsRecalled, but takes what came before the recall", async () => {
      for (const way of ways) await refusesRecalled(way);
    });
    it("reverts with LotExpired from the first second after the last day, but takes what came before", async () => {
      for (const way of ways) await refusesExpired(way);
    });
    it("reverts with LotUsedOtherwise for what is dispensed", async () => {
      const world = await freshWorld();
      for (const of of [tablets, pens, discreet]) {
        const made = await atClinic(world, of, 64);
        await fails(administer(world, made, 0), world.lots, "LotUsedOtherwise", made.id);
      }
    });
  });

  describe("given the stock may not be used", () => {
    it("reverts with StockInQuarantine", async () => {
      for (const way of ways) await refusesQuarantined(way);
    });
    it("reverts with StockInQuarantine also for what was used before a recall that was answered since", async () => {
      for (const way of ways) await refusesAnswered(way);
    });
    it("reverts with StockExcursion beyond the budget", async () => {
      await refusesExcursion(serial, COLD.serial);
    });
    it("reverts with StockInsufficient where nothing is, and for the unit after the last", async () => {
      const { world, lots, made, lot } = await load(plain, 2);
      await administer(world, made, 0, { holder: holderOf(0) });
      await administer(world, made, 0, { holder: holderOf(1) });
      const third = administer(world, made, 0, { holder: holderOf(2) });
      await fails(third, lots, "StockInsufficient", lot, ...CLINIC, 0, 1);
      const elsewhere = await release(world, flu, 64, "LOT-2");
      await move(world, elsewhere, 64);
      const none = administer(world, elsewhere, 0);
      await fails(none, lots, "StockInsufficient", elsewhere.id, ...CLINIC, 0, 1);
    });
    it("reverts with StockElsewhere for a serial of another site, and for one of a stored range that is not named", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, flu, 128);
      const part = (first: number, count: number) => ({
        lines: [line(made, count, first, { origin: true })],
      });
      await move(world, made, 10, { ...toClinic, ...part(0, 10) });
      await move(world, made, 10, part(10, 10));
      await move(world, made, 10, { ...toClinic, ...part(20, 10) });
      const refused: [number, number][] = [
        [10, 0],
        [19, 20],
        [15, 10],
        [25, 0],
        [25, 21],
        [30, 20],
        [127, 20],
      ];
      for (const [unit, range] of refused) {
        const sent = administer(world, made, unit, { range });
        await fails(sent, lots, "StockElsewhere", made.id, ...CLINIC, unit, unit + 1);
      }
      for (const unit of [20, 25, 29]) await administer(world, made, unit, { range: 20 });
      // Within the stock's own range any range does.
      await administer(world, made, 9, { range: 77 });
      expect(await booksOf(world, made, CLINIC)).to.eql([16, 4]);
    });
  });

  describe("when a thief tries", () => {
    it("reverts with SerialSpent for a serial that is used, wasted or lost", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, flu, 128);
      const sent = await ship(world, goods(made, 128, { ...toClinic, sscc: sscc(1) }));
      await receive(world, sent, [{ damaged: 1, missing: 1, refused: 0, indices: [4, 5] }]);
      const keeper = as(lots, people.clinicStock);
      await keeper.writeOff(made.id, ...CLINIC, Pocket.onHand, Loss.wasted, 1, [6], 0, ZeroHash);
      await administer(world, made, 3);
      for (const unit of [3, 4, 5, 6]) {
        const other = { holder: holderOf(99), commitment: ethers.id("another person") };
        await fails(administer(world, made, unit, other), lots, "SerialSpent", made.id, unit);
      }
      expect(await booksOf(world, made, CLINIC)).to.eql([124, 1]);
    });
    it("reverts with SerialUnknown for a forged proof", async () => {
      const { world, lots, made, lot } = await load(flu, 200);
      const { tree } = made;
      const whole = tree.proof(0);
      const forged: [string, string, readonly string[]][] = [
        ["none", tree.saltedSerial(0), []],
        ["one too few of the short one", tree.saltedSerial(0), tree.shortProof(0).slice(1)],
        ["one too few", tree.saltedSerial(0), whole.slice(0, -1)],
        ["one too many", tree.saltedSerial(0), [...whole, ZeroHash]],
        ["the root behind", tree.saltedSerial(0), [...whole, tree.root]],
        ["another's", tree.saltedSerial(0), tree.proof(64)],
        ["another salt", tree.saltedSerial(1), whole],
        ["no salt", ZeroHash, whole],
        // An inner node in the place of the serial, with what stands beside it, filled up to a length that passes.
        ["a node", whole[1] ?? "", whole.slice(1)],
        ["a node and more", whole[1] ?? "", [...whole.slice(1), ZeroHash]],
        ["the root itself", tree.root, Array.from({ length: 6 }, () => ZeroHash)],
        ["turned round", tree.saltedSerial(0), whole.toReversed()],
      ];
      const refusesAll = async () => {
        for (const [what, saltedSerial, proof] of forged) {
          const sent = give(world, dose(made, 0, { saltedSerial }), proof);
          await fails(sent, lots, "SerialUnknown", lot, 0, saltedSerial).catch((error: unknown) => {
            throw new Error(what, { cause: error });
          });
        }
      };
      await refusesAll();
      // Once the group is known, too.
      await administer(world, made, 1);
      await refusesAll();
      expect(await lots.isSpent(lot, 0)).to.equal(false);
    });
    it("reverts with SerialUnknown for another lot's serial, and for the same serial as another unit", async () => {
      const { world, lots, made, lot } = await load();
      const other: Made = await atClinic(world, flu, 128, "LOT-2");
      const salted = other.tree.saltedSerial(0);
      const foreign = give(world, dose(made, 0, { saltedSerial: salted }), other.tree.proof(0));
      await fails(foreign, lots, "SerialUnknown", lot, 0, salted);
      await administer(world, made, 1);
      await administer(world, other, 1);
      const short = give(world, dose(made, 0, { saltedSerial: salted }), other.tree.shortProof(0));
      await fails(short, lots, "SerialUnknown", lot, 0, salted);
      const own = made.tree.saltedSerial(1);
      for (const proof of [made.tree.proof(1), made.tree.shortProof(1)]) {
        const twice = give(world, dose(made, 3, { saltedSerial: own }), proof);
        await fails(twice, lots, "SerialUnknown", lot, 3, own);
      }
    });
  });

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, made } = await load();
      const act = async (who: Actor) => await give(world, dose(made, 0), proofOf(made, 0), who);
      await refusesPaused(world, act, nora);
    });
  });
});
