import type { DomainPausedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import type { ContractName } from "../core/contracts.ts";
import { checkName, checkObject, checkTime } from "../core/input.ts";

/** A part of the ledger that can be paused by itself. */
export type Domain = Exclude<ContractName, "accessManager">;

const DOMAINS: readonly Domain[] = [
  "memberRegistry",
  "prescriptionRegistry",
  "consentRegistry",
  "recordRegistry",
  "lotRegistry",
  "standardsRegistry",
  "researchRegistry",
];

/** What pauseDomain needs. */
export interface PauseDomainParams extends SendParams {
  /** What to pause. */
  readonly domain: Domain;
  /** When it ends by itself, unix seconds; at most 2 days ahead, 7 days after the last one ended. */
  readonly until: number;
}

/**
 * Stop a part of the ledger from taking new acts; returns, releases, cancellations, withdrawals of dispenses, halts,
 * dismissals, revocations, suspensions and the closing of sites still work. Caller: the emergency role.
 *
 * @throws `InputInvalid`, `DomainPauseOutOfRange`, `DomainPauseTooSoon`, `AccessManagedUnauthorized`, and what sending
 * can meet.
 * @example
 * await pauseDomain(client, { domain: "prescriptionRegistry", until: Math.floor(Date.now() / 1000) + 3600 });
 */
export async function pauseDomain(
  client: Client,
  params: PauseDomainParams,
): Promise<DomainPausedEvent & Acted> {
  checkObject("params", params);
  const domain = checkDomain(params.domain);
  const args = [checkTime("until", params.until)];
  return act(client, domain, "DomainPaused", { name: "pause", args, key: params.key });
}

/** Check the name of a domain. */
export function checkDomain(domain: Domain): Domain {
  checkName("domain", domain, DOMAINS);
  return domain;
}
