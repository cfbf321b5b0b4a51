import { ZeroHash } from "ethers";

import { DAY, START, actor, as, ethers, now } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import {
  APPOINTED_UNTIL,
  LICENSED_THROUGH,
  Member as Firm,
  Site,
  gln,
  licenceHash,
  people,
  type World,
} from "../core/world.ts";
import {
  CERTIFICATE,
  EPHEMERAL,
  EXPIRY_DAY,
  Loss,
  NOTICE,
  Pocket,
  Products,
  Purpose,
  Reason,
  Recall,
  SENT,
  Storage,
  deployLotBody,
  dose,
  ephemeralHash,
  goods,
  gtin,
  line,
  lotIdOf,
  lotNumber,
  newProduct,
  serialTree,
  sessionDose,
  sign,
  sscc,
  type Made,
  type Product,
  type Signed,
} from "../supply/support.ts";
import {
  bodiesOf,
  bypassed,
  call,
  dutyNotHeld,
  emergency,
  nobody,
  nobodyInitialises,
  roles,
  upgrade,
  type Refusal,
  type RoleName,
  type Row,
  type RowSet,
  type View,
} from "./table.ts";

const SIGNED = "(bytes32,bytes32,uint32)";
const KEY = "(bytes32,bytes1,bytes1)";
const LINE = "(bytes32,uint32,uint32,uint32,uint32,bool)";
const GOODS = `(uint32,uint16,uint32,uint16,uint64,uint8,${LINE}[])`;
const PRODUCT = "(uint64,uint32,bool,bool,bool,uint8,uint16,uint32,uint8,uint16,uint16)";
const DOSE = "(bytes32,uint32,uint16,uint32,uint32,bytes32,address,bytes32,uint8,uint32)";
const SEGMENT = "(uint32,bytes32,uint32,uint32,uint16,bytes32)";

const { stMary, sunPharmacy, drugAgency } = Firm;
const UNTIL = START + DAY;
const maker = 61;
const makerAdmin = actor("admin of the maker");
const spareSensor = actor("spare sensor of the member");
const sensor = roles["sensor of the member"];

const flu = { ...Products.flu, gtin: gtin(201), maker };
const discreet = { ...Products.discreet, gtin: gtin(202), maker };
const proposed = newProduct({ gtin: gtin(203), maker });

/** A lot of 64 units. */
const lotOf = (product: Product, number: string): Made => ({
  id: lotIdOf(product.gtin, number),
  product,
  units: 64,
  tree: serialTree(product.serialised ? 64 : 1, 1, number),
});
const undecided = lotOf(flu, "UNDECIDED");
const open = lotOf(flu, "OPEN");
const held = lotOf(flu, "HELD");
const recalled = lotOf(flu, "RECALLED");
const tablets = lotOf(discreet, "TABLETS");

const there = { to: stMary, toSite: Site.hallPharmacy } as const;
/** Units from the maker to the hospital. */
const sent = (made: Made, serial: number, first: number, units: number) =>
  goods(made, units, { ...there, sscc: sscc(serial), lines: [line(made, units, first, { origin: true })] });
const travelling = sent(open, 102, 32, 8);
const terms = (made: Made) => ({
  gtin: made.product.gtin,
  number: "",
  expiryDay: EXPIRY_DAY,
  units: made.units,
  serialRoot: made.product.serialised ? made.tree.root : ZeroHash,
  site: 1,
});
const given = (unit: number) => dose(open, unit, { member: stMary, site: Site.hallPharmacy });
const session = {
  lot: open.id,
  member: stMary,
  site: Site.hallPharmacy,
  firstUnit: 4,
  range: 0,
  administeredAt: 0,
};
const doses = [4, 5].map((unit) => sessionDose(open, unit));
const DOSES = "(bytes32,bytes32,bytes32,uint256)[]";

const by = (member: number, duty: number, ...allowed: RoleName[]) =>
  ({ allowed, refusal: dutyNotHeld(member, duty), alone: bypassed }) as const;
