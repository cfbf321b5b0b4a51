import type { PaperDenialEnteredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject, checkTime } from "../core/input.ts";
import {
  NO_END,
  checkAudience,
  checkCategories,
  checkSubject,
  denialCategories,
  denialPurposes,
} from "./input.ts";
import type { PurposeCode } from "./purposes.ts";
import type { Audience } from "./types.ts";

/** What a denial from paper says. */
interface PaperDenial extends SendParams {
  /** The subject's custodian, or its successor. */
  readonly custodian: number;
  /** Subject id. */
  readonly subject: string;
  /** Codes of the data categories; `ALL` covers those to come too. */
  readonly categories: readonly string[] | "ALL";
  /** Codes of HL7's PurposeOfUse, each with all that lie under it; `ALL` covers those to come too. BTG stands alone. */
  readonly purposes: readonly PurposeCode[] | "ALL";
  /** End, exclusive, unix seconds; none when absent. */
  readonly validUntil?: number | undefined;
}

/** What enterDenial needs. */
export type EnterDenialParams = PaperDenial & Audience;

/**
 * Enter a denial that the patient asked for on paper, or widen the one that stands; also while paused. No signature ends it.
 * Caller: a CUSTODY operator of the custodian.
 *
 * @throws `InputInvalid`, `ConsentRuleInvalid`, `SubjectOfOther`, `SubjectUnknown`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await enterDenial(client, { custodian: 2, subject, sector: "INSURER", categories: "ALL", purposes: "ALL" });
 */
export async function enterDenial(
  client: Client,
  params: EnterDenialParams,
): Promise<PaperDenialEnteredEvent & Acted> {
  checkObject("params", params);
  const custodian = checkMember("custodian", params.custodian);
  const subject = checkSubject("subject", params.subject);
  const { grantee, sector } = checkAudience("", params);
  const purposes = denialPurposes("purposes", params.purposes);
  const validUntil = params.validUntil === undefined ? NO_END : checkTime("validUntil", params.validUntil);
  checkCategories("categories", params.categories);
  const categories = await denialCategories(client, "categories", params.categories);
  return act(client, "consentRegistry", "PaperDenialEntered", {
    name: "enterDenial",
    args: [custodian, subject, grantee, sector, categories, purposes, validUntil],
    key: params.key,
  });
}
