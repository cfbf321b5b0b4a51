import { type Acted, type SendParams, actedOf, onlyEvent, submit } from "../core/act.ts";
import type { CompactSignature } from "../core/attestation.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import type { EphemeralKey } from "../holder/stealth.ts";
import { checkAttestation, checkEphemeralKey } from "../prescriptions/input.ts";
import { doseOf } from "./doses.ts";
import { checkAdministration, checkProof } from "./input.ts";
import type { Administration, RecordedDose } from "./types.ts";

/** What administerDose needs. */
export interface AdministerDoseParams extends SendParams {
  readonly dose: Administration;
  /** What lets the patient's viewing key find it (`createStealthHolder`); a dummy for paper (`createQrHolder`). */
  readonly ephemeralKey: EphemeralKey;
  /** As `proofOf` of the serial tree gives it; absent where the lot has no serials. */
  readonly proof?: readonly string[] | undefined;
  /** The vaccinator's signature (signAdministration); leave out when the vaccinator sends it itself. */
  readonly attestation?: CompactSignature | undefined;
}

/**
 * Record a dose that was given. Caller: a VACCINATE operator at an open site, or with its attestation a SUBMIT operator of the
 * member.
 *
 * @throws `InputInvalid`, `LotUnknown`, `LotStatusWrong`, `LotIsRecalled`, `LotExpired`, `LotUsedOtherwise`, `StockInsufficient`,
 * `StockInQuarantine`, `StockElsewhere`, `StockExcursion`, `StockSpanWrong`, `SerialSpent`, `SerialUnknown`,
 * `SerialOpenTooLong`, `DoseTermInvalid`, `DoseHolderUsed`, `StockSiteNotOpen`, `SignatureExpired`, `DutyNotHeld`,
 * `DutyLicenceLapsed`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const unit = tree.indexOf(serial);
 * const dose = { lot, member: 10, site: 1, unit, saltedSerial: tree.saltedSerialOf(unit), holder, commitment, seriesDose: 1 };
 * await administerDose(client, { dose, ephemeralKey, proof: tree.proofOf(unit), attestation });
 */
export async function administerDose(
  client: Client,
  params: AdministerDoseParams,
): Promise<RecordedDose & Acted> {
  checkObject("params", params);
  const dose = checkAdministration("dose", params.dose);
  const ephemeralKey = checkEphemeralKey("ephemeralKey", params.ephemeralKey);
  const proof = checkProof("proof", params.proof);
  const receipt = await submit(client, "lotRegistry", {
    name: "administer",
    args: [dose, ephemeralKey, proof, checkAttestation(params.attestation)],
    key: params.key,
    intent: `administer:${Object.values(dose).join(":")}:${Object.values(ephemeralKey).join(":")}`,
  });
  const given = onlyEvent(client, "lotRegistry", "DoseAdministered", receipt);
  return {
    ...doseOf(given, onlyEvent(client, "lotRegistry", "DosesAdministered", receipt)),
    ...actedOf(receipt),
  };
}
