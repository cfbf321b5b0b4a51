import { type ErrorEntry, fillTemplate } from "./errorCatalogue.ts";
import { CareLedgerError, type ErrorValues } from "./errors.ts";

/**
 * Make the error builder of a folder's own catalogue. Texts may hold `{name}` for a value, see {@link ErrorEntry}.
 *
 * @example
 * const holderError = defineFaults({ QrChecksumWrong: { message: "…", fix: "…", issue: "value" } });
 * throw holderError("QrChecksumWrong");
 */
export function defineFaults<Code extends string>(
  catalogue: Readonly<Record<Code, ErrorEntry>>,
): (code: Code, values?: ErrorValues, cause?: unknown) => CareLedgerError {
  return (code, values = {}, cause) => {
    const { message, fix, issue } = catalogue[code];
    return new CareLedgerError({
      code,
      message: fillTemplate(message, values),
      fix: fillTemplate(fix, values),
      values,
      issue,
      ...(cause === undefined ? {} : { cause }),
    });
  };
}
