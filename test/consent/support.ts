import { Signature, type TypedDataDomain } from "ethers";

import { DAY, HOUR, START, actor, as, at, ethers, networkHelpers, now, type Actor } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import {
  APPOINTED_UNTIL,
  CATEGORIES,
  LICENSED_THROUGH,
  Member as BaseMember,
  OFFICE_MASK,
  assignRoles,
  consentsAt,
  freshConsortium,
  licenceHash,
  people,
  type Consents,
  type World,
} from "../core/world.ts";
import { ecdsaKey, passkey, p256Key, walletKey, type Key } from "./keys.ts";

export { field } from "../consortium/support.ts";

// ── words ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Members: those of every test, and those that only consents need. */
export const Member = { ...BaseMember, cityLab: 31, mediSure: 41, cohort: 51 } as const;

/** Bit numbers of some data categories, as the deployment registers them. */
export const Category = { demographics: 0, medication: 2, laboratory: 5, imaging: 6, genetics: 13 } as const;

/** All categories that the deployment registers, and numbers beyond them: the next one and another. */
export const REGISTERED = 2 ** CATEGORIES.length - 1;
export const NEXT_CATEGORY = CATEGORIES.length;
export const FAR_CATEGORY = 30;

/** Bit numbers of purposes. Which code each is, the SDK says; the contract knows BTG alone. */
export const Purpose = { treatment: 1, payment: 2, research: 3, breakGlass: 60 } as const;

/** A mask of one or more bit numbers; a number up to 31, a bigint above. */
export const mask = (...bits: readonly number[]): number => bits.reduce((sum, bit) => sum | (1 << bit), 0);
export const wide = (...bits: readonly number[]): bigint =>
  bits.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n);

/** Every category and every purpose that a rule can name. */
export const ALL_CATEGORIES = 2 ** 32 - 1;
export const ALL_PURPOSES = 2n ** 60n - 1n;

/** The class of every member. */
export const EVERYONE = 1 << 15;

/** The end of a rule without an end. */
export const FOREVER = 2 ** 32 - 1;

export const Kind = { none: 0n, permit: 1n, deny: 2n } as const;
export const Ruling = {
  noRule: 0n,
  permitted: 1n,
  denied: 2n,
  granteeInactive: 3n,
  subjectUnknown: 4n,
} as const;
export const Reason = { unspecified: 0, lifeThreatening: 1, patientIncapable: 2, publicSafety: 3 } as const;
export const Status = { unknown: 0n, open: 1n, escalated: 2n, justified: 3n, unjustified: 4n } as const;

/** Powers of a delegate, as in contracts/consent/DelegatePowers.sol. */
export const Power = {
  grant: 1 << 0,
  deny: 1 << 1,
  export: 1 << 2,
  redisclose: 1 << 3,
  revokeAll: 1 << 4,
  recover: 1 << 5,
  appoint: 1 << 6,
} as const;
export const ALL_POWERS = 0x7f;

/** Listed among duties so that a regulator can stop disclosures to a member. */
export const RECEIVE = 1 << 30;

/** Limits, written down again from the interface. */
export const SIGNATURE_LIFE = DAY;
export const ATTESTATION_LIFE = 72 * HOUR;
export const VERSIONS_AHEAD = 16;
export const VERSION_MAX = 2 ** 24 - 1;
export const REPLACEMENT_DELAY = 14 * DAY;
export const REPLACEMENT_LIFE = 30 * DAY;
export const DELEGATION_MAX = 5 * 365 * DAY;
export const BATCH_MAX = 32;
export const DISCLOSURES_MAX = 200;
export const BREAK_GLASS_LIFE = DAY;
export const ESCALATION_AFTER = 72 * HOUR;

/** The number of a deny that was entered from paper. */
export const PAPER = 8;

// ── people ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Who acts for members here. */
export const staff = {
  desk: actor("stMary records desk"),
  discloser: actor("stMary disclosure system"),
  drSteen: actor("Dr Steen, emergency physician at stMary"),
  northDesk: actor("north records desk"),
  northDiscloser: actor("north disclosure system"),
  drVega: actor("Dr Vega, emergency physician at north"),
  drNoor: actor("Dr Noor, emergency physician at north"),
  drRest: actor("Dr Rest, appointed to emergencies and not licensed"),
  labAdmin: actor("city lab admin"),
  labDesk: actor("city lab records desk"),
  labDiscloser: actor("city lab disclosure system"),
  insurerAdmin: actor("mediSure admin"),
  cohortAdmin: actor("cohort admin"),
} as const;

