/**
 * `npm start [-- --once] [--port <n>] [--report <file>] [--dump <file>]`: starts the embedded consortium chain, deploys to
 * it, and tells the story of docs/story.md on it. Without `--once` the node runs until Ctrl-C.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { type Network, defineNetwork, dutyNames, isCareLedgerError } from "@careledger/sdk";
import { JsonRpcProvider, Network as EthersNetwork, computeAddress } from "ethers";
import { network as hardhat } from "hardhat";

import {
  DeployError,
  deploy,
  developmentKey,
  memoryStore,
  readConfig,
  verifiersOf,
  type DeployConfig,
} from "../deploy/index.ts";
import { type Cast, type Processes, readerOf, startProcesses, stopProcesses } from "./story/cast.ts";
import { dumpChain } from "./story/dump.ts";
import { reportOf } from "./story/report.ts";
import { runStory, type Story } from "./story/story.ts";
import { actsText, consentsText, refusalsText, refusedActsText, step, tableText } from "./story/tell.ts";

const HOST = "127.0.0.1";
const USUAL_PORT = 8_545;
/** Status of a process that Ctrl-C ended (128 + SIGINT). */
const INTERRUPTED = 130;
/** Time between two blocks, milliseconds: of a QBFT chain, and while this one is founded. */
const BLOCK_PERIOD = 1_000;
const FOUNDING_PERIOD = 200;
/** Blocks lie a second apart in the chain's time also while it is founded: it begins so many seconds ago. */
const FOUNDED_AGO = 60;

const { values: options } = parseArgs({
  options: {
    once: { type: "boolean", default: false },
    port: { type: "string", default: String(USUAL_PORT) },
    report: { type: "string" },
    dump: { type: "string" },
  },
});

/** What runs and must be ended. */
interface Stage {
  readonly folder: string;
  readonly processes: Processes;
  readonly server: Awaited<ReturnType<typeof hardhat.createServer>>;
  readonly url: string;
  /** The port that it answers on. */
  readonly port: number;
}

/** The port if it is free, or 0 for any other. */
const freeOr0 = (port: number): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(0));
    probe.listen(port, HOST, () => probe.close(() => resolve(port)));
  });

const setStage = async (): Promise<Stage> => {
  const processes = startProcesses();
  const port = await freeOr0(Number(options.port));
  const override = { initialDate: new Date(Date.now() - FOUNDED_AGO * 1_000) };
  const server = await hardhat.createServer({ network: "embedded", override }, HOST, port);
  const { port: bound } = await server.listen();
  const folder = mkdtempSync(join(tmpdir(), "careledger-"));
  return { folder, processes, server, url: `http://${HOST}:${bound}`, port: bound };
};

const deployTo = async (url: string, config: DeployConfig): Promise<Network> => {
  const staticNetwork = EthersNetwork.from(config.chainId);
  const provider = new JsonRpcProvider(url, staticNetwork, { staticNetwork, cacheTimeout: -1 });
  try {
    await provider.send("evm_setIntervalMining", [FOUNDING_PERIOD]);
    const { addresses } = await deploy({ config, provider, store: memoryStore() });
    await keepTime(provider);
    const chainId = Number(config.chainId);
    const verifiers = verifiersOf(addresses);
    return { name: config.network, chainId, rpcUrls: [url], addresses, verifiers, deployedInBlock: 1 };
  } finally {
    provider.destroy();
  }
};

/** From here on a block a second, by the clock on the wall. */
const keepTime = async (provider: JsonRpcProvider): Promise<void> => {
  const newest = await provider.getBlock("latest");
  const behind = Math.floor(Date.now() / 1_000) - (newest?.timestamp ?? 0);
  if (behind > 0) await provider.send("evm_increaseTime", [behind]);
  await provider.send("evm_setIntervalMining", [BLOCK_PERIOD]);
};

const castOf = (config: DeployConfig, network: Network, { folder, processes }: Stage): Cast => ({
  network,
  members: config.members.map(({ id, name, operators }) => ({
    id,
    name,
    operators: operators.map((operator) => operator.name),
  })),
  keyOf: (name) => developmentKey(name).privateKey,
  folder,
  processes,
});

