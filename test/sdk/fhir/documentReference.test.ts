import { createHash } from "node:crypto";

import { expect } from "chai";
import type { DocumentReference } from "fhir/r4.js";

import {
  type DocumentReading,
  documentToRecord,
  recordToDocument,
} from "../../../sdk/src/records/fhir/index.ts";
import { FhirError } from "../../../sdk/src/index.ts";
import { changed, exampleFiles, exampleText } from "./support.ts";

const TEXT = new TextEncoder().encode("An image report.");
const SHA1 = createHash("sha1").update(TEXT).digest("base64");

const published = JSON.parse(exampleText("fhir-r4", "DocumentReference-example.json")) as DocumentReference;

const reading: DocumentReading = {
  custodian: 7,
  categories: ["general", "imaging"],
  classes: { "http://loinc.org|34108-1": "general", "http://loinc.org|18748-4": "imaging" },
  organization: ({ reference }) => (reference === "Organization/f001" ? 7 : undefined),
};

/** A document reference with its document in it. */
const report: DocumentReference = {
  resourceType: "DocumentReference",
  status: "current",
  type: { coding: [{ system: "http://loinc.org", code: "18748-4" }] },
  subject: { reference: "Patient/1" },
  author: [{ reference: "Practitioner/1" }],
  custodian: { reference: "Organization/f001" },
  date: "2026-03-01T09:00:00+08:00",
  relatesTo: [
    { code: "replaces", target: { reference: "DocumentReference/before" } },
    { code: "appends", target: { reference: "DocumentReference/other" } },
  ],
  content: [
    {
      attachment: {
        contentType: "text/plain",
        data: Buffer.from(TEXT).toString("base64"),
        size: TEXT.length,
        hash: SHA1,
        title: "Report",
      },
    },
  ],
  context: { period: { start: "2026-02-27", end: "2026-02-28" } },
};

async function refusals(resource: unknown, different: Partial<DocumentReading> = {}): Promise<string[]> {
  try {
    await documentToRecord(resource, { ...reading, ...different });
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

function parsed(content: Uint8Array): DocumentReference {
  return JSON.parse(new TextDecoder().decode(content)) as DocumentReference;
}

describe("the published FHIR R4 document reference", () => {
  it("is one", () => {
    expect(exampleFiles("fhir-r4").filter((file) => file.startsWith("DocumentReference"))).to.have.length(1);
  });

  it("is refused without its document, which it has at an address", async () => {
    expect(await refusals(published)).to.deep.equal([
      "ElementMissing DocumentReference.content[0].attachment.data",
    ]);
  });

  it("is refused with another document than the one it names by size and hash", async () => {
    expect(await refusals(published, { content: TEXT })).to.deep.equal([
      "Mismatch DocumentReference.content[0].attachment.size",
      "Mismatch DocumentReference.content[0].attachment.hash",
    ]);
  });

  it("is refused where no category stands for it", async () => {
    expect(await refusals(published, { classes: {}, content: TEXT })).to.include(
      "CodeUnknown DocumentReference.category",
    );
  });

  it("is taken with the document that it names", async () => {
    const copy = structuredClone(published);
    Object.assign(copy.content[0]!.attachment, { size: TEXT.length, hash: SHA1 });
    const draft = await documentToRecord(copy, { ...reading, content: TEXT });
    expect(draft).to.deep.include({ custodian: 7, category: "general", codeSystem: 0, replaces: undefined });
    expect(draft.content).to.deep.equal({ mediaType: "application/hl7-v3+xml", content: TEXT });
    expect(draft.context.relatesTo).to.deep.equal(published.relatesTo);
    expect(parsed(draft.metadata.content)).to.deep.equal(copy);
  });
});

describe("documentToRecord", () => {
  it("takes the document out, and keeps all else", async () => {
    const draft = await documentToRecord(report, reading);
    expect(draft).to.deep.include({
      custodian: 7,
      category: "imaging",
      codeSystem: 0,
      content: { mediaType: "text/plain", content: TEXT },
      replaces: { reference: "DocumentReference/before" },
    });
    expect(draft.context).to.deep.equal({
      subject: report.subject,
      author: report.author,
      custodian: report.custodian,
      date: report.date,
      period: report.context!.period,
      relatesTo: [report.relatesTo![1]],
    });
    const { data: _data, ...attachment } = report.content[0]!.attachment;
    expect(draft.metadata.mediaType).to.equal("application/fhir+json");
    expect(parsed(draft.metadata.content)).to.deep.equal({ ...report, content: [{ attachment }] });
  });

  it("takes a governed category by itself, and the version of its code system", async () => {
    const coded = {
      ...report,
      type: undefined,
      category: [{ coding: [{ system: "urn:careledger:category", code: "general" }] }],
      content: [{ ...report.content[0]!, format: { system: "urn:oid:1", code: "x" } }],
    };
    const { type: _type, ...rest } = coded;
    const draft = await documentToRecord(rest, { ...reading, formats: { "urn:oid:1|x": 3 } });
    expect(draft).to.include({ category: "general", codeSystem: 3 });
    expect(await refusals(rest, { formats: {} })).to.deep.equal([
      "CodeUnknown DocumentReference.content[0].format",
    ]);
  });

  const at = ["content", 0, "attachment"] as const;
  const refused: readonly (readonly [string, readonly (string | number)[], unknown, string])[] = [
    ["what was superseded", ["status"], "superseded", "StatusWrong DocumentReference.status"],
    ["what is in error", ["status"], "entered-in-error", "StatusWrong DocumentReference.status"],
    ["a document in error", ["docStatus"], "entered-in-error", "StatusWrong DocumentReference.docStatus"],
    ["no subject", ["subject"], undefined, "ElementMissing DocumentReference.subject"],
    ["a group", ["subject"], { reference: "Group/1" }, "NotSupported DocumentReference.subject"],
    ["a device", ["subject"], { type: "Device", display: "x" }, "NotSupported DocumentReference.subject"],
    ["an unknown type", ["type", "coding", 0, "code"], "1", "CodeUnknown DocumentReference.type"],
    [
      "types of two categories",
      ["category"],
      [{ coding: [{ system: "http://loinc.org", code: "34108-1" }] }],
      "Mismatch DocumentReference.category",
    ],
    ["two formats", ["content", 1], report.content[0], "NotSupported DocumentReference.content"],
    [
      "two that it replaces",
      ["relatesTo", 1, "code"],
      "replaces",
      "NotSupported DocumentReference.relatesTo",
    ],
    [
      "no media type",
      [...at, "contentType"],
      undefined,
      "ElementMissing DocumentReference.content[0].attachment.contentType",
    ],
    [
      "a wrong media type",
      [...at, "contentType"],
      "pdf",
      "ElementMalformed DocumentReference.content[0].attachment.contentType",
    ],
    ["a wrong size", [...at, "size"], 1, "Mismatch DocumentReference.content[0].attachment.size"],
    ["a wrong hash", [...at, "hash"], "AAAA", "Mismatch DocumentReference.content[0].attachment.hash"],
    ["no base64", [...at, "data"], "A", "ElementMalformed DocumentReference.content[0].attachment.data"],
    [
      "a modifier extension",
      ["modifierExtension"],
      [{ url: "http://example.org" }],
      "ModifierUnknown DocumentReference.modifierExtension",
    ],
  ];
  for (const [what, path, value, problem] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await refusals(changed(report, path, value))).to.deep.equal([problem]);
    });
  }

  it("refuses what another member keeps", async () => {
    expect(await refusals(report, { custodian: 8 })).to.deep.equal(["Mismatch DocumentReference.custodian"]);
  });

  it("refuses two documents, and one that is too long", async () => {
    expect(await refusals(report, { content: new Uint8Array(3) })).to.deep.equal([
      "Mismatch DocumentReference.content[0].attachment.data",
    ]);
    const long = {
      ...report,
      content: [{ attachment: { contentType: "image/png", url: "http://example.org/image" } }],
    };
    expect(await refusals(long, { content: new Uint8Array(4_194_305) })).to.deep.equal([
      "OutOfRange DocumentReference.content[0].attachment",
    ]);
  });

  it("refuses a reading that names no registered category", async () => {
    const refusal = await documentToRecord(report, { ...reading, classes: { "a|b": "other" } }).catch(
      (error: unknown) => error,
    );
    expect(refusal).to.have.property("code", "InputInvalid");
  });
});

