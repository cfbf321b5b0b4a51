import { ZeroAddress, ZeroHash } from "ethers";

import { ethers } from "../../core/chain.ts";
import { Sector } from "../../core/words.ts";
import type { Consents, Registry } from "../../core/world.ts";
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
} from "./engine.ts";

const NAMESPACE = "careledger.storage.ConsentRegistry";

type Compare = (what: string, told: unknown, stored: unknown) => void;
type Subject = {
  key: string;
  custodian: bigint;
  epoch: bigint;
  classes: bigint;
  pending: boolean;
  keyVersion: bigint;
};
type Rule = {
  kind: bigint;
  flags: bigint;
  delegate: bigint;
  delegationVersion: bigint;
  categories: bigint;
  purposes: bigint;
  validFrom: bigint;
  validUntil: bigint;
  version: bigint;
  epoch: bigint;
};
type Delegation = {
  key: string;
  validUntil: bigint;
  version: bigint;
  powers: bigint;
  appointer: bigint;
  appointerVersion: bigint;
  categories: bigint;
  purposes: bigint;
};
type Replacement = { key: string; delegate: bigint; delegationVersion: bigint; effectiveFrom: bigint };
type Use = {
  status: bigint;
  reason: bigint;
  member: bigint;
  custodian: bigint;
  openedAt: bigint;
  operator: string;
  subject: string;
  /** Member that reviewed last, 0 before. */
  reviewer: bigint;
};

/** Everything that the consent registry's events tell. */
export type ReplayedConsents = {
  readonly subjects: Map<string, Subject>;
  /** By `${subject} ${sector} ${grantee} ${number}`. */
  readonly rules: Map<string, Rule>;
  /** By `${subject} ${number}`. */
  readonly delegations: Map<string, Delegation>;
  readonly replacements: Map<string, Replacement>;
  readonly uses: Map<string, Use>;
  /** By `${custodian} ${root}`. */
  readonly batches: Map<string, bigint>;
  readonly lists: { categories: bigint };
  readonly shell: Shell;
};

const NO_DELEGATION: Delegation = {
  key: ZeroAddress,
  validUntil: 0n,
  version: 0n,
  powers: 0n,
  appointer: 0n,
  appointerVersion: 0n,
  categories: 0n,
  purposes: 0n,
};
const NO_REPLACEMENT: Replacement = {
  key: ZeroAddress,
  delegate: 0n,
  delegationVersion: 0n,
  effectiveFrom: 0n,
};
const ENDED = {
  kind: 0n,
  flags: 0n,
  delegate: 0n,
  delegationVersion: 0n,
  categories: 0n,
  purposes: 0n,
  validFrom: 0n,
  validUntil: 0n,
  epoch: 0n,
};
const [PERMIT, DENY] = [1n, 2n];
const PAPER = 8n;
const [OPEN, ESCALATED, JUSTIFIED] = [1n, 2n, 3n];
const DAY = 86_400n;

type Values = (name: string) => never;

const versionOf = ({ delegations }: ReplayedConsents, subject: string, number: bigint): bigint =>
  number === 0n ? 0n : (delegations.get(`${subject} ${number}`)?.version ?? 0n);

/** Write a rule as the event names its place; a class is marked on the subject. */
const write = (state: ReplayedConsents, value: Values, number: bigint, rule: Rule): void => {
  const [subject, grantee, sector]: [string, bigint, bigint] = [
    value("subject"),
    value("grantee"),
    value("sector"),
  ];
  state.rules.set(`${subject} ${sector} ${grantee} ${number}`, rule);
  need(state.subjects, subject).classes |= sector;
};

const ruled = (state: ReplayedConsents, value: Values, kind: bigint): Rule => {
  const [subject, delegate]: [string, bigint] = [value("subject"), value("delegate")];
  return {
    kind,
    flags: kind === PERMIT ? value("flags") : 0n,
    delegate,
    delegationVersion: versionOf(state, subject, delegate),
    categories: value("categories"),
    purposes: value("purposes"),
    validFrom: value("validFrom"),
    validUntil: value("validUntil"),
    version: value("version"),
    epoch: kind === PERMIT ? need(state.subjects, subject).epoch : 0n,
  };
};

const rekey = (state: ReplayedConsents, subject: string, key: string, pending: boolean): void => {
  const standing = need(state.subjects, subject);
  Object.assign(standing, { key, pending, keyVersion: standing.keyVersion + 1n });
};

