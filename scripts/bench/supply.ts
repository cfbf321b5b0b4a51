import {
  computeAddress,
  concat,
  hexlify,
  id,
  type SigningKey,
  toBeHex,
  ZeroHash,
  zeroPadValue,
} from "ethers";

import { buildSerialTree, checkDigitOf, lotIdOf, lotNumberBytes, type SerialTree } from "@careledger/sdk";
import { dutyBits } from "../../deploy/duties.ts";
import { seededKey, type BenchChain } from "./chain.ts";
import { each, type GasTable, type Measure } from "./floor.ts";
import type { PrescriptionActs } from "./gas.ts";
import { unsigned } from "./signing.ts";

const DAY = 86_400;
const REGULATOR = 1;
const GREEN_CROSS = 4;
const [MAKER, DEPOT, CLINIC] = [61, 62, 63];
const [MANUFACTURER, DISTRIBUTOR, VACCINATION_SITE] = [1 << 2, 1 << 3, 1 << 4];
const CLASS_I = 1;
const HOLDERS = 1_000;
/** As many serials as the story has. */
const SERIALS = 20_000;
/** Ten tablets, and what a prescription of the benchmark has in a fill. */
const TABLETS = 10;
const UNITS = 10_000;

type Line = readonly [lot: string, units: number, first: number, end: number, range: number, origin: boolean];

interface Lot {
  readonly id: string;
  readonly tree?: SerialTree;
}

/** A GS1 key: the body with its check digit. */
const keyOf = (body: string): bigint => BigInt(`${body}${checkDigitOf(body)}`);
const gtinOf = (serial: number): bigint => keyOf(`0952123400${String(serial).padStart(3, "0")}`);
const ssccOf = (serial: number): bigint => keyOf(`39521234${String(serial).padStart(9, "0")}`);
/** GLN of a site of the benchmark's members. */
const glnOf = (serial: number): bigint => keyOf(`95212345${String(serial).padStart(4, "0")}`);

/** Members of a supply chain beside those of the configuration. */
const openSupply = async (chain: BenchChain) => {
  const governance = chain.config.handOverTo ?? "";
  const until = chain.now() + 365 * DAY;
  const addressOf = (key: SigningKey): string => computeAddress(key.publicKey);
  const ask = (from: string | SigningKey, name: string, args: readonly unknown[]) =>
    chain.prepare(from, "members", chain.members.encodeFunctionData(name, [...args]));
  const appoint = async (admin: string | SigningKey, member: number, seed: string, duties: number) => {
    const key = seededKey(seed);
    await ask(admin, "appoint", [member, { operator: zeroPadValue(addressOf(key), 32), duties, until }]);
    return key;
  };
  const admit = async (member: number, sectors: number, serial: number) => {
    const admin = seededKey(`admin of ${member}`);
    const licenceHash = id(`licence of ${member}`);
    await ask(governance, "admitMember", [
      { member, admin: addressOf(admin), sectors, group: member, licenceHash },
    ]);
    await ask(admin, "registerSite", [member, glnOf(serial)]);
    return admin;
  };
  const [maker, depot, clinic] = [
    await admit(MAKER, MANUFACTURER, 1),
    await admit(DEPOT, DISTRIBUTOR, 2),
    await admit(CLINIC, VACCINATION_SITE, 3),
  ];
  const adminOf = (name: string): string =>
    chain.config.members.find((member) => member.name === name)?.admin ?? "";
  const keys = {
    maker: await appoint(maker, MAKER, "maker", dutyBits.handleStock | dutyBits.quality | dutyBits.recall),
    depot: await appoint(depot, DEPOT, "depot", dutyBits.handleStock),
    clinic: await appoint(clinic, CLINIC, "clinic", dutyBits.handleStock),
    nurse: await appoint(clinic, CLINIC, "nurse", dutyBits.vaccinate),
    pharmacy: await appoint(adminOf("greenCross"), GREEN_CROSS, "pharmacy", dutyBits.handleStock),
    releaser: await appoint(adminOf("inspector"), REGULATOR, "releaser", dutyBits.releaseLot),
  };
  await ask(governance, "setLicensingAuthority", [
    REGULATOR,
    dutyBits.prescribe | dutyBits.review | dutyBits.dispense | dutyBits.breakGlass | dutyBits.vaccinate,
    0,
  ]);
  const licence = {
    member: CLINIC,
    operator: zeroPadValue(addressOf(keys.nurse), 32),
    duties: dutyBits.vaccinate,
    throughDay: Math.floor(until / DAY),
  };
  await ask(chain.operator("inspectorLicensing").address, "license", [REGULATOR, licence]);
  return { keys, admins: { depot }, ask };
};

