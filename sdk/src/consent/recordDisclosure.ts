import type { DisclosureRecordedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, inputError } from "../core/input.ts";
import { type DisclosureTerms, checkDisclosure, disclosureWords, isBreakGlass } from "./disclosure.ts";

/** What recordDisclosure needs. */
export interface RecordDisclosureParams extends DisclosureTerms, SendParams {
  /** The subject's custodian, or its successor, for which the caller acts. */
  readonly custodian: number;
  /** Id of the break-glass that allows it, with the purpose BTG; leave out when a rule does. */
  readonly breakGlass?: string | undefined;
}

/**
 * Record a disclosure that a rule, or a break-glass, allows now; a custodian does it before it serves anything. Without one
 * that allows it nothing is recorded. One by break-glass works also while paused. Caller: a DISCLOSE operator of the custodian.
 *
 * @throws `InputInvalid`, `DisclosureNotPermitted`, `DisclosureInvalid`, `SubjectUnknown`, `SubjectOfOther`,
 * `BreakGlassUnknown`, `BreakGlassMismatch`, `BreakGlassDenied`, `BreakGlassAlreadyReviewed`, `BreakGlassSuspended`,
 * `DutyNotHeld`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const { commitment } = commitDocument(bundle);
 * await recordDisclosure(client, {
 *   custodian: 2, subject, grantee: 3, category: "laboratory", purpose: "TREAT", document: commitment,
 * });
 */
export async function recordDisclosure(
  client: Client,
  params: RecordDisclosureParams,
): Promise<DisclosureRecordedEvent & Acted> {
  checkDisclosure("", params);
  const custodian = checkMember("custodian", params.custodian);
  const use = params.breakGlass;
  if ((use !== undefined) !== isBreakGlass(params.purpose)) {
    throw inputError(
      "purpose",
      "BTG and a break-glass go together",
      "BTG with `breakGlass`, another code without",
    );
  }
  const breakGlass = use === undefined ? undefined : checkBytes32("breakGlass", use, false);
  const words = await disclosureWords(client, "", params, breakGlass);
  return act(client, "consentRegistry", "DisclosureRecorded", {
    name: "recordDisclosure",
    args: [custodian, words],
    key: params.key,
  });
}
