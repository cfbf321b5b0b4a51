import fc from "fast-check";

import {
  FIELD_NAMES,
  type Field,
  MODIFIERS,
  PERMISSIONS,
  PURPOSES,
  type Term,
  fieldOf,
  ownerOf,
  wordOf,
} from "./dataUseModel.ts";

/** A dataset's word and a request's. */
export type Pair = { readonly dataset: bigint; readonly request: bigint };

const pool = fc.record<Record<Field, number>>({
  publishFrom: fc.integer({ min: 1, max: 3 }),
  months: fc.integer({ min: 1, max: 3 }),
  region: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(276, 156) },
    { weight: 1, arbitrary: fc.constantFrom(999, 1000) },
  ),
  institution: fc.integer({ min: 1, max: 2 }),
  disease: fc.integer({ min: 1, max: 2 }),
  researchType: fc.constantFrom(1, 2 ** 32 - 1),
  users: fc.integer({ min: 1, max: 2 }),
  project: fc.integer({ min: 1, max: 2 }),
});

/** The parameters that these terms need, and no other. */
const needed = (terms: readonly Term[], values: Record<Field, number>): Partial<Record<Field, number>> =>
  Object.fromEntries(
    FIELD_NAMES.filter((field) => terms.includes(ownerOf(field))).map((field) => [field, values[field]]),
  );

/** A dataset that mostly is one, and a request that mostly keeps to it: so that each term gets to decide. */
const near: fc.Arbitrary<Pair> = fc
  .record({
    permission: fc.oneof(
      { weight: 1, arbitrary: fc.constant<Term>("NRES") },
      { weight: 9, arbitrary: fc.constantFrom(...PERMISSIONS.filter((term) => term !== "NRES")) },
    ),
    modifiers: fc.subarray([...MODIFIERS], { maxLength: 4 }),
    ancestry: fc.boolean(),
    values: pool,
    follows: fc.nat({ max: 3 }).map((chance) => chance > 0),
    purposes: fc.subarray([...PURPOSES], { minLength: 1, maxLength: 2 }),
    extra: fc.subarray([...MODIFIERS], { maxLength: 2 }),
    left: fc.nat({ max: 7 }),
    changed: fc.option(fc.constantFrom(...FIELD_NAMES)),
    others: pool,
  })
  .map(({ permission, modifiers, ancestry, values, follows, purposes, extra, left, changed, others }) => {
    const excluded = permission === "POA" ? ["CC", "NPOA"] : [];
    const added: Term[] = permission === "GRU" && ancestry ? ["NPOA"] : [];
    const fitting = [...new Set([...added, ...modifiers])].filter((term) => !excluded.includes(term));
    const restricting = permission === "NRES" ? [] : fitting;
    const held = [permission, ...restricting];
    const own = follows && permission !== "NRES" ? [permission] : purposes;
    const keeps = [...restricting.filter((_each, index) => index !== left), ...extra];
    const asked = [...new Set([...own, ...keeps.filter((term) => follows || term !== "CC")])];
    const mixed = changed === null ? values : { ...values, [changed]: others[changed] };
    const parameters = needed(asked, mixed);
    const cares = asked.includes("CC") && !asked.includes("DS") && follows;
    return {
      dataset: wordOf(held, needed(held, values)),
      request: wordOf(asked, cares ? { ...parameters, disease: mixed.disease } : parameters),
    };
  });

const flip = (word: bigint, bit: number): bigint => word ^ (1n << BigInt(bit));
const bit = fc.integer({ min: 0, max: 255 });
const anything = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

/** Any pair: near ones, near ones with a bit flipped, and arbitrary words. */
export const pairs: fc.Arbitrary<Pair> = fc.oneof(
  { weight: 10, arbitrary: near },
  {
    weight: 3,
    arbitrary: fc
      .record({ pair: near, bit, inRequest: fc.boolean() })
      .map(({ pair, bit: at, inRequest }) =>
        inRequest
          ? { ...pair, request: flip(pair.request, at) }
          : { ...pair, dataset: flip(pair.dataset, at) },
      ),
  },
  { weight: 1, arbitrary: fc.record({ dataset: anything, request: anything }) },
);

/** Parameters that fill a term's need, the same in every test. */
export const parametersOf = (terms: readonly Term[]): Partial<Record<Field, number>> =>
  Object.fromEntries(
    terms
      .map(fieldOf)
      .filter((field) => field !== undefined)
      .map((field) => [field, 7]),
  );
