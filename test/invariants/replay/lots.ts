import { ethers } from "../../core/chain.ts";
import type { World } from "../../core/world.ts";
import {
  comparison,
  compareShell,
  ensure,
  need,
  newShell,
  replay,
  shellHandlers,
  wordOf,
  type Domain,
  type Handlers,
  type Shell,
  type Values,
} from "./engine.ts";

/**
 * Lots from their events and the rules that both sides know. What the chain stores and these events do not tell:
 *
 * - the sub-root of a group of serials: a cache of what the lot's root determines, so that later proofs are short. Whether one
 *   stands is compared as far as events tell it (a dose that was administered as a session of one leaves none);
 * - when a serial of several units was opened by a dispense: LotDispensed names the dispense, and PrescriptionDispensed, of the
 *   prescription registry, its second.
 */
const NAMESPACE = "careledger.storage.LotRegistry";

type Product = Readonly<
  Record<
    "gtin" | "maker" | "unitsPerSerial" | "unitsPerPack" | "content" | "storage_" | "budget" | "openFor",
    bigint
  > &
    Record<"vaccine" | "serialised" | "discreet", boolean>
>;
type Lot = {
  status: bigint;
  readonly maker: bigint;
  readonly site: bigint;
  readonly expiryDay: bigint;
  readonly units: bigint;
  originUnits: bigint;
  recalledAt: bigint;
  readonly root: string;
  readonly product: Product;
};
type Stock = {
  onHand: bigint;
  quarantined: bigint;
  used: bigint;
  minutesOut: bigint;
  compartmentAt: bigint;
  first: bigint;
  end: bigint;
  held: boolean;
  broken: boolean;
};
type Outflow = Record<"wasted" | "destroyed" | "lost" | "returned" | "withheld" | "releases", bigint>;
type Line = {
  readonly lot: string;
  readonly units: bigint;
  readonly firstUnit: bigint;
  readonly endUnit: bigint;
  readonly range: bigint;
  readonly origin: boolean;
};
type Goods = Readonly<Record<"from" | "fromSite" | "to" | "toSite" | "sscc" | "purpose", bigint>> & {
  readonly lines: readonly Line[];
};
type Transit = {
  status: bigint;
  readonly shippedAt: bigint;
  minutesOut: bigint;
  reportedUntil: bigint;
  goods: Goods;
};
type Finding = Readonly<Record<"damaged" | "missing" | "refused", bigint>> & {
  readonly indices: readonly bigint[];
};
type Watch = Readonly<Record<"storage_" | "site" | "from" | "sscc", bigint>>;
/** A group's spent bits, and whether one of its serials was certainly, or perhaps, proven. */
type Group = { spent: bigint; proven: "no" | "perhaps" | "yes" };
type Quarantined = readonly [lot: string, place: bigint, units: bigint, reason: bigint, held: boolean];

/** Everything that the lot registry's events tell. */
export type ReplayedLots = {
  readonly lots: Map<string, Lot>;
  /** By `${lot} ${place}`. */
  readonly stocks: Map<string, Stock>;
  readonly outflows: Map<string, Outflow>;
  /** By `${lot} ${place} ${first unit}`. */
  readonly ranges: Map<string, bigint>;
  /** By `${lot} ${group}` and `${lot} ${eighth}`. */
  readonly serials: Map<string, Group>;
  readonly openings: Map<string, bigint>;
  /** By `${from} ${sscc}`. */
  readonly transits: Map<string, Transit>;
  /** By `${place} ${class}`. */
  readonly compartments: Map<string, { minutesOut: bigint; reportedUntil: bigint }>;
  /** By `${member} ${device}`. */
  readonly watches: Map<string, Watch>;
  readonly products: Map<bigint, Product & { status: bigint }>;
  readonly proposals: Map<string, boolean>;
  readonly doses: Set<string>;
  readonly shell: Shell;
  /** When each dispense handed over, by `${prescription} ${ordinal}`: told by the prescription registry. */
  readonly handedOver: ReadonlyMap<string, bigint>;
  /** What arrived and must be told as quarantined next. */
  readonly awaited: Quarantined[];
  /** Doses of which it is not told yet who gave them. */
  readonly given: { lot: string; unit: bigint }[];
  readonly wrong: string[];
};

