import type { Client } from "../core/client.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { sdkError } from "../core/errorCatalogue.ts";
import { checkBytes32 } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { findIssue } from "./getPrescription.ts";

/**
 * All that happened to a prescription, from its issue on, in the order of the chain: issue, review, locks, returns,
 * dispenses, withdrawals, cancellation, replacement, claims.
 *
 * @throws `InputInvalid`, `PrescriptionNotFound`, `PrescriptionTermsMissing`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * for (const { event, values, blockNumber } of await getPrescriptionHistory(client, id)) print(event, values);
 */
export async function getPrescriptionHistory(client: Client, prescription: string): Promise<DecodedEvent[]> {
  const id = checkBytes32("prescription", prescription, false);
  const { 0: found } = await client.read("prescriptionRegistry", "stateOf", [id]);
  const { status, issuedAt } = found as { status: string; issuedAt: number };
  if (status === "Unknown") throw sdkError("PrescriptionNotFound", { prescription: id });
  const { blockNumber } = await findIssue(client, id, issuedAt);
  return getEvents(client, { contract: "prescriptionRegistry", indexed: [id], fromBlock: blockNumber });
}
