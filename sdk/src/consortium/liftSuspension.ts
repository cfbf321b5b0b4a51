import {
  type MemberSuspensionLiftedEvent,
  SUSPENSION_CAUSE_NAMES,
  type SuspensionCause,
} from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject } from "../core/input.ts";

/** What liftSuspension needs. */
export interface LiftSuspensionParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** Cause of the suspension. */
  readonly cause: SuspensionCause;
}

/**
 * End a suspension of a member at once; its cause may be used again. Caller: governance.
 *
 * @throws `InputInvalid`, `SuspensionUnknown`, and what sending can meet.
 * @example
 * await liftSuspension(client, { member: 7, cause: "PatientSafety" });
 */
export async function liftSuspension(
  client: Client,
  params: LiftSuspensionParams,
): Promise<MemberSuspensionLiftedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("member", params.member),
    checkName("cause", params.cause, SUSPENSION_CAUSE_NAMES, true),
  ];
  return act(client, "memberRegistry", "MemberSuspensionLifted", {
    name: "liftSuspension",
    args,
    key: params.key,
  });
}
