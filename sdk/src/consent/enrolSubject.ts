import { AbiCoder, ZeroAddress, hexlify, keccak256 } from "ethers";

import type { SubjectEnrolledEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import {
  checkAddress,
  checkBytes32,
  checkMember,
  checkObject,
  checkTime,
  inputError,
} from "../core/input.ts";
import { checkAuthorization, checkEnrolmentMessage, intentOf } from "./input.ts";
import { chainTime, checkDeadline, deadlineFrom } from "./read.ts";
import { type PreparedConsent, type SignedConsent, checkSignerKey, prepared } from "./typedData.ts";

/** What prepareEnrolment needs. */
export interface PrepareEnrolmentParams {
  /** Member that keeps the records. */
  readonly custodian: number;
  /** Signer of the patient (`PatientSigner.signer`) or its signer key; leave out for one who cannot sign (a child). */
  readonly key?: string | undefined;
  /** Signer or signer key of a guardian, who gets delegation 1 with every power. */
  readonly guardian?: string | undefined;
  /** End of the guardianship, exclusive, at most 20 years ahead, unix seconds; rounded up to the end of a UTC year, for the day would tell a child's age. */
  readonly guardianUntil?: number | undefined;
  /** 32 random bytes; drawn when absent. */
  readonly salt?: string | undefined;
  /** Last second at which it may be relayed, at most 24 hours ahead; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/** An enrolment to sign, and the subject that it makes. */
export interface PreparedEnrolment extends PreparedConsent<"Enrolment"> {
  readonly subject: string;
}

/**
 * Put an enrolment into the form that the patient signs, or the guardian for a patient without a key. Sends nothing.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const prepared = await prepareEnrolment(client, { custodian: 2, key: patient.signer });
 */
export async function prepareEnrolment(
  client: Client,
  params: PrepareEnrolmentParams,
): Promise<PreparedEnrolment> {
  const content = checkEnrolment(params);
  const deadline = deadlineFrom(params.deadline, await chainTime(client));
  const { custodian, key, guardian, salt } = content;
  const signer = key === ZeroAddress ? guardian : key;
  const message = { ...content, deadline };
  return {
    ...prepared(client.network, "Enrolment", message, [signer]),
    subject: subjectIdOf({ custodian, key: signer, salt }),
  };
}

function checkEnrolment(params: PrepareEnrolmentParams) {
  checkObject("params", params);
  checkDeadline(params.deadline);
  const { key, guardian, guardianUntil, salt } = params;
  if (key === undefined && guardian === undefined) {
    throw inputError("key", "there is no guardian either", "a signer of the patient, or a guardian's");
  }
  if ((guardian === undefined) !== (guardianUntil === undefined)) {
    throw inputError("guardianUntil", "a guardian and an end go together", "both, or neither");
  }
  return {
    custodian: checkMember("custodian", params.custodian),
    key: key === undefined ? ZeroAddress : checkSignerKey("key", key),
    guardian: guardian === undefined ? ZeroAddress : checkSignerKey("guardian", guardian),
    guardianUntil: guardianUntil === undefined ? 0 : endOfYear(checkTime("guardianUntil", guardianUntil)),
    salt:
      salt === undefined
        ? hexlify(crypto.getRandomValues(new Uint8Array(32)))
        : checkBytes32("salt", salt, false),
  };
}

/** The first second of the UTC year after a time; a first second stays. */
function endOfYear(time: number): number {
  const year = new Date((time - 1) * 1_000).getUTCFullYear();
  return Date.UTC(year + 1, 0, 1) / 1_000;
}

/**
 * The id that a subject has or would get.
 *
 * @param params.key Signer or signer key of the patient, or of the guardian for a patient without one.
 * @throws `InputInvalid`
 * @example
 * const subject = subjectIdOf({ custodian: 2, key: patient.signer, salt });
 */
export function subjectIdOf(params: {
  readonly custodian: number;
  readonly key: string;
  readonly salt: string;
}): string {
  checkObject("params", params);
  const words = [
    checkMember("custodian", params.custodian),
    checkAddress("key", checkSignerKey("key", params.key)),
    checkBytes32("salt", params.salt, false),
  ];
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "address", "bytes32"], words));
}

/** What enrolSubject needs: what `signConsent` gave. */
export interface EnrolSubjectParams extends SignedConsent<"Enrolment">, SendParams {}

/**
 * Enrol a subject. Caller: a CUSTODY operator of the custodian; the signature is the patient's, or the guardian's for a
 * patient without a key.
 *
 * @throws `InputInvalid`, `SubjectAlreadyEnrolled`, `EnrolmentInvalid`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`,
 * `SignatureExpired`, `SignatureDeadlineTooFar`, `DutyNotHeld`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const { subject } = await enrolSubject(client, await signConsent(patient, prepared));
 */
export async function enrolSubject(
  client: Client,
  params: EnrolSubjectParams,
): Promise<SubjectEnrolledEvent & Acted> {
  checkObject("params", params);
  const { deadline, ...enrolment } = checkEnrolmentMessage("message", params.message);
  return act(client, "consentRegistry", "SubjectEnrolled", {
    name: "enrol",
    args: [enrolment, checkAuthorization("signature", params.signature, deadline)],
    key: params.key,
    intent: intentOf("enrol", enrolment),
  });
}
