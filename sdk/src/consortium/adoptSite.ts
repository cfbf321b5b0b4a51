import type { SiteAdoptedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";

/** What adoptSite needs. */
export interface AdoptSiteParams extends SendParams {
  /** The successor. */
  readonly member: number;
  /** The closed member. */
  readonly from: number;
  /** Site number within the closed member. */
  readonly fromSite: number;
}

/**
 * Take over a site of a closed member whose successor this one is. Resolves to its new number. Caller: the
 * successor's admin.
 *
 * @throws `InputInvalid`, `SiteAdoptionRefused`, `SiteNotOpen`, and what sending can meet.
 * @example
 * await adoptSite(client, { member: 9, from: 7, fromSite: 2 });
 */
export async function adoptSite(client: Client, params: AdoptSiteParams): Promise<SiteAdoptedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("member", params.member),
    checkMember("from", params.from),
    checkNumber("fromSite", params.fromSite, 16, 1),
  ];
  return act(client, "memberRegistry", "SiteAdopted", { name: "adoptSite", args, key: params.key });
}
