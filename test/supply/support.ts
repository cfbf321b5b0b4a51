import { Signature, ZeroHash, type TypedDataDomain, type TypedDataField } from "ethers";

import { DAY, START, actor, as, ethers, networkHelpers, type Actor } from "../core/chain.ts";
import {
  APPOINTED_UNTIL,
  LICENSED_THROUGH,
  Member as Firm,
  freshConsortium,
  gln,
  licenceHash,
  people as staff,
  type Lots,
  type World,
} from "../core/world.ts";
import { Duty, Sector } from "../core/words.ts";

/** Where a lot stands, by number. */
export const LotStatus = { unknown: 0n, registered: 1n, released: 2n, refused: 3n } as const;
export const ProductStatus = { unknown: 0n, approved: 1n, withdrawn: 2n } as const;
export const Purpose = { delivery: 0, return: 1 } as const;
export const Transit = {
  unknown: 0n,
  inTransit: 1n,
  received: 2n,
  refused: 3n,
  takenBack: 4n,
  lost: 5n,
} as const;
export const Recall = { unspecified: 0, classI: 1, classII: 2, classIII: 3 } as const;
export const Loss = { unspecified: 0, wasted: 1, destroyed: 2, lost: 3 } as const;
export const Pocket = { onHand: 0, quarantined: 1, withheld: 2, origin: 3 } as const;
export const Reason = {
  unspecified: 0,
  qualityDefect: 1,
  excursion: 2,
  recall: 3,
  counterfeit: 4,
  other: 5,
} as const;
export const Storage = {
  unmonitored: 0,
  refrigerated: 1,
  frozen: 2,
  ultraCold: 3,
  roomTemperature: 4,
} as const;
export const SerialState = {
  active: 0n,
  unknownLot: 1n,
  unknownSerial: 2n,
  notReleased: 3n,
  refused: 4n,
  recalled: 5n,
  expired: 6n,
  spent: 7n,
} as const;

/** Members that the supply tests add to the consortium. */
export const Member = {
  ...Firm,
  novaVaccines: 31,
  orbisPharma: 32,
  depotNorth: 41,
  harbourClinic: 51,
} as const;

/** Their sites, as numbers within the member. */
export const Site = {
  novaPlant: 1,
  orbisPlant: 1,
  depotCold: 1,
  depotDry: 2,
  clinicFridge: 1,
  sunMarket: 1,
} as const;

/** Named people, systems and devices. */
export const people = {
  ...staff,
  // Nova Vaccines, a maker
  novaAdmin: actor("nova admin"),
  novaStock: actor("nova stock keeper"),
  novaQuality: actor("nova quality"),
  novaRecall: actor("nova recall desk"),
  // Orbis Pharma, another maker
  orbisAdmin: actor("orbis admin"),
  orbisStock: actor("orbis stock keeper"),
  orbisQuality: actor("orbis quality"),
  // Depot North, a distributor
  depotAdmin: actor("depot admin"),
  depotStock: actor("depot stock keeper"),
  depotQuality: actor("depot quality"),
  depotSystem: actor("depot system"),
  depotSensor: actor("depot sensor"),
  // Harbour Clinic, a vaccination site
  clinicAdmin: actor("clinic admin"),
  nora: actor("nurse Nora"),
  clinicStock: actor("clinic stock keeper"),
  clinicQuality: actor("clinic quality"),
  clinicSystem: actor("clinic system"),
  clinicSensor: actor("clinic sensor"),
  // Sun Pharmacies
  sunStock: actor("sun stock keeper"),
  sunQuality: actor("sun quality"),
  // Drug Agency
  releaser: actor("drug agency releaser"),
  agencyRecall: actor("drug agency recall desk"),
  agencyQuality: actor("drug agency quality"),
} as const;

const MEMBERS: readonly (readonly [number, Actor, number, number])[] = [
  [Member.novaVaccines, people.novaAdmin, Sector.MANUFACTURER, 131],
  [Member.orbisPharma, people.orbisAdmin, Sector.MANUFACTURER, 132],
  [Member.depotNorth, people.depotAdmin, Sector.DISTRIBUTOR, 141],
  [Member.harbourClinic, people.clinicAdmin, Sector.VACCINATION_SITE, 151],
];

