/** Duties as in contracts/core/Duties.sol. */
export const Duty = {
  PRESCRIBE: 1 << 0,
  REVIEW: 1 << 1,
  DISPENSE: 1 << 2,
  VACCINATE: 1 << 3,
  BREAK_GLASS: 1 << 4,
  HANDLE_STOCK: 1 << 8,
  QUALITY: 1 << 9,
  RELEASE_LOT: 1 << 10,
  RECALL: 1 << 11,
  ANCHOR_RECORD: 1 << 12,
  DISCLOSE: 1 << 13,
  FILE_CLAIM: 1 << 14,
  ADJUDICATE: 1 << 15,
  SENSE: 1 << 16,
  SUBMIT: 1 << 17,
  LICENSE: 1 << 18,
  INSPECT: 1 << 19,
  CUSTODY: 1 << 20,
} as const;

/** What a member's admin key does; nobody is appointed to it. */
export const ADMINISTER = 2 ** 31;

/** The bit among an operator's suspended duties that marks a key which a replacement left behind. */
export const RETIRED = 1n << 31n;

/** In place of a regulator where several ordered the same; governance alone undoes it. */
export const SEVERAL = 2n ** 32n - 1n;

/** All professional duties. */
export const PROFESSIONAL = 0x1f;

/** Sectors as in contracts/core/Duties.sol. */
export const Sector = {
  HOSPITAL: 1 << 0,
  PHARMACY: 1 << 1,
  MANUFACTURER: 1 << 2,
  DISTRIBUTOR: 1 << 3,
  VACCINATION_SITE: 1 << 4,
  LABORATORY: 1 << 5,
  INSURER: 1 << 6,
  REGULATOR: 1 << 7,
  STANDARDS_BODY: 1 << 8,
  RESEARCH: 1 << 9,
} as const;

const { PRESCRIBE, REVIEW, DISPENSE, VACCINATE, BREAK_GLASS, HANDLE_STOCK, QUALITY, RELEASE_LOT } = Duty;
const { RECALL, ANCHOR_RECORD, DISCLOSE, FILE_CLAIM, ADJUDICATE, SENSE, SUBMIT, LICENSE, INSPECT, CUSTODY } =
  Duty;

/** What each sector adds to the duties that every member has, written down again from the design. */
const SECTOR_DUTIES: readonly (readonly [number, number])[] = [
  [
    Sector.HOSPITAL,
    PRESCRIBE |
      REVIEW |
      DISPENSE |
      VACCINATE |
      BREAK_GLASS |
      HANDLE_STOCK |
      QUALITY |
      DISCLOSE |
      CUSTODY |
      FILE_CLAIM,
  ],
  [Sector.PHARMACY, REVIEW | DISPENSE | VACCINATE | HANDLE_STOCK | QUALITY | DISCLOSE | CUSTODY | FILE_CLAIM],
  [Sector.MANUFACTURER, HANDLE_STOCK | QUALITY | RECALL],
  [Sector.DISTRIBUTOR, HANDLE_STOCK | QUALITY],
  [Sector.VACCINATION_SITE, VACCINATE | HANDLE_STOCK | QUALITY | DISCLOSE | CUSTODY | FILE_CLAIM],
  [Sector.LABORATORY, QUALITY | DISCLOSE | CUSTODY | FILE_CLAIM],
  [Sector.INSURER, ADJUDICATE | DISCLOSE | CUSTODY],
  [Sector.REGULATOR, LICENSE | INSPECT | RELEASE_LOT | RECALL | QUALITY | REVIEW],
  [Sector.STANDARDS_BODY, 0],
  [Sector.RESEARCH, DISCLOSE | CUSTODY],
];

/** The duties that a member of these sectors may appoint to. */
export const permittedTo = (sectors: number): number =>
  SECTOR_DUTIES.reduce(
    (duties, [sector, more]) => ((sectors & sector) === 0 ? duties : duties | more),
    SUBMIT | SENSE | ANCHOR_RECORD,
  );
