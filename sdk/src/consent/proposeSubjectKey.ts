import type { SubjectKeyProposedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import {
  type Authorization,
  checkAuthorization,
  checkDelegate,
  checkKeyRecoveryMessage,
  checkSubject,
  intentOf,
} from "./input.ts";
import { chainTime, checkDeadline, deadlineFrom, readSubject, signerKeyFor } from "./read.ts";
import { type PreparedConsent, checkSignerKey, prepared } from "./typedData.ts";
import type { KeyRecoveryMessage, PatientSignature } from "./types.ts";

/** What prepareKeyRecovery needs. */
export interface PrepareKeyRecoveryParams {
  /** Subject id. */
  readonly subject: string;
  /** The new signer (`PatientSigner.signer`), or its signer key. */
  readonly key: string;
  /** Delegation with the power RECOVER that agrees; leave out for a patient without a key whose guardianship ended. */
  readonly delegate?: number | undefined;
  /** Last second at which it may be sent, at most 24 hours ahead, unix seconds; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/**
 * Put a new key in place of a lost one into the form that the delegate and the new key sign. Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `ConsentNothingStands`, `RpcUnavailable`
 * @example
 * const prepared = await prepareKeyRecovery(client, { subject, key: newPhone.signer, delegate: 2 });
 */
export async function prepareKeyRecovery(
  client: Client,
  params: PrepareKeyRecoveryParams,
): Promise<PreparedConsent<"KeyRecovery">> {
  checkObject("params", params);
  checkDeadline(params.deadline);
  const subject = checkSubject("subject", params.subject);
  const key = checkSignerKey("key", params.key);
  const delegate = params.delegate === undefined ? 0 : checkDelegate("delegate", params.delegate);
  const [words, now] = await Promise.all([readSubject(client, subject), chainTime(client)]);
  const agreeing = delegate === 0 ? [] : [await signerKeyFor(client, subject, words, delegate)];
  const { key: before, keyVersion } = words;
  const message = {
    subject,
    before,
    key,
    delegate,
    keyVersion,
    deadline: deadlineFrom(params.deadline, now),
  };
  return prepared(client.network, "KeyRecovery", message, [...agreeing, key]);
}

/** What proposeSubjectKey needs. */
export interface ProposeSubjectKeyParams extends SendParams {
  /** The subject's custodian, or its successor. */
  readonly custodian: number;
  readonly message: KeyRecoveryMessage;
  /** By the delegate (`authorizeConsent`); leave out where none is named. */
  readonly byDelegate?: PatientSignature | undefined;
  /** By the new key (`authorizeConsent`). */
  readonly fresh: PatientSignature;
}

/**
 * Ask for a new key in place of a lost one; it may be adopted after 14 days, in which the old key may refuse it. Caller: a
 * CUSTODY operator of the custodian; delegate and new key signed.
 *
 * @throws `InputInvalid`, `SubjectOfOther`, `SubjectKeyInvalid`, `DelegateRequired`, `DelegateExceeds`,
 * `ReplacementPending`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`, `ConsentVersionStale`, `SubjectUnknown`,
 * `SignatureExpired`, `SignatureDeadlineTooFar`, `DutyNotHeld`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const { effectiveFrom } = await proposeSubjectKey(client, { custodian: 2, message: prepared.message, byDelegate, fresh });
 */
export async function proposeSubjectKey(
  client: Client,
  params: ProposeSubjectKeyParams,
): Promise<SubjectKeyProposedEvent & Acted> {
  checkObject("params", params);
  const custodian = checkMember("custodian", params.custodian);
  const message = checkKeyRecoveryMessage("message", params.message);
  const { subject, key, delegate, deadline } = message;
  const byDelegate: Authorization =
    delegate === 0 && params.byDelegate === undefined
      ? { signer: "0x", signature: "0x", deadline }
      : checkAuthorization("byDelegate", params.byDelegate as PatientSignature, deadline);
  const fresh = checkAuthorization("fresh", params.fresh, deadline);
  return act(client, "consentRegistry", "SubjectKeyProposed", {
    name: "proposeKey",
    args: [custodian, subject, key, delegate, byDelegate, fresh],
    key: params.key,
    intent: intentOf("proposeKey", message),
  });
}
