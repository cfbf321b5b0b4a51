import type { CategoryRegisteredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { categoryCodeOf, checkCategoryCode, checkCategoryNumber } from "./input.ts";

/** What registerCategory needs. */
export interface RegisterCategoryParams extends SendParams {
  /** The next free number, from 0 to 31: a vote fails if another came first. */
  readonly number: number;
  /** Short name of 1 to 31 ASCII letters, digits, '-' or '_'; never a word that itself tells a diagnosis. */
  readonly code: string;
}

/**
 * Register a data category. Caller: governance.
 *
 * @throws `InputInvalid`, `CategoryNumberInvalid`, `CategoryCodeInvalid`, `AccessManagedUnauthorized`, and what sending
 * can meet.
 * @example
 * await registerCategory(client, { number: 12, code: "dental" });
 */
export async function registerCategory(
  client: Client,
  params: RegisterCategoryParams,
): Promise<CategoryRegisteredEvent & Acted> {
  checkObject("params", params);
  const args = [checkCategoryNumber("number", params.number), checkCategoryCode("code", params.code)];
  const call = { name: "registerCategory", args, key: params.key };
  const event = await act(client, "standardsRegistry", "CategoryRegistered", call);
  return { ...event, code: categoryCodeOf(event.code) };
}