/** Acts of the supply chain. */
const supplyActs = (chain: BenchChain, keys: Awaited<ReturnType<typeof openSupply>>["keys"]) => {
  const data = (name: string, args: readonly unknown[]): string =>
    chain.lots.encodeFunctionData(name, [...args]);
  const act = (from: SigningKey, name: string, args: readonly unknown[]) =>
    chain.act(from, "lots", data(name, args));
  const prepare = (from: SigningKey, name: string, args: readonly unknown[]) =>
    chain.prepare(from, "lots", data(name, args));
  const approve = async (serial: number, vaccine: boolean, serialised: boolean, content: number) => {
    const product = {
      gtin: gtinOf(serial),
      maker: MAKER,
      vaccine,
      serialised,
      discreet: false,
      unitsPerSerial: 1,
      unitsPerPack: 1,
      content,
      storage_: 0,
      budget: 0,
      openFor: 0,
    };
    await prepare(keys.maker, "proposeProduct", [product]);
    await prepare(keys.releaser, "approveProduct", [product, REGULATOR]);
  };
  /** Registers a lot and has it released. */
  const make = async (serial: number, number: string, units: number, tree?: SerialTree) => {
    const terms = {
      gtin: gtinOf(serial),
      number: lotNumberBytes(number),
      expiryDay: Math.floor(chain.now() / DAY) + 365,
      units,
      serialRoot: tree?.root ?? ZeroHash,
      site: 1,
    };
    const measured = await act(keys.maker, "registerLot", [MAKER, terms]);
    const lot: Lot = { id: lotIdOf(gtinOf(serial), number), ...(tree === undefined ? {} : { tree }) };
    await prepare(keys.releaser, "releaseLot", [lot.id, REGULATOR, id("certificate")]);
    return { lot, measured };
  };
  const goods = (serial: number, to: number, toSite: number, line: Line) => ({
    from: MAKER,
    fromSite: 1,
    to,
    toSite,
    sscc: ssccOf(serial),
    purpose: 0,
    lines: [
      { lot: line[0], units: line[1], firstUnit: line[2], endUnit: line[3], range: line[4], origin: line[5] },
    ],
  });
  return { act, prepare, approve, make, goods };
};

/** What stands beside a run that does not reach the tree's right edge. */
const besideRun = (tree: SerialTree, first: number, count: number): string[] => {
  const [left, right] = [tree.proofOf(first), tree.proofOf(first + count - 1)];
  const siblings: string[] = [];
  left.forEach((sibling, level) => {
    const [from, to] = [first >> level, (first + count - 1) >> level];
    if (from % 2 === 1) siblings.push(sibling);
    if (to % 2 === 0) siblings.push(right[level] ?? ZeroHash);
  });
  return siblings;
};

const sum = (one: Measure, other: Measure): Measure => ({
  gas: one.gas + other.gas,
  floor: one.floor + other.floor,
});

const ephemeralOf = (seed: string) => ({ x: id(`ephemeral ${seed}`), prefix: "0x02", viewTag: "0x5a" });
const holderOf = (seed: string): string => computeAddress(seededKey(`dose holder ${seed}`).publicKey);

