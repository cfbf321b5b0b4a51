import { as, at, ethers, now, type Actor } from "../core/chain.ts";
import type { World } from "../core/world.ts";
import { Member, SENT, Site, Storage, freshWorld, people } from "./support.ts";

/** What a device watches, as the contract takes it. */
export type Watch = { storage_: number; site: number; from: number; sscc: bigint };

/** What a device measured. */
export type Segment = {
  member: number;
  device: string;
  from: number;
  to: number;
  minutesOut: number;
  readings: string;
};

const { depotNorth } = Member;

/** Depot North's refrigerated compartment. */
export const coldStore = (changes: Partial<Watch> = {}): Watch => ({
  storage_: Storage.refrigerated,
  site: Site.depotCold,
  from: 0,
  sscc: 0n,
  ...changes,
});

/** Nothing watched. */
export const NOTHING = [0n, 0n, 0n, 0n];

/** Let the depot's sensor watch; returns when. */
export const bind = async ({ lots }: World, watch = coldStore()): Promise<number> => {
  await as(lots, people.depotStock).bindDevice(depotNorth, people.depotSensor.key, watch);
  return await now();
};

/** Let it watch nothing. */
export const unbind = async ({ lots }: World) =>
  await as(lots, people.depotStock).unbindDevice(depotNorth, people.depotSensor.key);

/** A segment of the depot's sensor. */
export const segment = (from: number, to: number, minutesOut = 0): Segment => ({
  member: depotNorth,
  device: people.depotSensor.key,
  from,
  to,
  minutesOut,
  readings: ethers.id(`readings from ${from}`),
});

/** Record as the device. */
export const record = async ({ lots }: World, measured: Segment, by: Actor = people.depotSensor) =>
  await as(lots, by).recordSegment(measured, SENT);

/** Wait until a segment is over, then record it. */
export const measure = async (world: World, from: number, to: number, minutesOut = 0): Promise<void> => {
  if ((await now()) < to) await at(to);
  await record(world, segment(from, to, minutesOut));
};

/** The depot's compartment as numbers. */
export const compartment = async ({ lots }: World): Promise<number[]> => {
  const found = await lots.compartmentOf(depotNorth, Site.depotCold, Storage.refrigerated);
  return [Number(found.minutesOut), Number(found.reportedUntil)];
};

/** A world in which the depot's sensor watches its cold store. */
export const watched = async () => {
  const world = await freshWorld();
  return { world, since: await bind(world) };
};
