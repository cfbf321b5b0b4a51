import type { OperatorSuspensionLiftedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject, checkOperator } from "../core/input.ts";

/** What liftOperatorSuspension needs. */
export interface LiftOperatorSuspensionParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** Operator key, or its address. */
  readonly operator: string;
}

/**
 * Restore all suspended duties of an operator. Caller: governance.
 *
 * @throws `InputInvalid`, `OperatorDutiesInvalid`, and what sending can meet.
 * @example
 * await liftOperatorSuspension(client, { member: 7, operator: drAdler });
 */
export async function liftOperatorSuspension(
  client: Client,
  params: LiftOperatorSuspensionParams,
): Promise<OperatorSuspensionLiftedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkOperator("operator", params.operator)];
  return act(client, "memberRegistry", "OperatorSuspensionLifted", {
    name: "liftOperatorSuspension",
    args,
    key: params.key,
  });
}
