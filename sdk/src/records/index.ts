export * from "./acceptReferral.ts";
export * from "./anchorRecord.ts";
export * from "./anchorRecords.ts";
export {
  type AnnouncedRecord,
  type Announcements,
  announcementsHash,
  announcementsPath,
  readAnnouncements,
  writeAnnouncements,
} from "./announcements.ts";
export * from "./completeReferral.ts";
export * from "./declineReferral.ts";
export {
  type CodeSystemNamed,
  type DraftRecordParams,
  type RecordDraft,
  draftRecord,
} from "./draftRecord.ts";
export { type RecordFault, recordError } from "./errors.ts";
export {
  type AskAnnouncements,
  type FetchAnnouncementsParams,
  fetchAnnouncements,
} from "./fetchAnnouncements.ts";
export * from "./findRecords.ts";
export * from "./getAnchoredBatch.ts";
export * from "./getRecordStanding.ts";
export { getReferral } from "./getReferral.ts";
export { NO_ORIGIN, RECORD_BATCH_MOST } from "./input.ts";
export * from "./listReferrals.ts";
export * from "./orderTest.ts";
export * from "./proposeReferral.ts";
export * from "./recordList.ts";
export * from "./repeatOrder.ts";
export * from "./retractRecord.ts";
export * from "./supersedeRecord.ts";
export {
  type SignReferralParams,
  recordIdOf,
  recordRegistryDomain,
  recordTypes,
  referralIdOf,
  signReferral,
} from "./typedData.ts";
export * from "./types.ts";
export * from "./verifyRecord.ts";
export * from "./withdrawReferral.ts";
