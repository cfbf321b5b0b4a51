import { expect } from "chai";
import fc from "fast-check";
import type { Consent, ConsentProvision } from "fhir/r4.js";

import {
  type ConsentRules,
  type ConsentTerms,
  consentToRules,
  rulesToConsent,
} from "../../../sdk/src/consent/fhir/index.ts";
import { FhirError } from "../../../sdk/src/index.ts";
import { type PurposeCode, purposeMask } from "../../../sdk/src/consent/purposes.ts";
import { type Asked, consentClosesDoor, consentPermits, ruleHolds, rulesPermit } from "./consentEvaluator.ts";
import {
  BTG,
  CATEGORIES,
  CATEGORIES_TO_COME,
  NO_END,
  actors,
  classes,
  consentOf,
  member,
  purposes,
  reading,
  seconds,
  sector,
} from "./consentSupport.ts";

const UTC = { timeZone: "UTC", now: seconds("2026-03-02T12:00:00Z") };

const MEMBERS = [0, 9, 11];
const SECTORS = [[], ["HOSPITAL"], ["HOSPITAL", "PHARMACY"]];
const ASKED_FOR: readonly PurposeCode[] = ["TREAT", "ETREAT", "CLINTRL", "HRESCH", "CLINTRCH", "HPAYMT"];
const TIMES = [
  "2026-05-31T23:59:59Z",
  "2026-06-01T00:00:00Z",
  "2026-09-30T23:59:59Z",
  "2026-10-01T00:00:00Z",
].map(seconds);

const QUESTIONS: readonly Asked[] = MEMBERS.flatMap((asker) =>
  SECTORS.flatMap((sectors) =>
    (Object.keys(CATEGORIES) as (keyof typeof CATEGORIES)[]).flatMap((category) =>
      ASKED_FOR.flatMap((purpose) => TIMES.map((at) => ({ member: asker, sectors, category, purpose, at }))),
    ),
  ),
);

const maybe = <Name extends string, T>(name: Name, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc
    .option(arbitrary, { nil: undefined, freq: 1 })
    .map((value) => (value === undefined ? {} : { [name]: value }));

const someActors = fc
  .uniqueArray(fc.constantFrom(member(9), member(11), sector("HOSPITAL"), sector("PHARMACY")), {
    minLength: 1,
    maxLength: 2,
  })
  .map((references) => actors(references));
const someClasses = fc
  .uniqueArray(fc.constantFrom(...Object.keys(CATEGORIES)), { minLength: 1, maxLength: 3 })
  .map((codes) => classes(...codes));
const somePurposes = fc
  .uniqueArray(fc.constantFrom("TREAT", "ETREAT", "CLINTRL", "HRESCH", "CLINTRCH"), {
    minLength: 1,
    maxLength: 2,
  })
  .map((codes) => purposes(...codes));
const somePeriod = fc.constantFrom(
  { start: "2026-06-01" },
  { end: "2026-09-30" },
  { start: "2026-06-01T00:00:00Z", end: "2026-09-30T23:59:59Z" },
);

const criteria = fc
  .tuple(
    maybe("actor", someActors),
    maybe("class", someClasses),
    maybe("purpose", somePurposes),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: somePeriod.map((period) => ({ period })) },
    ),
  )
  .map((parts) => Object.assign({}, ...parts) as ConsentProvision);

function exceptions(depth: number, parent: "permit" | "deny"): fc.Arbitrary<readonly ConsentProvision[]> {
  if (depth === 0) return fc.constant([]);
  const usual = parent === "permit" ? "deny" : "permit";
  return fc.array(
    fc
      .tuple(
        criteria,
        fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant("deny") }),
      )
      .chain(([own, type]) =>
        exceptions(depth - 1, type as "permit" | "deny").map((provision) => ({
          ...own,
          type: type as "permit" | "deny",
          ...(provision.length === 0 ? {} : { provision: [...provision] }),
        })),
      ),
    { maxLength: depth === 3 ? 3 : 2 },
  );
}

const closedDoor = fc.constantFrom<ConsentProvision>(
  { type: "deny", purpose: purposes("BTG")! },
  { type: "deny", purpose: purposes("BTG")!, actor: actors([member(9)])! },
);

/** Consents with exceptions three deep, in both policies, whose root narrows the policy now and then. */
const consents: fc.Arbitrary<Consent> = fc
  .constantFrom("OPTIN" as const, "OPTOUT" as const)
  .chain((policy) => {
    const type = policy === "OPTIN" ? "permit" : "deny";
    return fc
      .tuple(
        fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: criteria }),
        exceptions(3, type),
        fc.option(closedDoor, { nil: undefined, freq: 5 }),
      )
      .map(([root, nested, door]) => {
        const provision = [...nested, ...(door === undefined ? [] : [door])];
        return consentOf(policy, { ...root, type, ...(provision.length === 0 ? {} : { provision }) });
      });
  });

