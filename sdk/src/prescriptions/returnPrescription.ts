import type { PrescriptionReturnedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";
import { checkTerms } from "./input.ts";
import type { PrescriptionTerms } from "./types.ts";

/** What returnPrescription needs. */
export interface ReturnPrescriptionParams extends SendParams {
  readonly prescription: PrescriptionTerms;
  /** Pharmacy that holds the lock. */
  readonly member: number;
  /** Its site that holds the lock. */
  readonly site: number;
  /** Number of the lock. */
  readonly lockCount: number;
}

/**
 * Give a lock back; also possible while paused. Caller: a DISPENSE or SUBMIT operator of the pharmacy.
 *
 * @throws `InputInvalid`, `PrescriptionLockNotHeld`, `PrescriptionUnknown`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await returnPrescription(client, { prescription: terms, member: 9, site: 1, lockCount: 1 });
 */
export async function returnPrescription(
  client: Client,
  params: ReturnPrescriptionParams,
): Promise<PrescriptionReturnedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkTerms("prescription", params.prescription),
    checkMember("member", params.member),
    checkNumber("site", params.site, 16, 1),
    checkNumber("lockCount", params.lockCount, 16, 1),
  ];
  return act(client, "prescriptionRegistry", "PrescriptionReturned", {
    name: "returnToOpen",
    args,
    key: params.key,
  });
}
