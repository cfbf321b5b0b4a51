import { expect } from "chai";
import fc from "fast-check";

import { DAY, HOUR, as, at, ethers, now as latest, type Actor } from "../core/chain.ts";
import type { World } from "../core/world.ts";
import {
  CERTIFICATE,
  EPHEMERAL,
  Loss,
  Member,
  NOTICE,
  Pocket,
  Products,
  Purpose,
  Reason,
  Recall,
  SENT,
  Site,
  dose,
  freshWorld,
  holderOf,
  people,
  proofOf,
  register,
  sessionDose,
  sscc,
  type Goods as Consignment,
  type Made,
} from "../supply/support.ts";
import { lotDomain } from "./replay/lots.ts";
import {
  act,
  emptyStock,
  indicesOf,
  spanOf,
  unspent,
  type Act,
  type Goods,
  type Lot,
  type Model,
  type Run,
} from "./supplyModel.ts";

const RUNS = Number(process.env["INVARIANT_RUNS"] ?? 6);
const SEED = Number(process.env["INVARIANT_SEED"] ?? 20_262);
const LONGEST_SCRIPT = 60;

// ── the model's words on chain ─────────────────────────────────────────────────────────────────────────────────────

type Spot = { readonly member: number; readonly site: number; readonly keeper: Actor };
const spots: readonly Spot[] = [
  { member: Member.novaVaccines, site: Site.novaPlant, keeper: people.novaStock },
  { member: Member.orbisPharma, site: Site.orbisPlant, keeper: people.orbisStock },
  { member: Member.depotNorth, site: Site.depotCold, keeper: people.depotStock },
  { member: Member.depotNorth, site: Site.depotDry, keeper: people.depotStock },
  { member: Member.harbourClinic, site: Site.clinicFridge, keeper: people.clinicStock },
  { member: Member.sunPharmacy, site: Site.sunMarket, keeper: people.sunStock },
];
const CLINIC = 4;
const UNITS = 96;
const products = [Products.flu, Products.plain, Products.tablets] as const;
const makers = [0, 0, 1] as const;

type Stage = { readonly world: World; readonly made: readonly Made[]; readonly model: Model };

const stage = async (): Promise<Stage> => {
  const world = await freshWorld();
  const made: Made[] = [];
  for (const product of products) {
    const one = await register(world, product, UNITS, "NETWORK");
    await as(world.lots, people.releaser).releaseLot(one.id, Member.drugAgency, CERTIFICATE);
    made.push(one);
  }
  const lots = products.map(({ serialised, vaccine }, i): Lot => ({
    serialised,
    vaccine,
    units: UNITS,
    maker: makers[i]!,
    recalled: false,
    origin: UNITS,
    spent: new Set(),
    stocks: spots.map(emptyStock),
  }));
  return { world, made, model: { now: await latest(), lots, goods: [] } };
};

// ── scripts ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A step before it is named by what stands: numbers to choose with, and how wrong it is. */
type Step = {
  readonly do: Act["do"];
  readonly after: number;
  readonly lot: number;
  readonly place: number;
  readonly to: number;
  readonly pick: number;
  readonly count: number;
  readonly flag: boolean;
  readonly seldom: boolean;
};

const kinds: readonly (readonly [weight: number, kind: Act["do"]])[] = [
  [14, "ship"],
  [14, "receive"],
  [4, "takeBack"],
  [1, "declareLost"],
  [10, "administer"],
  [5, "session"],
  [6, "writeOff"],
  [4, "quarantine"],
  [5, "release"],
  [3, "recall"],
  [6, "endRecall"],
  [5, "acknowledge"],
];
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(...kinds.map(([weight, kind]) => ({ weight, arbitrary: fc.constant(kind) }))),
  after: fc.constantFrom(1, 1, 60, HOUR, HOUR, 4 * DAY, 31 * DAY),
  lot: fc.constantFrom(0, 0, 0, 1, 1, 2),
  place: fc.nat({ max: spots.length - 1 }),
  to: fc.constantFrom(0, 1, 2, 3, CLINIC, CLINIC, CLINIC, 5),
  pick: fc.nat({ max: 1_000 }),
  count: fc.constantFrom(1, 1, 2, 3, 8, 16, 40),
  flag: fc.boolean(),
  seldom: fc.nat({ max: 11 }).map((n) => n === 11),
});

