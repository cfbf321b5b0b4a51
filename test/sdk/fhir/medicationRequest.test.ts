import { expect } from "chai";
import fc from "fast-check";

import { toOperationOutcome } from "../../../sdk/src/core/operationOutcome.ts";
import { FhirError, fromMedicationRequest } from "../../../sdk/src/prescriptions/fhir/index.ts";
import { changed, derivedRequest, problemsOf, publishedRequest } from "./support.ts";

const reading = { timeZone: "Europe/Amsterdam" };
const request = publishedRequest("medrx0302");
const D = "MedicationRequest.dispenseRequest";

type Path = readonly (string | number)[];

/** Problems of the request after one change. */
const after = (path: Path, value: unknown, from: object = request): string[] =>
  problemsOf(() => fromMedicationRequest(changed(from, path, value), reading));

describe("fromMedicationRequest", () => {
  it("reads quantity, fills, interval and window", () => {
    const draft = fromMedicationRequest(derivedRequest("repeats"), reading);
    expect(draft).to.deep.include({
      unitsPerFill: 56_000n,
      fills: 3,
      interval: 2_419_200,
      replaces: undefined,
    });
    expect(draft.validFrom).to.equal(Date.parse("2015-01-15T00:00:00+01:00") / 1000);
    expect(draft.validUntil).to.equal(Date.parse("2015-07-16T00:00:00+02:00") / 1000);
    expect(draft.unit).to.deep.equal({
      unit: "TAB",
      system: "http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm",
      code: "TAB",
    });
  });

  it("counts missing repeats as none", () => {
    const { fills } = fromMedicationRequest(
      changed(request, ["dispenseRequest", "numberOfRepeatsAllowed"], undefined),
      reading,
    );
    expect(fills).to.equal(1);
  });

  it("names what the request replaces", () => {
    const draft = fromMedicationRequest(publishedRequest("medrx0312"), reading);
    expect(draft.replaces).to.deep.equal({ reference: "MedicationRequest/medrx0304" });
  });

  it("keeps substitution and all else in the document", () => {
    const draft = fromMedicationRequest(request, reading);
    expect(draft.document).to.deep.equal(publishedRequest("medrx0302"));
    expect(draft.document.substitution?.allowedBoolean).to.be.a("boolean");
  });

  describe("takes the window from dates in the issuer's time zone, the end inclusive", () => {
    const windows: [string, string, string, string, string][] = [
      ["Asia/Shanghai", "2015-01-15", "2015-01-15", "2015-01-14T16:00:00Z", "2015-01-15T16:00:00Z"],
      ["UTC", "2015", "2015", "2015-01-01T00:00:00Z", "2016-01-01T00:00:00Z"],
      ["America/New_York", "2015-02", "2015-02", "2015-02-01T05:00:00Z", "2015-03-01T05:00:00Z"],
      ["Europe/Amsterdam", "2015-12", "2015-12-31", "2015-11-30T23:00:00Z", "2015-12-31T23:00:00Z"],
      // A day of 23 hours, and one of 25.
      ["Europe/Amsterdam", "2015-03-29", "2015-03-29", "2015-03-28T23:00:00Z", "2015-03-29T22:00:00Z"],
      ["Europe/Amsterdam", "2015-10-25", "2015-10-25", "2015-10-24T22:00:00Z", "2015-10-25T23:00:00Z"],
      // Midnight does not exist on this day: it begins at 01:00.
      ["America/Sao_Paulo", "2018-11-04", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"],
      // Apia skipped this day: the window of the next one begins where it would have.
      ["Pacific/Apia", "2011-12-29", "2011-12-31", "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z"],
      ["Asia/Kathmandu", "2016-02-29", "2016-02-29", "2016-02-28T18:15:00Z", "2016-02-29T18:15:00Z"],
      // Instants have their own offset; the end's second is the last one.
      [
        "UTC",
        "2015-01-15T10:00:00+05:30",
        "2015-01-15T10:00:00+05:30",
        "2015-01-15T04:30:00Z",
        "2015-01-15T04:30:01Z",
      ],
      [
        "UTC",
        "2015-01-15T10:00:00.999Z",
        "2015-01-15T10:00:05.5Z",
        "2015-01-15T10:00:00Z",
        "2015-01-15T10:00:06Z",
      ],
      ["UTC", "2015-06-30T23:59:60Z", "2015-07-01", "2015-07-01T00:00:00Z", "2015-07-02T00:00:00Z"],
    ];
    for (const [timeZone, start, end, from, until] of windows) {
      it(`${start} to ${end} in ${timeZone}`, () => {
        const draft = fromMedicationRequest(
          changed(request, ["dispenseRequest", "validityPeriod"], { start, end }),
          { timeZone },
        );
        expect(new Date(draft.validFrom * 1000).toISOString()).to.equal(from.replace("Z", ".000Z"));
        expect(new Date(draft.validUntil * 1000).toISOString()).to.equal(until.replace("Z", ".000Z"));
      });
    }
  });

  describe("counts in thousandths, exactly", () => {
    const amounts: [number, bigint][] = [
      [0.001, 1n],
      [0.1, 100n],
      [1.005, 1_005n],
      [30, 30_000n],
      [1e3, 1_000_000n],
      [1_099_511_627.775, 1_099_511_627_775n],
    ];
    for (const [value, units] of amounts) {
      it(`${value}`, () => {
        const draft = fromMedicationRequest(
          changed(request, ["dispenseRequest", "quantity", "value"], value),
          reading,
        );
        expect(draft.unitsPerFill).to.equal(units);
      });
    }

    it("any number of three places", () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 2 ** 40 - 1 }), (units) => {
          const resource = changed(request, ["dispenseRequest", "quantity", "value"], units / 1000);
          expect(fromMedicationRequest(resource, reading).unitsPerFill).to.equal(BigInt(units));
        }),
        { numRuns: 200 },
      );
    });

    for (const value of [0, -1, 0.0001, 1e-7, 1.0005, 1_099_511_627.776, 1e21]) {
      it(`but not ${value}`, () => {
        expect(after(["dispenseRequest", "quantity", "value"], value)).to.deep.equal([
          `OutOfRange ${D}.quantity.value`,
        ]);
      });
    }
  });

  describe("takes an interval in any unit of time", () => {
    const intervals: [number, string, number][] = [
      [28, "d", 2_419_200],
      [4, "wk", 2_419_200],
      [1, "mo", 2_629_800],
      [1, "a", 31_557_600],
      [0.5, "h", 1_800],
      [90, "min", 5_400],
      [1, "s", 1],
    ];
    for (const [value, code, seconds] of intervals) {
      it(`${value} ${code}`, () => {
        const duration = { value, system: "http://unitsofmeasure.org", code };
        const draft = fromMedicationRequest(
          changed(request, ["dispenseRequest", "dispenseInterval"], duration),
          reading,
        );
        expect(draft.interval).to.equal(seconds);
      });
    }
  });

  describe("refuses what the ledger cannot express, naming the element", () => {
    const duration = { value: 28, system: "http://unitsofmeasure.org", code: "d" };
    const cases: [Path, unknown, string[]][] = [
      [["status"], "completed", ["StatusWrong MedicationRequest.status"]],
      [["status"], "on-hold", ["StatusWrong MedicationRequest.status"]],
      [["status"], "entered-in-error", ["StatusWrong MedicationRequest.status"]],
      [["intent"], "plan", ["StatusWrong MedicationRequest.intent"]],
      [["intent"], "instance-order", ["StatusWrong MedicationRequest.intent"]],
      [["doNotPerform"], true, ["NotSupported MedicationRequest.doNotPerform"]],
      [["reportedBoolean"], true, ["NotSupported MedicationRequest.reported"]],
      [["reportedReference"], { reference: "Patient/a" }, ["NotSupported MedicationRequest.reported"]],
      [["subject", "reference"], "Group/g1", ["NotSupported MedicationRequest.subject"]],
      [["implicitRules"], "http://example.org/rules", ["ModifierUnknown MedicationRequest.implicitRules"]],
      [["modifierExtension"], [{ url: "urn:x" }], ["ModifierUnknown MedicationRequest.modifierExtension"]],
      [
        ["dispenseRequest", "modifierExtension"],
        [{ url: "urn:x" }],
        [`ModifierUnknown ${D}.modifierExtension`],
      ],
      [
        ["contained", 0, "modifierExtension"],
        [{ url: "urn:x" }],
        ["ModifierUnknown MedicationRequest.contained[0].modifierExtension"],
      ],
      [["dispenseRequest", "initialFill"], { quantity: { value: 1 } }, [`NotSupported ${D}.initialFill`]],
      [["dispenseRequest", "numberOfRepeatsAllowed"], 99, [`OutOfRange ${D}.numberOfRepeatsAllowed`]],
      [
        ["dispenseRequest", "dispenseInterval"],
        { ...duration, comparator: ">" },
        [`NotSupported ${D}.dispenseInterval.comparator`],
      ],
      [
        ["dispenseRequest", "dispenseInterval"],
        { ...duration, system: "urn:other" },
        [`NotSupported ${D}.dispenseInterval.system`],
      ],
      [
        ["dispenseRequest", "dispenseInterval"],
        { ...duration, code: "mg" },
        [`NotSupported ${D}.dispenseInterval.code`],
      ],
      [
        ["dispenseRequest", "dispenseInterval"],
        { ...duration, value: 0.3, code: "s" },
        [`OutOfRange ${D}.dispenseInterval.value`],
      ],
      [
        ["dispenseRequest", "dispenseInterval"],
        { ...duration, value: -1 },
        [`OutOfRange ${D}.dispenseInterval.value`],
      ],
      [
        ["dispenseRequest", "dispenseInterval"],
        { value: 1 },
        [`ElementMissing ${D}.dispenseInterval.system`, `ElementMissing ${D}.dispenseInterval.code`],
      ],
      [
        ["dispenseRequest", "validityPeriod"],
        { start: "2015-02-01", end: "2015-01-31" },
        [`OutOfRange ${D}.validityPeriod`],
      ],
      [
        ["dispenseRequest", "validityPeriod", "start"],
        "1969-12-31",
        [`OutOfRange ${D}.validityPeriod.start`],
      ],
      [["dispenseRequest", "validityPeriod", "end"], "2107", [`OutOfRange ${D}.validityPeriod.end`]],
      [
        ["medicationReference", "reference"],
        "Medication/m1",
        ["NotSupported MedicationRequest.medication.ofType(Reference).reference"],
      ],
      [
        ["contained", 0],
        { resourceType: "Medication", id: "med0320" },
        ["ElementMissing MedicationRequest.contained[0].code"],
      ],
    ];
    for (const [path, value, problems] of cases) {
      it(`${path.join(".")} ${JSON.stringify(value)}`, () =>
        expect(after(path, value)).to.deep.equal(problems));
    }
  });

  describe("refuses what is missing", () => {
    const cases: [Path, string[]][] = [
      [["status"], ["ElementMissing MedicationRequest.status"]],
      [["intent"], ["ElementMissing MedicationRequest.intent"]],
      [["subject"], ["ElementMissing MedicationRequest.subject"]],
      [["medicationReference"], ["ElementMissing MedicationRequest.medication"]],
      [["dispenseRequest"], [`ElementMissing ${D}`]],
      [["dispenseRequest", "quantity"], [`ElementMissing ${D}.quantity`]],
      [["dispenseRequest", "quantity", "value"], [`ElementMissing ${D}.quantity.value`]],
      [["dispenseRequest", "quantity", "code"], [`ElementMissing ${D}.quantity.code`]],
      [["dispenseRequest", "quantity", "system"], [`ElementMissing ${D}.quantity.system`]],
      [["dispenseRequest", "validityPeriod"], [`ElementMissing ${D}.validityPeriod`]],
      [["dispenseRequest", "validityPeriod", "start"], [`ElementMissing ${D}.validityPeriod.start`]],
      [["dispenseRequest", "validityPeriod", "end"], [`ElementMissing ${D}.validityPeriod.end`]],
      [["substitution", "allowedBoolean"], ["ElementMissing MedicationRequest.substitution.allowed"]],
      [
        ["contained", 0, "id"],
        [
          "ElementMissing MedicationRequest.contained[0].id",
          "ReferenceWrong MedicationRequest.medication.ofType(Reference).reference",
        ],
      ],
    ];
    for (const [path, problems] of cases) {
      it(path.join("."), () => expect(after(path, undefined).sort()).to.deep.equal(problems.sort()));
    }
  });

  describe("refuses what R4 does not have, or has otherwise", () => {
    const M = "MedicationRequest";
    const cases: [Path, unknown, string][] = [
      [["colour"], "red", `ElementUnknown ${M}.colour`],
      [["dispenseRequest", "quantity", "amount"], 1, `ElementUnknown ${D}.quantity.amount`],
      [["dispenseRequest", "quantity", "comparator"], "<", `ElementUnknown ${D}.quantity.comparator`],
      [["medicationString"], "a", `ElementUnknown ${M}.medicationString`],
      [["medication[x]"], "a", `ElementUnknown ${M}.medication[x]`],
      [["_colour"], {}, `ElementUnknown ${M}._colour`],
      [["_subject"], { id: "a" }, `ElementUnknown ${M}._subject`],
      [["medicationCodeableConcept"], { text: "a" }, `CardinalityWrong ${M}.medication`],
      [["status"], ["active"], `CardinalityWrong ${M}.status`],
      [["identifier"], { value: "1" }, `CardinalityWrong ${M}.identifier`],
      [["identifier"], [], `CardinalityWrong ${M}.identifier`],
      [["status"], "Active", `CodeUnknown ${M}.status`],
      [["priority"], "soon", `CodeUnknown ${M}.priority`],
      [["status"], null, `ElementMalformed ${M}.status`],
      [["authoredOn"], "2015-02-30", `ElementMalformed ${M}.authoredOn`],
      [["authoredOn"], "15.1.2015", `ElementMalformed ${M}.authoredOn`],
      [["authoredOn"], "2015-01-15T10:00:00", `ElementMalformed ${M}.authoredOn`],
      [["doNotPerform"], "false", `ElementMalformed ${M}.doNotPerform`],
      [["dispenseRequest"], "30", `ElementMalformed ${D}`],
      [["dispenseRequest", "quantity"], 30, `ElementMalformed ${D}.quantity`],
      [["dispenseRequest", "quantity", "value"], "30", `ElementMalformed ${D}.quantity.value`],
      [["dispenseRequest", "quantity", "code"], " TAB", `ElementMalformed ${D}.quantity.code`],
      [["dispenseRequest", "numberOfRepeatsAllowed"], -1, `ElementMalformed ${D}.numberOfRepeatsAllowed`],
      [["dispenseRequest", "numberOfRepeatsAllowed"], 1.5, `ElementMalformed ${D}.numberOfRepeatsAllowed`],
      [["dispenseRequest", "validityPeriod", "end"], "2016-13", `ElementMalformed ${D}.validityPeriod.end`],
      [["subject"], {}, `ElementMalformed ${M}.subject`],
      [["id"], "a b", `ElementMalformed ${M}.id`],
      [["note"], [{ text: "" }], `ElementMalformed ${M}.note[0].text`],
      [["text", "div"], "hello", `ElementMalformed ${M}.text.div`],
      [["dosageInstruction", 0, "sequence"], "1", `ElementMalformed ${M}.dosageInstruction[0].sequence`],
      [
        ["dosageInstruction", 0, "timing", "repeat", "periodUnit"],
        "day",
        `CodeUnknown ${M}.dosageInstruction[0].timing.repeat.periodUnit`,
      ],
      [["subject", "reference"], "Practitioner/p1", `ReferenceWrong ${M}.subject.reference`],
      [["subject", "reference"], "the patient", `ReferenceWrong ${M}.subject.reference`],
      [["subject", "type"], "Device", `ReferenceWrong ${M}.subject.type`],
      [
        ["requester", "reference"],
        "https://a.example/fhir/Medication/1",
        `ReferenceWrong ${M}.requester.reference`,
      ],
      [
        ["medicationReference", "reference"],
        "#other",
        `ReferenceWrong ${M}.medication.ofType(Reference).reference`,
      ],
      [
        ["contained", 0, "resourceType"],
        "Substance",
        `ReferenceWrong ${M}.medication.ofType(Reference).reference`,
      ],
      [
        ["contained", 0, "contained"],
        [{ resourceType: "Medication", id: "x" }],
        `ElementUnknown ${M}.contained[0].contained`,
      ],
      [["contained", 1], null, `ResourceWrong ${M}.contained[1]`],
      [
        ["contained", 1],
        { resourceType: "Basic", id: "b", code: [] },
        `ElementMalformed ${M}.contained[1].code`,
      ],
      [
        ["contained", 1],
        { resourceType: "Basic", id: "b", subject: { reference: "#no" } },
        `ReferenceWrong ${M}.contained[1].subject.reference`,
      ],
      [["contained", 1], { resourceType: "Basic", id: "med0320" }, `ReferenceWrong ${M}.contained`],
      [
        ["contained", 1],
        { resourceType: "Basic", id: "b", author: { modifierExtension: [{}] } },
        `ModifierUnknown ${M}.contained[1].author.modifierExtension`,
      ],
      [["extension"], {}, `ElementMalformed ${M}.extension`],
      [["extension"], [{ valueString: "a" }], `ElementMissing ${M}.extension[0].url`],
      [["extension"], [{ url: "urn:a" }], `CardinalityWrong ${M}.extension[0]`],
      [
        ["extension"],
        [{ url: "urn:a", valueString: "a", valueCode: "b" }],
        `CardinalityWrong ${M}.extension[0]`,
      ],
      [["extension"], [{ url: "urn:a", text: "a" }], `ElementUnknown ${M}.extension[0]`],
      [["extension"], [{ url: "urn:a", valueString: "" }], `ElementMalformed ${M}.extension[0].value`],
    ];
    for (const [path, value, problem] of cases) {
      it(`${path.join(".")} ${JSON.stringify(value)}`, () => expect(after(path, value)).to.include(problem));
    }

    for (const resource of [null, undefined, 1, "a", [], {}, { resourceType: "MedicationDispense" }]) {
      it(`${JSON.stringify(resource)} instead of a request`, () => {
        expect(problemsOf(() => fromMedicationRequest(resource, reading))).to.deep.equal([
          `ResourceWrong ${M}`,
        ]);
      });
    }

    it("a time zone that does not exist", () => {
      expect(problemsOf(() => fromMedicationRequest(request, { timeZone: "Mars/Base" }))).to.deep.equal([
        `OutOfRange ${M}`,
      ]);
    });
  });

  it("takes extensions, primitive extensions and nested extensions, which stay in the document", () => {
    const extension = [
      { url: "urn:a", valueString: "a" },
      { url: "urn:b", extension: [{ url: "c", valueQuantity: { value: 1 } }] },
    ];
    expect(after(["extension"], extension)).to.deep.equal([]);
    expect(after(["_status"], { extension })).to.deep.equal([]);
    expect(after(["instantiatesUri"], ["urn:a"])).to.deep.equal([]);
    expect(after(["_authoredOn"], { id: "a" })).to.deep.equal([]);
  });

  it("refuses an ingredient of a formula that names nothing", () => {
    const formula = derivedRequest("formula");
    expect(after(["contained", 0, "ingredient", 2, "itemCodeableConcept"], undefined, formula)).to.deep.equal(
      ["ElementMissing MedicationRequest.contained[0].ingredient[2].item"],
    );
    expect(
      after(["contained", 0, "ingredient", 1, "itemReference"], { reference: "#x" }, formula),
    ).to.include("CardinalityWrong MedicationRequest.contained[0].ingredient[1].item");
  });

  it("collects all problems, in one error and one OperationOutcome", () => {
    const broken = {
      resourceType: "MedicationRequest",
      status: "draft",
      intent: "plan",
      subject: { display: "x" },
      colour: 1,
    };
    try {
      fromMedicationRequest(broken, reading);
      expect.fail("it was taken");
    } catch (error) {
      const fault = error as FhirError;
      expect(fault).to.be.instanceOf(FhirError);
      const elements = ["colour", "medication", "status", "intent", "dispenseRequest"].map(
        (name) => `MedicationRequest.${name}`,
      );
      expect(fault.problems.map((problem) => problem.element)).to.deep.equal(elements);
      expect(fault.values["elements"]).to.deep.equal(elements);
      expect(fault.message).to.include("(and 4 more problems)");
      const outcome = toOperationOutcome(fault);
      expect(outcome.issue.map((issue) => issue.expression?.[0])).to.deep.equal(elements);
      expect(outcome.issue.map((issue) => issue.code)).to.deep.equal([
        "structure",
        "required",
        "business-rule",
        "business-rule",
        "required",
      ]);
    }
  });

  it("never repeats what the request says", () => {
    const secret = "Donald-Duck-secret";
    for (const path of [
      ["status"],
      ["subject"],
      ["authoredOn"],
      ["note"],
      ["dispenseRequest", "quantity", "code"],
      ["medicationReference", "reference"],
    ]) {
      try {
        fromMedicationRequest(changed(request, path, [secret]), reading);
        expect.fail("it was taken");
      } catch (error) {
        expect(
          JSON.stringify([
            (error as FhirError).problems,
            (error as FhirError).message,
            toOperationOutcome(error as FhirError),
          ]),
        ).not.to.include(secret);
      }
    }
  });

  it("answers any JSON with a draft or a FhirError, never with another error", () => {
    const leaf = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double(),
      fc.string(),
      fc.constant([]),
      fc.constant({}),
      fc.constant([null]),
    );
    const paths = allPaths(request);
    fc.assert(
      fc.property(fc.constantFrom(...paths), leaf, (path, value) => {
        problemsOf(() => fromMedicationRequest(changed(request, path, value), reading));
      }),
      { numRuns: 500 },
    );
  });
});

function allPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([name, each]) => allPaths(each, [...path, name]));
  return path.length === 0 ? below : [path, ...below];
}
