/**
 * The reference model: what the interface files promise, written down a second time as plain data and rules. It knows
 * nothing of words, slots or gas. The fuzzer lets it and the chain do the same and compares them after each act.
 */

/** A pharmacy's branch. */
export type Branch = "sunMarket" | "sunStation" | "moonSquare";

/** Who holds which key. */
export type Person = "anna" | "ben" | "mia" | "li" | "chen" | "wu" | "stranger";

/** The members of the model by name. */
export type Firm = "stMary" | "north" | "sun" | "moon";

export const branches: Readonly<Record<Branch, { firm: Firm; site: number }>> = {
  sunMarket: { firm: "sun", site: 1 },
  sunStation: { firm: "sun", site: 2 },
  moonSquare: { firm: "moon", site: 1 },
};

/** Duties appointed and licensed at the start. */
const APPOINTED: Readonly<Record<Person, readonly [Firm, readonly string[]] | undefined>> = {
  anna: ["sun", ["dispense", "review"]],
  ben: ["sun", ["dispense"]],
  mia: ["moon", ["dispense", "review"]],
  li: ["stMary", ["prescribe"]],
  chen: ["stMary", ["prescribe"]],
  wu: ["north", ["prescribe"]],
  stranger: undefined,
};

/** One act of a script. `by` is who sends it; `after` are seconds since the act before. */
export type Act = { readonly after: number } & (
  | { do: "issue"; slot: number; by: Person }
  | { do: "review"; slot: number; by: Person; approve: boolean }
  | { do: "accept"; slot: number; at: Branch; next: boolean; last: number; stale: boolean; forged: boolean }
  | { do: "return"; slot: number; at: Branch }
  | { do: "dispense"; slot: number; at: Branch; by: Person; units: number; back: number; stale: boolean }
  | { do: "closeFill"; slot: number; at: Branch; by: Person }
  | { do: "withdraw"; slot: number; ordinal: number; by: Person }
  | { do: "claim" | "unclaim"; slot: number; ordinal: number }
  | { do: "cancel"; slot: number; by: Person }
  | { do: "holderCancel" | "release"; slot: number; forged: boolean }
  | { do: "replace"; slot: number; by: Person }
  | { do: "stop" | "start"; firm: "sun" | "moon" }
  | { do: "revoke" | "license" | "dismiss" | "appoint" | "suspend" | "lift"; person: "anna" | "mia" | "li" }
  | { do: "halt" | "liftHalt"; whole: boolean }
  | { do: "closeSite"; at: Branch }
);

/** Terms of the prescriptions that the scripts are about; short, so that scripts reach the ends of them. */
export const SLOTS = [
  { fills: 2, unitsPerFill: 5, interval: 86_400, days: 20, reviewed: false },
  { fills: 1, unitsPerFill: 3, interval: 0, days: 5, reviewed: false },
  { fills: 3, unitsPerFill: 2, interval: 3_600, days: 30, reviewed: true },
] as const;

export type Status = "unknown" | "awaiting" | "open" | "completed" | "cancelled" | "replaced" | "refused";

/** A dispense or a closing. */
export type Entry = {
  readonly firm: Firm;
  readonly fill: number;
  readonly units: number;
  readonly recordedAt: number;
  readonly handedOverAt: number;
  readonly closing: boolean;
  /** The lock under which it was entered. */
  readonly lock: number;
  claimed: boolean;
  withdrawn: boolean;
};

/** A lock. */
export type Lock = {
  readonly at: Branch;
  readonly fill: number;
  readonly from: number;
  until: number;
  used: boolean;
};

/** One prescription of the model. */
export type Prescription = {
  status: Status;
  pending: boolean;
  issuedAt: number;
  fill: number;
  left: number;
  /** Earliest hand-over of the current fill that stands; the last that stood while none does. */
  begun: number;
  /** Whether one stands. */
  stands: boolean;
  lock: Lock | undefined;
  locks: number;
  readonly entries: Entry[];
  readonly openings: Map<number, number>;
};

/** The whole model. */
export type Model = {
  now: number;
  readonly start: number;
  readonly slots: Prescription[];
  readonly stopped: Set<Firm>;
  readonly closed: Set<Branch>;
  readonly unlicensed: Set<Person>;
  readonly dismissed: Set<Person>;
  readonly suspended: Set<Person>;
  halts: { whole?: { upTo: number; since: number }; li?: { upTo: number; since: number } };
  haltPeriod: { end: number; count: number };
};

