import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { defineFaults } from "../core/faults.ts";

/** Every fault of records that is found before the chain is asked to act. */
const FAULTS = {
  AnnouncementsMalformed: {
    message: "This is no announcements' file: {problem}.",
    fix: "Ask the custodian for the file again; its keccak256 stands in the batch's event.",
    issue: "structure",
  },
  AnnouncementsOfOther: {
    message: "The announcements' file is of another {field} than the batch.",
    fix: "Use nothing of it. Ask the custodian for the file of exactly this batch, and tell a regulator if it stays so.",
    issue: "value",
  },
  RecordBatchMixed: {
    message: "Record {index} of the batch is of another custodian, or in the batch twice.",
    fix: "Put each record of one custodian into the batch once.",
    issue: "value",
  },
  RecordBatchNotFound: {
    message: "Member {custodian} anchored no batch with this root, or the node has lost its event.",
    fix: "Check custodian and root (`RecordsAnchored` names both), or ask a node that keeps all logs.",
    issue: "not-found",
  },
  ReferralNotFound: {
    message: "No referral {referral} is on the ledger.",
    fix: "Check the id (`referralIdOf`), or ask a node that keeps all logs.",
    issue: "not-found",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Code of a fault of records. */
export type RecordFault = keyof typeof FAULTS;

/** Build the typed error of a fault. */
export const recordError = defineFaults<RecordFault>(FAULTS);
