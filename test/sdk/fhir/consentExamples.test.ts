import { expect } from "chai";

import {
  type ConsentRules,
  type ConsentTerms,
  type RootReading,
  consentToRules,
  rulesToConsent,
} from "../../../sdk/src/consent/fhir/index.ts";
import { purposeMask } from "../../../sdk/src/consent/purposes.ts";
import {
  BTG,
  CATEGORIES,
  REGISTERED,
  derivedConsent,
  publishedConsent,
  reading,
  seconds,
  terms,
} from "./consentSupport.ts";
import { exampleFiles, problemsOf } from "./support.ts";

type Verdict = readonly string[] | { permits?: ConsentTerms[]; denies?: ConsentTerms[]; delegate?: number };

const AMBIGUOUS = "ElementMissing Consent.provision.type";
const PKB = Array.from(
  { length: 11 },
  (_, index) => `ElementMissing Consent.provision.provision[${index}].type`,
);
const SIGNATURE = [
  "NotSupported Consent.provision.actor[0].reference",
  "NotSupported Consent.provision.provision[0].actor[0].reference",
  "NotSupported Consent.provision.provision[0].actor[0].role",
  "NotSupported Consent.provision.provision[0].class[0]",
  "NotSupported Consent.provision.provision[0].code[0]",
];
const OVER = "OutOfRange Consent.provision.period.end";
const NOT_THEM = [
  "NotSupported Consent.provision.action[1]",
  "NotSupported Consent.provision.actor[0].reference",
];

/** What becomes of each published consent at its own time, unless its root's meaning is stated, and in both readings. */
const VERDICTS: Readonly<Record<string, Readonly<Record<"unstated" | RootReading, Verdict>>>> = {
  Emergency: {
    unstated: [AMBIGUOUS],
    scope: ["Mismatch Consent.provision.provision[0]"],
    exception: ["Mismatch Consent.provision.provision[0]"],
  },
  Out: { unstated: [AMBIGUOUS], scope: {}, exception: { permits: [terms({})] } },
  basic: {
    unstated: [AMBIGUOUS, "OutOfRange Consent.provision.period.start"],
    scope: ["OutOfRange Consent.provision.period.start"],
    exception: ["OutOfRange Consent.provision.period.start"],
  },
  grantor: {
    unstated: [AMBIGUOUS, "NotSupported Consent.provision.actor[1].reference"],
    scope: ["NotSupported Consent.provision.actor[1].reference"],
    exception: ["NotSupported Consent.provision.actor[1].reference"],
  },
  notAuthor: {
    unstated: [AMBIGUOUS],
    scope: { permits: [terms({})] },
    exception: { denies: [terms({}, true)] },
  },
  notOrg: {
    unstated: ["NotSupported Consent.provision.action[1]"],
    scope: ["Mismatch Consent.provision.type", "NotSupported Consent.provision.action[1]"],
    exception: ["NotSupported Consent.provision.action[1]"],
  },
  notThem: { unstated: [AMBIGUOUS, ...NOT_THEM], scope: NOT_THEM, exception: NOT_THEM },
  notThis: {
    unstated: [AMBIGUOUS, "NotSupported Consent.provision.data"],
    scope: ["NotSupported Consent.provision.data"],
    exception: ["NotSupported Consent.provision.data"],
  },
  notTime: { unstated: [AMBIGUOUS, OVER], scope: [OVER], exception: [OVER] },
  pkb: { unstated: [AMBIGUOUS, ...PKB], scope: PKB, exception: PKB },
  signature: {
    unstated: [AMBIGUOUS, ...SIGNATURE],
    scope: [SIGNATURE[0]!, "Mismatch Consent.provision.provision[0].type", ...SIGNATURE.slice(1)],
    exception: SIGNATURE,
  },
  smartonfhir: {
    unstated: [AMBIGUOUS],
    scope: ["Mismatch Consent.provision.provision[0].type"],
    exception: {
      permits: [terms({})],
      denies: [
        terms(
          {
            categories: 0xffff_ffff - 8,
            validFrom: seconds("2016-06-23T17:02:33+10:00"),
            validUntil: seconds("2016-06-23T17:32:34+10:00"),
          },
          true,
        ),
      ],
      delegate: 2,
    },
  },
};

/** Those whose period is over by now. */
const OVER_NOW = ["notTime", "signature", "smartonfhir"];

const NOW = seconds("2026-11-01T00:00:00Z");

function expectVerdict(id: string, verdict: Verdict, root: RootReading | undefined, now: number): void {
  let rules: ConsentRules | undefined;
  const problems = problemsOf(() => {
    rules = consentToRules(publishedConsent(id), reading({ root, now }));
  });
  if (isRefused(verdict)) {
    expect(problems).to.deep.equal(verdict);
    return;
  }
  expect(problems).to.deep.equal([]);
  const { permits = [], denies = [], delegate = 0 } = verdict;
  expect(rules).to.deep.include({ permits, denies, revocations: [], delegate });
  expect(rules!.document).to.deep.equal(publishedConsent(id));
}

