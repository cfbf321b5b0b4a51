import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { defineFaults } from "../core/faults.ts";

/** Every fault of consents that is found before the chain is asked to act. */
const FAULTS = {
  ConsentNumbersTaken: {
    message: "Every rule number from {first} to {last} of this grantee has a rule.",
    fix: "Revoke one that is no longer wanted, or name the `number` whose rule is to be replaced.",
    issue: "business-rule",
  },
  DelegationsTaken: {
    message: "All {most} delegations of this subject stand.",
    fix: "Revoke one that is no longer wanted, or name the `number` that is to be replaced.",
    issue: "business-rule",
  },
  ConsentNothingStands: {
    message: "No {what} stands there.",
    fix: "Nothing to do; see `listRules` and `getDelegation` for what stands.",
    issue: "not-found",
  },
  ConsentSignerWrong: {
    message: "This signer's key is {actual}; the message is for {expected}.",
    fix: "Let the patient or delegate sign whose key stands on chain (`getSubject`, `getDelegation`).",
    issue: "security",
  },
  DisclosureBatchUnknown: {
    message: "Member {custodian} recorded no batch with this root, or the node lacks its logs.",
    fix: "Check custodian and root, or ask a node that keeps all logs.",
    issue: "not-found",
  },
  DisclosureNotInBatch: {
    message: "The batch has no such disclosure.",
    fix: "Name a document of the batch: see `listDisclosures`.",
    issue: "not-found",
  },
  BreakGlassNotFound: {
    message: "No use of break-glass {breakGlass} is on the ledger.",
    fix: "Check the id (`breakGlassIdOf`, `listBreakGlass`).",
    issue: "not-found",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Code of a fault of consents. */
export type ConsentFault = keyof typeof FAULTS;

/** Build the typed error of a fault. */
export const consentError = defineFaults<ConsentFault>(FAULTS);
