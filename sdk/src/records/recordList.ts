import { getBytes, id as hashOfText } from "ethers";

import { checkBytes32, checkList } from "../core/input.ts";
import { joinBytes } from "../documents/bytes.ts";
import {
  type DocumentCommitment,
  createSalt,
  requireCommitment,
  requireSalt,
  taggedCommitment,
} from "../documents/commitment.ts";

/** `keccak256("CareLedger.RecordList.v1")`: keeps these commitments apart from every other hash. */
export const RECORD_LIST_TAG = hashOfText("CareLedger.RecordList.v1");

/** Most records in a list. */
const LIST_MOST = 10_000;

/**
 * Commit to a list of records, such as those that go with a referral: `keccak256(tag ‖ salt ‖ sha256(ids))`, the ids as they
 * stand, 32 bytes each. List and salt travel with the referral document; the chain learns neither which records nor how many.
 *
 * @param ids Ids of records, in the list's order.
 * @param salt Leave it out to draw a fresh one.
 * @throws `InputInvalid`, `SaltInvalid`
 * @example
 * const { commitment, salt } = commitRecordList(records.map(({ id }) => id));
 */
export function commitRecordList(
  ids: readonly string[],
  salt: Uint8Array = createSalt(),
): DocumentCommitment {
  requireSalt(salt);
  const list = checkList("ids", ids, LIST_MOST).map((each, index) =>
    checkBytes32(`ids[${index}]`, each, false),
  );
  const bytes = joinBytes(...list.map((each) => getBytes(each)));
  return { commitment: taggedCommitment(RECORD_LIST_TAG, bytes, salt), salt: new Uint8Array(salt) };
}

/**
 * Whether a list of records and a salt are what a commitment says.
 * @throws `InputInvalid`, `SaltInvalid`, `CommitmentInvalid` when the inputs are malformed; a mere mismatch is `false`.
 */
export function verifyRecordList(ids: readonly string[], salt: Uint8Array, commitment: string): boolean {
  requireCommitment(commitment);
  return commitRecordList(ids, salt).commitment === commitment.toLowerCase();
}
