import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { CareLedgerError } from "../core/errors.ts";
import { defineFaults } from "../core/faults.ts";
import { statusOfError } from "../documents/errors.ts";

interface Fault extends ErrorEntry {
  /** HTTP status when a custodian answers with it. */
  readonly status?: number;
}

/** Every fault of serving and fetching records. Texts name no record, patient or member; `{name}` stands for a value. */
const FAULTS = {
  RecordRequestRefused: {
    message: "The chain does not allow this operator to read this now.",
    fix: "Ask the patient for consent to this category and purpose, and send the request by a SUBMIT operator or a professional of the member that may read.",
    issue: "forbidden",
    status: 403,
  },
  RecordNotHeld: {
    message: "The custodian keeps no such record of this patient in this category.",
    fix: "Check the record's id and category, and ask the custodian that anchored it.",
    issue: "not-found",
    status: 404,
  },
  RecordWithdrawn: {
    message: "The record was retracted: it is wrong.",
    fix: "Use no copy of it. Ask its custodian which record stands in its place.",
    issue: "deleted",
    status: 410,
  },
  RecordOutdated: {
    message: "The record was superseded by another.",
    fix: "Ask for the one that took its place; ask for this one with `superseded` if the earlier content is needed.",
    issue: "conflict",
    status: 409,
  },
  RecordDestroyed: {
    message: "The record was destroyed on the patient's request or by law; nobody can read it any more.",
    fix: "Nothing can be done: shredding is for good.",
    issue: "deleted",
    status: 410,
  },
  GranteeKeyUnpublished: {
    message: "Your member publishes no encryption key of a suite that the custodian knows.",
    fix: "Publish one with `publishEncryptionKey`, then ask again.",
    issue: "business-rule",
    status: 409,
  },
  CustodianBusy: {
    message: "The custodian has more requests than it can record just now, so it serves nothing.",
    fix: "Try again in a few seconds.",
    issue: "throttled",
    status: 503,
  },
  DisclosureNotRecorded: {
    message: "The custodian could not record the disclosure, so it serves nothing.",
    fix: "Try again shortly; the custodian's operator checks its node, its journal and its DISCLOSE duty.",
    issue: "transient",
    status: 503,
  },
  AnnouncementsNotHeld: {
    message: "The custodian keeps no announcements of an anchored batch with this root.",
    fix: "Ask the member that anchored the batch, or its successor; the custodian's operator puts the file into its store again.",
    issue: "not-found",
    status: 404,
  },
  AnnouncementsCorrupt: {
    message: "The announcements' file that is kept is not the one that the chain has.",
    fix: "The custodian's operator deletes it and puts the file that was anchored; until then its patients find nothing of the batch.",
    issue: "exception",
    status: 500,
  },
  AnnouncementsTaken: {
    message: "The store holds another announcements' file of this batch.",
    fix: "Leave it: the file of an anchored batch never changes. If the one that is kept is wrong, delete it first.",
    issue: "conflict",
  },
  RecordAnswerMalformed: {
    message: "The custodian's answer does not have the agreed form ({field}).",
    fix: "Use nothing of it. Tell the custodian's operator.",
    issue: "structure",
  },
  RecordAnswerForeign: {
    message: "The custodian answered with another {field} than the chain has or than was asked for.",
    fix: "Use nothing of it. Tell the custodian and a regulator.",
    issue: "security",
  },
} as const satisfies Record<string, Fault>;

/** Code of a fault of serving and fetching records. */
export type DisclosureFault = keyof typeof FAULTS;

/** Every code of this folder, for catalogues and tests. */
export const DISCLOSURE_FAULTS = Object.keys(FAULTS) as readonly DisclosureFault[];

/** Build the typed error of a fault. */
export const disclosureError = defineFaults<DisclosureFault>(FAULTS);

/** HTTP status with which a record custodian answers an error. */
export function recordStatusOf(error: unknown): number {
  if (!(error instanceof CareLedgerError)) return 500;
  const fault: Fault | undefined = FAULTS[error.code as DisclosureFault];
  return fault?.status ?? statusOfError(error);
}
