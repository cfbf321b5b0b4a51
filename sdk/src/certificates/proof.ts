import { merkleRootOf } from "../core/merkle.ts";
import { hashRecord, recordLeafOf } from "../records/typedData.ts";
import type { RecordTerms } from "../records/types.ts";
import { commitRecord } from "../vault/sealRecord.ts";
import { certificateContent } from "./content.ts";
import type { ProvenCertificate } from "./types.ts";

/** Whether a record commits to exactly this certificate. */
export function commitsTo({ certificate, salt, record }: ProvenCertificate): boolean {
  return commitRecord(certificateContent(certificate), salt).commitment === record.commitment.toLowerCase();
}

/** The root that a proof leads to from a record. */
export function rootOf(record: RecordTerms, proof: readonly string[]): string {
  return merkleRootOf(recordLeafOf(hashRecord(record)), proof);
}
