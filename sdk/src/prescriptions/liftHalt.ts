import type { PrescriptionsResumedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { type HaltTarget, checkTarget } from "./haltPrescriptions.ts";

/** What liftHalt needs. */
export interface LiftHaltParams extends HaltTarget, SendParams {}

/**
 * Lift any regulator's halt. Caller: governance.
 *
 * @throws `InputInvalid`, `HaltUnknown`, `AccessManagedUnauthorized`, and what sending can meet.
 * @example
 * await liftHalt(client, { issuer: 7 });
 */
export async function liftHalt(
  client: Client,
  params: LiftHaltParams,
): Promise<PrescriptionsResumedEvent & Acted> {
  checkObject("params", params);
  const args = checkTarget(params);
  return act(client, "prescriptionRegistry", "PrescriptionsResumed", {
    name: "liftHalt",
    args,
    key: params.key,
  });
}
