import type { ErrorEntry } from "../../core/errorCatalogue.ts";
import { defineFaults } from "../../core/faults.ts";

/** Faults of immunisations that are no fault of one element. Texts say nothing of the patient. */
const FAULTS = {
  ImmunizationNotDone: {
    message: "The Immunization says that no vaccine was given.",
    fix: "Record no dose. If a dose was opened for it, take it out of the lot as wasted.",
    issue: "business-rule",
  },
  ImmunizationEnteredInError: {
    message: "The Immunization was entered in error.",
    fix: "Record no dose. If its dose is on the ledger, withdraw it there.",
    issue: "business-rule",
  },
  ImmunizationMismatch: {
    message: "The document and its salt are not what the recorded dose commits to.",
    fix: "Take document and salt as they were kept when the dose was recorded.",
    issue: "security",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Code of a fault of immunisations. */
export type ImmunizationFault = keyof typeof FAULTS;

/** Build the typed error of a fault. */
export const immunizationError = defineFaults<ImmunizationFault>(FAULTS);
