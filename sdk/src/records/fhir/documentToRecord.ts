import { decodeBase64, encodeBase64 } from "ethers";
import type { DocumentReference, Period, Reference } from "fhir/r4.js";

import { type ProblemList, createProblems } from "../../core/fhir/errors.ts";
import { CATEGORY_SYSTEM, FHIR_JSON } from "../../core/fhir/systems.ts";
import { type JsonObject, checkResource, isBase64, isJsonObject } from "../../core/fhir/validate.ts";
import { checkList, checkMember, checkObject, inputError } from "../../core/input.ts";
import { type Bytes, copyBytes } from "../../documents/bytes.ts";
import { canonicalJson } from "../../documents/canonical.ts";
import { MAX_RECORD_LENGTH, type RecordContent } from "../../vault/sealRecord.ts";

/** How a document reference is read. */
export interface DocumentReading {
  /** Member that keeps the records. */
  readonly custodian: number;
  /** Codes of the registered categories, as `listCategories` has them. */
  readonly categories: readonly string[];
  /** Governed category that a `category` or a `type` stands for, by `system|code`. */
  readonly classes?: Readonly<Record<string, string>> | undefined;
  /** Number of the code-system version that a `content.format` is coded in, by `system|code`; uncoded where it is missing. */
  readonly formats?: Readonly<Record<string, number>> | undefined;
  /** Number of the member that an Organization stands for; undefined for none. */
  readonly organization?: ((reference: Reference) => number | undefined) | undefined;
  /** What `attachment.url` leads to: the SDK fetches nothing by itself. */
  readonly content?: Uint8Array | undefined;
}

/** What a document reference becomes. */
export interface DocumentDraft {
  /** Member that keeps it. */
  readonly custodian: number;
  /** Code of its governed category. */
  readonly category: string;
  /** Number of the code-system version in which it is coded; 0 for uncoded content. */
  readonly codeSystem: number;
  /** The document: seal it, store it and anchor it (`commitRecord`, `draftRecord`, `anchorRecord`, `storeRecord`). */
  readonly content: RecordContent;
  /**
   * The document reference itself without the document in it, canonical: subject, author, period and all that the ledger
   * has no place for. Keep it as a record of its own, so that nothing is lost.
   */
  readonly metadata: RecordContent;
  /** The document that this one replaces: `supersedeRecord` it. */
  readonly replaces: Reference | undefined;
  /** What stands around it; all of it is in `metadata`. */
  readonly context: DocumentReferenceContext;
}

/** Who and when. */
export interface DocumentReferenceContext {
  readonly subject: Reference;
  readonly author: readonly Reference[];
  readonly custodian: Reference | undefined;
  readonly date: string | undefined;
  readonly period: Period | undefined;
  /** Relations other than replacing. */
  readonly relatesTo: NonNullable<DocumentReference["relatesTo"]>;
}

