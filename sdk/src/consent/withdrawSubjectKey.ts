import type { SubjectKeyProposalCancelledEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { checkSubject } from "./input.ts";

/** What withdrawSubjectKey needs. */
export interface WithdrawSubjectKeyParams extends SendParams {
  /** The subject's custodian, or its successor. */
  readonly custodian: number;
  /** Subject id. */
  readonly subject: string;
}

/**
 * Withdraw a proposed key; also while paused. Caller: a CUSTODY operator of the custodian.
 *
 * @throws `InputInvalid`, `ReplacementUnknown`, `SubjectOfOther`, `SubjectUnknown`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await withdrawSubjectKey(client, { custodian: 2, subject });
 */
export async function withdrawSubjectKey(
  client: Client,
  params: WithdrawSubjectKeyParams,
): Promise<SubjectKeyProposalCancelledEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("custodian", params.custodian), checkSubject("subject", params.subject)];
  return act(client, "consentRegistry", "SubjectKeyProposalCancelled", {
    name: "withdrawKey",
    args,
    key: params.key,
  });
}