export const newModel = (start: number): Model => ({
  now: start,
  start,
  slots: SLOTS.map(() => ({
    status: "unknown",
    pending: false,
    issuedAt: 0,
    fill: 1,
    left: 0,
    begun: 0,
    stands: false,
    lock: undefined,
    locks: 0,
    entries: [],
    openings: new Map(),
  })),
  stopped: new Set(),
  closed: new Set(),
  unlicensed: new Set(),
  dismissed: new Set(),
  suspended: new Set(),
  halts: {},
  haltPeriod: { end: 0, count: 0 },
});

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Whether this person may do this for this firm now. */
const may = (model: Model, person: Person, firm: Firm, duty: string): boolean => {
  const appointed = APPOINTED[person];
  return (
    appointed !== undefined &&
    appointed[0] === firm &&
    appointed[1].includes(duty) &&
    !model.dismissed.has(person) &&
    !model.unlicensed.has(person) &&
    !model.suspended.has(person) &&
    !(model.stopped.has(firm) && duty !== "prescribe")
  );
};

const standsAt = (model: Model, at: Branch): boolean =>
  !model.stopped.has(branches[at].firm) && !model.closed.has(at);

export const runs = (model: Model, p: Prescription): boolean =>
  p.lock !== undefined && model.now < p.lock.until;

export const isLive = (model: Model, p: Prescription): boolean =>
  p.lock !== undefined && runs(model, p) && standsAt(model, p.lock.at);

/** Status with a cancellation that took effect by time. */
export const standing = (model: Model, p: Prescription): Status =>
  p.status === "open" && p.pending && !runs(model, p) ? "cancelled" : p.status;

const haltedAt = (model: Model, p: Prescription, second: number): boolean =>
  [model.halts.whole, model.halts.li].some(
    (halt) =>
      halt !== undefined && p.issuedAt >= halt.since && p.issuedAt <= halt.upTo && second >= firstHalt(halt),
  );
const firstHalt = (halt: { upTo: number; first?: number }): number => halt.first ?? halt.upTo;

const windowOf = (model: Model, slot: number) => ({
  from: model.start,
  until: model.start + SLOTS[slot]!.days * DAY,
});

/** After a withdrawal: the fill counts from its earliest hand-over that stands; if none stands the lock is unused. */
const recount = (p: Prescription): void => {
  const standing = p.entries.filter((entry) => entry.fill === p.fill && !entry.withdrawn && !entry.closing);
  p.stands = standing.length > 0;
  if (p.stands) {
    p.begun = Math.min(...standing.map(({ handedOverAt }) => handedOverAt));
    p.openings.set(p.fill, p.begun);
  } else if (p.lock !== undefined) {
    p.lock.used = false;
  }
};

const endLock = (p: Prescription, now: number): void => {
  if (p.lock !== undefined && p.lock.until > now) p.lock.until = now;
};

const cancelNow = (p: Prescription, now: number): void => {
  p.status = "cancelled";
  p.pending = false;
  endLock(p, now);
};

/** After units or a closing were entered. */
const settle = (model: Model, p: Prescription, fills: number): void => {
  if (p.lock !== undefined) p.lock.used = true;
  if (p.status !== "open") return;
  if (p.pending && !runs(model, p)) return cancelNow(p, model.now);
  if (p.left > 0) return;
  endLock(p, model.now);
  if (p.fill === fills) p.status = "completed";
  else if (p.pending) cancelNow(p, model.now);
};

const correctable = (model: Model, p: Prescription): boolean =>
  p.entries.some((entry) => !entry.withdrawn && model.now < entry.recordedAt + 7 * DAY);

const order = (model: Model, p: Prescription): boolean => {
  const completed = p.status === "completed" && correctable(model, p);
  if (p.status !== "open" && p.status !== "awaiting" && !completed) return false;
  if (completed || isLive(model, p)) {
    if (p.pending) return false;
    p.pending = true;
  } else cancelNow(p, model.now);
  return true;
};

