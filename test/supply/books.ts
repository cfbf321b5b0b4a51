import { expect } from "chai";

import type { World } from "../core/world.ts";
import { Member, stockOf, type Goods, type Line, type Made } from "./support.ts";

/** Every place of the test world that can have stock. */
const PLACES: readonly (readonly [number, number])[] = [
  [Member.novaVaccines, 1],
  [Member.orbisPharma, 1],
  [Member.depotNorth, 1],
  [Member.depotNorth, 2],
  [Member.harbourClinic, 1],
  [Member.sunPharmacy, 1],
  [Member.sunPharmacy, 2],
  [Member.moonPharmacy, 1],
];

/** Units registered are units at the places, at the origin, under way, or gone for a reason that the books name. */
export const balances = async (world: World, made: Made, inTransit = 0): Promise<void> => {
  const { originUnits } = await world.lots.lotOf(made.id);
  let found = Number(originUnits) + inTransit;
  for (const [member, site] of PLACES) {
    const stock = await stockOf(world, made.id, member, site);
    found += stock.onHand + stock.quarantined + stock.withheld;
    found += stock.used + stock.wasted + stock.destroyed + stock.lost + stock.returned;
  }
  expect(found, "units in the books").to.equal(made.units);
};

/** A line as its event tells it. */
export const told = ({ lot, units, firstUnit, endUnit, range, origin }: Line): unknown[] => [
  lot,
  units,
  firstUnit,
  endUnit,
  range,
  origin,
];

/** What of a consignment goes back: these lines, named anew. */
export const goingBack = (sent: Goods, ...lines: readonly Line[]): Goods => ({
  ...sent,
  lines: lines.map((each) => ({ ...each, range: 0, origin: false })),
});