const MEMBERS: readonly (readonly [number, Actor, number, number])[] = [
  [Member.cityLab, staff.labAdmin, Sector.LABORATORY, 131],
  [Member.mediSure, staff.insurerAdmin, Sector.INSURER, 141],
  [Member.cohort, staff.cohortAdmin, Sector.RESEARCH, 151],
];

const OPERATORS: readonly (readonly [number, Actor, Actor, number])[] = [
  [Member.stMary, people.stMaryAdmin, staff.desk, Duty.CUSTODY],
  [Member.stMary, people.stMaryAdmin, staff.discloser, Duty.DISCLOSE],
  [Member.stMary, people.stMaryAdmin, staff.drSteen, Duty.BREAK_GLASS],
  [Member.northGeneral, people.northAdmin, staff.northDesk, Duty.CUSTODY],
  [Member.northGeneral, people.northAdmin, staff.northDiscloser, Duty.DISCLOSE],
  [Member.northGeneral, people.northAdmin, staff.drVega, Duty.BREAK_GLASS],
  [Member.northGeneral, people.northAdmin, staff.drNoor, Duty.BREAK_GLASS],
  [Member.northGeneral, people.northAdmin, staff.drRest, Duty.BREAK_GLASS],
  [Member.cityLab, staff.labAdmin, staff.labDesk, Duty.CUSTODY],
  [Member.cityLab, staff.labAdmin, staff.labDiscloser, Duty.DISCLOSE],
];

// ── the world ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A patient who is enrolled. */
export type Patient = Key & { readonly id: string; readonly custodian: number };

/** Members, and consents with one patient of each kind of key. */
export type ConsentWorld = World & {
  readonly verifiers: { readonly p256: string; readonly webAuthn: string };
  /** Signs with an ECDSA key. */
  readonly mara: Patient;
  /** Signs with a wallet contract. */
  readonly wim: Patient;
  /** Signs with a P-256 key. */
  readonly pia: Patient;
  /** Signs with a passkey. */
  readonly toni: Patient;
  /** A child: has no key, but a guardian under delegation 1. */
  readonly child: Patient;
  readonly guardian: Key;
  readonly carer: Key;
};

const deployed = async (name: string, ...args: unknown[]): Promise<string> =>
  await (await ethers.deployContract(name, args, people.deployer.wallet)).getAddress();

/** Peers of the consent registry, in the order of its constructor. */
export type Peers = readonly [members: string, standards: string, p256: string, webAuthn: string];

/** The three parts of a body; returns their addresses. */
export const deployConsentBody = async (...peers: Peers) => {
  const custody = await deployed("ConsentCustody", ...peers);
  const oversight = await deployed("ConsentOversight", ...peers, custody);
  const body = await deployed("ConsentRegistry", ...peers, oversight);
  return { body, oversight, custody };
};

/** What a registry was made with, so that tests make another one like it. */
export const peersOf = async ({ registry, standards, verifiers }: ConsentWorld): Promise<Peers> => [
  await registry.getAddress(),
  await standards.getAddress(),
  verifiers.p256,
  verifiers.webAuthn,
];

/** A further consent registry of the same consortium: signatures for one are worth nothing at the other. */
export const anotherRegistry = async (world: ConsentWorld): Promise<Consents> => {
  const { body } = await deployConsentBody(...(await peersOf(world)));
  const manager = await world.manager.getAddress();
  const initialization = world.consents.interface.encodeFunctionData("initialize", [manager]);
  const address = await deployed("ERC1967Proxy", body, initialization);
  await assignRoles(world.manager, "consentRegistry", address);
  const consents = await consentsAt(address);
  await as(consents, people.anyRelay).refreshCategories();
  return consents;
};

const staffUp = async ({ registry }: World): Promise<void> => {
  const governed = as(registry, people.governance);
  for (const [member, admin, sectors, group] of MEMBERS) {
    const admission = { member, admin: admin.address, sectors, group, licenceHash: licenceHash(member) };
    await governed.admitMember(admission);
  }
  await governed.setLicensingAuthority(Member.healthOffice, OFFICE_MASK | Duty.BREAK_GLASS, 0);
  for (const [member, admin, person, duties] of OPERATORS)
    await as(registry, admin).appoint(member, { operator: person.key, duties, until: APPOINTED_UNTIL });
  const licensed = [
    [Member.stMary, staff.drSteen],
    [Member.northGeneral, staff.drVega],
    [Member.northGeneral, staff.drNoor],
  ] as const;
  await as(registry, people.licenser).licenseBatch(
    Member.healthOffice,
    licensed.map(([member, { key }]) => ({
      member,
      operator: key,
      duties: Duty.BREAK_GLASS,
      throughDay: LICENSED_THROUGH,
    })),
  );
};

