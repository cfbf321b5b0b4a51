import { expect } from "chai";
import fc from "fast-check";

import { PRESCRIPTION_STATUS_NAMES, WITHDRAWAL_REASON_NAMES } from "../../../sdk/src/abi/enums.ts";
import { splitForPaper } from "../../../sdk/src/holder/index.ts";
import {
  authorizingPrescriptionOf,
  fromMedicationDispense,
  fromMedicationRequest,
  sameUnit,
  shiftWindow,
  splitRequest,
  toMedicationDispense,
  toMedicationRequest,
  writeMedicationDispense,
} from "../../../sdk/src/prescriptions/fhir/index.ts";
import { changed, derivedDispense, derivedRequest, problemsOf, publishedRequest } from "./support.ts";

const reading = { timeZone: "Asia/Shanghai" };
const request = fromMedicationRequest(derivedRequest("parts"), reading);
const dispense = derivedDispense("parts-1");
const M = "MedicationDispense";

const after = (path: readonly (string | number)[], value: unknown): string[] =>
  problemsOf(() => fromMedicationDispense(changed(dispense, path, value), request, reading));

describe("fromMedicationDispense", () => {
  it("reads units, second, prescription and location", () => {
    const placed = changed(dispense, ["location"], { reference: "Location/river-main" });
    const draft = fromMedicationDispense(placed, request, reading);
    expect(draft).to.deep.include({
      units: 10_000n,
      handedOverAt: Date.parse("2015-01-16T09:00:00Z") / 1000,
    });
    expect(draft.prescription.reference).to.equal("MedicationRequest/derived-parts");
    expect(draft.location).to.deep.equal({ reference: "Location/river-main" });
    expect(draft.document).to.deep.equal(placed);
    expect(authorizingPrescriptionOf(dispense, reading)).to.deep.equal(draft.prescription);
  });

  const cases: [readonly (string | number)[], unknown, string[]][] = [
    [["status"], "in-progress", [`StatusWrong ${M}.status`]],
    [["status"], "entered-in-error", [`StatusWrong ${M}.status`]],
    [["status"], "done", [`CodeUnknown ${M}.status`, `StatusWrong ${M}.status`]],
    [["whenHandedOver"], undefined, [`ElementMissing ${M}.whenHandedOver`]],
    [["whenHandedOver"], "2015-01-16", [`NotSupported ${M}.whenHandedOver`]],
    [["whenHandedOver"], "1960-01-16T10:00:00Z", [`OutOfRange ${M}.whenHandedOver`]],
    [["authorizingPrescription"], undefined, [`ElementMissing ${M}.authorizingPrescription`]],
    [
      ["authorizingPrescription", 0, "reference"],
      "MedicationRequest/other",
      [`Mismatch ${M}.authorizingPrescription[0].reference`],
    ],
    [
      ["authorizingPrescription", 0, "reference"],
      "ServiceRequest/other",
      [
        `ReferenceWrong ${M}.authorizingPrescription[0].reference`,
        `Mismatch ${M}.authorizingPrescription[0].reference`,
      ],
    ],
    [
      ["authorizingPrescription", 1],
      { reference: "MedicationRequest/b" },
      [`NotSupported ${M}.authorizingPrescription`],
    ],
    [["quantity"], undefined, [`ElementMissing ${M}.quantity`]],
    [["quantity", "code"], undefined, [`ElementMissing ${M}.quantity.code`]],
    [["quantity", "code"], "CAP", [`Mismatch ${M}.quantity.code`]],
    [["quantity", "system"], "urn:other", [`Mismatch ${M}.quantity.code`]],
    [["quantity", "value"], 30.001, [`Mismatch ${M}.quantity.value`]],
    [["quantity", "value"], 0, [`OutOfRange ${M}.quantity.value`]],
    [["subject", "reference"], "Patient/other", [`Mismatch ${M}.subject`]],
    [["location"], { reference: "Patient/p" }, [`ReferenceWrong ${M}.location.reference`]],
    [["performer"], [{ function: { text: "a" } }], [`ElementMissing ${M}.performer[0].actor`]],
    [
      ["statusReasonReference"],
      { reference: "Patient/p" },
      [`ReferenceWrong ${M}.statusReason.ofType(Reference).reference`],
    ],
    [["implicitRules"], "urn:a", [`ModifierUnknown ${M}.implicitRules`]],
    [["medicationCodeableConcept"], undefined, [`ElementMissing ${M}.medication`]],
  ];
  for (const [path, value, problems] of cases) {
    it(`refuses ${path.join(".")} ${JSON.stringify(value)}`, () =>
      expect(after(path, value)).to.deep.equal(problems));
  }

  it("takes the last thousandth of a fill, and any way to name the request", () => {
    expect(after(["quantity", "value"], 30)).to.deep.equal([]);
    for (const reference of [
      "https://st-mary.example/fhir/MedicationRequest/derived-parts",
      "MedicationRequest/derived-parts/_history/2",
    ]) {
      expect(after(["authorizingPrescription", 0, "reference"], reference)).to.deep.equal([]);
    }
  });

  it("refuses a substitution that the prescriber does not allow", () => {
    const strict = fromMedicationRequest(
      changed(derivedRequest("parts"), ["substitution"], { allowedBoolean: false }),
      reading,
    );
    const substituted = changed(dispense, ["substitution"], { wasSubstituted: true });
    expect(problemsOf(() => fromMedicationDispense(substituted, strict, reading))).to.deep.equal([
      `Mismatch ${M}.substitution.wasSubstituted`,
    ]);
    expect(problemsOf(() => fromMedicationDispense(substituted, request, reading))).to.deep.equal([]);
  });

  it("knows one unit by its two spellings, and no other", () => {
    const ucum = (code: string) => ({ system: "http://unitsofmeasure.org", code });
    expect(sameUnit(ucum("ml"), ucum("mL"))).to.equal(true);
    expect(sameUnit(ucum("l"), ucum("L"))).to.equal(true);
    expect(sameUnit(ucum("ml"), ucum("L"))).to.equal(false);
    expect(sameUnit(ucum("g"), ucum("G"))).to.equal(false);
    expect(sameUnit({ system: "urn:a", code: "ml" }, { system: "urn:a", code: "mL" })).to.equal(false);
    expect(sameUnit(ucum("ml"), { system: "urn:a", code: "ml" })).to.equal(false);
  });

  it("is written for a system that has none of its own, and reads back", () => {
    const zones = ["Asia/Shanghai", "America/St_Johns", "UTC", "Pacific/Chatham", "Europe/Amsterdam"];
    fc.assert(
      fc.property(
        fc.bigInt(1n, 30_000n),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.constantFrom(...zones),
        (units, handedOverAt, timeZone) => {
          const written = writeMedicationDispense({
            id: "d1",
            request: request.document,
            units,
            unit: request.unit,
            handedOverAt,
            timeZone,
            location: "Location/river-main",
          });
          const draft = fromMedicationDispense(JSON.parse(JSON.stringify(written)), request, { timeZone });
          expect([draft.units, draft.handedOverAt]).to.deep.equal([units, handedOverAt]);
        },
      ),
      { numRuns: 100 },
    );
    const formula = fromMedicationRequest(derivedRequest("formula"), reading);
    const { unit, unitsPerFill, document } = formula;
    const written = writeMedicationDispense({
      id: "d",
      request: document,
      units: unitsPerFill,
      unit,
      handedOverAt: 1,
      ...reading,
    });
    expect(fromMedicationDispense(written, formula, reading).units).to.equal(unitsPerFill);
    expect(written.contained).to.deep.equal(document.contained);
  });
});

