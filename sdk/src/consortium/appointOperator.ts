import type { OperatorAppointedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { checkDuties, checkMember, checkObject, checkOperator, checkTime } from "../core/input.ts";

/** An appointment. */
export interface Appointment {
  /** Operator key, or its address. */
  readonly operator: string;
  /** The whole new set of duties; replaces any earlier set. */
  readonly duties: readonly Duty[];
  /** End of the appointment, exclusive, unix seconds, in the future. */
  readonly until: number;
}

/** What appointOperator needs. */
export interface AppointOperatorParams extends Appointment, SendParams {
  /** Member id. */
  readonly member: number;
}

/**
 * Appoint an operator, or change its duties and end. A professional duty counts only while it is licensed too.
 * Caller: the member's admin.
 *
 * @throws `InputInvalid`, `OperatorDutiesInvalid`, `OperatorAppointmentPast`, `OperatorKeyRetired`, `MemberAdminOnly`,
 * and what sending can meet.
 * @example
 * await appointOperator(client, { member: 7, operator: drAdler, duties: ["PRESCRIBE"], until: 1_900_000_000 });
 */
export async function appointOperator(
  client: Client,
  params: AppointOperatorParams,
): Promise<OperatorAppointedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkAppointment("", params)];
  return act(client, "memberRegistry", "OperatorAppointed", { name: "appoint", args, key: params.key });
}

/** Check an appointment; `prefix` leads to it in messages. */
export function checkAppointment(prefix: string, appointment: Appointment): Record<string, unknown> {
  return {
    operator: checkOperator(`${prefix}operator`, appointment.operator),
    duties: checkDuties(`${prefix}duties`, appointment.duties),
    until: checkTime(`${prefix}until`, appointment.until),
  };
}
