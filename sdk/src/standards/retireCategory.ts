import type { CategoryRetiredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { categoryCodeOf, checkCategoryNumber } from "./input.ts";

/** What retireCategory needs. */
export interface RetireCategoryParams extends SendParams {
  /** From 0 to 31. */
  readonly number: number;
}

/**
 * Take a data category out of use for new rules and records. Caller: governance.
 *
 * @throws `InputInvalid`, `CategoryNotActive`, `AccessManagedUnauthorized`, and what sending can meet.
 * @example
 * await retireCategory(client, { number: 12 });
 */
export async function retireCategory(
  client: Client,
  params: RetireCategoryParams,
): Promise<CategoryRetiredEvent & Acted> {
  checkObject("params", params);
  const args = [checkCategoryNumber("number", params.number)];
  const call = { name: "retireCategory", args, key: params.key };
  const event = await act(client, "standardsRegistry", "CategoryRetired", call);
  return { ...event, code: categoryCodeOf(event.code) };
}
