import type { OperatorLicenceRevokedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { ProfessionalDuty } from "../core/duties.ts";
import { checkMember, checkObject, checkOperator, checkProfessionalDuties } from "../core/input.ts";

/** What revokeLicence needs. */
export interface RevokeLicenceParams extends SendParams {
  /** Authority in whose name to act. */
  readonly authority: number;
  /** Member for which the operator works. */
  readonly member: number;
  /** Operator key, or its address. */
  readonly operator: string;
  /** Professional duties. */
  readonly duties: readonly ProfessionalDuty[];
}

/**
 * Revoke an operator's licences; they stop counting in the same block. Caller: a LICENSE operator of the
 * authority that gave them, or of its successor.
 *
 * @throws `InputInvalid`, `LicenceUnknown`, `LicenceOfOther`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await revokeLicence(client, { authority: 1, member: 7, operator: drAdler, duties: ["PRESCRIBE"] });
 */
export async function revokeLicence(
  client: Client,
  params: RevokeLicenceParams,
): Promise<OperatorLicenceRevokedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("authority", params.authority),
    checkMember("member", params.member),
    checkOperator("operator", params.operator),
    checkProfessionalDuties("duties", params.duties),
  ];
  return act(client, "memberRegistry", "OperatorLicenceRevoked", {
    name: "revokeLicence",
    args,
    key: params.key,
  });
}
