import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { type Domain, checkDomain } from "./pauseDomain.ts";

/** What resumeDomain needs. */
export interface ResumeDomainParams extends SendParams {
  /** What to resume. */
  readonly domain: Domain;
}

/**
 * End a pause at once. Caller: the emergency role.
 *
 * @throws `InputInvalid`, `DomainNotPaused`, `AccessManagedUnauthorized`, and what sending can meet.
 * @example
 * await resumeDomain(client, { domain: "prescriptionRegistry" });
 */
export async function resumeDomain(client: Client, params: ResumeDomainParams): Promise<Acted> {
  checkObject("params", params);
  const domain = checkDomain(params.domain);
  return act(client, domain, "DomainResumed", { name: "resume", args: [], key: params.key });
}
