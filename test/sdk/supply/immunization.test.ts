import {
  type AdministeredDose,
  type DoseDraft,
  type ImmunizationReading,
  FhirError,
  doseToImmunization,
  generateStealthKeys,
  immunizationToDose,
  parseMetaAddress,
  scanAnnouncements,
  verifyDocument,
} from "@careledger/sdk";
import { expect } from "chai";
import { computeAddress, concat, hexlify, randomBytes } from "ethers";
import type { Immunization } from "fhir/r4.js";

import { failsWith } from "../expect.ts";
import { changed, exampleFiles, exampleText } from "../fhir/support.ts";

const GTIN = "09521234000013";
const GTIN_SYSTEM = "https://www.gs1.org/gtin";
const timeZone = "Europe/Amsterdam";
const bare: ImmunizationReading = { timeZone };

const at = (text: string): number => Date.parse(text) / 1_000;
const published = (id: string): Immunization =>
  JSON.parse(exampleText("fhir-r4", `Immunization-${id}.json`)) as Immunization;

/** A document that leaves nothing open. */
const complete: Immunization = {
  resourceType: "Immunization",
  id: "complete",
  status: "completed",
  vaccineCode: {
    coding: [
      { system: "http://hl7.org/fhir/sid/cvx", code: "104" },
      { system: GTIN_SYSTEM, code: "9521234000013" },
    ],
  },
  patient: { reference: "Patient/example" },
  occurrenceDateTime: "2026-03-02T10:20:30+01:00",
  primarySource: true,
  location: { reference: "Location/1" },
  lotNumber: "PT123F",
  expirationDate: "2026-03-02",
  doseQuantity: { value: 0.5, unit: "mL", system: "http://unitsofmeasure.org", code: "mL" },
  performer: [{ actor: { reference: "Practitioner/example" } }],
  protocolApplied: [{ series: "2-dose", doseNumberPositiveInt: 2, seriesDosesPositiveInt: 2 }],
};

/** What the draft says of lot, time and series. */
const termsOf = ({ gtin, lotNumber, expiresOn, administeredAt, seriesDose }: DoseDraft) => ({
  gtin,
  lotNumber,
  expiresOn,
  administeredAt,
  seriesDose,
});

/** Outcome of a reading: `code element` of each problem, the code of an error of its own, or what was taken. */
function outcome(resource: unknown, reading: ImmunizationReading): readonly string[] | string {
  try {
    const { lotNumber, seriesDose, administeredAt } = immunizationToDose(resource, reading);
    return `${lotNumber} dose ${seriesDose} at ${new Date(administeredAt * 1_000).toISOString()}`;
  } catch (error) {
    if (!(error instanceof FhirError)) return (error as { code: string }).code;
    for (const { element, message, fix } of error.problems) {
      expect(message, element).to.match(/\.$/);
      expect(fix, element).to.match(/\.$/);
    }
    return error.problems.map(({ code, element }) => `${code} ${element}`);
  }
}

const DAY_ONLY = "NotSupported Immunization.occurrence.ofType(dateTime)";
const NO_GTIN = "ElementMissing Immunization.vaccineCode";
const given = (day: string, seriesDose?: number): ImmunizationReading => ({
  timeZone,
  gtin: GTIN,
  administeredAt: at(`${day}T12:00:00Z`),
  ...(seriesDose === undefined ? {} : { seriesDose }),
});

/** What becomes of each published Immunization: by itself, and with what its site knows besides. */
const EXAMPLES: Readonly<
  Record<string, readonly [string | readonly string[], ImmunizationReading, string | readonly string[]]>
