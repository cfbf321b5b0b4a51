import type { RecordStatus, ReferralStatus } from "../abi/index.ts";

/** The terms of a record entry; their EIP-712 struct hash is its id. */
export interface RecordTerms {
  /** Member that keeps the document. */
  readonly custodian: number;
  /** Stealth address of the patient, fresh for each record. */
  readonly holder: string;
  /** Salted commitment to the document (`commitRecord`). */
  readonly commitment: string;
  /** Bit number of the data category, from 0 to 31. */
  readonly category: number;
  /** Number of the code-system version in which it is coded; 0 for uncoded content. */
  readonly codeSystem: number;
  /** End of the time in which the result may stand in for a repeat order, exclusive, unix seconds; 0 for none. */
  readonly reusableUntil: number;
}

/** Where a record was anchored: by itself (`NO_ORIGIN`), or in a batch. */
export interface RecordOrigin {
  /** Root of the batch, 32 bytes; zero when by itself. */
  readonly root: string;
  /** Merkle proof of the record in the batch. */
  readonly proof: readonly string[];
}

/** A record as it stands. */
export interface RecordStanding {
  readonly status: RecordStatus;
  /** Unix seconds. */
  readonly anchoredAt: number;
  /** When it was superseded or retracted, unix seconds; 0 while current. */
  readonly endedAt: number;
  /** Whether its result may stand in for a repeat order now. */
  readonly reusable: boolean;
}

/** The terms of a referral; their EIP-712 struct hash is its id. */
export interface ReferralTerms {
  /** Member that refers. */
  readonly from: number;
  /** Member that is asked. */
  readonly to: number;
  /** Operator key of the professional who refers, or its address. */
  readonly referrer: string;
  /** Salted commitment to the referral document (FHIR ServiceRequest). */
  readonly commitment: string;
  /** Salted commitment to the list of the records that go with it (`commitRecordList`); zero when none do. */
  readonly records: string;
  /** End of the time in which it may be accepted, exclusive, unix seconds; at most 1 year ahead. */
  readonly validUntil: number;
}

/** A referral: its terms and how it stands. */
export interface ReferralView extends ReferralTerms {
  /** Id. */
  readonly referral: string;
  readonly status: ReferralStatus;
  /** Unix seconds. */
  readonly proposedAt: number;
  /** When it was accepted, declined or withdrawn, unix seconds; 0 before. */
  readonly answeredAt: number;
  /** When it was completed, unix seconds; 0 before. */
  readonly completedAt: number;
  /** Proposed, and its time is over. */
  readonly expired: boolean;
}