/** Scripts begin with stock at the clinic and a depot, or they would spend themselves on refusals. */
const script = fc
  .array(step, { minLength: 25, maxLength: LONGEST_SCRIPT, size: "max" })
  .map((rest): Step[] => {
    const base = { after: 1, pick: 0, flag: true, seldom: false };
    const begun = [0, 1].flatMap((lot): Step[] =>
      [CLINIC, 2].flatMap((to): Step[] => [
        { ...base, do: "ship", lot, place: 0, to, count: 40 },
        { ...base, do: "receive", lot, place: 0, to, count: 0, flag: false },
      ]),
    );
    return [...begun, ...rest];
  });

/** A run of serials at a place, or seldom anywhere; of counted goods, a number. */
const runAt = (lot: Lot, place: number, { pick, count, seldom }: Step): Run => {
  if (!lot.serialised) return { first: 0, count };
  const stock = lot.stocks[place]!;
  const spans = [...(stock.own === undefined ? [] : [stock.own]), ...stock.others];
  const span = spans[pick % Math.max(spans.length, 1)];
  if (span === undefined || seldom) return { first: pick % UNITS, count };
  const first = span.first + (pick % (span.end - span.first));
  return { first, count: Math.min(count, span.end - first) };
};

/** The same, of serials that are not spent, unless seldom. */
const freshRunAt = (lot: Lot, place: number, one: Step): Run => {
  const run = runAt(lot, place, one);
  if (!lot.serialised || one.seldom) return run;
  const [first = run.first, ...rest] = unspent(lot, run);
  const adjacent = rest.findIndex((unit, i) => unit !== first + i + 1);
  return { first, count: 1 + (adjacent === -1 ? rest.length : adjacent) };
};

/** The place that has something of the lot, from the one asked on. */
const stocked = (lot: Lot, from: number, pocket: "onHand" | "quarantined"): number => {
  const places = spots.map((_, i) => (from + i) % spots.length);
  return places.find((place) => lot.stocks[place]![pocket] > 0) ?? from;
};

const goodsOf = ({ goods }: Model, { pick, seldom }: Step, status: readonly Goods["status"][]): number => {
  const open = goods.flatMap((each, i) => (status.includes(each.status) ? [i] : []));
  return seldom || open.length === 0 ? pick % Math.max(goods.length, 1) : open[pick % open.length]!;
};

/** A recalled lot where there is one. */
const recalled = ({ lots }: Model, asked: number, seldom: boolean): number => {
  const found = lots.findIndex((lot) => lot.recalled);
  return seldom || found === -1 ? asked : found;
};

const resolve = (model: Model, next: Step): Act => {
  const { after, lot: number, to, flag, seldom, count, pick } = next;
  const lot = model.lots[number]!;
  switch (next.do) {
    case "ship": {
      const origin = flag && lot.origin > 0;
      const from = origin ? lot.maker : seldom ? next.place : stocked(lot, next.place, "onHand");
      const first = lot.serialised ? lot.units - lot.origin + (seldom ? 1 : 0) : 0;
      const run = origin ? { first, count } : runAt(lot, from, next);
      return {
        do: "ship",
        after,
        lot: number,
        from,
        to,
        run,
        origin,
        back: to === lot.maker && pick % 3 === 0,
      };
    }
    case "receive": {
      const [damaged, missing] = flag ? [pick % 2, Number(seldom) + (pick % 3 === 0 ? 1 : 0)] : [0, 0];
      const goods = goodsOf(model, next, ["inTransit"]);
      const refused = flag && pick % 4 === 0;
      const gone = refused ? { damaged: 0, missing: 0 } : { damaged, missing };
      return { do: "receive", after, goods, ...gone, refused, aside: pick % 5 === 0 };
    }
    case "takeBack":
    case "declareLost":
      return { do: next.do, after, goods: goodsOf(model, next, ["refused", "inTransit"]) };
    case "administer":
      return {
        do: "administer",
        after,
        lot: number,
        place: CLINIC,
        run: { ...freshRunAt(lot, CLINIC, next), count: 1 },
      };
    case "session":
      return { do: "session", after, lot: number, place: CLINIC, run: freshRunAt(lot, CLINIC, next) };
    case "writeOff": {
      const pocket = lot.origin > 0 && pick % 4 === 0 ? "origin" : flag ? "quarantined" : "onHand";
      const place =
        pocket === "origin" ? (seldom ? next.place : lot.maker) : stocked(lot, next.place, pocket);
      const run =
        pocket === "origin"
          ? { first: 0, count }
          : freshRunAt(lot, place, { ...next, count: Math.min(count, 3) });
      return { do: "writeOff", after, lot: number, place, pocket, run };
    }
    case "quarantine":
    case "release": {
      const pocket = next.do === "release" ? "quarantined" : "onHand";
      const place = stocked(lot, next.place, pocket);
      const there =
        lot.stocks[place]![pocket] + (pocket === "onHand" && place === lot.maker ? lot.origin : 0);
      return { do: next.do, after, lot: number, place, count: lot.serialised || flag ? there : count };
    }
    case "recall":
      return { do: "recall", after, lot: number };
    case "endRecall":
      return { do: "endRecall", after, lot: recalled(model, number, seldom) };
    case "acknowledge":
      return { do: "acknowledge", after, lot: recalled(model, number, seldom), place: next.place };
  }
};

