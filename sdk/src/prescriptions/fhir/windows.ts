import type { Coding, MedicationDispense, MedicationRequest } from "fhir/r4.js";

import { instantText, spanOf } from "../../core/fhir/dates.ts";
import { type FhirReading, fromMedicationRequest } from "./medicationRequest.ts";

/** Code system of the tags that mark a copy. */
export const TAGS = "urn:careledger:tag";

/** Tag of a copy whose window was moved. */
export const SHIFTED: Coding = {
  system: TAGS,
  code: "shifted",
  display: "Copy with its validity window moved",
};

/**
 * Copy a request with its validity window moved so that it begins today, with its length in seconds kept: the published
 * examples are of 2015. The copy is tagged; what is issued commits to the copy.
 *
 * @param request An active request; see {@link fromMedicationRequest}.
 * @param now Unix seconds. The window begins with the day that this second falls on, in the issuer's time zone.
 * @throws {@link FhirError} when the request could not be issued even then.
 */
export function shiftWindow(
  request: MedicationRequest,
  now: number,
  reading: FhirReading,
): MedicationRequest {
  const { validFrom, validUntil } = fromMedicationRequest(request, reading);
  const today = instantText(now, reading.timeZone).slice(0, 10);
  const { from } = spanOf(today, reading.timeZone);
  return withWindow(request, from, from + validUntil - validFrom, SHIFTED, reading);
}

/** Tag of a copy whose hand-over was moved. */
export const HANDED_OVER: Coding = {
  system: TAGS,
  code: "shifted",
  display: "Copy with its hand-over moved",
};

/**
 * Copy a dispense with its hand-over moved to a second, and its preparation by as much. The copy is tagged; what is
 * recorded commits to the copy.
 *
 * @param dispense Whose `whenHandedOver`, if any, is exact to the second.
 * @param handedOverAt Unix seconds.
 */
export function shiftHandOver(
  dispense: MedicationDispense,
  handedOverAt: number,
  { timeZone }: FhirReading,
): MedicationDispense {
  const { whenPrepared, whenHandedOver, ...rest } = structuredClone(dispense);
  const moved = (before: string | undefined): number =>
    before === undefined || whenHandedOver === undefined
      ? handedOverAt
      : handedOverAt - spanOf(whenHandedOver, timeZone).from + spanOf(before, timeZone).from;
  return {
    ...rest,
    meta: { ...rest.meta, tag: [...(rest.meta?.tag ?? []), HANDED_OVER] },
    ...(whenPrepared === undefined ? {} : { whenPrepared: instantText(moved(whenPrepared), timeZone) }),
    whenHandedOver: instantText(handedOverAt, timeZone),
  };
}

/** One of the requests that a request with repeats is split into. */
export interface FillWindow {
  /** From 1. */
  readonly fill: number;
  readonly of: number;
  /** First second. */
  readonly validFrom: number;
  /** End, exclusive. */
  readonly validUntil: number;
}

/**
 * Copy a request once for each fill, for a patient on paper: no repeats, no interval, its own window and id, and a tag
 * that says which fill it is. Windows and keys come from `splitForPaper`.
 *
 * @example
 * const papers = splitForPaper(fromMedicationRequest(request, reading));
 * const documents = splitRequest(request, papers, reading);
 */
export function splitRequest(
  request: MedicationRequest,
  windows: readonly FillWindow[],
  reading: FhirReading,
): MedicationRequest[] {
  return windows.map(({ fill, of, validFrom, validUntil }) => {
    const tag = { system: TAGS, code: `fill-${fill}-of-${of}`, display: `Fill ${fill} of ${of}` };
    const copy = withWindow(request, validFrom, validUntil, tag, reading);
    const { dispenseInterval: _interval, ...dispenseRequest } = copy.dispenseRequest!;
    return {
      ...copy,
      ...(request.id === undefined ? {} : { id: `${request.id}-${fill}`.slice(-64) }),
      dispenseRequest: { ...dispenseRequest, numberOfRepeatsAllowed: 0 },
    };
  });
}

function withWindow(
  request: MedicationRequest,
  from: number,
  until: number,
  tag: Coding,
  { timeZone }: FhirReading,
): MedicationRequest {
  const copy = structuredClone(request);
  return {
    ...copy,
    meta: { ...copy.meta, tag: [...(copy.meta?.tag ?? []), tag] },
    dispenseRequest: {
      ...copy.dispenseRequest,
      // FHIR's end is inclusive: the last second in which it may be dispensed.
      validityPeriod: { start: instantText(from, timeZone), end: instantText(until - 1, timeZone) },
    },
  };
}
