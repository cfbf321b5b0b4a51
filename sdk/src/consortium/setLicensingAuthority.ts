import type { LicensingAuthoritySetEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { ProfessionalDuty } from "../core/duties.ts";
import { checkMember, checkNumber, checkObject, checkProfessionalDuties } from "../core/input.ts";

/** What setLicensingAuthority needs. */
export interface SetLicensingAuthorityParams extends SendParams {
  /** A member of the regulator sector. */
  readonly authority: number;
  /** Professional duties that it may license; empty for none. */
  readonly duties: readonly ProfessionalDuty[];
  /** Member that may revoke and renew its licences, 0 for none. */
  readonly successor: number;
}

/**
 * Set which professional duties an authority may license and who administers its licences after it. An empty
 * list ends its right to license; licences given stand until they end or a successor revokes them. Caller:
 * governance.
 *
 * @throws `InputInvalid`, `MemberNotActive`, `MemberSuccessorInvalid`, and what sending can meet.
 * @example
 * await setLicensingAuthority(client, { authority: 1, duties: ["PRESCRIBE", "DISPENSE"], successor: 6 });
 */
export async function setLicensingAuthority(
  client: Client,
  params: SetLicensingAuthorityParams,
): Promise<LicensingAuthoritySetEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("authority", params.authority),
    checkProfessionalDuties("duties", params.duties, true),
    checkNumber("successor", params.successor, 32),
  ];
  return act(client, "memberRegistry", "LicensingAuthoritySet", {
    name: "setLicensingAuthority",
    args,
    key: params.key,
  });
}
