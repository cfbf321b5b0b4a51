import type { OperatorDutiesSuspendedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { checkDuties, checkMember, checkObject, checkOperator } from "../core/input.ts";

/** What suspendOperator needs. */
export interface SuspendOperatorParams extends SendParams {
  /** Regulator in whose name to act. */
  readonly regulator: number;
  /** Member for which the operator works. */
  readonly member: number;
  /** Operator key, or its address. */
  readonly operator: string;
  /** Duties to suspend. */
  readonly duties: readonly Duty[];
}

/**
 * Suspend duties of one operator, appointed or not. Caller: an INSPECT operator of `regulator`, or a LICENSE
 * operator for duties within its authority's mask.
 *
 * @throws `InputInvalid`, `SuspensionOfRegulator`, `SuspensionRateExceeded`, `DutyNotHeld`, and what sending
 * can meet.
 * @example
 * await suspendOperator(client, { regulator: 1, member: 7, operator: drAdler, duties: ["PRESCRIBE"] });
 */
export async function suspendOperator(
  client: Client,
  params: SuspendOperatorParams,
): Promise<OperatorDutiesSuspendedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("regulator", params.regulator),
    checkMember("member", params.member),
    checkOperator("operator", params.operator),
    checkDuties("duties", params.duties),
  ];
  return act(client, "memberRegistry", "OperatorDutiesSuspended", {
    name: "suspendOperator",
    args,
    key: params.key,
  });
}
