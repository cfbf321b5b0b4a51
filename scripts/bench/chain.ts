import { fileURLToPath } from "node:url";

import { AbiCoder, id, keccak256, SigningKey, Wallet, type Interface, type JsonRpcApiProvider } from "ethers";
import { network } from "hardhat";

import { artifactOf } from "../../deploy/artifacts.ts";
import {
  deploy,
  memoryStore,
  readConfig,
  verifiersOf,
  type DeployConfig,
  type OperatorConfig,
} from "../../deploy/index.ts";
import { calldataCost, measure, price, type Measure } from "./floor.ts";
import type { Domain } from "./signing.ts";

/** The benchmark's first second: fixed, for times are calldata and calldata is gas. */
export const START = Date.UTC(2026, 0, 1) / 1_000;
const DAY = 86_400;

/** Contracts to call. */
export type Target = "members" | "prescriptions" | "records" | "consents" | "research" | "lots";

/** The embedded chain with the consortium of deploy/config/embedded.json, at a fixed time. */
export interface BenchChain {
  readonly config: DeployConfig;
  readonly domain: Domain;
  /** First second of the measurements. */
  readonly start: () => number;
  /** Second of the next block. */
  readonly now: () => number;
  readonly operator: (name: string) => OperatorConfig;
  readonly members: Interface;
  readonly prescriptions: Interface;
  readonly records: Interface;
  /** EIP-712 domain of RecordRegistry. */
  readonly recordDomain: Domain;
  readonly consents: Interface;
  readonly research: Interface;
  readonly lots: Interface;
  /** EIP-712 domain of ConsentRegistry. */
  readonly consentDomain: Domain;
  /** Verifiers of patients' signatures. */
  readonly verifiers: { readonly p256: string; readonly webAuthn: string };
  /** Id of a subject. */
  readonly subjectId: (custodian: number, key: string, salt: string) => string;
  /** Id of a use of break-glass. */
  readonly breakGlassId: (member: number, operator: string, custodian: number, ticket: string) => string;
  /** Gas of a question to ConsentRegistry, all cold, without the transaction around it. */
  readonly question: (name: string, args: readonly unknown[]) => Promise<Measure>;
  /** Sends from an account of the configuration, or with a key, and measures. */
  readonly act: (from: string | SigningKey, target: Target, data: string) => Promise<Measure>;
  /** The same without a measure: what only prepares. */
  readonly prepare: (from: string | SigningKey, target: Target, data: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Osaka's cap on the gas of a transaction (EIP-7825). */
const GAS_CAP = 16_777_216n;

/** A key that is the same in every run. */
export const seededKey = (seed: string): SigningKey => new SigningKey(id(`CareLedger benchmark: ${seed}`));

export const openChain = async (): Promise<BenchChain> => {
  const connection = await network.create({
    network: "default",
    override: { initialDate: new Date(START * 1_000) },
  });
  const provider = connection.ethers.provider as unknown as JsonRpcApiProvider;
  const config = readConfig(fileURLToPath(new URL("../../deploy/config/embedded.json", import.meta.url)));
  const { addresses } = await deploy({ config, provider, store: memoryStore() });
  // Ten days in, and then one second a block: nothing depends on how long the deployment took.
  let now = START + 10 * DAY;
  const operators = new Map(
    config.members.flatMap((member) => member.operators.map((o) => [o.name, o] as const)),
  );
  const targets = {
    members: addresses.memberRegistry,
    prescriptions: addresses.prescriptionRegistry,
    records: addresses.recordRegistry,
    consents: addresses.consentRegistry,
    research: addresses.researchRegistry,
    lots: addresses.lotRegistry,
  };
  const consents = artifactOf("ConsentRegistry").iface;
  const hashOf = (types: readonly string[], values: readonly unknown[]): string =>
    keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
  const domainOf = (name: string, verifyingContract: string): Domain => ({
    name: `CareLedger ${name}`,
    version: "1",
    chainId: config.chainId,
    verifyingContract,
  });
  const send = async (from: string | SigningKey, target: Target, data: string): Promise<string> => {
    const key = typeof from === "string" ? config.developmentKeys.get(from) : from;
    if (key === undefined) throw new RangeError(`${String(from)} is no development account`);
    const wallet = new Wallet(key);
    await provider.send("evm_setNextBlockTimestamp", [now]);
    const raw = await wallet.signTransaction({
      type: 2,
      chainId: config.chainId,
      nonce: await provider.getTransactionCount(wallet.address),
      to: targets[target],
      data,
      gasLimit: GAS_CAP,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    });
    const { hash } = await provider.broadcastTransaction(raw);
    now += 1;
    return hash;
  };
  return {
    config,
    domain: domainOf("PrescriptionRegistry", addresses.prescriptionRegistry),
    recordDomain: domainOf("RecordRegistry", addresses.recordRegistry),
    start: () => START + 10 * DAY,
    now: () => now,
    operator: (name) => {
      const found = operators.get(name);
      if (found === undefined) throw new RangeError(`deploy/config/embedded.json names no ${name}`);
      return found;
    },
    members: artifactOf("MemberRegistry").iface,
    prescriptions: artifactOf("PrescriptionRegistry").iface,
    records: artifactOf("RecordRegistry").iface,
    research: artifactOf("ResearchRegistry").iface,
    lots: artifactOf("LotRegistry").iface,
    consents,
    consentDomain: domainOf("ConsentRegistry", addresses.consentRegistry),
    verifiers: verifiersOf(addresses),
    subjectId: (...values) => hashOf(["uint32", "address", "bytes32"], values),
    breakGlassId: (...values) => hashOf(["uint32", "bytes32", "uint32", "bytes32"], values),
    question: async (name, args) => {
      const data = consents.encodeFunctionData(name, [...args]);
      const call = { to: targets.consents, data };
      const { gas } = (await provider.send("debug_traceCall", [call, "latest", {}])) as {
        gas: string | number;
      };
      // The floor: subject, rule and member are read, and another account is asked about the member.
      const floor = 3 * price.coldSlot + price.coldAccount;
      return { gas: Number(gas) - price.transaction - calldataCost(data), floor };
    },
    act: async (from, target, data) => measure(provider, await send(from, target, data)),
    prepare: async (from, target, data) => {
      const hash = await send(from, target, data);
      if ((await provider.getTransactionReceipt(hash))?.status !== 1)
        throw new RangeError(`${hash} did not succeed`);
    },
    close: () => connection.close(),
  };
};

/** The key of an operator of the configuration. */
export const walletOf = (chain: BenchChain, name: string): Wallet => {
  const key = chain.config.developmentKeys.get(chain.operator(name).address);
  if (key === undefined) throw new RangeError(`${name} has no development key`);
  return new Wallet(key);
};