const PLACE = "DocumentReference";
const ATTACHMENT = `${PLACE}.content[0].attachment`;
const MEDIA_TYPE = /^[A-Za-z0-9][\w!#$&^.+-]*\/[A-Za-z0-9][\w!#$&^.+-]*( ?;[ -~]*)?$/;

/**
 * Read a FHIR R4 DocumentReference, as IHE MHD has it, as a record to anchor and to keep.
 *
 * | FHIR | ledger and vault |
 * |---|---|
 * | `status` | `current`; what is superseded or in error is not anchored |
 * | `relatesTo` of `replaces` | supersede that record |
 * | `category`, `type` | the governed category, by the tables; they must agree on one |
 * | `content.format` | code-system version |
 * | `content.attachment` | media type and bytes; `size` and `hash` (SHA-1) are compared |
 * | `custodian` | this member, or an organisation that is none |
 * | all else | stays in `metadata` |
 *
 * @param resource Parsed JSON.
 * @throws FhirError with all problems, each naming its element (FHIRPath) and the way to mend it; `InputInvalid` for the reading.
 * @example
 * const { content, metadata, category } = await documentToRecord(JSON.parse(text), {
 *   custodian: 7, categories: ["general"], classes: { "http://loinc.org|34108-1": "general" }, content: fetched,
 * });
 * @see https://hl7.org/fhir/R4/documentreference.html
 */
export async function documentToRecord(resource: unknown, reading: DocumentReading): Promise<DocumentDraft> {
  checkReading(reading);
  const problems = createProblems();
  const draft = checkResource(resource, PLACE, problems)
    ? await readDocument(resource, reading, problems)
    : undefined;
  problems.throwIfAny(PLACE);
  return draft!;
}

function checkReading(reading: DocumentReading): void {
  checkObject("reading", reading);
  checkMember("reading.custodian", reading.custodian);
  const known = checkList("reading.categories", reading.categories, 32);
  for (const [key, code] of Object.entries(reading.classes ?? {})) {
    if (!known.includes(code)) {
      throw inputError(`reading.classes.${key}`, "it names no registered category", "a code of categories");
    }
  }
}

async function readDocument(
  resource: JsonObject,
  reading: DocumentReading,
  problems: ProblemList,
): Promise<DocumentDraft | undefined> {
  checkStanding(resource, problems);
  checkParties(resource, reading, problems);
  const replaces = readReplaces(resource["relatesTo"], problems);
  const category = readCategory(resource, reading, problems);
  const codeSystem = readFormat(resource["content"], reading, problems);
  const content = await readAttachment(resource["content"], reading, problems);
  if (problems.list().length > 0 || category === undefined || content === undefined) return undefined;
  const document = resource as unknown as DocumentReference;
  return {
    custodian: reading.custodian,
    category,
    codeSystem,
    content,
    metadata: { mediaType: FHIR_JSON, content: canonicalJson(await withoutData(document, content.content)) },
    replaces,
    context: {
      subject: document.subject!,
      author: document.author ?? [],
      custodian: document.custodian,
      date: document.date,
      period: document.context?.period,
      relatesTo: (document.relatesTo ?? []).filter(({ code }) => code !== "replaces"),
    },
  };
}

function checkStanding({ status, docStatus }: JsonObject, problems: ProblemList): void {
  if (status === "superseded" || status === "entered-in-error") {
    problems.add(
      "StatusWrong",
      `${PLACE}.status`,
      "Only a current document is anchored.",
      status === "superseded"
        ? "Anchor the document that replaced it, in its place if it is on the ledger (supersedeRecord)."
        : "Retract it if it is on the ledger (retractRecord).",
    );
  }
  if (docStatus === "entered-in-error") {
    problems.add(
      "StatusWrong",
      `${PLACE}.docStatus`,
      "The document was entered in error.",
      "Retract it if it is on the ledger (retractRecord).",
    );
  }
}

function checkParties(resource: JsonObject, reading: DocumentReading, problems: ProblemList): void {
  const { subject, custodian } = resource;
  if (subject === undefined) {
    problems.add("ElementMissing", `${PLACE}.subject`, "It is missing.", "Say which patient it is about.");
  }
  if (isJsonObject(subject) && !mayBePatient(subject as unknown as Reference)) {
    problems.add(
      "NotSupported",
      `${PLACE}.subject`,
      "It is about no patient.",
      "Records on the ledger are a patient's: refer to the Patient.",
    );
  }
  const member = isJsonObject(custodian) ? reading.organization?.(custodian as Reference) : undefined;
  if (member !== undefined && member !== reading.custodian) {
    problems.add(
      "Mismatch",
      `${PLACE}.custodian`,
      "Another member keeps it.",
      "The member that keeps a document anchors it.",
    );
  }
}

/** Whether a reference leads to a patient, as far as it says. */
function mayBePatient({ reference, type }: Reference): boolean {
  const named =
    /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]+(?:\/_history\/[^/]+)?$/.exec(reference ?? "")?.[1] ?? type;
  return named === undefined || named === "Patient";
}

function readReplaces(relations: unknown, problems: ProblemList): Reference | undefined {
  const targets = objects(relations).filter(({ code }) => code === "replaces");
  if (targets.length > 1) {
    problems.add(
      "NotSupported",
      `${PLACE}.relatesTo`,
      "A record takes the place of one other.",
      "Replace one, and retract the others as duplicates (retractRecord).",
    );
  }
  const target = targets[0]?.["target"];
  return isJsonObject(target) ? (target as Reference) : undefined;
}

/** The one governed category that category and type stand for. */
function readCategory(
  { category, type }: JsonObject,
  { categories, classes }: DocumentReading,
  problems: ProblemList,
): string | undefined {
  const codings = [...objects(category), ...(isJsonObject(type) ? [type] : [])].flatMap(({ coding }) =>
    objects(coding),
  );
  const found = new Set(
    codings.flatMap(({ system, code }) => {
      if (system === CATEGORY_SYSTEM) return categories.filter((each) => each === code);
      const key = `${String(system)}|${String(code)}`;
      return classes !== undefined && Object.hasOwn(classes, key) ? [classes[key]!] : [];
    }),
  );
  if (found.size !== 1) {
    problems.add(
      found.size === 0 ? "CodeUnknown" : "Mismatch",
      `${PLACE}.${category === undefined ? "type" : "category"}`,
      found.size === 0
        ? "No governed category stands for it."
        : "Its codes stand for several governed categories.",
      `Give it one category (${CATEGORY_SYSTEM}), or let the reading's classes know its codes.`,
    );
  }
  return [...found][0];
}

