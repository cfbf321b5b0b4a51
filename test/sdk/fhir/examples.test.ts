import { createHash } from "node:crypto";

import { expect } from "chai";

import {
  type PrescriptionDraft,
  authorizingPrescriptionOf,
  fromMedicationDispense,
  fromMedicationRequest,
  shiftHandOver,
  shiftWindow,
} from "../../../sdk/src/prescriptions/fhir/index.ts";
import {
  derivedDispense,
  derivedRequest,
  exampleFiles,
  exampleText,
  problemsOf,
  publishedDispense,
  publishedRequest,
} from "./support.ts";

const reading = { timeZone: "Europe/Amsterdam" };

/** What becomes of each published request: what is counted, or the elements that are refused. */
const REQUESTS: Readonly<Record<string, string | readonly string[]>> = {
  medrx002: [
    "NotSupported MedicationRequest.medication.ofType(Reference).reference",
    "ElementMissing MedicationRequest.dispenseRequest",
  ],
  medrx0301: [
    "ReferenceWrong MedicationRequest.dispenseRequest.performer.reference",
    "StatusWrong MedicationRequest.status",
  ],
  medrx0302: "6 TAB x 2",
  medrx0303: "51 TAB x 2",
  medrx0304: ["StatusWrong MedicationRequest.status"],
  medrx0305: ["StatusWrong MedicationRequest.status"],
  medrx0306: ["ElementMissing MedicationRequest.dispenseRequest"],
  medrx0307: ["StatusWrong MedicationRequest.status"],
  medrx0308: ["StatusWrong MedicationRequest.status"],
  medrx0309: ["ElementMissing MedicationRequest.dispenseRequest"],
  medrx0310: ["ElementMissing MedicationRequest.dispenseRequest"],
  medrx0311: "30 TAB x 2",
  medrx0312: "360 mL x 4",
  medrx0313: ["StatusWrong MedicationRequest.status"],
  medrx0314: ["StatusWrong MedicationRequest.status"],
  medrx0315: ["ElementMissing MedicationRequest.dispenseRequest"],
  medrx0316: ["StatusWrong MedicationRequest.status", "ElementMissing MedicationRequest.dispenseRequest"],
  medrx0317: ["StatusWrong MedicationRequest.status", "ElementMissing MedicationRequest.dispenseRequest"],
  medrx0318: ["ElementMissing MedicationRequest.dispenseRequest"],
  medrx0319: ["StatusWrong MedicationRequest.status", "ElementMissing MedicationRequest.dispenseRequest"],
  medrx0320: ["StatusWrong MedicationRequest.status"],
  medrx0321: "10 ml x 4",
  medrx0322: ["StatusWrong MedicationRequest.status", "ElementMissing MedicationRequest.dispenseRequest"],
  medrx0323: ["StatusWrong MedicationRequest.status", "ElementMissing MedicationRequest.dispenseRequest"],
  medrx0324: ["StatusWrong MedicationRequest.status"],
  medrx0325: ["StatusWrong MedicationRequest.status"],
  medrx0326: ["StatusWrong MedicationRequest.status"],
  medrx0327: "6 patch x 1",
  medrx0328: "30 ml x 4",
  medrx0329: ["StatusWrong MedicationRequest.status"],
  medrx0330: "10 mL x 2",
  medrx0331: "30 TAB x 4",
  medrx0332: ["ElementMissing MedicationRequest.dispenseRequest"],
  medrx0333: "30 TAB x 2",
  medrx0334: ["StatusWrong MedicationRequest.status"],
  medrx0335: ["StatusWrong MedicationRequest.status"],
  medrx0336: ["StatusWrong MedicationRequest.status", "ElementMissing MedicationRequest.dispenseRequest"],
  medrx0337: ["StatusWrong MedicationRequest.status", "ElementMissing MedicationRequest.dispenseRequest"],
  medrx0338: ["StatusWrong MedicationRequest.status", "ElementMissing MedicationRequest.dispenseRequest"],
  medrx0339: [
    "ElementMissing MedicationRequest.dispenseRequest.quantity.code",
    "ElementMissing MedicationRequest.dispenseRequest.quantity.system",
  ],
};

