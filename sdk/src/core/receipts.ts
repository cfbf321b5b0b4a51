import { sdkError } from "./errorCatalogue.ts";
import { type Rpc, sleep } from "./rpc.ts";
import type { RpcReceipt } from "./rpcTypes.ts";

/** Waits for receipts of many transactions at once: one small question per interval, whatever their number. */
export interface Receipts {
  /** The receipt of a transaction that is in a block now; undefined otherwise. */
  get(hash: string): Promise<RpcReceipt | undefined>;
  /** Wait at most so many milliseconds for the receipt; undefined when it did not come. */
  wait(hash: string, milliseconds: number): Promise<RpcReceipt | undefined>;
  /** Stop; who waits gets `ClientClosed`. */
  close(): void;
}

interface Waiter {
  readonly hash: string;
  readonly until: number;
  readonly resolve: (receipt: RpcReceipt | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Every so often all receipts are asked for, also when no new block was seen: endpoints may lag, milliseconds. */
const SURE_INTERVAL_MS = 2_000;

export function createReceipts(rpc: Rpc, pollMs: number): Receipts {
  const waiters = new Set<Waiter>();
  let polling = false;
  let closed = false;

  const get = async (hash: string): Promise<RpcReceipt | undefined> => {
    const receipt = (await rpc.request("eth_getTransactionReceipt", [hash])) as RpcReceipt | null;
    if (receipt === null) return undefined;
    if (typeof receipt !== "object" || receipt.transactionHash?.toLowerCase() !== hash.toLowerCase()) {
      const problem = "another receipt than asked for";
      throw sdkError("RpcResponseInvalid", { method: "eth_getTransactionReceipt", problem });
    }
    return receipt;
  };

  const look = async (waiter: Waiter): Promise<void> => {
    try {
      const receipt = await get(waiter.hash);
      if (receipt === undefined && Date.now() < waiter.until) return;
      waiters.delete(waiter);
      waiter.resolve(receipt);
    } catch (error) {
      if (Date.now() < waiter.until && !closed) return;
      waiters.delete(waiter);
      waiter.reject(error);
    }
  };

  const poll = async (): Promise<void> => {
    polling = true;
    let head: unknown;
    let sureAt = 0;
    while (waiters.size > 0 && !closed) {
      await sleep(pollMs);
      const seen = await rpc.request("eth_blockNumber", []).catch(() => undefined);
      const now = Date.now();
      const overdue = [...waiters].some(({ until }) => until <= now);
      if (seen === head && seen !== undefined && now < sureAt && !overdue) continue;
      head = seen;
      sureAt = now + SURE_INTERVAL_MS;
      await Promise.all([...waiters].map(look));
    }
    polling = false;
  };

  return {
    get,
    wait: (hash, milliseconds) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(sdkError("ClientClosed"));
        const waiter = { hash, until: Date.now() + milliseconds, resolve, reject };
        waiters.add(waiter);
        void look(waiter).then(() => {
          if (waiters.has(waiter) && !polling) void poll();
        });
      }),
    close: () => {
      closed = true;
      for (const waiter of waiters) waiter.reject(sdkError("ClientClosed"));
      waiters.clear();
    },
  };
}
