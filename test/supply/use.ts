import { DAY, as, at, now, type Actor } from "../core/chain.ts";
import { fails } from "../core/expect.ts";
import { APPOINTED_UNTIL, type World } from "../core/world.ts";
import { Duty } from "../core/words.ts";
import {
  CERTIFICATE,
  LotStatus,
  Member,
  NOTICE,
  Products,
  Reason,
  Recall,
  SENT,
  Storage,
  freshWorld,
  keeperOf,
  move,
  people,
  register,
  release,
  stockOf,
  type Made,
  type Product,
} from "./support.ts";

/** One way to use the first unit of a lot at a place. */
export type Way = {
  readonly of: Product;
  readonly place: readonly [member: number, site: number];
  /** What must stand before, as a prescription and its lock. */
  readonly prepare?: (world: World) => Promise<unknown>;
  /** Use it; `second` is when, if it is entered afterwards. */
  readonly use: (world: World, made: Made, second?: number) => Promise<unknown>;
};

const UNITS = 640;

/** A lot all of which lies at the place. */
const stocked = async (way: Way, world: World, of = way.of): Promise<Made> => {
  const made = await release(world, of, UNITS);
  await move(world, made, UNITS, { to: way.place[0], toSite: way.place[1] });
  return made;
};

const ready = async (way: Way): Promise<{ world: World; made: Made }> => {
  const world = await freshWorld();
  const made = await stocked(way, world);
  await way.prepare?.(world);
  return { world, made };
};

/** Neither an unknown, an undecided nor a refused lot is used. */
export const refusesUnreleased = async (way: Way): Promise<void> => {
  const world = await freshWorld();
  await way.prepare?.(world);
  const made = await register(world, way.of, UNITS);
  const unknown = { ...made, id: Member.harbourClinic.toString(16).padStart(64, "0").replace(/^/u, "0x") };
  await fails(way.use(world, unknown), world.lots, "LotUnknown", unknown.id);
  await fails(way.use(world, made), world.lots, "LotStatusWrong", made.id, LotStatus.registered);
  await as(world.lots, people.releaser).refuseLot(made.id, Member.drugAgency, CERTIFICATE);
  await fails(way.use(world, made), world.lots, "LotStatusWrong", made.id, LotStatus.refused);
};

/** No recalled lot is used, but what was used before the recall is entered. */
export const refusesRecalled = async (way: Way): Promise<void> => {
  const { world, made } = await ready(way);
  await as(world.lots, people.agencyRecall).recallLot(made.id, Member.drugAgency, Recall.classI, NOTICE);
  const recalledAt = await now();
  const recalled = [world.lots, "LotIsRecalled", made.id, recalledAt] as const;
  await at(recalledAt + 60);
  await fails(way.use(world, made), ...recalled);
  await fails(way.use(world, made, recalledAt), ...recalled);
  await way.use(world, made, recalledAt - 1);
};

/** The last second of the last day is good, the next is not; what was used before is entered. */
export const refusesExpired = async (way: Way): Promise<void> => {
  const world = await freshWorld();
  const lastDay = Math.floor((await now()) / DAY) + 1;
  const made = await register(world, way.of, UNITS, "SHORT", { expiryDay: lastDay });
  await as(world.lots, people.releaser).releaseLot(made.id, Member.drugAgency, CERTIFICATE);
  await move(world, made, UNITS, { to: way.place[0], toSite: way.place[1] });
  await way.prepare?.(world);
  const end = (lastDay + 1) * DAY;
  await at(end);
  await fails(way.use(world, made), world.lots, "LotExpired", made.id, lastDay);
  await at(end + 1);
  await fails(way.use(world, made, end), world.lots, "LotExpired", made.id, lastDay);
  await way.use(world, made, end - 1);
};

