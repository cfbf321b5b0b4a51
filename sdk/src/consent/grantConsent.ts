import type { ConsentGrantedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAuthorization, checkRuleMessage, intentOf } from "./input.ts";
import { checkSigning, prepareRules } from "./prepareRules.ts";
import { type GrantTerms, type RuleSigning, checkGrantTerms, grantMessage } from "./ruleTerms.ts";
import type { PreparedConsent, SignedConsent } from "./typedData.ts";

/** What prepareGrant needs. */
export type PrepareGrantParams = RuleSigning & GrantTerms;

/**
 * Put a permit into the form that the patient, or a delegate, signs: reads version, epoch and free numbers from the chain.
 * Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `ConsentNumbersTaken`, `ConsentNothingStands`, `RpcUnavailable`
 * @example
 * const prepared = await prepareGrant(client, {
 *   subject, grantee: 3, categories: ["laboratory", "imaging"], purposes: ["TREAT"], validUntil,
 * });
 */
export async function prepareGrant(
  client: Client,
  params: PrepareGrantParams,
): Promise<PreparedConsent<"Grant">> {
  checkSigning(params);
  checkGrantTerms("", params);
  return prepareRules(client, "Grant", params, (book, frame) =>
    grantMessage(client, book, frame, "", params),
  );
}

/** A permit that was set, its flags by name. */
export interface ConsentGranted extends Omit<ConsentGrantedEvent, "flags"> {
  /** The grantee may take the data out of the consortium. */
  readonly exportable: boolean;
  /** The grantee may pass the data on. */
  readonly redisclosable: boolean;
}

/** An event with its flags by name. */
export function grantedOf<Event extends ConsentGrantedEvent>({
  flags,
  ...rest
}: Event): Omit<Event, "flags"> & ConsentGranted {
  return { ...rest, exportable: (flags & 1) !== 0, redisclosable: (flags & 2) !== 0 };
}

/** What grantConsent needs: what `signConsent` gave. */
export interface GrantConsentParams extends SignedConsent<"Grant">, SendParams {}

/**
 * Relay a permit. Caller: anybody; the signature is the patient's or the delegate's. Under a number that has a rule it takes
 * that rule's place.
 *
 * @throws `InputInvalid`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`, `ConsentVersionStale`, `ConsentEpochStale`,
 * `ConsentRuleInvalid`, `ConsentCategoryUnknown`, `SubjectKeyContested`, `DelegateExceeds`, `ConsentRuleOfSubject`,
 * `ConsentVersionsExhausted`, `SubjectUnknown`, `SignatureExpired`, `SignatureDeadlineTooFar`, `DomainIsPaused`, and what
 * sending can meet.
 * @example
 * const prepared = await prepareGrant(client, { subject, grantee: 3, categories: "ALL", purposes: ["TREAT"], validUntil });
 * const { number, version } = await grantConsent(client, await signConsent(patient, prepared));
 */
export async function grantConsent(
  client: Client,
  params: GrantConsentParams,
): Promise<ConsentGranted & Acted> {
  checkObject("params", params);
  const { deadline, ...rule } = checkRuleMessage("message", params.message);
  const event = await act(client, "consentRegistry", "ConsentGranted", {
    name: "grant",
    args: [rule, checkAuthorization("signature", params.signature, deadline)],
    key: params.key,
    intent: intentOf("grant", rule),
  });
  return grantedOf(event);
}
