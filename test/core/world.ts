import { readFileSync } from "node:fs";

import { Contract, Interface, type Fragment } from "ethers";
import { artifacts } from "hardhat";

import { deploy, memoryStore, parseConfig, type StandardsConfig } from "../../deploy/index.ts";
import { roles, type TargetName } from "../../deploy/roles.ts";
import type {
  AccessManager,
  ConsentRegistry,
  IConsentRegistry,
  ILotRegistry,
  IMemberRegistry,
  IPrescriptionRegistry,
  IRecordRegistry,
  IResearchRegistry,
  IStandardsRegistry,
  LotRegistry,
  MemberRegistry,
  PrescriptionRegistry,
  RecordRegistry,
  ResearchRegistry,
  StandardsRegistry,
} from "../../typechain-types/index.ts";
import { DAY, START, actor, as, at, ethers, networkHelpers, provider, type Actor } from "./chain.ts";
import { Duty, Sector } from "./words.ts";

/** Roles of the AccessManager. */
export const Role = {
  governance: roles.governance.id,
  emergency: roles.emergency.id,
  claims: roles.claims.id,
} as const;

/** Members of the test consortium, by the ids under which they were admitted. */
export const Member = {
  stMary: 1,
  northGeneral: 2,
  sunPharmacy: 11,
  moonPharmacy: 12,
  healthOffice: 21,
  drugAgency: 22,
} as const;

/** Sites, as numbers within their member. */
export const Site = { hallPharmacy: 1, sunMarket: 1, sunStation: 2, moonSquare: 1 } as const;

/** GLNs with correct check digits (GS1). */
export const gln = (serial: number): bigint => {
  const body = `590${String(serial).padStart(9, "0")}`;
  const sum = [...body].reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3), 0);
  return BigInt(`${body}${(10 - (sum % 10)) % 10}`);
};

/** Named people and systems. */
export const people = {
  deployer: actor("deployer"),
  governance: actor("governance"),
  emergency: actor("emergency"),
  claims: actor("claims"),
  stranger: actor("stranger"),
  anyRelay: actor("any relay"),
  // St. Mary's Hospital
  stMaryAdmin: actor("stMary admin"),
  drLi: actor("Dr Li"),
  drChen: actor("Dr Chen"),
  drIdle: actor("Dr Idle, appointed but not licensed"),
  hallPharmacist: actor("hospital pharmacist Hall"),
  stMarySystem: actor("stMary system"),
  stMaryArchive: actor("stMary archive"),
  stMaryDesk: actor("stMary research desk"),
  // North General Hospital
  northAdmin: actor("north admin"),
  drWu: actor("Dr Wu"),
  northSystem: actor("north system"),
  northArchive: actor("north archive"),
  northDesk: actor("north research desk"),
  // Sun Pharmacies
  sunAdmin: actor("sun admin"),
  anna: actor("pharmacist Anna"),
  ben: actor("pharmacist Ben"),
  sunTill: actor("sun till"),
  // Moon Pharmacies
  moonAdmin: actor("moon admin"),
  mia: actor("pharmacist Mia"),
  moonTill: actor("moon till"),
  // Regulators
  officeAdmin: actor("health office admin"),
  licenser: actor("health office licenser"),
  inspector: actor("health office inspector"),
  agencyAdmin: actor("drug agency admin"),
  agencyLicenser: actor("drug agency licenser"),
  agencyInspector: actor("drug agency inspector"),
} as const;

/** Who is admitted, by whom led, to which group. */
const MEMBERS: readonly (readonly [number, Actor, number, number])[] = [
  [Member.stMary, people.stMaryAdmin, Sector.HOSPITAL, 101],
  [Member.northGeneral, people.northAdmin, Sector.HOSPITAL, 102],
  [Member.sunPharmacy, people.sunAdmin, Sector.PHARMACY, 103],
  [Member.moonPharmacy, people.moonAdmin, Sector.PHARMACY, 104],
  [Member.healthOffice, people.officeAdmin, Sector.REGULATOR, 105],
  [Member.drugAgency, people.agencyAdmin, Sector.REGULATOR, 106],
];

const SITES: readonly (readonly [number, Actor, number])[] = [
  [Member.stMary, people.stMaryAdmin, 1],
  [Member.sunPharmacy, people.sunAdmin, 2],
  [Member.sunPharmacy, people.sunAdmin, 3],
  [Member.moonPharmacy, people.moonAdmin, 4],
];