> = {
  example: [
    [
      NO_GTIN,
      DAY_ONLY,
      "NotSupported Immunization.isSubpotent",
      "ElementMissing Immunization.protocolApplied",
    ],
    given("2013-01-10", 1),
    ["NotSupported Immunization.isSubpotent"],
  ],
  historical: [
    [
      NO_GTIN,
      "NotSupported Immunization.occurrence.ofType(string)",
      "NotSupported Immunization.primarySource",
      "ElementMissing Immunization.lotNumber",
      "ElementMissing Immunization.protocolApplied",
    ],
    given("2012-01-10", 1),
    [
      "NotSupported Immunization.occurrence.ofType(string)",
      "NotSupported Immunization.primarySource",
      "ElementMissing Immunization.lotNumber",
    ],
  ],
  notGiven: ["ImmunizationNotDone", given("2013-01-10", 1), "ImmunizationNotDone"],
  protocol: [
    [NO_GTIN, DAY_ONLY, "NotSupported Immunization.protocolApplied"],
    given("2018-06-18", 2),
    "PT123F dose 2 at 2018-06-18T12:00:00.000Z",
  ],
  subpotent: [
    [
      NO_GTIN,
      DAY_ONLY,
      "Mismatch Immunization.subpotentReason",
      "ElementMissing Immunization.protocolApplied",
    ],
    given("2015-01-15", 3),
    ["Mismatch Immunization.subpotentReason"],
  ],
};

describe("the published FHIR R4 Immunizations", () => {
  it("are all there", () => {
    const ids = exampleFiles("fhir-r4").flatMap((file) => /^Immunization-(.*)\.json$/.exec(file)?.[1] ?? []);
    expect(ids).to.deep.equal(Object.keys(EXAMPLES));
  });

  for (const [id, [alone, reading, with_]] of Object.entries(EXAMPLES)) {
    it(`${id} is ${alone === with_ || Array.isArray(with_) ? "refused, with what is at fault named" : "taken with what its site knows"}`, () => {
      expect(outcome(published(id), bare)).to.deep.equal(alone);
      expect(outcome(published(id), reading)).to.deep.equal(with_);
    });
  }

  it("are taken once what refuses them is mended, and only that", () => {
    const potent = changed(published("example"), ["isSubpotent"], false);
    expect(outcome(potent, given("2013-01-10", 1))).to.equal("AAJN11K dose 1 at 2013-01-10T12:00:00.000Z");
    expect(outcome(published("protocol"), given("2018-06-18", 3))).to.deep.equal([
      "Mismatch Immunization.protocolApplied",
    ]);
    const whole = changed(published("subpotent"), ["subpotentReason"], undefined);
    expect(outcome(whole, given("2015-01-15", 3))).to.equal("AAJN11K dose 3 at 2015-01-15T12:00:00.000Z");
    expect(outcome(whole, given("2015-01-16", 3))).to.deep.equal([
      "Mismatch Immunization.occurrence.ofType(dateTime)",
    ]);
  });
});

