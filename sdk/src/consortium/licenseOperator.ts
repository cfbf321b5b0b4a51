import type { OperatorLicensedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { ProfessionalDuty } from "../core/duties.ts";
import {
  checkMember,
  checkNumber,
  checkObject,
  checkOperator,
  checkProfessionalDuties,
} from "../core/input.ts";

/** A licence. */
export interface Licence {
  /** Member for which the operator works. */
  readonly member: number;
  /** Operator key, or its address. */
  readonly operator: string;
  /** Professional duties, all within the authority's mask. */
  readonly duties: readonly ProfessionalDuty[];
  /** Last day of validity, days since 1970-01-01 UTC, inclusive; today or later (see {@link dayOf}). */
  readonly throughDay: number;
}

/** What licenseOperator needs. */
export interface LicenseOperatorParams extends Licence, SendParams {
  /** Authority in whose name to act. */
  readonly authority: number;
}

/**
 * License an operator for professional duties, also before its appointment. Caller: a LICENSE operator of `authority`.
 *
 * @throws `InputInvalid`, `LicenceBeyondMask`, `LicenceDayPast`, `LicenceOfOther`, `LicenceOfOwn`, `DutyNotHeld`, and
 * what sending can meet.
 * @example
 * await licenseOperator(client, {
 *   authority: 1, member: 7, operator: drAdler, duties: ["PRESCRIBE"], throughDay: dayOf(new Date("2030-12-31")),
 * });
 */
export async function licenseOperator(
  client: Client,
  params: LicenseOperatorParams,
): Promise<OperatorLicensedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("authority", params.authority), checkLicence("", params)];
  return act(client, "memberRegistry", "OperatorLicensed", { name: "license", args, key: params.key });
}

/** Check a licence; `prefix` leads to it in messages. */
export function checkLicence(prefix: string, licence: Licence): Record<string, unknown> {
  return {
    member: checkMember(`${prefix}member`, licence.member),
    operator: checkOperator(`${prefix}operator`, licence.operator),
    duties: checkProfessionalDuties(`${prefix}duties`, licence.duties),
    throughDay: checkNumber(`${prefix}throughDay`, licence.throughDay, 16, 1),
  };
}

/** The day of a date: days since 1970-01-01 UTC. */
export function dayOf(date: Date): number {
  return Math.floor(date.getTime() / 86_400_000);
}
