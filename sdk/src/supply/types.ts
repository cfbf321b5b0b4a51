import type {
  ConsignmentStatus,
  LotStatus,
  ProductStatus,
  Purpose,
  RecallClass,
  StorageClass,
} from "../abi/index.ts";
import type { EphemeralKey } from "../holder/stealth.ts";

/** A product as its maker proposes it and a regulator approves it. *Units* are doses, tablets, millilitres. */
export interface ProductTerms {
  /** As `parseGtin` gives it. */
  readonly gtin: bigint;
  /** Member that makes it. */
  readonly maker: number;
  /** Administered dose by dose; else dispensed. */
  readonly vaccine: boolean;
  /** Every pack, or every vial, has a serial. */
  readonly serialised: boolean;
  /** Its lot stands in no dispense in the clear; false when absent. */
  readonly discreet?: boolean | undefined;
  /** Units under one serial, 1 to 64; 1 where there are no serials. */
  readonly unitsPerSerial: number;
  /** Units in the trade item that the GTIN names, from 1. */
  readonly unitsPerPack: number;
  /** Thousandths of the prescribed unit (UCUM) in one unit, from 1: 1000 for a tablet counted in tablets. */
  readonly content: number;
  /** Temperatures within which it is kept. */
  readonly storageClass: StorageClass;
  /** Minutes outside of them that it bears, in all. */
  readonly budget: number;
  /** Minutes in which an opened serial is used up, 0 for no limit. */
  readonly openFor: number;
}

/** A product that stands, or stood. */
export interface ProductView extends ProductTerms {
  readonly discreet: boolean;
  readonly status: ProductStatus;
}

/** A lot's state. */
export interface LotView {
  /** Id. */
  readonly lot: string;
  readonly status: LotStatus;
  readonly maker: number;
  /** The maker's site where it was registered. */
  readonly originSite: number;
  /** Last day on which it may be used, days since 1970-01-01. */
  readonly expiryDay: number;
  readonly units: number;
  /** Units that still lie where the maker registered them; for serials, the last ones. */
  readonly originUnits: number;
  /** When the standing recall was ordered, unix seconds, 0 for none. */
  readonly recalledAt: number;
  readonly vaccine: boolean;
  readonly serialised: boolean;
  readonly discreet: boolean;
  readonly unitsPerSerial: number;
  readonly content: number;
  readonly storageClass: StorageClass;
  readonly budget: number;
  readonly openFor: number;
  /** Root of its serials, all zero where it has none. */
  readonly serialRoot: string;
}

/** A place: a site of a member. */
export interface Place {
  readonly member: number;
  /** From 1. */
  readonly site: number;
}

/** Stock of a lot at a place. */
export interface StockView {
  /** Units that may move and be used. */
  readonly onHand: number;
  /** Units that may not. */
  readonly quarantined: number;
  /** Units that were used and came back; they are only destroyed. */
  readonly withheld: number;
  readonly used: number;
  readonly wasted: number;
  readonly destroyed: number;
  readonly lost: number;
  /** Units that came back to their maker here. */
  readonly returned: number;
  /** Minutes out of range that the stock had when last written. */
  readonly minutesOut: number;
  /** The same, with what the place's monitor added since. */
  readonly minutesNow: number;
  /** First unit of the range that stands with the stock. */
  readonly firstUnit: number;
  /** Its end, exclusive. */
  readonly endUnit: number;
  /** Everything of this lot here is in quarantine, and what arrives joins it. */
  readonly held: boolean;
  /** Some unit within the ranges here is spent. */
  readonly broken: boolean;
  /** Releases from quarantine so far; `signQuarantineRelease` names it. */
  readonly releases: number;
}

/** Units of one lot that move. */
export interface ConsignmentLine {
  readonly lot: string;
  /** How many; of serials, those of the span that are not spent. */
  readonly units: number;
  /** First unit of the span, for serials; else 0 or absent. */
  readonly firstUnit?: number | undefined;
  /** End of the span, exclusive, for serials; else 0 or absent. */
  readonly endUnit?: number | undefined;
  /** First unit of the stored range that holds the span; absent where the span lies in the stock's own range. */
  readonly range?: number | undefined;
  /** They lie where the maker registered them; serials then leave from the first one on. */
  readonly origin?: boolean | undefined;
}

/** Goods that move together under one SSCC. */
export interface ConsignmentTerms {
  /** Sender. */
  readonly from: number;
  readonly fromSite: number;
  /** Receiver. */
  readonly to: number;
  readonly toSite: number;
  /** As `parseSscc` gives it; not used by the sender for a year. */
  readonly sscc: bigint;
  readonly purpose: Purpose;
  /** 1 to 32 lots. */
  readonly lines: readonly ConsignmentLine[];
}

