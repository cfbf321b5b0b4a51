/** The smallest chain on which something can be sent: OpenZeppelin's AccessManager, whose admin is `admin`. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type Client,
  type ClientOptions,
  type Network,
  type SendJournal,
  createClient,
  createMemoryJournal,
} from "@careledger/sdk";
import { ContractFactory, type Provider, Wallet, id } from "ethers";
import { network as hardhat } from "hardhat";

import { artifactOf } from "../../../deploy/artifacts.ts";
import { type Backend, type TestNode, startNode } from "../node.ts";

/** A chain of its own for one test. */
export interface TestChain {
  readonly backend: Backend;
  readonly node: TestNode;
  readonly network: Network;
  /** Admin of the AccessManager. */
  readonly admin: Wallet;
  /** Nobody. */
  readonly stranger: Wallet;
  /** A client of the admin with quick timings. */
  client(options?: Partial<ClientOptions>): Client;
  /** Call the chain past the node under test. */
  ask(method: string, ...params: unknown[]): Promise<unknown>;
  /** Transactions that an account has had mined. */
  nonceOf(address: string): Promise<number>;
  close(): Promise<void>;
}

/** Timings that keep a test short. */
export const QUICK = {
  pollMs: 10,
  rpcTimeoutMs: 1_000,
  rpcAttempts: 4,
  resendMs: 400,
  timeoutMs: 8_000,
} as const;

export async function startChain(): Promise<TestChain> {
  const connection = await hardhat.create();
  const backend = connection.provider as unknown as Backend;
  const provider = connection.ethers.provider as unknown as Provider;
  const admin = new Wallet(id("careledger test admin"));
  const stranger = new Wallet(id("careledger test stranger"));
  const artifact = artifactOf("AccessManager");
  const factory = new ContractFactory(artifact.abi as never, artifact.bytecode as string);
  const { data } = await factory.getDeployTransaction(admin.address);
  const [faucet] = (await backend.request({ method: "eth_accounts", params: [] })) as string[];
  const hash = await backend.request({
    method: "eth_sendTransaction",
    params: [{ from: faucet, data, gas: "0x1000000", gasPrice: "0x0" }],
  });
  const receipt = await provider.getTransactionReceipt(hash as string);
  const address = receipt?.contractAddress ?? "";
  const node = await startNode(backend);
  const network: Network = {
    name: "test",
    chainId: 20_261,
    rpcUrls: [node.url],
    addresses: {
      memberRegistry: address,
      prescriptionRegistry: address,
      consentRegistry: address,
      recordRegistry: address,
      lotRegistry: address,
      standardsRegistry: address,
      researchRegistry: address,
      accessManager: address,
    },
    verifiers: { p256: address, webAuthn: address },
    deployedInBlock: 1,
  };
  const clients: Client[] = [];
  return {
    backend,
    node,
    network,
    admin,
    stranger,
    client: (options = {}) => {
      const client = createClient({ network, signer: admin, ...QUICK, ...options });
      clients.push(client);
      return client;
    },
    ask: (method, ...params) => backend.request({ method, params }),
    nonceOf: async (account) =>
      Number(await backend.request({ method: "eth_getTransactionCount", params: [account, "latest"] })),
    close: async () => {
      for (const client of clients) client.close();
      await node.stop();
      await connection.close();
    },
  };
}

/** A journal that tells what it was asked to record. */
export function spyJournal(): SendJournal & { readonly recorded: string[] } {
  const journal = createMemoryJournal();
  const recorded: string[] = [];
  return {
    ...journal,
    recorded,
    record: async (record, supersedes) => {
      await journal.record(record, supersedes);
      recorded.push(record.hash);
    },
  };
}

/** An empty folder that the system cleans up. */
export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), "careledger-sdk-"));
