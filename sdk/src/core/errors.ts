import type { IssueType } from "./operationOutcome.ts";

/** Values that an error carries: what was given, what was expected, which record. Never anything about a patient. */
export type ErrorValues = Readonly<Record<string, unknown>>;

/** One of several problems that an error carries. */
export interface ErrorProblem {
  /** FHIRPath of the element at fault. */
  readonly element: string;
  /** Stable name to branch on. */
  readonly code: string;
  /** What is wrong; never what the element says. */
  readonly message: string;
  /** How to mend it. */
  readonly fix: string;
  /** FHIR R4 issue type. */
  readonly issue: IssueType;
}

/** What an error is made of. */
export interface CareLedgerErrorInit {
  /** Stable name of the fault, `PascalCase`: the contract error's name, or one of the SDK; what programs branch on. */
  code: string;
  /** What happened, in one sentence for the person who reads the log. */
  message: string;
  /** What to do about it, in one sentence. */
  fix: string;
  /** The offending and the expected values. `element` is kept for the FHIRPath of the element at fault. */
  values?: ErrorValues | undefined;
  /** FHIR R4 issue type; the catalogue's for this code, or `processing`, when absent. */
  issue?: IssueType | undefined;
  /** All that is wrong, when it is more than one thing; each becomes an issue of its own in an OperationOutcome. */
  problems?: readonly ErrorProblem[] | undefined;
  /** The error underneath, if any. */
  cause?: unknown;
}

/**
 * The one error class of the SDK: every fault has a `code`, a `message` and a `fix`.
 *
 * @example
 * ```ts
 * try {
 *   await dispensePrescription(client, { prescription, handover });
 * } catch (error) {
 *   if (isCareLedgerError(error, "PrescriptionIntervalRunning")) remindAt(error.values.notBefore);
 *   else throw error;
 * }
 * ```
 */
export class CareLedgerError extends Error {
  override readonly name: string = "CareLedgerError";
  readonly code: string;
  readonly fix: string;
  readonly values: ErrorValues;
  readonly issue: IssueType | undefined;
  readonly problems: readonly ErrorProblem[];

  constructor(init: CareLedgerErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.fix = init.fix;
    this.values = init.values ?? {};
    this.issue = init.issue;
    this.problems = init.problems ?? [];
  }

  /** Plain form for logs: bigints as decimal strings, no cause. */
  toJSON(): Record<string, unknown> {
    return { code: this.code, message: this.message, fix: this.fix, values: plain(this.values) };
  }
}

/** Whether an error is of this SDK, and of one of these codes if any are named. */
export function isCareLedgerError(error: unknown, ...codes: readonly string[]): error is CareLedgerError {
  return error instanceof CareLedgerError && (codes.length === 0 || codes.includes(error.code));
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
  }
  return value;
}