// ── the same act on the chain ──────────────────────────────────────────────────────────────────────────────────────

const consignmentOf = ({ made, model }: Stage, number: number): Consignment => {
  const goods = model.goods[number];
  if (goods === undefined) throw new Error("no such goods");
  const [from, to] = [spots[goods.from]!, spots[goods.to]!];
  const { serialised } = model.lots[goods.lot]!;
  const span = serialised ? goods.span : { first: 0, end: 0 };
  const line = {
    lot: made[goods.lot]!.id,
    units: goods.units,
    firstUnit: span.first,
    endUnit: span.end,
    ...goods.line,
  };
  return {
    from: from.member,
    fromSite: from.site,
    to: to.member,
    toSite: to.site,
    sscc: sscc(number + 1),
    purpose: goods.back ? Purpose.return : Purpose.delivery,
    lines: [line],
  };
};

/** What the sender of a shipment writes; the goods are not the model's yet. */
const shipment = (saw: Stage, one: Act & { do: "ship" }): Consignment => {
  const lot = saw.model.lots[one.lot]!;
  const { first, count } = one.run;
  const range = one.origin || !lot.serialised ? 0 : (spanOf(lot.stocks[one.from]!, one.run)?.first ?? 0);
  const goods: Goods = {
    lot: one.lot,
    from: one.from,
    to: one.to,
    back: one.back,
    sentAt: 0,
    units: lot.serialised && !one.origin ? unspent(lot, one.run).length : count,
    span: { first, end: first + count },
    line: { range, origin: one.origin },
    status: "inTransit",
  };
  const model = { ...saw.model, goods: [...saw.model.goods, goods] };
  return consignmentOf({ ...saw, model }, saw.model.goods.length);
};

let nextHolder = 0;
const UNNAMED = ethers.ZeroHash;

