import { holderError } from "./errors.ts";
import { type QrHolder, createQrHolder } from "./qr.ts";

/** The terms of a prescription that a split needs; see IPrescriptionRegistry. */
export interface SplittableTerms {
  /** Units of one fill, in thousandths. */
  readonly unitsPerFill: bigint;
  /** Fills, 1 to 99. */
  readonly fills: number;
  /** Least time between the first parts of two fills, seconds. */
  readonly interval: number;
  /** First second of the window. */
  readonly validFrom: number;
  /** End of the window, exclusive. */
  readonly validUntil: number;
}

/** One paper: the terms of a prescription of one fill, and its own holder key. */
export interface PaperFill {
  /** Which fill of the order it is, from 1. */
  readonly fill: number;
  /** How many there are. */
  readonly of: number;
  readonly unitsPerFill: bigint;
  readonly fills: 1;
  readonly interval: 0;
  readonly validFrom: number;
  readonly validUntil: number;
  readonly holder: QrHolder;
}

/**
 * Split an order with repeats into one prescription a fill, each with a key of its own, for a patient without an app: the
 * first pharmacy reads the key on the paper, and must not be able to fill what is left.
 *
 * The windows are staggered: fill n opens n-1 intervals after the first and closes when the next one opens, the last one
 * at the end of the order. So no two papers can be filled at the same time; two visits may still lie closer together
 * than the interval, at the border of two windows. With no interval all windows are the order's own.
 *
 * @throws `PaperSplitImpossible` naming the term.
 * @example
 * for (const paper of splitForPaper(draft)) print(paper.fill, paper.holder);
 */
export function splitForPaper(terms: SplittableTerms): PaperFill[] {
  const { unitsPerFill, fills, interval, validFrom, validUntil } = terms;
  const requireTerm = (field: string, valid: boolean): void => {
    if (!valid) throw holderError("PaperSplitImpossible", { field });
  };
  requireTerm("unitsPerFill", typeof unitsPerFill === "bigint" && unitsPerFill >= 1n);
  requireTerm("fills", Number.isInteger(fills) && fills >= 1 && fills <= 99);
  requireTerm("interval", Number.isInteger(interval) && interval >= 0);
  requireTerm("validFrom", Number.isInteger(validFrom) && validFrom >= 0);
  requireTerm("validUntil", Number.isInteger(validUntil) && validUntil > validFrom);
  requireTerm("interval", validFrom + (fills - 1) * interval < validUntil);
  return Array.from({ length: fills }, (_each, before) => {
    const opens = validFrom + before * interval;
    const last = before === fills - 1 || interval === 0;
    return {
      fill: before + 1,
      of: fills,
      unitsPerFill,
      fills: 1,
      interval: 0,
      validFrom: opens,
      validUntil: last ? validUntil : opens + interval,
      holder: createQrHolder(),
    };
  });
}
