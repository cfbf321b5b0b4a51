import type { PaperDenialLiftedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { checkAudience, checkSubject } from "./input.ts";
import type { Audience } from "./types.ts";

/** Which denial from paper to lift. */
interface PaperDenialNamed extends SendParams {
  /** The subject's custodian, or its successor. */
  readonly custodian: number;
  /** Subject id. */
  readonly subject: string;
}

/** What liftDenial needs. */
export type LiftDenialParams = PaperDenialNamed & Audience;

/**
 * Lift a denial that was entered from paper. Caller: a CUSTODY operator of the custodian.
 *
 * @throws `InputInvalid`, `ConsentRuleUnknown`, `SubjectOfOther`, `SubjectUnknown`, `DutyNotHeld`, `DomainIsPaused`, and
 * what sending can meet.
 * @example
 * await liftDenial(client, { custodian: 2, subject, sector: "INSURER" });
 */
export async function liftDenial(
  client: Client,
  params: LiftDenialParams,
): Promise<PaperDenialLiftedEvent & Acted> {
  checkObject("params", params);
  const { grantee, sector } = checkAudience("", params);
  const args = [
    checkMember("custodian", params.custodian),
    checkSubject("subject", params.subject),
    grantee,
    sector,
  ];
  return act(client, "consentRegistry", "PaperDenialLifted", { name: "liftDenial", args, key: params.key });
}