const SITES: readonly (readonly [number, Actor, number])[] = [
  [Member.novaVaccines, people.novaAdmin, 31],
  [Member.orbisPharma, people.orbisAdmin, 32],
  [Member.depotNorth, people.depotAdmin, 41],
  [Member.depotNorth, people.depotAdmin, 42],
  [Member.harbourClinic, people.clinicAdmin, 51],
];

const OPERATORS: readonly (readonly [number, Actor, Actor, number])[] = [
  [Member.novaVaccines, people.novaAdmin, people.novaStock, Duty.HANDLE_STOCK],
  [Member.novaVaccines, people.novaAdmin, people.novaQuality, Duty.QUALITY],
  [Member.novaVaccines, people.novaAdmin, people.novaRecall, Duty.RECALL],
  [Member.orbisPharma, people.orbisAdmin, people.orbisStock, Duty.HANDLE_STOCK],
  [Member.orbisPharma, people.orbisAdmin, people.orbisQuality, Duty.QUALITY | Duty.RECALL],
  [Member.depotNorth, people.depotAdmin, people.depotStock, Duty.HANDLE_STOCK],
  [Member.depotNorth, people.depotAdmin, people.depotQuality, Duty.QUALITY],
  [Member.depotNorth, people.depotAdmin, people.depotSystem, Duty.SUBMIT],
  [Member.depotNorth, people.depotAdmin, people.depotSensor, Duty.SENSE],
  [Member.harbourClinic, people.clinicAdmin, people.nora, Duty.VACCINATE],
  [Member.harbourClinic, people.clinicAdmin, people.clinicStock, Duty.HANDLE_STOCK],
  [Member.harbourClinic, people.clinicAdmin, people.clinicQuality, Duty.QUALITY],
  [Member.harbourClinic, people.clinicAdmin, people.clinicSystem, Duty.SUBMIT],
  [Member.harbourClinic, people.clinicAdmin, people.clinicSensor, Duty.SENSE],
  [Member.sunPharmacy, people.sunAdmin, people.sunStock, Duty.HANDLE_STOCK],
  [Member.sunPharmacy, people.sunAdmin, people.sunQuality, Duty.QUALITY],
  [Member.drugAgency, people.agencyAdmin, people.releaser, Duty.RELEASE_LOT],
  [Member.drugAgency, people.agencyAdmin, people.agencyRecall, Duty.RECALL],
  [Member.drugAgency, people.agencyAdmin, people.agencyQuality, Duty.QUALITY],
];

/** Terms of a product, as the contract takes them. */
export type Product = {
  gtin: bigint;
  maker: number;
  vaccine: boolean;
  serialised: boolean;
  discreet: boolean;
  unitsPerSerial: number;
  unitsPerPack: number;
  content: number;
  storage_: number;
  budget: number;
  openFor: number;
};

/** GTIN-14 with a correct check digit (GS1 General Specifications, section 7.9). */
export const gtin = (serial: number): bigint => keyOf(`0590${String(serial).padStart(9, "0")}`);

/** SSCC with a correct check digit. */
export const sscc = (serial: number): bigint => keyOf(`35901234${String(serial).padStart(9, "0")}`);

const keyOf = (body: string): bigint => {
  const sum = [...body]
    .reverse()
    .reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0);
  return BigInt(`${body}${(10 - (sum % 10)) % 10}`);
};

const product = (changes: Partial<Product>): Product => ({
  gtin: gtin(1),
  maker: Member.novaVaccines,
  vaccine: true,
  serialised: true,
  discreet: false,
  unitsPerSerial: 1,
  unitsPerPack: 1,
  content: 1_000,
  storage_: Storage.unmonitored,
  budget: 0,
  openFor: 0,
  ...changes,
});

/** Products that the fixture approves. */
export const Products = {
  /** Single-dose vaccine with serials, kept anywhere. */
  flu: product({}),
  /** Ten-dose vials, used up within six hours. */
  polio: product({ gtin: gtin(2), unitsPerSerial: 10, unitsPerPack: 10, openFor: 360 }),
  /** Single-dose vaccine with serials, 2 to 8 degrees, one hour outside. */
  cold: product({ gtin: gtin(3), storage_: Storage.refrigerated, budget: 60 }),
  /** Vaccine without serials. */
  plain: product({ gtin: gtin(4), serialised: false }),
  /** Tablets by count. */
  tablets: product({
    gtin: gtin(5),
    maker: Member.orbisPharma,
    vaccine: false,
    serialised: false,
    unitsPerPack: 30,
  }),
  /** Pens with serials; 300 units each. */
  pens: product({ gtin: gtin(6), maker: Member.orbisPharma, vaccine: false, content: 300_000 }),
  /** Tablets whose lot is never named. */
  discreet: product({
    gtin: gtin(7),
    maker: Member.orbisPharma,
    vaccine: false,
    serialised: false,
    discreet: true,
  }),
  /** Tablets by count, 2 to 8 degrees, one hour outside. */
  coldTablets: product({
    gtin: gtin(8),
    maker: Member.orbisPharma,
    vaccine: false,
    serialised: false,
    storage_: Storage.refrigerated,
    budget: 60,
  }),
} as const;