const makerStock = by(maker, Duty.HANDLE_STOCK, "stock keeper of the maker");
const makerQuality = by(maker, Duty.QUALITY, "quality of the maker");
const memberStock = by(stMary, Duty.HANDLE_STOCK, "stock keeper of the member");
const memberKeepers = by(
  stMary,
  Duty.HANDLE_STOCK | Duty.QUALITY,
  "stock keeper of the member",
  "quality of the member",
);
const memberRelay = by(stMary, Duty.SUBMIT, "relay of the member");
const releaser = by(drugAgency, Duty.RELEASE_LOT, "releaser of the regulator");
const CHECKERS = Duty.HANDLE_STOCK | Duty.QUALITY | Duty.DISPENSE | Duty.VACCINATE | Duty.INSPECT;
const prescriptionsOnly = {
  allowed: [],
  refusal: (caller): Refusal => ["DispenseCallerOnly", caller.address],
} as const satisfies Partial<Row>;

/** What the rows pass that only the stage knows. */
type Staged = {
  readonly body: string;
  readonly from: number;
  readonly administration: Signed;
  readonly session: Signed;
  readonly acknowledgment: Signed;
  readonly release: Signed;
  readonly segment: Signed;
};

const segmentOf = (from: number) => ({
  member: stMary,
  device: sensor.key,
  from,
  to: from + 1,
  minutesOut: 0,
  readings: ethers.id("readings"),
});

const shellRows = (body: string): readonly Row[] => [
  { ...call("upgradeToAndCall(address,bytes)", body, "0x"), ...upgrade },
  { ...call("pause(uint32)", START + DAY), ...emergency },
  { ...call("resume()"), ...emergency, meets: "DomainNotPaused" },
  { ...call("initialize(address)", people.stranger.address), ...nobodyInitialises },
  { ...call("setAuthority(address)", people.stranger.address), ...nobody },
];

const lotRows = (): readonly Row[] => [
  { ...call(`proposeProduct(${PRODUCT})`, { ...proposed, content: 7 }), ...makerQuality },
  { ...call(`approveProduct(${PRODUCT},uint32)`, proposed, drugAgency), ...releaser },
  { ...call("withdrawProduct(uint64,uint32)", flu.gtin, maker), note: "by its maker", ...makerQuality },
  { ...call("withdrawProduct(uint64,uint32)", flu.gtin, drugAgency), note: "by a regulator", ...releaser },
  {
    ...call("registerLot(uint32,(uint64,bytes20,uint16,uint32,bytes32,uint16))", maker, {
      ...terms(open),
      number: lotNumber("NEXT"),
    }),
    ...makerStock,
  },
  { ...call("releaseLot(bytes32,uint32,bytes32)", undecided.id, drugAgency, CERTIFICATE), ...releaser },
  { ...call("refuseLot(bytes32,uint32,bytes32)", undecided.id, drugAgency, CERTIFICATE), ...releaser },
  {
    ...call("recallLot(bytes32,uint32,uint8,bytes32)", open.id, maker, Recall.classI, NOTICE),
    note: "by its maker",
    ...by(maker, Duty.RECALL, "recall desk of the maker"),
  },
  {
    ...call("recallLot(bytes32,uint32,uint8,bytes32)", open.id, drugAgency, Recall.classI, NOTICE),
    note: "by a regulator",
    ...by(drugAgency, Duty.RECALL, "recall desk of the regulator"),
  },
  {
    ...call("endRecall(bytes32,uint32)", recalled.id, drugAgency),
    ...by(drugAgency, Duty.RECALL, "recall desk of the regulator"),
  },
];

const goodsRows = (): readonly Row[] => [
  { ...call(`ship(${GOODS})`, sent(open, 103, 40, 8)), ...makerStock },
  { ...call(`receiveConsignment(${GOODS},bool)`, travelling, false), ...memberStock },
  {
    ...call(
      `receiveFound(${GOODS},(uint32,uint32,uint32,uint32[])[],bool)`,
      travelling,
      [{ damaged: 1, missing: 0, refused: 0, indices: [32] }],
      false,
    ),
    ...memberStock,
  },
  { ...call(`takeBack(${GOODS})`, travelling), ...makerStock, meets: "ConsignmentTooEarly" },
  { ...call(`declareLost(${GOODS})`, travelling), ...makerStock, meets: "ConsignmentTooEarly" },
];

