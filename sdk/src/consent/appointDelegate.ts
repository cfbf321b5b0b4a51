import { ZeroAddress } from "ethers";

import type { DelegateAppointedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkNumber, checkObject, checkTime } from "../core/input.ts";
import { consentError } from "./errors.ts";
import {
  DELEGATIONS_MOST,
  checkAuthorization,
  checkCategories,
  checkDelegationMessage,
  checkPowers,
  intentOf,
  permitCategories,
  permitPurposes,
} from "./input.ts";
import { checkSigning } from "./prepareRules.ts";
import type { PurposeCode } from "./purposes.ts";
import { chainTime, deadlineFrom, readDelegation, readSubject, signerKeyFor } from "./read.ts";
import type { RuleSigning } from "./ruleTerms.ts";
import { type PreparedConsent, type SignedConsent, checkSignerKey, prepared } from "./typedData.ts";
import type { DelegatePower } from "./types.ts";

/** What prepareDelegation needs. */
export interface PrepareDelegationParams extends RuleSigning {
  /** Signer of the delegate (`PatientSigner.signer`), or its signer key. */
  readonly key: string;
  readonly powers: readonly DelegatePower[];
  /** What it may speak about; `ALL`: every category that is active now. */
  readonly categories: readonly string[] | "ALL";
  /** What for, each code with all that lie under it; `ALL`: every purpose but BTG. */
  readonly purposes: readonly PurposeCode[] | "ALL";
  /** End, exclusive, at most 5 years ahead, unix seconds. */
  readonly validUntil: number;
  /** From 1 to 8; what stands there is replaced and its permits end. The first free one when absent. */
  readonly number?: number | undefined;
}

/**
 * Put the appointment of a guardian or carer into the form that the patient signs, or a delegate with the power to appoint.
 * Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `DelegationsTaken`, `ConsentNothingStands`, `RpcUnavailable`
 * @example
 * const prepared = await prepareDelegation(client, {
 *   subject, key: carer.signer, powers: ["GRANT", "DENY"], categories: "ALL", purposes: ["TREAT"], validUntil,
 * });
 */
export async function prepareDelegation(
  client: Client,
  params: PrepareDelegationParams,
): Promise<PreparedConsent<"Delegation">> {
  const { subject, delegate } = checkSigning(params);
  const key = checkSignerKey("key", params.key);
  const powers = checkPowers("powers", params.powers);
  checkCategories("categories", params.categories);
  const purposes = permitPurposes("purposes", params.purposes);
  const validUntil = checkTime("validUntil", params.validUntil);
  const asked =
    params.number === undefined ? undefined : checkNumber("number", params.number, 8, 1, DELEGATIONS_MOST);
  const [words, now] = await Promise.all([readSubject(client, subject), chainTime(client)]);
  const signer = await signerKeyFor(client, subject, words, delegate);
  const number = asked ?? (await freeDelegation(client, subject, delegate, now));
  const { version } = await readDelegation(client, subject, number);
  const categories = await permitCategories(client, "categories", params.categories);
  const terms = { key, powers, categories, purposes, validUntil };
  const place = { subject, delegate, number, version, epoch: words.epoch };
  const message = { ...place, ...terms, deadline: deadlineFrom(params.deadline, now) };
  return prepared(client.network, "Delegation", message, [signer]);
}

/** A delegate replaces nobody, not even one whose time is over. */
async function freeDelegation(
  client: Client,
  subject: string,
  delegate: number,
  now: number,
): Promise<number> {
  const numbers = Array.from({ length: DELEGATIONS_MOST }, (_, index) => index + 1);
  const found = await Promise.all(numbers.map((number) => readDelegation(client, subject, number)));
  const free = found.findIndex(
    ({ key, validUntil }) => key === ZeroAddress || (delegate === 0 && validUntil <= now),
  );
  if (free === -1) throw consentError("DelegationsTaken", { most: DELEGATIONS_MOST });
  return free + 1;
}

/** What appointDelegate needs: what `signConsent` gave. */
export interface AppointDelegateParams extends SignedConsent<"Delegation">, SendParams {}

/**
 * Relay the appointment of a delegate. Caller: anybody; the signature is the patient's, or that of a delegate that may
 * appoint.
 *
 * @throws `InputInvalid`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`, `ConsentVersionStale`, `ConsentEpochStale`,
 * `DelegationInvalid`, `DelegateExceeds`, `ConsentCategoryUnknown`, `SubjectKeyContested`, `SubjectUnknown`,
 * `SignatureExpired`, `SignatureDeadlineTooFar`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const { number } = await appointDelegate(client, await signConsent(patient, prepared));
 */
export async function appointDelegate(
  client: Client,
  params: AppointDelegateParams,
): Promise<DelegateAppointedEvent & Acted> {
  checkObject("params", params);
  const { deadline, ...delegation } = checkDelegationMessage("message", params.message);
  return act(client, "consentRegistry", "DelegateAppointed", {
    name: "appointDelegate",
    args: [delegation, checkAuthorization("signature", params.signature, deadline)],
    key: params.key,
    intent: intentOf("appointDelegate", delegation),
  });
}
