import type { Client } from "../core/client.ts";
import { blockTime } from "../core/blocks.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { sdkError } from "../core/errorCatalogue.ts";
import { eachChunk, headOf } from "../core/logs.ts";
import { certificateError } from "./errors.ts";
import {
  type EndedRecord,
  type PublishedBatch,
  type PublishedRoots,
  ROOTS_FORMAT,
  checkRoots,
} from "./roots.ts";

/** What publishedRoots may be told. */
export interface PublishedRootsParams {
  /** Earlier roots of the same network: only what came since is read. */
  readonly previous?: PublishedRoots | undefined;
}

/**
 * Read every batch's root, and every record that was retracted or superseded, up to the newest block: all that a device
 * needs to verify certificates without a network. Plain JSON: store it as it is, and renew it as often as your limit asks.
 *
 * It is as trustworthy as the node that it was read from. A device that has no node of its own takes it from a member
 * that it trusts, over a channel that proves who that is.
 *
 * @throws `InputInvalid`, `RootsMalformed`, `RootsOfOther`, `BlockUnknown` when the node lags behind the earlier roots,
 * `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const roots = await publishedRoots(client, { previous });
 * writeFileSync("roots.json", JSON.stringify(roots));
 */
export async function publishedRoots(
  client: Client,
  { previous }: PublishedRootsParams = {},
): Promise<PublishedRoots> {
  const { chainId, addresses, deployedInBlock } = client.network;
  const registry = addresses.recordRegistry;
  if (previous !== undefined) {
    checkRoots(previous);
    if (previous.chainId !== chainId) throw certificateError("RootsOfOther", { field: "chain" });
    if (previous.registry.toLowerCase() !== registry.toLowerCase())
      throw certificateError("RootsOfOther", { field: "registry" });
  }
  const { number: block, timestamp: time } = await blockTime(client, await headOf(client));
  if (previous !== undefined && previous.block > block) {
    throw sdkError("BlockUnknown", { wanted: `number ${previous.block}` });
  }
  const batches: PublishedBatch[] = [...(previous?.batches ?? [])];
  const ended: EndedRecord[] = [...(previous?.ended ?? [])];
  const times = new Map<number, number>();
  const timeOf = async (blockNumber: number): Promise<number> => {
    const known = times.get(blockNumber) ?? (await blockTime(client, blockNumber)).timestamp;
    times.set(blockNumber, known);
    return known;
  };
  const query = {
    contract: "recordRegistry",
    events: ["RecordsAnchored", "RecordSuperseded", "RecordRetracted"],
    fromBlock: previous === undefined ? deployedInBlock : previous.block + 1,
    toBlock: block,
  } as const;
  await eachChunk(client, query, async (events) => {
    for (const event of events) {
      if (event.event === "RecordsAnchored") batches.push(batchOf(event, await timeOf(event.blockNumber)));
      else ended.push(endOf(event));
    }
  });
  return { format: ROOTS_FORMAT, chainId, registry, block, time, batches, ended };
}

function batchOf({ values }: DecodedEvent, anchoredAt: number): PublishedBatch {
  const { custodian, root, count } = values as unknown as Omit<PublishedBatch, "anchoredAt">;
  return { custodian, root, count, anchoredAt };
}

function endOf({ event, values }: DecodedEvent): EndedRecord {
  const record = String(values["record"]);
  return { record, status: event === "RecordRetracted" ? "Retracted" : "Superseded" };
}
