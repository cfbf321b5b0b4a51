import type { PrescriptionReleasedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkNumber, checkObject } from "../core/input.ts";
import { checkSignature, checkTerms } from "./input.ts";
import { prescriptionIdOf } from "./typedData.ts";
import type { HolderSignature, PrescriptionTerms } from "./types.ts";

/** What releasePrescription needs. */
export interface ReleasePrescriptionParams extends SendParams {
  readonly prescription: PrescriptionTerms;
  /** Number of the lock to end. */
  readonly lockCount: number;
  /** The holder's signature (signRelease). */
  readonly authorisation: HolderSignature;
}

/**
 * End an unused lock in the holder's name. Caller: anybody, also while paused.
 *
 * @throws `InputInvalid`, `PrescriptionLockUsed`, `PrescriptionLockNotHeld`, `PrescriptionHolderSignatureInvalid`,
 * `SignatureExpired`, `PrescriptionUnknown`, and what sending can meet.
 * @example
 * await releasePrescription(client, { prescription: terms, lockCount: 1, authorisation });
 */
export async function releasePrescription(
  client: Client,
  params: ReleasePrescriptionParams,
): Promise<PrescriptionReleasedEvent & Acted> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const lockCount = checkNumber("lockCount", params.lockCount, 16, 1);
  return act(client, "prescriptionRegistry", "PrescriptionReleased", {
    name: "release",
    args: [terms, lockCount, checkSignature("authorisation", params.authorisation)],
    key: params.key,
    intent: `release:${prescriptionIdOf(terms)}:${lockCount}`,
  });
}