const DELIVERED = 0n;
const Status = { inTransit: 1n, received: 2n, refused: 3n, takenBack: 4n, lost: 5n };
const Reason = { excursion: 2n, recall: 3n, other: 5n };
const Pocket = { quarantined: 1n, withheld: 2n, origin: 3n };
const GAP_MAX = 60n;
const LAG_MAX = 26n * 60n;
const MOST_16 = 0xffffn;

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const saturated = (minutes: bigint): bigint => (minutes > MOST_16 ? MOST_16 : minutes);
const placeOf = (member: bigint, site: bigint): bigint => (member << 16n) | site;

// ── the rules ──────────────────────────────────────────────────────────────────────────────────────────────────────

const stockAt = ({ stocks }: ReplayedLots, lot: string, place: bigint): Stock =>
  ensure(stocks, `${lot} ${place}`, () => ({
    onHand: 0n,
    quarantined: 0n,
    used: 0n,
    minutesOut: 0n,
    compartmentAt: 0n,
    first: 0n,
    end: 0n,
    held: false,
    broken: false,
  }));

const outflowAt = ({ outflows }: ReplayedLots, lot: string, place: bigint): Outflow =>
  ensure(outflows, `${lot} ${place}`, () => ({
    wasted: 0n,
    destroyed: 0n,
    lost: 0n,
    returned: 0n,
    withheld: 0n,
    releases: 0n,
  }));

/** Minutes of a silence, all of them once it lasts longer than `longest`. */
const silence = (reportedUntil: bigint, longest: bigint, at: bigint): bigint => {
  if (reportedUntil === 0n || at <= reportedUntil) return 0n;
  const minutes = (at - reportedUntil + 59n) / 60n;
  return minutes > longest ? minutes : 0n;
};

const shownAt = ({ compartments }: ReplayedLots, place: bigint, class_: bigint, at: bigint): bigint => {
  const entry = compartments.get(`${place} ${class_}`);
  return entry === undefined ? 0n : entry.minutesOut + silence(entry.reportedUntil, LAG_MAX, at);
};

const minutesNow = (
  state: ReplayedLots,
  { product }: Lot,
  place: bigint,
  stock: Stock,
  at: bigint,
): bigint => {
  if (stock.onHand === 0n && !stock.held) return 0n;
  const shown = shownAt(state, place, product.storage_, at);
  return stock.minutesOut + most(shown - stock.compartmentAt, 0n);
};

/** Write the minutes as they stand now, and at least `least`. */
const settle = (
  state: ReplayedLots,
  lot: Lot,
  place: bigint,
  stock: Stock,
  least: bigint,
  at: bigint,
): bigint => {
  if (lot.product.storage_ === 0n) return 0n;
  const minutes = most(least, minutesNow(state, lot, place, stock, at));
  stock.minutesOut = saturated(minutes);
  stock.compartmentAt = shownAt(state, place, lot.product.storage_, at);
  return minutes;
};

const putSpan = (
  { ranges }: ReplayedLots,
  id: string,
  place: bigint,
  stock: Stock,
  first: bigint,
  end: bigint,
): void => {
  if (stock.end === 0n) Object.assign(stock, { first, end });
  else if (first === stock.end) stock.end = end;
  else if (end === stock.first) stock.first = first;
  else ranges.set(`${id} ${place} ${first}`, end);
};

const takeSpan = (
  { ranges }: ReplayedLots,
  place: bigint,
  stock: Stock,
  { lot, firstUnit, endUnit, range }: Line,
): void => {
  const key = (first: bigint): string => `${lot} ${place} ${first}`;
  if (firstUnit < stock.first || endUnit > stock.end) {
    const rangeEnd = need(ranges, key(range));
    ranges.set(key(range), firstUnit === range ? 0n : firstUnit);
    if (endUnit !== rangeEnd) ranges.set(key(endUnit), rangeEnd);
    return;
  }
  const [first, end] = [stock.first, stock.end];
  if (firstUnit === first)
    Object.assign(stock, endUnit === end ? { first: 0n, end: 0n } : { first: endUnit });
  else {
    if (endUnit !== end) ranges.set(key(endUnit), end);
    stock.end = firstUnit;
  }
};

const hold = (stock: Stock): void => {
  stock.quarantined += stock.onHand;
  Object.assign(stock, { onHand: 0n, held: true });
};