describe("an Immunization read as a dose", () => {
  it("gives lot, expiry, second and series, and commits to the document as it is", () => {
    const dose = immunizationToDose(complete, bare);
    expect(termsOf(dose)).to.deep.equal({
      gtin: GTIN,
      lotNumber: "PT123F",
      expiresOn: "2026-03-02",
      administeredAt: at("2026-03-02T09:20:30Z"),
      seriesDose: 2,
    });
    expect(dose.document).to.deep.equal(complete);
    expect(dose.patient).to.deep.equal(complete.patient);
    expect(dose.location).to.deep.equal(complete.location);
    expect(verifyDocument(complete, dose.salt, dose.commitment)).to.equal(true);
    const again = immunizationToDose(complete, { ...bare, salt: dose.salt });
    expect(again.commitment).to.equal(dose.commitment);
    expect(immunizationToDose(complete, bare).commitment).not.to.equal(dose.commitment);
  });

  it("has a holder of its own each time, which the patient's viewing key or the paper's key leads to", async () => {
    const { metaAddress: patient, viewingKey } = generateStealthKeys();
    const { spendingPublicKey } = parseMetaAddress(patient);
    const [one, other] = [1, 2].map(() => immunizationToDose(complete, { ...bare, patient }));
    expect(one!.holder).not.to.equal(other!.holder);
    const { prefix, x, viewTag } = one!.ephemeralKey;
    const announced = {
      schemeId: 1n,
      stealthAddress: one!.holder,
      ephemeralPubKey: concat([prefix, x]),
      metadata: viewTag,
    };
    const found: string[] = [];
    for await (const { sharedSecret } of scanAnnouncements({ viewingKey, spendingPublicKey }, [announced]))
      found.push(hexlify(sharedSecret));
    expect(found).to.deep.equal([hexlify(one!.sharedSecret!)]);
    expect(one!.holderKey).to.equal(undefined);

    const paper = immunizationToDose(complete, bare);
    expect(computeAddress(paper.holderKey!)).to.equal(paper.holder);
    expect(paper.sharedSecret).to.equal(undefined);
  });

  it("takes GTINs of every length and of both OIDs, and refuses what does not agree", () => {
    const coded = (system: string, code: string) =>
      changed(complete, ["vaccineCode", "coding", 1], { system, code });
    for (const system of [GTIN_SYSTEM, "urn:oid:1.3.160", "urn:oid:2.51.1.1"]) {
      for (const code of ["9521234000013", GTIN]) {
        expect(immunizationToDose(coded(system, code), bare).gtin).to.equal(GTIN);
      }
    }
    expect(immunizationToDose(coded("urn:oid:1.3.160", "96385074"), bare).gtin).to.equal("00000096385074");
    const without = coded("urn:other", "1");
    expect(outcome(without, bare)).to.deep.equal([NO_GTIN]);
    expect(immunizationToDose(without, { ...bare, gtin: "9521234000013" }).gtin).to.equal(GTIN);
    expect(outcome(coded(GTIN_SYSTEM, "9521234000014"), bare)).to.deep.equal([
      "ElementMalformed Immunization.vaccineCode.coding[1].code",
    ]);
    expect(outcome(complete, { ...bare, gtin: "96385074" })).to.deep.equal([
      "Mismatch Immunization.vaccineCode",
    ]);
  });

  const REFUSED: readonly (readonly [
    what: string,
    path: readonly (string | number)[],
    value: unknown,
    problem: string,
  ])[] = [
    ["a lot number with a space", ["lotNumber"], "PT 123", "OutOfRange Immunization.lotNumber"],
    ["a lot number of 21 characters", ["lotNumber"], "A".repeat(21), "OutOfRange Immunization.lotNumber"],
    ["no lot number", ["lotNumber"], undefined, "ElementMissing Immunization.lotNumber"],
    ["an expiry by year", ["expirationDate"], "2027", "NotSupported Immunization.expirationDate"],
    ["a lot that had expired", ["expirationDate"], "2026-03-01", "Mismatch Immunization.expirationDate"],
    [
      "a lot that had expired the month before",
      ["expirationDate"],
      "2026-02",
      "Mismatch Immunization.expirationDate",
    ],
    [
      "a time as expiry",
      ["expirationDate"],
      "2027-01-01T00:00:00Z",
      "ElementMalformed Immunization.expirationDate",
    ],
    ["a day", ["occurrenceDateTime"], "2026-03-02", DAY_ONLY],
    ["a month", ["occurrenceDateTime"], "2026-03", DAY_ONLY],
    [
      "a day that does not exist",
      ["occurrenceDateTime"],
      "2026-02-30",
      "ElementMalformed Immunization.occurrence.ofType(dateTime)",
    ],
    [
      "a time before 1970",
      ["occurrenceDateTime"],
      "1969-12-31T23:00:00Z",
      "OutOfRange Immunization.occurrence.ofType(dateTime)",
    ],
    ["no time", ["occurrenceDateTime"], undefined, "ElementMissing Immunization.occurrence"],
    ["a report of others", ["primarySource"], false, "NotSupported Immunization.primarySource"],
    ["a subpotent dose", ["isSubpotent"], true, "NotSupported Immunization.isSubpotent"],
    ["nothing given", ["doseQuantity", "value"], 0, "OutOfRange Immunization.doseQuantity.value"],
    [
      "an amount without a number",
      ["doseQuantity", "value"],
      undefined,
      "ElementMissing Immunization.doseQuantity.value",
    ],
    [
      "an amount without a coded unit",
      ["doseQuantity", "code"],
      undefined,
      "ElementMissing Immunization.doseQuantity.code",
    ],
    [
      "a unit of no system",
      ["doseQuantity", "system"],
      undefined,
      "ElementMissing Immunization.doseQuantity.system",
    ],
    [
      "an amount up to",
      ["doseQuantity", "comparator"],
      "<",
      "ElementUnknown Immunization.doseQuantity.comparator",
    ],
    [
      "dose number 256",
      ["protocolApplied", 0, "doseNumberPositiveInt"],
      256,
      "OutOfRange Immunization.protocolApplied[0].doseNumber.ofType(positiveInt)",
    ],
    [
      "dose number 0",
      ["protocolApplied", 0, "doseNumberPositiveInt"],
      0,
      "ElementMalformed Immunization.protocolApplied[0].doseNumber.ofType(positiveInt)",
    ],
    [
      "a dose number in words",
      ["protocolApplied", 0],
      { doseNumberString: "booster" },
      "NotSupported Immunization.protocolApplied[0].doseNumber.ofType(string)",
    ],
    [
      "two series with two numbers",
      ["protocolApplied", 1],
      { doseNumberPositiveInt: 1 },
      "NotSupported Immunization.protocolApplied",
    ],
    ["no protocol", ["protocolApplied"], undefined, "ElementMissing Immunization.protocolApplied"],
    [
      "education about nothing",
      ["education"],
      [{ publicationDate: "2020" }],
      "ElementMissing Immunization.education[0]",
    ],
    ["a status of another resource", ["status"], "active", "CodeUnknown Immunization.status"],
    [
      "a patient that is a group",
      ["patient"],
      { reference: "Group/1" },
      "ReferenceWrong Immunization.patient.reference",
    ],
    ["an element that R4 does not have", ["vaccine"], "x", "ElementUnknown Immunization.vaccine"],
    [
      "a modifier",
      ["modifierExtension"],
      [{ url: "urn:x", valueBoolean: true }],
      "ModifierUnknown Immunization.modifierExtension",
    ],
  ];

  for (const [what, path, value, problem] of REFUSED) {
    it(`refuses ${what}, naming the element`, () => {
      expect(outcome(changed(complete, path, value), bare)).to.deep.equal([problem]);
    });
  }

  it("refuses what was not done and what was wrong with an error of its own each, and what is no Immunization", async () => {
    await failsWith(
      () => immunizationToDose({ ...complete, status: "not-done" }, bare),
      "ImmunizationNotDone",
    );
    await failsWith(
      () => immunizationToDose({ ...complete, status: "entered-in-error" }, bare),
      "ImmunizationEnteredInError",
    );
    expect(outcome({ resourceType: "Patient" }, bare)).to.deep.equal(["ResourceWrong Immunization"]);
    expect(outcome(undefined, bare)).to.deep.equal(["ResourceWrong Immunization"]);
  });

  it("takes a month as expiry to its last day, and the number that several series share", () => {
    const month = changed(complete, ["expirationDate"], "2028-02");
    expect(immunizationToDose(month, bare).expiresOn).to.equal("2028-02-29");
    expect(immunizationToDose(changed(complete, ["expirationDate"], undefined), bare).expiresOn).to.equal(
      undefined,
    );
    const both = changed(complete, ["protocolApplied", 1], { doseNumberPositiveInt: 2 });
    expect(immunizationToDose(both, bare).seriesDose).to.equal(2);
    expect(outcome(complete, { ...bare, seriesDose: 1 })).to.deep.equal([
      "Mismatch Immunization.protocolApplied",
    ]);
  });

  it("refuses readings that cannot be", async () => {
    for (const reading of [
      { timeZone: "Mars/Olympus" },
      { ...bare, gtin: "123" },
      { ...bare, gtin: "9521234000014" },
      { ...bare, administeredAt: Date.now() },
      { ...bare, seriesDose: 0 },
      { ...bare, seriesDose: 256 },
      { ...bare, patient: 5 },
      undefined,
    ]) {
      await failsWith(() => immunizationToDose(complete, reading as never), "InputInvalid");
    }
    await failsWith(
      () => immunizationToDose(complete, { ...bare, patient: "st:eth:0x00" }),
      "MetaAddressInvalid",
    );
  });
});