function readFormat(contents: unknown, { formats }: DocumentReading, problems: ProblemList): number {
  const format = objects(contents)[0]?.["format"];
  if (!isJsonObject(format) || formats === undefined) return 0;
  const key = `${String(format["system"])}|${String(format["code"])}`;
  if (Object.hasOwn(formats, key)) return formats[key]!;
  problems.add(
    "CodeUnknown",
    `${PLACE}.content[0].format`,
    "No code-system version stands for it.",
    "Let the reading's formats know it, with 0 for content that is not coded.",
  );
  return 0;
}

async function readAttachment(
  contents: unknown,
  reading: DocumentReading,
  problems: ProblemList,
): Promise<{ mediaType: string; content: Bytes } | undefined> {
  const all = objects(contents);
  if (all.length > 1) {
    problems.add(
      "NotSupported",
      `${PLACE}.content`,
      "A record is one document in one format.",
      "Write one document reference for each format.",
    );
  }
  const attachment = all[0]?.["attachment"];
  if (!isJsonObject(attachment)) return undefined;
  const { contentType: mediaType, data, size, hash } = attachment;
  if (typeof mediaType !== "string" || mediaType.length > 127 || !MEDIA_TYPE.test(mediaType)) {
    problems.add(
      mediaType === undefined ? "ElementMissing" : "ElementMalformed",
      `${ATTACHMENT}.contentType`,
      "It is no media type.",
      "Say what the document is, such as application/pdf.",
    );
  }
  const content = readBytes(data, reading.content, problems);
  if (content === undefined) return undefined;
  if (size !== undefined && size !== content.length) {
    problems.add(
      "Mismatch",
      `${ATTACHMENT}.size`,
      "The document has another length.",
      "Fetch it anew, or correct the size: bytes before base64.",
    );
  }
  if (typeof hash === "string" && hash.replace(/\s+/g, "") !== (await sha1(content))) {
    problems.add(
      "Mismatch",
      `${ATTACHMENT}.hash`,
      "The document has another hash.",
      "Fetch it anew, or correct the hash: SHA-1 of the bytes before base64.",
    );
  }
  return typeof mediaType === "string" ? { mediaType, content } : undefined;
}

function readBytes(data: unknown, given: Uint8Array | undefined, problems: ProblemList): Bytes | undefined {
  // Malformed: the structure check has said so.
  if (data !== undefined && (typeof data !== "string" || !isBase64(data))) return undefined;
  const inside = data === undefined ? undefined : copyBytes(decodeBase64(data.replace(/\s+/g, "")));
  const content = inside ?? (given === undefined ? undefined : copyBytes(given));
  if (content === undefined) {
    problems.add(
      "ElementMissing",
      `${ATTACHMENT}.data`,
      "The document is not in it.",
      "Fetch it from its url and pass it as the reading's content, or put it into data.",
    );
  } else if (given !== undefined && inside !== undefined && encodeBase64(given) !== encodeBase64(inside)) {
    problems.add(
      "Mismatch",
      `${ATTACHMENT}.data`,
      "It is another document than the reading's content.",
      "Pass one of them.",
    );
  } else if (content.length > MAX_RECORD_LENGTH) {
    problems.add(
      "OutOfRange",
      ATTACHMENT,
      `It is longer than ${MAX_RECORD_LENGTH} bytes.`,
      "Split it, or keep it elsewhere and record a document that says where.",
    );
  }
  return content;
}

/** Base64 of the SHA-1, as `attachment.hash` has it. */
export async function sha1(content: Bytes): Promise<string> {
  return encodeBase64(new Uint8Array(await crypto.subtle.digest("SHA-1", content)));
}

/** A document reference whose document stands elsewhere, named by length and hash. */
async function withoutData(document: DocumentReference, content: Bytes): Promise<DocumentReference> {
  const copy = structuredClone(document);
  const { attachment } = copy.content[0]!;
  const { data: _data, ...rest } = attachment;
  copy.content[0]!.attachment = { ...rest, size: content.length, hash: await sha1(content) };
  return copy;
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
