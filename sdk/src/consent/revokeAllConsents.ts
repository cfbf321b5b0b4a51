import type { ConsentAllRevokedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAuthorization, checkRevocationOfAllMessage, intentOf } from "./input.ts";
import { prepareRules } from "./prepareRules.ts";
import type { RuleSigning } from "./ruleTerms.ts";
import type { PreparedConsent, SignedConsent } from "./typedData.ts";

/**
 * Put the end of every permit into the form that the patient, or a delegate with the power, signs. Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `ConsentNothingStands`, `RpcUnavailable`
 * @example
 * const prepared = await prepareRevocationOfAll(client, { subject });
 */
export async function prepareRevocationOfAll(
  client: Client,
  params: RuleSigning,
): Promise<PreparedConsent<"RevocationOfAll">> {
  return prepareRules(client, "RevocationOfAll", params, (_, { subject, delegate, epoch, deadline }) =>
    Promise.resolve({ subject, delegate, epoch, deadline }),
  );
}

/** What revokeAllConsents needs: what `signConsent` gave. */
export interface RevokeAllConsentsParams extends SignedConsent<"RevocationOfAll">, SendParams {}

/**
 * Relay the end of every permit, and of every permit signed and not yet relayed; also while paused. Denials stand. Caller:
 * anybody; the signature is the patient's or the delegate's.
 *
 * @throws `InputInvalid`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`, `ConsentEpochStale`, `DelegateExceeds`,
 * `SubjectUnknown`, `SignatureExpired`, `SignatureDeadlineTooFar`, and what sending can meet.
 * @example
 * const { epoch } = await revokeAllConsents(client, await signConsent(patient, prepared));
 */
export async function revokeAllConsents(
  client: Client,
  params: RevokeAllConsentsParams,
): Promise<ConsentAllRevokedEvent & Acted> {
  checkObject("params", params);
  const message = checkRevocationOfAllMessage("message", params.message);
  const { subject, delegate, epoch, deadline } = message;
  return act(client, "consentRegistry", "ConsentAllRevoked", {
    name: "revokeAll",
    args: [subject, delegate, epoch, checkAuthorization("signature", params.signature, deadline)],
    key: params.key,
    intent: intentOf("revokeAll", message),
  });
}
