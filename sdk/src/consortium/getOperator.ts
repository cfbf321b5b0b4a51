import type { Client } from "../core/client.ts";
import { DUTY_BITS, PROFESSIONAL_DUTIES, type ProfessionalDuty, dutyNames } from "../core/duties.ts";
import { checkMember, checkObject, checkOperator } from "../core/input.ts";
import type { Operator } from "./types.ts";

/** Bit that marks a retired key among the suspended duties. */
const RETIRED = 0x8000_0000;

/**
 * An operator of a member as it stands; without duties when it is unknown.
 *
 * @param operator Operator key, or its address.
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { duties, licensedThrough } = await getOperator(client, { member: 7, operator: drAdler });
 */
export async function getOperator(
  client: Client,
  params: { readonly member: number; readonly operator: string },
): Promise<Operator> {
  const { member, operator } = checkObject("params", params);
  const key = checkOperator("operator", operator);
  const args = [checkMember("member", member), key];
  const { 0: found } = await client.read("memberRegistry", "operatorOf", args);
  const { duties, suspended, suspender, appointedUntil, licensedThrough } = found as {
    duties: Operator["duties"];
    suspended: number;
    suspender: number;
    appointedUntil: number;
    licensedThrough: number[];
  };
  const licences: Partial<Record<ProfessionalDuty, number>> = {};
  for (const duty of PROFESSIONAL_DUTIES) {
    const day = licensedThrough[DUTY_BITS[duty]] ?? 0;
    if (day !== 0) licences[duty] = day;
  }
  return {
    member,
    operator: key,
    duties,
    suspended: dutyNames((suspended & ~RETIRED) >>> 0),
    suspender,
    retired: (suspended & RETIRED) !== 0,
    appointedUntil,
    licensedThrough: licences,
  };
}
