import { readFileSync, readdirSync } from "node:fs";

import { expect } from "chai";
import type { MedicationDispense, MedicationRequest } from "fhir/r4.js";

import { FhirError } from "../../../sdk/src/prescriptions/fhir/index.ts";

const EXAMPLES = new URL("../../../examples/", import.meta.url);

/** Names of the JSON files of a folder of examples, sorted. */
export function exampleFiles(folder: "fhir-r4" | "derived"): string[] {
  return readdirSync(new URL(`${folder}/`, EXAMPLES))
    .filter((name) => name.endsWith(".json"))
    .sort();
}

/** Text of an example. */
export function exampleText(folder: "fhir-r4" | "derived", file: string): string {
  return readFileSync(new URL(`${folder}/${file}`, EXAMPLES), "utf8");
}

/** A published MedicationRequest. */
export function publishedRequest(id: string): MedicationRequest {
  return JSON.parse(exampleText("fhir-r4", `MedicationRequest-${id}.json`)) as MedicationRequest;
}

/** A published MedicationDispense. */
export function publishedDispense(id: string): MedicationDispense {
  return JSON.parse(exampleText("fhir-r4", `MedicationDispense-${id}.json`)) as MedicationDispense;
}

/** A derived MedicationRequest. */
export function derivedRequest(id: string): MedicationRequest {
  return JSON.parse(exampleText("derived", `MedicationRequest-derived-${id}.json`)) as MedicationRequest;
}

/** A derived MedicationDispense. */
export function derivedDispense(id: string): MedicationDispense {
  return JSON.parse(exampleText("derived", `MedicationDispense-derived-${id}.json`)) as MedicationDispense;
}

/** Problems of a refused resource as `code element`; each must be complete. Empty when it is taken. */
export function problemsOf(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    for (const problem of error.problems) {
      expect(problem.message, problem.element).to.match(/\.$/);
      expect(problem.fix, problem.element).to.match(/\.$/);
    }
    return error.problems.map(({ code, element }) => `${code} ${element}`);
  }
}

/** A change to a copy of a resource: a path of names and indices, and the new value, or `undefined` to remove it. */
export function changed<T>(resource: T, path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(resource) as Record<string | number, unknown>;
  let at = copy;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  const last = path.at(-1)!;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return copy;
}
