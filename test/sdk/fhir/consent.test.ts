import { expect } from "chai";
import type { Consent, ConsentProvision } from "fhir/r4.js";

import {
  type ConsentReading,
  EXPORTABLE,
  REDISCLOSABLE,
  type StandingRule,
  consentToRules,
  rulesToConsent,
} from "../../../sdk/src/consent/fhir/index.ts";
import { purposeMask } from "../../../sdk/src/consent/purposes.ts";
import {
  ALL_KNOWN,
  BTG,
  CATEGORIES,
  CUSTODIAN,
  REGISTERED,
  actors,
  classes,
  consentOf,
  derivedConsent,
  member,
  purposes,
  reading,
  seconds,
  sector,
  terms,
} from "./consentSupport.ts";
import { changed, problemsOf } from "./support.ts";

const TREAT = purposeMask(["TREAT"]);

function refusals(consent: unknown, different?: Partial<ConsentReading>): string[] {
  return problemsOf(() => consentToRules(consent, reading(different)));
}

/** A consent that permits nothing but this. */
function permitting(provision: ConsentProvision): Consent {
  return consentOf("OPTOUT", { provision: [{ type: "permit", ...provision }] });
}

/** A consent that permits all but this. */
function denying(provision: ConsentProvision): Consent {
  return consentOf("OPTIN", { provision: [{ type: "deny", ...provision }] });
}

const FIRST = "Consent.provision.provision[0]";

