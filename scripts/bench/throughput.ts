import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { createClient, createQrHolder, issuePrescription, type Network } from "@careledger/sdk";
import {
  hexlify,
  JsonRpcProvider,
  Network as EthersNetwork,
  randomBytes,
  Wallet,
  type SigningKey,
} from "ethers";

import { deploy, memoryStore, readConfig, verifiersOf, type DeployConfig } from "../../deploy/index.ts";
import { seededKey } from "./chain.ts";

/** Transactions of each kind. */
const ROUNDS = 1_000;
/** Transactions in flight, the same for both. */
const WINDOW = 200;
const DAY = 86_400;
const PATIENCE_MILLIS = 60_000;

/** What the benchmark found, and where. */
export interface Throughput {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly node: string;
  };
  readonly chain: string;
  readonly rounds: number;
  readonly window: number;
  /** A second, both in the same run on the same node over JSON-RPC. */
  readonly sdkIssuesPerSecond: number;
  readonly rawTransfersPerSecond: number;
  /** SDK issues against raw transfers. */
  readonly share: number;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** A node in a process of its own, so that it takes no time from those that it serves. */
const startNode = async (): Promise<{ url: string; process: ChildProcess }> => {
  const port = await freePort();
  const cli = join(
    dirname(createRequire(import.meta.url).resolve("hardhat/package.json")),
    "dist/src/cli.js",
  );
  const args = ["node", "--network", "embedded", "--hostname", "127.0.0.1", "--port", String(port)];
  const node = spawn(process.execPath, [cli, ...args], {
    stdio: "ignore",
    cwd: dirname(fileURLToPath(import.meta.url)),
  });
  const url = `http://127.0.0.1:${port}`;
  const giveUpAt = Date.now() + PATIENCE_MILLIS;
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  const headers = { "content-type": "application/json" };
  while (Date.now() < giveUpAt) {
    const answer = await fetch(url, { method: "POST", body, headers }).catch(() => undefined);
    if (answer?.ok === true) return { url, process: node };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  node.kill();
  throw new RangeError(`the node did not answer within ${PATIENCE_MILLIS / 1_000} seconds`);
};

/** Runs `count` tasks with at most `width` at a time; seconds from the first start to the last end. */
const timed = async (
  count: number,
  width: number,
  task: (index: number) => Promise<unknown>,
): Promise<number> => {
  let next = 0;
  const began = performance.now();
  const worker = async (): Promise<void> => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return (performance.now() - began) / 1_000;
};

const rawTransfers = async (provider: JsonRpcProvider, key: SigningKey): Promise<number> => {
  const wallet = new Wallet(key, provider);
  const free = { type: 2, chainId: provider._network.chainId, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
  let nonce = await provider.getTransactionCount(wallet.address);
  return timed(ROUNDS, WINDOW, async () => {
    const sent = await wallet.sendTransaction({
      ...free,
      to: wallet.address,
      gasLimit: 21_000n,
      nonce: nonce++,
    });
    await sent.wait();
  });
};

const sdkIssues = async (network: Network, config: DeployConfig, now: number): Promise<number> => {
  const stMary = config.members.find(({ name }) => name === "stMary");
  const prescriber = stMary?.operators.find(({ name }) => name === "drAdler");
  const key = prescriber === undefined ? undefined : config.developmentKeys.get(prescriber.address);
  if (stMary === undefined || prescriber === undefined || key === undefined) {
    throw new RangeError("deploy/config/embedded.json names no drAdler at stMary");
  }
  const client = createClient({ network, signer: new Wallet(key), window: WINDOW });
  const holders = Array.from({ length: ROUNDS }, () => createQrHolder());
  try {
    return await timed(ROUNDS, WINDOW, async (index) => {
      const holder = holders[index] ?? createQrHolder();
      const prescription = {
        issuer: stMary.id,
        prescriber: prescriber.key,
        holder: holder.holder,
        commitment: hexlify(randomBytes(32)),
        unitsPerFill: 10_000n,
        fills: 3,
        interval: 21 * DAY,
        validFrom: now - DAY,
        validUntil: now + 90 * DAY,
        reviewer: 0,
      };
      await issuePrescription(client, { prescription, ephemeralKey: holder.ephemeralKey });
    });
  } finally {
    client.close();
  }
};

const perSecond = (seconds: number): number => Math.round((ROUNDS / seconds) * 10) / 10;

/** SDK issues a second against raw ethers transfers, each with its receipt, in the same run on the same node. */
export const measureThroughput = async (): Promise<Throughput> => {
  const config = readConfig(fileURLToPath(new URL("../../deploy/config/embedded.json", import.meta.url)));
  const { url, process: node } = await startNode();
  const static_ = EthersNetwork.from(config.chainId);
  const provider = new JsonRpcProvider(url, static_, {
    staticNetwork: static_,
    cacheTimeout: -1,
    pollingInterval: 250,
  });
  try {
    const { addresses } = await deploy({ config, provider, store: memoryStore() });
    const chainId = Number(config.chainId);
    const verifiers = verifiersOf(addresses);
    const network = { name: "bench", chainId, rpcUrls: [url], addresses, verifiers, deployedInBlock: 1 };
    const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
    const raw = await rawTransfers(provider, seededKey("transfers"));
    const issues = await sdkIssues(network, config, now);
    const [cpu] = cpus();
    return {
      machine: {
        cpu: cpu?.model ?? "unknown",
        cores: cpus().length,
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        node: process.version,
      },
      chain: "EDR osaka, one block a second, zero fees, JSON-RPC over loopback",
      rounds: ROUNDS,
      window: WINDOW,
      sdkIssuesPerSecond: perSecond(issues),
      rawTransfersPerSecond: perSecond(raw),
      share: Math.round((raw / issues) * 100) / 100,
    };
  } finally {
    provider.destroy();
    node.kill();
  }
};