/** Staff and patients for this consortium. */
export const peopled = async (world: World): Promise<ConsentWorld> => {
  await staffUp(world);
  const { consents } = world;
  const verifiers = {
    p256: await consents.P256_VERIFIER(),
    webAuthn: await consents.WEBAUTHN_VERIFIER(),
  };
  const guardian = ecdsaKey("guardian Greta");
  const bare = { ...world, verifiers, guardian, carer: ecdsaKey("carer Carl") };
  const mara = await enrolled(bare, ecdsaKey("patient Mara"));
  const wim = await enrolled(bare, await walletKey("patient Wim"));
  const pia = await enrolled(bare, await p256Key(verifiers.p256, "patient Pia"));
  const toni = await enrolled(bare, await passkey(verifiers.webAuthn, "patient Toni"));
  const child = await enrolled(bare, guardian, {
    key: ethers.ZeroAddress,
    guardian: guardian.key,
    guardianUntil: START + 1_000 * DAY,
  });
  return { ...bare, mara, wim, pia, toni, child: { ...child, key: ethers.ZeroAddress } };
};

const consortium = async (): Promise<ConsentWorld> => await peopled(await freshConsortium());

/** The same consortium with the same patients for each test that asks. */
export const freshConsents = async (): Promise<ConsentWorld> => await networkHelpers.loadFixture(consortium);

// ── what is signed ─────────────────────────────────────────────────────────────────────────────────────────────────

const fields = (text: string) =>
  text.split(",").map((one) => {
    const [type = "", name = ""] = one.trim().split(" ");
    return { type, name };
  });

const RULE =
  "bytes32 subject,uint8 delegate,uint32 grantee,uint16 sector,uint8 number,uint32 version,uint32 epoch," +
  "uint32 categories,uint64 purposes,uint32 validFrom,uint32 validUntil,bool exportable,bool redisclosable," +
  "uint32 deadline";

/** EIP-712 types, written down again from the interface. */
const TYPES = {
  Grant: fields(RULE),
  Denial: fields(RULE),
  Revocation: fields(
    "bytes32 subject,uint8 delegate,uint32 grantee,uint16 sector,uint8 number,uint32 version,uint32 deadline",
  ),
  Rules: fields("Revocation[] revocations,Denial[] denials,Grant[] grants,uint32 deadline"),
  RevocationOfAll: fields("bytes32 subject,uint8 delegate,uint32 epoch,uint32 deadline"),
  Delegation: fields(
    "bytes32 subject,uint8 delegate,uint8 number,uint32 version,uint32 epoch,address key,uint8 powers," +
      "uint32 categories,uint64 purposes,uint32 validUntil,uint32 deadline",
  ),
  DelegationRevocation: fields("bytes32 subject,uint8 number,uint32 version,uint8 delegate,uint32 deadline"),
  Enrolment: fields(
    "uint32 custodian,address key,address guardian,uint32 guardianUntil,bytes32 salt,uint32 deadline",
  ),
  KeyReplacement: fields("bytes32 subject,address before,address key,uint32 keyVersion,uint32 deadline"),
  KeyRecovery: fields(
    "bytes32 subject,address before,address key,uint8 delegate,uint32 keyVersion,uint32 deadline",
  ),
  KeyRefusal: fields("bytes32 subject,address key,uint32 keyVersion,uint32 deadline"),
  BreakGlass: fields("uint32 member,uint32 custodian,bytes32 ticket,uint8 reason,uint32 deadline"),
} as const;

/** Name of a signed act. */
export type ActName = keyof typeof TYPES;

const typesOf = (act: ActName): Record<string, { name: string; type: string }[]> => {
  const nested = act === "Rules" ? (["Revocation", "Denial", "Grant"] as const) : [];
  return Object.fromEntries([act, ...nested].map((name) => [name, TYPES[name]]));
};

/** EIP-712 domain of a consent registry. */
export const domainOf = async (consents: Consents): Promise<TypedDataDomain> => ({
  name: "CareLedger ConsentRegistry",
  version: "1",
  chainId: (await ethers.provider.getNetwork()).chainId,
  verifyingContract: await consents.getAddress(),
});

/** Other domains under which no signature may count. */
export const FOREIGN_DOMAINS: readonly TypedDataDomain[] = [
  { chainId: 1n },
  { verifyingContract: people.stranger.address },
  { version: "2" },
  { name: "CareLedger MemberRegistry" },
];

