import { randomUUID } from "node:crypto";

import { Transaction, getAddress, keccak256 } from "ethers";

import { isCareLedgerError } from "./errors.ts";
import { sdkError } from "./errorCatalogue.ts";
import type { SendJournal, SendRecord } from "./journal/sendJournal.ts";
import type { Receipts } from "./receipts.ts";
import { decodeRevert, revertDataOf, typedErrorOf } from "./reverts.ts";
import { type Rpc, rpcProblemOf, sleep } from "./rpc.ts";
import type { RpcBlock, RpcReceipt } from "./rpcTypes.ts";

/** What signs: an ethers `Wallet`, or anything with these three functions in front of a card, an HSM or a vault. */
export interface Signer {
  getAddress(): Promise<string>;
  /** Sign a transaction; returns the raw bytes in hexadecimal. */
  signTransaction(transaction: UnsignedTransaction): Promise<string>;
  /** Sign EIP-712 typed data; returns 65 bytes in hexadecimal. */
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, { name: string; type: string }[]>,
    value: Record<string, unknown>,
  ): Promise<string>;
}

/** EIP-712 domain of a contract. */
export interface TypedDataDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: string;
}

/** A transaction of a chain without fees. */
export interface UnsignedTransaction {
  readonly type: 2;
  readonly chainId: number;
  readonly nonce: number;
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** A call to send. */
export interface SendRequest {
  /** Contract. */
  readonly to: string;
  /** Call data in hexadecimal. */
  readonly data: string;
  /** Idempotency key; a fresh one when absent. */
  readonly key?: string | undefined;
  /** What the key stands for, when the call data of a repeated call may differ; hash of the call when absent. */
  readonly intent?: string | undefined;
}

/** How the sender behaves; every field has a default. */
export interface SenderOptions {
  /** Most transactions of one account in flight. Besu keeps 200 future ones of a sender by default. */
  readonly window: number;
  /** Most transactions of one account that wait for their turn. */
  readonly maxWaiting: number;
  /** After so many milliseconds without a receipt the same bytes are sent again. */
  readonly resendMs: number;
  /** After so many milliseconds without a receipt the call fails with `SendUncertain`. */
  readonly timeoutMs: number;
}

/** Sends transactions of one account, each once. */
export interface Sender {
  /** The account. */
  account(): Promise<string>;
  /**
   * Send and wait for the receipt of success.
   *
   * The signed bytes are in the journal before they leave. A repeated call with the same key, also after a crash, sends
   * the very same bytes again or returns the receipt there is.
   */
  send(request: SendRequest): Promise<RpcReceipt>;
  /** Take up again what an earlier run signed and did not see in a block; returns the keys. */
  resume(): Promise<string[]>;
  /** Transactions in flight and waiting now. */
  load(): { readonly inFlight: number; readonly waiting: number };
  close(): void;
}

/** Osaka caps a transaction at 2^24 gas (EIP-7825). */
export const GAS_CAP = 1n << 24n;
/** Gas that any single act stays well below (`snapshots/gas.json`); batches need more. */
const USUAL_GAS = 400_000n;
/** Refusals that may only mean that the usual gas is too little. */
const UNCLEAR: ReadonlySet<string> = new Set(["GasLimitExceeded", "CallReverted", "RpcRefused"]);
/** Gas of a plain transfer. */
const TRANSFER_GAS = 21_000n;
/** Added to the estimate, besides a quarter of it: a slot may have been cleared or warmed by an earlier transaction. */
const GAS_HEADROOM = 30_000n;
/** How often a transaction is signed anew because its nonce was used elsewhere. */
const NONCE_LOSSES = 5;
/** How often a node may refuse a transaction for good before its nonce is filled otherwise. */
const REFUSALS = 3;
/** Pause between attempts to send while a node does not take it, milliseconds; doubles up to the second one. */
const BUSY_PAUSE_MS = 100;
const BUSY_PAUSE_MOST_MS = 3_000;

/** JSON-RPC code of a node that takes no more for now (EIP-1474). */
const LIMIT_EXCEEDED = -32_005;

type Broadcast = "taken" | "nonceUsed" | "busy" | { readonly refused: string };

interface Running {
  readonly intent: string;
  readonly receipt: Promise<RpcReceipt>;
}

export function createSender(
  rpc: Rpc,
  receipts: Receipts,
  journal: SendJournal,
  signer: Signer,
  chainId: number,
  options: SenderOptions,
): Sender {
  const closing = new AbortController();
  const running = new Map<string, Running>();
  const turns: (() => void)[] = [];
  let inFlight = 0;
  let nextNonce = 0;
  let freeAtBlock = 0;
  let tail: Promise<unknown> = Promise.resolve();
  let started: Promise<{ chain: string; account: string; resumed: string[] }> | undefined;

  // ── one start: which chain, which nonce, what an earlier run left ──────────────────────────────────────────────

  const ready = (): Promise<{ chain: string; account: string; resumed: string[] }> => {
    started ??= start().catch((error: unknown) => {
      started = undefined;
      throw error;
    });
    return started;
  };

  const start = async (): Promise<{ chain: string; account: string; resumed: string[] }> => {
    const account = getAddress(await askSigner(() => signer.getAddress()));
    const [head, count, genesis] = await rpc.requestInOrder([
      { method: "eth_blockNumber", params: [] },
      { method: "eth_getTransactionCount", params: [account, "latest"] },
      { method: "eth_getBlockByNumber", params: ["0x0", false] },
    ]);
    const chain = `${chainId}:${(genesis as RpcBlock | null)?.hash ?? "unknown"}`;
    const resumed = await inLine(async () => {
      const open = await journal.listOpen(chain, account);
      freeAtBlock = Number(head);
      nextNonce = Math.max(nextNonce, Number(count), ...open.map(({ nonce }) => nonce + 1));
      const idle = open.filter(({ key }) => !running.has(key));
      for (const record of idle) run(record.key, record.intent, () => drive(record));
      await fillGaps(chain, account, Number(count), open);
      return idle.map(({ key }) => key);
    });
    return { chain, account, resumed };
  };

  /** A nonce below the open ones that nobody will use would hold them up for ever. */
  const fillGaps = async (
    chain: string,
    account: string,
    count: number,
    open: readonly SendRecord[],
  ): Promise<void> => {
    const last = open.at(-1)?.nonce ?? -1;
    const taken = new Set(open.map(({ nonce }) => nonce));
    for (let nonce = count; nonce < last; nonce++) {
      if (taken.has(nonce)) continue;
      const filler = await signRecord(chain, account, fillerCall(account), nonce);
      await journal.record(filler);
      run(filler.key, filler.intent, () => drive(filler));
    }
  };

  /** Have one run a key; callers with the same key share it. */
  const run = (key: string, intent: string, work: () => Promise<RpcReceipt>): Promise<RpcReceipt> => {
    const receipt = work().finally(() => running.delete(key));
    receipt.catch(() => undefined);
    running.set(key, { intent, receipt });
    return receipt;
  };

  // ── sending ────────────────────────────────────────────────────────────────────────────────────────────────────

  const send = async (request: SendRequest): Promise<RpcReceipt> => {
    if (closing.signal.aborted) throw sdkError("ClientClosed");
    const key = request.key ?? `auto:${randomUUID()}`;
    const intent = request.intent ?? keccak256(`${request.to}${request.data.slice(2)}`);
    await ready();
    const current = running.get(key);
    if (current !== undefined) return sameAct(key, intent, current.intent, () => current.receipt);
    return run(key, intent, () => begin(key, intent, request));
  };

  /** Whatever it is that may still be mined holds up later ones: the next call takes up all that is open. */
  const uncertain = (record: SendRecord, problem: string, cause?: unknown): Error => {
    started = undefined;
    return sdkError("SendUncertain", { transactionHash: record.hash, problem, key: record.key }, cause);
  };

  const begin = async (key: string, intent: string, request: SendRequest): Promise<RpcReceipt> => {
    const { chain, account } = await ready();
    const known = await journal.find(chain, account, key);
    if (known !== undefined) return sameAct(key, intent, known.intent, () => drive(known));
    await takeTurn(account);
    try {
      const gasLimit = await rehearse(account, request.to, request.data);
      const record = await sign(chain, account, {
        key,
        intent,
        to: request.to,
        data: request.data,
        gasLimit,
      });
      return await drive(record);
    } finally {
      giveTurn();
    }
  };

  /**
   * Run the act once at the node, with the gas that it will be sent with: a refusal is known before anything is sent, and
   * one run costs a fraction of an estimate, which tries many. Only what needs more than usual is estimated.
   */
  const rehearse = async (account: string, to: string, data: string): Promise<bigint> => {
    const call = { from: account, to, data, maxFeePerGas: "0x0", maxPriorityFeePerGas: "0x0" };
    try {
      await rpc.request("eth_call", [{ ...call, gas: hex(USUAL_GAS) }, "latest"]);
      return USUAL_GAS;
    } catch (error) {
      const why = refusal(error);
      if (isCareLedgerError(why) && !UNCLEAR.has(why.code)) throw why;
    }
    let gas: bigint;
    try {
      gas = BigInt(String(await rpc.request("eth_estimateGas", [{ ...call, gas: hex(GAS_CAP) }])));
    } catch (error) {
      throw refusal(error);
    }
    if (gas > GAS_CAP) throw sdkError("GasLimitExceeded", { gas, limit: GAS_CAP });
    const generous = gas + gas / 4n + GAS_HEADROOM;
    return generous > GAS_CAP ? GAS_CAP : generous;
  };

  // ── the window: so many in flight, the rest in line ────────────────────────────────────────────────────────────

  const takeTurn = async (account: string): Promise<void> => {
    if (inFlight < options.window) {
      inFlight += 1;
      return;
    }
    if (turns.length >= options.maxWaiting)
      throw sdkError("SendQueueFull", { account, waiting: turns.length });
    await new Promise<void>((resolve) => turns.push(resolve));
    if (closing.signal.aborted) throw sdkError("ClientClosed");
  };

  const giveTurn = (): void => {
    const next = turns.shift();
    if (next === undefined) inFlight -= 1;
    else next();
  };

  // ── signing: one after the other, so that no nonce is skipped when a signature or the disk fails ────────────────

  interface Call {
    readonly key: string;
    readonly intent: string;
    readonly to: string;
    readonly data: string;
    readonly gasLimit: bigint;
  }

  const fillerCall = (account: string): Call => {
    const key = `filler:${randomUUID()}`;
    return { key, intent: key, to: account, data: "0x", gasLimit: TRANSFER_GAS };
  };

  const signRecord = async (
    chain: string,
    account: string,
    call: Call,
    nonce: number,
  ): Promise<SendRecord> => {
    const raw = await askSigner(() =>
      signer.signTransaction({
        type: 2,
        chainId,
        nonce,
        to: call.to,
        data: call.data,
        value: 0n,
        gasLimit: call.gasLimit,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
      }),
    );
    const hash = keccak256(raw);
    return {
      chain,
      account,
      key: call.key,
      intent: call.intent,
      nonce,
      hash,
      raw,
      freeAtBlock,
      state: "signed",
    };
  };

  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(work);
    tail = turn.catch(() => undefined);
    return turn;
  };

