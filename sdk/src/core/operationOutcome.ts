import { CareLedgerError } from "./errors.ts";
import { issueTypeOf } from "./errorCatalogue.ts";

/** FHIR R4 issue types (`http://hl7.org/fhir/ValueSet/issue-type`) that this SDK uses. */
export type IssueType =
  | "invalid"
  | "structure"
  | "required"
  | "value"
  | "invariant"
  | "security"
  | "login"
  | "unknown"
  | "expired"
  | "forbidden"
  | "suppressed"
  | "processing"
  | "not-supported"
  | "duplicate"
  | "multiple-matches"
  | "not-found"
  | "deleted"
  | "too-long"
  | "code-invalid"
  | "extension"
  | "too-costly"
  | "business-rule"
  | "conflict"
  | "transient"
  | "lock-error"
  | "no-store"
  | "exception"
  | "timeout"
  | "incomplete"
  | "throttled"
  | "informational";

/** FHIR R4 OperationOutcome, as far as an error fills it. */
export interface OperationOutcome {
  resourceType: "OperationOutcome";
  issue: {
    severity: "fatal" | "error";
    code: IssueType;
    details: { coding: { system: string; code: string }[]; text: string };
    diagnostics: string;
    expression?: string[];
  }[];
}

/** Code system of the SDK's error codes. */
export const ERROR_CODE_SYSTEM = "urn:careledger:error";

/**
 * Turn any error into a FHIR R4 OperationOutcome: `details.text` is the message, `diagnostics` the fix,
 * `expression` the FHIRPath of the element at fault when one is known (`values.element`). An error that carries several
 * problems, as one on a FHIR resource does, gives one issue for each.
 *
 * @example
 * response.status(422).json(toOperationOutcome(error));
 */
export function toOperationOutcome(error: unknown): OperationOutcome {
  if (!(error instanceof CareLedgerError)) {
    return {
      resourceType: "OperationOutcome",
      issue: [
        {
          severity: "fatal",
          code: "exception",
          details: {
            coding: [{ system: ERROR_CODE_SYSTEM, code: "Unexpected" }],
            text: "An unexpected error.",
          },
          diagnostics:
            "Look at the log of the system that answered; nothing of it is repeated here on purpose.",
        },
      ],
    };
  }
  if (error.problems.length > 0) {
    return {
      resourceType: "OperationOutcome",
      issue: error.problems.map(({ element, code, message, fix, issue }) => ({
        severity: "error",
        code: issue,
        details: { coding: [{ system: ERROR_CODE_SYSTEM, code }], text: message },
        diagnostics: fix,
        expression: [element],
      })),
    };
  }
  const element = error.values["element"];
  return {
    resourceType: "OperationOutcome",
    issue: [
      {
        severity: "error",
        code: error.issue ?? issueTypeOf(error.code),
        details: { coding: [{ system: ERROR_CODE_SYSTEM, code: error.code }], text: error.message },
        diagnostics: error.fix,
        ...(typeof element === "string" ? { expression: [element] } : {}),
      },
    ],
  };
}
