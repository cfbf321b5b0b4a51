import type { PrescriptionsResumedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { type HaltTarget, checkTarget } from "./haltPrescriptions.ts";

/** What resumePrescriptions needs. */
export interface ResumePrescriptionsParams extends HaltTarget, SendParams {
  /** Regulator in whose name to act: the one that set or last widened the halt. */
  readonly regulator: number;
}

/**
 * Lift a halt. Caller: an INSPECT operator of `regulator`.
 *
 * @throws `InputInvalid`, `HaltUnknown`, `HaltOfOther`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await resumePrescriptions(client, { regulator: 1, issuer: 7 });
 */
export async function resumePrescriptions(
  client: Client,
  params: ResumePrescriptionsParams,
): Promise<PrescriptionsResumedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("regulator", params.regulator), ...checkTarget(params)];
  return act(client, "prescriptionRegistry", "PrescriptionsResumed", {
    name: "resumeHalted",
    args,
    key: params.key,
  });
}