describe("recordToDocument", () => {
  const subject = { reference: "Patient/1" };

  it("gives back the document reference that was kept, with the status of now", async () => {
    const { content, metadata, category } = await documentToRecord(report, reading);
    const kept = parsed(metadata.content);
    const back = (status: "Current" | "Superseded" | "Retracted"): Promise<DocumentReference> =>
      recordToDocument({ status, content, category, metadata: kept }, { subject });
    expect(await back("Current")).to.deep.equal(report);
    expect(await back("Superseded")).to.deep.equal({ ...report, status: "superseded" });
    expect(await back("Retracted")).to.deep.equal({ ...report, status: "entered-in-error" });
    expect(await documentToRecord(await back("Current"), reading)).to.deep.equal(
      await documentToRecord(report, reading),
    );
  });

  it("writes one where none was kept, and it is read back", async () => {
    const content = { mediaType: "text/plain", content: TEXT };
    const replaces = { reference: "DocumentReference/before" };
    const written = await recordToDocument(
      { status: "Current", content, category: "imaging", replaces },
      { subject, custodian: { reference: "Organization/f001" }, date: "2026-03-01T09:00:00Z" },
    );
    expect(written.content[0]!.attachment).to.include({ size: TEXT.length, hash: SHA1 });
    const draft = await documentToRecord(written, reading);
    expect(draft).to.deep.include({ content, category: "imaging", replaces });
  });

  it("names an address in place of the document", async () => {
    const content = { mediaType: "text/plain", content: TEXT };
    const url = "https://example.org/records/1";
    const written = await recordToDocument(
      { status: "Current", content, category: "imaging" },
      { subject, url },
    );
    expect(written.content[0]!.attachment).to.include({ url }).and.not.to.have.property("data");
    expect(await refusals(written)).to.deep.equal([
      "ElementMissing DocumentReference.content[0].attachment.data",
    ]);
    expect(await refusals(written, { content: TEXT })).to.deep.equal([]);
  });

  it("refuses a record that is unknown, or kept as something else", async () => {
    const content = { mediaType: "image/png", content: TEXT };
    const refusal = await recordToDocument(
      { status: "Unknown", content, category: "imaging", metadata: report },
      { subject },
    ).catch((error: unknown) => error);
    expect((refusal as FhirError).problems.map(({ code, element }) => `${code} ${element}`)).to.deep.equal([
      "StatusWrong DocumentReference.status",
      "Mismatch DocumentReference.content[0].attachment.contentType",
    ]);
  });
});