/** What still lies at the maker's place as it was registered joins the rest. */
const joinOrigin = (state: ReplayedLots, id: string, place: bigint, at: bigint): Stock => {
  const [lot, stock] = [need(state.lots, id), stockAt(state, id, place)];
  const left = lot.originUnits;
  if (left === 0n || place !== placeOf(lot.maker, lot.site)) return stock;
  lot.originUnits = 0n;
  settle(state, lot, place, stock, 0n, at);
  if (lot.product.serialised) putSpan(state, id, place, stock, lot.units - left, lot.units);
  stock.onHand += left;
  return stock;
};

type Arrival = {
  readonly units: bigint;
  readonly first: bigint;
  readonly end: bigint;
  readonly broken: boolean;
  readonly minutes: bigint;
  readonly aside: boolean;
};

/** Units arrive; what goes into quarantine must be told next. */
const credit = (state: ReplayedLots, id: string, place: bigint, arrival: Arrival, at: bigint): void => {
  const [lot, stock] = [need(state.lots, id), stockAt(state, id, place)];
  const { serialised, storage_, budget } = lot.product;
  const held = stock.held;
  let minutes = 0n;
  if (serialised || !arrival.aside) minutes = settle(state, lot, place, stock, arrival.minutes, at);
  if (serialised) {
    putSpan(state, id, place, stock, arrival.first, arrival.end);
    stock.broken ||= arrival.broken;
  }
  const spoilt = storage_ !== 0n && minutes > budget;
  if (!held && !spoilt && !arrival.aside) {
    stock.onHand += arrival.units;
    return;
  }
  stock.quarantined += arrival.units;
  let moved = arrival.units;
  const whole = !held && (spoilt || serialised);
  if (whole) {
    moved += stock.onHand;
    hold(stock);
  }
  const reason = spoilt ? Reason.excursion : lot.recalledAt !== 0n ? Reason.recall : Reason.other;
  state.awaited.push([id, place, moved, reason, held || whole]);
};

/** Bit of a unit's group, and its serial. */
const bitOf = ({ product }: Lot, unit: bigint): readonly [group: bigint, bit: bigint, serial: bigint] => {
  const each = product.unitsPerSerial;
  let size = 64n;
  while (size * each > 64n) size /= 2n;
  const serial = unit / each;
  return [serial / size, (serial % size) * each + (unit % each), serial];
};

const spend = (state: ReplayedLots, id: string, unit: bigint, proven: Group["proven"]): void => {
  const [group, bit] = bitOf(need(state.lots, id), unit);
  const word = ensure(state.serials, `${id} ${group}`, () => ({ spent: 0n, proven: "no" as const }) as Group);
  if ((word.spent >> bit) & 1n) state.wrong.push(`unit ${unit} of ${id} was spent twice`);
  word.spent |= 1n << bit;
  if (proven === "yes" || word.proven === "no") word.proven = proven;
};

const open = ({ lots, openings }: ReplayedLots, id: string, unit: bigint, at: bigint): void => {
  const lot = need(lots, id);
  if (lot.product.openFor === 0n || lot.product.unitsPerSerial === 1n) return;
  const [, , serial] = bitOf(lot, unit);
  const [key, shift] = [`${id} ${serial / 8n}`, (serial % 8n) * 32n];
  const word = openings.get(key) ?? 0n;
  if (((word >> shift) & 0xffffffffn) === 0n) openings.set(key, word | (at << shift));
};

const coder = ethers.AbiCoder.defaultAbiCoder();

const contentsOf = ({ from, fromSite, to, toSite, sscc, purpose, lines }: Goods): bigint => {
  const numbers = [from, fromSite, to, toSite, sscc, purpose];
  for (const { lot, units, firstUnit, endUnit, range, origin } of lines)
    numbers.push(BigInt(lot), units, firstUnit, endUnit, range, origin ? 1n : 0n);
  return (
    BigInt(
      ethers.keccak256(
        coder.encode(
          numbers.map(() => "uint256"),
          numbers,
        ),
      ),
    ) >> 96n
  );
};

// ── events ─────────────────────────────────────────────────────────────────────────────────────────────────────────

type Struct = { toObject(deep?: boolean): unknown };
const struct = <T>(value: Values, name: string): T => (value(name) as Struct).toObject(true) as T;
const findingsOf = (value: Values): Finding[] =>
  [...(value("findings") as Iterable<Finding & Struct>)].map((each) => ({
    damaged: each.damaged,
    missing: each.missing,
    refused: each.refused,
    indices: [...each.indices],
  }));