  const sign = (chain: string, account: string, call: Call): Promise<SendRecord> =>
    inLine(async () => {
      for (let attempt = 0; ; attempt++) {
        const record = await signRecord(chain, account, call, nextNonce);
        try {
          await journal.record(record);
          nextNonce = record.nonce + 1;
          return record;
        } catch (error) {
          if (!isCareLedgerError(error, "StoreConflict") || attempt >= options.window) throw error;
          const twin = await journal.find(chain, account, call.key);
          if (twin !== undefined) {
            return sameAct(call.key, call.intent, twin.intent, async () => twin);
          }
          nextNonce += 1; // Another process that shares the journal took it.
        }
      }
    });

  // ── from signed to mined ───────────────────────────────────────────────────────────────────────────────────────

  const drive = async (first: SendRecord): Promise<RpcReceipt> => {
    if (first.state === "mined") return minedReceipt(first);
    let record = first;
    let losses = 0;
    let refusals = 0;
    let pause = BUSY_PAUSE_MS;
    let problem = "no receipt";
    const deadline = Date.now() + options.timeoutMs;
    while (Date.now() < deadline) {
      if (closing.signal.aborted) throw sdkError("ClientClosed");
      let outcome: Broadcast;
      try {
        outcome = await broadcast(record);
      } catch (error) {
        if (!isCareLedgerError(error, "RpcUnavailable")) throw error;
        throw uncertain(record, error.message, error);
      }
      const patience = outcome === "taken" ? options.resendMs : outcome === "busy" ? pause : 0;
      const receipt = await receipts
        .wait(record.hash, Math.min(patience, Math.max(0, deadline - Date.now())))
        .catch((error: unknown) => {
          if (!isCareLedgerError(error, "RpcUnavailable")) throw error;
          problem = error.message;
          return undefined;
        });
      if (receipt !== undefined) return settle(record, receipt);
      if (outcome !== "taken") pause = Math.min(BUSY_PAUSE_MOST_MS, pause * 2);
      if (typeof outcome === "object") {
        problem = outcome.refused;
        refusals += 1;
        if (refusals >= REFUSALS) return bury(record, problem);
        await sleep(pause, closing.signal);
      }
      if (outcome === "nonceUsed" || outcome === "taken") {
        const consumer = await consumerOf(record);
        if (consumer !== undefined && consumer !== record.hash) {
          losses += 1;
          if (losses > NONCE_LOSSES)
            throw sdkError("SendNonceLost", { account: record.account, nonce: record.nonce });
          record = await signAnew(record);
        } else if (outcome === "nonceUsed") {
          await sleep(pause, closing.signal);
        }
      }
    }
    throw uncertain(record, problem);
  };

