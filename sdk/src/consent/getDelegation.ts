import { ZeroAddress } from "ethers";

import type { Client } from "../core/client.ts";
import { checkNumber, checkObject } from "../core/input.ts";
import { categoriesView } from "./getRule.ts";
import { DELEGATIONS_MOST, checkSubject, powerNames } from "./input.ts";
import { purposesOf } from "./purposes.ts";
import { readDelegation } from "./read.ts";
import type { DelegationState } from "./types.ts";

/**
 * A delegation as it stands; undefined where none does.
 *
 * @param params.number From 1 to 8; a guardian from enrolment has 1.
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const delegation = await getDelegation(client, { subject, number: 1 });
 */
export async function getDelegation(
  client: Client,
  params: { readonly subject: string; readonly number: number },
): Promise<DelegationState | undefined> {
  checkObject("params", params);
  const subject = checkSubject("subject", params.subject);
  const number = checkNumber("number", params.number, 8, 1, DELEGATIONS_MOST);
  const words = await readDelegation(client, subject, number);
  if (words.key === ZeroAddress) return undefined;
  return {
    subject,
    number,
    ...words,
    powers: powerNames(words.powers),
    categories: await categoriesView(client, words.categories),
    purposes: purposesOf(words.purposes),
  };
}

/**
 * All delegations of a subject that stand, by number, those whose time is over too (`live`).
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const carers = (await listDelegations(client, subject)).filter(({ live }) => live);
 */
export async function listDelegations(client: Client, subject: string): Promise<DelegationState[]> {
  checkSubject("subject", subject);
  const numbers = Array.from({ length: DELEGATIONS_MOST }, (_, index) => index + 1);
  const found = await Promise.all(numbers.map((number) => getDelegation(client, { subject, number })));
  return found.filter((delegation) => delegation !== undefined);
}