/** Gas of lots from the plant to the arm, and of dispenses that take them. */
export const measureSupply = async (
  chain: BenchChain,
  prescriptions: PrescriptionActs,
): Promise<GasTable> => {
  const { keys, admins, ask } = await openSupply(chain);
  const { act, prepare, approve, make, goods } = supplyActs(chain, keys);
  await approve(1, true, true, 1_000);
  await approve(2, false, false, 1_000);
  await approve(3, false, true, UNITS);
  const serials = Array.from({ length: SERIALS }, (_, i) => String(i).padStart(12, "0"));
  const tree = buildSerialTree({ serials, secret: id("lot secret"), unitsPerSerial: 1 });

  const { lot: doses, measured: registered } = await make(1, "DOSES", SERIALS, tree);
  const toDepot = goods(1, DEPOT, 1, [doses.id, 10_000, 0, 10_000, 0, true]);
  const shipped = await act(keys.maker, "ship", [toDepot]);
  const received = await act(keys.depot, "receiveConsignment", [toDepot, false]);
  const toClinic = goods(2, CLINIC, 1, [doses.id, 5_000, 10_000, 15_000, 0, true]);
  await prepare(keys.maker, "ship", [toClinic]);
  await prepare(keys.clinic, "receiveConsignment", [toClinic, false]);
  const dose = (unit: number) => ({
    lot: doses.id,
    member: CLINIC,
    site: 1,
    unit,
    range: 0,
    saltedSerial: tree.saltedSerialOf(unit),
    holder: holderOf(String(unit)),
    commitment: id(`immunisation ${unit}`),
    seriesDose: 1,
    administeredAt: 0,
  });
  const administer = (unit: number, proof: readonly string[]) =>
    act(keys.nurse, "administer", [dose(unit), ephemeralOf(String(unit)), proof, unsigned]);
  const first = await administer(10_000, tree.proofOf(10_000));
  const next = await administer(10_001, tree.proofOf(10_001).slice(0, 6));
  const session = { lot: doses.id, member: CLINIC, site: 1, firstUnit: 10_240, range: 0, administeredAt: 0 };
  const rows = Array.from({ length: 100 }, (_, i) => ({
    saltedSerial: tree.saltedSerialOf(10_240 + i),
    commitment: id(`immunisation ${10_240 + i}`),
    ephemeralX: id(`ephemeral ${10_240 + i}`),
    person: BigInt(holderOf(String(10_240 + i))) | (2n << 160n) | (0x5an << 168n) | (1n << 176n),
  }));
  const given = await act(keys.nurse, "administerSession", [
    session,
    rows,
    besideRun(tree, 10_240, 100),
    unsigned,
  ]);

  const { lot: tablets } = await make(2, "TABLETS", 1_000);
  const { lot: packs } = await make(3, "PACKS", SERIALS, tree);
  for (const [serial, lot, end] of [
    [3, tablets.id, 0],
    [4, packs.id, 500],
  ] as const) {
    const sent = goods(serial, GREEN_CROSS, 1, [lot, 500, 0, end, 0, true]);
    await prepare(keys.maker, "ship", [sent]);
    await prepare(keys.pharmacy, "receiveConsignment", [sent, false]);
  }
  const counted = concat([tablets.id, toBeHex(TABLETS, 32)]);
  const serial = (unit: number, proof: readonly string[]): string => {
    const head = 1n | (BigInt(unit) << 32n) | (BigInt(proof.length) << 96n) | (1n << 104n);
    return concat([packs.id, toBeHex(head, 32), tree.saltedSerialOf(unit), ...proof]);
  };
  const dispensed = async (seed: string, stock: string) =>
    prescriptions.dispense(await prescriptions.locked(seed), 1, UNITS, 0, hexlify(stock));

  const { lot: held } = await make(2, "HELD", 2 * HOLDERS);
  const recall = (lot: string) => act(keys.maker, "recallLot", [lot, MAKER, CLASS_I, id("recall notice")]);
  for (let site = 1; site <= HOLDERS; site++) {
    if (site > 1) await ask(admins.depot, "registerSite", [DEPOT, glnOf(1_000 + site)]);
    const sent = goods(1_000 + site, DEPOT, site, [held.id, 1, 0, 0, 0, true]);
    await prepare(keys.maker, "ship", [sent]);
    await prepare(keys.depot, "receiveConsignment", [sent, false]);
  }
  return {
    "lot.register": registered,
    "lot.ship": shipped,
    "lot.receive": received,
    "lot.shipAndReceive": sum(shipped, received),
    "lot.administerFirstInWord": first,
    "lot.administerNext": next,
    "lot.administerSession100.each": each(given, 100),
    "prescription.dispenseWithLotCount": await dispensed("with a lot by count", counted),
    "prescription.dispenseWithLotSerialFirst": await dispensed(
      "with a first serial",
      serial(0, tree.proofOf(0)),
    ),
    "prescription.dispenseWithLotSerialNext": await dispensed(
      "with a next serial",
      serial(1, tree.proofOf(1).slice(0, 6)),
    ),
    "lot.recall.1holder": await recall(tablets.id),
    "lot.recall.1000holders": await recall(held.id),
  };
};
