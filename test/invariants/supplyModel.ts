/**
 * The reference model of goods: where every unit is, written down a second time as plain data and rules. It knows nothing of
 * words, slots or gas, and of serials it knows each one by itself. Places and lots are numbers into the script's lists.
 */

/** Serials of a lot that are sent or used: a run of them. */
export type Run = { readonly first: number; readonly count: number };

/** One act of a script, seconds after the one before. */
export type Act = { readonly after: number } & (
  | { do: "ship"; lot: number; from: number; to: number; run: Run; origin: boolean; back: boolean }
  | { do: "receive"; goods: number; damaged: number; missing: number; refused: boolean; aside: boolean }
  | { do: "takeBack" | "declareLost"; goods: number }
  | { do: "administer" | "session"; lot: number; place: number; run: Run }
  | { do: "writeOff"; lot: number; place: number; pocket: "onHand" | "quarantined" | "origin"; run: Run }
  | { do: "quarantine" | "release"; lot: number; place: number; count: number }
  | { do: "recall" | "endRecall"; lot: number }
  | { do: "acknowledge"; lot: number; place: number }
);

/** Stretches of serials that lie beside each other, the first of which stands with the stock. */
export type Span = { first: number; end: number };

export type Stock = {
  onHand: number;
  quarantined: number;
  used: number;
  wasted: number;
  lost: number;
  returned: number;
  held: boolean;
  broken: boolean;
  own: Span | undefined;
  others: Span[];
};

export type Lot = {
  readonly serialised: boolean;
  readonly vaccine: boolean;
  readonly units: number;
  /** Place of its maker. */
  readonly maker: number;
  recalled: boolean;
  origin: number;
  readonly spent: Set<number>;
  readonly stocks: Stock[];
};

export type Goods = {
  readonly lot: number;
  readonly from: number;
  readonly to: number;
  readonly back: boolean;
  readonly sentAt: number;
  units: number;
  readonly span: Span;
  /** What identifies it on chain: the line as it was sent, or what was refused of it. */
  line: { readonly range: number; readonly origin: boolean };
  status: "inTransit" | "received" | "refused" | "takenBack" | "lost";
};

export type Model = { now: number; readonly lots: Lot[]; readonly goods: Goods[] };

const DAY = 86_400;

export const emptyStock = (): Stock => ({
  onHand: 0,
  quarantined: 0,
  used: 0,
  wasted: 0,
  lost: 0,
  returned: 0,
  held: false,
  broken: false,
  own: undefined,
  others: [],
});

/** The span that holds all of a run at a place. */
export const spanOf = ({ own, others }: Stock, { first, count }: Run): Span | undefined =>
  [...(own === undefined ? [] : [own]), ...others].find(
    (span) => first >= span.first && first + count <= span.end,
  );

export const unspent = ({ spent }: Lot, { first, count }: Run): number[] =>
  Array.from({ length: count }, (_, i) => first + i).filter((unit) => !spent.has(unit));

const put = (stock: Stock, { first, end }: Span): void => {
  if (stock.own === undefined) stock.own = { first, end };
  else if (first === stock.own.end) stock.own.end = end;
  else if (end === stock.own.first) stock.own.first = first;
  else stock.others.push({ first, end });
};

const take = (stock: Stock, from: Span, { first, count }: Run): void => {
  const behind = { first: first + count, end: from.end };
  const before = first > from.first;
  const [isOwn, leaves] = [from === stock.own, behind.first < behind.end];
  from.end = first;
  if (isOwn && !before) stock.own = leaves ? behind : undefined;
  else {
    if (!before) stock.others.splice(stock.others.indexOf(from), 1);
    if (leaves) stock.others.push(behind);
  }
};

const hold = (stock: Stock): void => {
  stock.quarantined += stock.onHand;
  Object.assign(stock, { onHand: 0, held: true });
};

/** What lies at the maker's as it was registered joins the rest. */
const join = (lot: Lot, place: number): void => {
  if (place !== lot.maker || lot.origin === 0) return;
  const stock = lot.stocks[place]!;
  if (lot.serialised) put(stock, { first: lot.units - lot.origin, end: lot.units });
  stock.onHand += lot.origin;
  lot.origin = 0;
};

const arrive = (lot: Lot, place: number, { span }: Goods, units: number, aside: boolean): void => {
  const stock = lot.stocks[place]!;
  if (lot.serialised) {
    put(stock, span);
    stock.broken ||= units !== span.end - span.first;
  }
  if (stock.held || aside) stock.quarantined += units;
  else stock.onHand += units;
  if (aside && lot.serialised) hold(stock);
};

const ship = (model: Model, one: Act & { do: "ship" }): boolean => {
  const lot = model.lots[one.lot]!;
  const { first, count } = one.run;
  if (lot.recalled || count === 0 || (one.back && one.to !== lot.maker)) return false;
  const span = lot.serialised ? { first, end: first + count } : { first: 0, end: 0 };
  const sent = { lot: one.lot, from: one.from, to: one.to, back: one.back, sentAt: model.now, span };
  if (one.origin) {
    if (one.from !== lot.maker || count > lot.origin) return false;
    if (lot.serialised && first !== lot.units - lot.origin) return false;
    lot.origin -= count;
    model.goods.push({ ...sent, units: count, line: { range: 0, origin: true }, status: "inTransit" });
    return true;
  }
  const stock = lot.stocks[one.from]!;
  const found = lot.serialised ? spanOf(stock, one.run) : undefined;
  const units = lot.serialised ? unspent(lot, one.run).length : count;
  if (units === 0 || stock.onHand < units || (lot.serialised && found === undefined)) return false;
  const range = found?.first ?? 0;
  if (found !== undefined) take(stock, found, one.run);
  stock.onHand -= units;
  model.goods.push({ ...sent, units, line: { range, origin: false }, status: "inTransit" });
  return true;
};