/** Operators: member, admin, person, duties, and the duties that the health office licenses. */
const OPERATORS: readonly (readonly [number, Actor, Actor, number, number])[] = [
  [Member.stMary, people.stMaryAdmin, people.drLi, Duty.PRESCRIBE, Duty.PRESCRIBE],
  [Member.stMary, people.stMaryAdmin, people.drChen, Duty.PRESCRIBE, Duty.PRESCRIBE],
  [Member.stMary, people.stMaryAdmin, people.drIdle, Duty.PRESCRIBE, 0],
  [
    Member.stMary,
    people.stMaryAdmin,
    people.hallPharmacist,
    Duty.REVIEW | Duty.DISPENSE,
    Duty.REVIEW | Duty.DISPENSE,
  ],
  [Member.stMary, people.stMaryAdmin, people.stMarySystem, Duty.SUBMIT, 0],
  [Member.stMary, people.stMaryAdmin, people.stMaryArchive, Duty.ANCHOR_RECORD, 0],
  [Member.northGeneral, people.northAdmin, people.northArchive, Duty.ANCHOR_RECORD, 0],
  [Member.stMary, people.stMaryAdmin, people.stMaryDesk, Duty.DISCLOSE, 0],
  [Member.northGeneral, people.northAdmin, people.northDesk, Duty.DISCLOSE, 0],
  [Member.northGeneral, people.northAdmin, people.drWu, Duty.PRESCRIBE, Duty.PRESCRIBE],
  [Member.northGeneral, people.northAdmin, people.northSystem, Duty.SUBMIT, 0],
  [
    Member.sunPharmacy,
    people.sunAdmin,
    people.anna,
    Duty.REVIEW | Duty.DISPENSE,
    Duty.REVIEW | Duty.DISPENSE,
  ],
  [Member.sunPharmacy, people.sunAdmin, people.ben, Duty.DISPENSE, Duty.DISPENSE],
  [Member.sunPharmacy, people.sunAdmin, people.sunTill, Duty.SUBMIT, 0],
  [
    Member.moonPharmacy,
    people.moonAdmin,
    people.mia,
    Duty.REVIEW | Duty.DISPENSE,
    Duty.REVIEW | Duty.DISPENSE,
  ],
  [Member.moonPharmacy, people.moonAdmin, people.moonTill, Duty.SUBMIT, 0],
  [Member.healthOffice, people.officeAdmin, people.licenser, Duty.LICENSE, 0],
  [Member.healthOffice, people.officeAdmin, people.inspector, Duty.INSPECT, 0],
  [Member.drugAgency, people.agencyAdmin, people.agencyLicenser, Duty.LICENSE, 0],
  [Member.drugAgency, people.agencyAdmin, people.agencyInspector, Duty.INSPECT, 0],
];

/** End of every appointment of the fixture, exclusive. */
export const APPOINTED_UNTIL = START + 1_000 * DAY;

/** Last day of every licence of the fixture. */
export const LICENSED_THROUGH = Math.floor(START / DAY) + 900;

/** What the health office may license. */
export const OFFICE_MASK = Duty.PRESCRIBE | Duty.REVIEW | Duty.DISPENSE;

/** What the drug agency may license. */
export const AGENCY_MASK = Duty.VACCINATE | Duty.DISPENSE;

/** Salted licence hash of a member of the fixture. */
export const licenceHash = (member: number): string => ethers.id(`salted licence of ${member}`);

/** The member registry: its whole interface, and what only the body has (initialisation, upgrades). */
export type Registry = IMemberRegistry & MemberRegistry;

/** The prescription registry: its whole interface, and what only the body has. */
export type Prescriptions = IPrescriptionRegistry & PrescriptionRegistry;

/** The standards registry with what only the body has. */
export type Standards = IStandardsRegistry & StandardsRegistry;

/** The record registry: its whole interface, and what only the body has. */
export type Records = IRecordRegistry & RecordRegistry;

/** The consent registry: its whole interface, and what only the body has. */
export type Consents = IConsentRegistry & ConsentRegistry;

/** The research registry with what only the body has. */
export type Research = IResearchRegistry & ResearchRegistry;

/** The lot registry: its whole interface, and what only the body has. */
export type Lots = ILotRegistry & LotRegistry;

/** The contracts of the test chain, each behind its proxy. */
export type World = {
  readonly manager: AccessManager;
  readonly registry: Registry;
  readonly prescriptions: Prescriptions;
  readonly standards: Standards;
  readonly records: Records;
  readonly consents: Consents;
  readonly research: Research;
  readonly lots: Lots;
};

/** A contract under the interface of all its parts: body, extension and proxy. */
const whole = async <T>(address: string, ...names: string[]): Promise<T> => {
  const fragments = new Map<string, Fragment>();
  for (const name of names) {
    const { abi } = await artifacts.readArtifact(name);
    for (const fragment of Interface.from(abi).fragments) {
      if (fragment.type !== "constructor")
        fragments.set(`${fragment.type} ${fragment.format("sighash")}`, fragment);
    }
  }
  return new Contract(address, [...fragments.values()], people.deployer.wallet) as unknown as T;
};

/** The member registry at this address. */
export const registryAt = async (address: string): Promise<Registry> =>
  await whole<Registry>(address, "MemberRegistry", "MemberSupervision", "IMemberRegistry");

/** The prescription registry at this address. */
export const prescriptionsAt = async (address: string): Promise<Prescriptions> =>
  await whole<Prescriptions>(
    address,
    "PrescriptionRegistry",
    "PrescriptionOversight",
    "IPrescriptionRegistry",
  );

