import type { Client } from "../core/client.ts";
import { getCategory } from "./getCategory.ts";
import { CATEGORIES_MOST } from "./input.ts";
import type { Category } from "./types.ts";

/**
 * All data categories that were ever registered, by number, the retired ones too.
 *
 * @throws `RpcUnavailable`
 * @example
 * const active = (await listCategories(client)).filter(({ retiredAt }) => retiredAt === 0);
 */
export async function listCategories(client: Client): Promise<Category[]> {
  const { categories } = await client.read("standardsRegistry", "registeredCategories", []);
  const numbers = numbersOf(categories as number);
  const found = await Promise.all(numbers.map((number) => getCategory(client, number)));
  return found.filter((category) => category !== undefined);
}

/** The bits of a mask. */
export function numbersOf(mask: number): number[] {
  return Array.from({ length: CATEGORIES_MOST }, (_, bit) => bit).filter((bit) => ((mask >>> bit) & 1) === 1);
}
