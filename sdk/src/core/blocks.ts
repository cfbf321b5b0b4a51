import type { Client } from "./client.ts";
import { sdkError } from "./errorCatalogue.ts";
import { headOf, quantity } from "./logs.ts";
import type { RpcBlock } from "./rpcTypes.ts";

/** Number and time of a block. */
export interface BlockTime {
  readonly number: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/**
 * The first block whose time is at or after a second; times never fall along the chain. Asks for about
 * log(log(blocks)) blocks where they come evenly, at most 2·log2(blocks).
 *
 * @throws `BlockUnknown` when even the head is older.
 * @example
 * const { number } = await findBlockAt(client, state.issuedAt);
 */
export async function findBlockAt(client: Client, timestamp: number): Promise<BlockTime> {
  const head = await blockTime(client, await headOf(client));
  if (head.timestamp < timestamp) throw sdkError("BlockUnknown", { wanted: `time ${timestamp}` });
  let low = await blockTime(client, Math.min(client.network.deployedInBlock, head.number));
  let high = head;
  if (low.timestamp >= timestamp) return low;
  // Invariant: low is before the time, high is not.
  for (let step = 0; high.number - low.number > 1; step++) {
    const middle = await blockTime(
      client,
      step % 2 === 0 ? interpolate(low, high, timestamp) : halve(low, high),
    );
    if (middle.timestamp < timestamp) low = middle;
    else high = middle;
  }
  return high;
}

/** Number and time of a block. */
export async function blockTime(client: Client, number: number): Promise<BlockTime> {
  const method = "eth_getBlockByNumber";
  const block = (await client.rpc.request(method, [`0x${number.toString(16)}`, false])) as RpcBlock | null;
  if (block === null) throw sdkError("BlockUnknown", { wanted: `number ${number}` });
  return { number, timestamp: quantity(method, block.timestamp) };
}

function halve(low: BlockTime, high: BlockTime): number {
  return Math.floor((low.number + high.number) / 2);
}

function interpolate(low: BlockTime, high: BlockTime, timestamp: number): number {
  const share = (timestamp - low.timestamp) / (high.timestamp - low.timestamp);
  const guess = low.number + Math.floor(share * (high.number - low.number));
  return Math.min(high.number - 1, Math.max(low.number + 1, guess));
}