describe("a recorded dose written as an Immunization", () => {
  const recorded = (draft: DoseDraft, change: Partial<AdministeredDose> = {}): AdministeredDose => ({
    lot: { gtin: draft.gtin, lotNumber: draft.lotNumber },
    member: 4,
    site: 1,
    administeredAt: draft.administeredAt,
    seriesDose: draft.seriesDose,
    commitment: draft.commitment,
    ...change,
  });
  const kept = ({ document, salt }: DoseDraft) => ({ document, salt, timeZone });

  it("comes back unchanged where the document says everything", () => {
    const draft = immunizationToDose(complete, bare);
    expect(doseToImmunization(recorded(draft), kept(draft))).to.deep.equal(complete);
    expect(doseToImmunization(recorded(draft, { withdrawn: true }), kept(draft))).to.deep.equal({
      ...complete,
      status: "entered-in-error",
    });
  });

  it("says what the document left open, and reads back to the same dose", () => {
    const open = changed(published("example"), ["isSubpotent"], undefined) as Immunization;
    delete open.location;
    const draft = immunizationToDose(open, given("2013-01-10", 1));
    const twoSeries = immunizationToDose(published("protocol"), given("2018-06-18", 2));
    expect(doseToImmunization(recorded(twoSeries), kept(twoSeries)).protocolApplied).to.deep.equal(
      published("protocol").protocolApplied,
    );
    const written = doseToImmunization(recorded(draft, { gln: "9521234000204", index: 17 }), kept(draft));
    expect(written.occurrenceDateTime).to.equal("2013-01-10T13:00:00+01:00");
    expect(written.protocolApplied).to.deep.equal([{ doseNumberPositiveInt: 1 }]);
    expect(written.vaccineCode.coding?.at(-1)).to.deep.equal({ system: GTIN_SYSTEM, code: GTIN });
    expect(written.location?.identifier).to.deep.equal({ system: "urn:oid:1.3.88", value: "9521234000204" });
    expect(written.identifier?.at(-1)?.value).to.equal(`${GTIN}/AAJN11K/17`);
    expect(termsOf(immunizationToDose(written, bare))).to.deep.equal(termsOf(draft));
    expect(doseToImmunization(recorded(draft), kept(draft)).location?.identifier?.value).to.equal("4/1");
  });

  it("refuses another document, salt, lot, time and number than were recorded", async () => {
    const draft = immunizationToDose(complete, bare);
    const forged = changed(complete, ["lotNumber"], "PT999F") as Immunization;
    await failsWith(
      () => doseToImmunization(recorded(draft), { ...kept(draft), document: forged }),
      "ImmunizationMismatch",
    );
    await failsWith(
      () => doseToImmunization(recorded(draft), { ...kept(draft), salt: randomBytes(32) }),
      "ImmunizationMismatch",
    );
    const lot = { gtin: GTIN, lotNumber: "PT999F" };
    for (const [change, element] of [
      [{ lot }, "Immunization.lotNumber"],
      [{ lot: { ...lot, gtin: "96385074" } }, "Immunization.vaccineCode"],
      [{ administeredAt: draft.administeredAt + 1 }, "Immunization.occurrence.ofType(dateTime)"],
      [{ seriesDose: 1 }, "Immunization.protocolApplied"],
    ] as const) {
      await failsWith(() => doseToImmunization(recorded(draft, change), kept(draft)), "FhirInvalid", {
        element,
      });
    }
    for (const change of [
      { lot: { gtin: "1", lotNumber: "A" } },
      { gln: "1" },
      { site: 0 },
      { member: 0 },
      { commitment: "0x" },
      { index: -1 },
    ]) {
      await failsWith(() => doseToImmunization(recorded(draft, change), kept(draft)), "InputInvalid");
    }
  });
});
