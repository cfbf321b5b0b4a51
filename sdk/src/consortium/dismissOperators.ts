import type { OperatorDismissedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, actAll } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkList, checkMember, checkObject, checkOperator } from "../core/input.ts";
import { MEMBER_BATCH_MOST } from "./appointOperators.ts";

/** What dismissOperators needs. */
export interface DismissOperatorsParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** 1 to 200 operator keys, or their addresses. */
  readonly operators: readonly string[];
}

/**
 * Dismiss operators; they stop in the same block. Licences and suspensions of the keys stay. Caller: the member's admin.
 *
 * @throws `InputInvalid`, `OperatorUnknown`, `MemberAdminOnly`, and what sending can meet.
 * @example
 * await dismissOperators(client, { member: 7, operators: [drAdler] });
 */
export async function dismissOperators(
  client: Client,
  params: DismissOperatorsParams,
): Promise<Acted & { events: OperatorDismissedEvent[] }> {
  checkObject("params", params);
  const operators = checkList("operators", params.operators, MEMBER_BATCH_MOST).map((each, index) =>
    checkOperator(`operators[${index}]`, each),
  );
  return actAll(client, "memberRegistry", "OperatorDismissed", {
    name: "dismiss",
    args: [checkMember("member", params.member), operators],
    key: params.key,
  });
}