/** A product that nobody proposed yet. */
export const newProduct = (changes: Partial<Product> = {}): Product =>
  product({ gtin: gtin(99), ...changes });

/** Lot number as the contract takes it. */
export const lotNumber = (text: string): string =>
  ethers.hexlify(new Uint8Array(20).map((_, i) => text.charCodeAt(i) || 0));

/** Name of a lot, computed here and not by the contract. */
export const lotIdOf = (gtin_: bigint, number: string): string =>
  ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(["uint64", "bytes20"], [gtin_, lotNumber(number)]),
  );

/** Last day on which the fixture's lots may be used. */
export const EXPIRY_DAY = Math.floor(START / DAY) + 365;

/** Hashes of papers. */
export const CERTIFICATE = ethers.id("release certificate");
export const NOTICE = ethers.id("recall notice");
export const EVIDENCE = ethers.id("report of destruction");

/** Longest times of the contract. */
export const SSCC_REST = 365 * DAY;
export const TAKE_BACK_AFTER = 3 * DAY;
export const LOST_AFTER = 30 * DAY;

// ── serials ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const node = (a: string, b: string): string =>
  ethers.keccak256(BigInt(a) < BigInt(b) ? a + b.slice(2) : b + a.slice(2));

/** A lot's serials as a tree, computed here and not by the SDK. */
export type SerialTree = {
  readonly root: string;
  saltedSerial(serial: number): string;
  /** Whole proof. */
  proof(serial: number): string[];
  /** The part that leads to the group's sub-root. */
  shortProof(serial: number): string[];
  /** What stands beside a run of adjacent serials. */
  runProof(first: number, count: number): string[];
};

/** Tree of so many serials. */
export const serialTree = (count: number, unitsPerSerial = 1, seed = "lot"): SerialTree => {
  const levels = 6 - Math.ceil(Math.log2(unitsPerSerial));
  const salted = Array.from({ length: count }, (_, i) => ethers.id(`salted serial ${seed} ${i}`));
  const size = 2 ** levels;
  const padded = Math.ceil(count / size) * size;
  const rows: string[][] = [
    Array.from({ length: padded }, (_, i) =>
      i < count ? ethers.solidityPackedKeccak256(["uint32", "bytes32"], [i, salted[i]]) : ZeroHash,
    ),
  ];
  for (let row = rows[0] ?? []; row.length > 1; row = rows.at(-1) ?? []) {
    const above: string[] = [];
    for (let i = 0; i < row.length; i += 2) {
      const [left = ZeroHash, right] = [row[i], row[i + 1]];
      above.push(right === undefined ? left : node(left, right));
    }
    rows.push(above);
  }
  const proof = (serial: number): string[] => {
    const path: string[] = [];
    let at = serial;
    for (const row of rows.slice(0, -1)) {
      const sibling = row[at ^ 1];
      if (sibling !== undefined) path.push(sibling);
      at >>= 1;
    }
    return path;
  };
  return {
    root: rows.at(-1)?.[0] ?? ZeroHash,
    saltedSerial: (serial) => salted[serial] ?? ZeroHash,
    proof,
    shortProof: (serial) => proof(serial).slice(0, levels),
    runProof: (first, run) => {
      const siblings: string[] = [];
      let [from, to] = [first, first + run - 1];
      for (const row of rows.slice(0, -1)) {
        const behind = row[to + 1];
        if (from % 2 === 1) siblings.push(row[from - 1] ?? ZeroHash);
        if (to % 2 === 0 && behind !== undefined) siblings.push(behind);
        [from, to] = [from >> 1, to >> 1];
      }
      return siblings;
    },
  };
};

// ── goods ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Line = {
  lot: string;
  units: number;
  firstUnit: number;
  endUnit: number;
  range: number;
  origin: boolean;
};
export type Goods = {
  from: number;
  fromSite: number;
  to: number;
  toSite: number;
  sscc: bigint;
  purpose: number;
  lines: Line[];
};
export type Finding = { damaged: number; missing: number; refused: number; indices: number[] };

