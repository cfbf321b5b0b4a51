import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkDelegate, checkSubject } from "./input.ts";
import { chainTime, checkDeadline, deadlineFrom, readSubject, signerKeyFor } from "./read.ts";
import { type RuleBook, openRuleBook } from "./ruleBook.ts";
import type { Frame, RuleSigning } from "./ruleTerms.ts";
import { type ConsentTypeName, type PreparedConsent, prepared } from "./typedData.ts";
import type { ConsentMessages } from "./types.ts";

/** Check whose rules are meant, before the chain is asked. */
export function checkSigning(params: RuleSigning): { subject: string; delegate: number } {
  checkObject("params", params);
  checkDeadline(params.deadline);
  return {
    subject: checkSubject("subject", params.subject),
    delegate: params.delegate === undefined ? 0 : checkDelegate("delegate", params.delegate),
  };
}

/** Read what a message about rules needs, fill it in and make it ready to sign. */
export async function prepareRules<Type extends ConsentTypeName>(
  client: Client,
  type: Type,
  params: RuleSigning,
  fill: (book: RuleBook, frame: Frame) => Promise<ConsentMessages[Type]>,
): Promise<PreparedConsent<Type>> {
  const { subject, delegate } = checkSigning(params);
  const [words, now] = await Promise.all([readSubject(client, subject), chainTime(client)]);
  const key = await signerKeyFor(client, subject, words, delegate);
  const { epoch } = words;
  const frame: Frame = { subject, delegate, epoch, now, deadline: deadlineFrom(params.deadline, now) };
  const book = openRuleBook(client, frame);
  return prepared(client.network, type, await fill(book, frame), [key]);
}
