import type { Client } from "../core/client.ts";
import { checkNumber, checkTime, inputError } from "../core/input.ts";
import {
  type AudienceWords,
  NO_END,
  RULE_NUMBER_LAST,
  checkAudience,
  checkBoolean,
  checkCategories,
  denialCategories,
  denialPurposes,
  permitCategories,
  permitPurposes,
} from "./input.ts";
import type { PurposeCode } from "./purposes.ts";
import { type RuleBook, VERSIONS_OVERRULED } from "./ruleBook.ts";
import type { Audience, RevocationMessage, RuleMessage } from "./types.ts";

/** What every rule says. */
interface RuleTermsBase {
  /** Codes of the data categories, as `listCategories` has them. `ALL`: in a permit those active now, in a denial those to come too. */
  readonly categories: readonly string[] | "ALL";
  /**
   * Codes of HL7's PurposeOfUse, each with all that lie under it. `ALL`: in a permit all there are, in a denial those to
   * come too; never BTG, which stands alone in a denial and in no permit.
   */
  readonly purposes: readonly PurposeCode[] | "ALL";
  /** First second, unix seconds; now when absent. */
  readonly validFrom?: number | undefined;
  /** Which of the grantee's rules is written, from 0 to 7 (by a delegate 4 to 7); what stands there is replaced. The first free one when absent. */
  readonly number?: number | undefined;
}

/** What a permit says. */
export type GrantTerms = Audience &
  RuleTermsBase & {
    /** End, exclusive, unix seconds; {@link NO_END} for none. */
    readonly validUntil: number;
    /** The grantee may take the data out of the consortium. No when absent. */
    readonly exportable?: boolean | undefined;
    /** The grantee may pass the data on. No when absent. */
    readonly redisclosable?: boolean | undefined;
  };

/** What a denial says. */
export type DenialTerms = Audience &
  RuleTermsBase & {
    /** End, exclusive, unix seconds; none when absent. */
    readonly validUntil?: number | undefined;
  };

/** Which rule to end. */
export type RuleNamed = Audience & {
  /** From 0 to 7. */
  readonly number: number;
};

/** Whose rules, by whose signature. */
export interface RuleSigning {
  /** Subject id. */
  readonly subject: string;
  /** Number of the delegation under which a delegate signs; the subject itself when absent. */
  readonly delegate?: number | undefined;
  /** Last second at which it may be relayed, at most 24 hours ahead, unix seconds; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/** What a message is filled with besides its terms. */
export interface Frame {
  readonly subject: string;
  readonly delegate: number;
  readonly epoch: number;
  readonly now: number;
  readonly deadline: number;
}

/** Check the terms of a permit, before the chain is asked; `prefix` leads to them in messages. */
export function checkGrantTerms(prefix: string, terms: GrantTerms): void {
  checkTerms(prefix, terms);
  checkWindow(prefix, terms.validFrom, checkTime(`${prefix}validUntil`, terms.validUntil));
  permitPurposes(`${prefix}purposes`, terms.purposes);
  if (terms.exportable !== undefined) checkBoolean(`${prefix}exportable`, terms.exportable);
  if (terms.redisclosable !== undefined) checkBoolean(`${prefix}redisclosable`, terms.redisclosable);
}

/** The same for a denial. */
export function checkDenialTerms(prefix: string, terms: DenialTerms): void {
  checkTerms(prefix, terms);
  if (terms.validUntil !== undefined) {
    checkWindow(prefix, terms.validFrom, checkTime(`${prefix}validUntil`, terms.validUntil));
  }
  denialPurposes(`${prefix}purposes`, terms.purposes);
}

/** The same for a rule to end. */
export function checkRuleNamed(prefix: string, named: RuleNamed): AudienceWords & { number: number } {
  const audience = checkAudience(prefix, named);
  return { ...audience, number: checkNumber(`${prefix}number`, named.number, 8, 0, RULE_NUMBER_LAST) };
}

function checkTerms(prefix: string, terms: Audience & RuleTermsBase): void {
  checkAudience(prefix, terms);
  checkCategories(`${prefix}categories`, terms.categories);
  if (terms.validFrom !== undefined) checkTime(`${prefix}validFrom`, terms.validFrom);
  if (terms.number !== undefined) checkNumber(`${prefix}number`, terms.number, 8, 0, RULE_NUMBER_LAST);
}

function checkWindow(prefix: string, validFrom: number | undefined, validUntil: number): void {
  if (validFrom !== undefined && validUntil <= validFrom) {
    throw inputError(`${prefix}validUntil`, "it does not lie after validFrom", "an end after validFrom");
  }
}

/** Fill in a permit. */
export async function grantMessage(
  client: Client,
  book: RuleBook,
  frame: Frame,
  prefix: string,
  terms: GrantTerms,
): Promise<RuleMessage> {
  const place = await book.place(checkAudience(prefix, terms), terms.number);
  book.write(place, place.version + 1, true);
  return {
    ...placed(frame, place),
    epoch: frame.epoch,
    categories: await permitCategories(client, `${prefix}categories`, terms.categories),
    purposes: permitPurposes(`${prefix}purposes`, terms.purposes),
    validFrom: terms.validFrom ?? frame.now,
    validUntil: terms.validUntil,
    exportable: terms.exportable ?? false,
    redisclosable: terms.redisclosable ?? false,
    deadline: frame.deadline,
  };
}

/** Fill in a denial. */
export async function denialMessage(
  client: Client,
  book: RuleBook,
  frame: Frame,
  prefix: string,
  terms: DenialTerms,
): Promise<RuleMessage> {
  const place = await book.place(checkAudience(prefix, terms), terms.number);
  const version = place.version + VERSIONS_OVERRULED;
  book.write(place, version + 1, true);
  return {
    ...placed(frame, { ...place, version }),
    epoch: 0,
    categories: await denialCategories(client, `${prefix}categories`, terms.categories),
    purposes: denialPurposes(`${prefix}purposes`, terms.purposes),
    validFrom: terms.validFrom ?? frame.now,
    validUntil: terms.validUntil ?? NO_END,
    exportable: false,
    redisclosable: false,
    deadline: frame.deadline,
  };
}

/** Fill in the end of a rule. */
export async function revocationMessage(
  book: RuleBook,
  frame: Frame,
  prefix: string,
  named: RuleNamed,
): Promise<RevocationMessage> {
  const { number, ...audience } = checkRuleNamed(prefix, named);
  const place = await book.place(audience, number);
  const version = Math.min(place.version + VERSIONS_OVERRULED, VERSION_LAST);
  book.write(place, Math.min(version + 1, VERSION_LAST), false);
  return { ...placed(frame, { ...place, version }), deadline: frame.deadline };
}

/** Versions have 24 bits; revocations stay at the last one. */
const VERSION_LAST = 2 ** 24 - 1;

function placed(
  { subject, delegate }: Frame,
  { grantee, sector, number, version }: AudienceWords & { number: number; version: number },
): Omit<RevocationMessage, "deadline"> {
  return { subject, delegate, grantee, sector, number, version };
}
