import { getBytes, type JsonRpcApiProvider } from "ethers";

/** Gas of a transaction, and the least that its own effects cost. */
export interface Measure {
  readonly gas: number;
  readonly floor: number;
}

/** Measures by operation. */
export type GasTable = Readonly<Record<string, Measure>>;

/** What the bench needs of a provider. */
export type TraceProvider = Pick<JsonRpcApiProvider, "send" | "getTransaction" | "getTransactionReceipt">;

/** Yellow Paper, appendix G, with EIP-2028, EIP-2929 and EIP-7951. */
export const price = {
  transaction: 21_000,
  zeroByte: 4,
  nonZeroByte: 16,
  /** 20,000 and 2,100 for the cold access. */
  freshSlot: 22_100,
  /** 2,900 and 2,100 for the cold access. */
  changedSlot: 5_000,
  coldSlot: 2_100,
  coldAccount: 2_600,
  log: 375,
  topic: 375,
  logByte: 8,
  ecrecover: 3_000,
  p256: 6_900,
} as const;

const ECRECOVER = 1n;
/** P256VERIFY (EIP-7951). */
const P256VERIFY = 0x100n;

interface StateOf {
  readonly storage?: Readonly<Record<string, string>>;
}

interface StateDiff {
  readonly pre: Readonly<Record<string, StateOf>>;
  readonly post: Readonly<Record<string, StateOf>>;
}

interface Call {
  readonly to?: string;
  readonly calls?: readonly Call[];
}

const isZero = (word: string | undefined): boolean => word === undefined || BigInt(word) === 0n;

const storageCost = ({ pre, post }: StateDiff): number => {
  let cost = 0;
  for (const address of new Set([...Object.keys(pre), ...Object.keys(post)])) {
    const before = pre[address]?.storage ?? {};
    const after = post[address]?.storage ?? {};
    for (const slot of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!isZero(before[slot])) cost += price.changedSlot;
      else if (!isZero(after[slot])) cost += price.freshSlot;
    }
  }
  return cost;
};

const signatureCost = (call: Call): number => {
  const to = call.to === undefined ? -1n : BigInt(call.to);
  const own = to === ECRECOVER ? price.ecrecover : to === P256VERIFY ? price.p256 : 0;
  return (call.calls ?? []).reduce((sum, inner) => sum + signatureCost(inner), own);
};

export const calldataCost = (data: string): number =>
  getBytes(data).reduce((sum, byte) => sum + (byte === 0 ? price.zeroByte : price.nonZeroByte), 0);

/**
 * Measures a mined transaction. Its floor is what no implementation could avoid: the transaction, its calldata, the slots
 * that differ afterwards, its logs, and the signatures that it checked; all read from its own trace.
 */
export const measure = async (provider: TraceProvider, hash: string): Promise<Measure> => {
  const [transaction, receipt] = [
    await provider.getTransaction(hash),
    await provider.getTransactionReceipt(hash),
  ];
  if (transaction === null || receipt === null || receipt.status !== 1)
    throw new RangeError(`${hash} did not succeed`);
  const trace = (tracer: string, tracerConfig: object) =>
    provider.send("debug_traceTransaction", [hash, { tracer, tracerConfig }]) as Promise<unknown>;
  const diff = (await trace("prestateTracer", { diffMode: true })) as StateDiff;
  const calls = (await trace("callTracer", {})) as Call;
  const logs = receipt.logs.reduce(
    (sum, { topics, data }) =>
      sum + price.log + price.topic * topics.length + price.logByte * getBytes(data).length,
    0,
  );
  const floor =
    price.transaction + calldataCost(transaction.data) + storageCost(diff) + logs + signatureCost(calls);
  return { gas: Number(receipt.gasUsed), floor };
};

/** Share of one row in a batch. */
export const each = ({ gas, floor }: Measure, rows: number): Measure => ({
  gas: Math.ceil(gas / rows),
  floor: Math.ceil(floor / rows),
});