/** A signature as the contract takes it. */
export type Authorization = {
  readonly signer: string;
  readonly signature: string;
  readonly deadline: number;
};

/** Whoever needs none. */
export const UNSIGNED: Authorization = { signer: "0x", signature: "0x", deadline: 0 };

/** How an act is signed and sent, where it is not the usual way. */
export type How = {
  /** Who signs. */
  readonly by?: Key;
  /** Who sends it. */
  readonly relay?: Actor;
  /** Deadline. */
  readonly until?: number;
  readonly domain?: TypedDataDomain;
};

type Message = Readonly<Record<string, unknown>>;

/** Sign an act. */
export const authorize = async (
  { consents }: { readonly consents: Consents },
  key: Key,
  act: ActName,
  message: Message,
  { until, domain = {} }: How = {},
): Promise<Authorization> => {
  const deadline = until ?? (await now()) + HOUR;
  const dated =
    act === "Rules"
      ? Object.fromEntries(
          Object.entries(message).map(([name, list]) => [
            name,
            (list as Message[]).map((one) => ({ ...one, deadline })),
          ]),
        )
      : message;
  const digest = ethers.TypedDataEncoder.hash({ ...(await domainOf(consents)), ...domain }, typesOf(act), {
    ...dated,
    deadline,
  });
  return { signer: key.signer, signature: await key.sign(digest), deadline };
};

// ── subjects ───────────────────────────────────────────────────────────────────────────────────────────────────────

const coder = ethers.AbiCoder.defaultAbiCoder();

/** The id of a subject, computed here and not by the contract. */
export const subjectIdOf = (custodian: number, key: string, salt: string): string =>
  ethers.keccak256(coder.encode(["uint32", "address", "bytes32"], [custodian, key, salt]));

/** What is enrolled: a patient with a key at stMary, without a guardian. */
export type Enrolment = {
  custodian: number;
  key: string;
  guardian: string;
  guardianUntil: number;
  salt: string;
};

export const enrolment = (changes: Partial<Enrolment>): Enrolment => ({
  custodian: Member.stMary,
  key: ethers.ZeroAddress,
  guardian: ethers.ZeroAddress,
  guardianUntil: 0,
  salt: ethers.id("salt"),
  ...changes,
});

type Bare = World & { readonly consents: Consents };

/** Send an enrolment signed by this key. */
export const enrol = async (
  world: Bare,
  by: Key,
  changes: Partial<Enrolment> = {},
  { relay = staff.desk, ...how }: How = {},
) => {
  const terms = enrolment({ key: by.key, ...changes });
  const authorization = await authorize(world, by, "Enrolment", terms, how);
  return await as(world.consents, relay).enrol(terms, authorization);
};

/** Enrol a patient with this key. */
export const enrolled = async (
  world: Bare,
  by: Key,
  changes: Partial<Enrolment> = {},
  how: How = {},
): Promise<Patient> => {
  await enrol(world, by, changes, how);
  const { custodian, salt } = enrolment(changes);
  return { ...by, id: subjectIdOf(custodian, by.key, salt), custodian };
};

/** A subject as an object. */
export const subjectOf = async ({ consents }: Bare, id: string) => {
  const [key, custodian, epoch, sectors, keyVersion, replacementPending] = await consents.subjectOf(id);
  return { key, custodian, epoch, sectors, keyVersion, replacementPending };
};

// ── rules ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A permit or a deny. */
export type Rule = {
  subject: string;
  delegate: number;
  grantee: number;
  sector: number;
  number: number;
  version: number;
  epoch: number;
  categories: number;
  purposes: bigint;
  validFrom: number;
  validUntil: number;
  exportable: boolean;
  redisclosable: boolean;
};

/** Laboratory data for treatment at North General, for a year. */
export const rule = (subject: string, changes: Partial<Rule> = {}): Rule => ({
  subject,
  delegate: 0,
  grantee: Member.northGeneral,
  sector: 0,
  number: 0,
  version: 0,
  epoch: 0,
  categories: mask(Category.laboratory),
  purposes: wide(Purpose.treatment),
  validFrom: START,
  validUntil: START + 365 * DAY,
  exportable: false,
  redisclosable: false,
  ...changes,
});

/** The class of a rule instead of one member. */
export const forClass = (sector: number): Partial<Rule> => ({ grantee: 0, sector });

