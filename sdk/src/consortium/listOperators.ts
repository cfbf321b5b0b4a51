import type { Client } from "../core/client.ts";
import { checkMember } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { getOperator } from "./getOperator.ts";
import type { Operator } from "./types.ts";

/**
 * The operators that a member has appointed, as they stand now; dismissed, replaced and only licensed keys are left out.
 * Found through their events.
 *
 * @throws `InputInvalid`, `RpcUnavailable`, `LogRangeUnsearchable`
 * @example
 * const prescribers = (await listOperators(client, 7)).filter(({ duties }) => duties.includes("PRESCRIBE"));
 */
export async function listOperators(client: Client, member: number): Promise<Operator[]> {
  const indexed = [checkMember("member", member)];
  const contract = "memberRegistry";
  const [appointed, replaced] = await Promise.all([
    getEvents(client, { contract, events: ["OperatorAppointed"], indexed }),
    getEvents(client, { contract, events: ["OperatorReplaced"], indexed }),
  ]);
  const keys = new Set([...appointed, ...replaced].map(({ values }) => values["operator"] as string));
  const operators = await Promise.all([...keys].map((operator) => getOperator(client, { member, operator })));
  return operators.filter(({ duties }) => duties.length > 0);
}