describe("toMedicationRequest", () => {
  const standing = { status: "Open", halted: false, dispensed: false, validUntil: 1_000 } as const;
  const cases: [object, number, string, string | undefined][] = [
    [{}, 0, "active", undefined],
    [{ halted: true }, 0, "on-hold", "halted"],
    [{}, 1_000, "stopped", "expired"],
    [{ status: "AwaitingReview" }, 999, "draft", "awaiting-review"],
    [{ status: "AwaitingReview" }, 1_000, "stopped", "expired"],
    [{ status: "Completed", dispensed: true }, 5_000, "completed", undefined],
    [{ status: "Cancelled" }, 0, "cancelled", "cancelled"],
    [{ status: "Cancelled", dispensed: true }, 0, "stopped", "cancelled"],
    [{ status: "Replaced" }, 0, "cancelled", "replaced"],
    [{ status: "Replaced", dispensed: true }, 0, "stopped", "replaced"],
    [{ status: "Refused" }, 0, "cancelled", "refused"],
    [{ status: "Unknown" }, 0, "unknown", undefined],
  ];
  for (const [change, now, status, reason] of cases) {
    it(`says ${status} of ${JSON.stringify(change)} at ${now}`, () => {
      const out = toMedicationRequest(request.document, { ...standing, ...change }, now);
      expect(out.status).to.equal(status);
      expect(out.statusReason?.coding?.[0]?.code).to.equal(reason);
      const { status: _status, statusReason: _reason, ...rest } = out;
      const { status: _before, ...same } = derivedRequest("parts");
      expect(rest).to.deep.equal(same);
    });
  }

  it("knows every status of the ledger, and what it gives is sound R4", () => {
    for (const status of PRESCRIPTION_STATUS_NAMES) {
      const out = toMedicationRequest(request.document, { ...standing, status }, 0);
      const problems = problemsOf(() => fromMedicationRequest(out, reading));
      expect(problems.filter((problem) => !problem.startsWith("StatusWrong"))).to.deep.equal([]);
    }
  });
});

