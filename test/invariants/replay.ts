import { ZeroAddress, ZeroHash, type Interface, type Log } from "ethers";

import { ethers } from "../core/chain.ts";
import type { Prescriptions, Registry } from "../core/world.ts";
import { RETIRED, SEVERAL } from "../core/words.ts";

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
};

const OPEN = 2n;
const COMPLETED = 3n;
const CANCELLED = 4n;
const REPLACED = 5n;
const REFUSED = 6n;
const APPROVED = 1n;

/** Values of an event by name; never `args.fill`, which an ethers Result answers with an array method. */
type Values = (name: string) => never;

type Handlers<S> = Readonly<
  Record<string, (state: S, value: Values, log: { at: bigint; block: bigint }) => void>
>;

const need = <K, V>(map: Map<K, V>, key: K): V => {
  const found = map.get(key);
  if (found === undefined) throw new Error(`an event names ${String(key)}, which no event made`);
  return found;
};

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

const prescriptionHandlers: Handlers<ReplayedPrescriptions> = {
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
    });
  },
  PrescriptionFillClosed: ({ states, records }, value, { at }) => {
    const id: string = value("prescription");
    const state = need(states, id);
    take(state, 0n, at);
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
    });
  },
  PrescriptionCompleted: ({ states }, value) => {
    need(states, value("prescription")).status = COMPLETED;
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
  PrescriptionsHalted: ({ halts }, value) => {
    const key = `${value("issuer") as bigint} ${value("prescriber") as string}`;
    const upTo: bigint = value("upTo");
    const before = halts.get(key);
    const orderedBy: bigint = value("regulator");
    const regulator = before === undefined || before.regulator === orderedBy ? orderedBy : SEVERAL;
    halts.set(key, { since: value("since"), upTo, haltedAt: before?.haltedAt ?? upTo, regulator });
  },
  PrescriptionsResumed: ({ halts }, value) => {
    halts.delete(`${value("issuer") as bigint} ${value("prescriber") as string}`);
  },
};

/** A member, an operator and a site as their events tell them. */
export type ReplayedMember = {
  status: bigint;
  sectors: bigint;
  group: bigint;
  successor: bigint;
  sites: bigint;
  admin: string;
  pendingAdmin: string;
  permittedDuties: bigint;
  suspendedDuties: bigint;
  suspendedUntil: bigint;
  licenceHash: string;
  encryptionKeyHash: string;
  endpointHash: string;
  encryptionKeyBlock: bigint;
  endpointBlock: bigint;
};
export type ReplayedOperator = {
  duties: bigint;
  suspended: bigint;
  appointedUntil: bigint;
  suspender: bigint;
  licensedThrough: bigint[];
};

/** Everything that the member registry's events tell. Operators by `${member} ${key}`, sites by `${member} ${site}`. */
export type ReplayedMembers = {
  readonly members: Map<bigint, ReplayedMember>;
  readonly operators: Map<string, ReplayedOperator>;
  readonly sites: Map<string, { gln: bigint; open: boolean }>;
  readonly authorities: Map<bigint, { duties: bigint; successor: bigint }>;
};

const operatorAt = ({ operators }: ReplayedMembers, key: string): ReplayedOperator => {
  const found = operators.get(key);
  if (found !== undefined) return found;
  const made: ReplayedOperator = {
    duties: 0n,
    suspended: 0n,
    appointedUntil: 0n,
    suspender: 0n,
    licensedThrough: Array<bigint>(8).fill(0n),
  };
  operators.set(key, made);
  return made;
};

const operatorOf = (state: ReplayedMembers, value: Values): ReplayedOperator =>
  operatorAt(state, `${value("member") as bigint} ${value("operator") as string}`);

const licenseTo = (operator: ReplayedOperator, duties: bigint, day: bigint): void => {
  for (let bit = 0; bit < 8; bit++) if ((duties >> BigInt(bit)) & 1n) operator.licensedThrough[bit] = day;
};

const openSite = (state: ReplayedMembers, member: bigint, site: bigint, gln: bigint): void => {
  state.sites.set(`${member} ${site}`, { gln, open: true });
  need(state.members, member).sites = site;
};

