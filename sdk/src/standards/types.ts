/** A data category: how coarsely a patient's data is told apart in consents and on record entries. */
export interface Category {
  /** Its bit in category masks, from 0 to 31. */
  readonly number: number;
  /** Short name, such as `laboratory`. */
  readonly code: string;
  /** Unix seconds. */
  readonly registeredAt: number;
  /** Unix seconds; 0 while it is active. */
  readonly retiredAt: number;
}

/** One version of a code system. */
export interface CodeSystem {
  /** From 1. */
  readonly number: number;
  /** keccak256 of its canonical URL. */
  readonly urlHash: string;
  /** keccak256 of its version. */
  readonly versionHash: string;
  /** Unix seconds. */
  readonly registeredAt: number;
  /** Unix seconds; 0 while it is active. */
  readonly retiredAt: number;
}

/** A version of a code system with the texts that were registered. */
export interface NamedCodeSystem extends CodeSystem {
  /** Canonical URL (FHIR `CodeSystem.url`). */
  readonly url: string;
  /** FHIR `CodeSystem.version`. */
  readonly version: string;
}
