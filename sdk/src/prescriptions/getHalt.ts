import type { Client } from "../core/client.ts";
import { type HaltTarget, checkTarget } from "./haltPrescriptions.ts";
import type { Halt } from "./types.ts";

/**
 * The standing halt on an issuer, or on one prescriber of it; undefined when there is none.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const halt = await getHalt(client, { issuer: 7 });
 */
export async function getHalt(client: Client, target: HaltTarget): Promise<Halt | undefined> {
  const { 0: found } = await client.read("prescriptionRegistry", "haltOf", checkTarget(target));
  const halt = found as Halt;
  return halt.since === 0 ? undefined : halt;
}
