import type { SerialState } from "../abi/index.ts";
import { type Acted, type SendParams, actedOf, eventsOf, submit } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkNumber, checkObject } from "../core/input.ts";
import { checkLot, checkRunProof } from "./input.ts";

/** What checkSerial needs. */
export interface CheckSerialParams extends SendParams {
  /** Who checks. */
  readonly member: number;
  readonly lot: string;
  /** Index of the unit within the lot. */
  readonly unit: number;
  /** As `saltedSerialOf` gives it. */
  readonly saltedSerial: string;
  /** As `proofOf` of the serial tree gives it. */
  readonly proof: readonly string[];
}

/** What a serial was found to be. */
export interface CheckedSerial extends Acted {
  readonly lot: string;
  readonly unit: number;
  /** Anything but `Active` was logged as an alert. */
  readonly state: SerialState;
}

/**
 * Check a serial at the point of use, and raise an alert where it is not active. `getSerialState` tells the same without a trace.
 * Caller: a HANDLE_STOCK, QUALITY, DISPENSE, VACCINATE or INSPECT operator.
 *
 * @throws `InputInvalid`, `DutyNotHeld`, `DutyLicenceLapsed`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const { state } = await checkSerial(client, { member: 9, lot, unit, saltedSerial, proof: tree.proofOf(unit) });
 */
export async function checkSerial(client: Client, params: CheckSerialParams): Promise<CheckedSerial> {
  checkObject("params", params);
  const member = checkMember("member", params.member);
  const lot = checkLot("lot", params.lot);
  const unit = checkNumber("unit", params.unit, 32);
  const saltedSerial = checkBytes32("saltedSerial", params.saltedSerial);
  const proof = checkRunProof("proof", params.proof);
  const receipt = await submit(client, "lotRegistry", {
    name: "checkSerial",
    args: [member, lot, unit, saltedSerial, proof],
    key: params.key,
  });
  const [alert] = eventsOf(client, "lotRegistry", "SerialAlertRaised", receipt);
  return { lot, unit, state: alert?.state ?? "Active", ...actedOf(receipt) };
}