/** Send a permit; `by` signs it, the patient herself unless told. */
export const grant = async (
  world: Bare,
  patient: Patient,
  changes: Partial<Rule> = {},
  { by = patient, relay = people.anyRelay, ...how }: How = {},
) => {
  const terms = rule(patient.id, changes);
  const authorization = await authorize(world, by, "Grant", terms, how);
  return await as(world.consents, relay).grant(terms, authorization);
};

/** Send a deny. */
export const deny = async (
  world: Bare,
  patient: Patient,
  changes: Partial<Rule> = {},
  { by = patient, relay = people.anyRelay, ...how }: How = {},
) => {
  const terms = rule(patient.id, changes);
  const authorization = await authorize(world, by, "Denial", terms, how);
  return await as(world.consents, relay).deny(terms, authorization);
};

/** The end of a rule. */
export type Revocation = Pick<Rule, "subject" | "delegate" | "grantee" | "sector" | "number" | "version">;

export const revocation = (subject: string, changes: Partial<Revocation> = {}): Revocation => ({
  subject,
  delegate: 0,
  grantee: Member.northGeneral,
  sector: 0,
  number: 0,
  version: 1,
  ...changes,
});

/** Send a revocation. */
export const revoke = async (
  world: Bare,
  patient: Patient,
  changes: Partial<Revocation> = {},
  { by = patient, relay = people.anyRelay, ...how }: How = {},
) => {
  const terms = revocation(patient.id, changes);
  const authorization = await authorize(world, by, "Revocation", terms, how);
  return await as(world.consents, relay).revoke(terms, authorization);
};

/** Send a revocation of all. */
export const revokeAll = async (
  world: Bare,
  patient: Patient,
  { epoch = 0, delegate = 0 }: { readonly epoch?: number; readonly delegate?: number } = {},
  { by = patient, relay = people.anyRelay, ...how }: How = {},
) => {
  const message = { subject: patient.id, delegate, epoch };
  const authorization = await authorize(world, by, "RevocationOfAll", message, how);
  return await as(world.consents, relay).revokeAll(patient.id, delegate, epoch, authorization);
};

/** Many rules at once. */
export type Changes = {
  readonly revocations?: readonly Revocation[];
  readonly denials?: readonly Rule[];
  readonly grants?: readonly Rule[];
};

/** Send a batch of rules. */
export const changeRules = async (
  world: Bare,
  patient: Patient,
  { revocations = [], denials = [], grants = [] }: Changes,
  { by = patient, relay = people.anyRelay, ...how }: How = {},
) => {
  const message = { revocations, denials, grants };
  const authorization = await authorize(world, by, "Rules", message, how);
  return await as(world.consents, relay).changeRules(
    [...revocations],
    [...denials],
    [...grants],
    authorization,
  );
};

/** A rule as it stands, as an object. */
export const ruleOf = async (
  { consents }: Bare,
  id: string,
  { grantee = Member.northGeneral as number, sector = 0, number = 0 }: Partial<Rule> = {},
) => {
  const state = [...(await consents.ruleOf(id, grantee, sector, number))];
  const [kind, delegate, version, epoch, categories, purposes, validFrom, validUntil] = state;
  const [exportable, redisclosable, live] = state.slice(8);
  const span = { validFrom, validUntil, exportable, redisclosable, live };
  return { kind, delegate, version, epoch, categories, purposes, ...span };
};

/** What a question names. */
export type Question = { readonly grantee?: number; readonly category?: number; readonly purpose?: number };

/** The whole answer. */
export const decide = async (
  { consents }: Bare,
  { id }: Pick<Patient, "id">,
  {
    grantee = Member.northGeneral,
    category = Category.laboratory,
    purpose = Purpose.treatment,
  }: Question = {},
) => {
  const decision = [...(await consents.isPermitted(id, grantee, category, purpose))];
  const [ruling, by, sector, number, version, exportable, redisclosable] = decision;
  return { ruling, grantee: by, sector, number, version, exportable, redisclosable };
};

/** The ruling alone. */
export const ruling = async (world: Bare, patient: Pick<Patient, "id">, question: Question = {}) =>
  (await decide(world, patient, question)).ruling;

// ── delegates ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A delegate to appoint. */
export type Delegation = {
  subject: string;
  delegate: number;
  number: number;
  version: number;
  epoch: number;
  key: string;
  powers: number;
  categories: number;
  purposes: bigint;
  validUntil: number;
};

/** Everything about laboratory data and medication for treatment, for half a year, under number 1. */
export const delegation = (subject: string, key: string, changes: Partial<Delegation> = {}): Delegation => ({
  subject,
  delegate: 0,
  number: 1,
  version: 0,
  epoch: 0,
  key,
  powers: ALL_POWERS,
  categories: mask(Category.laboratory, Category.medication),
  purposes: wide(Purpose.treatment, Purpose.payment),
  validUntil: START + 180 * DAY,
  ...changes,
});

