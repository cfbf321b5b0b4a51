import type { ConsentRevokedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAuthorization, checkRevocationMessage, intentOf } from "./input.ts";
import { checkSigning, prepareRules } from "./prepareRules.ts";
import { type RuleNamed, type RuleSigning, checkRuleNamed, revocationMessage } from "./ruleTerms.ts";
import type { PreparedConsent, SignedConsent } from "./typedData.ts";

/** What prepareRevocation needs. */
export type PrepareRevocationParams = RuleSigning & RuleNamed;

/**
 * Put the end of a rule into the form that the patient, or a delegate, signs. It also outdates permits under the same
 * number that were signed and not yet relayed: a withheld one dies whether it comes before or after. Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `ConsentNothingStands`, `RpcUnavailable`
 * @example
 * const prepared = await prepareRevocation(client, { subject, grantee: 3, number: 0 });
 */
export async function prepareRevocation(
  client: Client,
  params: PrepareRevocationParams,
): Promise<PreparedConsent<"Revocation">> {
  checkSigning(params);
  checkRuleNamed("", params);
  return prepareRules(client, "Revocation", params, (book, frame) =>
    revocationMessage(book, frame, "", params),
  );
}

/** What revokeConsent needs: what `signConsent` gave. */
export interface RevokeConsentParams extends SignedConsent<"Revocation">, SendParams {}

/**
 * Relay the end of a rule; also while paused. It bites from this block on. Caller: anybody; the signature is the patient's
 * or the delegate's.
 *
 * @throws `InputInvalid`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`, `ConsentVersionStale`, `ConsentRuleInvalid`,
 * `DelegateExceeds`, `ConsentRuleOfSubject`, `ConsentRuleUnknown`, `SubjectUnknown`, `SignatureExpired`,
 * `SignatureDeadlineTooFar`, and what sending can meet.
 * @example
 * await revokeConsent(client, await signConsent(patient, prepared));
 */
export async function revokeConsent(
  client: Client,
  params: RevokeConsentParams,
): Promise<ConsentRevokedEvent & Acted> {
  checkObject("params", params);
  const { deadline, ...revocation } = checkRevocationMessage("message", params.message);
  return act(client, "consentRegistry", "ConsentRevoked", {
    name: "revoke",
    args: [revocation, checkAuthorization("signature", params.signature, deadline)],
    key: params.key,
    intent: intentOf("revoke", revocation),
  });
}
