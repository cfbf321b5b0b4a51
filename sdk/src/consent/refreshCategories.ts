import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { categoryCodesOf } from "../standards/categoryMask.ts";

/** The categories that new permits may name. */
export interface CategoriesRefreshed extends Acted {
  readonly before: readonly string[];
  readonly categories: readonly string[];
}

/** What refreshCategories needs: nothing of its own. */
export type RefreshCategoriesParams = SendParams;

/**
 * Bring the ConsentRegistry's copy of the registered categories up to date, after governance registered one. Caller:
 * anybody.
 *
 * @throws What sending can meet.
 * @example
 * const { categories } = await refreshCategories(client, {});
 */
export async function refreshCategories(
  client: Client,
  params: RefreshCategoriesParams,
): Promise<CategoriesRefreshed> {
  checkObject("params", params);
  const call = { name: "refreshCategories", args: [], key: params.key };
  const event = await act(client, "consentRegistry", "CategoriesRefreshed", call);
  return {
    ...event,
    before: await categoryCodesOf(client, event.before),
    categories: await categoryCodesOf(client, event.categories),
  };
}
