/** Everything that the run left on the chain: for the privacy scan. */
import type { Client } from "@careledger/sdk";

/** A transaction as everybody on the chain sees it. */
export interface DumpedTransaction {
  readonly hash: string;
  readonly block: number;
  readonly from: string;
  readonly to: string | null;
  readonly input: string;
}

/** A log as everybody on the chain sees it. */
export interface DumpedLog {
  readonly transaction: string;
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** A storage slot that a transaction changed. */
export interface DumpedSlot {
  readonly transaction: string;
  readonly address: string;
  readonly slot: string;
  /** Value afterwards, zero when it was cleared. */
  readonly value: string;
}

/** The traffic of a run. */
export interface Dump {
  readonly chainId: number;
  readonly transactions: DumpedTransaction[];
  readonly logs: DumpedLog[];
  readonly storage: DumpedSlot[];
}

interface BlockAnswer {
  readonly transactions: readonly (Omit<DumpedTransaction, "block"> & { readonly blockNumber: string })[];
}

interface ReceiptAnswer {
  readonly logs: readonly { address: string; topics: readonly string[]; data: string }[];
}

type StateAnswer = Readonly<Record<string, { readonly storage?: Readonly<Record<string, string>> }>>;

const ZERO = `0x${"00".repeat(32)}`;

/** Reads every block from the first to the newest, with receipts and the state that each transaction changed. */
export const dumpChain = async (client: Client): Promise<Dump> => {
  const { rpc, network } = client;
  const head = Number(await rpc.request("eth_blockNumber", []));
  const dump: Dump = { chainId: network.chainId, transactions: [], logs: [], storage: [] };
  for (let number = 0; number <= head; number++) {
    const params = [`0x${number.toString(16)}`, true];
    const block = (await rpc.request("eth_getBlockByNumber", params)) as BlockAnswer;
    for (const { hash, from, to, input } of block.transactions) {
      dump.transactions.push({ hash, block: number, from, to, input });
      const { logs } = (await rpc.request("eth_getTransactionReceipt", [hash])) as ReceiptAnswer;
      for (const { address, topics, data } of logs)
        dump.logs.push({ transaction: hash, address, topics, data });
      dump.storage.push(...(await slotsOf(client, hash)));
    }
  }
  return dump;
};

const slotsOf = async ({ rpc }: Client, hash: string): Promise<DumpedSlot[]> => {
  const options = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
  const { pre, post } = (await rpc.request("debug_traceTransaction", [hash, options])) as {
    pre: StateAnswer;
    post: StateAnswer;
  };
  const slots: DumpedSlot[] = [];
  for (const address of new Set([...Object.keys(pre), ...Object.keys(post)])) {
    const before = pre[address]?.storage ?? {};
    const after = post[address]?.storage ?? {};
    for (const slot of new Set([...Object.keys(before), ...Object.keys(after)])) {
      slots.push({ transaction: hash, address, slot, value: after[slot] ?? ZERO });
    }
  }
  return slots;
};
