import { CareLedgerError, type ErrorProblem } from "../errors.ts";
import type { IssueType } from "../operationOutcome.ts";

/** One problem of a resource. */
export interface FhirProblem extends ErrorProblem {
  readonly code: FhirProblemCode;
}

/** FHIR issue type of each kind of problem. */
const ISSUES = {
  /** It is no resource of the expected type. */
  ResourceWrong: "structure",
  /** R4 has no such element here. */
  ElementUnknown: "structure",
  /** An element has the wrong JSON type or form. */
  ElementMalformed: "structure",
  /** An element that must be there is missing. */
  ElementMissing: "required",
  /** Two forms of one choice, or a single element given as a list, or the reverse. */
  CardinalityWrong: "structure",
  /** A code is outside the value set that R4 requires. */
  CodeUnknown: "code-invalid",
  /** An extension that changes the meaning of what it stands in. */
  ModifierUnknown: "extension",
  /** A reference leads nowhere, or to a resource of the wrong type. */
  ReferenceWrong: "invalid",
  /** The status does not allow it to be issued or recorded. */
  StatusWrong: "business-rule",
  /** Right in FHIR, but the ledger has no way to express it. */
  NotSupported: "not-supported",
  /** A value is outside what the ledger takes. */
  OutOfRange: "value",
  /** It does not fit the prescription that it belongs to. */
  Mismatch: "business-rule",
} as const satisfies Record<string, IssueType>;

/** Name of a kind of problem. */
export type FhirProblemCode = keyof typeof ISSUES;

/**
 * A resource that cannot be taken, with all its problems at once. `values.element` is the first element at fault,
 * `values.elements` all of them.
 */
export class FhirError extends CareLedgerError {
  declare readonly problems: readonly FhirProblem[];

  constructor(resourceType: string, problems: readonly FhirProblem[]) {
    const [first] = problems;
    const rest = problems.length - 1;
    const more = rest === 0 ? "" : ` (and ${rest} more ${rest === 1 ? "problem" : "problems"})`;
    super({
      code: "FhirInvalid",
      message: `${resourceType} cannot be taken: ${first?.element ?? resourceType}: ${first?.message ?? ""}${more}`,
      fix: first?.fix ?? "",
      values: {
        element: first?.element ?? resourceType,
        elements: problems.map((problem) => problem.element),
        problems: problems.map((problem) => problem.code),
      },
      issue: first?.issue ?? "invalid",
      problems,
    });
  }
}

/** Collects the problems of one resource. */
export interface ProblemList {
  add(code: FhirProblemCode, element: string, message: string, fix: string): void;
  /** Those that there are so far. */
  list(): readonly FhirProblem[];
  /** @throws {@link FhirError} when there are any. */
  throwIfAny(resourceType: string): void;
}

/** An empty list of problems. */
export function createProblems(): ProblemList {
  const problems: FhirProblem[] = [];
  return {
    add: (code, element, message, fix) => {
      if (problems.some((each) => each.element === element && each.code === code)) return;
      problems.push({ element, code, message, fix, issue: ISSUES[code] });
    },
    list: () => problems,
    throwIfAny: (resourceType) => {
      if (problems.length > 0) throw new FhirError(resourceType, problems);
    },
  };
}
