import { encodeBase64 } from "ethers";
import type { Coding, DocumentReference, Reference } from "fhir/r4.js";

import { createProblems } from "../../core/fhir/errors.ts";
import { CATEGORY_SYSTEM } from "../../core/fhir/systems.ts";
import { checkObject } from "../../core/input.ts";
import { copyBytes } from "../../documents/bytes.ts";
import type { RecordContent } from "../../vault/sealRecord.ts";
import { sha1 } from "./documentToRecord.ts";

/** A record as the ledger and the vault have it. */
export interface RecordForDocument {
  /** Status of the record (`standingOf`). */
  readonly status: "Unknown" | "Current" | "Superseded" | "Retracted";
  /** The document. */
  readonly content: RecordContent;
  /** Code of its governed category. */
  readonly category: string;
  /** The record that it took the place of. */
  readonly replaces?: Reference | undefined;
  /** The document reference that was kept for it: it comes back as it was, with the status of now. */
  readonly metadata?: DocumentReference | undefined;
}

/** How a record is written where no document reference was kept for it. */
export interface DocumentWriting {
  readonly subject: Reference;
  readonly custodian?: Reference | undefined;
  readonly author?: readonly Reference[] | undefined;
  /** FHIR instant. */
  readonly date?: string | undefined;
  readonly format?: Coding | undefined;
  /** Where the document can be fetched; without it the document is put into `data`. */
  readonly url?: string | undefined;
}

/** FHIR has no word for a record that is not there. */
const STATUSES = { Current: "current", Superseded: "superseded", Retracted: "entered-in-error" } as const;

/**
 * Write a record as a FHIR R4 DocumentReference: `current`, `superseded` or, when it was retracted, `entered-in-error`. Where
 * its own document reference was kept, that one comes back with nothing changed but status, size, hash and where the
 * document is.
 *
 * @throws FhirError (`StatusWrong`, `Mismatch`) for a record that is unknown, or kept under another media type than its
 * document reference says.
 * @example
 * const document = await recordToDocument({ status, content, category: "imaging" }, { subject: { reference: "Patient/1" } });
 */
export async function recordToDocument(
  record: RecordForDocument,
  writing: DocumentWriting,
): Promise<DocumentReference> {
  checkObject("record", record);
  checkObject("writing", writing);
  const { status, metadata, content } = record;
  const problems = createProblems();
  if (status === "Unknown") {
    problems.add(
      "StatusWrong",
      "DocumentReference.status",
      "The record is not on the ledger.",
      "Pass terms and origin as they were anchored.",
    );
  }
  const said = metadata?.content[0]?.attachment.contentType;
  if (said !== undefined && said !== content.mediaType) {
    problems.add(
      "Mismatch",
      "DocumentReference.content[0].attachment.contentType",
      "The document was kept under another media type.",
      "Pass the document reference that was kept for this record.",
    );
  }
  problems.throwIfAny("DocumentReference");
  const bytes = copyBytes(content.content);
  const { data: _data, url: before, ...kept } = metadata?.content[0]?.attachment ?? {};
  const url = writing.url;
  const attachment = {
    ...kept,
    contentType: content.mediaType,
    ...(url === undefined ? { data: encodeBase64(bytes) } : { url }),
    ...(url === undefined && before !== undefined ? { url: before } : {}),
    size: bytes.length,
    hash: await sha1(bytes),
  };
  const now = STATUSES[status as keyof typeof STATUSES];
  if (metadata !== undefined) {
    const copy = structuredClone(metadata);
    return { ...copy, status: now, content: [{ ...copy.content[0]!, attachment }] };
  }
  const { subject, custodian, author, date, format } = writing;
  return {
    resourceType: "DocumentReference",
    status: now,
    category: [{ coding: [{ system: CATEGORY_SYSTEM, code: record.category }] }],
    subject,
    ...(date === undefined ? {} : { date }),
    ...(author === undefined ? {} : { author: [...author] }),
    ...(custodian === undefined ? {} : { custodian }),
    ...(record.replaces === undefined ? {} : { relatesTo: [{ code: "replaces", target: record.replaces }] }),
    content: [{ attachment, ...(format === undefined ? {} : { format }) }],
  };
}
