import type { SubjectKeyReplacedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkSubject } from "./input.ts";

/** What adoptSubjectKey needs. */
export interface AdoptSubjectKeyParams extends SendParams {
  /** Subject id. */
  readonly subject: string;
}

/**
 * Let a proposed key take effect, from 14 days after its proposal until 30 days later. Caller: anybody.
 *
 * @throws `InputInvalid`, `ReplacementUnknown`, `ReplacementTooSoon`, `ReplacementLapsed`, `DelegateExceeds`,
 * `SubjectUnknown`, `DomainIsPaused`, and what sending can meet.
 * @example
 * await adoptSubjectKey(client, { subject });
 */
export async function adoptSubjectKey(
  client: Client,
  params: AdoptSubjectKeyParams,
): Promise<SubjectKeyReplacedEvent & Acted> {
  checkObject("params", params);
  return act(client, "consentRegistry", "SubjectKeyReplaced", {
    name: "adoptKey",
    args: [checkSubject("subject", params.subject)],
    key: params.key,
  });
}