const structs = <T>(value: Values, name: string): T[] =>
  [...(value(name) as Iterable<Struct>)].map((each) => each.toObject(true) as T);

const productHash = (product: Product): string =>
  ethers.keccak256(
    coder.encode(
      Object.values(product).map((field) => (typeof field === "boolean" ? "bool" : "uint256")),
      Object.values(product),
    ),
  );

const transitOf = ({ transits }: ReplayedLots, value: Values): Transit =>
  need(transits, `${value("from") as bigint} ${value("sscc") as bigint}`);
const herePlace = (value: Values): bigint => placeOf(value("member"), value("site"));

/** A span of units that lies as it was sent. */
const arrivalOf = (line: Line, units: bigint, minutes: bigint, aside: boolean): Arrival => ({
  units,
  first: line.firstUnit,
  end: line.endUnit,
  broken: units !== line.endUnit - line.firstUnit,
  minutes,
  aside,
});

const lotHandlers: Handlers<ReplayedLots> = {
  ProductProposed: ({ proposals }, value) => {
    proposals.set(productHash(struct(value, "product")), true);
  },
  ProductApproved: ({ products, proposals }, value) => {
    const product: Product = struct(value, "product");
    proposals.set(productHash(product), false);
    products.set(product.gtin, { ...product, status: 1n });
  },
  ProductWithdrawn: ({ products }, value) => {
    need(products, value("gtin") as bigint).status = 2n;
  },
  LotRegistered: ({ lots, products }, value) => {
    const units: bigint = value("units");
    lots.set(value("lot"), {
      status: 1n,
      maker: value("maker"),
      site: value("site"),
      expiryDay: value("expiryDay"),
      units,
      originUnits: units,
      recalledAt: 0n,
      root: value("serialRoot"),
      product: { ...need(products, value("gtin") as bigint) },
    });
  },
  LotReleased: ({ lots }, value) => {
    need(lots, value("lot") as string).status = 2n;
  },
  LotRefused: ({ lots }, value) => {
    need(lots, value("lot") as string).status = 3n;
  },
  LotRecalled: ({ lots }, value, { at }) => {
    need(lots, value("lot") as string).recalledAt = at;
  },
  LotRecallEnded: ({ lots }, value) => {
    need(lots, value("lot") as string).recalledAt = 0n;
  },
  // Said of stock that StockQuarantined told just before, unless all of it was held already.
  LotRecallAcknowledged: (state, value) => {
    const [lot, place] = [value("lot") as string, herePlace(value)];
    const there = stockAt(state, lot, place).quarantined + outflowAt(state, lot, place).withheld;
    if (there !== value("quarantined")) state.wrong.push(`a recall of ${lot} is acknowledged otherwise`);
  },
};

