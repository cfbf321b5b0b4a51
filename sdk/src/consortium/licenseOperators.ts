import type { OperatorLicensedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, actAll } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkList, checkMember, checkObject } from "../core/input.ts";
import { MEMBER_BATCH_MOST } from "./appointOperators.ts";
import { type Licence, checkLicence } from "./licenseOperator.ts";

/** What licenseOperators needs. */
export interface LicenseOperatorsParams extends SendParams {
  /** Authority in whose name to act. */
  readonly authority: number;
  /** 1 to 200 licences. */
  readonly licences: readonly Licence[];
}

/**
 * Give up to 200 licences, all or none. Caller: a LICENSE operator of `authority`.
 *
 * @throws `InputInvalid`, and what {@link licenseOperator} can meet.
 * @example
 * const { events } = await licenseOperators(client, { authority: 1, licences });
 */
export async function licenseOperators(
  client: Client,
  params: LicenseOperatorsParams,
): Promise<Acted & { events: OperatorLicensedEvent[] }> {
  checkObject("params", params);
  const licences = checkList("licences", params.licences, MEMBER_BATCH_MOST).map((each, index) =>
    checkLicence(`licences[${index}].`, checkObject(`licences[${index}]`, each)),
  );
  return actAll(client, "memberRegistry", "OperatorLicensed", {
    name: "licenseBatch",
    args: [checkMember("authority", params.authority), licences],
    key: params.key,
  });
}
