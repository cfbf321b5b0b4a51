import type { PrescriptionStatus } from "../abi/index.ts";
import type { CompactSignature } from "../core/attestation.ts";

/**
 * The terms of a prescription; their EIP-712 struct hash is its id, so no value can be changed without naming another
 * prescription. Every act passes all of them.
 */
export interface PrescriptionTerms {
  /** Member in whose name it is written. */
  readonly issuer: number;
  /** Operator key of the person who prescribes, or its address. */
  readonly prescriber: string;
  /** Address of the holder key, fresh for this prescription: an ERC-5564 stealth address, or a random key on paper. */
  readonly holder: string;
  /** Salted commitment to the document. */
  readonly commitment: string;
  /** Units of one fill, in thousandths of the document's UCUM unit, from 1 to 2^40-1. */
  readonly unitsPerFill: bigint;
  /** 1 + repeats, from 1 to 99. */
  readonly fills: number;
  /** Least time between the first parts of two fills, seconds. */
  readonly interval: number;
  /** First second of the window, unix seconds. */
  readonly validFrom: number;
  /** End of the window, exclusive, unix seconds; at most 2 years after issue. */
  readonly validUntil: number;
  /** Member whose pharmacists must review it before it opens, 0 when no rule asks for a review. */
  readonly reviewer: number;
}

/** A professional's signature over its act, which a SUBMIT operator of the same member relays. */
export type Attestation = CompactSignature;

/** A signature by the holder key, which anybody relays. */
export type HolderSignature = CompactSignature;

/** A lock to take. */
export interface Acceptance {
  /** Pharmacy. */
  readonly member: number;
  /** Its open site. */
  readonly site: number;
  /** Number this lock will get: the prescription's last lock number + 1. */
  readonly lockCount: number;
  /** The current fill while units of it are left, or the next one. */
  readonly fill: number;
  /** End of the lock, exclusive, unix seconds; at most 10 days ahead. */
  readonly lockedUntil: number;
}

/** What is handed over. */
export interface Handover {
  /** Pharmacy that holds the lock. */
  readonly member: number;
  /** Its site that holds the lock. */
  readonly site: number;
  /** Number of the lock. */
  readonly lockCount: number;
  /** Ordinal this dispense will get: the prescription's last ordinal + 1. */
  readonly ordinal: number;
  /** Fill of the lock. */
  readonly fill: number;
  /** Units handed over, in thousandths, from 1. */
  readonly units: bigint;
  /** 0 for now; else the second of hand-over, up to 72 hours back (outage entry, seen by a hand-over before its recording). */
  readonly handedOverAt: number;
  /** Salted commitment to the FHIR MedicationDispense. */
  readonly commitment: string;
}

/**
 * How a prescription stands, in one word: its status, or for an open one what keeps it from being accepted.
 * `Locked`: a lock is live. `Halted`: by a regulator. `Expired`: its window is over.
 */
export type EffectiveStatus = PrescriptionStatus | "Locked" | "Halted" | "Expired";

/** A prescription: its terms, its state and how it stands now. */
export interface PrescriptionView extends PrescriptionTerms {
  /** Id. */
  readonly prescription: string;
  /** How it stands now, in one word. */
  readonly effectiveStatus: EffectiveStatus;
  /** Status, with a pending cancellation that took effect. */
  readonly status: PrescriptionStatus;
  /** The lock runs, its member may dispense and its site is open. */
  readonly lockLive: boolean;
  /** A regulator halted it. */
  readonly halted: boolean;
  /** Its window is over. */
  readonly expired: boolean;
  /** Nothing can change the status any more. */
  readonly isFinal: boolean;
  /** A cancellation takes effect when the lock ends. */
  readonly cancelPending: boolean;
  /** Something was dispensed under the last lock. */
  readonly lockUsed: boolean;
  /** The lock is for the next fill, which its first dispense opens. */
  readonly lockNext: boolean;
  /** Something of the current fill was handed over and stands. */
  readonly fillBegun: boolean;
  /** Units left of the current fill, in thousandths. */
  readonly unitsLeft: bigint;
  /** Current fill, from 1. */
  readonly fill: number;
  /** Earliest hand-over of the current fill that stands, unix seconds; the last that stood while none does. */
  readonly fillOpenedAt: number;
  /** Member of the last lock, 0 for none. */
  readonly lockMember: number;
  /** Site of the last lock, 0 for none. */
  readonly lockSite: number;
  /** When the last lock began, unix seconds. */
  readonly lockedAt: number;
  /** When it ends or ended, exclusive, unix seconds. */
  readonly lockedUntil: number;
  /** Locks so far. */
  readonly lockCount: number;
  /** Dispense ordinals given so far. */
  readonly dispenses: number;
  /** When it was issued, unix seconds. */
  readonly issuedAt: number;
  /** Block that issued it. */
  readonly issuedInBlock: number;
  /** Transaction that issued it. */
  readonly issuedInTransaction: string;
}

/** The record of a dispense, or of the closing of a fill. */
export interface DispenseRecord {
  /** Id of the prescription. */
  readonly prescription: string;
  /** Number of the record within its prescription, from 1. */
  readonly ordinal: number;
  /** Pharmacy. */
  readonly member: number;
  /** Its site, from 1. */
  readonly site: number;
  /** Fill it counts towards, from 1. */
  readonly fill: number;
  /** Units handed over, or closed, in thousandths of the document's UCUM unit. */
  readonly units: bigint;
  /** When it was recorded, unix seconds. */
  readonly recordedAt: number;
  /** When it was handed over, unix seconds; before `recordedAt` in an outage entry. */
  readonly handedOverAt: number;
  /** Not a hand-over: these units of the fill will not be supplied. */
  readonly closing: boolean;
  /** A claim stands on it: it can be neither withdrawn nor claimed again. */
  readonly claimed: boolean;
  /** When it was withdrawn, unix seconds, 0 while it stands. */
  readonly withdrawnAt: number;
  /** First 11 bytes of the hash of its stock argument in hexadecimal, all zero when it named none. */
  readonly stock: string;
}

/** A standing halt on prescriptions issued from `since` to `upTo`, both inclusive. */
export interface Halt {
  /** Unix seconds; 0 when none stands. */
  readonly since: number;
  /** Unix seconds. */
  readonly upTo: number;
  /** When it was first set, also if it was widened since, unix seconds; what was handed over before may still be entered. */
  readonly haltedAt: number;
  /** Regulator that set or last widened it. */
  readonly regulator: number;
}
