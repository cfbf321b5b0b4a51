import type { Client } from "../core/client.ts";
import { checkList, inputError } from "../core/input.ts";
import { CATEGORIES_MOST, checkCategoryCode } from "./input.ts";
import { listCategories, numbersOf } from "./listCategories.ts";

/** A category keeps its number and its code for good, so what a client once read stays true. */
const known = new WeakMap<Client, ReadonlyMap<string, number>>();

/** The number of a category by its code. Throws `InputInvalid` for one that is not registered. */
export async function categoryNumberOf(client: Client, parameter: string, code: string): Promise<number> {
  checkCategoryCode(parameter, code);
  const number = (await numbersByCode(client, [code])).get(code);
  if (number === undefined)
    throw inputError(parameter, "no such category is registered", "see listCategories");
  return number;
}

/** The mask of categories by their codes. Throws `InputInvalid`. */
export async function categoryMaskOf(
  client: Client,
  parameter: string,
  codes: readonly string[],
): Promise<number> {
  checkCategoryCodes(parameter, codes);
  const numbers = await numbersByCode(client, codes);
  return (
    codes.reduce((mask, code, index) => {
      const number = numbers.get(code);
      if (number === undefined) {
        throw inputError(`${parameter}[${index}]`, "no such category is registered", "see listCategories");
      }
      return mask | (1 << number);
    }, 0) >>> 0
  );
}

/** Refuse what cannot be a list of category codes, before the chain is asked. */
export function checkCategoryCodes(parameter: string, codes: readonly string[]): void {
  checkList(parameter, codes, CATEGORIES_MOST).forEach((code, index) => {
    checkCategoryCode(`${parameter}[${index}]`, code);
  });
}

/** The codes of a mask; a bit that no category has shows as `BIT_n`. */
export async function categoryCodesOf(client: Client, mask: number): Promise<string[]> {
  const bits = numbersOf(mask);
  let byCode = await numbersByCode(client, []);
  const codesByNumber = (): Map<number, string> =>
    new Map([...byCode].map(([code, number]) => [number, code]));
  if (bits.some((bit) => !codesByNumber().has(bit))) byCode = await refresh(client);
  const codes = codesByNumber();
  return bits.map((bit) => codes.get(bit) ?? `BIT_${bit}`);
}

async function numbersByCode(
  client: Client,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const before = known.get(client);
  if (before !== undefined && wanted.every((code) => before.has(code))) return before;
  return refresh(client);
}

async function refresh(client: Client): Promise<ReadonlyMap<string, number>> {
  const read = new Map((await listCategories(client)).map(({ code, number }) => [code, number]));
  known.set(client, read);
  return read;
}
