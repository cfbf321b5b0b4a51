/** Names of duties as a configuration writes them; the bits of `Duties` in contracts/core/Duties.sol. */
export const dutyBits = {
  prescribe: 1 << 0,
  review: 1 << 1,
  dispense: 1 << 2,
  vaccinate: 1 << 3,
  breakGlass: 1 << 4,
  handleStock: 1 << 8,
  quality: 1 << 9,
  releaseLot: 1 << 10,
  recall: 1 << 11,
  anchorRecord: 1 << 12,
  disclose: 1 << 13,
  fileClaim: 1 << 14,
  adjudicate: 1 << 15,
  sense: 1 << 16,
  submit: 1 << 17,
  license: 1 << 18,
  inspect: 1 << 19,
  custody: 1 << 20,
} as const;

/** Names of sectors as a configuration writes them; the bits of `Sectors` in contracts/core/Duties.sol. */
export const sectorBits = {
  hospital: 1 << 0,
  pharmacy: 1 << 1,
  manufacturer: 1 << 2,
  distributor: 1 << 3,
  vaccinationSite: 1 << 4,
  laboratory: 1 << 5,
  insurer: 1 << 6,
  regulator: 1 << 7,
  standardsBody: 1 << 8,
  research: 1 << 9,
} as const;

export type DutyName = keyof typeof dutyBits;
export type SectorName = keyof typeof sectorBits;

/** Duties that count only with a licence (contracts/core/Duties.sol, bits 0 to 7). */
export const PROFESSIONAL_DUTIES = 0b11111;

/** Names to one bit set. */
export const dutyMask = (names: readonly DutyName[]): number =>
  names.reduce((mask, name) => mask | dutyBits[name], 0);

/** Names to one bit set. */
export const sectorMask = (names: readonly SectorName[]): number =>
  names.reduce((mask, name) => mask | sectorBits[name], 0);