  const broadcast = async (record: SendRecord): Promise<Broadcast> => {
    try {
      await rpc.request("eth_sendRawTransaction", [record.raw], { lane: record.account });
      return "taken";
    } catch (error) {
      const verdict = verdictOf(error);
      if (typeof verdict !== "object") return verdict;
      // One node refuses: another may run with other limits.
      const all = await rpc.requestEach("eth_sendRawTransaction", [record.raw]);
      const others = all.map((each) => (each.status === "fulfilled" ? "taken" : verdictOf(each.reason)));
      return others.find((each) => typeof each !== "object") ?? verdict;
    }
  };

  const settle = async (record: SendRecord, receipt: RpcReceipt): Promise<RpcReceipt> => {
    if (BigInt(receipt.status) === 1n) {
      await journal.settle(record.hash, "mined");
      return receipt;
    }
    await journal.settle(record.hash, "reverted");
    throw await revertOf(record, receipt);
  };

  const minedReceipt = async (record: SendRecord): Promise<RpcReceipt> => {
    const receipt = await receipts.wait(record.hash, options.timeoutMs);
    if (receipt === undefined) {
      throw uncertain(record, "mined earlier, not found now");
    }
    return receipt;
  };

  /**
   * Which transaction used the nonce, as seen in a block: proof that another one with this nonce never will be mined.
   * Undefined while none has, or while it cannot be proven.
   */
  const consumerOf = async (record: SendRecord): Promise<string | undefined> => {
    const [count, own, head] = await rpc.requestInOrder([
      { method: "eth_getTransactionCount", params: [record.account, "latest"] },
      { method: "eth_getTransactionReceipt", params: [record.hash] },
      { method: "eth_blockNumber", params: [] },
    ]);
    if (own !== null || Number(count) <= record.nonce) return undefined;
    let low = Math.min(record.freeAtBlock, Number(head));
    let high = Number(head);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const then = await rpc
        .request("eth_getTransactionCount", [record.account, hex(middle)])
        .catch(() => undefined);
      if (then === undefined) return undefined;
      if (Number(then) > record.nonce) high = middle;
      else low = middle + 1;
    }
    const block = (await rpc.request("eth_getBlockByNumber", [hex(high), true])) as RpcBlock | null;
    for (const transaction of block?.transactions ?? []) {
      if (typeof transaction === "string") continue;
      const { from, nonce, hash } = transaction;
      if (getAddress(from) === record.account && Number(nonce) === record.nonce) return hash;
    }
    return undefined;
  };

  /** Its nonce is proven lost: the same act under a new nonce, checked against the present state first. */
  const signAnew = async (record: SendRecord): Promise<SendRecord> => {
    const { to, data } = Transaction.from(record.raw);
    const isFiller = record.key.startsWith("filler:");
    if (isFiller) throw sdkError("SendNonceLost", { account: record.account, nonce: record.nonce });
    await journal.settle(record.hash, "dead");
    const gasLimit = await rehearse(record.account, to ?? "", data);
    const count = Number(await rpc.request("eth_getTransactionCount", [record.account, "latest"]));
    nextNonce = Math.max(nextNonce, count);
    const { key, intent } = record;
    return sign(record.chain, record.account, { key, intent, to: to ?? "", data, gasLimit });
  };

  /** No node takes it: use its nonce for a transfer of nothing to oneself, so that it is dead and holds up nobody. */
  const bury = async (record: SendRecord, problem: string): Promise<RpcReceipt> => {
    const filler = await signRecord(record.chain, record.account, fillerCall(record.account), record.nonce);
    await journal.record(filler, record.hash);
    started = undefined; // What follows waits behind this nonce: the next call reads all anew.
    const used = await driveFiller(filler, record);
    if (used !== undefined) return settle(record, used);
    throw sdkError("SendRefused", { transactionHash: record.hash, problem, key: record.key });
  };

  /** Send a filler until it is mined; the receipt of the refused transaction if that one was mined after all. */
  const driveFiller = async (filler: SendRecord, refused: SendRecord): Promise<RpcReceipt | undefined> => {
    for (let attempt = 0; attempt < REFUSALS; attempt++) {
      const outcome = await broadcast(filler);
      const patience = outcome === "taken" ? options.resendMs : BUSY_PAUSE_MS;
      if ((await receipts.wait(filler.hash, patience)) !== undefined) {
        await journal.settle(filler.hash, "mined");
        return undefined;
      }
      const other = await receipts.get(refused.hash);
      if (other !== undefined) {
        await journal.settle(filler.hash, "dead");
        return other;
      }
    }
    return undefined;
  };

  /** Why a mined transaction failed: from the receipt, or by calling again in the state before and after its block. */
  const revertOf = async (record: SendRecord, receipt: RpcReceipt): Promise<Error> => {
    const { to, data, gasLimit } = Transaction.from(record.raw);
    const reason = revertDataOf({ revertReason: receipt.revertReason });
    if (reason !== undefined) return decodeRevert(reason);
    const block = Number(receipt.blockNumber);
    for (const at of [block - 1, block]) {
      const call = { from: record.account, to, data, gas: hex(gasLimit) };
      const error = await rpc
        .request("eth_call", [call, hex(Math.max(0, at))])
        .catch((cause: unknown) => cause);
      const typed = error instanceof Error ? typedErrorOf(error) : undefined;
      if (typed !== undefined && !typed.code.startsWith("Rpc")) return typed;
    }
    if (BigInt(receipt.gasUsed) >= gasLimit) {
      return sdkError("TransactionOutOfGas", { transactionHash: record.hash, gasLimit });
    }
    return sdkError("TransactionReverted", { transactionHash: record.hash });
  };

  return {
    account: async () => (await ready()).account,
    send,
    resume: async () => (await ready()).resumed,
    load: () => ({ inFlight, waiting: turns.length }),
    close: () => {
      closing.abort();
      for (const turn of turns.splice(0)) turn();
    },
  };
}

