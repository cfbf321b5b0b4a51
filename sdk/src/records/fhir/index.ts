export {
  type DocumentReferenceContext,
  type DocumentDraft,
  type DocumentReading,
  documentToRecord,
} from "./documentToRecord.ts";
export * from "./recordToDocument.ts";
