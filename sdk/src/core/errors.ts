/** Values that an error carries: what was given, what was expected, which record. Never anything about a patient. */
export type ErrorValues = Readonly<Record<string, unknown>>;

/** What an error is made of. */
export interface CareLedgerErrorInit {
  /** Stable name of the fault, `PascalCase`; what programs branch on. */
  code: string;
  /** What happened, in one sentence for the person who reads the log. */
  message: string;
  /** What to do about it, in one sentence. */
  fix: string;
  /** The offending and the expected values. */
  values?: ErrorValues | undefined;
  /** The error underneath, if any. */
  cause?: unknown;
}

/**
 * The one error class of the SDK: every fault has a `code`, a `message` and a `fix`.
 *
 * @example
 * ```ts
 * try {
 *   await fetchDocument(request);
 * } catch (error) {
 *   if (error instanceof CareLedgerError && error.code === "DocumentMismatch") alertPharmacist(error.fix);
 *   else throw error;
 * }
 * ```
 */
export class CareLedgerError extends Error {
  override readonly name: string = "CareLedgerError";
  readonly code: string;
  readonly fix: string;
  readonly values: ErrorValues;

  constructor(init: CareLedgerErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.fix = init.fix;
    this.values = init.values ?? {};
  }
}