const goodsHandlers: Handlers<ReplayedLots> = {
  ConsignmentShipped: (state, value, { at }) => {
    const [from, fromSite]: bigint[] = [value("from"), value("fromSite")];
    const [to, toSite]: bigint[] = [value("to"), value("toSite")];
    const [sscc, purpose]: bigint[] = [value("sscc"), value("purpose")];
    const lines: Line[] = structs(value, "lines");
    const place = placeOf(from!, fromSite!);
    let worst = 0n;
    for (const line of lines) {
      const lot = need(state.lots, line.lot);
      if (line.origin) {
        lot.originUnits -= line.units;
        continue;
      }
      const stock = stockAt(state, line.lot, place);
      worst = most(worst, settle(state, lot, place, stock, 0n, at));
      if (lot.product.serialised) takeSpan(state, place, stock, line);
      stock.onHand -= line.units;
    }
    if (saturated(worst) !== value("minutesOut")) state.wrong.push(`${sscc} left with other minutes`);
    state.transits.set(`${from} ${sscc}`, {
      status: Status.inTransit,
      shippedAt: at,
      minutesOut: saturated(worst),
      reportedUntil: at,
      goods: {
        from: from!,
        fromSite: fromSite!,
        to: to!,
        toSite: toSite!,
        sscc: sscc!,
        purpose: purpose!,
        lines,
      },
    });
  },
  ConsignmentReceived: (state, value, { at }) => {
    const transit = transitOf(state, value);
    const { goods } = transit;
    const findings = findingsOf(value);
    const minutes: bigint = value("minutesOut");
    const arrived = saturated(transit.minutesOut + silence(transit.reportedUntil, GAP_MAX, at));
    if (minutes !== arrived) state.wrong.push(`${goods.sscc} arrived with other minutes`);
    const place = placeOf(goods.to, goods.toSite);
    for (const [i, line] of goods.lines.entries()) {
      const { damaged, missing, refused, indices } = findings[i] ?? {
        damaged: 0n,
        missing: 0n,
        refused: 0n,
        indices: [],
      };
      const outflow = outflowAt(state, line.lot, place);
      outflow.wasted += damaged;
      outflow.lost += missing;
      for (const unit of indices) spend(state, line.lot, unit, "no");
      const accepted = line.units - damaged - missing - refused;
      if (accepted === 0n) continue;
      if (goods.purpose !== DELIVERED) outflow.returned += accepted;
      else credit(state, line.lot, place, arrivalOf(line, accepted, minutes, value("quarantined")), at);
    }
    const back = goods.lines.flatMap((line, i) => {
      const refused = findings[i]?.refused ?? 0n;
      return refused === 0n ? [] : [{ ...line, units: refused, range: 0n, origin: false }];
    });
    transit.status = back.length === 0 ? Status.received : Status.refused;
    if (back.length === 0) return;
    Object.assign(transit, { minutesOut: minutes, reportedUntil: at, goods: { ...goods, lines: back } });
  },
  ConsignmentTakenBack: (state, value, { at }) => {
    const transit = transitOf(state, value);
    const { goods } = transit;
    const minutes: bigint = value("minutesOut");
    const now = saturated(transit.minutesOut + silence(transit.reportedUntil, GAP_MAX, at));
    if (minutes !== now) state.wrong.push(`${goods.sscc} came back with other minutes`);
    transit.status = Status.takenBack;
    const place = placeOf(goods.from, goods.fromSite);
    for (const line of goods.lines)
      credit(state, line.lot, place, arrivalOf(line, line.units, minutes, false), at);
  },
  ConsignmentLost: (state, value) => {
    const transit = transitOf(state, value);
    transit.status = Status.lost;
    const place = placeOf(transit.goods.from, transit.goods.fromSite);
    for (const { lot, units } of transit.goods.lines) outflowAt(state, lot, place).lost += units;
  },
};

const useHandlers: Handlers<ReplayedLots> = {
  DoseAdministered: ({ lots, doses, given }, value) => {
    const lot: string = value("lot");
    given.push({ lot, unit: (value("dose") as bigint) & 0xffffffffn });
    if (!need(lots, lot).product.serialised) doses.add(value("holder"));
  },
  DosesAdministered: (state, value) => {
    const lot: string = value("lot");
    const stock = stockAt(state, lot, herePlace(value));
    const span: bigint = value("span");
    const [count, at] = [(span >> 32n) & 0xffffffffn, span >> 64n];
    const units = state.given.splice(0);
    if (BigInt(units.length) !== count || units.some((each) => each.lot !== lot))
      state.wrong.push(`${count} doses of ${lot} are told as ${units.length}`);
    stock.onHand -= count;
    stock.used += count;
    const { serialised, unitsPerSerial } = need(state.lots, lot).product;
    if (!serialised) return;
    stock.broken = true;
    for (const { unit } of units) {
      spend(state, lot, unit, unitsPerSerial > 1n ? "yes" : count > 1n ? "no" : "perhaps");
      open(state, lot, unit, at);
    }
  },
  LotDispensed: (state, value) => {
    const [id, taking]: [string, bigint] = [value("lot"), value("taking")];
    const [site, ordinal] = [taking & 0xffffn, (taking >> 16n) & 0xffn];
    const [units, first] = [(taking >> 24n) & 0xffffffffn, (taking >> 56n) & 0xffffffffn];
    const stock = stockAt(state, id, placeOf(value("member"), site));
    stock.onHand -= units;
    stock.used += units;
    if (!need(state.lots, id).product.serialised) return;
    stock.broken = true;
    for (let unit = first; unit < first + units; ++unit) spend(state, id, unit, "yes");
    open(state, id, first, need(state.handedOver, `${value("prescription") as string} ${ordinal}`));
  },
  LotDispenseWithdrawn: (state, value) => {
    const [lot, place, units] = [value("lot") as string, herePlace(value), value("units") as bigint];
    stockAt(state, lot, place).used -= units;
    outflowAt(state, lot, place).withheld += units;
  },
  // Named by a link alone, until a settlement.
  DispenseLinked: () => undefined,
  DispenseLinkWithdrawn: () => undefined,
  DispensesSettled: (state, value) => {
    const [lot, place] = [value("lot") as string, herePlace(value)];
    const [dispensed, returned]: [bigint, bigint] = [value("dispensed"), value("returned")];
    const stock = stockAt(state, lot, place);
    const fromHand = dispensed < stock.onHand ? dispensed : stock.onHand;
    stock.onHand -= fromHand;
    stock.quarantined -= dispensed - fromHand;
    stock.used += dispensed - returned;
    outflowAt(state, lot, place).withheld += returned;
  },
  // Somebody found something; nothing changes.
  SerialAlertRaised: () => undefined,
};