const memberHandlers: Handlers<ReplayedMembers> = {
  MemberAdmitted: ({ members }, value) => {
    members.set(value("member"), {
      status: 1n,
      sectors: value("sectors"),
      group: value("group"),
      successor: 0n,
      sites: 0n,
      admin: value("admin"),
      pendingAdmin: ZeroAddress,
      permittedDuties: value("permittedDuties"),
      suspendedDuties: 0n,
      suspendedUntil: 0n,
      licenceHash: value("licenceHash"),
      encryptionKeyHash: ZeroHash,
      endpointHash: ZeroHash,
      encryptionKeyBlock: 0n,
      endpointBlock: 0n,
    });
  },
  MemberSectorsChanged: ({ members }, value) => {
    const member = need(members, value("member"));
    member.sectors = value("sectors");
    member.permittedDuties = value("permittedDuties");
  },
  MemberGroupChanged: ({ members }, value) => {
    need(members, value("member")).group = value("group");
  },
  MemberLicenceChanged: ({ members }, value) => {
    need(members, value("member")).licenceHash = value("licenceHash");
  },
  MemberClosed: ({ members }, value) => {
    const member = need(members, value("member"));
    member.status = 2n;
    member.permittedDuties = 0n;
  },
  MemberSuccessorNamed: ({ members }, value) => {
    need(members, value("member")).successor = value("successor");
  },
  MemberAdminProposed: ({ members }, value) => {
    need(members, value("member")).pendingAdmin = value("pendingAdmin");
  },
  MemberAdminChanged: ({ members }, value) => {
    const member = need(members, value("member"));
    member.admin = value("admin");
    member.pendingAdmin = ZeroAddress;
  },
  MemberEncryptionKeyPublished: ({ members }, value, { block }) => {
    const member = need(members, value("member"));
    member.encryptionKeyHash = ethers.keccak256(value("encryptionKey"));
    member.encryptionKeyBlock = block;
  },
  MemberEndpointPublished: ({ members }, value, { block }) => {
    const member = need(members, value("member"));
    member.endpointHash = ethers.id(value("endpoint"));
    member.endpointBlock = block;
  },
  MemberSuspensionChanged: ({ members }, value) => {
    const member = need(members, value("member"));
    member.suspendedDuties = value("duties");
    member.suspendedUntil = value("until");
  },
  SiteRegistered: (state, value) => {
    openSite(state, value("member"), value("site"), value("gln"));
  },
  SiteClosed: ({ sites }, value) => {
    need(sites, `${value("member") as bigint} ${value("site") as bigint}`).open = false;
  },
  SiteAdopted: (state, value) => {
    need(state.sites, `${value("from") as bigint} ${value("fromSite") as bigint}`).open = false;
    openSite(state, value("member"), value("site"), value("gln"));
  },
  LicensingAuthoritySet: ({ authorities }, value) => {
    authorities.set(value("authority"), { duties: value("duties"), successor: value("successor") });
  },
  OperatorAppointed: (state, value) => {
    const operator = operatorOf(state, value);
    operator.duties = value("duties");
    operator.appointedUntil = value("until");
  },
  OperatorDismissed: (state, value) => {
    Object.assign(operatorOf(state, value), { duties: 0n, appointedUntil: 0n });
  },
  OperatorLicensed: (state, value) => {
    licenseTo(operatorOf(state, value), value("duties"), value("throughDay"));
  },
  OperatorLicenceRevoked: (state, value) => {
    licenseTo(operatorOf(state, value), value("duties"), 0n);
  },
  OperatorDutiesSuspended: (state, value) => {
    const operator = operatorOf(state, value);
    const authority: bigint = value("authority");
    const shared = operator.suspended !== 0n && operator.suspender !== authority;
    operator.suspended |= value("duties") as bigint;
    operator.suspender = shared ? SEVERAL : authority;
  },
  OperatorDutiesRestored: (state, value) => {
    const operator = operatorOf(state, value);
    operator.suspended &= ~(value("duties") as bigint);
    operator.suspender = value("authority");
  },
  OperatorSuspensionLifted: (state, value) => {
    const operator = operatorOf(state, value);
    operator.suspended &= RETIRED;
    operator.suspender = 0n;
  },
  OperatorReplaced: (state, value) => {
    const fresh = operatorOf(state, value);
    const old = operatorAt(state, `${value("member") as bigint} ${value("before") as string}`);
    const differ = fresh.suspended !== 0n && old.suspended !== 0n && fresh.suspender !== old.suspender;
    fresh.suspender = differ ? SEVERAL : fresh.suspended === 0n ? old.suspender : fresh.suspender;
    fresh.suspended |= old.suspended;
    fresh.duties = old.duties;
    fresh.appointedUntil = old.appointedUntil;
    if (value("licencesKept")) fresh.licensedThrough = old.licensedThrough;
    old.suspended |= RETIRED;
    Object.assign(old, { duties: 0n, appointedUntil: 0n, licensedThrough: Array<bigint>(8).fill(0n) });
  },
};