function taken(consent: Consent): ConsentRules | undefined {
  try {
    return consentToRules(consent, reading(UTC));
  } catch (error) {
    if (error instanceof FhirError) return undefined;
    throw error;
  }
}

/** The first question that two answer differently. */
function differs(one: (asked: Asked) => boolean, other: (asked: Asked) => boolean): Asked | undefined {
  return QUESTIONS.find((asked) => one(asked) !== other(asked));
}

describe("a consent and its rules", () => {
  it("say the same wherever the consent is taken, and after a round trip too", function () {
    this.timeout(60_000);
    const counts = { all: 0, taken: 0, nested: 0 };
    fc.assert(
      fc.property(consents, (consent) => {
        counts.all++;
        const rules = taken(consent);
        if (rules === undefined) return;
        counts.taken++;
        if (consent.provision?.provision?.some((each) => each.provision !== undefined) === true)
          counts.nested++;
        expect(
          differs(
            (asked) => consentPermits(consent, asked),
            (asked) => rulesPermit(rules, asked),
          ),
        ).to.equal(undefined);
        const closing = rules.denies.filter((rule) => rule.purposes === BTG);
        expect(
          differs(
            (asked) => consentClosesDoor(consent, asked),
            (asked) => closing.some((rule) => ruleHolds(rule, { ...asked, purpose: "BTG" })),
          ),
        ).to.equal(undefined);

        const { patient } = rules.context;
        const written = rulesToConsent(rules, { timeZone: "UTC", categories: CATEGORIES, patient });
        expect(
          differs(
            (asked) => consentPermits(consent, asked),
            (asked) => consentPermits(written, asked),
          ),
        ).to.equal(undefined);
        const again = consentToRules(written, reading(UTC));
        expect(
          differs(
            (asked) => rulesPermit(rules, asked),
            (asked) => rulesPermit(again, asked),
          ),
        ).to.equal(undefined);
      }),
      { numRuns: 500, seed: 20_260_301 },
    );
    // What the property holds for is not a handful.
    expect(counts.taken, JSON.stringify(counts)).to.be.greaterThan(counts.all / 4);
    expect(counts.nested, JSON.stringify(counts)).to.be.greaterThan(20);
  });

  it("say the same when rules are written and read back", function () {
    this.timeout(60_000);
    const audience = fc.constantFrom(
      { grantee: 9 },
      { grantee: 11 },
      { sector: "HOSPITAL" as const },
      { sector: "EVERYONE" as const },
    );
    const window = fc.constantFrom([0, NO_END], [TIMES[1]!, NO_END], [0, TIMES[3]!], [TIMES[1]!, TIMES[3]!]);
    const rule = (deny: boolean): fc.Arbitrary<ConsentTerms> =>
      fc
        .tuple(
          audience,
          fc.integer({ min: 1, max: 31 }),
          fc.subarray([...ASKED_FOR], { minLength: 1 }),
          window,
          fc.boolean(),
        )
        .map(([whom, categories, codes, [validFrom, validUntil], all]) => ({
          ...whom,
          categories: deny && all ? CATEGORIES_TO_COME : categories,
          // By itself, so that what lies under a code is left out now and then.
          purposes: codes.reduce(
            (mask, code) => mask | (purposeMask([code]) & (all ? ~0n : ownBit(code))),
            0n,
          ),
          validFrom: validFrom!,
          validUntil: validUntil!,
          exportable: !deny && all,
          redisclosable: false,
        }));
    fc.assert(
      fc.property(
        fc.array(rule(false), { minLength: 1, maxLength: 4 }),
        fc.array(rule(true), { maxLength: 3 }),
        (permits, denies) => {
          const patient = { reference: "Patient/derived-1" };
          const written = rulesToConsent(
            { permits, denies },
            { timeZone: "UTC", categories: CATEGORIES, patient },
          );
          const again = consentToRules(written, reading(UTC));
          const before = (asked: Asked): boolean => rulesPermit({ permits, denies }, asked);
          expect(differs(before, (asked) => consentPermits(written, asked))).to.equal(undefined);
          expect(differs(before, (asked) => rulesPermit(again, asked))).to.equal(undefined);
          const exportable = (rules: readonly ConsentTerms[]) => (asked: Asked) =>
            rules.some((each) => each.exportable && ruleHolds(each, asked)) && before(asked);
          expect(differs(exportable(permits), exportable(again.permits))).to.equal(undefined);
        },
      ),
      { numRuns: 120, seed: 20_260_302 },
    );
  });
});

/** The bit of a code without those under it. */
function ownBit(code: PurposeCode): bigint {
  const mask = purposeMask([code]);
  const under = ASKED_FOR.filter((each) => each !== code && (purposeMask([each]) & ~mask) === 0n);
  return under.reduce((left, each) => left & ~purposeMask([each]), mask);
}
