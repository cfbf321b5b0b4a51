import type { ConsentDeniedEvent, ConsentRevokedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, actedOf, eventsOf, submit } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkList, checkObject } from "../core/input.ts";
import { type ConsentGranted, grantedOf } from "./grantConsent.ts";
import { CHANGES_MOST, checkAuthorization, checkChanges, checkRulesMessage, intentOf } from "./input.ts";
import { checkSigning, prepareRules } from "./prepareRules.ts";
import {
  type DenialTerms,
  type GrantTerms,
  type RuleNamed,
  type RuleSigning,
  checkDenialTerms,
  checkGrantTerms,
  checkRuleNamed,
  denialMessage,
  grantMessage,
  revocationMessage,
} from "./ruleTerms.ts";
import type { PreparedConsent, SignedConsent } from "./typedData.ts";
import type { RevocationMessage, RuleMessage } from "./types.ts";

/** What prepareChanges needs: 1 to 32 rules together. */
export interface PrepareChangesParams extends RuleSigning {
  /** Done first. */
  readonly revocations?: readonly RuleNamed[] | undefined;
  /** Done second. */
  readonly denials?: readonly DenialTerms[] | undefined;
  /** Done last. */
  readonly grants?: readonly GrantTerms[] | undefined;
}

/**
 * Put many rules into one form, for one signature: all or none. Numbers that the batch frees are free for its later rules.
 * Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `ConsentNumbersTaken`, `ConsentNothingStands`, `RpcUnavailable`
 * @example
 * const prepared = await prepareChanges(client, {
 *   subject,
 *   revocations: [{ grantee: 3, number: 0 }],
 *   grants: [{ sector: "HOSPITAL", categories: "ALL", purposes: ["ETREAT"], validUntil: NO_END }],
 * });
 */
export async function prepareChanges(
  client: Client,
  params: PrepareChangesParams,
): Promise<PreparedConsent<"Rules">> {
  checkSigning(params);
  const { revocations = [], denials = [], grants = [] } = params;
  const each = <T>(name: string, list: readonly T[], check: (prefix: string, value: T) => unknown): void =>
    checkList(name, list, CHANGES_MOST, 0).forEach((value, index) => {
      checkObject(`${name}[${index}]`, value);
      check(`${name}[${index}].`, value);
    });
  each("revocations", revocations, checkRuleNamed);
  each("denials", denials, checkDenialTerms);
  each("grants", grants, checkGrantTerms);
  checkChanges("params", revocations.length + denials.length + grants.length);
  return prepareRules(client, "Rules", params, async (book, frame) => {
    // One after the other: each sees the numbers and versions that those before it leave.
    const filled = {
      revocations: [] as RevocationMessage[],
      denials: [] as RuleMessage[],
      grants: [] as RuleMessage[],
    };
    for (const [index, named] of revocations.entries()) {
      filled.revocations.push(await revocationMessage(book, frame, `revocations[${index}].`, named));
    }
    for (const [index, terms] of denials.entries()) {
      filled.denials.push(await denialMessage(client, book, frame, `denials[${index}].`, terms));
    }
    for (const [index, terms] of grants.entries()) {
      filled.grants.push(await grantMessage(client, book, frame, `grants[${index}].`, terms));
    }
    return { ...filled, deadline: frame.deadline };
  });
}

/** What changeConsents needs: what `signConsent` gave. */
export interface ChangeConsentsParams extends SignedConsent<"Rules">, SendParams {}

/** What a batch changed. */
export interface ConsentsChanged extends Acted {
  readonly revoked: readonly ConsentRevokedEvent[];
  readonly denied: readonly ConsentDeniedEvent[];
  readonly granted: readonly ConsentGranted[];
}

/**
 * Relay many rules under one signature, all or none. Caller: anybody; the signature is the patient's or the delegate's.
 *
 * @throws `InputInvalid`, `ConsentBatchInvalid`, and what `grantConsent`, `denyConsent` and `revokeConsent` can meet.
 * @example
 * const { granted } = await changeConsents(client, await signConsent(patient, prepared));
 */
export async function changeConsents(client: Client, params: ChangeConsentsParams): Promise<ConsentsChanged> {
  checkObject("params", params);
  const message = checkRulesMessage("message", params.message);
  const { revocations, denials, grants, deadline } = message;
  const receipt = await submit(client, "consentRegistry", {
    name: "changeRules",
    args: [revocations, denials, grants, checkAuthorization("signature", params.signature, deadline)],
    key: params.key,
    intent: intentOf("changeRules", message),
  });
  return {
    ...actedOf(receipt),
    revoked: eventsOf(client, "consentRegistry", "ConsentRevoked", receipt),
    denied: eventsOf(client, "consentRegistry", "ConsentDenied", receipt),
    granted: eventsOf(client, "consentRegistry", "ConsentGranted", receipt).map(grantedOf),
  };
}
