import type { PrescriptionFillClosedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";
import { checkAttestation, checkTerms } from "./input.ts";
import { prescriptionIdOf } from "./typedData.ts";
import type { Attestation, PrescriptionTerms } from "./types.ts";

/** What closeFill needs. */
export interface CloseFillParams extends SendParams {
  readonly prescription: PrescriptionTerms;
  /** Pharmacy that holds the lock. */
  readonly member: number;
  /** Its site that holds the lock. */
  readonly site: number;
  /** Number of the lock. */
  readonly lockCount: number;
  /** Ordinal the closing will get: the prescription's last ordinal + 1. */
  readonly ordinal: number;
  /** The pharmacist's signature (signCloseFill); leave out when the pharmacist sends it itself. */
  readonly attestation?: Attestation;
}

/**
 * Say that the rest of the current fill will not be supplied; ends the lock. Caller: a DISPENSE operator of the pharmacy
 * that holds the lock, or with its attestation a SUBMIT operator of that pharmacy.
 *
 * @throws `InputInvalid`, `PrescriptionFillNotOpen`, `PrescriptionLockNotHeld`, `PrescriptionOrdinalWrong`,
 * `DutyNotHeld`, `DutyLicenceLapsed`, and what sending can meet.
 * @example
 * await closeFill(client, { prescription: terms, member: 9, site: 1, lockCount: 1, ordinal: 2 });
 */
export async function closeFill(
  client: Client,
  params: CloseFillParams,
): Promise<PrescriptionFillClosedEvent & Acted> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const place = [
    checkMember("member", params.member),
    checkNumber("site", params.site, 16, 1),
    checkNumber("lockCount", params.lockCount, 16, 1),
    checkNumber("ordinal", params.ordinal, 8, 1),
  ];
  return act(client, "prescriptionRegistry", "PrescriptionFillClosed", {
    name: "closeFill",
    args: [terms, ...place, checkAttestation(params.attestation)],
    key: params.key,
    intent: `closeFill:${prescriptionIdOf(terms)}:${place.join(":")}`,
  });
}
