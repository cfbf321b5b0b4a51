import { type PrescriptionReviewedEvent, REVIEW_OUTCOME_NAMES, type ReviewOutcome } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject } from "../core/input.ts";
import { checkAttestation, checkTerms } from "./input.ts";
import { prescriptionIdOf } from "./typedData.ts";
import type { Attestation, PrescriptionTerms } from "./types.ts";

/** What reviewPrescription needs. */
export interface ReviewPrescriptionParams extends SendParams {
  readonly prescription: PrescriptionTerms;
  /** The reviewer named in the terms, or its successor. */
  readonly member: number;
  /** What the review found; coarse on purpose. */
  readonly outcome: Exclude<ReviewOutcome, "Unspecified">;
  /** The pharmacist's signature (signReview); leave out when the pharmacist sends it itself. */
  readonly attestation?: Attestation;
}

/**
 * Review a prescription that asks for it: approved, it is open; refused, it is final. Caller: a REVIEW operator of
 * `member` who did not prescribe it, or with its attestation a SUBMIT operator of `member`.
 *
 * @throws `InputInvalid`, `PrescriptionStatusWrong`, `PrescriptionReviewerOnly`, `PrescriptionSelfReview`,
 * `PrescriptionUnknown`, `DutyNotHeld`, `DutyLicenceLapsed`, and what sending can meet.
 * @example
 * await reviewPrescription(client, { prescription: terms, member: 7, outcome: "Approved" });
 */
export async function reviewPrescription(
  client: Client,
  params: ReviewPrescriptionParams,
): Promise<PrescriptionReviewedEvent & Acted> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const member = checkMember("member", params.member);
  const outcome = checkName("outcome", params.outcome, REVIEW_OUTCOME_NAMES, true);
  return act(client, "prescriptionRegistry", "PrescriptionReviewed", {
    name: "review",
    args: [terms, member, outcome, checkAttestation(params.attestation)],
    key: params.key,
    intent: `review:${prescriptionIdOf(terms)}:${member}:${outcome}`,
  });
}
