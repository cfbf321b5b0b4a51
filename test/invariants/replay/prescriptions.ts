import { dataSlice, keccak256, toBeHex, ZeroHash } from "ethers";

import { DAY } from "../../core/chain.ts";
import { SEVERAL } from "../../core/words.ts";
import type { World } from "../../core/world.ts";
import {
  bits32,
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
} from "./engine.ts";

/** Of a dispense that named no stock. */
const NO_STOCK = toBeHex(0, 11);

const NAMESPACE = "careledger.storage.PrescriptionRegistry";

/** A prescription's state as its events tell it; the fields of `IPrescriptionRegistry.State`. */
export type ReplayedState = {
  status: bigint;
  cancelPending: boolean;
  lockUsed: boolean;
  lockNext: boolean;
  fillBegun: boolean;
  unitsLeft: bigint;
  fill: bigint;
  fillOpenedAt: bigint;
  lockMember: bigint;
  lockSite: bigint;
  lockedAt: bigint;
  lockedUntil: bigint;
  lockCount: bigint;
  dispenses: bigint;
  issuedAt: bigint;
};

/** A dispense record as its events tell it; the fields of `IPrescriptionRegistry.DispenseRecord`. */
export type ReplayedRecord = {
  member: bigint;
  site: bigint;
  fill: bigint;
  units: bigint;
  recordedAt: bigint;
  handedOverAt: bigint;
  closing: boolean;
  claimed: boolean;
  withdrawnAt: bigint;
  /** Told by the stock registry. */
  stock: string;
};

type Halt = { since: bigint; upTo: bigint; haltedAt: bigint; regulator: bigint };

/** Everything that the prescription registry's events tell. */
export type ReplayedPrescriptions = {
  readonly states: Map<string, ReplayedState>;
  readonly unitsPerFill: Map<string, bigint>;
  /** By `${id} ${ordinal}`. */
  readonly records: Map<string, ReplayedRecord>;
  /** By `${issuer} ${prescriber}`. */
  readonly halts: Map<string, Halt>;
  /** Each regulator's halts in its running period. */
  readonly rates: Map<bigint, { periodEnd: bigint; halts: bigint }>;
  readonly shell: Shell;
};

const NO_HALT: Halt = { since: 0n, upTo: 0n, haltedAt: 0n, regulator: 0n };
const HALT_PERIOD = BigInt(DAY);

const OPEN = 2n;
const COMPLETED = 3n;
const CANCELLED = 4n;
const REPLACED = 5n;
const REFUSED = 6n;
const APPROVED = 1n;

const endLock = (state: ReplayedState, at: bigint): void => {
  if (state.lockedUntil > at) state.lockedUntil = at;
};

const close = (state: ReplayedState, status: bigint, at: bigint): void => {
  state.status = status;
  state.cancelPending = false;
  endLock(state, at);
};

const take = (state: ReplayedState, left: bigint, at: bigint): void => {
  state.unitsLeft = left;
  state.lockUsed = true;
  state.dispenses += 1n;
  if (left === 0n && state.status === OPEN) endLock(state, at);
};

