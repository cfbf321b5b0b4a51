import { ZeroAddress, ZeroHash } from "ethers";

import { DAY, ethers, networkHelpers, now } from "../../core/chain.ts";
import { RETIRED, SEVERAL } from "../../core/words.ts";
import type { Registry } from "../../core/world.ts";
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

const NAMESPACE = "careledger.storage.MemberRegistry";

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
  /** Who gave each licence, also one that was revoked. */
  licensors: bigint[];
};
/** A suspension of a member for one cause. */
type Suspension = { duties: bigint; until: bigint; ratified: boolean };
/** A regulator's suspensions in its running period. */
type Rate = { periodEnd: bigint; members: bigint; operators: bigint };

/** Everything that the member registry's events tell. Operators by `${member} ${key}`, sites by `${member} ${site}`. */
export type ReplayedMembers = {
  readonly members: Map<bigint, ReplayedMember>;
  readonly operators: Map<string, ReplayedOperator>;
  readonly sites: Map<string, { gln: bigint; open: boolean }>;
  readonly authorities: Map<bigint, { duties: bigint; successor: bigint }>;
  /** By `${member} ${cause}`. */
  readonly suspensions: Map<string, Suspension>;
  /** The open site of each GLN that was ever used. */
  readonly siteOfGln: Map<bigint, { member: bigint; site: bigint }>;
  readonly rates: Map<bigint, Rate>;
  /** Active members of each controlling group. */
  readonly activeInGroup: Map<bigint, bigint>;
  /** Votes of each group from a second on, and of all. */
  readonly votes: { at: bigint; group: bigint; votes: bigint; total: bigint }[];
  /** By `${member} ${key}`: of an operator's first key, the present one; of a key that replaced one, the first. */
  readonly replacements: Map<string, string>;
  readonly origins: Map<string, string>;
  readonly shell: Shell;
};

const NO_SUSPENSION: Suspension = { duties: 0n, until: 0n, ratified: false };
const SUSPENSION_PERIOD = BigInt(DAY);
const LICENCES = 8;
const LAST_CAUSE = 6;

const none = (): bigint[] => Array<bigint>(LICENCES).fill(0n);

const operatorAt = ({ operators }: ReplayedMembers, key: string): ReplayedOperator => {
  const found = operators.get(key);
  if (found !== undefined) return found;
  const made: ReplayedOperator = {
    duties: 0n,
    suspended: 0n,
    appointedUntil: 0n,
    suspender: 0n,
    licensedThrough: none(),
    licensors: none(),
  };
  operators.set(key, made);
  return made;
};

const operatorOf = (state: ReplayedMembers, value: Values): ReplayedOperator =>
  operatorAt(state, `${value("member") as bigint} ${value("operator") as string}`);

/** Write something for each licence that these duties name. */
const setLicences = (list: bigint[], duties: bigint, value: bigint): void => {
  for (let bit = 0; bit < LICENCES; bit++) if ((duties >> BigInt(bit)) & 1n) list[bit] = value;
};

const rateOf = ({ rates }: ReplayedMembers, regulator: bigint, at: bigint): Rate => {
  const rate = ensure(rates, regulator, () => ({ periodEnd: 0n, members: 0n, operators: 0n }));
  if (at >= rate.periodEnd) {
    Object.assign(rate, { periodEnd: at + SUSPENSION_PERIOD, members: 0n, operators: 0n });
  }
  return rate;
};

/** A member joins a group or leaves it: the group's vote is there while it has an active member. */
const moveVote = (state: ReplayedMembers, group: bigint, change: 1n | -1n, at: bigint): void => {
  const active = (state.activeInGroup.get(group) ?? 0n) + change;
  state.activeInGroup.set(group, active);
  const total = BigInt([...state.activeInGroup.values()].filter((count) => count > 0n).length);
  state.votes.push({ at, group, votes: active > 0n ? 1n : 0n, total });
};

const suspensionKey = (value: Values): string => `${value("member") as bigint} ${value("cause") as bigint}`;

const openSite = (state: ReplayedMembers, member: bigint, site: bigint, gln: bigint): void => {
  state.sites.set(`${member} ${site}`, { gln, open: true });
  state.siteOfGln.set(gln, { member, site });
  need(state.members, member).sites = site;
};