/** What becomes of each published dispense: what it hands over of which request, or the elements that are refused. */
const DISPENSES: Readonly<Record<string, string | readonly string[]>> = {
  meddisp008: [
    "ElementMissing MedicationDispense.whenHandedOver",
    "ElementMissing MedicationDispense.quantity",
  ],
  meddisp0301: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0302: ["StatusWrong MedicationDispense.status"],
  meddisp0303: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0304: "refused request medrx0319",
  meddisp0305: ["StatusWrong MedicationDispense.status"],
  meddisp0306: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0307: "refused request medrx0306",
  meddisp0308: "10 of medrx0330",
  meddisp0309: ["StatusWrong MedicationDispense.status", "NotSupported MedicationDispense.whenHandedOver"],
  meddisp0310: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0311: "refused request medrx0324",
  meddisp0312: ["StatusWrong MedicationDispense.status"],
  meddisp0313: ["StatusWrong MedicationDispense.status"],
  meddisp0314: "refused request medrx0315",
  meddisp0315: ["StatusWrong MedicationDispense.status"],
  meddisp0316: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0317: ["StatusWrong MedicationDispense.status"],
  meddisp0318: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0319: "6 of medrx0302",
  meddisp0320: "refused request medrx0323",
  meddisp0321: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0322: "360 of medrx0312",
  meddisp0324: ["Mismatch MedicationDispense.quantity.code"],
  meddisp0325: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0326: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0327: ["Mismatch MedicationDispense.quantity.value"],
  meddisp0328: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0329: "refused request medrx0329",
  meddisp0330: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
  meddisp0331: ["StatusWrong MedicationDispense.status", "ElementMissing MedicationDispense.whenHandedOver"],
};

/** SHA-256 over name, zero byte and content of the published files in order. */
const DIGEST = "a6f60bc9c5a893ccdeb47052de344a13ab2c8b8d22d8dc7e33f8445b59267106";

const idsOf = (kind: string): string[] =>
  exampleFiles("fhir-r4")
    .filter((file) => file.startsWith(`${kind}-`))
    .map((file) => file.slice(kind.length + 1, -5));

function tryRequest(id: string): PrescriptionDraft | undefined {
  let draft: PrescriptionDraft | undefined;
  problemsOf(() => {
    draft = fromMedicationRequest(publishedRequest(id), reading);
  });
  return draft;
}

