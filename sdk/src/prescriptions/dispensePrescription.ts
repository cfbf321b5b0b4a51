import type { PrescriptionDispensedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAttestation, checkHandover, checkTerms } from "./input.ts";
import { checkStock, prescriptionIdOf } from "./typedData.ts";
import type { Attestation, Handover, PrescriptionTerms } from "./types.ts";

/** What dispensePrescription needs. */
export interface DispensePrescriptionParams extends SendParams {
  readonly prescription: PrescriptionTerms;
  /** What is handed over. */
  readonly handover: Handover;
  /** What to take from stock, as `dispenseStock` gives it; leave out to name no lot. Keep it: a withdrawal passes it again. */
  readonly stock?: string;
  /** The pharmacist's signature (signDispense); leave out when the pharmacist sends it itself. */
  readonly attestation?: Attestation;
}

/** A recorded dispense. */
export interface Dispensed extends PrescriptionDispensedEvent, Acted {}

/**
 * Record what was handed over, whole or in parts. Its ordinal makes a repeated call harmless. Caller: a DISPENSE
 * operator of the pharmacy that holds the lock, or with its attestation a SUBMIT operator of that pharmacy.
 *
 * @throws `InputInvalid`, `PrescriptionLockNotHeld`, `PrescriptionOrdinalWrong`, `PrescriptionFillWrong`,
 * `PrescriptionUnitsExceeded`, `PrescriptionIntervalRunning`, `PrescriptionHandoverOutOfRange`, `PrescriptionHalted`,
 * `PrescriptionExpired`, `DispenseStockUnsupported`, `DutyNotHeld`, `DutyLicenceLapsed`, `DutySuspended`, and what
 * sending can meet. Of what is taken from stock: `DispenseStockMismatch`, `DispenseStockMalformed`, `LotUnknown`,
 * `LotStatusWrong`, `LotIsRecalled`, `LotExpired`, `LotUsedOtherwise`, `StockInsufficient`, `StockInQuarantine`,
 * `StockElsewhere`, `StockExcursion`, `StockSpanWrong`, `SerialSpent`, `SerialUnknown`.
 * @example
 * const { ordinal, completed } = await dispensePrescription(client, { prescription: terms, handover, attestation });
 */
export async function dispensePrescription(
  client: Client,
  params: DispensePrescriptionParams,
): Promise<Dispensed> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const handover = checkHandover("handover", params.handover);
  const stock = checkStock(params.stock);
  const acted = Object.values(handover).join(":");
  return act(client, "prescriptionRegistry", "PrescriptionDispensed", {
    name: "dispense",
    args: [terms, handover, stock, checkAttestation(params.attestation)],
    key: params.key,
    intent: `dispense:${prescriptionIdOf(terms)}:${acted}:${stock}`,
  });
}
