import { type MemberSuspendedEvent, SUSPENSION_CAUSE_NAMES, type SuspensionCause } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { checkMember, checkMemberDuties, checkName, checkObject, checkTime } from "../core/input.ts";

/** What suspendMember needs. */
export interface SuspendMemberParams extends SendParams {
  /** Regulator in whose name to act. */
  readonly regulator: number;
  /** Member to suspend, never a regulator. */
  readonly member: number;
  /** Duties to suspend. */
  readonly duties: readonly Duty[];
  /** End, exclusive, unix seconds, at most 30 days ahead. */
  readonly until: number;
  /** Why. */
  readonly cause: SuspensionCause;
}

/**
 * Suspend duties of a whole member at once: once per cause until governance answers, at most 30 days. With
 * ADMINISTER its admin key is stopped too. Caller: an INSPECT operator of `regulator`.
 *
 * @throws `InputInvalid`, `SuspensionOfRegulator`, `SuspensionRepeated`, `SuspensionOutOfRange`,
 * `SuspensionRateExceeded`, and what sending can meet.
 * @example
 * await suspendMember(client, { regulator: 1, member: 7, duties: ["DISPENSE"], until, cause: "PatientSafety" });
 */
export async function suspendMember(
  client: Client,
  params: SuspendMemberParams,
): Promise<MemberSuspendedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("regulator", params.regulator),
    checkMember("member", params.member),
    checkMemberDuties("duties", params.duties),
    checkTime("until", params.until),
    checkName("cause", params.cause, SUSPENSION_CAUSE_NAMES, true),
  ];
  return act(client, "memberRegistry", "MemberSuspended", { name: "suspendMember", args, key: params.key });
}
