import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { cpus, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { JsonRpcProvider, Network as EthersNetwork, Wallet, type SigningKey } from "ethers";

/** Where a benchmark ran. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
}

/** What the node of {@link startNode} is. */
export const CHAIN = "EDR osaka, one block a second, zero fees, JSON-RPC over loopback";

const PATIENCE_MILLIS = 60_000;

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
});

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
export const startNode = async (): Promise<{ url: string; process: ChildProcess }> => {
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
export const timed = async (
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

/** `count` plain transfers, `width` in flight; seconds until the last receipt. */
export const rawTransfers = async (
  provider: JsonRpcProvider,
  key: SigningKey,
  count: number,
  width: number,
): Promise<number> => {
  const wallet = new Wallet(key, provider);
  const free = { type: 2, chainId: provider._network.chainId, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
  let nonce = await provider.getTransactionCount(wallet.address);
  return timed(count, width, async () => {
    const sent = await wallet.sendTransaction({
      ...free,
      to: wallet.address,
      gasLimit: 21_000n,
      nonce: nonce++,
    });
    await sent.wait();
  });
};

/** A provider for the node that asks often and caches nothing. */
export const providerOf = (url: string, chainId: bigint | number): JsonRpcProvider => {
  const staticNetwork = EthersNetwork.from(chainId);
  return new JsonRpcProvider(url, staticNetwork, { staticNetwork, cacheTimeout: -1, pollingInterval: 250 });
};