const stockHandlers: Handlers<ReplayedLots> = {
  StockQuarantined: (state, value, { at }) => {
    const [lot, place, units] = [value("lot") as string, herePlace(value), value("units") as bigint];
    const held: boolean = value("held");
    const awaited = state.awaited.shift();
    if (awaited !== undefined) {
      const told: Quarantined = [lot, place, units, value("reason"), held];
      if (told.join() !== awaited.join())
        state.wrong.push(`${told.join()} is told, ${awaited.join()} awaited`);
      return;
    }
    const stock = joinOrigin(state, lot, place, at);
    if (held) hold(stock);
    else {
      stock.onHand -= units;
      stock.quarantined += units;
    }
  },
  QuarantineReleased: (state, value, { at }) => {
    const [id, place, units] = [value("lot") as string, herePlace(value), value("units") as bigint];
    const [stock, { product }] = [stockAt(state, id, place), need(state.lots, id)];
    stock.quarantined -= units;
    stock.onHand += units;
    stock.held = false;
    if (product.storage_ !== 0n) {
      stock.minutesOut = value("minutesOut");
      stock.compartmentAt = shownAt(state, place, product.storage_, at);
    }
    outflowAt(state, id, place).releases += 1n;
  },
  StockWrittenOff: (state, value) => {
    const [id, place, units] = [value("lot") as string, herePlace(value), value("units") as bigint];
    const pocket: bigint = value("pocket");
    const [stock, outflow] = [stockAt(state, id, place), outflowAt(state, id, place)];
    if (pocket === Pocket.withheld) outflow.withheld -= units;
    else if (pocket === Pocket.origin) need(state.lots, id).originUnits -= units;
    else if (pocket === Pocket.quarantined) stock.quarantined -= units;
    else stock.onHand -= units;
    const indices: bigint[] = [...(value("indices") as bigint[])];
    for (const unit of indices) spend(state, id, unit, "no");
    if (indices.length > 0) stock.broken = true;
    outflow[(["wasted", "destroyed", "lost"] as const)[Number(value("loss")) - 1]!] += units;
  },
  CustodyOrdered: (state, value, { at }) => {
    const id: string = value("lot");
    const [place, target] = [herePlace(value), placeOf(value("to"), value("toSite"))];
    const stock = joinOrigin(state, id, place, at);
    const lot = need(state.lots, id);
    const arrival = {
      units: stock.onHand + stock.quarantined,
      first: stock.first,
      end: stock.end,
      broken: stock.broken,
      minutes: lot.product.storage_ === 0n ? 0n : minutesNow(state, lot, place, stock, at),
      aside: true,
    };
    // What is left behind of serials, and what arrives, is held.
    const held = lot.product.serialised;
    Object.assign(stock, { onHand: 0n, quarantined: 0n, first: 0n, end: 0n, held });
    credit(state, id, target, arrival, at);
    for (const first of value("ranges") as readonly bigint[]) {
      const key = `${id} ${place} ${first}`;
      const end = need(state.ranges, key);
      state.ranges.set(key, 0n);
      putSpan(state, id, target, stockAt(state, id, target), first, end);
    }
  },
};

