import type { RecordOrigin, RecordTerms } from "../records/types.ts";

/** Which vaccine, in a code system that others know. */
export interface CertifiedVaccine {
  /** Such as `http://hl7.org/fhir/sid/cvx`; 1 to 100 characters of ASCII. */
  readonly system: string;
  /** 1 to 40 characters of ASCII. */
  readonly code: string;
}

/** What a vaccination certificate says. Whoever scans it reads all of it, so it says no more than a verifier needs. */
export interface Certificate {
  /** The patient's name as the patient wishes to show it; 1 to 100 characters. */
  readonly name: string;
  /** Date of birth, as much of it as the patient wishes to show: a year, a month or a day, as FHIR writes them. */
  readonly birthDate?: string | undefined;
  readonly vaccine: CertifiedVaccine;
  /** As it stands on the package; 1 to 20 characters. */
  readonly lotNumber: string;
  /** Day of the administration, `YYYY-MM-DD`. */
  readonly administeredOn: string;
  /** Number of the dose in its series, from 1 to 255. */
  readonly seriesDose: number;
  /** Member that issues it. */
  readonly issuer: number;
}

/** A certificate, and what proves it: what its QR code carries. Nothing of it but the batch's root is on chain. */
export interface ProvenCertificate {
  readonly certificate: Certificate;
  /** The salt of its commitment. */
  readonly salt: Uint8Array;
  /** Chain that its batch is on. */
  readonly chainId: number;
  /** The record that commits to it. */
  readonly record: RecordTerms;
  /** The batch, and what leads to its root. */
  readonly origin: RecordOrigin;
}
