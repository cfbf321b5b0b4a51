import { keccak256, toUtf8Bytes } from "ethers";

import type { Client } from "./client.ts";
import type { DecodedEvent } from "./codec.ts";
import type { ContractName } from "./contracts.ts";
import { isCareLedgerError } from "./errors.ts";
import { sdkError } from "./errorCatalogue.ts";
import { eachChunk, headOf } from "./logs.ts";
import { sleep } from "./rpc.ts";
import type { RpcBlock } from "./rpcTypes.ts";
import { openSqlite } from "./sqlite.ts";

/** Where a watcher stands: everything up to and including this event was handled. */
export interface CursorPosition {
  /** What the cursor follows: chain, contracts and events. */
  readonly scope: string;
  readonly block: number;
  /** Last handled log of the block; -1 before its first, `null` when the whole block is done. */
  readonly logIndex: number | null;
}

/** Durable memory of where watchers stand. */
export interface CursorStore {
  load(cursor: string): Promise<CursorPosition | undefined>;
  /** Resolves once it is durable. */
  save(cursor: string, position: CursorPosition): Promise<void>;
  close(): void;
}

/** What to follow. */
export interface WatchOptions {
  /** Name of the cursor, one for each purpose. */
  readonly cursor: string;
  /** Where the position is kept. */
  readonly store: CursorStore;
  /** Events by contract. */
  readonly events: Readonly<Partial<Record<ContractName, readonly string[]>>>;
  /**
   * Called for one event after the other, in the order of the chain. The cursor moves when it has resolved: after a
   * crash in between the same event comes again, so handle each idempotently (transaction hash and log index name it).
   */
  readonly onEvent: (event: DecodedEvent) => Promise<void> | void;
  /** First block when the cursor is new; the deployment's when absent. */
  readonly fromBlock?: number;
  /** Stops the watch. */
  readonly signal?: AbortSignal;
  /** Return when the head is reached instead of following it. */
  readonly once?: boolean;
}

/**
 * Follow the chain: every event at least once, in order, over restarts and dead nodes. Resolves when the signal stops it
 * (or, with `once`, at the head).
 *
 * @throws `WatchFailed` when the handler fails; its cause is the handler's error. `CursorForeign` when the cursor
 * belongs to another chain or other events.
 * @example
 * await watch(client, {
 *   cursor: "pharmacy-desk",
 *   store: createSqliteCursors("data/cursors.db"),
 *   events: { prescriptionRegistry: ["PrescriptionAccepted", "PrescriptionDispensed"] },
 *   onEvent: async ({ event, values }) => updateDesk(event, values),
 *   signal: stopping.signal,
 * });
 */
export async function watch(client: Client, options: WatchOptions): Promise<void> {
  const scope = await scopeOf(client, options);
  const known = await options.store.load(options.cursor);
  if (known !== undefined && known.scope !== scope)
    throw sdkError("CursorForeign", { cursor: options.cursor });
  let position: CursorPosition = known ?? {
    scope,
    block: (options.fromBlock ?? client.network.deployedInBlock) - 1,
    logIndex: null,
  };
  const advance = async (block: number, logIndex: number | null): Promise<void> => {
    position = { scope, block, logIndex };
    await options.store.save(options.cursor, position);
  };

  while (!stopped(options)) {
    try {
      await catchUp(client, options, () => position, advance);
    } catch (error) {
      // Dead nodes are waited for; all else is the caller's to mend.
      if (!isCareLedgerError(error, "RpcUnavailable") || options.once === true) throw error;
    }
    if (options.once === true) return;
    await sleep(client.pollMs, options.signal).catch(() => undefined);
  }
}

async function catchUp(
  client: Client,
  options: WatchOptions,
  position: () => CursorPosition,
  advance: (block: number, logIndex: number | null) => Promise<void>,
): Promise<void> {
  const { block, logIndex } = position();
  const first = logIndex === null ? block + 1 : block;
  const head = await headOf(client);
  if (head < first) return;
  // A few thousand blocks at a time over all contracts, so that their events come in one order.
  for (let from = first; from <= head && !stopped(options); from += WATCH_RANGE) {
    const to = Math.min(head, from + WATCH_RANGE - 1);
    const events: DecodedEvent[] = [];
    for (const [contract, names] of Object.entries(options.events) as [ContractName, readonly string[]][]) {
      await eachChunk(client, { contract, events: names, fromBlock: from, toBlock: to }, async (chunk) => {
        events.push(...chunk);
        return Promise.resolve();
      });
    }
    events.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
    for (const event of events) {
      if (stopped(options)) return;
      const at = position();
      if (event.blockNumber === at.block && at.logIndex !== null && event.logIndex <= at.logIndex) continue;
      try {
        await options.onEvent(event);
      } catch (error) {
        throw sdkError("WatchFailed", { cursor: options.cursor, block: event.blockNumber }, error);
      }
      await advance(event.blockNumber, event.logIndex);
    }
    await advance(to, null);
  }
}

function stopped({ signal }: WatchOptions): boolean {
  return signal?.aborted === true;
}

/** Blocks that are read before their events are handled. */
const WATCH_RANGE = 5_000;

async function scopeOf(client: Client, options: WatchOptions): Promise<string> {
  const genesis = (await client.rpc.request("eth_getBlockByNumber", ["0x0", false])) as RpcBlock | null;
  const events = Object.entries(options.events)
    .map(
      ([contract, names]) =>
        `${client.network.addresses[contract as ContractName]}:${[...names].sort().join()}`,
    )
    .sort();
  return keccak256(toUtf8Bytes(`${client.network.chainId}|${genesis?.hash ?? ""}|${events.join("|")}`));
}

/**
 * Cursors in one SQLite file; a position is on disk before the next event is handled.
 *
 * @param path File, made when missing.
 * @throws `StoreUnavailable` when it cannot be opened.
 */
export function createSqliteCursors(path: string): CursorStore {
  const db = openSqlite(
    path,
    `CREATE TABLE IF NOT EXISTS cursors (
       name TEXT PRIMARY KEY, scope TEXT NOT NULL, block INTEGER NOT NULL, log_index INTEGER
     ) STRICT`,
  );
  return {
    load: async (cursor) => {
      const row = db.get("SELECT scope, block, log_index FROM cursors WHERE name = ?", cursor);
      if (row === undefined) return undefined;
      const logIndex = row["log_index"];
      return {
        scope: String(row["scope"]),
        block: Number(row["block"]),
        logIndex: typeof logIndex === "number" ? logIndex : null,
      };
    },
    save: async (cursor, { scope, block, logIndex }) => {
      db.run(
        "INSERT OR REPLACE INTO cursors (name, scope, block, log_index) VALUES (?, ?, ?, ?)",
        cursor,
        scope,
        block,
        logIndex,
      );
    },
    close: () => db.close(),
  };
}

/** Cursors that are forgotten with the process. For tests and scripts. */
export function createMemoryCursors(): CursorStore {
  const positions = new Map<string, CursorPosition>();
  return {
    load: async (cursor) => positions.get(cursor),
    save: async (cursor, position) => {
      positions.set(cursor, position);
    },
    close: () => positions.clear(),
  };
}