const deviceHandlers: Handlers<ReplayedLots> = {
  DeviceBound: ({ watches, compartments }, value, { at }) => {
    const member: bigint = value("member");
    const watch: Watch = struct(value, "watch");
    watches.set(`${member} ${value("device") as string}`, watch);
    if (watch.site === 0n) return;
    const key = `${placeOf(member, watch.site)} ${watch.storage_}`;
    ensure(compartments, key, () => ({ minutesOut: 0n, reportedUntil: at }));
  },
  DeviceUnbound: ({ watches }, value) => {
    const key = `${value("member") as bigint} ${value("device") as string}`;
    watches.set(key, { storage_: 0n, site: 0n, from: 0n, sscc: 0n });
  },
  SegmentRecorded: ({ watches, compartments, transits }, value) => {
    const member: bigint = value("member");
    const watch = need(watches, `${member} ${value("device") as string}`);
    const minutes = (value("minutesOut") as bigint) + (value("gap") as bigint);
    if (watch.site !== 0n) {
      const entry = need(compartments, `${placeOf(member, watch.site)} ${watch.storage_}`);
      entry.minutesOut += minutes;
      entry.reportedUntil = value("to");
      return;
    }
    const transit = need(transits, `${watch.from} ${watch.sscc}`);
    transit.minutesOut = saturated(transit.minutesOut + minutes);
    transit.reportedUntil = value("to");
  },
};

const handlers: Handlers<ReplayedLots> = {
  ...shellHandlers,
  ...lotHandlers,
  ...goodsHandlers,
  ...useHandlers,
  ...stockHandlers,
  ...deviceHandlers,
};

// ── comparison ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** A word of fields, low to high, each with its bits. */
const packed = (...parts: readonly (readonly [value: bigint | boolean, bits: bigint])[]): bigint => {
  let [word, shift] = [0n, 0n];
  for (const [value, bits] of parts) {
    word |= BigInt(value) << shift;
    shift += bits;
  }
  return word;
};

const lotWord = ({ product, ...lot }: Lot): bigint =>
  packed(
    [lot.status, 8n],
    [lot.expiryDay, 16n],
    [lot.units, 32n],
    [lot.originUnits, 32n],
    [lot.maker, 32n],
    [lot.site, 16n],
    [lot.recalledAt, 32n],
    [product.unitsPerSerial, 8n],
    [product.vaccine, 1n],
    [product.serialised, 1n],
    [product.discreet, 6n],
    [product.budget, 16n],
    [product.openFor, 16n],
    [product.content, 32n],
    [product.storage_, 8n],
  );
const stockWord = (stock: Stock): bigint =>
  packed(
    [stock.onHand, 32n],
    [stock.quarantined, 32n],
    [stock.used, 32n],
    [stock.minutesOut, 16n],
    [stock.compartmentAt, 32n],
    [stock.first, 32n],
    [stock.end, 32n],
    [stock.held, 1n],
    [stock.broken, 1n],
  );
const productWord = ({ status, ...product }: Product & { status: bigint }): bigint =>
  packed(
    [status, 8n],
    [product.maker, 32n],
    [product.vaccine, 8n],
    [product.serialised, 8n],
    [product.discreet, 8n],
    [product.unitsPerSerial, 8n],
    [product.unitsPerPack, 16n],
    [product.content, 32n],
    [product.storage_, 8n],
    [product.budget, 16n],
    [product.openFor, 16n],
  );
const transitWord = ({ status, shippedAt, minutesOut, reportedUntil, goods }: Transit): bigint =>
  packed([status, 8n], [shippedAt, 32n], [minutesOut, 16n], [reportedUntil, 40n], [contentsOf(goods), 160n]);
const outflowWord = ({ releases, ...flow }: Outflow): bigint =>
  packed(
    ...([flow.wasted, flow.destroyed, flow.lost, flow.returned, flow.withheld].map((each) => [each, 32n]) as [
      bigint,
      bigint,
    ][]),
    [releases, 16n],
  );

type Key = readonly [type: string, key: unknown];
const KEYS = {
  lot: "bytes32",
  place: "uint48",
  number: "uint32",
  sscc: "uint64",
  device: "bytes32",
  class: "uint8",
  gtin: "uint64",
  hash: "bytes32",
  holder: "address",
} as const;
const keysOf = (text: string, names: readonly (keyof typeof KEYS)[]): Key[] =>
  text.split(" ").map((part, i) => [KEYS[names[i]!], part]);