/** A lot of the tests. */
export type Made = {
  readonly id: string;
  readonly product: Product;
  readonly units: number;
  readonly tree: SerialTree;
};

/** The keepers and quality people of each member that has stock. */
const keepers: Readonly<Record<number, Actor>> = {
  [Member.novaVaccines]: people.novaStock,
  [Member.orbisPharma]: people.orbisStock,
  [Member.depotNorth]: people.depotStock,
  [Member.harbourClinic]: people.clinicStock,
  [Member.sunPharmacy]: people.sunStock,
};
export const keeperOf = (member: number): Actor => keepers[member] ?? people.stranger;

/** Register a lot; serials are numbered from 0. */
export const register = async (
  { lots }: World,
  of: Product,
  units: number,
  number = "LOT-1",
  changes: { expiryDay?: number; serialRoot?: string } = {},
): Promise<Made> => {
  const tree = serialTree(of.serialised ? units / of.unitsPerSerial : 1, of.unitsPerSerial, number);
  await as(lots, keeperOf(of.maker)).registerLot(of.maker, {
    gtin: of.gtin,
    number: lotNumber(number),
    expiryDay: EXPIRY_DAY,
    units,
    serialRoot: of.serialised ? tree.root : ZeroHash,
    site: 1,
    ...changes,
  });
  return { id: lotIdOf(of.gtin, number), product: of, units, tree };
};

/** Register a lot and release it. */
export const release = async (world: World, of: Product, units: number, number = "LOT-1"): Promise<Made> => {
  const made = await register(world, of, units, number);
  await as(world.lots, people.releaser).releaseLot(made.id, Member.drugAgency, CERTIFICATE);
  return made;
};

/** A line: units from `first` on for serials, from the origin where the maker sends. */
export const line = (made: Made, units: number, first = 0, changes: Partial<Line> = {}): Line => ({
  lot: made.id,
  units,
  firstUnit: made.product.serialised ? first : 0,
  endUnit: made.product.serialised ? first + units : 0,
  range: changes.origin === true ? 0 : first,
  origin: false,
  ...changes,
});

/** Goods from the maker's plant to Depot North's cold store. */
export const goods = (made: Made, units: number, changes: Partial<Goods> = {}): Goods => ({
  from: made.product.maker,
  fromSite: 1,
  to: Member.depotNorth,
  toSite: Site.depotCold,
  sscc: sscc(1),
  purpose: Purpose.delivery,
  lines: [line(made, units, 0, { origin: true })],
  ...changes,
});

/** Ship as the sender's stock keeper. */
export const ship = async ({ lots }: World, sent: Goods): Promise<Goods> => {
  await as(lots, keeperOf(sent.from)).ship(sent);
  return sent;
};

/** Receive as the receiver's stock keeper. */
export const receive = async (
  { lots }: World,
  sent: Goods,
  findings: Finding[] = [],
  intoQuarantine = false,
): Promise<void> => {
  const keeper = as(lots, keeperOf(sent.to));
  if (findings.length === 0) await keeper.receiveConsignment(sent, intoQuarantine);
  else await keeper.receiveFound(sent, findings, intoQuarantine);
};

let nextSscc = 1_000;

/** Move goods: ship and receive, under an SSCC of their own. */
export const move = async (
  world: World,
  made: Made,
  units: number,
  changes: Partial<Goods> = {},
): Promise<Goods> => {
  const sent = await ship(world, goods(made, units, { sscc: sscc(nextSscc++), ...changes }));
  await receive(world, sent);
  return sent;
};

/** A released lot of which units lie at the clinic, straight from the plant. */
export const atClinic = async (world: World, of: Product, units: number, number = "LOT-1"): Promise<Made> => {
  const made = await release(world, of, units, number);
  await move(world, made, units, { to: Member.harbourClinic, toSite: Site.clinicFridge });
  return made;
};