const doOnChain = async (saw: Stage, one: Act): Promise<unknown> => {
  const { world, made, model } = saw;
  const { lots } = world;
  const { drugAgency, harbourClinic } = Member;
  if ("goods" in one) {
    const sent = consignmentOf(saw, one.goods);
    const goods = model.goods[one.goods]!;
    if (one.do !== "receive") return await as(lots, spots[goods.from]!.keeper)[one.do](sent);
    const { damaged, missing, aside } = one;
    const refused = one.refused ? goods.units : 0;
    const keeper = as(lots, spots[goods.to]!.keeper);
    if (damaged + missing + refused === 0) return await keeper.receiveConsignment(sent, aside);
    return await keeper.receiveFound(
      sent,
      [{ damaged, missing, refused, indices: indicesOf(model, one) }],
      aside,
    );
  }
  const { id } = made[one.lot]!;
  const lot = model.lots[one.lot]!;
  if (one.do === "ship") return await as(lots, spots[one.from]!.keeper).ship(shipment(saw, one));
  if (!("place" in one)) {
    const desk = as(lots, people.agencyRecall);
    if (one.do === "endRecall") return await desk.endRecall(id, drugAgency);
    return await desk.recallLot(id, drugAgency, Recall.classI, NOTICE);
  }
  const { member, site, keeper } = spots[one.place]!;
  const where = [id, member, site] as const;
  if (one.do === "acknowledge") return await as(lots, keeper).acknowledgeRecall(...where, 1, SENT);
  if (!("run" in one)) {
    if (one.do === "quarantine")
      return await as(lots, keeper).quarantine(...where, one.count, Reason.qualityDefect);
    return await as(lots, people.agencyQuality).releaseQuarantine(...where, drugAgency, one.count, 0, SENT);
  }
  const range = lot.serialised ? (spanOf(lot.stocks[one.place]!, one.run)?.first ?? 0) : 0;
  const { first, count } = one.run;
  const units = Array.from({ length: count }, (_, i) => first + i);
  if (one.do === "writeOff") {
    const indices = lot.serialised && one.pocket !== "origin" ? units : [];
    const how = [Pocket[one.pocket], Loss.wasted, count, indices, range, UNNAMED] as const;
    return await as(lots, keeper).writeOff(...where, ...how);
  }
  const nora = as(lots, people.nora);
  const { tree } = made[one.lot]!;
  if (one.do === "administer") {
    const given = dose(made[one.lot]!, first, { range, holder: holderOf(++nextHolder) });
    return await nora.administer(given, EPHEMERAL, first < UNITS ? proofOf(made[one.lot]!, first) : [], SENT);
  }
  const session = { lot: id, member: harbourClinic, site, firstUnit: first, range, administeredAt: 0 };
  const doses = units.map((unit) => sessionDose(made[one.lot]!, unit));
  const proof = lot.serialised && first + count <= UNITS ? tree.runProof(first, count) : [];
  return await nora.administerSession(session, doses, proof, SENT);
};

// ── what holds after every act ─────────────────────────────────────────────────────────────────────────────────────

type Stored = Awaited<ReturnType<World["lots"]["stockOf"]>>;

const stocksOf = async ({ world, made }: Stage, lot: number): Promise<Stored[]> =>
  await Promise.all(
    spots.map(async ({ member, site }) => await world.lots.stockOf(made[lot]!.id, member, site)),
  );

/** L-01, from what the chain tells: all units that were registered are somewhere. */
const checkConservation = async (set: Stage, number: number, stocks: readonly Stored[]): Promise<void> => {
  const { world, made, model } = set;
  const { originUnits, units } = await world.lots.lotOf(made[number]!.id);
  let sum = originUnits;
  for (const each of stocks)
    sum +=
      each.onHand +
      each.quarantined +
      each.withheld +
      each.used +
      each.wasted +
      each.destroyed +
      each.lost +
      each.returned;
  for (const [i, goods] of model.goods.entries()) {
    if (goods.lot !== number) continue;
    const { from, sscc: name } = consignmentOf(set, i);
    const { status } = await world.lots.consignmentOf(from, name);
    if (status === 1n || status === 3n) sum += BigInt(goods.units);
  }
  expect(sum, `L-01 of lot ${number}`).to.equal(units);
};

const checkStocks = async (set: Stage): Promise<void> => {
  for (const [number, lot] of set.model.lots.entries()) {
    const stocks = await stocksOf(set, number);
    await checkConservation(set, number, stocks);
    for (const [place, stored] of stocks.entries()) {
      const { own, others: _, broken, held, ...counted } = lot.stocks[place]!;
      const told = [
        stored.onHand,
        stored.quarantined,
        stored.used,
        stored.wasted,
        stored.lost,
        stored.returned,
      ];
      expect(told.map(Number), `lot ${number} at ${place}`).to.eql(Object.values(counted));
      const span = [Number(stored.firstUnit), Number(stored.endUnit)];
      expect([...span, stored.held, stored.broken], `lot ${number} at ${place}`).to.eql([
        own?.first ?? 0,
        own?.end ?? 0,
        held,
        broken,
      ]);
      // L-05, from the chain's own numbers.
      if (stored.held) expect(stored.onHand, `L-05 at ${place}`).to.equal(0n);
    }
  }
};

