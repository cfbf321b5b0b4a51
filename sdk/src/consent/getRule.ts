import type { Client } from "../core/client.ts";
import { checkNumber, checkObject } from "../core/input.ts";
import { categoryCodesOf } from "../standards/categoryMask.ts";
import { type AudienceWords, EVERY_CATEGORY, checkAudience, checkSubject, classOf } from "./input.ts";
import { purposesOf } from "./purposes.ts";
import { type RuleWords, readRule } from "./read.ts";
import type { Audience, ConsentRule } from "./types.ts";

/** Number of the custodian's deny from paper. */
export const PAPER_NUMBER = 8;

/** Which rule. */
export type GetRuleParams = Audience & {
  /** Subject id. */
  readonly subject: string;
  /** From 0 to 7; 8 is the custodian's deny from paper. */
  readonly number: number;
};

/**
 * A rule as it stands; undefined where nothing stands.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const rule = await getRule(client, { subject, sector: "HOSPITAL", number: 0 });
 */
export async function getRule(client: Client, params: GetRuleParams): Promise<ConsentRule | undefined> {
  checkObject("params", params);
  const subject = checkSubject("subject", params.subject);
  const audience = checkAudience("", params);
  const number = checkNumber("number", params.number, 8, 0, PAPER_NUMBER);
  const words = await readRule(client, subject, audience, number);
  return words.kind === "None" ? undefined : ruleView(client, subject, audience, number, words);
}

/** A rule in the words of the SDK. */
export async function ruleView(
  client: Client,
  subject: string,
  { grantee, sector }: AudienceWords,
  number: number,
  words: RuleWords,
): Promise<ConsentRule> {
  return {
    subject,
    grantee,
    sector: classOf(sector),
    number,
    ...words,
    categories: await categoriesView(client, words.categories),
    purposes: purposesOf(words.purposes),
  };
}

/** The codes of a mask, or `ALL` when it has every bit. */
export async function categoriesView(client: Client, mask: number): Promise<readonly string[] | "ALL"> {
  return mask === EVERY_CATEGORY ? "ALL" : categoryCodesOf(client, mask);
}