/** The typed reason why a node would not run a call. */
export function refusal(error: unknown): unknown {
  const typed = typedErrorOf(error);
  if (typed !== undefined && !isCareLedgerError(typed, "RpcRefused")) return typed;
  const problem = rpcProblemOf(error);
  if (problem === undefined) return error;
  if (
    /gas required exceeds|out of gas|intrinsic gas|gas limit|gas cap|gas floor|exceeds.*gas/i.test(
      problem.message,
    )
  ) {
    return sdkError("GasLimitExceeded", { gas: `more than ${GAS_CAP}`, limit: GAS_CAP }, error);
  }
  if (/revert/i.test(problem.message)) return sdkError("CallReverted", { data: "0x" }, error);
  return error;
}

/** What a node's answer to a raw transaction means. Nodes agree on no code, so their words are read. */
function verdictOf(error: unknown): Broadcast {
  const problem = rpcProblemOf(error);
  if (problem === undefined) {
    if (isCareLedgerError(error, "RpcUnavailable")) throw error;
    return { refused: error instanceof Error ? error.message : "unknown" };
  }
  const { message } = problem;
  if (/already known|known transaction|already imported|already exists|already in/i.test(message))
    return "taken";
  if (/nonce.*(too low|below|lower)|nonce has already|old nonce/i.test(message)) return "nonceUsed";
  if (/replacement|underpriced.*same nonce/i.test(message)) return "nonceUsed";
  if (problem.code === LIMIT_EXCEEDED) return "busy";
  if (
    /\bpool\b|txpool|nonce.*(too high|too distant|too far|gap)|\brate\b|\bbusy\b|\bfull\b|too many/i.test(
      message,
    )
  ) {
    return "busy";
  }
  return { refused: message.slice(0, 200) };
}

async function askSigner<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCareLedgerError(error)) throw error;
    const code = (error as { code?: unknown } | null)?.code;
    throw sdkError("SignerRefused", { problem: typeof code === "string" ? code : "no signature" }, error);
  }
}

function sameAct<T>(key: string, intent: string, known: string, work: () => Promise<T>): Promise<T> {
  if (intent !== known) throw sdkError("SendKeyReused", { key });
  return work();
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
