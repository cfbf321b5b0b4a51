import type { OperatorDutiesRestoredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { checkDuties, checkMember, checkObject, checkOperator } from "../core/input.ts";

/** What restoreOperator needs. */
export interface RestoreOperatorParams extends SendParams {
  /** Regulator in whose name to act. */
  readonly regulator: number;
  /** Member for which the operator works. */
  readonly member: number;
  /** Operator key, or its address. */
  readonly operator: string;
  /** Duties to restore. */
  readonly duties: readonly Duty[];
}

/**
 * Restore suspended duties of one operator. Caller: as for suspendOperator, at the regulator that suspended
 * last.
 *
 * @throws `InputInvalid`, `SuspensionOfOther`, `OperatorDutiesInvalid`, and what sending can meet.
 * @example
 * await restoreOperator(client, { regulator: 1, member: 7, operator: drAdler, duties: ["PRESCRIBE"] });
 */
export async function restoreOperator(
  client: Client,
  params: RestoreOperatorParams,
): Promise<OperatorDutiesRestoredEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("regulator", params.regulator),
    checkMember("member", params.member),
    checkOperator("operator", params.operator),
    checkDuties("duties", params.duties),
  ];
  return act(client, "memberRegistry", "OperatorDutiesRestored", {
    name: "restoreOperator",
    args,
    key: params.key,
  });
}
