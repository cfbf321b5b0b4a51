import type { ConsentDeniedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAuthorization, checkRuleMessage, intentOf } from "./input.ts";
import { checkSigning, prepareRules } from "./prepareRules.ts";
import { type DenialTerms, type RuleSigning, checkDenialTerms, denialMessage } from "./ruleTerms.ts";
import type { PreparedConsent, SignedConsent } from "./typedData.ts";

/** What prepareDenial needs. */
export type PrepareDenialParams = RuleSigning & DenialTerms;

/**
 * Put a denial into the form that the patient, or a delegate, signs. It overrules every permit at every level, and outdates
 * permits under the same number that were signed and not yet relayed. Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `ConsentNumbersTaken`, `ConsentNothingStands`, `RpcUnavailable`
 * @example
 * const prepared = await prepareDenial(client, { subject, sector: "INSURER", categories: "ALL", purposes: "ALL" });
 */
export async function prepareDenial(
  client: Client,
  params: PrepareDenialParams,
): Promise<PreparedConsent<"Denial">> {
  checkSigning(params);
  checkDenialTerms("", params);
  return prepareRules(client, "Denial", params, (book, frame) =>
    denialMessage(client, book, frame, "", params),
  );
}

/** What denyConsent needs: what `signConsent` gave. */
export interface DenyConsentParams extends SignedConsent<"Denial">, SendParams {}

/**
 * Relay a denial; also while paused. Caller: anybody; the signature is the patient's or the delegate's.
 *
 * @throws `InputInvalid`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`, `ConsentVersionStale`, `ConsentRuleInvalid`,
 * `DelegateExceeds`, `ConsentRuleOfSubject`, `ConsentVersionsExhausted`, `SubjectUnknown`, `SignatureExpired`,
 * `SignatureDeadlineTooFar`, and what sending can meet.
 * @example
 * await denyConsent(client, await signConsent(patient, prepared));
 */
export async function denyConsent(
  client: Client,
  params: DenyConsentParams,
): Promise<ConsentDeniedEvent & Acted> {
  checkObject("params", params);
  const { deadline, ...rule } = checkRuleMessage("message", params.message);
  return act(client, "consentRegistry", "ConsentDenied", {
    name: "deny",
    args: [rule, checkAuthorization("signature", params.signature, deadline)],
    key: params.key,
    intent: intentOf("deny", rule),
  });
}