describe("toMedicationDispense", () => {
  const expected = {
    Unspecified: "entered-in-error",
    NotCollected: "cancelled",
    WrongEntry: "entered-in-error",
    WrongProduct: "entered-in-error",
    Returned: "stopped",
  };
  it("says completed while it stands", () => {
    const out = toMedicationDispense(dispense, { units: 1n, handedOverAt: 1, withdrawn: undefined });
    expect(out).to.deep.equal(derivedDispense("parts-1"));
  });
  for (const reason of WITHDRAWAL_REASON_NAMES) {
    it(`says ${expected[reason]} when it was withdrawn as ${reason}`, () => {
      const out = toMedicationDispense(dispense, { units: 1n, handedOverAt: 1, withdrawn: reason });
      expect(out.status).to.equal(expected[reason]);
      expect(problemsOf(() => fromMedicationDispense(out, request, reading))).to.deep.equal([
        `StatusWrong ${M}.status`,
      ]);
    });
  }
});

describe("shiftWindow and splitRequest", () => {
  it("refuses to shift what could not be issued anyway", () => {
    expect(problemsOf(() => shiftWindow(publishedRequest("medrx0304"), 1, reading))).to.deep.equal([
      "StatusWrong MedicationRequest.status",
    ]);
  });

  it("keeps tags that are there", () => {
    const { meta } = shiftWindow(derivedRequest("parts"), 1_800_000_000, reading);
    expect(meta?.tag?.map((tag) => tag.code)).to.deep.equal(["derived", "shifted"]);
  });

  it("makes one request a fill, whose windows are those of the papers, to the second", () => {
    const original = derivedRequest("repeats");
    const draft = fromMedicationRequest(original, reading);
    const papers = splitForPaper(draft);
    const requests = splitRequest(original, papers, reading);
    expect(requests.map((each) => each.id)).to.deep.equal([
      "derived-repeats-1",
      "derived-repeats-2",
      "derived-repeats-3",
    ]);
    requests.forEach((each, index) => {
      const paper = papers[index]!;
      const single = fromMedicationRequest(each, reading);
      expect(single).to.include({
        unitsPerFill: draft.unitsPerFill,
        fills: 1,
        interval: 0,
        validFrom: paper.validFrom,
        validUntil: paper.validUntil,
      });
      expect(each.meta?.tag?.at(-1)?.code).to.equal(`fill-${index + 1}-of-3`);
    });
    expect(original).to.deep.equal(derivedRequest("repeats"));
  });
});