const handlers: Handlers<ReplayedConsents> = {
  ...shellHandlers,
  SubjectEnrolled: ({ subjects }, value) => {
    const rest = { epoch: 0n, classes: 0n, pending: false, keyVersion: 0n };
    subjects.set(value("subject"), { key: value("key"), custodian: value("custodian"), ...rest });
  },
  SubjectKeyReplaced: (state, value) => {
    state.replacements.set(value("subject"), NO_REPLACEMENT);
    rekey(state, value("subject"), value("key"), false);
  },
  SubjectKeyProposed: (state, value) => {
    const [subject, delegate]: [string, bigint] = [value("subject"), value("delegate")];
    state.replacements.set(subject, {
      key: value("key"),
      delegate,
      delegationVersion: versionOf(state, subject, delegate),
      effectiveFrom: value("effectiveFrom"),
    });
    rekey(state, subject, need(state.subjects, subject).key, true);
  },
  SubjectKeyProposalCancelled: (state, value) => {
    const subject: string = value("subject");
    state.replacements.set(subject, NO_REPLACEMENT);
    rekey(state, subject, need(state.subjects, subject).key, false);
  },
  ConsentGranted: (state, value) => {
    write(state, value, value("number"), ruled(state, value, PERMIT));
  },
  ConsentDenied: (state, value) => {
    write(state, value, value("number"), ruled(state, value, DENY));
  },
  ConsentRevoked: (state, value) => {
    write(state, value, value("number"), { ...ENDED, version: value("version") });
  },
  PaperDenialEntered: (state, value) => {
    write(state, value, PAPER, {
      ...ENDED,
      kind: DENY,
      categories: value("categories"),
      purposes: value("purposes"),
      validFrom: value("validFrom"),
      validUntil: value("validUntil"),
      version: value("version"),
    });
  },
  PaperDenialLifted: (state, value) => {
    write(state, value, PAPER, { ...ENDED, version: value("version") });
  },
  ConsentAllRevoked: ({ subjects }, value) => {
    need(subjects, value("subject")).epoch = value("epoch");
  },
  DelegateAppointed: (state, value) => {
    const [subject, appointer]: [string, bigint] = [value("subject"), value("appointer")];
    state.delegations.set(`${subject} ${value("number") as bigint}`, {
      key: value("key"),
      validUntil: value("validUntil"),
      version: value("version"),
      powers: value("powers"),
      appointer,
      appointerVersion: versionOf(state, subject, appointer),
      categories: value("categories"),
      purposes: value("purposes"),
    });
  },
  DelegateRevoked: ({ delegations }, value) => {
    const place = `${value("subject") as string} ${value("number") as bigint}`;
    delegations.set(place, { ...NO_DELEGATION, version: value("version") });
  },
  // A record of its own: nothing is stored.
  DisclosureRecorded: () => undefined,
  DisclosuresRecorded: ({ batches }, value, { at }) => {
    batches.set(`${value("custodian") as bigint} ${value("root") as string}`, at);
  },
  GlassBroken: ({ uses }, value, { at }) => {
    uses.set(value("id"), {
      status: OPEN,
      reason: value("reason"),
      member: value("member"),
      custodian: value("custodian"),
      openedAt: at,
      operator: value("operator"),
      subject: ZeroHash,
      reviewer: 0n,
    });
  },
  BreakGlassBound: ({ uses }, value) => {
    need(uses, value("id")).subject = value("subject");
  },
  BreakGlassEscalated: ({ uses }, value) => {
    need(uses, value("id")).status = ESCALATED;
  },
  BreakGlassReviewed: ({ uses }, value) => {
    Object.assign(need(uses, value("id")), { status: value("outcome"), reviewer: value("reviewer") });
  },
  CategoriesRefreshed: ({ lists }, value) => {
    lists.categories = value("categories");
  },
};

const packed = (...parts: readonly (readonly [value: bigint, shift: bigint])[]): bigint =>
  parts.reduce((word, [value, shift]) => word | (value << shift), 0n);

const wordOfSubject = (one: Subject): bigint =>
  packed(
    [BigInt(one.key), 0n],
    [one.custodian, 160n],
    [one.epoch, 192n],
    [one.classes, 216n],
    [one.pending ? 1n : 0n, 232n],
    [one.keyVersion, 233n],
  );

const wordOfRule = (one: Rule, others: bigint): bigint =>
  packed(
    [one.kind, 0n],
    [one.flags, 2n],
    [one.delegate, 4n],
    [one.delegationVersion, 8n],
    [one.categories, 24n],
    [one.purposes, 56n],
    [one.validFrom, 120n],
    [one.validUntil, 152n],
    [one.version, 184n],
    [one.epoch, 208n],
    [others, 232n],
  );

