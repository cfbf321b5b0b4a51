import { globalOptions, network } from "hardhat";
import type { BaseContract, ContractTransactionResponse, Interface, Provider } from "ethers";
import { Wallet, zeroPadValue } from "ethers";

import { developmentKey } from "../../deploy/index.ts";

/** One in-process chain for all test files of a run: fixtures are snapshots of it. */
export const { ethers, networkHelpers } = await network.create();

/** Whether contracts count what is run of them (`--coverage`), which costs gas. */
export const isInstrumented: boolean = globalOptions.coverage;

/** First second of every test world: 2033-05-18T03:33:20Z. Fixed, so that a failure repeats. */
export const START = 2_000_000_000;

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Free gas, and enough of it: no estimate stands between a test and the block that it means. */
export const FREE = { gasLimit: 16_000_000n, gasPrice: 0n, type: 0 } as const;

/** A person or a system with a key of its own. */
export type Actor = {
  readonly name: string;
  readonly wallet: Wallet;
  readonly address: string;
  /** The operator key of the member registry: the address, left-padded. */
  readonly key: string;
};

const actors = new Map<string, Actor>();

/** The actor of this name; the same name is the same key in every run. */
export const actor = (name: string): Actor => {
  const known = actors.get(name);
  if (known !== undefined) return known;
  const wallet = new Wallet(developmentKey(name), provider());
  const populate = wallet.populateTransaction.bind(wallet);
  wallet.populateTransaction = async (request) => await populate({ ...FREE, ...request });
  const made: Actor = { name, wallet, address: wallet.address, key: zeroPadValue(wallet.address, 32) };
  actors.set(name, made);
  return made;
};

/** Hardhat's provider as ethers types it. */
export const provider = (): Provider => ethers.provider as unknown as Provider;

/** Time of the latest block. */
export const now = async (): Promise<number> => await networkHelpers.time.latest();

/** Let the next block have exactly this second. */
export const at = async (second: number): Promise<void> => {
  await networkHelpers.time.setNextBlockTimestamp(second);
};

/** Mine a block at exactly this second, so that views see it. */
export const mineAt = async (second: number): Promise<void> => {
  await networkHelpers.time.increaseTo(second);
};

/** What became of a transaction: its revert, decoded by the first interface that knows it. */
export type Fate =
  { readonly ok: true } | { readonly ok: false; readonly error: string; readonly args: readonly unknown[] };

/** Decode revert data. */
export const decodeRevert = (data: string, interfaces: readonly Interface[]): Fate => {
  // An error has a selector; a bare revert has nothing.
  if (data.length < 10) return { ok: false, error: data, args: [] };
  for (const one of interfaces) {
    const parsed = one.parseError(data);
    if (parsed !== null) return { ok: false, error: parsed.name, args: [...parsed.args] };
  }
  return { ok: false, error: data, args: [] };
};

/**
 * Put several transactions into one block, in this order, and tell the fate of each.
 *
 * @param interfaces Contracts whose errors may come back.
 * @param sends Transactions, each from another sender.
 */
export const inOneBlock = async (
  interfaces: readonly Interface[],
  ...sends: (() => Promise<ContractTransactionResponse>)[]
): Promise<Fate[]> => {
  await ethers.provider.send("evm_setAutomine", [false]);
  const hashes: string[] = [];
  try {
    for (const send of sends) hashes.push((await send()).hash);
    await ethers.provider.send("evm_mine", []);
  } finally {
    await ethers.provider.send("evm_setAutomine", [true]);
  }
  const fates: Fate[] = [];
  const blocks = new Set<number>();
  for (const hash of hashes) {
    const receipt = await ethers.provider.getTransactionReceipt(hash);
    if (receipt === null) throw new Error(`transaction ${hash} was not mined`);
    blocks.add(receipt.blockNumber);
    if (receipt.status === 1) {
      fates.push({ ok: true });
      continue;
    }
    const trace = (await ethers.provider.send("debug_traceTransaction", [
      hash,
      { disableMemory: true, disableStack: true, disableStorage: true },
    ])) as { returnValue: string };
    const data = trace.returnValue.startsWith("0x") ? trace.returnValue : `0x${trace.returnValue}`;
    fates.push(decodeRevert(data, interfaces));
  }
  if (blocks.size !== 1) throw new Error("the transactions fell into several blocks");
  return fates;
};

/** The same contract, sending as this actor with free gas. */
export const as = <T extends BaseContract>(contract: T, who: Actor): T => contract.connect(who.wallet) as T;

/** What a call returned as plain arrays, structs included, so that two answers compare by value. */
export const plain = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((item: unknown) => plain(item)) : value;