/** What the receiver found of one line; all else was accepted. */
export interface LineFinding {
  /** Units spoilt. */
  readonly damaged: number;
  /** Units not there. */
  readonly missing: number;
  /** Units not accepted; of serials, all of the line or none. */
  readonly refused: number;
  /** For serials: the damaged units, then the missing ones, each rising; absent where there are none. */
  readonly indices?: readonly number[] | undefined;
}

/** A consignment's state. */
export interface ConsignmentView {
  readonly status: ConsignmentStatus;
  /** Unix seconds. */
  readonly shippedAt: number;
  /** Minutes out of range. */
  readonly minutesOut: number;
  /** Until when its monitor reported, unix seconds. */
  readonly reportedUntil: number;
  /** First 20 bytes of the hash of what is in it. */
  readonly contents: string;
}

/** A vaccination to record. */
export interface Administration {
  readonly lot: string;
  /** Who gives it. */
  readonly member: number;
  readonly site: number;
  /** Index of the dose within the lot, for serials; else 0 or absent. */
  readonly unit?: number | undefined;
  /** First unit of the stored range that holds it; absent where it lies in the stock's own range. */
  readonly range?: number | undefined;
  /** As `saltedSerialOf` gives it, for serials; else absent. */
  readonly saltedSerial?: string | undefined;
  /** The patient's one-time address, fresh for each dose. */
  readonly holder: string;
  /** Salted commitment to the FHIR Immunization. */
  readonly commitment: string;
  /** Number within its series, from 1. */
  readonly seriesDose: number;
  /** Absent or 0 for now; else unix seconds, up to 72 hours back. */
  readonly administeredAt?: number | undefined;
}

/** Doses with adjacent serials, given by one vaccinator at one place. */
export interface AdministrationSession {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** Index of the first within the lot. */
  readonly firstUnit: number;
  /** First unit of the stored range that holds them; absent where they lie in the stock's own range. */
  readonly range?: number | undefined;
  /** Absent or 0 for now; else unix seconds, up to 72 hours back. */
  readonly administeredAt?: number | undefined;
}

/** One dose of a session. */
export interface SessionDose {
  /** As `saltedSerialOf` gives it. */
  readonly saltedSerial: string;
  /** The patient's one-time address, fresh for each dose. */
  readonly holder: string;
  readonly ephemeralKey: EphemeralKey;
  /** Salted commitment to the FHIR Immunization. */
  readonly commitment: string;
  /** Number within its series, from 1. */
  readonly seriesDose: number;
}

/** A dose as the ledger logs it. */
export interface RecordedDose extends Place {
  readonly lot: string;
  /** Who gave it. */
  readonly operator: string;
  readonly holder: string;
  readonly ephemeralKey: EphemeralKey;
  readonly commitment: string;
  /** Index within the lot, 0 where it has no serials. */
  readonly unit: number;
  readonly seriesDose: number;
  /** Unix seconds. */
  readonly administeredAt: number;
}

/** What a device measured without a break. */
export interface SegmentTerms {
  /** Member that the device senses for. */
  readonly member: number;
  /** The device's operator key, or its address. */
  readonly device: string;
  /** First second. */
  readonly from: number;
  /** End, exclusive. */
  readonly to: number;
  /** Minutes out of range. */
  readonly minutesOut: number;
  /** Hash of the readings, which stay off chain. */
  readonly readings: string;
}

/** What a device watches: a compartment of a site, or a consignment of its member. */
export interface WatchTerms {
  readonly storageClass: Exclude<StorageClass, "Unmonitored">;
  /** Site of the device's member; 0 or absent for a consignment. */
  readonly site?: number | undefined;
  /** SSCC of a consignment that the member sent; absent for a site. */
  readonly sscc?: bigint | undefined;
}

/** What a device watches. */
export interface WatchView {
  /** `Unmonitored` when it watches nothing. */
  readonly storageClass: StorageClass;
  /** 0 for a consignment. */
  readonly site: number;
  /** Sender of the consignment, 0 for a site. */
  readonly from: number;
  /** 0 for a site. */
  readonly sscc: bigint;
}

/** A compartment's monitor. */
export interface CompartmentView {
  /** Minutes out of range since it is watched. */
  readonly minutesOut: number;
  /** Until when it was reported, unix seconds, 0 when it never was. */
  readonly reportedUntil: number;
}

/** A class of recall that can be ordered. */
export type OrderedRecallClass = Exclude<RecallClass, "Unspecified">;