/** Stock of a lot at a place, with numbers. */
export const stockOf = async ({ lots }: World, lot: string, member: number, site: number) => {
  const found = await lots.stockOf(lot, member, site);
  const { onHand, quarantined, withheld, used, wasted, destroyed, lost, returned } = found;
  const [minutesOut, minutesNow] = [Number(found.minutesOut), Number(found.minutesNow)];
  return {
    onHand: Number(onHand),
    quarantined: Number(quarantined),
    withheld: Number(withheld),
    used: Number(used),
    wasted: Number(wasted),
    destroyed: Number(destroyed),
    lost: Number(lost),
    returned: Number(returned),
    minutesOut,
    minutesNow,
    span: [Number(found.firstUnit), Number(found.endUnit)],
    held: found.held,
    broken: found.broken,
    releases: Number(found.releases),
  };
};

/** Stock of which nothing is there and nothing ever was. */
export const NO_STOCK = {
  onHand: 0,
  quarantined: 0,
  withheld: 0,
  used: 0,
  wasted: 0,
  destroyed: 0,
  lost: 0,
  returned: 0,
  minutesOut: 0,
  minutesNow: 0,
  span: [0, 0],
  held: false,
  broken: false,
  releases: 0,
};

// ── doses ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Signature as the contract takes it. */
export type Signed = { r: string; vs: string; deadline: number };

/** No signature: who acts sends the act. */
export const SENT: Signed = { r: ZeroHash, vs: ZeroHash, deadline: 0 };

/** An ephemeral key that is a compressed point by form. */
export const EPHEMERAL = { x: ethers.id("ephemeral key of a dose"), prefix: "0x02", viewTag: "0x5a" };

/** A one-time address for each number. */
export const holderOf = (number: number): string =>
  ethers.getAddress(ethers.dataSlice(ethers.id(`holder of dose ${number}`), 12));

export type Dose = {
  lot: string;
  member: number;
  site: number;
  unit: number;
  range: number;
  saltedSerial: string;
  holder: string;
  commitment: string;
  seriesDose: number;
  administeredAt: number;
};

/** A dose at the clinic, now. */
export const dose = (made: Made, unit: number, changes: Partial<Dose> = {}): Dose => ({
  lot: made.id,
  member: Member.harbourClinic,
  site: Site.clinicFridge,
  unit: made.product.serialised ? unit : 0,
  range: 0,
  saltedSerial: made.product.serialised
    ? made.tree.saltedSerial(Math.floor(unit / made.product.unitsPerSerial))
    : ZeroHash,
  holder: holderOf(unit),
  commitment: ethers.id(`salted commitment to immunisation ${unit}`),
  seriesDose: 1,
  administeredAt: 0,
  ...changes,
});

/** Proof of a dose's serial, none for lots without. */
export const proofOf = (made: Made, unit: number): string[] =>
  made.product.serialised ? made.tree.proof(Math.floor(unit / made.product.unitsPerSerial)) : [];

/** Administer as nurse Nora, with the whole proof. */
export const administer = async ({ lots }: World, made: Made, unit: number, changes: Partial<Dose> = {}) =>
  await as(lots, people.nora).administer(dose(made, unit, changes), EPHEMERAL, proofOf(made, unit), SENT);

/** One dose of a session, with its person packed as the contract takes it. */
export const sessionDose = (
  made: Made,
  unit: number,
  changes: { person?: bigint; commitment?: string } = {},
) => ({
  saltedSerial: made.tree.saltedSerial(unit),
  commitment: ethers.id(`salted commitment to immunisation ${unit}`),
  ephemeralX: ethers.id(`ephemeral key of dose ${unit}`),
  person: BigInt(holderOf(unit)) | (2n << 160n) | (0x5an << 168n) | (1n << 176n),
  ...changes,
});

/** What a dispense takes of a lot. */
export type Taking = {
  lot: string;
  units: number;
  firstUnit?: number;
  range?: number;
  saltedSerial?: string;
  proof?: readonly string[];
};

/** The stock argument of a dispense. */
export const stockArgument = (...takings: readonly Taking[]): string =>
  ethers.concat(
    takings.flatMap(({ lot, units, firstUnit = 0, range = 0, saltedSerial, proof = [] }) => {
      const serial = saltedSerial === undefined ? 0n : (1n << 104n) | (BigInt(proof.length) << 96n);
      const head = BigInt(units) | (BigInt(firstUnit) << 32n) | (BigInt(range) << 64n) | serial;
      return [lot, ethers.toBeHex(head, 32), ...(saltedSerial === undefined ? [] : [saltedSerial, ...proof])];
    }),
  );

// ── signatures ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** EIP-712 domain of the lot registry. */
export const domainOf = async (lots: Lots): Promise<TypedDataDomain> => ({
  name: "CareLedger LotRegistry",
  version: "1",
  chainId: (await ethers.provider.getNetwork()).chainId,
  verifyingContract: await lots.getAddress(),
});

