import type { AccessAnswer, AccessWithdrawalReason } from "../abi/index.ts";
import type { DataUse, DataUseParameters } from "./dataUse.ts";
import type { DuoCurie } from "./duoTerms.ts";

/** Terms as a caller writes them. */
export interface DataUseInput {
  /** CURIEs of DUO, such as `DUO:0000006`. */
  readonly terms: readonly string[];
  /** What the terms need besides; none when absent. */
  readonly parameters?: DataUseParameters;
}

/** What names a dataset, for good. */
export interface DatasetName {
  /** Member that holds the data and answers for them. */
  readonly custodian: number;
  /** keccak256 over a random salt of 32 bytes and the description, see {@link commitDocument}. */
  readonly commitment: string;
}

/** What a member asks for, and states. */
export interface AccessRequest extends DataUseInput {
  /** Id of the dataset. */
  readonly dataset: string;
  /** Member that asks; its word binds it. */
  readonly member: number;
  /** keccak256 over a random salt of 32 bytes and the project's description, see {@link commitDocument}. */
  readonly commitment: string;
}

/** A dataset as it stands. */
export interface DatasetView extends DataUse {
  /** Its id. */
  readonly dataset: string;
  readonly custodian: number;
  /** Counted up by each amendment, from 1. */
  readonly version: number;
  /** Unix seconds. */
  readonly registeredAt: number;
  /** Of the version that stands, unix seconds. */
  readonly amendedAt: number;
  /** Unix seconds; 0 while it stands. */
  readonly retiredAt: number;
  /** To the description of the version that stands. */
  readonly commitment: string;
}

/** How an access stands now. */
export interface AccessStanding {
  readonly permitted: boolean;
  /** `Permitted`, or what stands against it. */
  readonly answer: AccessAnswer;
  /** The term that refuses, when one does. */
  readonly refusedBy?: DuoCurie;
  /** What that term asks of a request. */
  readonly rule?: string;
}

/** An access as it stands. */
export interface AccessView extends AccessStanding, DataUse {
  /** Its id. */
  readonly access: string;
  readonly dataset: string;
  readonly member: number;
  readonly commitment: string;
  /** Unix seconds. */
  readonly permittedAt: number;
  /** End of use, exclusive, unix seconds; 0 for none. */
  readonly until: bigint;
  /** The dataset's version that permitted it. */
  readonly version: number;
  /** Unix seconds; 0 unless withdrawn. */
  readonly withdrawnAt: number;
  /** `Unspecified` unless withdrawn. */
  readonly reason: AccessWithdrawalReason;
}
