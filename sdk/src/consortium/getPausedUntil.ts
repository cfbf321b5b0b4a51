import type { Client } from "../core/client.ts";
import { type Domain, checkDomain } from "./pauseDomain.ts";

/**
 * When the present or last pause of a part of the ledger ends or ended, unix seconds; 0 if there never was one.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const paused = (await getPausedUntil(client, "prescriptionRegistry")) > Date.now() / 1000;
 */
export async function getPausedUntil(client: Client, domain: Domain): Promise<number> {
  const { 0: until } = await client.read(checkDomain(domain), "pausedUntil", []);
  return until as number;
}