/** The standards registry at this address. */
export const standardsAt = async (address: string): Promise<Standards> =>
  await whole<Standards>(address, "StandardsRegistry", "IStandardsRegistry");

/** The record registry at this address. */
export const recordsAt = async (address: string): Promise<Records> =>
  await whole<Records>(address, "RecordRegistry", "RecordExchange", "IRecordRegistry");

/** The consent registry at this address. */
export const consentsAt = async (address: string): Promise<Consents> =>
  await whole<Consents>(address, "ConsentRegistry", "ConsentOversight", "ConsentCustody", "IConsentRegistry");

/** The research registry at this address. */
export const researchAt = async (address: string): Promise<Research> =>
  await whole<Research>(address, "ResearchRegistry", "IResearchRegistry");

/** The lot registry at this address. */
export const lotsAt = async (address: string): Promise<Lots> =>
  await whole<Lots>(address, "LotRegistry", "LotEntries", "LotKeeping", "LotOversight", "ILotRegistry");

/** The initial lists of the configuration, by number. */
export const { categories: CATEGORIES, codeSystems: CODE_SYSTEMS } = (
  JSON.parse(readFileSync(new URL("../../deploy/config/embedded.json", import.meta.url), "utf8")) as {
    readonly standards: StandardsConfig;
  }
).standards;

/** Let each role call its functions of a further target, as deploy/ does. Sent by governance, the root after hand-over. */
export const assignRoles = async (
  manager: AccessManager,
  name: TargetName,
  target: string,
): Promise<void> => {
  const root = as(manager, people.governance);
  for (const role of ["governance", "emergency", "claims"] as const) {
    const selectors = roles[role].functions[name].map((signature) => ethers.id(signature).slice(0, 10));
    if (selectors.length > 0) await root.setTargetFunctionRole(target, selectors, Role[role]);
  }
};

/** The real deployment without any member; the deployer has no power left. */
const emptyChain = async (): Promise<World> => {
  await at(START);
  const founding = people.stMaryAdmin.address;
  const config = parseConfig({
    network: "tests",
    chainId: Number((await ethers.provider.getNetwork()).chainId),
    development: true,
    deployer: "dev:deployer",
    roles: { governance: ["dev:governance"], emergency: ["dev:emergency"], claims: ["dev:claims"] },
    handOver: { admin: "dev:governance" },
    standards: { categories: CATEGORIES, codeSystems: CODE_SYSTEMS },
    // A configuration names at least one member; the tests admit theirs themselves, below.
    members: [
      {
        id: Member.stMary,
        name: "stMary",
        title: "St Mary's Hospital",
        sectors: ["hospital"],
        group: 101,
        admin: founding,
        licenceHash: licenceHash(Member.stMary),
        sites: [],
        operators: [],
      },
    ],
  });
  const { addresses } = await deploy({
    config: { ...config, members: [] },
    provider: provider(),
    store: memoryStore(),
  });
  return {
    manager: await whole<AccessManager>(addresses.accessManager, "AccessManager"),
    registry: await registryAt(addresses.memberRegistry),
    prescriptions: await prescriptionsAt(addresses.prescriptionRegistry),
    standards: await standardsAt(addresses.standardsRegistry),
    records: await recordsAt(addresses.recordRegistry),
    consents: await consentsAt(addresses.consentRegistry),
    research: await researchAt(addresses.researchRegistry),
    lots: await lotsAt(addresses.lotRegistry),
  };
};

/** The whole test consortium: members, sites, operators, authorities, licences. */
const consortium = async (): Promise<World> => {
  const world = await emptyChain();
  const { registry } = world;
  const governed = as(registry, people.governance);
  for (const [member, admin, sectors, group] of MEMBERS) {
    await governed.admitMember({
      member,
      admin: admin.address,
      sectors,
      group,
      licenceHash: licenceHash(member),
    });
  }
  await governed.setLicensingAuthority(Member.healthOffice, OFFICE_MASK, 0);
  await governed.setLicensingAuthority(Member.drugAgency, AGENCY_MASK, 0);
  for (const [member, admin, serial] of SITES) await as(registry, admin).registerSite(member, gln(serial));
  for (const [member, admin, person, duties] of OPERATORS) {
    await as(registry, admin).appoint(member, { operator: person.key, duties, until: APPOINTED_UNTIL });
  }
  await as(registry, people.licenser).licenseBatch(
    Member.healthOffice,
    OPERATORS.filter(([, , , , licensed]) => licensed !== 0).map(([member, , person, , duties]) => ({
      member,
      operator: person.key,
      duties,
      throughDay: LICENSED_THROUGH,
    })),
  );
  return world;
};

/** The same consortium for each test that asks: a snapshot after the first call, the only one that tests take. */
export const freshConsortium = async (): Promise<World> => await networkHelpers.loadFixture(consortium);
