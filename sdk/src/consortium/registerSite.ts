import type { SiteRegisteredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkGln, checkMember, checkObject } from "../core/input.ts";

/** What registerSite needs. */
export interface RegisterSiteParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** Global Location Number (GS1): 13 digits, as text or bigint. */
  readonly gln: bigint | string;
}

/**
 * Open a site: a branch, a ward, a depot. Resolves to its number. Caller: the member's admin.
 *
 * @throws `InputInvalid`, `SiteGlnInvalid`, `SiteGlnInUse`, `SiteLimitReached`, `MemberAdminOnly`, and what
 * sending can meet.
 * @example
 * await registerSite(client, { member: 7, gln: "9521234000013" });
 */
export async function registerSite(
  client: Client,
  params: RegisterSiteParams,
): Promise<SiteRegisteredEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkGln("gln", params.gln)];
  return act(client, "memberRegistry", "SiteRegistered", { name: "registerSite", args, key: params.key });
}
