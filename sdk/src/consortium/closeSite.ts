import type { SiteClosedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";

/** What closeSite needs. */
export interface CloseSiteParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** Site number within the member. */
  readonly site: number;
}

/**
 * Close a site; its locks are void at once. Caller: the member's admin.
 *
 * @throws `InputInvalid`, `SiteNotOpen`, `MemberAdminOnly`, and what sending can meet.
 * @example
 * await closeSite(client, { member: 7, site: 2 });
 */
export async function closeSite(client: Client, params: CloseSiteParams): Promise<SiteClosedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkNumber("site", params.site, 16, 1)];
  return act(client, "memberRegistry", "SiteClosed", { name: "closeSite", args, key: params.key });
}
