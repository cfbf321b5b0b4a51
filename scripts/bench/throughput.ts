import { fileURLToPath } from "node:url";

import { createClient, createQrHolder, issuePrescription, type Network } from "@careledger/sdk";
import { hexlify, randomBytes, Wallet } from "ethers";

import { deploy, memoryStore, readConfig, verifiersOf, type DeployConfig } from "../../deploy/index.ts";
import { seededKey } from "./chain.ts";
import { CHAIN, machine, providerOf, rawTransfers, startNode, timed, type Machine } from "./node.ts";

/** Transactions of each kind. */
const ROUNDS = 1_000;
/** Transactions in flight, the same for both. */
const WINDOW = 200;
const DAY = 86_400;

/** What the benchmark found, and where. */
export interface Throughput {
  readonly machine: Machine;
  readonly chain: string;
  readonly rounds: number;
  readonly window: number;
  /** A second, both in the same run on the same node over JSON-RPC. */
  readonly sdkIssuesPerSecond: number;
  readonly rawTransfersPerSecond: number;
  /** SDK issues against raw transfers. */
  readonly share: number;
}

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
  const provider = providerOf(url, config.chainId);
  try {
    const { addresses } = await deploy({ config, provider, store: memoryStore() });
    const chainId = Number(config.chainId);
    const verifiers = verifiersOf(addresses);
    const network = { name: "bench", chainId, rpcUrls: [url], addresses, verifiers, deployedInBlock: 1 };
    const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
    const raw = await rawTransfers(provider, seededKey("transfers"), ROUNDS, WINDOW);
    const issues = await sdkIssues(network, config, now);
    return {
      machine: machine(),
      chain: CHAIN,
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