/** Fields of a type from "uint32 member,bytes32 device". */
const fields = (text: string): TypedDataField[] =>
  text.split(",").map((each) => {
    const [type = "", name = ""] = each.split(" ");
    return { name, type };
  });

const TYPES = {
  Administration: fields(
    "bytes32 lot,uint32 member,uint16 site,uint32 unit,bytes32 saltedSerial,address holder,bytes32 commitment,bytes32 ephemeralKey,uint8 seriesDose,uint32 administeredAt,uint32 deadline",
  ),
  AdministrationSession: fields(
    "bytes32 lot,uint32 member,uint16 site,uint32 firstUnit,uint32 administeredAt,bytes32 doses,uint32 deadline",
  ),
  RecallAcknowledgment: fields(
    "bytes32 lot,uint32 member,uint16 site,uint32 recalledAt,uint32 counted,uint32 deadline",
  ),
  QuarantineRelease: fields(
    "bytes32 lot,uint32 member,uint16 site,uint32 releaser,uint32 units,uint16 minutesOut,uint16 releases,uint32 deadline",
  ),
  Segment: fields(
    "uint32 member,bytes32 device,uint32 from,uint32 to,uint16 minutesOut,bytes32 readings,uint32 deadline",
  ),
} as const;

/** Sign an act; `domain` overrides parts of the registry's own. */
export const sign = async (
  { lots }: World,
  by: Actor,
  type: keyof typeof TYPES,
  message: Record<string, unknown>,
  deadline: number,
  domain: TypedDataDomain = {},
): Promise<Signed> => {
  const whole = { ...(await domainOf(lots)), ...domain };
  const raw = await by.wallet.signTypedData(whole, { [type]: [...TYPES[type]] }, { ...message, deadline });
  const { r, yParityAndS } = Signature.from(raw);
  return { r, vs: yParityAndS, deadline };
};

/** Hash of an ephemeral key as a signed administration has it. */
export const ephemeralHash = (key = EPHEMERAL): string =>
  ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "bytes1", "bytes1"],
      [key.x, key.prefix, key.viewTag],
    ),
  );

/** Other domains under which no signature may count. */
export const FOREIGN_DOMAINS: readonly TypedDataDomain[] = [
  { chainId: 1n },
  { verifyingContract: people.stranger.address },
  { version: "2" },
  { name: "CareLedger PrescriptionRegistry" },
];

// ── world ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Deploy a body of the lot registry with its extensions; returns its address. */
export const deployLotBody = async (members: string, prescriptions: string): Promise<string> => {
  const { wallet } = people.deployer;
  const peers = [members, prescriptions];
  let last = await (await ethers.deployContract("LotOversight", peers, wallet)).getAddress();
  for (const name of ["LotKeeping", "LotEntries", "LotRegistry"]) {
    last = await (await ethers.deployContract(name, [...peers, last], wallet)).getAddress();
  }
  return last;
};

const supplied = async (): Promise<World> => {
  const world = await freshConsortium();
  const { registry, lots } = world;
  const governed = as(registry, people.governance);
  for (const [member, admin, sectors, group] of MEMBERS) {
    const admission = { member, admin: admin.address, sectors, group, licenceHash: licenceHash(member) };
    await governed.admitMember(admission);
  }
  for (const [member, admin, serial] of SITES) await as(registry, admin).registerSite(member, gln(serial));
  for (const [member, admin, person, duties] of OPERATORS) {
    await as(registry, admin).appoint(member, { operator: person.key, duties, until: APPOINTED_UNTIL });
  }
  await as(registry, people.agencyLicenser).licenseBatch(Member.drugAgency, [
    {
      member: Member.harbourClinic,
      operator: people.nora.key,
      duties: Duty.VACCINATE,
      throughDay: LICENSED_THROUGH,
    },
  ]);
  for (const each of Object.values(Products)) {
    const quality = each.maker === Member.novaVaccines ? people.novaQuality : people.orbisQuality;
    await as(lots, quality).proposeProduct(each);
    await as(lots, people.releaser).approveProduct(each, Member.drugAgency);
  }
  return world;
};

/** The consortium with makers, a depot, a clinic and approved products; no lot yet. */
export const freshWorld = async (): Promise<World> => await networkHelpers.loadFixture(supplied);