/** Do the act in the model at `model.now`; false when the rules refuse it, and then nothing changed. */
export const act = (model: Model, script: Act): boolean => {
  const { now } = model;
  if ("slot" in script) {
    const p = model.slots[script.slot]!;
    const terms = SLOTS[script.slot]!;
    const window = windowOf(model, script.slot);
    if (script.do === "issue") {
      if (script.by !== "li" || !may(model, "li", "stMary", "prescribe")) return false;
      if (p.status !== "unknown" || now >= window.until) return false;
      Object.assign(p, {
        status: terms.reviewed ? "awaiting" : "open",
        issuedAt: now,
        left: terms.unitsPerFill,
      });
      return true;
    }
    if (p.status === "unknown") return false;
    switch (script.do) {
      case "review":
        if (p.status !== "awaiting" || !may(model, script.by, "sun", "review")) return false;
        p.status = script.approve ? "open" : "refused";
        return true;
      case "accept": {
        if (standing(model, p) !== "open" || p.pending) return false;
        if (now < window.from || now >= window.until || haltedAt(model, p, now)) return false;
        const renewal = p.lock !== undefined && p.lock.at === script.at && runs(model, p);
        if (!renewal && isLive(model, p)) return false;
        if (!standsAt(model, script.at) || script.forged || script.stale) return false;
        const fill = script.next ? p.fill + 1 : p.fill;
        const until = now + script.last;
        if (fill === p.fill && p.left === 0) return false;
        if (fill > p.fill) {
          if (fill > terms.fills || !p.stands) return false;
          if (until <= p.begun + terms.interval) return false;
        }
        const before = p.lock;
        p.lock = {
          at: script.at,
          fill,
          from: renewal && before !== undefined ? before.from : now,
          until,
          used: renewal && before !== undefined ? before.used : false,
        };
        p.locks += 1;
        return true;
      }
      case "return":
        if (p.status !== "open" || p.lock?.at !== script.at) return false;
        // The till relays; a member that was stopped keeps its SUBMIT accounts.
        if (p.pending) cancelNow(p, now);
        p.lock = undefined;
        return true;
      case "dispense": {
        const lock = p.lock;
        const { firm } = branches[script.at];
        if (!may(model, script.by, firm, "dispense") || !standsAt(model, script.at) || script.stale)
          return false;
        const outage = script.back > 0;
        const second = now - script.back;
        if (outage ? !["open", "cancelled", "replaced"].includes(p.status) : standing(model, p) !== "open") {
          return false;
        }
        if (lock?.at !== script.at || (!outage && !runs(model, p))) return false;
        if (second < window.from || second >= window.until) return false;
        if (outage && (second < lock.from || second > lock.until || script.back > 72 * HOUR)) return false;
        if (haltedAt(model, p, second)) return false;
        const opens = lock.fill !== p.fill;
        const left = opens ? terms.unitsPerFill : p.left;
        if (opens && second < p.begun + terms.interval) return false;
        if (!opens && second < p.begun) return false;
        if (script.units < 1 || script.units > left) return false;
        if (opens || !p.stands) {
          p.begun = second;
          p.openings.set(lock.fill, second);
        }
        p.stands = true;
        p.fill = lock.fill;
        p.left = left - script.units;
        p.entries.push({
          firm,
          fill: p.fill,
          units: script.units,
          recordedAt: now,
          handedOverAt: second,
          closing: false,
          lock: p.locks,
          claimed: false,
          withdrawn: false,
        });
        settle(model, p, terms.fills);
        return true;
      }
      case "closeFill": {
        const { firm } = branches[script.at];
        if (!may(model, script.by, firm, "dispense") || !standsAt(model, script.at)) return false;
        if (standing(model, p) !== "open" || p.lock?.at !== script.at || !runs(model, p)) return false;
        if (p.lock.fill !== p.fill || !p.stands) return false;
        p.entries.push({
          firm,
          fill: p.fill,
          units: p.left,
          recordedAt: now,
          handedOverAt: now,
          closing: true,
          lock: p.locks,
          claimed: false,
          withdrawn: false,
        });
        p.left = 0;
        settle(model, p, terms.fills);
        return true;
      }
      case "withdraw": {
        const entry = p.entries[script.ordinal - 1];
        if (entry === undefined || entry.withdrawn || entry.claimed || now >= entry.recordedAt + 7 * DAY)
          return false;
        if (!may(model, script.by, entry.firm, "dispense")) return false;
        entry.withdrawn = true;
        if (entry.fill !== p.fill) return true;
        p.left += entry.units;
        recount(p);
        if (p.status === "completed") {
          if (p.pending) cancelNow(p, now);
          else p.status = "open";
        }
        return true;
      }
      case "claim": {
        const entry = p.entries[script.ordinal - 1];
        if (entry === undefined || entry.closing || entry.withdrawn || entry.claimed) return false;
        entry.claimed = true;
        return true;
      }
      case "unclaim": {
        const entry = p.entries[script.ordinal - 1];
        if (!entry?.claimed) return false;
        entry.claimed = false;
        return true;
      }
      case "cancel":
        return may(model, script.by, "stMary", "prescribe") && order(model, p);
      case "holderCancel":
        return !script.forged && order(model, p);
      case "release":
        if (script.forged || !runs(model, p) || p.lock?.used !== false) return false;
        endLock(p, now);
        if (p.pending && p.status === "open") cancelNow(p, now);
        return true;
      case "replace":
        if (!["open", "awaiting"].includes(standing(model, p)) || isLive(model, p)) return false;
        if (!may(model, script.by, "stMary", "prescribe")) return false;
        p.status = "replaced";
        p.pending = false;
        endLock(p, now);
        return true;
    }
  }
  switch (script.do) {
    case "stop":
      model.stopped.add(script.firm);
      return true;
    case "start":
      model.stopped.delete(script.firm);
      return true;
    case "revoke":
      model.unlicensed.add(script.person);
      return true;
    case "license":
      model.unlicensed.delete(script.person);
      return true;
    case "dismiss":
      if (model.dismissed.has(script.person)) return false;
      model.dismissed.add(script.person);
      return true;
    case "appoint":
      // While its firm is stopped the duty is none of its sectors'.
      if (script.person !== "li" && model.stopped.has(APPOINTED[script.person]![0])) return false;
      model.dismissed.delete(script.person);
      return true;
    case "suspend":
      model.suspended.add(script.person);
      return true;
    case "lift":
      if (!model.suspended.has(script.person)) return false;
      model.suspended.delete(script.person);
      return true;
    case "halt": {
      const key = script.whole ? "whole" : "li";
      if (now >= model.haltPeriod.end) model.haltPeriod = { end: now + DAY, count: 0 };
      if (model.haltPeriod.count >= 20) return false;
      model.haltPeriod.count += 1;
      const before = model.halts[key] as { first?: number } | undefined;
      const halt = { since: model.start, upTo: now, first: before?.first ?? now };
      model.halts = { ...model.halts, [key]: halt };
      return true;
    }
    case "liftHalt": {
      const key = script.whole ? "whole" : "li";
      if (model.halts[key] === undefined) return false;
      const { [key]: _lifted, ...rest } = model.halts;
      model.halts = rest;
      return true;
    }
    case "closeSite":
      if (model.closed.has(script.at)) return false;
      model.closed.add(script.at);
      return true;
    default:
      throw new Error("no such act");
  }
};

/** The state as the chain should store it, in the order of `IPrescriptionRegistry.State`. */
export const stored = (p: Prescription): readonly (bigint | boolean)[] => {
  const codes: readonly Status[] = [
    "unknown",
    "awaiting",
    "open",
    "completed",
    "cancelled",
    "replaced",
    "refused",
  ];
  const firms: Readonly<Record<Firm, bigint>> = { stMary: 1n, north: 2n, sun: 11n, moon: 12n };
  const { lock } = p;
  const branch = lock === undefined ? undefined : branches[lock.at];
  return [
    BigInt(codes.indexOf(p.status)),
    p.pending,
    lock?.used ?? false,
    lock !== undefined && lock.fill !== p.fill,
    p.stands,
    BigInt(p.left),
    p.status === "unknown" ? 0n : BigInt(p.fill),
    BigInt(p.begun),
    branch === undefined ? 0n : firms[branch.firm],
    BigInt(branch?.site ?? 0),
    BigInt(lock?.from ?? 0),
    BigInt(lock?.until ?? 0),
    BigInt(p.locks),
    BigInt(p.entries.length),
    BigInt(p.issuedAt),
  ];
};
