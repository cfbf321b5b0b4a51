import type { ReferralProposedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { CompactSignature } from "../core/attestation.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAttestation } from "../prescriptions/input.ts";
import { checkReferral } from "./input.ts";
import { referralIdOf } from "./typedData.ts";
import type { ReferralTerms } from "./types.ts";

/** What proposeReferral needs. */
export interface ProposeReferralParams extends SendParams {
  readonly referral: ReferralTerms;
  /** The referrer's signature (signReferral); leave out when the referrer sends it itself. */
  readonly attestation?: CompactSignature | undefined;
}

/**
 * Propose a referral to another member. Caller: the referrer, a PRESCRIBE professional of `from`, or with its attestation a
 * SUBMIT operator of it.
 *
 * @throws `InputInvalid`, `ReferralAlreadyProposed`, `ReferralTermInvalid`, `SignatureExpired`, `SignatureDeadlineTooFar`,
 * `SignatureMalformed`, `DutyNotHeld`, `DutyLicenceLapsed`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const records = commitRecordList([imagingReport.id]).commitment;
 * const referral = { from: 2, to: 3, referrer: drAdler, commitment, records, validUntil };
 * const { referral: id } = await proposeReferral(client, { referral });
 */
export async function proposeReferral(
  client: Client,
  params: ProposeReferralParams,
): Promise<ReferralProposedEvent & Acted> {
  checkObject("params", params);
  const referral = checkReferral("referral", params.referral);
  return act(client, "recordRegistry", "ReferralProposed", {
    name: "proposeReferral",
    args: [referral, checkAttestation(params.attestation)],
    key: params.key,
    intent: `proposeReferral:${referralIdOf(referral)}`,
  });
}
