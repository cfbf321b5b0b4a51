import { checkList, checkMember, checkNumber, checkObject, checkTime, inputError } from "../../core/input.ts";
import type { CategoryTables, ConsentReading } from "./types.ts";

/** Check how a consent is to be read, before it is. Throws `InputInvalid`. */
export function checkReading(reading: ConsentReading): void {
  checkObject("reading", reading);
  checkMember("reading.custodian", reading.custodian);
  checkTime("reading.now", reading.now);
  checkTables("reading", reading);
  if (reading.root !== undefined && reading.root !== "scope" && reading.root !== "exception") {
    throw inputError("reading.root", "it is another value", "scope or exception");
  }
  for (const [index, rule] of checkList("reading.standing", reading.standing ?? [], 10_000, 0).entries()) {
    const place = `reading.standing[${index}]`;
    checkObject(place, rule);
    checkNumber(`${place}.number`, rule.number, 8, 0, 8);
    checkNumber(`${place}.delegate`, rule.delegate, 8, 0, 8);
  }
}

/** Check the governed categories and that the tables name no others. Throws `InputInvalid`. */
export function checkTables(parameter: string, tables: CategoryTables): void {
  checkObject(`${parameter}.categories`, tables.categories);
  const bits = Object.values(tables.categories);
  for (const [code, bit] of Object.entries(tables.categories)) {
    checkNumber(`${parameter}.categories.${code}`, bit, 8, 0, 31);
  }
  if (new Set(bits).size !== bits.length) {
    throw inputError(`${parameter}.categories`, "two codes have the same number", "one number for each code");
  }
  for (const name of ["classes", "codes", "labels"] as const) {
    for (const [key, codes] of Object.entries(tables[name] ?? {})) {
      const place = `${parameter}.${name}.${key}`;
      for (const code of checkList(place, codes, 32)) {
        if (!Object.hasOwn(tables.categories, code)) {
          throw inputError(place, "it names a category that is not registered", "codes of categories");
        }
      }
    }
  }
}
