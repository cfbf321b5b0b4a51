/** Bit of each duty, as in `Duties.sol`. Bits 0 to 7 are professional: they count only while licensed. */
export const DUTY_BITS = {
  PRESCRIBE: 0,
  REVIEW: 1,
  DISPENSE: 2,
  VACCINATE: 3,
  BREAK_GLASS: 4,
  HANDLE_STOCK: 8,
  QUALITY: 9,
  RELEASE_LOT: 10,
  RECALL: 11,
  ANCHOR_RECORD: 12,
  DISCLOSE: 13,
  FILE_CLAIM: 14,
  ADJUDICATE: 15,
  SENSE: 16,
  SUBMIT: 17,
  LICENSE: 18,
  INSPECT: 19,
  CUSTODY: 20,
  /** What a member's admin key does. Nobody is appointed to it; a regulator can suspend it. */
  ADMINISTER: 31,
} as const;

/** What an operator may do for its member. */
export type Duty = keyof typeof DUTY_BITS;

/** Duties that need a licence besides the appointment. */
export const PROFESSIONAL_DUTIES = ["PRESCRIBE", "REVIEW", "DISPENSE", "VACCINATE", "BREAK_GLASS"] as const;

/** A duty that needs a licence besides the appointment. */
export type ProfessionalDuty = (typeof PROFESSIONAL_DUTIES)[number];

/** Bit of each sector, as in `Duties.sol`. */
export const SECTOR_BITS = {
  HOSPITAL: 0,
  PHARMACY: 1,
  MANUFACTURER: 2,
  DISTRIBUTOR: 3,
  VACCINATION_SITE: 4,
  LABORATORY: 5,
  INSURER: 6,
  REGULATOR: 7,
  STANDARDS_BODY: 8,
  RESEARCH: 9,
} as const;

/** What kind of organisation a member is. */
export type Sector = keyof typeof SECTOR_BITS;

/** Names of the duties in a mask, in the order of their bits; an unknown bit n shows as `BIT_n`. */
export function dutyNames(mask: number): Duty[] {
  return namesOf(DUTY_BITS, mask) as Duty[];
}

/** Names of the sectors in a mask, in the order of their bits; an unknown bit n shows as `BIT_n`. */
export function sectorNames(mask: number): Sector[] {
  return namesOf(SECTOR_BITS, mask) as Sector[];
}

/** Mask of these duties. */
export function dutyMask(duties: readonly Duty[]): number {
  return duties.reduce((mask, duty) => mask | (1 << DUTY_BITS[duty]), 0) >>> 0;
}

/** Mask of these sectors. */
export function sectorMask(sectors: readonly Sector[]): number {
  return sectors.reduce((mask, sector) => mask | (1 << SECTOR_BITS[sector]), 0) >>> 0;
}

function namesOf(bits: Readonly<Record<string, number>>, mask: number): string[] {
  const names: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    if (((mask >>> bit) & 1) === 0) continue;
    names.push(Object.keys(bits).find((name) => bits[name] === bit) ?? `BIT_${bit}`);
  }
  return names;
}
