import type { OperatorAppointedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, actAll } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkList, checkMember, checkObject } from "../core/input.ts";
import { type Appointment, checkAppointment } from "./appointOperator.ts";

/** Most appointments, dismissals or licences at once. */
export const MEMBER_BATCH_MOST = 200;

/** What appointOperators needs. */
export interface AppointOperatorsParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** 1 to 200 appointments. */
  readonly appointments: readonly Appointment[];
}

/**
 * Appoint up to 200 operators, all or none. Caller: the member's admin.
 *
 * @throws `InputInvalid`, and what {@link appointOperator} can meet.
 * @example
 * const { events } = await appointOperators(client, { member: 7, appointments });
 */
export async function appointOperators(
  client: Client,
  params: AppointOperatorsParams,
): Promise<Acted & { events: OperatorAppointedEvent[] }> {
  checkObject("params", params);
  const appointments = checkList("appointments", params.appointments, MEMBER_BATCH_MOST).map((each, index) =>
    checkAppointment(`appointments[${index}].`, checkObject(`appointments[${index}]`, each)),
  );
  return actAll(client, "memberRegistry", "OperatorAppointed", {
    name: "appointBatch",
    args: [checkMember("member", params.member), appointments],
    key: params.key,
  });
}
