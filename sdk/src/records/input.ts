import {
  checkAddress,
  checkBytes32,
  checkList,
  checkMember,
  checkNumber,
  checkObject,
  checkOperator,
  checkTime,
} from "../core/input.ts";
import type { RecordOrigin, RecordTerms, ReferralTerms } from "./types.ts";

/** Most records in a batch. */
export const RECORD_BATCH_MOST = 2 ** 20;
/** Highest bit number of a data category. */
export const CATEGORY_HIGHEST = 31;
/** Deepest proof of a batch. */
export const PROOF_LONGEST = 20;

/** Where a record that was anchored by itself was anchored. */
export const NO_ORIGIN: RecordOrigin = Object.freeze({ root: `0x${"00".repeat(32)}`, proof: [] });

/** Check the terms of a record. */
export function checkRecord(at: string, record: RecordTerms): RecordTerms {
  checkObject(at, record);
  return {
    custodian: checkMember(`${at}.custodian`, record.custodian),
    holder: checkAddress(`${at}.holder`, record.holder),
    commitment: checkBytes32(`${at}.commitment`, record.commitment, false),
    category: checkNumber(`${at}.category`, record.category, 8, 0, CATEGORY_HIGHEST),
    codeSystem: checkNumber(`${at}.codeSystem`, record.codeSystem, 16),
    reusableUntil: checkNumber(`${at}.reusableUntil`, record.reusableUntil, 32),
  };
}

/** Check where a record was anchored; by itself when absent. */
export function checkOrigin(at: string, origin: RecordOrigin | undefined): RecordOrigin {
  if (origin === undefined) return NO_ORIGIN;
  checkObject(at, origin);
  return {
    root: checkBytes32(`${at}.root`, origin.root),
    proof: checkList(`${at}.proof`, origin.proof, PROOF_LONGEST, 0).map((node, index) =>
      checkBytes32(`${at}.proof[${index}]`, node),
    ),
  };
}

/** Check the terms of a referral; the operator key is padded. */
export function checkReferral(at: string, referral: ReferralTerms): ReferralTerms {
  checkObject(at, referral);
  return {
    from: checkMember(`${at}.from`, referral.from),
    to: checkMember(`${at}.to`, referral.to),
    referrer: checkOperator(`${at}.referrer`, referral.referrer),
    commitment: checkBytes32(`${at}.commitment`, referral.commitment, false),
    records: checkBytes32(`${at}.records`, referral.records),
    validUntil: checkTime(`${at}.validUntil`, referral.validUntil),
  };
}
