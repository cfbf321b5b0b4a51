import { getAddress } from "ethers";

import { decodeResult } from "./codec.ts";
import { type ContractName, interfaces } from "./contracts.ts";
import { sdkError } from "./errorCatalogue.ts";
import { createMemoryJournal } from "./journal/memoryJournal.ts";
import type { SendJournal } from "./journal/sendJournal.ts";
import { type Network, defineNetwork } from "./network.ts";
import { createReceipts } from "./receipts.ts";
import { type Rpc, createRpc } from "./rpc.ts";
import type { RpcReceipt } from "./rpcTypes.ts";
import { type Sender, type SenderOptions, type Signer, createSender, refusal } from "./sender.ts";

/** What a client is made of. */
export interface ClientOptions {
  /** Chain, endpoints and contracts. */
  readonly network: Network;
  /** Who sends; leave out for reading only. */
  readonly signer?: Signer;
  /** Memory of what was signed; in memory when absent, so give a durable one in production. */
  readonly journal?: SendJournal;
  /** HTTP headers for every request, such as an Authorization. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long one HTTP request may take, milliseconds. Default 10,000. */
  readonly rpcTimeoutMs?: number;
  /** Attempts over all endpoints before `RpcUnavailable`. Default 6. */
  readonly rpcAttempts?: number;
  /** How often new blocks are asked for while waiting, milliseconds. Default 250. */
  readonly pollMs?: number;
  /** Most transactions in flight. Default 64; Besu keeps 200 future ones of a sender. */
  readonly window?: number;
  /** Most transactions that wait for their turn. Default 10,000. */
  readonly maxWaiting?: number;
  /** After so many milliseconds without a receipt the same bytes are sent again. Default 10,000. */
  readonly resendMs?: number;
  /** After so many milliseconds without a receipt an action fails with `SendUncertain`. Default 120,000. */
  readonly timeoutMs?: number;
}

/** The way to the chain that every action takes as its first argument. */
export interface Client {
  readonly network: Network;
  readonly signer: Signer | undefined;
  readonly rpc: Rpc;
  /** How often new blocks are asked for while waiting, milliseconds. */
  readonly pollMs: number;
  /** Address that sends. @throws `SignerMissing` */
  account(): Promise<string>;
  /** Call a view function; results by output name. */
  read(
    contract: ContractName,
    name: string,
    args: readonly unknown[],
    blockNumber?: number,
  ): Promise<Record<string, unknown>>;
  /** Send a call and wait for its receipt; see {@link Sender.send}. */
  send(
    contract: ContractName,
    name: string,
    args: readonly unknown[],
    options?: { readonly key?: string | undefined; readonly intent?: string | undefined },
  ): Promise<RpcReceipt>;
  /** Take up what an earlier run signed and did not see in a block; returns its idempotency keys. */
  resume(): Promise<string[]>;
  /** Transactions in flight and waiting now. */
  load(): { readonly inFlight: number; readonly waiting: number };
  /** Stop polling and sending. The journal stays open: it is the caller's. */
  close(): void;
}

/**
 * Connect a system to a CareLedger network. Nothing is sent until an action asks for it.
 *
 * @throws `NetworkConfigInvalid` when a setting is wrong.
 * @example
 * const client = createClient({
 *   network,
 *   signer: new Wallet(process.env.SIGNER_KEY),
 *   journal: createSqliteJournal("data/sends.db"),
 * });
 */
export function createClient(options: ClientOptions): Client {
  const network = defineNetwork(options.network);
  const pollMs = options.pollMs ?? 250;
  const rpc = createRpc({
    urls: network.rpcUrls,
    chainId: network.chainId,
    timeoutMs: options.rpcTimeoutMs ?? 10_000,
    attempts: Math.max(options.rpcAttempts ?? 6, network.rpcUrls.length),
    headers: options.headers ?? {},
  });
  const receipts = createReceipts(rpc, pollMs);
  const senderOptions: SenderOptions = {
    window: options.window ?? 64,
    maxWaiting: options.maxWaiting ?? 10_000,
    resendMs: options.resendMs ?? 10_000,
    timeoutMs: options.timeoutMs ?? 120_000,
  };
  const { signer } = options;
  const journal = options.journal ?? createMemoryJournal();
  const sender: Sender | undefined =
    signer === undefined
      ? undefined
      : createSender(rpc, receipts, journal, signer, network.chainId, senderOptions);
  const proven = new Set<ContractName>();

  const mustSend = (): Sender => {
    if (sender === undefined) throw sdkError("SignerMissing");
    return sender;
  };

  /** A call to an address without code succeeds and does nothing: look once. */
  const prove = async (contract: ContractName): Promise<void> => {
    if (proven.has(contract)) return;
    const address = network.addresses[contract];
    const code = await rpc.request("eth_getCode", [address, "latest"]);
    if (code === "0x") throw sdkError("ContractMissing", { address, contract });
    proven.add(contract);
  };

  return {
    network,
    signer,
    rpc,
    pollMs,
    account: async () => {
      if (signer === undefined) throw sdkError("SignerMissing");
      return getAddress(await signer.getAddress());
    },
    read: async (contract, name, args, blockNumber) => {
      await prove(contract);
      const data = interfaces[contract].encodeFunctionData(name, args as unknown[]);
      const block = blockNumber === undefined ? "latest" : `0x${blockNumber.toString(16)}`;
      try {
        const result = await rpc.request("eth_call", [{ to: network.addresses[contract], data }, block]);
        return decodeResult(contract, name, String(result));
      } catch (error) {
        throw refusal(error);
      }
    },
    send: async (contract, name, args, { key, intent } = {}) => {
      const active = mustSend();
      await prove(contract);
      const data = interfaces[contract].encodeFunctionData(name, args as unknown[]);
      return active.send({ to: network.addresses[contract], data, key, intent });
    },
    resume: async () => (sender === undefined ? [] : sender.resume()),
    load: () => sender?.load() ?? { inFlight: 0, waiting: 0 },
    close: () => {
      sender?.close();
      receipts.close();
      rpc.close();
    },
  };
}