const useRows = ({ administration, session: signedSession }: Staged): readonly Row[] => [
  {
    ...call(
      `administer(${DOSE},${KEY},bytes32[],${SIGNED})`,
      given(0),
      EPHEMERAL,
      open.tree.proof(0),
      administration,
    ),
    note: "with the vaccinator's signature",
    ...memberRelay,
  },
  {
    ...call(`administer(${DOSE},${KEY},bytes32[],${SIGNED})`, given(1), EPHEMERAL, open.tree.proof(1), SENT),
    ...by(stMary, Duty.VACCINATE, "vaccinator of the member"),
  },
  {
    ...call(
      `administerSession((bytes32,uint32,uint16,uint32,uint32,uint32),${DOSES},bytes32[],${SIGNED})`,
      session,
      doses,
      open.tree.runProof(4, 2),
      signedSession,
    ),
    note: "with the vaccinator's signature",
    ...memberRelay,
  },
  {
    ...call(
      `administerSession((bytes32,uint32,uint16,uint32,uint32,uint32),${DOSES},bytes32[],${SIGNED})`,
      session,
      doses,
      open.tree.runProof(4, 2),
      SENT,
    ),
    ...by(stMary, Duty.VACCINATE, "vaccinator of the member"),
  },
  {
    ...call(
      "checkSerial(uint32,bytes32,uint32,bytes32,bytes32[])",
      stMary,
      open.id,
      1,
      open.tree.saltedSerial(1),
      open.tree.proof(1),
    ),
    ...by(
      stMary,
      CHECKERS,
      "stock keeper of the member",
      "quality of the member",
      "vaccinator of the member",
      "pharmacist of the hospital",
    ),
  },
  {
    ...call(
      "takeDispensed(bytes32,uint8,uint32,uint16,uint40,uint32,bytes)",
      ZeroHash,
      1,
      stMary,
      1,
      1,
      START,
      "0x",
    ),
    ...prescriptionsOnly,
    alone: bypassed,
  },
  {
    ...call("quarantineWithdrawn(bytes32,uint8,uint32,uint16,bytes)", ZeroHash, 1, stMary, 1, "0x"),
    ...prescriptionsOnly,
    alone: prescriptionsOnly.refusal,
  },
];

const keepingRows = ({ acknowledgment, release }: Staged): readonly Row[] => {
  const site = Site.hallPharmacy;
  return [
    {
      ...call(
        `acknowledgeRecall(bytes32,uint32,uint16,uint32,${SIGNED})`,
        recalled.id,
        stMary,
        site,
        8,
        acknowledgment,
      ),
      note: "with a keeper's signature",
      ...memberRelay,
    },
    {
      ...call(
        `acknowledgeRecall(bytes32,uint32,uint16,uint32,${SIGNED})`,
        recalled.id,
        stMary,
        site,
        8,
        SENT,
      ),
      ...memberKeepers,
    },
    {
      ...call(
        "quarantine(bytes32,uint32,uint16,uint32,uint8)",
        open.id,
        stMary,
        site,
        32,
        Reason.qualityDefect,
      ),
      ...memberKeepers,
    },
    {
      ...call(
        `releaseQuarantine(bytes32,uint32,uint16,uint32,uint32,uint16,${SIGNED})`,
        held.id,
        stMary,
        site,
        maker,
        8,
        0,
        release,
      ),
      note: "with the signature of another group's quality",
      ...memberKeepers,
    },
    {
      ...call(
        `releaseQuarantine(bytes32,uint32,uint16,uint32,uint32,uint16,${SIGNED})`,
        held.id,
        stMary,
        site,
        drugAgency,
        8,
        0,
        SENT,
      ),
      note: "by a regulator",
      ...by(drugAgency, Duty.QUALITY, "quality of the regulator"),
    },
    {
      ...call(
        "writeOff(bytes32,uint32,uint16,uint8,uint8,uint32,uint32[],uint32,bytes32)",
        open.id,
        stMary,
        site,
        Pocket.onHand,
        Loss.wasted,
        1,
        [7],
        0,
        ZeroHash,
      ),
      ...memberKeepers,
    },
    {
      ...call(
        "settleDispenses(bytes32,uint32,uint16,uint32,uint32,bytes32)",
        tablets.id,
        sunPharmacy,
        Site.sunMarket,
        3,
        0,
        ethers.id("openings"),
      ),
      ...by(sunPharmacy, Duty.DISPENSE, "pharmacist of the pharmacy", "dispenser of the pharmacy"),
    },
    {
      ...call(
        "orderCustody(bytes32,uint32,uint16,uint32,uint16,uint32,uint32[])",
        open.id,
        stMary,
        site,
        sunPharmacy,
        Site.sunMarket,
        drugAgency,
        [],
      ),
      ...by(drugAgency, Duty.INSPECT, "inspector of another regulator"),
    },
  ];
};