const closeSite = (state: ReplayedMembers, member: bigint, site: bigint): void => {
  const closed = need(state.sites, `${member} ${site}`);
  closed.open = false;
  state.siteOfGln.set(closed.gln, { member: 0n, site: 0n });
};

const handlers: Handlers<ReplayedMembers> = {
  ...shellHandlers,
  MemberAdmitted: (state, value, { at }) => {
    moveVote(state, value("group"), 1n, at);
    state.members.set(value("member"), {
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
  MemberGroupChanged: (state, value, { at }) => {
    moveVote(state, value("before"), -1n, at);
    moveVote(state, value("group"), 1n, at);
    need(state.members, value("member")).group = value("group");
  },
  MemberLicenceChanged: ({ members }, value) => {
    need(members, value("member")).licenceHash = value("licenceHash");
  },
  MemberClosed: (state, value, { at }) => {
    const member = need(state.members, value("member"));
    moveVote(state, member.group, -1n, at);
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
  MemberSuspended: (state, value, { at }) => {
    rateOf(state, value("regulator"), at).members += 1n;
    const suspension = { duties: value("duties"), until: value("until"), ratified: false };
    state.suspensions.set(suspensionKey(value), suspension);
  },
  MemberSuspensionRatified: ({ suspensions }, value) => {
    const suspension = { duties: value("duties"), until: value("until"), ratified: true };
    suspensions.set(suspensionKey(value), suspension);
  },
  MemberSuspensionLifted: ({ suspensions }, value) => {
    suspensions.set(suspensionKey(value), NO_SUSPENSION);
  },
  MemberSuspensionChanged: ({ members }, value) => {
    const member = need(members, value("member"));
    member.suspendedDuties = value("duties");
    member.suspendedUntil = value("until");
  },
  SiteRegistered: (state, value) => {
    openSite(state, value("member"), value("site"), value("gln"));
  },
  SiteClosed: (state, value) => {
    closeSite(state, value("member"), value("site"));
  },
  SiteAdopted: (state, value) => {
    closeSite(state, value("from"), value("fromSite"));
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
    const { licensedThrough, licensors } = operatorOf(state, value);
    setLicences(licensedThrough, value("duties"), value("throughDay"));
    setLicences(licensors, value("duties"), value("authority"));
  },
  OperatorLicenceRevoked: (state, value) => {
    setLicences(operatorOf(state, value).licensedThrough, value("duties"), 0n);
  },
  OperatorDutiesSuspended: (state, value, { at }) => {
    const operator = operatorOf(state, value);
    const authority: bigint = value("authority");
    rateOf(state, authority, at).operators += 1n;
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
    if (value("licencesKept")) {
      fresh.licensedThrough = old.licensedThrough;
      fresh.licensors = old.licensors;
    }
    old.suspended |= RETIRED;
    Object.assign(old, { duties: 0n, appointedUntil: 0n, licensedThrough: none(), licensors: none() });
    const [member, before, operator]: [bigint, string, string] = [
      value("member"),
      value("before"),
      value("operator"),
    ];
    const origin = state.origins.get(`${member} ${before}`) ?? before;
    state.origins.set(`${member} ${operator}`, origin);
    state.replacements.set(`${member} ${origin}`, operator);
  },
};

type Compare = ReturnType<typeof comparison>["compare"];

const compareOperators = async (
  compare: Compare,
  registry: Registry,
  told: ReplayedMembers,
): Promise<void> => {
  for (const [key, { licensors, ...operator }] of told.operators) {
    const [id = "", operatorKey = ""] = key.split(" ");
    const stored = await registry.operatorOf(Number(id), operatorKey);
    const { duties, suspended, suspender, appointedUntil, licensedThrough } = stored;
    compare(`operator ${key}`, operator, {
      duties,
      suspended,
      appointedUntil,
      suspender,
      licensedThrough: [...licensedThrough],
    });
    let giversWord = 0n;
    for (const [bit, licensor] of licensors.entries()) {
      giversWord |= licensor << BigInt(32 * bit);
      if (licensor === 0n) continue;
      compare(`licensor of ${key}`, licensor, await registry.licensorOf(Number(id), operatorKey, 1 << bit));
    }
    const givers = await wordOf(registry, NAMESPACE, "licensors", ["uint32", id], ["bytes32", operatorKey]);
    compare(`licensors of ${key}`, giversWord, givers);
  }
  // Of every key that was named, also of those that no replacement touched.
  for (const field of ["replacements", "origins"] as const) {
    for (const key of new Set([...told.operators.keys(), ...told[field].keys()])) {
      const [id, operatorKey] = key.split(" ");
      const word = await wordOf(registry, NAMESPACE, field, ["uint32", id], ["bytes32", operatorKey]);
      compare(`${field} ${key}`, BigInt(told[field].get(key) ?? 0), word);
    }
  }
};

const compareSites = async (compare: Compare, registry: Registry, told: ReplayedMembers): Promise<void> => {
  for (const [key, site] of told.sites) {
    const [id = "", number = ""] = key.split(" ");
    compare(`site ${key}`, Object.values(site), [...(await registry.siteOf(Number(id), Number(number)))]);
  }
  for (const [gln, place] of told.siteOfGln)
    compare(`GLN ${gln}`, Object.values(place), [...(await registry.siteOfGln(gln))]);
};

/** Votes at the second of every change, just before it and now. */
const compareVotes = async (compare: Compare, registry: Registry, told: ReplayedMembers): Promise<void> => {
  // Votes are known of past seconds: let the last change lie in the past.
  await networkHelpers.mine(2);
  const latest = BigInt(await now());
  const moments = told.votes.flatMap(({ at, group }) => [
    { group, at: at - 1n },
    { group, at },
    { group, at: latest - 1n },
  ]);
  for (const moment of moments) {
    const before = told.votes.filter(({ at }) => at <= moment.at);
    const total = await registry.getPastTotalVotes(moment.at);
    compare(`all votes at ${moment.at}`, before.at(-1)?.total ?? 0n, total);
    const { group } = moment;
    const votes = before.findLast((one) => one.group === group)?.votes ?? 0n;
    compare(`votes of ${group} at ${moment.at}`, votes, await registry.getPastGroupVotes(group, moment.at));
  }
  for (const [group, active] of told.activeInGroup)
    compare(
      `active in ${group}`,
      active,
      await wordOf(registry, NAMESPACE, "activeInGroup", ["uint32", group]),
    );
};

const compareSupervision = async (
  compare: Compare,
  registry: Registry,
  told: ReplayedMembers,
): Promise<void> => {
  for (const member of told.members.keys()) {
    for (let cause = 0; cause <= LAST_CAUSE; cause++) {
      const suspension = told.suspensions.get(`${member} ${cause}`) ?? NO_SUSPENSION;
      const stored = [...(await registry.suspensionOf(member, cause))];
      compare(`suspension of ${member} for ${cause}`, Object.values(suspension), stored);
    }
    const rate = told.rates.get(member) ?? { periodEnd: 0n, members: 0n, operators: 0n };
    const word = rate.periodEnd | (rate.members << 32n) | (rate.operators << 64n);
    compare(`rate of ${member}`, word, await wordOf(registry, NAMESPACE, "rates", ["uint32", member]));
  }
  for (const [id, authority] of told.authorities)
    compare(`authority ${id}`, Object.values(authority), [...(await registry.licensingAuthorityOf(id))]);
};

/** Members, sites, operators, licences, suspensions, votes. */
export const memberDomain: Domain = {
  namespace: NAMESPACE,
  fields: [
    "members",
    "operators",
    "sites",
    "profiles",
    "licensors",
    "authorities",
    "rates",
    "suspensions",
    "siteOfGln",
    "activeInGroup",
    "groupVotes",
    "totalVotes",
    "replacements",
    "origins",
  ],
  differences: async ({ registry }) => {
    const { found, compare } = comparison();
    const told = await replay<ReplayedMembers>(registry, handlers, {
      members: new Map(),
      operators: new Map(),
      sites: new Map(),
      authorities: new Map(),
      suspensions: new Map(),
      siteOfGln: new Map(),
      rates: new Map(),
      activeInGroup: new Map(),
      votes: [],
      replacements: new Map(),
      origins: new Map(),
      shell: newShell(),
    });
    for (const [id, member] of told.members)
      compare(`member ${id}`, Object.values(member), [...(await registry.memberOf(id))]);
    await compareOperators(compare, registry, told);
    await compareSites(compare, registry, told);
    await compareVotes(compare, registry, told);
    await compareSupervision(compare, registry, told);
    await compareShell(compare, registry, told.shell, 0);
    return found.map((one) => `MemberRegistry: ${one}`);
  },
};
