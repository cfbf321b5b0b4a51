import {
  type MemberSuspensionRatifiedEvent,
  SUSPENSION_CAUSE_NAMES,
  type SuspensionCause,
} from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject, checkTime } from "../core/input.ts";

/** What ratifySuspension needs. */
export interface RatifySuspensionParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** Cause of the suspension. */
  readonly cause: SuspensionCause;
  /** New end, exclusive, unix seconds, in the future. */
  readonly until: number;
}

/**
 * Confirm a regulator's suspension and set its new end, or shorten it. Caller: governance.
 *
 * @throws `InputInvalid`, `SuspensionUnknown`, `SuspensionOutOfRange`, and what sending can meet.
 * @example
 * await ratifySuspension(client, { member: 7, cause: "PatientSafety", until: 1_800_000_000 });
 */
export async function ratifySuspension(
  client: Client,
  params: RatifySuspensionParams,
): Promise<MemberSuspensionRatifiedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("member", params.member),
    checkName("cause", params.cause, SUSPENSION_CAUSE_NAMES, true),
    checkTime("until", params.until),
  ];
  return act(client, "memberRegistry", "MemberSuspensionRatified", {
    name: "ratifySuspension",
    args,
    key: params.key,
  });
}