/** L-02 and L-04 of the serialised lot: who was used is spent, once; no serial lies at two places. */
const checkSerials = async ({ world, made, model }: Stage): Promise<void> => {
  for (const [number, lot] of model.lots.entries()) {
    if (!lot.serialised) continue;
    const { id } = made[number]!;
    const logs = await world.lots.queryFilter(world.lots.filters.DoseAdministered(id));
    const given = logs.map(({ args }) => Number(args.dose & 0xffffffffn));
    expect(new Set(given).size, "L-02").to.equal(given.length);
    const flags = await Promise.all(
      Array.from({ length: lot.units }, async (_, unit) => await world.lots.isSpent(id, unit)),
    );
    expect(
      flags.flatMap((flag, unit) => (flag ? [unit] : [])),
      "L-02",
    ).to.eql([...lot.spent].sort((a, b) => a - b));
    const lying = new Map<number, string>();
    const lies = (span: { first: number; end: number }, where: string): void => {
      for (let unit = span.first; unit < span.end; ++unit) {
        expect(lying.get(unit), `L-04 of ${unit} at ${where}`).to.equal(undefined);
        lying.set(unit, where);
      }
    };
    lies({ first: lot.units - lot.origin, end: lot.units }, "the maker's");
    for (const [place, { member, site }] of spots.entries()) {
      const { firstUnit, endUnit } = await world.lots.stockOf(id, member, site);
      lies({ first: Number(firstUnit), end: Number(endUnit) }, `${place}`);
      const ends = await Promise.all(
        Array.from(
          { length: lot.units },
          async (_, first) => await world.lots.rangeOf(id, member, site, first),
        ),
      );
      for (const [first, end] of ends.entries()) if (end > 0n) lies({ first, end: Number(end) }, `${place}`);
    }
    for (const goods of model.goods)
      if (goods.status === "inTransit" || goods.status === "refused") {
        if (model.lots[goods.lot] === lot) lies(goods.span, "under way");
      }
  }
};

/** A script as it would be read aloud. */
const aloud = (acts: readonly Act[]): string => acts.map((each) => `  ${JSON.stringify(each)}`).join("\n");

const play = async (steps: readonly Step[]): Promise<readonly Act["do"][]> => {
  const set = await stage();
  const { model } = set;
  const done: Act["do"][] = [];
  const acts: Act[] = [];
  for (const [count, next] of steps.entries()) {
    const one = resolve(model, next);
    acts.push(one);
    model.now += one.after;
    const saw = { ...set, model: structuredClone(model) };
    await at(model.now);
    const expected = act(model, one);
    let failure: unknown;
    try {
      await doOnChain(saw, one);
    } catch (error) {
      failure = error;
    }
    if ((failure === undefined) !== expected) {
      const why = failure instanceof Error ? failure.message : "it succeeded";
      throw new Error(
        `the model ${expected ? "allows" : "refuses"} step ${count}, the chain: ${why}\n${aloud(acts)}`,
      );
    }
    if (!expected) continue;
    done.push(one.do);
    try {
      // L-03: nothing of a recalled lot moves on or is used.
      if ("lot" in one && ["ship", "administer", "session", "release"].includes(one.do)) {
        const { recalledAt } = await set.world.lots.lotOf(set.made[one.lot]!.id);
        expect(recalledAt, "L-03").to.equal(0n);
      }
      await checkStocks(set);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : "failed"}\n${aloud(acts)}`, {
        cause: error,
      });
    }
  }
  await checkSerials(set);
  expect(await lotDomain.differences(set.world), `I-12\n${aloud(acts)}`).to.eql([]);
  return done;
};

describe("invariants L-01 to L-05", () => {
  it("hold under random scripts over networks of makers, depots and sites", async function () {
    this.timeout(Math.max(300_000, RUNS * 30_000));
    let calls = 0;
    const done: Act["do"][] = [];
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        done.push(...(await play(steps)));
        calls += steps.length;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    // A fuzzer that is always refused shows nothing.
    expect(calls).to.be.greaterThan(150);
    expect(done.length / calls).to.be.greaterThan(0.3);
    for (const [, kind] of kinds) if (kind !== "declareLost") expect(done, kind).to.include(kind);
  });
});