const handlers: Handlers<ReplayedPrescriptions> = {
  ...shellHandlers,
  // ERC-5564: beside PrescriptionIssued, for the holder alone.
  Announcement: () => undefined,
  PrescriptionIssued: ({ states, unitsPerFill }, value, { at }) => {
    const id: string = value("prescription");
    unitsPerFill.set(id, value("unitsPerFill"));
    states.set(id, {
      status: (value("reviewer") as bigint) === 0n ? OPEN : 1n,
      cancelPending: false,
      lockUsed: false,
      lockNext: false,
      fillBegun: false,
      unitsLeft: value("unitsPerFill"),
      fill: 1n,
      fillOpenedAt: 0n,
      lockMember: 0n,
      lockSite: 0n,
      lockedAt: 0n,
      lockedUntil: 0n,
      lockCount: 0n,
      dispenses: 0n,
      issuedAt: at,
    });
  },
  PrescriptionReviewed: ({ states }, value) => {
    need(states, value("prescription")).status = (value("outcome") as bigint) === APPROVED ? OPEN : REFUSED;
  },
  PrescriptionAccepted: ({ states }, value, { at }) => {
    const state = need(states, value("prescription"));
    const [member, site]: [bigint, bigint] = [value("member"), value("site")];
    const runs = state.lockMember !== 0n && at < state.lockedUntil;
    const renewal = runs && state.lockMember === member && state.lockSite === site;
    state.lockUsed = renewal && state.lockUsed;
    state.lockNext = (value("fill") as bigint) !== state.fill;
    state.lockMember = member;
    state.lockSite = site;
    state.lockedAt = value("lockedAt");
    state.lockedUntil = value("lockedUntil");
    state.lockCount = value("lockCount");
  },
  PrescriptionReturned: ({ states }, value) => {
    const state = need(states, value("prescription"));
    Object.assign(state, { lockUsed: false, lockNext: false });
    Object.assign(state, { lockMember: 0n, lockSite: 0n, lockedAt: 0n, lockedUntil: 0n });
  },
  PrescriptionReleased: ({ states }, value, { at }) => {
    endLock(need(states, value("prescription")), at);
  },
  PrescriptionDispensed: ({ states, unitsPerFill, records }, value, { at }) => {
    const id: string = value("prescription");
    const state = need(states, id);
    const whole = need(unitsPerFill, id);
    const [fill, units, handedOverAt]: bigint[] = [value("fill"), value("units"), value("handedOverAt")];
    if (fill !== state.fill || !state.fillBegun) state.fillOpenedAt = handedOverAt!;
    state.fillBegun = true;
    const left = (fill === state.fill ? state.unitsLeft : whole) - units!;
    if (fill !== state.fill) state.lockNext = false;
    state.fill = fill!;
    take(state, left, at);
    if (value("completed")) state.status = COMPLETED;
    records.set(`${id} ${value("ordinal") as bigint}`, {
      member: value("member"),
      site: value("site"),
      fill: fill!,
      units: units!,
      recordedAt: at,
      handedOverAt: handedOverAt!,
      closing: false,
      claimed: false,
      withdrawnAt: 0n,
      stock: NO_STOCK,
    });
  },
  PrescriptionFillClosed: ({ states, records }, value, { at }) => {
    const id: string = value("prescription");
    const state = need(states, id);
    take(state, 0n, at);
    if (value("completed")) state.status = COMPLETED;
    records.set(`${id} ${value("ordinal") as bigint}`, {
      member: value("member"),
      site: value("site"),
      fill: value("fill"),
      units: value("units"),
      recordedAt: at,
      handedOverAt: at,
      closing: true,
      claimed: false,
      withdrawnAt: 0n,
      stock: NO_STOCK,
    });
  },
  PrescriptionReopened: ({ states }, value) => {
    need(states, value("prescription")).status = OPEN;
  },
  DispenseWithdrawn: ({ states, records }, value, { at }) => {
    const id: string = value("prescription");
    const record = need(records, `${id} ${value("ordinal") as bigint}`);
    const state = need(states, id);
    record.withdrawnAt = at;
    if (record.fill !== state.fill) return;
    state.unitsLeft += record.units;
    const standing = [...records]
      .filter(([key, { fill, closing, withdrawnAt }]) => {
        return key.startsWith(`${id} `) && fill === state.fill && !closing && withdrawnAt === 0n;
      })
      .map(([, { handedOverAt }]) => handedOverAt);
    if (standing.length === 0) Object.assign(state, { fillBegun: false, lockUsed: false });
    else state.fillOpenedAt = standing.reduce((first, second) => (second < first ? second : first));
  },
  DispenseClaimed: ({ records }, value) => {
    need(records, `${value("prescription") as string} ${value("ordinal") as bigint}`).claimed = true;
  },
  DispenseClaimReversed: ({ records }, value) => {
    need(records, `${value("prescription") as string} ${value("ordinal") as bigint}`).claimed = false;
  },
  PrescriptionCancellationOrdered: ({ states }, value) => {
    need(states, value("prescription")).cancelPending = true;
  },
  PrescriptionCancelled: ({ states }, value, { at }) => {
    close(need(states, value("prescription")), CANCELLED, at);
  },
  PrescriptionReplaced: ({ states }, value, { at }) => {
    close(need(states, value("prescription")), REPLACED, at);
  },
  PrescriptionsHalted: ({ halts, rates }, value, { at }) => {
    const key = `${value("issuer") as bigint} ${value("prescriber") as string}`;
    const upTo: bigint = value("upTo");
    const before = halts.get(key) ?? NO_HALT;
    const orderedBy: bigint = value("regulator");
    const alone = before.regulator === 0n || before.regulator === orderedBy;
    const haltedAt = before.haltedAt === 0n ? upTo : before.haltedAt;
    halts.set(key, { since: value("since"), upTo, haltedAt, regulator: alone ? orderedBy : SEVERAL });
    const rate = ensure(rates, orderedBy, () => ({ periodEnd: 0n, halts: 0n }));
    if (at >= rate.periodEnd) Object.assign(rate, { periodEnd: at + HALT_PERIOD, halts: 0n });
    rate.halts += 1n;
  },
  PrescriptionsResumed: ({ halts }, value) => {
    halts.set(`${value("issuer") as bigint} ${value("prescriber") as string}`, NO_HALT);
  },
};

