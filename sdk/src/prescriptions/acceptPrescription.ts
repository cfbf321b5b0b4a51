import type { PrescriptionAcceptedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAcceptance, checkSignature, checkTerms } from "./input.ts";
import { prescriptionIdOf } from "./typedData.ts";
import type { Acceptance, HolderSignature, PrescriptionTerms } from "./types.ts";

/** What acceptPrescription needs. */
export interface AcceptPrescriptionParams extends SendParams {
  readonly prescription: PrescriptionTerms;
  /** Whose lock, for which fill, until when. */
  readonly acceptance: Acceptance;
  /** The holder's authorisation of exactly this lock (signAcceptance). */
  readonly authorisation: HolderSignature;
}

/**
 * Lock one fill of a prescription to a site with the holder's authorisation; the site that holds a live lock may renew
 * it. Caller: a DISPENSE or SUBMIT operator of the pharmacy.
 *
 * @throws `InputInvalid`, `PrescriptionLocked`, `PrescriptionLockCountWrong`, `PrescriptionFillWrong`,
 * `PrescriptionHolderSignatureInvalid`, `SignatureExpired`, `PrescriptionSiteNotOpen`,
 * `PrescriptionLockOutOfRange`, `PrescriptionNotYetValid`, `PrescriptionExpired`, `PrescriptionHalted`,
 * `PrescriptionStatusWrong`, `PrescriptionUnknown`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await acceptPrescription(client, { prescription: terms, acceptance, authorisation });
 */
export async function acceptPrescription(
  client: Client,
  params: AcceptPrescriptionParams,
): Promise<PrescriptionAcceptedEvent & Acted> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const acceptance = checkAcceptance("acceptance", params.acceptance);
  const { member, site, lockCount, fill } = acceptance;
  return act(client, "prescriptionRegistry", "PrescriptionAccepted", {
    name: "accept",
    args: [terms, acceptance, checkSignature("authorisation", params.authorisation)],
    key: params.key,
    intent: `accept:${prescriptionIdOf(terms)}:${member}:${site}:${lockCount}:${fill}`,
  });
}
