import type { ProblemList } from "../../core/fhir/errors.ts";
import { type JsonObject, isJsonObject } from "../../core/fhir/validate.ts";
import { CONFIDENTIALITY, SYSTEMS } from "./codes.ts";
import type { CategoryTables } from "./types.ts";

/** Mask of the categories of a provision; undefined where it names none. Within an element they add up, across they narrow. */
export function readCategories(
  provision: JsonObject,
  path: string,
  tables: CategoryTables,
  problems: ProblemList,
): number | undefined {
  const masks: number[] = [];
  const element = (name: string, maskOf: (coding: JsonObject) => number | undefined): void => {
    const { [name]: entries } = provision;
    if (!Array.isArray(entries) || entries.length === 0) return;
    let mask = 0;
    for (const [index, entry] of entries.entries()) {
      if (!isJsonObject(entry)) continue;
      const codings = Array.isArray(entry["coding"]) ? entry["coding"].filter(isJsonObject) : [entry];
      const found = codings.map(maskOf).find((each) => each !== undefined);
      if (found === undefined) {
        problems.add(
          "NotSupported",
          `${path}.${name}[${index}]`,
          "No governed category stands for it.",
          `Use one that does, or a category itself (${SYSTEMS.category}); the governed list is widened by a vote.`,
        );
      }
      mask = (mask | (found ?? 0)) >>> 0;
    }
    masks.push(mask);
  };
  element("class", (coding) => itself(coding, tables) ?? listed(coding, tables.classes, tables));
  element("code", (coding) => listed(coding, tables.codes, tables));
  element("securityLabel", (coding) => labelled(coding, tables));
  if (masks.length === 0) return undefined;
  const mask = masks.reduce((all, each) => (all & each) >>> 0);
  if (mask === 0 && masks.every((each) => each !== 0)) {
    problems.add(
      "OutOfRange",
      path,
      "Its classes, codes and labels have no category in common.",
      "Name them in provisions of their own, or correct them.",
    );
  }
  return mask;
}

/** Mask of governed categories by their codes. */
export function maskOfCategories(codes: readonly string[], { categories }: CategoryTables): number {
  return codes.reduce(
    (mask, code) => (Object.hasOwn(categories, code) ? (mask | (1 << categories[code]!)) >>> 0 : mask),
    0,
  );
}

/** Mask of every registered category. */
export function registeredCategories(tables: CategoryTables): number {
  return maskOfCategories(Object.keys(tables.categories), tables);
}

/** Bit of a governed category that a coding names itself; by number one that is not registered yet may be denied. */
function itself({ system, code }: JsonObject, tables: CategoryTables): number | undefined {
  if (system !== SYSTEMS.category || typeof code !== "string") return undefined;
  if (Object.hasOwn(tables.categories, code)) return maskOfCategories([code], tables);
  return /^(\d|[12]\d|3[01])$/.test(code) ? (1 << Number(code)) >>> 0 : undefined;
}

function listed(
  { system, code }: JsonObject,
  table: Readonly<Record<string, readonly string[]>> | undefined,
  tables: CategoryTables,
): number | undefined {
  const key = `${String(system)}|${String(code)}`;
  if (table === undefined || !Object.hasOwn(table, key)) return undefined;
  const mask = maskOfCategories(table[key]!, tables);
  return mask === 0 ? undefined : mask;
}

/** A confidentiality is a high-water mark: it stands for those below it too. */
function labelled(coding: JsonObject, tables: CategoryTables): number | undefined {
  const own = listed(coding, tables.labels, tables);
  const level = CONFIDENTIALITY.indexOf(String(coding["code"]));
  if (own === undefined || coding["system"] !== SYSTEMS.confidentiality || level < 0) return own;
  return CONFIDENTIALITY.slice(0, level).reduce(
    (mask, code) => (mask | (listed({ ...coding, code }, tables.labels, tables) ?? 0)) >>> 0,
    own,
  );
}