function isRefused(verdict: Verdict): verdict is readonly string[] {
  return Array.isArray(verdict);
}

describe("the published FHIR R4 consents", () => {
  it("are twelve", () => {
    const ids = exampleFiles("fhir-r4")
      .filter((file) => file.startsWith("Consent-"))
      .map((file) => file.slice("Consent-consent-example-".length, -5));
    expect(ids).to.have.length(12).and.to.deep.equal(Object.keys(VERDICTS));
  });

  for (const [id, verdicts] of Object.entries(VERDICTS)) {
    for (const [name, verdict] of Object.entries(verdicts)) {
      const root = name === "unstated" ? undefined : (name as RootReading);
      const how = isRefused(verdict) ? `refused for ${verdict.length} reason(s)` : "taken";
      it(`${id}, root ${name}, at its own time: ${how}`, () => {
        expectVerdict(id, verdict, root, Math.floor(Date.parse(publishedConsent(id).dateTime!) / 1_000));
      });

      it(`${id}, root ${name}, now: ${OVER_NOW.includes(id) ? "over" : how}`, () => {
        if (!OVER_NOW.includes(id)) return expectVerdict(id, verdict, root, NOW);
        const problems = problemsOf(() => consentToRules(publishedConsent(id), reading({ root, now: NOW })));
        expect(problems).to.include(OVER);
      });
    }
  }

  it("keep what no rule carries", () => {
    const { context, base } = consentToRules(publishedConsent("Out"), reading({ root: "scope" }));
    const { patient, sourceAttachment, organization, dateTime, policyRule, scope, category } =
      publishedConsent("Out");
    expect(base).to.deep.equal({ effect: "deny", expressedBy: "absence" });
    expect(context).to.deep.equal({
      patient,
      identifier: [],
      scope,
      category,
      dateTime,
      performer: [],
      organization,
      source: sourceAttachment,
      policy: [],
      policyRule,
    });
  });
});

const TREAT = purposeMask(["TREAT"]);

/** What becomes of each derived consent. */
const DERIVED: Readonly<
  Record<string, { permits: ConsentTerms[]; denies: ConsentTerms[]; delegate?: number }>
> = {
  delegate: {
    permits: [terms({ sector: "HOSPITAL", categories: 0b11, purposes: TREAT })],
    denies: [],
    delegate: 2,
  },
  depth: {
    permits: [terms({ categories: REGISTERED - 16 }), terms({ grantee: 9, categories: 16, purposes: TREAT })],
    denies: [
      terms({ grantee: 9, categories: 16, purposes: purposeMask(["CLINTRL"]) }),
      terms({ grantee: 11 }, true),
    ],
  },
  expiry: {
    permits: [
      terms({
        sector: "PHARMACY",
        categories: 8,
        validFrom: seconds("2026-03-01T00:00:00+01:00"),
        // The end is inclusive, and summer time began two days before it.
        validUntil: seconds("2026-04-01T00:00:00+02:00"),
      }),
    ],
    denies: [],
  },
  optout: {
    permits: [
      terms({ sector: "HOSPITAL", purposes: TREAT }),
      terms({
        grantee: 12,
        categories: 8,
        purposes: purposeMask(["HPAYMT"]),
        validUntil: seconds("2027-01-01T00:00:00+01:00"),
      }),
    ],
    denies: [terms({ grantee: 9, categories: 16, purposes: TREAT }), terms({ purposes: BTG }, true)],
  },
  research: {
    permits: [
      terms({ grantee: 12, categories: 2, purposes: purposeMask(["CLINTRCH"]) }),
      terms({ sector: "RESEARCH", categories: 1, purposes: purposeMask(["HRESCH"]) }),
    ],
    denies: [],
  },
  sharing: {
    permits: [terms({ sector: "HOSPITAL", categories: 0b110, purposes: TREAT })],
    denies: [terms({ grantee: 4 }, true)],
  },
};

describe("the derived consents", () => {
  it("are all here", () => {
    const ids = exampleFiles("derived")
      .filter((file) => file.startsWith("Consent-"))
      .map((file) => file.slice("Consent-derived-".length, -5));
    expect(ids).to.deep.equal(Object.keys(DERIVED));
  });

  for (const [id, { permits, denies, delegate = 0 }] of Object.entries(DERIVED)) {
    it(`${id} is taken, and comes back from what is written`, () => {
      const rules = consentToRules(derivedConsent(id), reading());
      expect(rules).to.deep.include({ permits, denies, delegate, revocations: [] });

      const written = rulesToConsent(rules, {
        timeZone: "Asia/Shanghai",
        categories: CATEGORIES,
        patient: rules.context.patient,
      });
      expect(written.policyRule?.coding?.[0]?.code).to.equal("OPTOUT");
      expect(consentToRules(written, reading())).to.deep.include({ permits, denies });
    });
  }
});