describe("the published FHIR R4 examples", () => {
  it("are all there, unchanged", () => {
    const digest = createHash("sha256");
    for (const file of exampleFiles("fhir-r4"))
      digest.update(file).update("\0").update(exampleText("fhir-r4", file));
    expect(digest.digest("hex")).to.equal(DIGEST);
    expect(idsOf("MedicationRequest")).to.have.length(40).and.to.deep.equal(Object.keys(REQUESTS));
    expect(idsOf("MedicationDispense")).to.have.length(31).and.to.deep.equal(Object.keys(DISPENSES));
  });

  for (const [id, expected] of Object.entries(REQUESTS)) {
    if (typeof expected === "string") {
      it(`request ${id} is taken as ${expected}, and its shifted copy too`, () => {
        const request = publishedRequest(id);
        const draft = fromMedicationRequest(request, reading);
        expect(`${Number(draft.unitsPerFill) / 1000} ${draft.unit.code} x ${draft.fills}`).to.equal(expected);
        expect(draft.document).to.deep.equal(publishedRequest(id));
        // 2015-01-15 to 2016-01-15 inclusive, in winter time.
        expect(draft.validFrom).to.equal(Date.parse("2015-01-14T23:00:00Z") / 1000);
        expect(draft.validUntil).to.equal(Date.parse("2016-01-15T23:00:00Z") / 1000);

        const now = Date.parse("2026-07-01T12:00:00Z") / 1000;
        const shifted = fromMedicationRequest(shiftWindow(request, now, reading), reading);
        expect(shifted.validFrom).to.equal(Date.parse("2026-06-30T22:00:00Z") / 1000);
        expect(shifted.validUntil - shifted.validFrom).to.equal(draft.validUntil - draft.validFrom);
        expect(shifted.document.meta?.tag?.at(-1)?.code).to.equal("shifted");
        expect(request).to.deep.equal(publishedRequest(id));
      });
    } else {
      it(`request ${id} is refused for ${expected.length} reason(s)`, () => {
        expect(problemsOf(() => fromMedicationRequest(publishedRequest(id), reading))).to.deep.equal(
          expected,
        );
      });
    }
  }

  for (const [id, expected] of Object.entries(DISPENSES)) {
    it(`dispense ${id}: ${typeof expected === "string" ? expected : `refused for ${expected.length} reason(s)`}`, () => {
      const dispense = publishedDispense(id);
      const prescription = dispense.authorizingPrescription?.[0]?.reference?.split("/")[1] ?? "";
      const request = tryRequest(prescription);
      const problems = problemsOf(() => {
        authorizingPrescriptionOf(dispense, reading);
        if (request !== undefined) fromMedicationDispense(dispense, request, reading);
      });
      if (typeof expected !== "string") {
        expect(problems).to.deep.equal(expected);
        return;
      }
      expect(problems).to.deep.equal([]);
      if (request === undefined) {
        expect(expected).to.equal(`refused request ${prescription}`);
        return;
      }
      const draft = fromMedicationDispense(dispense, request, reading);
      expect(`${Number(draft.units) / 1000} of ${prescription}`).to.equal(expected);
      expect(draft.handedOverAt).to.equal(Date.parse(dispense.whenHandedOver!) / 1000);

      const shifted = shiftHandOver(dispense, 1_800_000_000, reading);
      expect(fromMedicationDispense(shifted, request, reading).handedOverAt).to.equal(1_800_000_000);
      const gap = (each: typeof dispense): number =>
        Date.parse(each.whenHandedOver!) - Date.parse(each.whenPrepared!);
      expect(gap(shifted)).to.equal(gap(dispense));
    });
  }
});

describe("the derived examples", () => {
  it("say that they are derived", () => {
    for (const file of exampleFiles("derived")) {
      const { meta } = JSON.parse(exampleText("derived", file));
      expect(meta.tag[0]).to.include({ system: "urn:careledger:tag", code: "derived" });
    }
  });

  it("are all taken, and every dispense fits its request", () => {
    for (const file of exampleFiles("derived").filter((name) => name.startsWith("MedicationRequest"))) {
      const id = file.slice("MedicationRequest-derived-".length, -5);
      const draft = fromMedicationRequest(derivedRequest(id), reading);
      for (const other of exampleFiles("derived").filter((name) =>
        name.startsWith(`MedicationDispense-derived-${id}-`),
      )) {
        const dispense = derivedDispense(other.slice("MedicationDispense-derived-".length, -5));
        expect(fromMedicationDispense(dispense, draft, reading).handedOverAt).to.be.within(
          draft.validFrom,
          draft.validUntil - 1,
        );
      }
    }
  });

  it("have parts that make a fill, and repeats with their interval", () => {
    const parts = fromMedicationRequest(derivedRequest("parts"), reading);
    const handed = ["parts-1", "parts-2"].map(
      (id) => fromMedicationDispense(derivedDispense(id), parts, reading).units,
    );
    expect(handed[0]! + handed[1]!).to.equal(parts.unitsPerFill);

    const repeats = fromMedicationRequest(derivedRequest("repeats"), reading);
    expect(repeats).to.include({ fills: 3, interval: 28 * 86_400, unitsPerFill: 56_000n });
    const [first, second] = ["repeats-1", "repeats-2"].map(
      (id) => fromMedicationDispense(derivedDispense(id), repeats, reading).handedOverAt,
    );
    expect(second! - first!).to.equal(repeats.interval);
  });

  it("have a formula of five ingredients, counted in doses", () => {
    const { document, unitsPerFill, unit } = fromMedicationRequest(derivedRequest("formula"), reading);
    expect(unitsPerFill).to.equal(5_000n);
    expect(unit).to.include({ system: "http://unitsofmeasure.org", code: "{dose}" });
    const [medication] = document.contained!;
    expect((medication as unknown as { ingredient: unknown[] }).ingredient).to.have.length(5);
  });
});
