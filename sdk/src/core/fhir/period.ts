import { spanOf } from "./dates.ts";
import type { ProblemList } from "./errors.ts";

/** Last second that the ledger keeps. */
const LATEST = 0xffff_ffff;

/**
 * First second of a FHIR dateTime, or the first one after it, within what the ledger keeps (1970 to 2106).
 * What is malformed gives undefined without a problem: the structure check says so.
 */
export function readSecond(
  dateTime: unknown,
  timeZone: string,
  side: "from" | "until",
  place: string,
  problems: ProblemList,
): number | undefined {
  let second: number;
  try {
    if (typeof dateTime !== "string") return undefined;
    second = spanOf(dateTime, timeZone)[side];
  } catch {
    return undefined;
  }
  if (Number.isNaN(second)) return undefined;
  if (second < 0 || second > LATEST) {
    problems.add("OutOfRange", place, "The ledger keeps times from 1970 to 2106.", "Correct the year.");
    return undefined;
  }
  return second;
}
