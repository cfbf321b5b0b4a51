import type { SubjectKeyReplacedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAuthorization, checkKeyReplacementMessage, checkSubject, intentOf } from "./input.ts";
import { chainTime, checkDeadline, deadlineFrom, readSubject, signerKeyFor } from "./read.ts";
import { type PreparedConsent, checkSignerKey, prepared } from "./typedData.ts";
import type { KeyReplacementMessage, PatientSignature } from "./types.ts";

/** What prepareKeyReplacement needs. */
export interface PrepareKeyReplacementParams {
  /** Subject id. */
  readonly subject: string;
  /** The new signer (`PatientSigner.signer`), or its signer key. */
  readonly key: string;
  /** Last second at which it may be relayed, at most 24 hours ahead, unix seconds; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/**
 * Put the change to a new key into the form that the old and the new key sign. Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `RpcUnavailable`
 * @example
 * const prepared = await prepareKeyReplacement(client, { subject, key: newPhone.signer });
 */
export async function prepareKeyReplacement(
  client: Client,
  params: PrepareKeyReplacementParams,
): Promise<PreparedConsent<"KeyReplacement">> {
  checkObject("params", params);
  checkDeadline(params.deadline);
  const subject = checkSubject("subject", params.subject);
  const key = checkSignerKey("key", params.key);
  const [words, now] = await Promise.all([readSubject(client, subject), chainTime(client)]);
  const before = await signerKeyFor(client, subject, words, 0);
  const deadline = deadlineFrom(params.deadline, now);
  const message = { subject, before, key, keyVersion: words.keyVersion, deadline };
  return prepared(client.network, "KeyReplacement", message, [before, key]);
}

/** What replaceSubjectKey needs. */
export interface ReplaceSubjectKeyParams extends SendParams {
  readonly message: KeyReplacementMessage;
  /** By the old key (`authorizeConsent`). */
  readonly old: PatientSignature;
  /** By the new key (`authorizeConsent`). */
  readonly fresh: PatientSignature;
}

/**
 * Relay the change to a new key, at once. Caller: anybody; both keys signed.
 *
 * @throws `InputInvalid`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`, `ConsentVersionStale`, `SubjectKeyInvalid`,
 * `SubjectKeyContested`, `ReplacementPending`, `SubjectUnknown`, `SignatureExpired`, `SignatureDeadlineTooFar`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * const [old, fresh] = [await authorizeConsent(oldPhone, prepared), await authorizeConsent(newPhone, prepared)];
 * await replaceSubjectKey(client, { message: prepared.message, old, fresh });
 */
export async function replaceSubjectKey(
  client: Client,
  params: ReplaceSubjectKeyParams,
): Promise<SubjectKeyReplacedEvent & Acted> {
  checkObject("params", params);
  const message = checkKeyReplacementMessage("message", params.message);
  const { subject, key, deadline } = message;
  const old = checkAuthorization("old", params.old, deadline);
  const fresh = checkAuthorization("fresh", params.fresh, deadline);
  return act(client, "consentRegistry", "SubjectKeyReplaced", {
    name: "replaceKey",
    args: [subject, key, old, fresh],
    key: params.key,
    intent: intentOf("replaceKey", message),
  });
}
