import type { SiteClosedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";

/** What revokeSite needs. */
export interface RevokeSiteParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** Site number within the member. */
  readonly site: number;
}

/**
 * Close a site that was registered under a GLN that is not the member's. Caller: governance.
 *
 * @throws `InputInvalid`, `SiteNotOpen`, and what sending can meet.
 * @example
 * await revokeSite(client, { member: 7, site: 2 });
 */
export async function revokeSite(client: Client, params: RevokeSiteParams): Promise<SiteClosedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkNumber("site", params.site, 16, 1)];
  return act(client, "memberRegistry", "SiteClosed", { name: "revokeSite", args, key: params.key });
}
