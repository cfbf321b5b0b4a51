import { SUSPENSION_CAUSE_NAMES, type SuspensionCause } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject } from "../core/input.ts";
import type { Suspension } from "./types.ts";

/**
 * A member's suspension for one cause; `until` is 0 when there was none.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { until, ratified } = await getSuspension(client, { member: 7, cause: "PatientSafety" });
 */
export async function getSuspension(
  client: Client,
  params: { readonly member: number; readonly cause: SuspensionCause },
): Promise<Suspension> {
  const { member, cause } = checkObject("params", params);
  const args = [checkMember("member", member), checkName("cause", cause, SUSPENSION_CAUSE_NAMES, true)];
  const { 0: found } = await client.read("memberRegistry", "suspensionOf", args);
  return found as Suspension;
}