/** Events that change no state which a read shows, or only beside another event. */
const SILENT = new Set([
  "Announcement",
  "MemberSuspended",
  "MemberSuspensionRatified",
  "MemberSuspensionLifted",
  "DomainPaused",
  "DomainResumed",
  "Upgraded",
  "Initialized",
  "AuthorityUpdated",
]);

const replay = async <S>(address: string, iface: Interface, handlers: Handlers<S>, state: S): Promise<S> => {
  const logs: Log[] = await ethers.provider.getLogs({ address, fromBlock: 0, toBlock: "latest" });
  const times = new Map<number, bigint>();
  for (const log of logs) {
    const event = iface.parseLog(log);
    if (event === null) throw new Error(`the interface lacks the event ${log.topics[0] ?? ""}`);
    if (SILENT.has(event.name)) continue;
    const handler = handlers[event.name];
    if (handler === undefined) throw new Error(`no replay is written for ${event.name}`);
    if (!times.has(log.blockNumber)) {
      const block = await ethers.provider.getBlock(log.blockNumber);
      times.set(log.blockNumber, BigInt(block?.timestamp ?? 0));
    }
    const value = (name: string) => event.args.getValue(name) as never;
    handler(state, value, { at: need(times, log.blockNumber), block: BigInt(log.blockNumber) });
  }
  return state;
};

/** Rebuild the prescription registry from its logs alone. */
export const replayPrescriptions = async (contract: Prescriptions): Promise<ReplayedPrescriptions> =>
  await replay<ReplayedPrescriptions>(await contract.getAddress(), contract.interface, prescriptionHandlers, {
    states: new Map(),
    unitsPerFill: new Map(),
    records: new Map(),
    halts: new Map(),
  });

/** Rebuild the member registry from its logs alone. */
export const replayMembers = async (contract: Registry): Promise<ReplayedMembers> =>
  await replay<ReplayedMembers>(await contract.getAddress(), contract.interface, memberHandlers, {
    members: new Map(),
    operators: new Map(),
    sites: new Map(),
    authorities: new Map(),
  });

/** What differs between the rebuilt state and the chain's; empty when events tell everything. */
export const differences = async (registry: Registry, prescriptions: Prescriptions): Promise<string[]> => {
  const found: string[] = [];
  const compare = (what: string, told: unknown, stored: unknown): void => {
    const [a, b] = [told, stored].map((side) =>
      JSON.stringify(side, (_, item: unknown) => (typeof item === "bigint" ? item.toString() : item)),
    );
    if (a !== b) found.push(`${what}: events tell ${String(a)}, the chain stores ${String(b)}`);
  };
  const told = await replayPrescriptions(prescriptions);
  for (const [id, state] of told.states) {
    compare(`state ${id}`, Object.values(state), [...(await prescriptions.stateOf(id))]);
    const next = `${id} ${state.dispenses + 1n}`;
    if (told.records.has(next)) found.push(`${next} was given beyond the counter`);
  }
  for (const [key, record] of told.records) {
    const [id = "", ordinal = ""] = key.split(" ");
    compare(`record ${key}`, Object.values(record), [
      ...(await prescriptions.dispenseOf(id, Number(ordinal))),
    ]);
  }
  for (const [key, halt] of told.halts) {
    const [issuer = "", prescriber = ""] = key.split(" ");
    compare(`halt ${key}`, Object.values(halt), [
      ...(await prescriptions.haltOf(Number(issuer), prescriber)),
    ]);
  }
  const members = await replayMembers(registry);
  for (const [id, member] of members.members) {
    compare(`member ${id}`, Object.values(member), [...(await registry.memberOf(id))]);
  }
  for (const [key, operator] of members.operators) {
    const [id = "", operatorKey = ""] = key.split(" ");
    const stored = await registry.operatorOf(Number(id), operatorKey);
    const { duties, suspended, suspender, appointedUntil, licensedThrough } = stored;
    const fields = { duties, suspended, appointedUntil, suspender, licensedThrough: [...licensedThrough] };
    compare(`operator ${key}`, operator, fields);
  }
  for (const [key, site] of members.sites) {
    const [id = "", number = ""] = key.split(" ");
    compare(`site ${key}`, Object.values(site), [...(await registry.siteOf(Number(id), Number(number)))]);
  }
  for (const [id, authority] of members.authorities) {
    compare(`authority ${id}`, Object.values(authority), [...(await registry.licensingAuthorityOf(id))]);
  }
  return found;
};