describe("consentToRules", () => {
  describe("what the resource says about itself", () => {
    for (const [status, fix] of Object.entries({
      draft: /active/,
      proposed: /agreed/,
      rejected: /denies/,
      inactive: /revokeConsent/,
      "entered-in-error": /retract/,
    })) {
      it(`refuses one that is ${status}, and says what to do`, () => {
        const consent = changed(derivedConsent("optout"), ["status"], status);
        expect(refusals(consent)).to.deep.equal(["StatusWrong Consent.status"]);
        expect(() => consentToRules(consent, reading()))
          .to.throw()
          .with.property("fix")
          .that.matches(fix);
      });
    }

    const refused: readonly (readonly [string, readonly (string | number)[], unknown, string])[] = [
      ["another scope", ["scope", "coding", 0, "code"], "adr", "NotSupported Consent.scope"],
      ["no patient", ["patient"], undefined, "ElementMissing Consent.patient"],
      ["a verification", ["verification"], [{ verified: true }], "NotSupported Consent.verification"],
      ["rules of its own", ["implicitRules"], "http://example.org", "ModifierUnknown Consent.implicitRules"],
      [
        "a modifier extension",
        ["provision", "modifierExtension"],
        [{ url: "http://example.org" }],
        "ModifierUnknown Consent.provision.modifierExtension",
      ],
      ["neither policy nor rule", ["policyRule"], undefined, "ElementMissing Consent.policyRule"],
      ["an unknown policy", ["policyRule", "coding", 0, "code"], "cric", "CodeUnknown Consent.policyRule"],
      [
        "a performer who is nobody's delegate",
        ["performer"],
        [{ reference: "Practitioner/1" }],
        "ReferenceWrong Consent.performer[0]",
      ],
      [
        "two who sign",
        ["performer"],
        [{ reference: "Patient/1" }, { reference: "RelatedPerson/1" }],
        "NotSupported Consent.performer",
      ],
      ["another custodian", ["organization"], [member(8)], "Mismatch Consent.organization[0]"],
      ["an element that R4 has not", ["controller"], [], "ElementUnknown Consent.controller"],
    ];
    for (const [what, path, value, problem] of refused) {
      it(`refuses ${what}`, () => {
        expect(refusals(changed(derivedConsent("optout"), path, value))).to.include(problem);
      });
    }

    it("refuses what is no Consent", () => {
      expect(refusals({ resourceType: "Contract" })).to.deep.equal(["ResourceWrong Consent"]);
    });

    it("lets an organisation stand that is no member", () => {
      const consent = changed(
        derivedConsent("optout"),
        ["organization"],
        [{ reference: "Organization/other" }],
      );
      expect(refusals(consent)).to.deep.equal([]);
    });

    it("never repeats who it is about in what it says", () => {
      const consent = changed(derivedConsent("optout"), ["status"], "draft");
      try {
        consentToRules(consent, reading());
        expect.fail("It was taken.");
      } catch (error) {
        expect(JSON.stringify(error)).not.to.include("derived-1");
        expect(String(error)).not.to.include("derived-1");
      }
    });
  });

  describe("what the policy and the root say", () => {
    it("takes a policy without a provision", () => {
      const optIn = consentToRules(consentOf("OPTIN"), reading());
      expect(optIn).to.deep.include({ permits: [terms({})], denies: [] });
      expect(optIn.base).to.deep.equal({ effect: "permit", expressedBy: "rules" });
      expect(consentToRules(consentOf("OPTOUT"), reading())).to.deep.include({ permits: [], denies: [] });
    });

    it("takes the root's type where the policy leaves it open", () => {
      const policies = { "http://example.org/basic": "stated" } as const;
      const { policyRule: _rule, ...rest } = consentOf("OPTIN", {
        type: "permit",
        purpose: purposes("TREAT")!,
      });
      const consent = { ...rest, policy: [{ uri: "http://example.org/basic" }] };
      expect(consentToRules(consent, reading({ policies })).permits).to.deep.equal([
        terms({ purposes: TREAT }),
      ]);
      expect(refusals(consent)).to.deep.equal(["CodeUnknown Consent.policy"]);
      expect(refusals(changed(consent, ["provision", "type"], undefined), { policies })).to.deep.equal([
        "ElementMissing Consent.provision.type",
      ]);
    });

    it("refuses policies that contradict each other", () => {
      const consent = { ...consentOf("OPTIN"), policy: [{ uri: "http://example.org/none" }] };
      expect(refusals(consent, { policies: { "http://example.org/none": "deny" } })).to.deep.equal([
        "Mismatch Consent.policyRule",
      ]);
    });

    it("reads a root with criteria as it is told, and not at all when it is not", () => {
      const consent = consentOf("OPTIN", { purpose: purposes("HRESCH")! });
      expect(refusals(consent)).to.deep.equal(["ElementMissing Consent.provision.type"]);
      expect(consentToRules(consent, reading({ root: "scope" }))).to.deep.include({
        permits: [terms({ purposes: purposeMask(["HRESCH"]) })],
        denies: [],
      });
      expect(consentToRules(consent, reading({ root: "exception" }))).to.deep.include({
        permits: [terms({})],
        denies: [terms({ purposes: purposeMask(["HRESCH"]) }, true)],
      });
    });

    it("refuses a type in the root that contradicts the reading", () => {
      const consent = consentOf("OPTIN", { type: "deny", purpose: purposes("HRESCH")! });
      expect(refusals(consent, { root: "scope" })).to.deep.equal(["Mismatch Consent.provision.type"]);
      expect(consentToRules(consent, reading()).denies).to.have.length(1);
    });
  });

  describe("what a provision says", () => {
    const elsewhere = { reference: "Organization/f001" };
    const refused: readonly (readonly [string, Consent, string])[] = [
      [
        "an action that the chain has not",
        permitting({
          action: [
            { coding: [{ system: "http://terminology.hl7.org/CodeSystem/consentaction", code: "disclose" }] },
          ],
        }),
        `NotSupported ${FIRST}.action[0]`,
      ],
      [
        "a person",
        denying({ actor: actors([{ reference: "Practitioner/1" }])! }),
        `NotSupported ${FIRST}.actor[0].reference`,
      ],
      [
        "a role of a person",
        denying({ actor: actors([{ reference: "PractitionerRole/1" }])! }),
        `NotSupported ${FIRST}.actor[0].reference`,
      ],
      [
        "a stranger",
        denying({ actor: actors([{ reference: "Organization/1" }])! }),
        `ReferenceWrong ${FIRST}.actor[0].reference`,
      ],
      ["an author", denying({ actor: actors([elsewhere], "AUT")! }), `NotSupported ${FIRST}.actor[0].role`],
      [
        "another custodian's data",
        denying({ actor: actors([member(8)], "CST")! }),
        `Mismatch ${FIRST}.actor[0].reference`,
      ],
      ["times of data", denying({ dataPeriod: { start: "2020" } }), `NotSupported ${FIRST}.dataPeriod`],
      [
        "single records",
        denying({ data: [{ meaning: "instance", reference: elsewhere }] }),
        `NotSupported ${FIRST}.data`,
      ],
      [
        "a class without a category",
        denying({ class: [{ system: "http://hl7.org/fhir/resource-types", code: "Goal" }] }),
        `NotSupported ${FIRST}.class[0]`,
      ],
      ["a code without a category", denying({ code: [{ text: "secret" }] }), `NotSupported ${FIRST}.code[0]`],
      [
        "a label without a category",
        denying({
          securityLabel: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "SEX" }],
        }),
        `NotSupported ${FIRST}.securityLabel[0]`,
      ],
      [
        "classes and codes that have nothing in common",
        denying({
          class: classes("imaging")!,
          code: [{ coding: [{ system: "http://loinc.org", code: "18842-5" }] }],
        }),
        `OutOfRange ${FIRST}`,
      ],
      ["a permit for a category to come", permitting({ class: classes("17")! }), `OutOfRange ${FIRST}.class`],
      ["an unknown purpose", denying({ purpose: purposes("WHIM")! }), `CodeUnknown ${FIRST}.purpose[0]`],
      [
        "a permit to break the glass",
        permitting({ purpose: purposes("BTG")! }),
        `NotSupported ${FIRST}.purpose[0]`,
      ],
      [
        "a deny of BTG beside another purpose",
        denying({ purpose: purposes("TREAT", "BTG")! }),
        `NotSupported ${FIRST}.purpose[1]`,
      ],
      [
        "a deny of BTG with an exception",
        denying({ purpose: purposes("BTG")!, provision: [{ type: "permit", actor: actors([member(9)])! }] }),
        `NotSupported ${FIRST}.provision`,
      ],
      [
        "a start before 1970",
        denying({ period: { start: "1969-12-31" } }),
        `OutOfRange ${FIRST}.period.start`,
      ],
      ["what is over", denying({ period: { end: "2026-03-01" } }), `OutOfRange ${FIRST}.period.end`],
      [
        "an end before the start",
        denying({ period: { start: "2027", end: "2026" } }),
        `OutOfRange ${FIRST}.period`,
      ],
      [
        "no type",
        denying({ provision: [{ purpose: purposes("TREAT")! }] }),
        `ElementMissing ${FIRST}.provision[0].type`,
      ],
      [
        "a permit within a permit",
        permitting({ provision: [{ type: "permit", actor: actors([member(9)])! }] }),
        `Mismatch ${FIRST}.provision[0].type`,
      ],
      [
        "an exception that never holds",
        permitting({
          purpose: purposes("TREAT")!,
          provision: [{ type: "deny", purpose: purposes("HRESCH")! }],
        }),
        `Mismatch ${FIRST}.provision[0]`,
      ],
      [
        "an exception about everything",
        permitting({ purpose: purposes("TREAT")!, provision: [{ type: "deny" }] }),
        `Mismatch ${FIRST}.provision[0]`,
      ],
      [
        "a deny that may be exported",
        denying({ extension: [{ url: EXPORTABLE, valueBoolean: true }] }),
        `Mismatch ${FIRST}.extension[0]`,
      ],
      [
        "a flag that is no flag",
        permitting({ extension: [{ url: EXPORTABLE, valueString: "yes" }] }),
        `ElementMalformed ${FIRST}.extension[0]`,
      ],
    ];
    for (const [what, consent, problem] of refused) {
      it(`refuses ${what}`, () => {
        expect(refusals(consent)).to.deep.equal([problem]);
      });
    }

    it("refuses a purpose outside of research in a consent to research", () => {
      const consent = changed(
        derivedConsent("research"),
        ["provision", "provision", 0, "purpose"],
        purposes("TREAT"),
      );
      expect(refusals(consent)).to.deep.equal([`Mismatch ${FIRST}.purpose[0]`]);
    });

    it("takes purposes with those below them, and never BTG", () => {
      const [permit] = consentToRules(permitting({ purpose: purposes("TREAT")! }), reading()).permits;
      expect(permit!.purposes & purposeMask(["ERTREAT"])).not.to.equal(0n);
      expect(permit!.purposes & BTG).to.equal(0n);
      expect(ALL_KNOWN & BTG).to.equal(0n);
    });

    it("takes a confidentiality with those below it, and another label by itself", () => {
      const label = (system: string, code: string): number =>
        consentToRules(
          permitting({
            securityLabel: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
          }),
          reading(),
        ).permits[0]!.categories;
      expect(label("v3-Confidentiality", "L")).to.equal(1 << CATEGORIES.imaging);
      expect(label("v3-Confidentiality", "N")).to.equal(REGISTERED - (1 << CATEGORIES.mental));
      expect(label("v3-ActCode", "PSY")).to.equal(1 << CATEGORIES.mental);
    });

    it("takes what classes, codes and labels have in common", () => {
      const consent = permitting({
        class: classes("general", "mental")!,
        securityLabel: [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "N" }],
      });
      expect(consentToRules(consent, reading()).permits[0]!.categories).to.equal(1 << CATEGORIES.general);
    });

    it("denies a category to come", () => {
      expect(consentToRules(denying({ class: classes("17")! }), reading()).denies).to.deep.equal([
        terms({ categories: 1 << 17 }, true),
      ]);
    });

    it("reads flags, and the custodian as no narrowing", () => {
      const consent = permitting({
        extension: [
          { url: EXPORTABLE, valueBoolean: true },
          { url: REDISCLOSABLE, valueBoolean: true },
        ],
        actor: [...actors([member(9)], "PRCP")!, ...actors([member(CUSTODIAN)], "CST")!],
      });
      expect(consentToRules(consent, reading()).permits).to.deep.equal([
        terms({ grantee: 9, exportable: true, redisclosable: true }),
      ]);
    });

    it("finds a member by a contained organisation", () => {
      const consent = {
        ...denying({ actor: actors([{ reference: "#org" }])! }),
        contained: [{ resourceType: "Organization" as const, id: "org", alias: ["nine"] }],
      };
      const organization: ConsentReading["organization"] = (_reference, resource) =>
        resource?.resourceType === "Organization" && resource.alias?.[0] === "nine"
          ? { grantee: 9 }
          : undefined;
      expect(consentToRules(consent, reading({ organization })).denies).to.deep.equal([
        terms({ grantee: 9 }, true),
      ]);
    });
  });

  describe("what a deny with exceptions becomes", () => {
    it("cuts an exception out of a deny of the same grantee", () => {
      const consent = denying({
        actor: actors([member(9)])!,
        class: classes("mental", "general")!,
        provision: [
          {
            type: "permit",
            class: classes("general")!,
            purpose: purposes("TREAT")!,
            period: { start: "2026-06-01" },
          },
        ],
      });
      const from = seconds("2026-06-01T00:00:00+02:00");
      expect(consentToRules(consent, reading()).denies).to.deep.equal([
        terms({ grantee: 9, categories: 16 }, true),
        terms({ grantee: 9, categories: 1, purposes: ALL_KNOWN & ~TREAT }),
        terms({ grantee: 9, categories: 1, purposes: TREAT, validUntil: from }),
      ]);
    });

    it("refuses to take a member out of a class that is denied", () => {
      const consent = denying({
        actor: actors([sector("INSURER")])!,
        provision: [{ type: "permit", actor: actors([member(9)])! }],
      });
      expect(refusals(consent)).to.deep.equal([`NotSupported ${FIRST}.provision[0].actor`]);
    });

    it("refuses to take a class out of another", () => {
      const consent = permitting({
        actor: actors([sector("HOSPITAL")])!,
        provision: [{ type: "deny", actor: actors([sector("PHARMACY")])! }],
      });
      // A pharmacy that is a hospital too is denied, and no other permit is there: that can be said.
      expect(consentToRules(consent, reading()).denies).to.deep.equal([terms({ sector: "PHARMACY" }, true)]);
      const both = changed(consent, ["provision", "provision", 1], {
        type: "permit",
        actor: actors([sector("PHARMACY")]),
      });
      expect(refusals(both)).to.deep.equal([`NotSupported ${FIRST.replace("[0]", "[1]")}.actor`]);
    });

    it("drops a permit of which a deny leaves nothing", () => {
      const consent = consentOf("OPTIN", { provision: [{ type: "deny" }] });
      expect(consentToRules(consent, reading())).to.deep.include({ permits: [], denies: [terms({}, true)] });
    });
  });

  describe("beside rules that stand", () => {
    const standing = (different: Partial<StandingRule>): StandingRule => ({
      kind: "Permit",
      number: 0,
      delegate: 0,
      ...terms(different, different.kind === "Deny"),
    });
    const optOut = consentOf("OPTOUT", { provision: [{ type: "permit", actor: actors([member(9)])! }] });

    it("ends permits that say more than the consent", () => {
      const rules = consentToRules(
        optOut,
        reading({
          standing: [standing({ number: 3 }), standing({ number: 1, grantee: 9 })],
        }),
      );
      expect(rules.revocations).to.deep.equal([{ sector: "EVERYONE", number: 3 }]);
    });

    it("lets be what is over, and what a deny outweighs", () => {
      const over = standing({ validUntil: seconds("2026-03-01T00:00:00Z") });
      expect(consentToRules(optOut, reading({ standing: [over] })).revocations).to.deep.equal([]);
      const optIn = denying({ class: classes("mental")! });
      expect(consentToRules(optIn, reading({ standing: [standing({})] })).revocations).to.deep.equal([]);
    });

    it("refuses where a permit reaches further than the consent", () => {
      const narrow = consentOf("OPTOUT", { type: "deny", class: classes("mental")! });
      expect(refusals(narrow, { standing: [standing({})] })).to.deep.equal(["Mismatch Consent.provision"]);
      const whole = standing({ categories: 1 << CATEGORIES.mental });
      expect(consentToRules(narrow, reading({ standing: [whole] })).revocations).to.have.length(1);
    });

    it("refuses where a standing deny stops what it permits", () => {
      const deny = standing({ kind: "Deny", number: 8, grantee: 9 });
      expect(refusals(optOut, { standing: [deny] })).to.deep.equal([`Mismatch ${FIRST}`]);
      const other = standing({ kind: "Deny", number: 8, grantee: 10 });
      expect(refusals(optOut, { standing: [other] })).to.deep.equal([]);
    });

    it("refuses that a delegate ends what the patient set", () => {
      const consent = { ...optOut, performer: [{ reference: "RelatedPerson/1" }] };
      expect(refusals(consent, { standing: [standing({})] })).to.deep.equal(["Mismatch Consent.provision"]);
      const own = standing({ delegate: 2, number: 4 });
      expect(consentToRules(consent, reading({ standing: [own] })).revocations).to.deep.equal([
        { sector: "EVERYONE", number: 4 },
      ]);
    });

    it("counts the rules of a grantee: eight, and four by a delegate", () => {
      const codes = ["TREAT", "HPAYMT", "HRESCH", "HMARKT", "PUBHLTH"];
      const names = Object.keys(CATEGORIES);
      const consent = consentOf("OPTOUT", {
        provision: codes.map((code, index) => ({
          type: "permit" as const,
          actor: actors([member(9)])!,
          purpose: purposes(code)!,
          class: classes(names[index]!)!,
        })),
      });
      expect(consentToRules(consent, reading()).permits).to.have.length(5);
      const taken = [0, 1, 2, 3].map((number) =>
        standing({ number, grantee: 9, categories: 1, purposes: TREAT }),
      );
      expect(refusals(consent, { standing: taken.slice(1) })).to.deep.equal([]);
      expect(refusals(consent, { standing: taken }))
        .to.have.length(5)
        .and.to.include(`OutOfRange ${FIRST}`);
      const byDelegate = { ...consent, performer: [{ reference: "RelatedPerson/1" }] };
      expect(refusals(byDelegate)).to.include(`OutOfRange ${FIRST}`);
    });

    it("refuses more changes than one signature makes", () => {
      const provision = Array.from({ length: 33 }, (_, index) => ({
        type: "permit" as const,
        actor: actors([member(index + 10)])!,
      }));
      expect(refusals(consentOf("OPTOUT", { provision }))).to.deep.equal(["OutOfRange Consent.provision"]);
    });
  });

  describe("what is too much to compare", () => {
    it("refuses more provisions than one signature could make", () => {
      const provision = Array.from({ length: 128 }, () => ({
        type: "permit" as const,
        actor: actors([member(9)])!,
      }));
      expect(refusals(consentOf("OPTOUT", { provision }))).to.deep.equal(["OutOfRange Consent.provision"]);
      expect(refusals(consentOf("OPTOUT", { provision: provision.slice(1) }))).to.deep.equal([]);
    });

    it("refuses more cases than are compared", () => {
      const sectors = [
        "HOSPITAL",
        "PHARMACY",
        "INSURER",
        "LABORATORY",
        "RESEARCH",
        "DISTRIBUTOR",
        "REGULATOR",
      ];
      const codes = ["TREAT", "HPAYMT", "HRESCH", "HMARKT", "PUBHLTH", "PATRQT", "HOPERAT"];
      const provision = sectors.map((name, index) => ({
        type: "permit" as const,
        actor: [
          ...actors([sector(name)])!,
          ...actors(Array.from({ length: 7 }, (_, each) => member(20 + each + 7 * index)))!,
        ],
        purpose: purposes(codes[index]!)!,
        class: classes(Object.keys(CATEGORIES)[index % 5]!)!,
        period: { end: `${2027 + index}` },
      }));
      expect(refusals(consentOf("OPTOUT", { provision }))).to.deep.equal(["OutOfRange Consent.provision"]);
    });
  });

  it("refuses a reading that it cannot use", () => {
    const wrong: Partial<ConsentReading>[] = [
      { custodian: 0 },
      { now: -1 },
      { categories: { general: 0, other: 0 } },
      { categories: { general: 32 } },
      { classes: { "a|b": ["unheard-of"] } },
      { root: "both" as unknown as "scope" },
    ];
    for (const each of wrong) {
      expect(() => consentToRules(derivedConsent("optout"), reading(each)))
        .to.throw()
        .with.property("code", "InputInvalid");
    }
    expect(refusals(derivedConsent("optout"), { timeZone: "Mars" })).to.deep.equal(["OutOfRange Consent"]);
  });
});

