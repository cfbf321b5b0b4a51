import type { Coding } from "fhir/r4.js";

import type { ProblemList } from "../../core/fhir/errors.ts";
import { isJsonObject } from "../../core/fhir/validate.ts";
import { PURPOSES, PURPOSE_CODES, purposeCodes, purposeMask } from "../purposes.ts";
import { BTG_MASK, SYSTEMS, isPurposeCode, purposeBit } from "./codes.ts";

const RESEARCH = purposeMask(["HRESCH"]);

/** Mask of the purposes of a provision, each with what lies under it; undefined where it names none. */
export function readPurposes(
  value: unknown,
  effect: "permit" | "deny",
  path: string,
  research: boolean,
  problems: ProblemList,
): bigint | undefined {
  if (!Array.isArray(value) || value.length === 0) return research ? RESEARCH : undefined;
  let mask = 0n;
  for (const [index, coding] of value.entries()) {
    const place = `${path}.purpose[${index}]`;
    const found = isJsonObject(coding) ? maskOf(coding as unknown as Coding) : undefined;
    if (found === undefined) {
      problems.add(
        "CodeUnknown",
        place,
        "It is no PurposeOfUse.",
        `Use a code of ${SYSTEMS.actReason} below PurposeOfUse.`,
      );
    } else if (found === BTG_MASK && (effect === "permit" || value.length > 1)) {
      problems.add(
        "NotSupported",
        place,
        "Emergency access is permitted by nobody and denied by itself alone.",
        effect === "permit"
          ? "Leave it out: break-glass needs no permit."
          : "Deny BTG in a provision of its own.",
      );
    } else if (research && (found & ~RESEARCH) !== 0n) {
      problems.add(
        "Mismatch",
        place,
        "The consent is about research, the purpose is not.",
        "Name HRESCH or a code below it, or write a consent of the scope patient-privacy.",
      );
    }
    mask |= found ?? 0n;
  }
  return mask;
}

function maskOf({ system, code }: Coding): bigint | undefined {
  if (!isPurposeCode(code)) return undefined;
  if (system === SYSTEMS.purpose) return purposeBit(code);
  return system === SYSTEMS.actReason ? purposeMask([code]) : undefined;
}

/** Codings that {@link readPurposes} reads as exactly this mask; undefined when a bit has no code. */
export function writePurposes(mask: bigint): Coding[] | undefined {
  const codings: Coding[] = [];
  let left = mask;
  for (const code of PURPOSE_CODES) {
    const whole = purposeMask([code]);
    // What lies under a code that was written is covered by it.
    if ((left & purposeBit(code)) === 0n || (whole & ~mask) !== 0n) continue;
    codings.push({ system: SYSTEMS.actReason, code, display: PURPOSES[code].display });
    left &= ~whole;
  }
  for (const code of purposeCodes(left)) {
    codings.push({ system: SYSTEMS.purpose, code, display: PURPOSES[code].display });
    left &= ~purposeBit(code);
  }
  return left === 0n ? codings : undefined;
}