/** Send an appointment; `by` signs it, the patient unless told. */
export const appoint = async (
  world: Bare,
  patient: Patient,
  delegate: Key,
  changes: Partial<Delegation> = {},
  { by = patient, relay = people.anyRelay, ...how }: How = {},
) => {
  const terms = delegation(patient.id, delegate.key, changes);
  const authorization = await authorize(world, by, "Delegation", terms, how);
  return await as(world.consents, relay).appointDelegate(terms, authorization);
};

/** Send the end of a delegation. */
export const revokeDelegate = async (
  world: Bare,
  patient: Patient,
  { number = 1, version = 1, delegate = 0 } = {},
  { by = patient, relay = people.anyRelay, ...how }: How = {},
) => {
  const message = { subject: patient.id, number, version, delegate };
  const authorization = await authorize(world, by, "DelegationRevocation", message, how);
  const sender = as(world.consents, relay);
  return await sender.revokeDelegate(patient.id, number, version, delegate, authorization);
};

/** A rule of a delegate: number 4, within {@link delegation}. */
export const delegated = (changes: Partial<Rule> = {}): Partial<Rule> => ({
  delegate: 1,
  number: 4,
  validUntil: START + 90 * DAY,
  ...changes,
});

// ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Change the key at once, signed by old and new. */
export const replaceKey = async (
  world: Bare,
  patient: Patient,
  fresh: Key,
  { by = patient, relay = people.anyRelay, keyVersion = 0, ...how }: How & { keyVersion?: number } = {},
) => {
  const message = { subject: patient.id, before: patient.key, key: fresh.key, keyVersion };
  const old = await authorize(world, by, "KeyReplacement", message, how);
  const signed = await authorize(world, fresh, "KeyReplacement", message, how);
  return await as(world.consents, relay).replaceKey(patient.id, fresh.key, old, signed);
};

/** What differs from the usual in a proposal. */
export type Proposal = How & {
  readonly custodian?: number;
  readonly delegate?: number;
  readonly keyVersion?: number;
  readonly before?: string;
};

/** Propose a key: signed by the delegate (none for delegate 0) and by the new key. */
export const proposeKey = async (
  world: Bare,
  patient: Patient,
  fresh: Key,
  byDelegate: Key | undefined,
  { custodian = Member.stMary, delegate = 1, keyVersion = 0, relay = staff.desk, ...how }: Proposal = {},
) => {
  const before = how.before ?? patient.key;
  const message = { subject: patient.id, before, key: fresh.key, delegate, keyVersion };
  const agreed =
    byDelegate === undefined ? UNSIGNED : await authorize(world, byDelegate, "KeyRecovery", message, how);
  const signed = await authorize(world, fresh, "KeyRecovery", message, how);
  const sender = as(world.consents, relay);
  return await sender.proposeKey(custodian, patient.id, fresh.key, delegate, agreed, signed);
};

/** Refuse a proposed key. */
export const refuseKey = async (
  world: Bare,
  patient: Patient,
  key: string,
  keyVersion: number,
  { by = patient, relay = people.anyRelay, ...how }: How = {},
) => {
  const message = { subject: patient.id, key, keyVersion };
  const authorization = await authorize(world, by, "KeyRefusal", message, how);
  return await as(world.consents, relay).refuseKey(patient.id, authorization);
};

/** A proposed key as an object. */
export const replacementOf = async ({ consents }: Bare, id: string) => {
  const [key, delegate, effectiveFrom] = await consents.replacementOf(id);
  return { key, delegate, effectiveFrom };
};

// ── disclosures and break-glass ────────────────────────────────────────────────────────────────────────────────────

/** What is disclosed. */
export type Disclosure = {
  subject: string;
  grantee: number;
  category: number;
  purpose: number;
  document: string;
  breakGlass: string;
};

/** A laboratory document for treatment at North General. */
export const disclosure = (subject: string, changes: Partial<Disclosure> = {}): Disclosure => ({
  subject,
  grantee: Member.northGeneral,
  category: Category.laboratory,
  purpose: Purpose.treatment,
  document: ethers.id("salted commitment to a document"),
  breakGlass: ethers.ZeroHash,
  ...changes,
});

/** Record a disclosure as stMary's system. */
export const disclose = async (
  { consents }: Bare,
  given: Disclosure,
  by: Actor = staff.discloser,
  custodian: number = Member.stMary,
) => await as(consents, by).recordDisclosure(custodian, given);

