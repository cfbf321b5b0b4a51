import { getBytes, hexlify, id, isHexString } from "ethers";

import { createSalt, requireSalt, taggedCommitment } from "../documents/commitment.ts";
import { documentError } from "../documents/errors.ts";

/** `keccak256("CareLedger.Disclosure.v1")`: keeps these commitments apart from every other hash. */
export const DISCLOSURE_TAG = id("CareLedger.Disclosure.v1");

/** The commitment of a disclosure and what opens it. */
export interface DisclosureCommitment {
  /** What goes on chain, 32 bytes in hexadecimal. */
  readonly document: string;
  /** 32 random bytes in hexadecimal. */
  readonly salt: string;
}

/**
 * The commitment that stands in a disclosure on chain: salted, because a record's id would link the records of a patient.
 *
 * ```text
 * document = keccak256( tag ‖ salt ‖ sha256(record id) )
 * tag      = keccak256("CareLedger.Disclosure.v1")
 * ```
 *
 * The custodian keeps the salt and gives it to the grantee; with it the patient finds out which record was disclosed.
 *
 * @param record Record id, 32 bytes.
 * @param salt 32 bytes; leave it out to draw a fresh one, and use it once.
 * @throws `SaltInvalid`, `DocumentContextInvalid`.
 * @example
 * const isThisRecord = commitDisclosure(record, salt).document === disclosure.document;
 */
export function commitDisclosure(
  record: string,
  salt: Uint8Array | string = createSalt(),
): DisclosureCommitment {
  if (!isHexString(record, 32)) throw documentError("DocumentContextInvalid", { field: "record" });
  const raw = isHexString(salt, 32) ? getBytes(salt) : salt;
  requireSalt(raw);
  return { document: taggedCommitment(DISCLOSURE_TAG, getBytes(record), raw), salt: hexlify(raw) };
}