/** Begin of the hash of each dispense's stock argument, by `${id} ${ordinal}`: the lot registry's logs of takings have it. */
const stocksOf = async (lots: World["lots"]): Promise<Map<string, string>> => {
  const stocks = new Map<string, string>();
  for (const { args } of await lots.queryFilter(lots.filters.LotDispensed())) {
    stocks.set(`${args.prescription} ${(args.taking >> 16n) & 0xffn}`, toBeHex(args.taking >> 168n, 11));
  }
  for (const { args } of await lots.queryFilter(lots.filters.DispenseLinked())) {
    stocks.set(`${args.prescription} ${args.ordinal}`, dataSlice(keccak256(args.link), 0, 11));
  }
  return stocks;
};

/** Prescriptions, dispense records, halts and their rates. */
export const prescriptionDomain: Domain = {
  namespace: NAMESPACE,
  fields: ["states", "records", "halts", "rates"],
  differences: async ({ prescriptions, lots }) => {
    const { found, compare } = comparison();
    const stocks = await stocksOf(lots);
    const told = await replay<ReplayedPrescriptions>(prescriptions, handlers, {
      states: new Map(),
      unitsPerFill: new Map(),
      records: new Map(),
      halts: new Map(),
      rates: new Map(),
      shell: newShell(),
    });
    for (const [id, state] of told.states) {
      compare(`state ${id}`, Object.values(state), [...(await prescriptions.stateOf(id))]);
      const next = `${id} ${state.dispenses + 1n}`;
      if (told.records.has(next)) found.push(`${next} was given beyond the counter`);
    }
    for (const [key, record] of told.records) {
      const [id = "", ordinal = ""] = key.split(" ");
      record.stock = stocks.get(key) ?? NO_STOCK;
      compare(`record ${key}`, Object.values(record), [
        ...(await prescriptions.dispenseOf(id, Number(ordinal))),
      ]);
    }
    let standing = 0;
    const haltedPrescribers = new Map<string, number>();
    for (const [key, halt] of told.halts) {
      const [issuer = "", prescriber = ""] = key.split(" ");
      compare(`halt ${key}`, Object.values(halt), [
        ...(await prescriptions.haltOf(Number(issuer), prescriber)),
      ]);
      const stands = halt.since === 0n ? 0 : 1;
      standing += stands;
      const single = prescriber === ZeroHash ? 0 : stands;
      haltedPrescribers.set(issuer, (haltedPrescribers.get(issuer) ?? 0) + single);
    }
    for (const [issuer, count] of haltedPrescribers) {
      const word = await wordOf(prescriptions, NAMESPACE, "halts", ["uint32", issuer], ["bytes32", ZeroHash]);
      compare(`halted prescribers of ${issuer}`, BigInt(count), bits32(word, 128n));
    }
    for (const [regulator, rate] of told.rates) {
      const word = await wordOf(prescriptions, NAMESPACE, "rates", ["uint32", regulator]);
      compare(`halts by ${regulator}`, rate.periodEnd | (rate.halts << 32n), word);
    }
    await compareShell(compare, prescriptions, told.shell, standing);
    return found.map((one) => `PrescriptionRegistry: ${one}`);
  },
};
