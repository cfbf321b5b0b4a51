import { HALT_REASON_NAMES, type HaltReason, type PrescriptionsHaltedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject, checkOperator, checkTime } from "../core/input.ts";

/** Stands for all prescribers of an issuer. */
const ALL_PRESCRIBERS = `0x${"00".repeat(32)}`;

/** Whose prescriptions. */
export interface HaltTarget {
  /** Member that issued them. */
  readonly issuer: number;
  /** Operator key of one prescriber, or its address; all of the issuer's when absent. */
  readonly prescriber?: string;
}

/** What haltPrescriptions needs. */
export interface HaltPrescriptionsParams extends HaltTarget, SendParams {
  /** Regulator in whose name to act. */
  readonly regulator: number;
  /** First second of issue that is halted, unix seconds, from 1 to now. */
  readonly since: number;
  /** Why. */
  readonly reason: Exclude<HaltReason, "Unspecified">;
}

/**
 * Halt the prescriptions of a member, or of one prescriber of it, issued since a date and until now: they can be neither
 * locked nor dispensed until resumed. A standing halt is widened, never narrowed. Caller: an INSPECT operator of
 * `regulator`.
 *
 * @throws `InputInvalid`, `HaltInvalid`, `HaltNarrowed`, `HaltRateExceeded`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await haltPrescriptions(client, { regulator: 1, issuer: 7, since: 1_700_000_000, reason: "KeyCompromise" });
 */
export async function haltPrescriptions(
  client: Client,
  params: HaltPrescriptionsParams,
): Promise<PrescriptionsHaltedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("regulator", params.regulator),
    ...checkTarget(params),
    checkTime("since", params.since),
    checkName("reason", params.reason, HALT_REASON_NAMES, true),
  ];
  return act(client, "prescriptionRegistry", "PrescriptionsHalted", { name: "halt", args, key: params.key });
}

/** Check whose prescriptions are meant: issuer and prescriber, zero for all. */
export function checkTarget(target: HaltTarget): [number, string] {
  const { prescriber } = checkObject("params", target);
  return [
    checkMember("issuer", target.issuer),
    prescriber === undefined ? ALL_PRESCRIBERS : checkOperator("prescriber", prescriber),
  ];
}
