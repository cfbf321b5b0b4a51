import { findBlockAt } from "../core/blocks.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject } from "../core/input.ts";
import { LOG_RANGE, getEvents } from "../core/logs.ts";
import { recordError } from "./errors.ts";

/** Which batch. */
export interface RecordBatchNamed {
  /** Member that anchored it. */
  readonly custodian: number;
  /** Its Merkle root. */
  readonly root: string;
}

/** A batch that was anchored. */
export interface AnchoredBatch extends RecordBatchNamed {
  readonly count: number;
  /** keccak256 of its announcements' file. */
  readonly announcements: string;
  readonly blockNumber: number;
}

/**
 * A batch as it was anchored, with the hash of its announcements' file. That hash stands in the event alone: the batch's time
 * leads to its block.
 *
 * @throws `InputInvalid`, `RecordBatchNotFound`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const { announcements, count } = await getAnchoredBatch(client, { custodian: 2, root });
 */
export async function getAnchoredBatch(client: Client, params: RecordBatchNamed): Promise<AnchoredBatch> {
  checkObject("params", params);
  const custodian = checkMember("custodian", params.custodian);
  const root = checkBytes32("root", params.root, false);
  const { 0: found } = await client.read("recordRegistry", "batchOf", [custodian, root]);
  const { anchoredAt } = found as { readonly anchoredAt: number };
  if (anchoredAt === 0) throw recordError("RecordBatchNotFound", { custodian });
  const { number: fromBlock } = await findBlockAt(client, anchoredAt);
  const [event] = await getEvents(client, {
    contract: "recordRegistry",
    events: ["RecordsAnchored"],
    indexed: [custodian, root],
    fromBlock,
    // Blocks may share a second.
    toBlock: fromBlock + LOG_RANGE - 1,
  });
  if (event === undefined) throw recordError("RecordBatchNotFound", { custodian });
  const { count, announcements } = event.values as unknown as AnchoredBatch;
  return { custodian, root, count, announcements, blockNumber: event.blockNumber };
}