/** Nothing is used of what is held in quarantine. */
export const refusesQuarantined = async (way: Way): Promise<void> => {
  const { world, made } = await ready(way);
  const keeper = as(world.lots, keeperOf(way.place[0]));
  // Of counted lots too, for an excursion holds all of it.
  await keeper.quarantine(made.id, ...way.place, UNITS, Reason.excursion);
  await fails(way.use(world, made), world.lots, "StockInQuarantine", made.id, ...way.place, UNITS);
};

/** Once a recall was answered all of the lot is held, and with it what was used before and is not entered yet. */
export const refusesAnswered = async (way: Way): Promise<void> => {
  const { world, made } = await ready(way);
  const { lots } = world;
  const used = await now();
  await at(used + 60);
  await as(lots, people.agencyRecall).recallLot(made.id, Member.drugAgency, Recall.classI, NOTICE);
  await as(lots, keeperOf(way.place[0])).acknowledgeRecall(made.id, ...way.place, UNITS, SENT);
  await fails(way.use(world, made, used), lots, "StockInQuarantine", made.id, ...way.place, UNITS);
};

/** Let the place's compartment be watched. */
export const watch = async ({ lots, registry }: World, place: Way["place"], sensor: Actor): Promise<void> => {
  if (place[0] === Member.sunPharmacy) {
    const appointment = { operator: sensor.key, duties: Duty.SENSE, until: APPOINTED_UNTIL };
    await as(registry, people.sunAdmin).appoint(place[0], appointment);
  }
  const watched = { storage_: Storage.refrigerated, site: place[1], from: 0, sscc: 0n };
  await as(lots, keeperOf(place[0])).bindDevice(place[0], sensor.key, watched);
};

/** The device reports the next hour. */
export const report = async (
  { lots }: World,
  place: Way["place"],
  sensor: Actor,
  minutesOut: number,
): Promise<void> => {
  const { reportedUntil } = await lots.compartmentOf(...place, Storage.refrigerated);
  const [from, to] = [Number(reportedUntil), Number(reportedUntil) + 3_600];
  if ((await now()) < to) await at(to);
  const measured = { member: place[0], device: sensor.key, from, to, minutesOut, readings: NOTICE };
  await as(lots, sensor).recordSegment(measured, SENT);
};

/** Stock that bears all of its minutes is used; one minute more, and it is not. */
export const refusesExcursion = async (way: Way, of: Product): Promise<void> => {
  const sensor = people.clinicSensor;
  const fresh = async (minutes: number) => {
    const world = await freshWorld();
    await watch(world, way.place, sensor);
    const made = await stocked(way, world, of);
    await way.prepare?.(world);
    await report(world, way.place, sensor, minutes);
    await report(world, way.place, sensor, 1);
    return { world, made };
  };
  const warm = await fresh(of.budget);
  await fails(
    way.use(warm.world, warm.made),
    warm.world.lots,
    "StockExcursion",
    warm.made.id,
    ...way.place,
    of.budget + 1,
    of.budget,
  );
  const cool = await fresh(of.budget - 1);
  await way.use(cool.world, cool.made);
};

/** On hand and used at a place. */
export const booksOf = async (world: World, made: Made, place: Way["place"]): Promise<[number, number]> => {
  const { onHand, used } = await stockOf(world, made.id, ...place);
  return [onHand, used];
};

/** The last word of DoseAdministered. */
export const doseWord = (unit: number, changes: { series?: number; prefix?: number; tag?: number } = {}) => {
  const { series = 1, prefix = 2, tag = 0x5a } = changes;
  return BigInt(unit) | (BigInt(series) << 32n) | (BigInt(prefix) << 40n) | (BigInt(tag) << 48n);
};

/** The last word of DosesAdministered. */
export const spanWord = (first: number, doses: number, second: number): bigint =>
  BigInt(first) | (BigInt(doses) << 32n) | (BigInt(second) << 64n);

/** How long an administration may be entered afterwards. */
export const OUTAGE_MAX = 72 * 3_600;

/** A product that is kept cold, counted or by serial. */
export const COLD = { serial: Products.cold, counted: Products.coldTablets } as const;