/** A ticket. */
export const ticket = (number = 1): string => ethers.id(`salted ticket ${number}`);

/** The id of a use of break-glass, computed here. */
export const glassIdOf = (
  by: Actor = staff.drVega,
  ticketHash: string = ticket(),
  member: number = Member.northGeneral,
  custodian: number = Member.stMary,
): string =>
  ethers.keccak256(
    coder.encode(["uint32", "bytes32", "uint32", "bytes32"], [member, by.key, custodian, ticketHash]),
  );

/** Signature of a professional as the contract takes it. */
export type Attestation = { readonly r: string; readonly vs: string; readonly deadline: number };
export const SENT: Attestation = { r: ethers.ZeroHash, vs: ethers.ZeroHash, deadline: 0 };

/** Dr Vega of North General opens stMary's records. */
export const breakGlass = async (
  { consents }: Bare,
  {
    by = staff.drVega as Actor,
    member = Member.northGeneral as number,
    custodian = Member.stMary as number,
    ticketHash = ticket(),
    reason = Reason.lifeThreatening as number,
    attestation = SENT,
  } = {},
) => await as(consents, by).breakGlass(member, custodian, ticketHash, reason, attestation);

/** A professional's signature over a use of break-glass. */
export const attest = async (
  { consents }: Bare,
  by: Actor,
  until: number,
  changes: Message = {},
  domain: TypedDataDomain = {},
): Promise<Attestation> => {
  const message = {
    member: Member.northGeneral,
    custodian: Member.stMary,
    ticket: ticket(),
    reason: Reason.lifeThreatening,
    deadline: until,
    ...changes,
  };
  const types = typesOf("BreakGlass");
  const raw = await by.wallet.signTypedData({ ...(await domainOf(consents)), ...domain }, types, message);
  const { r, yParityAndS } = Signature.from(raw);
  return { r, vs: yParityAndS, deadline: until };
};

/** The operator key that comes out of an attestation over the usual use: another's, where it was made over another. */
export const attestedKey = async ({ consents }: Bare, { r, vs, deadline }: Attestation): Promise<string> => {
  const message = {
    member: Member.northGeneral,
    custodian: Member.stMary,
    ticket: ticket(),
    reason: Reason.lifeThreatening,
    deadline,
  };
  const digest = ethers.TypedDataEncoder.hash(await domainOf(consents), typesOf("BreakGlass"), message);
  return ethers.zeroPadValue(ethers.recoverAddress(digest, Signature.from({ r, yParityAndS: vs })), 32);
};

/** A disclosure under a use of break-glass. */
export const emergency = (subject: string, changes: Partial<Disclosure> = {}): Disclosure =>
  disclosure(subject, { purpose: Purpose.breakGlass, breakGlass: glassIdOf(), ...changes });

/** The end of the seventh day (UTC) after this second's. */
export const reviewDueOf = (openedAt: number): number => (Math.floor(openedAt / DAY) + 8) * DAY;

/** Review as stMary's desk. */
export const review = async (
  { consents }: Bare,
  id: string = glassIdOf(),
  outcome: bigint = Status.justified,
  by: Actor = staff.desk,
  reviewer: number = Member.stMary,
) => await as(consents, by).reviewBreakGlass(id, reviewer, outcome);

/** A use as an object. */
export const glassOf = async ({ consents }: Bare, id: string = glassIdOf()) => {
  const [status, reason, member, custodian, openedAt, overruled, operator, subject] =
    await consents.breakGlassOf(id);
  return { status, reason, member, custodian, openedAt, overruled, operator, subject };
};

// ── Merkle trees ───────────────────────────────────────────────────────────────────────────────────────────────────

/** The rule that allowed a disclosure of a batch. */
export type Allowed = { readonly sector: number; readonly number: number; readonly version: number };

/** The leaf of a disclosure, computed here. */
export const leafOf = (given: Disclosure, { sector, number, version }: Allowed): string => {
  const types = [
    "tuple(bytes32 subject,uint32 grantee,uint8 category,uint8 purpose,bytes32 document,bytes32 breakGlass)",
    "uint16",
    "uint8",
    "uint32",
  ];
  return ethers.keccak256(ethers.keccak256(coder.encode(types, [given, sector, number, version])));
};

const pair = (one: string, other: string): string =>
  ethers.keccak256(ethers.concat(BigInt(one) < BigInt(other) ? [one, other] : [other, one]));