describe("rulesToConsent", () => {
  const writing = { timeZone: "Asia/Shanghai", categories: CATEGORIES, patient: { reference: "Patient/1" } };

  it("writes who, what, what for and when", () => {
    const rule = terms({
      grantee: 9,
      categories: 0b10,
      purposes: TREAT,
      validFrom: seconds("2026-06-01T00:00:00+08:00"),
      validUntil: seconds("2026-07-01T00:00:00+08:00"),
      exportable: true,
    });
    const agreedAt = seconds("2026-03-01T09:00:00+08:00");
    const consent = rulesToConsent({ permits: [rule], denies: [] }, { ...writing, agreedAt });
    expect(consent).to.include({ status: "active", dateTime: "2026-03-01T09:00:00+08:00" });
    expect(consent.provision?.provision).to.deep.equal([
      {
        extension: [{ url: EXPORTABLE, valueBoolean: true }],
        type: "permit",
        period: { start: "2026-06-01T00:00:00+08:00", end: "2026-06-30T23:59:59+08:00" },
        actor: actors([member(9)]),
        purpose: [{ ...purposes("TREAT")![0]!, display: "treatment" }],
        class: classes("laboratory"),
      },
    ]);
    expect(consentToRules(consent, reading()).permits).to.deep.equal([rule]);
  });

  it("writes a purpose by itself where not all below it is meant", () => {
    const rule = terms({ purposes: TREAT & ~purposeMask(["ETREAT"]) });
    const { provision } = rulesToConsent({ permits: [rule], denies: [] }, writing);
    const written = provision!.provision![0]!.purpose!.map(({ system, code }) => `${system} ${code}`);
    expect(written).to.include("urn:careledger:purpose TREAT");
    expect(written).to.include("http://terminology.hl7.org/CodeSystem/v3-ActReason COC");
  });

  it("writes references as it is told", () => {
    const organizationOf = (): { reference: string } => ({ reference: "Organization/f001" });
    const consent = rulesToConsent(
      { permits: [terms({ grantee: 7 })], denies: [] },
      { ...writing, organizationOf },
    );
    expect(consentToRules(consent, reading()).permits).to.deep.equal([terms({ grantee: 7 })]);
  });

  it("writes no provision where there is no rule", () => {
    const consent = rulesToConsent({ permits: [], denies: [] }, writing);
    expect(consent).not.to.have.property("provision");
    expect(consentToRules(consent, reading()).permits).to.deep.equal([]);
  });

  it("refuses what FHIR has no word for", () => {
    const permits = [
      terms({ categories: 1 << 9 }),
      terms({ purposes: 1n << 63n }),
      terms({ validFrom: 5, validUntil: 5 }),
    ];
    expect(problemsOf(() => rulesToConsent({ permits, denies: [] }, writing))).to.deep.equal([
      "OutOfRange permits[0].categories",
      "NotSupported permits[1].purposes",
      "OutOfRange permits[2].validUntil",
    ]);
    expect(
      problemsOf(() => rulesToConsent({ permits: [], denies: [] }, { ...writing, timeZone: "Mars" })),
    ).to.deep.equal(["OutOfRange Consent"]);
  });
});
