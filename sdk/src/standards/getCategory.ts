import type { Client } from "../core/client.ts";
import { categoryCodeOf, checkCategoryNumber } from "./input.ts";
import type { Category } from "./types.ts";

/**
 * A data category by its number; undefined while the number is free.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const category = await getCategory(client, 3);
 */
export async function getCategory(client: Client, number: number): Promise<Category | undefined> {
  const args = [checkCategoryNumber("number", number)];
  const { 0: found } = await client.read("standardsRegistry", "categoryOf", args);
  const { code, registeredAt, retiredAt } = found as Omit<Category, "number">;
  return registeredAt === 0 ? undefined : { number, code: categoryCodeOf(code), registeredAt, retiredAt };
}