const deviceRows = ({ from, segment }: Staged): readonly Row[] => [
  {
    ...call("bindDevice(uint32,bytes32,(uint8,uint16,uint32,uint64))", stMary, spareSensor.key, {
      storage_: Storage.frozen,
      site: Site.hallPharmacy,
      from: 0,
      sscc: 0,
    }),
    ...memberKeepers,
  },
  { ...call("unbindDevice(uint32,bytes32)", stMary, sensor.key), ...memberKeepers },
  {
    ...call(`recordSegment(${SEGMENT},${SIGNED})`, segmentOf(from), segment),
    note: "with the device's signature",
    ...memberRelay,
  },
  {
    ...call(`recordSegment(${SEGMENT},${SIGNED})`, segmentOf(from), SENT),
    ...by(stMary, Duty.SENSE, "sensor of the member"),
  },
];

const views: Readonly<Record<string, View>> = {
  "compartmentOf(uint32,uint16,uint8)": { args: [stMary, Site.hallPharmacy, Storage.refrigerated] },
  "consignmentOf(uint32,uint64)": { args: [maker, sscc(102)] },
  [`contentsOf(${GOODS})`]: { args: [travelling] },
  "isSpent(bytes32,uint32)": { args: [open.id, 0] },
  "lotId(uint64,bytes20)": { args: [flu.gtin, lotNumber("OPEN")] },
  "lotOf(bytes32)": { args: [open.id] },
  "productOf(uint64)": { args: [flu.gtin] },
  "rangeOf(bytes32,uint32,uint16,uint32)": { args: [open.id, stMary, Site.hallPharmacy, 0] },
  "serialStateOf(bytes32,uint32,bytes32,bytes32[])": {
    args: [open.id, 0, open.tree.saltedSerial(0), open.tree.proof(0)],
  },
  "stockOf(bytes32,uint32,uint16)": { args: [open.id, stMary, Site.hallPharmacy] },
  "watchOf(uint32,bytes32)": { args: [stMary, sensor.key] },
  // ERC-1822: asked of an implementation, never through a proxy.
  "proxiableUUID()": { args: [], refusal: ["UUPSUnauthorizedCallContext"] },
};

/** A maker joins; stock keepers, quality and recall desks, a vaccinator and devices are appointed. */
const staff = async ({ registry }: World): Promise<void> => {
  const governed = as(registry, people.governance);
  const sectors = Sector.MANUFACTURER;
  const hash = licenceHash(maker);
  await governed.admitMember({
    member: maker,
    admin: makerAdmin.address,
    sectors,
    group: 161,
    licenceHash: hash,
  });
  await as(registry, makerAdmin).registerSite(maker, gln(61));
  const appointments = [
    [maker, makerAdmin, roles["stock keeper of the maker"], Duty.HANDLE_STOCK],
    [maker, makerAdmin, roles["quality of the maker"], Duty.QUALITY],
    [maker, makerAdmin, roles["recall desk of the maker"], Duty.RECALL],
    [stMary, people.stMaryAdmin, roles["stock keeper of the member"], Duty.HANDLE_STOCK],
    [stMary, people.stMaryAdmin, roles["quality of the member"], Duty.QUALITY],
    [stMary, people.stMaryAdmin, roles["vaccinator of the member"], Duty.VACCINATE],
    [stMary, people.stMaryAdmin, sensor, Duty.SENSE],
    [stMary, people.stMaryAdmin, spareSensor, Duty.SENSE],
    [sunPharmacy, people.sunAdmin, roles["stock keeper of the pharmacy"], Duty.HANDLE_STOCK],
    [drugAgency, people.agencyAdmin, roles["releaser of the regulator"], Duty.RELEASE_LOT],
    [drugAgency, people.agencyAdmin, roles["recall desk of the regulator"], Duty.RECALL],
    [drugAgency, people.agencyAdmin, roles["quality of the regulator"], Duty.QUALITY],
  ] as const;
  for (const [member, admin, { key: operator }, duties] of appointments)
    await as(registry, admin).appoint(member, { operator, duties, until: APPOINTED_UNTIL });
  const operator = roles["vaccinator of the member"].key;
  const licence = { member: stMary, operator, duties: Duty.VACCINATE, throughDay: LICENSED_THROUGH };
  await as(registry, people.agencyLicenser).licenseBatch(drugAgency, [licence]);
};

