import type { QuarantineReleasedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { CompactSignature } from "../core/attestation.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";
import { checkAttestation } from "../prescriptions/input.ts";
import { checkStockPlace } from "./input.ts";

/** What releaseQuarantine needs. */
export interface ReleaseQuarantineParams extends SendParams {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** Member of another group that decides: its quality operator signs; a regulator may send it itself. */
  readonly releaser: number;
  readonly units: number;
  /** Minutes out of range that count from now on; more where what is on hand already has more. */
  readonly minutesOut: number;
  /** The quality operator's signature (signQuarantineRelease); leave out when it sends the act itself. */
  readonly attestation?: CompactSignature | undefined;
}

/**
 * Put quarantined units on hand. Caller: a QUALITY operator of a regulator; or a HANDLE_STOCK or QUALITY operator of the member,
 * with the attestation of a QUALITY operator of a member of another group.
 *
 * @throws `InputInvalid`, `LotUnknown`, `LotIsRecalled`, `QuarantineOfOwn`, `QuarantineRegulatorOnly`,
 * `QuarantineMinutesInvalid`, `StockInsufficient`, `CompartmentUnwatched`, `StockExcursion`, `SignatureExpired`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await releaseQuarantine(client, { lot, member: 9, site: 1, releaser: 7, units: 20, minutesOut: 0, attestation });
 */
export async function releaseQuarantine(
  client: Client,
  params: ReleaseQuarantineParams,
): Promise<QuarantineReleasedEvent & Acted> {
  checkObject("params", params);
  const { lot, member, site } = checkStockPlace(params);
  const releaser = checkMember("releaser", params.releaser);
  const units = checkNumber("units", params.units, 32, 1);
  const minutesOut = checkNumber("minutesOut", params.minutesOut, 16);
  return act(client, "lotRegistry", "QuarantineReleased", {
    name: "releaseQuarantine",
    args: [lot, member, site, releaser, units, minutesOut, checkAttestation(params.attestation)],
    key: params.key,
    intent: `releaseQuarantine:${lot}:${member}:${site}:${releaser}:${units}:${minutesOut}`,
  });
}
