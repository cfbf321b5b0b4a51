import { DAY, START, as, ethers } from "../core/chain.ts";
import type { World } from "../core/world.ts";
import { SENT, accept, handover, holder, issue, lock, terms, type Terms } from "../prescriptions/support.ts";
import { Member, Site, move, people, release, type Made, type Product, type Taking } from "./support.ts";

/** The Sun market branch. */
export const MARKET = [Member.sunPharmacy, Site.sunMarket] as const;

/** A released lot of which all lies at the Sun market branch. */
export const atMarket = async (world: World, of: Product, units: number, number = "LOT-1"): Promise<Made> => {
  const made = await release(world, of, units, number);
  await move(world, made, units, { to: MARKET[0], toSite: MARKET[1] });
  return made;
};

/** Units of a fill, in thousandths: 30 tablets. */
export const FILL = 30_000n;

/** The terms of a prescription of its own holder. */
export const termsFor = (number: number, unitsPerFill = FILL): Terms =>
  terms({ holder: holder(number).address, unitsPerFill });

/** Issued and locked by a Sun branch for nine days; returns the id. */
export const locked = async (world: World, number = 1, unitsPerFill = FILL, site = 1): Promise<string> => {
  const prescription = termsFor(number, unitsPerFill);
  const id = await issue(world, prescription);
  const taken = lock({ site, lockedUntil: START + 9 * DAY });
  await accept(world, prescription, taken, people.sunTill, holder(number));
  return id;
};

/** What differs from a first hand-over of a whole fill. */
export type Handing = {
  readonly number?: number;
  readonly unitsPerFill?: bigint;
  readonly units?: bigint;
  readonly ordinal?: number;
  readonly site?: number;
  readonly handedOverAt?: number;
};

/** Dispense with a stock argument, as pharmacist Anna. */
export const dispense = async ({ prescriptions }: World, stock: string, given: Handing = {}) => {
  const { number = 1, unitsPerFill = FILL, units = unitsPerFill } = given;
  const { ordinal = 1, site = 1, handedOverAt = 0 } = given;
  const handed = handover({ units, ordinal, site, handedOverAt });
  return await as(prescriptions, people.anna).dispense(termsFor(number, unitsPerFill), handed, stock, SENT);
};

/** Withdraw a dispense with its stock argument, as pharmacist Anna. */
export const withdraw = async ({ prescriptions }: World, stock: string, given: Handing = {}) => {
  const { number = 1, unitsPerFill = FILL, ordinal = 1 } = given;
  const of = termsFor(number, unitsPerFill);
  return await as(prescriptions, people.anna).withdrawDispense(of, MARKET[0], ordinal, 4, stock, SENT);
};

/** A taking of units under one serial, with the whole proof. */
export const takingOf = (made: Made, firstUnit: number, units = 1, changes: Partial<Taking> = {}): Taking => {
  const serial = Math.floor(firstUnit / made.product.unitsPerSerial);
  return {
    lot: made.id,
    units,
    firstUnit,
    saltedSerial: made.tree.saltedSerial(serial),
    proof: made.tree.proof(serial),
    ...changes,
  };
};

/** The last word of LotDispensed. */
export const takingWord = (stock: string, units: number, firstUnit = 0, ordinal = 1, site = 1): bigint => {
  const hash = (BigInt(ethers.keccak256(stock)) >> 168n) << 168n;
  const taken = (BigInt(units) << 24n) | (BigInt(firstUnit) << 56n);
  return hash | BigInt(site) | (BigInt(ordinal) << 16n) | taken;
};
