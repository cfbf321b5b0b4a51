import { concat, id as hashOfText, keccak256, toBeHex, zeroPadValue } from "ethers";

import { type CompactSignature, attest } from "../core/attestation.ts";
import { checkObject } from "../core/input.ts";
import type { Network } from "../core/network.ts";
import type { Signer, TypedDataDomain } from "../core/sender.ts";
import { checkRecord, checkReferral } from "./input.ts";
import type { RecordTerms, ReferralTerms } from "./types.ts";

const RECORD_TYPEHASH = hashOfText(
  "Record(uint32 custodian,address holder,bytes32 commitment,uint8 category,uint16 codeSystem,uint32 reusableUntil)",
);
const REFERRAL_TYPEHASH = hashOfText(
  "Referral(uint32 from,uint32 to,bytes32 referrer,bytes32 commitment,bytes32 records,uint32 validUntil)",
);

/** EIP-712 types of what is signed for the RecordRegistry. */
export const recordTypes = {
  ReferralProposal: [
    { name: "referral", type: "bytes32" },
    { name: "deadline", type: "uint32" },
  ],
};

/** EIP-712 domain of the RecordRegistry of a network. */
export function recordRegistryDomain(network: Network): TypedDataDomain {
  return {
    name: "CareLedger RecordRegistry",
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.addresses.recordRegistry,
  };
}

/**
 * The id of a record: the EIP-712 struct hash of its terms. The same on every chain, anchored or not.
 *
 * @throws `InputInvalid` naming the term.
 * @example
 * const id = recordIdOf(record);
 */
export function recordIdOf(record: RecordTerms): string {
  return hashRecord(checkRecord("record", record));
}

/** The same of terms that were checked. */
export function hashRecord(record: RecordTerms): string {
  return keccak256(
    concat([
      RECORD_TYPEHASH,
      word(record.custodian),
      zeroPadValue(record.holder, 32),
      record.commitment,
      word(record.category),
      word(record.codeSystem),
      word(record.reusableUntil),
    ]),
  );
}

/** A record's leaf in its batch. */
export function recordLeafOf(id: string): string {
  return keccak256(id);
}

/**
 * The id of a referral: the EIP-712 struct hash of its terms.
 *
 * @throws `InputInvalid` naming the term.
 * @example
 * const id = referralIdOf(referral);
 */
export function referralIdOf(referral: ReferralTerms): string {
  const { from, to, referrer, commitment, records, validUntil } = checkReferral("referral", referral);
  const words = [word(from), word(to), referrer, commitment, records, word(validUntil)];
  return keccak256(concat([REFERRAL_TYPEHASH, ...words]));
}

function word(value: number): string {
  return toBeHex(value, 32);
}

/** What signReferral needs. */
export interface SignReferralParams {
  readonly referral: ReferralTerms;
  /** Last second at which it may be relayed, at most 72 hours ahead; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/**
 * Sign a referral as the professional who refers, for `proposeReferral` relayed by the hospital's system.
 *
 * @throws `InputInvalid`, `SignerRefused`, `SignerMismatch` when another key than the referrer's signs.
 * @example
 * const attestation = await signReferral(network, card, { referral });
 */
export async function signReferral(
  network: Network,
  signer: Signer,
  params: SignReferralParams,
): Promise<CompactSignature> {
  checkObject("params", params);
  const { referrer } = checkReferral("referral", params.referral);
  return attest(signer, {
    domain: recordRegistryDomain(network),
    types: recordTypes,
    value: { referral: referralIdOf(params.referral) },
    deadline: params.deadline,
    expected: referrer,
  });
}
