import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, START, as, at, ethers, now } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import { APPOINTED_UNTIL, LICENSED_THROUGH, type World } from "../core/world.ts";
import { stateOf } from "../prescriptions/support.ts";
import {
  EPHEMERAL,
  Member,
  NOTICE,
  Products,
  Recall,
  SENT,
  Site,
  dose,
  freshWorld,
  line,
  move,
  newProduct,
  people,
  release,
  stockArgument,
  type Made,
  type Taking,
} from "./support.ts";
import {
  COLD,
  booksOf,
  refusesAnswered,
  refusesExcursion,
  refusesExpired,
  refusesQuarantined,
  refusesRecalled,
  refusesUnreleased,
  type Way,
} from "./use.ts";
import { FILL, MARKET, atMarket, dispense, locked, takingOf, takingWord } from "./dispensing.ts";

describe("LotRegistry.takeDispensed", () => {
  const { sunPharmacy, drugAgency } = Member;
  const { tablets, pens, discreet, flu } = Products;
  const PEN = 300_000n;
  /** The Sun station branch. */
  const STATION = 2;

  const load = async (of = tablets, units = 100) => {
    const world = await freshWorld();
    const made = await atMarket(world, of, units);
    return { world, lots: world.lots, made, lot: made.id };
  };
  /** A prescription of so many pens, locked. */
  const pensFor = async (world: World, number: number, count = 1) => {
    const unitsPerFill = PEN * BigInt(count);
    const id = await locked(world, number, unitsPerFill);
    return {
      id,
      hand: async (takings: readonly Taking[], changes = {}) =>
        await dispense(world, stockArgument(...takings), { number, unitsPerFill, ...changes }),
    };
  };
  const counted: Way = {
    of: tablets,
    place: MARKET,
    prepare: locked,
    use: async (world, { id }, handedOverAt = 0) =>
      await dispense(world, stockArgument({ lot: id, units: 30 }), { handedOverAt }),
  };
  const serial: Way = {
    of: pens,
    place: MARKET,
    prepare: async (world) => await locked(world, 1, PEN),
    use: async (world, made, handedOverAt = 0) =>
      await dispense(world, stockArgument(takingOf(made, 0)), { unitsPerFill: PEN, handedOverAt }),
  };
  const ways = [counted, serial];

  describe("when a dispense names counted units", () => {
    it("emits LotDispensed with every value and moves them from hand to used", async () => {
      const { world, lots, made, lot } = await load();
      const id = await locked(world);
      const first = stockArgument({ lot, units: 10 });
      const sent = dispense(world, first, { units: 10_000n });
      await emits(sent, lots, "LotDispensed", lot, id, sunPharmacy, takingWord(first, 10));
      const rest = stockArgument({ lot, units: 20 });
      const next = dispense(world, rest, { units: 20_000n, ordinal: 2 });
      await emits(next, lots, "LotDispensed", lot, id, sunPharmacy, takingWord(rest, 20, 0, 2));
      expect(await booksOf(world, made, MARKET)).to.eql([70, 30]);
      const { stock } = await world.prescriptions.dispenseOf(id, 2);
      expect(stock).to.equal(ethers.dataSlice(ethers.keccak256(rest), 0, 11));
    });
    it("reverts with StockSpanWrong for a unit, a range or a serial", async () => {
      const { world, lots, lot } = await load();
      await locked(world);
      const wrong: [Partial<Taking>, number][] = [
        [{ firstUnit: 1 }, 1],
        [{ range: 1 }, 0],
        [{ saltedSerial: ethers.id("serial") }, 0],
      ];
      for (const [change, unit] of wrong) {
        const sent = dispense(world, stockArgument({ lot, units: 30, ...change }));
        await fails(sent, lots, "StockSpanWrong", lot, 30, unit, unit);
      }
    });
  });

  describe("when a dispense names serials", () => {
    it("emits LotDispensed with every value and spends them", async () => {
      const { world, lots, made, lot } = await load(pens, 128);
      const { id, hand } = await pensFor(world, 1, 2);
      const takings = [takingOf(made, 63), takingOf(made, 64)];
      const stock = stockArgument(...takings);
      const sent = hand(takings);
      for (const unit of [63, 64]) {
        await emits(sent, lots, "LotDispensed", lot, id, sunPharmacy, takingWord(stock, 1, unit));
      }
      const spent = await Promise.all([62, 63, 64, 65].map((unit) => lots.isSpent(lot, unit)));
      expect(spent).to.eql([false, true, true, false]);
      expect(await booksOf(world, made, MARKET)).to.eql([126, 2]);
      expect((await lots.stockOf(lot, ...MARKET)).broken).to.equal(true);
    });
    it("takes the next of a group with the short proof, and the first with the whole one alone", async () => {
      const { world, lots, made, lot } = await load(pens, 128);
      const { hand } = await pensFor(world, 1, 2);
      const short = (unit: number) => takingOf(made, unit, 1, { proof: made.tree.shortProof(unit) });
      const unknown = (unit: number) =>
        [lots, "SerialUnknown", lot, unit, made.tree.saltedSerial(unit)] as const;
      await fails(hand([short(0), takingOf(made, 1)]), ...unknown(0));
      await fails(hand([takingOf(made, 0), short(64)]), ...unknown(64));
      await hand([takingOf(made, 0), short(1)]);
    });
    it("takes units under one serial up to its last, and reverts with StockSpanWrong beyond", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const blister = newProduct({
        maker: Member.orbisPharma,
        vaccine: false,
        unitsPerSerial: 10,
        openFor: 60,
      });
      await as(lots, people.orbisQuality).proposeProduct(blister);
      await as(lots, people.releaser).approveProduct(blister, drugAgency);
      const made = await atMarket(world, blister, 640);
      const id = await locked(world);
      const of = (firstUnit: number, units: number) => stockArgument(takingOf(made, firstUnit, units));
      const wrong: [number, number][] = [
        [0, 11],
        [5, 6],
        [9, 2],
        [5, 10],
      ];
      for (const [first, units] of wrong) {
        const sent = dispense(world, of(first, units), { units: BigInt(units) * 1_000n });
        await fails(sent, lots, "StockSpanWrong", made.id, units, first, first);
      }
      const all = of(10, 10);
      const sent = dispense(world, all, { units: 10_000n });
      await emits(sent, lots, "LotDispensed", made.id, id, sunPharmacy, takingWord(all, 10, 10));
      await dispense(world, of(5, 5), { units: 5_000n, ordinal: 2 });
      const over = dispense(world, of(3, 3), { units: 3_000n, ordinal: 3 });
      await fails(over, lots, "SerialSpent", made.id, 3);
      await dispense(world, of(0, 5), { units: 5_000n, ordinal: 3 });
      const spent = await Promise.all([0, 9, 10, 19, 20].map((unit) => lots.isSpent(made.id, unit)));
      expect(spent).to.eql([true, true, true, true, false]);
      expect(await booksOf(world, made, MARKET)).to.eql([620, 20]);
    });
    it("opens a serial of several units, and reverts with SerialOpenTooLong after its time", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const bottle = newProduct({
        maker: Member.orbisPharma,
        vaccine: false,
        unitsPerSerial: 10,
        openFor: 60,
      });
      await as(lots, people.orbisQuality).proposeProduct(bottle);
      await as(lots, people.releaser).approveProduct(bottle, drugAgency);
      const made = await atMarket(world, bottle, 640);
      await locked(world);
      const opened = (await now()) + 100;
      const hand = async (firstUnit: number, ordinal: number, second: number) => {
        await at(second);
        return await dispense(world, stockArgument(takingOf(made, firstUnit)), { units: 1_000n, ordinal });
      };
      await hand(0, 1, opened);
      await hand(1, 2, opened + 3_600);
      const late = hand(2, 3, opened + 3_601);
      await fails(late, lots, "SerialOpenTooLong", made.id, 2, opened, 60);
      await hand(10, 3, opened + 3_602);
    });
  });

  describe("when a dispense names several lots", () => {
    it("takes each, counted ones and serials, and one lot twice", async () => {
      const { world, lots, made, lot } = await load();
      const other = await atMarket(world, tablets, 100, "LOT-2");
      const pen = await atMarket(world, pens, 64);
      const unitsPerFill = FILL + PEN;
      const id = await locked(world, 1, unitsPerFill);
      const takings = [{ lot, units: 5 }, takingOf(pen, 9), { lot: other.id, units: 15 }, { lot, units: 10 }];
      const stock = stockArgument(...takings);
      const sent = dispense(world, stock, { unitsPerFill });
      for (const each of takings) {
        const first = "firstUnit" in each ? each.firstUnit : 0;
        const word = takingWord(stock, each.units, first);
        await emits(sent, lots, "LotDispensed", each.lot, id, sunPharmacy, word);
      }
      expect(await booksOf(world, made, MARKET)).to.eql([85, 15]);
      expect(await booksOf(world, other, MARKET)).to.eql([85, 15]);
      expect(await booksOf(world, pen, MARKET)).to.eql([63, 1]);
    });
    it("takes eight rows", async () => {
      const { world, lots, made, lot } = await load();
      await locked(world);
      const rows = [...Array.from({ length: 7 }, () => ({ lot, units: 1 })), { lot, units: 23 }];
      const sent = await dispense(world, stockArgument(...rows));
      const found = await lots.queryFilter(lots.filters.LotDispensed(), sent.blockNumber ?? undefined);
      expect(found.map(({ args }) => Number((args.taking >> 24n) & 0xffffffffn))).to.eql([
        1, 1, 1, 1, 1, 1, 1, 23,
      ]);
      expect(await booksOf(world, made, MARKET)).to.eql([70, 30]);
    });
    it("takes nothing when one of them may not be used", async () => {
      const { world, lots, made, lot } = await load();
      const { prescriptions } = world;
      const other = await atMarket(world, tablets, 100, "LOT-2");
      const pen = await atMarket(world, pens, 64);
      const unitsPerFill = FILL + PEN;
      const id = await locked(world, 1, unitsPerFill);
      await as(lots, people.agencyRecall).recallLot(other.id, drugAgency, Recall.classI, NOTICE);
      const recalledAt = await now();
      const takings = [{ lot, units: 20 }, takingOf(pen, 0), { lot: other.id, units: 10 }];
      const sent = dispense(world, stockArgument(...takings), { unitsPerFill });
      await fails(sent, lots, "LotIsRecalled", other.id, recalledAt);
      expect(await booksOf(world, made, MARKET)).to.eql([100, 0]);
      expect(await booksOf(world, pen, MARKET)).to.eql([64, 0]);
      expect(await lots.isSpent(pen.id, 0)).to.equal(false);
      const state = await stateOf(world, id);
      expect([state.dispenses, state.unitsLeft]).to.eql([0, unitsPerFill]);
      expect((await prescriptions.dispenseOf(id, 1)).member).to.equal(0n);
    });
  });

  describe("when a dispense names a salted link", () => {
    it("emits DispenseLinked and takes nothing", async () => {
      const { world, lots, made } = await load(discreet);
      const id = await locked(world);
      const link = ethers.id("opening of a salted link");
      const sent = dispense(world, link);
      await emits(sent, lots, "DispenseLinked", id, ...MARKET, 1, link);
      await expect(sent).not.to.emit(lots, "LotDispensed");
      expect(await booksOf(world, made, MARKET)).to.eql([100, 0]);
    });
  });

  describe("when the lots do not make up what is dispensed", () => {
    it("reverts with DispenseStockMismatch for less and for more", async () => {
      const { world, lots, made, lot } = await load();
      const pen = await atMarket(world, pens, 64);
      const id = await locked(world);
      const wrong: [Taking[], bigint][] = [
        [[{ lot, units: 29 }], 29_000n],
        [[{ lot, units: 31 }], 31_000n],
        [
          [
            { lot, units: 20 },
            { lot, units: 9 },
          ],
          29_000n,
        ],
        [[{ lot, units: 30 }, takingOf(pen, 0)], FILL + PEN],
        [[takingOf(pen, 0)], PEN],
      ];
      for (const [takings, named] of wrong) {
        const sent = dispense(world, stockArgument(...takings));
        await fails(sent, lots, "DispenseStockMismatch", id, FILL, named);
      }
      const fraction = dispense(world, stockArgument({ lot, units: 30 }), { units: 29_999n });
      await fails(fraction, lots, "DispenseStockMismatch", id, 29_999n, FILL);
      expect(await booksOf(world, made, MARKET)).to.eql([100, 0]);
      expect(await lots.isSpent(pen.id, 0)).to.equal(false);
    });
  });

  describe("when the stock argument is malformed", () => {
    it("reverts with DispenseStockMalformed", async () => {
      const { world, lots, lot } = await load();
      const pen = await atMarket(world, pens, 64);
      const unitsPerFill = PEN;
      const id = await locked(world, 2, unitsPerFill);
      const row = stockArgument({ lot, units: 30 });
      const good = stockArgument(takingOf(pen, 0));
      const taking = takingOf(pen, 0);
      const headWith = (serial: bigint, ...rest: string[]) =>
        ethers.concat([pen.id, ethers.toBeHex(1n | (serial << 96n), 32), ...rest]);
      const salted = taking.saltedSerial ?? "";
      const proof = [...(taking.proof ?? [])];
      const wrong: Record<string, string> = {
        "one byte": "0x00",
        "31 bytes": ethers.dataSlice(row, 0, 31),
        "33 bytes": ethers.dataSlice(row, 0, 33),
        "63 bytes": ethers.dataSlice(row, 0, 63),
        "65 bytes": `${row}00`,
        "a row and a half": `${row}${row.slice(2, 66)}`,
        "nine rows": ethers.concat(Array.from({ length: 9 }, () => stockArgument({ lot, units: 1 }))),
        "a serial's row cut": ethers.dataSlice(good, 0, ethers.dataLength(good) - 1),
        "a serial's row without its last sibling": ethers.dataSlice(good, 0, ethers.dataLength(good) - 32),
        "a serial's row and more": ethers.concat([good, ZeroHash]),
        "a serial without its salted hash": headWith(0x100n),
        "a proof without a serial": headWith(BigInt(proof.length), salted, ...proof),
        "a serial of another kind": headWith(0x200n | BigInt(proof.length), salted, ...proof),
        "bits above": headWith((1n << 159n) | 0x100n | BigInt(proof.length), salted, ...proof),
      };
      for (const [what, stock] of Object.entries(wrong)) {
        const sent = dispense(world, stock, { number: 2, unitsPerFill });
        await fails(sent, lots, "DispenseStockMalformed", id).catch((error: unknown) => {
          throw new Error(what, { cause: error });
        });
      }
      await dispense(world, good, { number: 2, unitsPerFill });
    });
  });

  describe("when anybody else calls", () => {
    it("reverts with DispenseCallerOnly", async () => {
      const { lots, made, lot } = await load();
      const stock = stockArgument({ lot, units: 30 });
      const { stranger, anna, sunTill, sunStock, governance, deployer } = people;
      for (const who of [stranger, anna, sunTill, sunStock, governance, deployer]) {
        const sent = as(lots, who).takeDispensed(ethers.id("prescription"), 1, ...MARKET, FILL, START, stock);
        await fails(sent, lots, "DispenseCallerOnly", who.address);
      }
      expect((await lots.stockOf(made.id, ...MARKET)).used).to.equal(0n);
    });
  });

  describe("given the lot may not be used", () => {
    it("reverts with LotUnknown or LotStatusWrong", async () => {
      for (const way of ways) await refusesUnreleased(way);
    });
    it("reverts with LotIsRecalled, but takes what was handed over before the recall", async () => {
      for (const way of ways) await refusesRecalled(way);
    });
    it("reverts with LotExpired from the first second after the last day, but takes what was handed over before", async () => {
      for (const way of ways) await refusesExpired(way);
    });
    it("reverts with LotUsedOtherwise for a discreet lot", async () => {
      const { world, lots, lot } = await load(discreet);
      await locked(world);
      const sent = dispense(world, stockArgument({ lot, units: 30 }));
      await fails(sent, lots, "LotUsedOtherwise", lot);
    });
  });

  describe("given the stock may not be used", () => {
    it("reverts with StockInQuarantine, also for what was handed over before a recall that was answered since", async () => {
      for (const way of ways) await refusesQuarantined(way);
      for (const way of ways) await refusesAnswered(way);
    });
    it("reverts with StockExcursion beyond the budget", async () => {
      await refusesExcursion(counted, COLD.counted);
    });
    it("reverts with StockInsufficient at another site, for the unit after the last, and for none", async () => {
      const { world, lots, lot } = await load(tablets, 30);
      await locked(world, 1, FILL, STATION);
      const stock = stockArgument({ lot, units: 30 });
      const station = dispense(world, stock, { site: STATION });
      await fails(station, lots, "StockInsufficient", lot, sunPharmacy, STATION, 0, 30);
      await locked(world, 2, 31_000n);
      const over = dispense(world, stockArgument({ lot, units: 31 }), { number: 2, unitsPerFill: 31_000n });
      await fails(over, lots, "StockInsufficient", lot, ...MARKET, 30, 31);
      await locked(world, 3);
      const none = dispense(world, stockArgument({ lot, units: 30 }, { lot, units: 0 }), { number: 3 });
      await fails(none, lots, "StockInsufficient", lot, ...MARKET, 0, 0);
      // Two rows of one lot take more than is there.
      const twice = dispense(world, stockArgument({ lot, units: 20 }, { lot, units: 11 }), {
        number: 2,
        unitsPerFill: 31_000n,
      });
      await fails(twice, lots, "StockInsufficient", lot, ...MARKET, 10, 11);
      await dispense(world, stock, { number: 3 });
    });
    it("reverts with StockElsewhere for a serial of another site, and for one of a stored range that is not named", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, pens, 64);
      const part = (first: number, toSite: number) => ({
        to: sunPharmacy,
        toSite,
        lines: [line(made, 10, first, { origin: true })],
      });
      await move(world, made, 10, part(0, Site.sunMarket));
      await move(world, made, 10, part(10, STATION));
      await move(world, made, 10, part(20, Site.sunMarket));
      const { hand } = await pensFor(world, 1);
      for (const [unit, range] of [
        [10, 0],
        [15, 10],
        [25, 0],
        [30, 20],
      ] as const) {
        const sent = hand([takingOf(made, unit, 1, { range })]);
        await fails(sent, lots, "StockElsewhere", made.id, ...MARKET, unit, unit + 1);
      }
      await hand([takingOf(made, 25, 1, { range: 20 })]);
    });
  });

  describe("when a thief tries", () => {
    it("reverts with SerialSpent for a serial twice in one dispense, and in a second one", async () => {
      const { world, lots, made, lot } = await load(pens, 64);
      const two = await pensFor(world, 1, 2);
      const twice = two.hand([takingOf(made, 5), takingOf(made, 5)]);
      await fails(twice, lots, "SerialSpent", lot, 5);
      await two.hand([takingOf(made, 5), takingOf(made, 6)]);
      const other = await pensFor(world, 2);
      for (const unit of [5, 6]) {
        await fails(other.hand([takingOf(made, unit)]), lots, "SerialSpent", lot, unit);
      }
      expect(await booksOf(world, made, MARKET)).to.eql([62, 2]);
    });
    it("reverts with SerialSpent across dispense and administration, either way", async () => {
      const { world, lots, made, lot } = await load(flu, 64);
      // Nurse Nora works at the pharmacy too.
      const duties = Duty.VACCINATE;
      const operator = people.nora.key;
      await as(world.registry, people.sunAdmin).appoint(sunPharmacy, {
        operator,
        duties,
        until: APPOINTED_UNTIL,
      });
      const licence = { member: sunPharmacy, operator, duties, throughDay: LICENSED_THROUGH };
      await as(world.registry, people.agencyLicenser).license(drugAgency, licence);
      const give = async (unit: number) => {
        const given = dose(made, unit, { member: sunPharmacy, site: Site.sunMarket });
        return await as(lots, people.nora).administer(given, EPHEMERAL, made.tree.proof(unit), SENT);
      };
      const hand = async (unit: number) =>
        await dispense(world, stockArgument(takingOf(made, unit)), { unitsPerFill: 1_000n });
      await locked(world, 1, 1_000n);
      await give(1);
      await fails(hand(1), lots, "SerialSpent", lot, 1);
      await hand(0);
      await fails(give(0), lots, "SerialSpent", lot, 0);
      expect(await booksOf(world, made, MARKET)).to.eql([62, 2]);
    });
    it("reverts with SerialUnknown for a forged proof", async () => {
      const { world, lots, made, lot } = await load(pens, 128);
      const other: Made = await atMarket(world, pens, 128, "LOT-2");
      const { hand } = await pensFor(world, 1);
      const { tree } = made;
      const whole = tree.proof(0);
      const forged: Partial<Taking>[] = [
        { proof: [] },
        { proof: whole.slice(0, -2) },
        { proof: tree.shortProof(0) },
        { proof: [...whole, ZeroHash] },
        { proof: Array.from({ length: 255 }, () => ZeroHash) },
        { proof: tree.proof(1) },
        { saltedSerial: tree.saltedSerial(1) },
        { saltedSerial: ZeroHash },
        { saltedSerial: whole[1] ?? "", proof: [...whole.slice(1), ZeroHash] },
        { saltedSerial: other.tree.saltedSerial(0), proof: other.tree.proof(0) },
      ];
      for (const change of forged) {
        const taking = takingOf(made, 0, 1, change);
        await fails(hand([taking]), lots, "SerialUnknown", lot, 0, taking.saltedSerial);
      }
      // A row that names no serial at all.
      await fails(hand([{ lot, units: 1 }]), lots, "SerialUnknown", lot, 0, ZeroHash);
      await hand([takingOf(made, 0)]);
    });
  });

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, but lets through what names no stock", async () => {
      const { world, lots, lot } = await load();
      await locked(world);
      await as(lots, people.emergency).pause(START + DAY);
      for (const stock of [stockArgument({ lot, units: 30 }), ethers.id("link")]) {
        await fails(dispense(world, stock), lots, "DomainIsPaused", START + DAY);
      }
      await dispense(world, "0x");
    });
  });
});
