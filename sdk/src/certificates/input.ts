import { checkNumber, checkObject, inputError } from "../core/input.ts";
import { requireSalt } from "../documents/commitment.ts";
import { checkOrigin, checkRecord } from "../records/input.ts";
import { checkCertificate } from "./content.ts";
import { rootOf } from "./proof.ts";
import type { ProvenCertificate } from "./types.ts";

/** Check a certificate with its proof, as `draftCertificates` gives it; its proof must lead to its root. */
export function checkProven(at: string, proven: ProvenCertificate): ProvenCertificate {
  checkObject(at, proven);
  const { salt } = proven;
  requireSalt(salt);
  const record = checkRecord(`${at}.record`, proven.record);
  const origin = checkOrigin(`${at}.origin`, checkObject(`${at}.origin`, proven.origin));
  if (record.reusableUntil !== 0) {
    throw inputError(`${at}.record.reusableUntil`, "it is not zero", "a record of draftCertificates");
  }
  if (rootOf(record, origin.proof) !== origin.root) {
    throw inputError(
      `${at}.origin`,
      "the proof does not lead to the root",
      "the origin of exactly this record",
    );
  }
  return {
    certificate: checkCertificate(proven.certificate),
    salt,
    chainId: checkNumber(`${at}.chainId`, proven.chainId, 53, 1, Number.MAX_SAFE_INTEGER),
    record,
    origin,
  };
}