/** Lots: undecided; at the hospital and on the way there; in quarantine; recalled; discreet at the pharmacy. */
const stock = async ({ lots }: World): Promise<void> => {
  const [keeper, quality] = [
    as(lots, roles["stock keeper of the maker"]),
    as(lots, roles["quality of the maker"]),
  ];
  const agency = as(lots, roles["releaser of the regulator"]);
  for (const product of [flu, discreet, proposed]) await quality.proposeProduct(product);
  for (const product of [flu, discreet]) await agency.approveProduct(product, drugAgency);
  for (const [made, number] of [
    [undecided, "UNDECIDED"],
    [open, "OPEN"],
    [held, "HELD"],
    [recalled, "RECALLED"],
    [tablets, "TABLETS"],
  ] as const) {
    await keeper.registerLot(maker, { ...terms(made), number: lotNumber(number) });
    if (made !== undecided) await agency.releaseLot(made.id, drugAgency, CERTIFICATE);
  }
  const member = as(lots, roles["stock keeper of the member"]);
  for (const [made, serial, units] of [
    [open, 101, 32],
    [held, 111, 8],
    [recalled, 121, 8],
  ] as const) {
    await keeper.ship(sent(made, serial, 0, units));
    await member.receiveConsignment(sent(made, serial, 0, units), made === held);
  }
  await keeper.ship(travelling);
  await as(lots, roles["recall desk of the maker"]).recallLot(recalled.id, maker, Recall.classII, NOTICE);
  const counted = goods(tablets, 10, {
    to: sunPharmacy,
    toSite: Site.sunMarket,
    sscc: sscc(131),
    purpose: Purpose.delivery,
  });
  await keeper.ship(counted);
  await as(lots, roles["stock keeper of the pharmacy"]).receiveConsignment(counted, false);
  const watch = { storage_: Storage.refrigerated, site: Site.hallPharmacy, from: 0, sscc: 0 };
  await member.bindDevice(stMary, sensor.key, watch);
};

/** Signatures that the rows pass; made once, for the callers relay them. */
const signatures = async (world: World, from: number) => {
  const site = Site.hallPharmacy;
  const vaccinator = roles["vaccinator of the member"];
  const { range: _, ...signedDose } = given(0);
  const { range: __, ...signedSession } = session;
  const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
    ["tuple(bytes32,bytes32,bytes32,uint256)[]"],
    [doses.map((each) => [each.saltedSerial, each.commitment, each.ephemeralX, each.person])],
  );
  const { recalledAt } = await world.lots.lotOf(recalled.id);
  const acknowledged = { lot: recalled.id, member: stMary, site, recalledAt, counted: 8 };
  const released = {
    lot: held.id,
    member: stMary,
    site,
    releaser: maker,
    units: 8,
    minutesOut: 0,
    releases: 0,
  };
  const quality = roles["quality of the maker"];
  return {
    administration: await sign(
      world,
      vaccinator,
      "Administration",
      { ...signedDose, ephemeralKey: ephemeralHash() },
      UNTIL,
    ),
    session: await sign(
      world,
      vaccinator,
      "AdministrationSession",
      { ...signedSession, doses: ethers.keccak256(encoded) },
      UNTIL,
    ),
    acknowledgment: await sign(
      world,
      roles["quality of the member"],
      "RecallAcknowledgment",
      acknowledged,
      UNTIL,
    ),
    release: await sign(world, quality, "QuarantineRelease", released, UNTIL),
    segment: await sign(world, sensor, "Segment", segmentOf(from), UNTIL),
  };
};

/** Lots in every state that the rows need. */
export const lotRegistry: RowSet = {
  name: "LotRegistry",
  parts: ["LotRegistry", "LotEntries", "LotKeeping", "LotOversight"],
  open: async (world) => {
    const { lots, registry, prescriptions } = world;
    await staff(world);
    await stock(world);
    const from = await now();
    const body = await deployLotBody(await registry.getAddress(), await prescriptions.getAddress());
    const staged = { body, from, ...(await signatures(world, from)) };
    return {
      contract: lots,
      rows: [
        ...shellRows(body),
        ...lotRows(),
        ...goodsRows(),
        ...useRows(staged),
        ...keepingRows(staged),
        ...deviceRows(staged),
      ],
      bodies: await bodiesOf(lots, "LotRegistry", "LotEntries", "LotKeeping", "LotOversight"),
      views,
      notFound: ["LotUnknown"],
    };
  },
};