/** All that a field's mapping is told to hold, word by word. */
type Told = readonly [field: string, names: readonly (keyof typeof KEYS)[], words: [string, bigint][]];
const entries = <V>(map: ReadonlyMap<unknown, V>, word: (value: V) => bigint): [string, bigint][] =>
  [...map].map(([key, value]) => [String(key), word(value)]);

const wordsOf = (told: ReplayedLots): readonly Told[] => [
  ["lots", ["lot"], entries(told.lots, lotWord)],
  ["serialRoots", ["lot"], entries(told.lots, ({ root }) => BigInt(root))],
  ["stocks", ["lot", "place"], entries(told.stocks, stockWord)],
  ["transits", ["number", "sscc"], entries(told.transits, transitWord)],
  ["ranges", ["lot", "place", "number"], entries(told.ranges, (end) => end)],
  ["outflows", ["lot", "place"], entries(told.outflows, outflowWord)],
  ["openings", ["lot", "number"], entries(told.openings, (word) => word)],
  [
    "compartments",
    ["place", "class"],
    entries(told.compartments, ({ minutesOut, reportedUntil }) =>
      packed([minutesOut, 32n], [reportedUntil, 32n]),
    ),
  ],
  [
    "watches",
    ["number", "device"],
    entries(told.watches, ({ storage_, site, from, sscc }) =>
      packed([storage_, 8n], [site, 16n], [from, 32n], [sscc, 64n]),
    ),
  ],
  ["products", ["gtin"], entries(told.products, productWord)],
  ["proposals", ["hash"], entries(told.proposals, (stands) => (stands ? 1n : 0n))],
  ["doses", ["holder"], [...told.doses].map((holder) => [holder, 1n])],
];

/** Seconds of all hand-overs, from the prescription registry's events. */
const handOvers = async ({ prescriptions }: World): Promise<Map<string, bigint>> => {
  const address = await prescriptions.getAddress();
  const topics = [prescriptions.interface.getEvent("PrescriptionDispensed").topicHash];
  const logs = await ethers.provider.getLogs({ address, topics, fromBlock: 0, toBlock: "latest" });
  const seconds = new Map<string, bigint>();
  for (const log of logs) {
    const { args } = prescriptions.interface.parseLog(log)!;
    const [id, ordinal] = ["prescription", "ordinal"].map((name) => String(args.getValue(name)));
    seconds.set(`${id} ${ordinal}`, args.getValue("handedOverAt") as bigint);
  }
  return seconds;
};

/** All that events tell of lots. */
export const replayedLots = async (world: World): Promise<ReplayedLots> =>
  await replay<ReplayedLots>(world.lots, handlers, {
    lots: new Map(),
    stocks: new Map(),
    outflows: new Map(),
    ranges: new Map(),
    serials: new Map(),
    openings: new Map(),
    transits: new Map(),
    compartments: new Map(),
    watches: new Map(),
    products: new Map(),
    proposals: new Map(),
    doses: new Set(),
    shell: newShell(),
    handedOver: await handOvers(world),
    awaited: [],
    given: [],
    wrong: [],
  });

/** Products, lots, stock, goods under way, serials, devices. */
export const lotDomain: Domain = {
  namespace: NAMESPACE,
  fields: [
    "lots",
    "serialRoots",
    "stocks",
    "serials",
    "transits",
    "ranges",
    "outflows",
    "openings",
    "compartments",
    "watches",
    "products",
    "proposals",
    "doses",
  ],
  differences: async (world) => {
    const { lots } = world;
    const { found, compare } = comparison();
    const told = await replayedLots(world);
    found.push(...told.wrong);
    for (const awaited of told.awaited) found.push(`${awaited.join()} is awaited and not told`);
    for (const [field, names, words] of wordsOf(told)) {
      for (const [key, word] of words)
        compare(`${field} ${key}`, word, await wordOf(lots, NAMESPACE, field, ...keysOf(key, names)));
    }
    for (const [key, { spent, proven }] of told.serials) {
      const word = await wordOf(lots, NAMESPACE, "serials", ...keysOf(key, ["lot", "number"]));
      compare(`serials ${key}`, spent, word & (2n ** 64n - 1n));
      if (proven !== "perhaps") compare(`sub-root of ${key}`, proven === "yes", word >> 64n !== 0n);
    }
    await compareShell(compare, lots, told.shell, 0);
    return found.map((one) => `LotRegistry: ${one}`);
  },
};