const compareRules = async (compare: Compare, consents: Consents, told: ReplayedConsents): Promise<void> => {
  const places = new Map<string, bigint>();
  for (const [name, { kind }] of told.rules) {
    const [subject = "", sector = "", grantee = "", number = ""] = name.split(" ");
    const place = `${subject} ${sector} ${grantee}`;
    const others = kind === 0n || number === "0" ? 0n : 1n << (BigInt(number) - 1n);
    places.set(place, (places.get(place) ?? 0n) | others);
  }
  for (const [place, others] of places) {
    const [subject = "", sector = "0", grantee = "0"] = place.split(" ");
    const granteeKey = (BigInt(sector) << 32n) | BigInt(grantee);
    for (let number = 0n; number <= PAPER; number++) {
      const rule = told.rules.get(`${place} ${number}`) ?? { ...ENDED, version: 0n };
      const keys = [
        ["bytes32", subject],
        ["uint48", granteeKey],
        ["uint8", number],
      ] as const;
      const word = await wordOf(consents, NAMESPACE, "rules", ...keys);
      compare(`rule ${place} ${number}`, wordOfRule(rule, number === 0n ? others : 0n), word);
    }
  }
};

const compareKeys = async (compare: Compare, consents: Consents, told: ReplayedConsents): Promise<void> => {
  for (const [id, subject] of told.subjects) {
    const word = await wordOf(consents, NAMESPACE, "subjects", ["bytes32", id]);
    compare(`subject ${id}`, wordOfSubject(subject), word);
  }
  for (const [name, one] of told.delegations) {
    const [subject = "", number = ""] = name.split(" ");
    const keys = [
      ["bytes32", subject],
      ["uint8", number],
    ] as const;
    const first = packed(
      [BigInt(one.key), 0n],
      [one.validUntil, 160n],
      [one.version, 192n],
      [one.powers, 208n],
      [one.appointer, 216n],
      [one.appointerVersion, 224n],
    );
    compare(`delegation ${name}`, first, await wordOf(consents, NAMESPACE, "delegations", ...keys));
    const { categories, purposes } = await consents.delegationOf(subject, number);
    compare(`scope of ${name}`, [one.categories, one.purposes], [categories, purposes]);
  }
  for (const [subject, one] of told.replacements) {
    const word = packed(
      [BigInt(one.key), 0n],
      [one.delegate, 160n],
      [one.delegationVersion, 168n],
      [one.effectiveFrom, 184n],
    );
    const stored = await wordOf(consents, NAMESPACE, "replacements", ["bytes32", subject]);
    compare(`replacement ${subject}`, word, stored);
  }
};

const compareUses = async (
  compare: Compare,
  consents: Consents,
  registry: Registry,
  told: ReplayedConsents,
): Promise<void> => {
  /** Counts by the day of opening, and the latest day: of a first key, or of the keys after it at one member. */
  const days = new Map<string, { counts: bigint; latest: bigint }>();
  for (const [id, use] of told.uses) {
    const { reviewer, ...fields } = use;
    const regulates = ((await registry.memberOf(reviewer)).sectors & BigInt(Sector.REGULATOR)) !== 0n;
    const { status, reason, member, custodian, openedAt, operator, subject } = fields;
    const overruled = reviewer !== 0n && regulates;
    const expected = [status, reason, member, custodian, openedAt, overruled, operator, subject];
    compare(`break-glass ${id}`, expected, [...(await consents.breakGlassOf(id))]);
    if (subject === ZeroHash) continue;
    const origin = await registry.originOf(member, operator);
    const later = ethers.keccak256(
      ethers.AbiCoder.defaultAbiCoder().encode(["uint32", "bytes32"], [member, origin]),
    );
    const entry = ensure(days, operator === origin ? origin : later, () => ({ counts: 0n, latest: 0n }));
    const day = openedAt / DAY;
    if (day > entry.latest) entry.latest = day;
    if (status < JUSTIFIED) entry.counts += 1n << ((day % 8n) * 24n);
  }
  for (const [place, { counts, latest }] of days) {
    const word = await wordOf(consents, NAMESPACE, "reviewDays", ["bytes32", place]);
    compare(`reviews at ${place}`, counts | (latest << 192n), word);
  }
};

/** Subjects, rules, delegations, proposed keys, uses of break-glass and their reviews, batches of disclosures. */
export const consentDomain: Domain = {
  namespace: NAMESPACE,
  fields: ["subjects", "rules", "delegations", "replacements", "breakGlasses", "reviewDays", "batches"],
  differences: async ({ consents, registry }) => {
    const { found, compare } = comparison();
    const told = await replay<ReplayedConsents>(consents, handlers, {
      subjects: new Map(),
      rules: new Map(),
      delegations: new Map(),
      replacements: new Map(),
      uses: new Map(),
      batches: new Map(),
      lists: { categories: 0n },
      shell: newShell(),
    });
    await compareKeys(compare, consents, told);
    await compareRules(compare, consents, told);
    await compareUses(compare, consents, registry, told);
    for (const [name, recordedAt] of told.batches) {
      const [custodian = "", root = ""] = name.split(" ");
      compare(`batch ${name}`, recordedAt, await consents.disclosureBatchOf(custodian, root));
    }
    await compareShell(compare, consents, told.shell, Number(told.lists.categories));
    return found.map((one) => `ConsentRegistry: ${one}`);
  },
};