const accountRows = ({ members }: DeployConfig): string[][] => {
  const addressOf = (name: string): string => computeAddress(developmentKey(name).publicKey);
  const roles = ["governance", "emergency", "claims"].map((name) => [
    name,
    "",
    addressOf(name),
    `role: ${name}`,
  ]);
  const people = members.flatMap((member) => [
    [`${member.name}.admin`, numbered(member), member.admin, "administers the member"],
    ...member.operators.map(({ name, address, duties }) => [
      name,
      numbered(member),
      address,
      dutyNames(duties).join(", "),
    ]),
  ]);
  return [...roles, ...people];
};

/** A member as the tables name it: `2 stMary`. */
const numbered = ({ id, name }: DeployConfig["members"][number]): string => `${id} ${name}`;

const siteRows = ({ members }: DeployConfig): string[][] =>
  members.flatMap((member) =>
    member.sites.map(({ name, gln }, index) => [numbered(member), String(index + 1), name, String(gln)]),
  );

const show = (config: DeployConfig, network: Network, { chronicle, consents }: Story): void => {
  console.log(`\n${actsText(chronicle)}`);
  console.log(`\nWho saw which record: the patients' own lists (listDisclosures)\n${consentsText(consents)}`);
  console.log(`\nRefused resources, all of them published\n${refusalsText(chronicle.refusals)}`);
  console.log(`\nRefused acts\n${refusedActsText(chronicle)}`);
  console.log('\nAccounts. Private key of each: keccak256("CareLedger development key: <name>")');
  console.log(tableText(["name", "member", "address", "duties"], accountRows(config)));
  console.log(`\nSites\n${tableText(["member", "site", "name", "GLN"], siteRows(config))}`);
  console.log(`\nContracts\n${tableText(["name", "address"], Object.entries(network.addresses))}`);
};

const play = async (stage: Stage, began: number): Promise<boolean> => {
  const config = readConfig(fileURLToPath(new URL("../deploy/config/embedded.json", import.meta.url)));
  const network = await step(
    "Deploying contracts, members, operators and licences",
    () => deployTo(stage.url, config),
    () => `Deployed: ${config.members.length} members, the deployer has no power left`,
  );
  const cast = castOf(config, network, stage);
  const story = await runStory(cast);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (options.report !== undefined)
    writeFileSync(
      options.report,
      `${JSON.stringify(reportOf(network, stage.processes, story, seconds), undefined, 2)}\n`,
    );
  if (options.dump !== undefined) await writeDump(cast, options.dump);
  show(config, network, story);
  for (const line of story.differences) console.error(`Not as expected: ${line}`);
  const verdict =
    story.differences.length === 0 ? "Everything is as expected" : "Not everything is as expected";
  console.log(`\n${verdict}: ${story.finals.length} final states against the chain, in ${seconds} s.`);
  console.log(`\nNetwork for createClient:\n${JSON.stringify(defineNetwork(network), undefined, 2)}`);
  return story.differences.length === 0;
};

const writeDump = async (cast: Cast, file: string): Promise<void> => {
  const reader = readerOf(cast);
  try {
    writeFileSync(file, `${JSON.stringify(await dumpChain(reader))}\n`);
  } finally {
    reader.close();
  }
};

const clear = async ({ processes, server, folder }: Stage): Promise<void> => {
  await stopProcesses(processes);
  await Promise.race([server.close(), new Promise((resolve) => setTimeout(resolve, 2_000))]);
  rmSync(folder, { recursive: true, force: true });
};

const main = async (): Promise<number> => {
  const began = performance.now();
  const interrupted = new Promise<"interrupted">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve("interrupted"));
  });
  const stage = await step(
    "Starting the embedded chain",
    setStage,
    ({ url }) => `Embedded chain at ${url}: osaka, zero fees, one block a second`,
  );
  const asked = Number(options.port);
  if (asked !== 0 && stage.port !== asked)
    console.log(`  Port ${asked} is taken: this chain uses port ${stage.port}.`);
  try {
    const ended = await Promise.race([play(stage, began), interrupted]);
    if (ended === "interrupted") return INTERRUPTED;
    if (!options.once) {
      console.log("The node keeps running. Ctrl-C ends it.");
      await interrupted;
    }
    return ended ? 0 : 1;
  } finally {
    await clear(stage);
  }
};

try {
  // The chain's own timers would keep the process alive.
  process.exit(await main());
} catch (error) {
  if (error instanceof DeployError) {
    console.error(`${error.code}: ${error.message}`);
  } else if (isCareLedgerError(error)) {
    console.error(`${error.code}: ${error.message} ${error.fix}`);
  } else {
    console.error(error);
  }
  process.exit(1);
}