/** Root and proofs of a complete binary tree whose leaves, in this order, stand at the end, the first last. */
export const merkle = (leaves: readonly string[]) => {
  const size = 2 * leaves.length - 1;
  const tree = new Map(leaves.map((leaf, i) => [size - 1 - i, leaf]));
  const node = (at: number): string => {
    const known = tree.get(at) ?? pair(node(2 * at + 1), node(2 * at + 2));
    tree.set(at, known);
    return known;
  };
  const proofOf = (index: number): string[] => {
    const proof: string[] = [];
    // Neighbours are odd and the even number above it.
    for (let at = size - 1 - index; at > 0; at = Math.floor((at - 1) / 2))
      proof.push(node(at % 2 === 1 ? at + 1 : at - 1));
    return proof;
  };
  return { root: node(0), proofOf };
};

// ── time and storage ───────────────────────────────────────────────────────────────────────────────────────────────

/** Let the next block come this many seconds after the last; returns its second. */
export const later = async (seconds: number): Promise<number> => {
  const second = (await now()) + seconds;
  await at(second);
  return second;
};

/** ERC-7201 slot of the registry's storage (contracts/consent/ConsentStorage.sol). */
const LAYOUT = 0x338cfab5f944146808dcbb4b3ab9ace050be57a2c45a8e2984e97c07a7af7000n;

/**
 * Write the version of a rule: to count to 2^24 would take days and show no more. Rules are the second field of the
 * layout; in a rule's word the version is bits 184 to 207.
 */
export const setVersion = async (
  world: Bare,
  id: string,
  { grantee = Member.northGeneral as number, sector = 0, number = 0 }: Partial<Rule>,
  version: number,
): Promise<void> => {
  const address = await world.consents.getAddress();
  const keyed = (type: string, key: unknown, slot: string) =>
    ethers.keccak256(coder.encode([type, "bytes32"], [key, slot]));
  const granteeKey = (BigInt(sector) << 32n) | BigInt(grantee);
  const ofSubject = keyed("bytes32", id, ethers.toBeHex(LAYOUT + 1n, 32));
  const slot = keyed("uint8", number, keyed("uint48", granteeKey, ofSubject));
  const word = BigInt(await ethers.provider.getStorage(address, slot));
  const changed = (word & ~(0xffffffn << 184n)) | (BigInt(version) << 184n);
  await networkHelpers.setStorageAt(address, slot, ethers.toBeHex(changed, 32));
  const state = await ruleOf(world, id, { grantee, sector, number });
  if (state.version !== BigInt(version)) throw new Error("the storage layout moved");
};

/** Write the epoch or key version of a subject, as {@link setVersion} does a rule's: bits 192 to 215 and 233 to 255 of the first field. */
export const setSubjectCounts = async (
  world: Bare,
  id: string,
  counts: { readonly epoch?: number; readonly keyVersion?: number },
): Promise<void> => {
  const address = await world.consents.getAddress();
  const slot = ethers.keccak256(coder.encode(["bytes32", "uint256"], [id, LAYOUT]));
  const before = await subjectOf(world, id);
  const { epoch = Number(before.epoch), keyVersion = Number(before.keyVersion) } = counts;
  const word = BigInt(await ethers.provider.getStorage(address, slot));
  const kept = word & ~(0xffffffn << 192n) & ((1n << 233n) - 1n);
  const changed = kept | (BigInt(epoch) << 192n) | (BigInt(keyVersion) << 233n);
  await networkHelpers.setStorageAt(address, slot, ethers.toBeHex(changed, 32));
  const told = await subjectOf(world, id);
  if (told.epoch !== BigInt(epoch) || told.keyVersion !== BigInt(keyVersion))
    throw new Error("the storage layout moved");
};

/** Write the version of a delegation, as {@link setVersion} does a rule's: bits 192 to 207 of its first slot, in the third field. */
export const setDelegationVersion = async (
  world: Bare,
  id: string,
  number: number,
  version: number,
): Promise<void> => {
  const address = await world.consents.getAddress();
  const ofSubject = ethers.keccak256(coder.encode(["bytes32", "uint256"], [id, LAYOUT + 2n]));
  const slot = ethers.keccak256(coder.encode(["uint8", "bytes32"], [number, ofSubject]));
  const word = BigInt(await ethers.provider.getStorage(address, slot));
  const changed = (word & ~(0xffffn << 192n)) | (BigInt(version) << 192n);
  await networkHelpers.setStorageAt(address, slot, ethers.toBeHex(changed, 32));
  const { version: told } = await world.consents.delegationOf(id, number);
  if (told !== BigInt(version)) throw new Error("the storage layout moved");
};
