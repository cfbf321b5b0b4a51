import type { CodeableConcept, MedicationDispense, MedicationRequest } from "fhir/r4.js";

import type { PrescriptionStatus, WithdrawalReason } from "../../abi/enums.ts";
import { instantText } from "../../core/fhir/dates.ts";
import type { FhirReading } from "./medicationRequest.ts";
import { type FhirUnit, decimalOf } from "./quantity.ts";

/** Where a prescription stands on the ledger, as far as FHIR can say it. */
export interface PrescriptionStanding {
  /** Status with a cancellation that took effect (`statusOf`). */
  readonly status: PrescriptionStatus;
  /** Whether a regulator halted it. */
  readonly halted: boolean;
  /** Whether anything was dispensed and not withdrawn. */
  readonly dispensed: boolean;
  /** End of the window, exclusive, unix seconds. */
  readonly validUntil: number;
}

/** Code system of the reasons that this SDK gives. */
const REASONS = "urn:careledger:status-reason";

/**
 * Give a MedicationRequest back with the status that the ledger has for it. Nothing else is changed.
 *
 * | ledger | FHIR |
 * |---|---|
 * | awaiting review | `draft`: not yet actionable |
 * | open | `active`; `on-hold` while halted; `stopped` once the window is over |
 * | completed | `completed` |
 * | cancelled, replaced | `cancelled` when nothing was dispensed, else `stopped` |
 * | refused by the review | `cancelled` |
 * | unknown | `unknown` |
 *
 * @param document The request that was issued.
 * @param now Unix seconds.
 */
export function toMedicationRequest(
  document: MedicationRequest,
  standing: PrescriptionStanding,
  now: number,
): MedicationRequest {
  const [status, reason] = requestStatus(standing, now);
  const { statusReason: _statusReason, ...rest } = structuredClone(document);
  return { ...rest, status, ...(reason === undefined ? {} : { statusReason: concept(...reason) }) };
}

function requestStatus(
  { status, halted, dispensed, validUntil }: PrescriptionStanding,
  now: number,
): [MedicationRequest["status"], [string, string]?] {
  const ended = dispensed ? "stopped" : "cancelled";
  switch (status) {
    case "AwaitingReview":
      return now >= validUntil
        ? ["stopped", ["expired", "Its window is over"]]
        : ["draft", ["awaiting-review", "Awaits a pharmacist's review"]];
    case "Open":
      if (now >= validUntil) return ["stopped", ["expired", "Its window is over"]];
      return halted ? ["on-hold", ["halted", "Halted by a regulator"]] : ["active"];
    case "Completed":
      return ["completed"];
    case "Cancelled":
      return [ended, ["cancelled", "Cancelled"]];
    case "Replaced":
      return [ended, ["replaced", "Replaced by another prescription"]];
    case "Refused":
      return ["cancelled", ["refused", "Refused by the review"]];
    case "Unknown":
      return ["unknown"];
  }
}

/** A dispense as the ledger has it. */
export interface DispenseStanding {
  /** In thousandths. */
  readonly units: bigint;
  /** Unix seconds. */
  readonly handedOverAt: number;
  /** Why it was withdrawn; `undefined` while it stands. */
  readonly withdrawn: WithdrawalReason | undefined;
}

/**
 * Give a MedicationDispense back with the status that the ledger has for it. Nothing else is changed.
 *
 * | ledger | FHIR |
 * |---|---|
 * | recorded | `completed` |
 * | withdrawn: not collected | `cancelled` |
 * | withdrawn: returned | `stopped` |
 * | withdrawn: wrong entry, wrong product, unspecified | `entered-in-error` |
 *
 * @param document The dispense that was recorded.
 */
export function toMedicationDispense(
  document: MedicationDispense,
  standing: DispenseStanding,
): MedicationDispense {
  const {
    statusReasonCodeableConcept: _concept,
    statusReasonReference: _reference,
    ...rest
  } = structuredClone(document);
  if (standing.withdrawn === undefined) return { ...rest, status: "completed" };
  const [status, code, text] = WITHDRAWN[standing.withdrawn];
  return { ...rest, status, statusReasonCodeableConcept: concept(code, text) };
}

const WITHDRAWN: Readonly<Record<WithdrawalReason, [MedicationDispense["status"], string, string]>> = {
  NotCollected: ["cancelled", "not-collected", "Not collected"],
  Returned: ["stopped", "returned", "Returned"],
  WrongEntry: ["entered-in-error", "wrong-entry", "Wrong entry"],
  WrongProduct: ["entered-in-error", "wrong-product", "Wrong product"],
  Unspecified: ["entered-in-error", "withdrawn", "Withdrawn"],
};

/** What a new MedicationDispense is written from. */
export interface DispenseWriting extends FhirReading {
  readonly id: string;
  /** The request that is dispensed; medication and subject are taken from it. */
  readonly request: MedicationRequest;
  /** In thousandths of `unit`. */
  readonly units: bigint;
  readonly unit: FhirUnit;
  /** Unix seconds. */
  readonly handedOverAt: number;
  /** Reference to the place, such as `Location/river-main`. */
  readonly location?: string;
}

/**
 * Write the MedicationDispense of a hand-over, for a pharmacy system that has none of its own. It reads back through
 * `fromMedicationDispense` to the same units and second.
 */
export function writeMedicationDispense(writing: DispenseWriting): MedicationDispense {
  const { request, units, unit, handedOverAt, timeZone, location } = writing;
  const { medicationCodeableConcept, medicationReference, contained, subject } = structuredClone(request);
  const medications = contained?.filter((each) => each.resourceType === "Medication") ?? [];
  return {
    resourceType: "MedicationDispense",
    id: writing.id,
    ...(medications.length === 0 ? {} : { contained: medications }),
    status: "completed",
    ...(medicationCodeableConcept === undefined ? {} : { medicationCodeableConcept }),
    ...(medicationReference === undefined ? {} : { medicationReference }),
    subject,
    authorizingPrescription: [{ reference: `MedicationRequest/${request.id ?? ""}` }],
    ...(location === undefined ? {} : { location: { reference: location } }),
    quantity: { value: decimalOf(units), ...unit },
    whenHandedOver: instantText(handedOverAt, timeZone),
  };
}

function concept(code: string, text: string): CodeableConcept {
  return { coding: [{ system: REASONS, code, display: text }], text };
}