const receive = (model: Model, one: Act & { do: "receive" }): boolean => {
  const goods = model.goods[one.goods];
  if (goods === undefined || goods.status !== "inTransit") return false;
  const lot = model.lots[goods.lot]!;
  const gone = one.damaged + one.missing;
  const refused = one.refused ? goods.units : 0;
  if (gone + refused > goods.units) return false;
  const accepted = goods.units - gone - refused;
  if (accepted > 0 && !goods.back && !one.aside && lot.recalled) return false;
  const stock = lot.stocks[goods.to]!;
  stock.wasted += one.damaged;
  stock.lost += one.missing;
  for (const unit of indicesOf(model, one)) lot.spent.add(unit);
  if (accepted > 0 && goods.back) stock.returned += accepted;
  else if (accepted > 0) arrive(lot, goods.to, goods, accepted, one.aside);
  goods.status = one.refused ? "refused" : "received";
  if (one.refused) goods.line = { range: 0, origin: false };
  return true;
};

/** Serials that a receiver finds damaged or missing: the first that are not spent. */
export const indicesOf = (model: Model, one: Act & { do: "receive" }): number[] => {
  const goods = model.goods[one.goods];
  const lot = goods === undefined ? undefined : model.lots[goods.lot];
  if (goods === undefined || lot?.serialised !== true) return [];
  const { first, end } = goods.span;
  return unspent(lot, { first, count: end - first }).slice(0, one.damaged + one.missing);
};

const use = (model: Model, one: Act & { do: "administer" | "session" }): boolean => {
  const lot = model.lots[one.lot]!;
  const stock = lot.stocks[one.place]!;
  const { count } = one.run;
  if (lot.recalled || !lot.vaccine || count === 0 || stock.onHand < count) return false;
  if (one.do === "session" && !lot.serialised) return false;
  if (lot.serialised) {
    if (spanOf(stock, one.run) === undefined || unspent(lot, one.run).length < count) return false;
    for (const unit of unspent(lot, one.run)) lot.spent.add(unit);
    stock.broken = true;
  }
  stock.onHand -= count;
  stock.used += count;
  return true;
};

const writeOff = (model: Model, one: Act & { do: "writeOff" }): boolean => {
  const lot = model.lots[one.lot]!;
  const stock = lot.stocks[one.place]!;
  const { count } = one.run;
  if (count === 0) return false;
  if (one.pocket === "origin") {
    if (one.place !== lot.maker || count > lot.origin) return false;
    lot.origin -= count;
  } else {
    if (count > stock[one.pocket]) return false;
    if (lot.serialised) {
      if (spanOf(stock, one.run) === undefined || unspent(lot, one.run).length < count) return false;
      for (const unit of unspent(lot, one.run)) lot.spent.add(unit);
      stock.broken = true;
    }
    stock[one.pocket] -= count;
  }
  stock.wasted += count;
  return true;
};

const keep = (model: Model, one: Act & { do: "quarantine" | "release" }): boolean => {
  const lot = model.lots[one.lot]!;
  const stock = lot.stocks[one.place]!;
  if (one.count === 0) return false;
  if (one.do === "release") {
    const whole = !stock.held || one.count === stock.quarantined;
    if (lot.recalled || one.count > stock.quarantined || !whole) return false;
    stock.quarantined -= one.count;
    stock.onHand += one.count;
    stock.held = false;
    return true;
  }
  const there = stock.onHand + (one.place === lot.maker ? lot.origin : 0);
  if (one.count > there || (lot.serialised && one.count !== there)) return false;
  join(lot, one.place);
  if (lot.serialised) hold(stock);
  else {
    stock.onHand -= one.count;
    stock.quarantined += one.count;
  }
  return true;
};

/** Do the act in the model at `model.now`; false when the rules refuse it, and then nothing changed. */
export const act = (model: Model, one: Act): boolean => {
  switch (one.do) {
    case "ship":
      return ship(model, one);
    case "receive":
      return receive(model, one);
    case "takeBack":
    case "declareLost": {
      const goods = model.goods[one.goods];
      if (goods === undefined || (goods.status !== "inTransit" && goods.status !== "refused")) return false;
      const isBack = one.do === "takeBack";
      const age = isBack ? (goods.status === "refused" ? 0 : 3 * DAY) : 30 * DAY;
      if (model.now < goods.sentAt + age) return false;
      const lot = model.lots[goods.lot]!;
      if (isBack) arrive(lot, goods.from, goods, goods.units, false);
      else lot.stocks[goods.from]!.lost += goods.units;
      goods.status = isBack ? "takenBack" : "lost";
      return true;
    }
    case "administer":
    case "session":
      return use(model, one);
    case "writeOff":
      return writeOff(model, one);
    case "quarantine":
    case "release":
      return keep(model, one);
    case "recall":
    case "endRecall": {
      const lot = model.lots[one.lot]!;
      if (lot.recalled === (one.do === "recall")) return false;
      lot.recalled = !lot.recalled;
      return true;
    }
    case "acknowledge": {
      const lot = model.lots[one.lot]!;
      if (!lot.recalled) return false;
      join(lot, one.place);
      hold(lot.stocks[one.place]!);
      return true;
    }
  }
};
