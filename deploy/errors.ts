/** What went wrong with a deployment, and how to mend it. */
export class DeployError extends Error {
  override readonly name = "DeployError";
  /** Stable name of the problem. */
  readonly code: string;
  /** What to do about it. */
  readonly fix: string;
  /** The values that were wrong. */
  readonly values: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    fix: string,
    values: Record<string, unknown> = {},
    cause?: unknown,
  ) {
    super(`${message} Fix: ${fix}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.fix = fix;
    this.values = values;
  }
}
