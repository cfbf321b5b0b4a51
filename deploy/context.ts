import {
  getCreateAddress,
  keccak256,
  Wallet,
  type BaseWallet,
  type Interface,
  type Provider,
  type TransactionReceipt,
} from "ethers";

import { artifactOf, isCodeOf, type ArtifactName } from "./artifacts.ts";
import type { DeployConfig } from "./config.ts";
import { DeployError } from "./errors.ts";
import type { AddressBook, Journal, JournalEntry, JournalStore } from "./journal.ts";

/** Names of the contracts in `addresses.json`. */
export type ContractName =
  | "accessManager"
  | "consentCustody"
  | "consentOversight"
  | "consentRegistry"
  | "consentRegistryImplementation"
  | "lotKeeping"
  | "lotOversight"
  | "lotRegistry"
  | "lotRegistryImplementation"
  | "lotEntries"
  | "memberRegistry"
  | "memberRegistryImplementation"
  | "memberSupervision"
  | "p256Verifier"
  | "prescriptionOversight"
  | "prescriptionRegistry"
  | "prescriptionRegistryImplementation"
  | "stockedPrescriptionOversight"
  | "stockedPrescriptionRegistryImplementation"
  | "recordExchange"
  | "recordRegistry"
  | "recordRegistryImplementation"
  | "researchRegistry"
  | "researchRegistryImplementation"
  | "standardsRegistry"
  | "standardsRegistryImplementation"
  | "webAuthnVerifier";

/** A call to make. */
export interface Act {
  /** What it does, for people. */
  readonly action: string;
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** What deployment needs from outside. */
export interface DeployInput {
  readonly config: DeployConfig;
  readonly provider: Provider;
  readonly store: JournalStore;
  /** Keys that this run may use. What needs another key is left for a later run and reported. */
  readonly wallets?: readonly BaseWallet[];
  readonly log?: (line: string) => void;
  /** Where its nodes answer: goes into `network.json`, without names and passwords. None: no such file is written. */
  readonly rpcUrls?: readonly string[];
}

/** What a step works with. */
export interface DeployContext {
  readonly config: DeployConfig;
  readonly provider: Provider;
  readonly log: (line: string) => void;
  /** Address of a contract that an earlier step created. */
  readonly addressOf: (name: ContractName) => string;
  /** Creates a contract unless the journal knows it and its code stands on chain. */
  readonly ensureContract: (
    name: ContractName,
    artifact: ArtifactName,
    args: readonly unknown[],
  ) => Promise<string>;
  /** Sends calls together and waits for all. Those whose key is absent are reported and left. */
  readonly perform: (acts: readonly Act[]) => Promise<void>;
  /** A view call, decoded. */
  readonly read: (iface: Interface, to: string, name: string, args: readonly unknown[]) => Promise<unknown[]>;
  /** Says that a step found everything as it should be. */
  readonly unchanged: (what: string) => void;
}

/** A step: read, compare, act only on a difference. */
export interface Step {
  readonly name: string;
  readonly run: (context: DeployContext) => Promise<void>;
}

/** A deployment under way. */
export interface Session {
  /** The context of one step. */
  readonly contextOf: (step: string) => DeployContext;
  /** Finishes what an interrupted run had signed. */
  readonly settle: () => Promise<void>;
  readonly addresses: () => AddressBook;
  /** Acts that wait for another key. */
  readonly left: readonly string[];
  /** Number of transactions sent. */
  readonly sent: () => number;
}

/** Osaka caps the gas of one transaction (EIP-7825). */
const GAS_CAP = 16_777_216n;
const POLL_MILLIS = 100;
const PATIENCE_MILLIS = 120_000;

const openJournal = async ({ config, provider, store }: DeployInput): Promise<Journal> => {
  const { chainId } = await provider.getNetwork();
  if (chainId !== config.chainId) {
    throw new DeployError(
      "CHAIN_WRONG",
      `The node serves chain ${chainId}, the configuration is for chain ${config.chainId}.`,
      "pass the RPC address of the right chain.",
      { expected: config.chainId, found: chainId },
    );
  }
  const genesis = (await provider.getBlock(0))?.hash ?? "";
  const known = store.read();
  if (known === undefined) return { network: config.network, chainId: String(chainId), genesis, entries: [] };
  if (known.genesis !== genesis) {
    throw new DeployError(
      "CHAIN_REPLACED",
      `The journal of ${config.network} belongs to another chain with the same id.`,
      `remove deployments/${config.network} if that chain is gone for good.`,
      { expected: known.genesis, found: genesis },
    );
  }
  return known;
};

/** Opens the journal of a network. */
export const openSession = async (input: DeployInput): Promise<Session> => {
  const { config, provider, store } = input;
  const log = input.log ?? (() => undefined);
  const wallets = new Map<string, BaseWallet>();
  for (const key of config.developmentKeys.values()) {
    const wallet = new Wallet(key);
    wallets.set(wallet.address, wallet);
  }
  for (const wallet of input.wallets ?? []) wallets.set(wallet.address, wallet);

  let journal = await openJournal(input);
  let sent = 0;
  const left: string[] = [];

  const record = (entry: JournalEntry): void => {
    const others = journal.entries.filter(({ hash }) => hash !== entry.hash);
    const at = journal.entries.findIndex(({ hash }) => hash === entry.hash);
    const entries = at < 0 ? [...others, entry] : journal.entries.with(at, entry);
    journal = { ...journal, entries };
    store.write(journal);
  };

  const addresses = (): AddressBook => {
    const book: Record<string, { address: string; artifact: string; codeHash: string }> = {};
    for (const { creates, status } of journal.entries) {
      if (creates === undefined || status !== "mined") continue;
      book[creates.name] = {
        address: creates.address,
        artifact: creates.artifact,
        codeHash: creates.codeHash,
      };
    }
    return book;
  };

  const awaitReceipt = async (entry: JournalEntry): Promise<TransactionReceipt> => {
    const giveUpAt = Date.now() + PATIENCE_MILLIS;
    for (;;) {
      const receipt = await provider.getTransactionReceipt(entry.hash);
      if (receipt !== null) return receipt;
      if (Date.now() > giveUpAt) {
        throw new DeployError(
          "TRANSACTION_PENDING",
          `"${entry.action}" was sent but not mined in ${PATIENCE_MILLIS / 1_000} seconds.`,
          "see that validators make blocks, then run the deployment again: it sends the same bytes.",
          { hash: entry.hash },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  };

  const finish = async (entry: JournalEntry): Promise<void> => {
    const receipt = await awaitReceipt(entry);
    const status = receipt.status === 1 ? "mined" : "reverted";
    record({ ...entry, status, block: receipt.blockNumber, gas: Number(receipt.gasUsed) });
    store.dropSigned(entry.hash);
    if (entry.creates !== undefined) store.writeAddresses(addresses());
    if (status === "reverted") {
      throw new DeployError(
        "TRANSACTION_REVERTED",
        `"${entry.action}" was mined and failed.`,
        "run the deployment again: it reads the chain anew and acts on what differs.",
        { hash: entry.hash, step: entry.step },
      );
    }
    log(`  ${entry.action} (block ${receipt.blockNumber}, ${receipt.gasUsed} gas)`);
  };

  const broadcast = async (entry: JournalEntry, raw: string): Promise<void> => {
    try {
      await provider.broadcastTransaction(raw);
    } catch (cause) {
      const isThere =
        (await provider.getTransactionReceipt(entry.hash)) !== null ||
        (await provider.getTransaction(entry.hash)) !== null;
      if (isThere) return;
      throw new DeployError(
        "TRANSACTION_REFUSED",
        `The node refused "${entry.action}": ${(cause as Error).message}.`,
        "mend the cause and run the deployment again.",
        { hash: entry.hash, step: entry.step },
        cause,
      );
    }
  };

  const settle = async (): Promise<void> => {
    for (const entry of journal.entries.filter(({ status }) => status === "signed")) {
      log(`settling "${entry.action}" of an interrupted run`);
      if ((await provider.getTransactionReceipt(entry.hash)) === null) {
        const raw = store.readSigned(entry.hash);
        if (raw === undefined || (await provider.getTransactionCount(entry.from, "latest")) > entry.nonce) {
          // Never left this machine, or its nonce went to another transaction: it can never be mined.
          record({ ...entry, status: "reverted" });
          store.dropSigned(entry.hash);
          continue;
        }
        await broadcast(entry, raw);
      }
      await finish(entry);
    }
  };

  interface Draft {
    readonly step: string;
    readonly action: string;
    readonly from: string;
    readonly to: string | null;
    readonly data: string;
    readonly creates?: {
      readonly name: ContractName;
      readonly artifact: ArtifactName;
      readonly codeHash: string;
    };
  }

  /** Signs, journals, and only then sends. */
  const launch = async (draft: Draft, wallet: BaseWallet, nonce: number): Promise<JournalEntry> => {
    const { from, to, data } = draft;
    let gas: bigint;
    try {
      gas = await provider.estimateGas({ from, to, data });
    } catch (cause) {
      throw new DeployError(
        "TRANSACTION_WOULD_FAIL",
        `"${draft.action}" would fail: ${(cause as Error).message}.`,
        "mend the cause; nothing was sent.",
        { step: draft.step, action: draft.action },
        cause,
      );
    }
    const gasLimit = (gas * 5n) / 4n;
    const raw = await wallet.signTransaction({
      type: 2,
      chainId: config.chainId,
      nonce,
      to,
      data,
      gasLimit: gasLimit > GAS_CAP ? GAS_CAP : gasLimit,
      maxFeePerGas: config.maxFeePerGas,
      maxPriorityFeePerGas: 0n,
    });
    const hash = keccak256(raw);
    const creates =
      draft.creates === undefined
        ? {}
        : { creates: { ...draft.creates, address: getCreateAddress({ from, nonce }) } };
    const { step, action } = draft;
    const entry: JournalEntry = { step, action, from, nonce, hash, ...creates, status: "signed" };
    store.writeSigned(hash, raw);
    record(entry);
    await broadcast(entry, raw);
    sent += 1;
    return entry;
  };

  const performDrafts = async (drafts: readonly Draft[]): Promise<void> => {
    const nonces = new Map<string, number>();
    const entries: JournalEntry[] = [];
    for (const draft of drafts) {
      const wallet = wallets.get(draft.from);
      if (wallet === undefined) {
        left.push(`${draft.step}: ${draft.action} (needs the key of ${draft.from})`);
        log(`  left for ${draft.from}: ${draft.action}`);
        continue;
      }
      const nonce = nonces.get(draft.from) ?? (await provider.getTransactionCount(draft.from, "pending"));
      nonces.set(draft.from, nonce + 1);
      entries.push(await launch(draft, wallet, nonce));
    }
    for (const entry of entries) await finish(entry);
  };

  const addressOf = (name: ContractName): string => {
    const known = addresses()[name];
    if (known === undefined) {
      throw new DeployError("CONTRACT_MISSING", `${name} is not deployed.`, "run the earlier steps first.", {
        name,
      });
    }
    return known.address;
  };

  const ensureContract = async (
    step: string,
    name: ContractName,
    artifactName: ArtifactName,
    args: readonly unknown[],
  ): Promise<string> => {
    const artifact = artifactOf(artifactName);
    const known = addresses()[name];
    if (known !== undefined) {
      if (known.codeHash !== artifact.hash) {
        throw new DeployError(
          "ARTIFACT_CHANGED",
          `${name} at ${known.address} was deployed from another build of ${artifactName}.`,
          "upgrade it by a migration, or check out the build that the journal names.",
          { name, deployed: known.codeHash, built: artifact.hash },
        );
      }
      if (!isCodeOf(artifact, await provider.getCode(known.address))) {
        throw new DeployError(
          "CODE_WRONG",
          `The code at ${known.address} is not ${artifactName}.`,
          "check the node.",
          {
            name,
            address: known.address,
          },
        );
      }
      log(`  ${name} stands at ${known.address}`);
      return known.address;
    }
    const data = artifact.bytecode + artifact.iface.encodeDeploy([...args]).slice(2);
    const creates = { name, artifact: artifactName, codeHash: artifact.hash };
    const action = `create ${name} (${artifactName})`;
    if (wallets.get(config.deployer) === undefined) {
      throw new DeployError(
        "KEY_MISSING",
        `The key of the deployer ${config.deployer} is absent.`,
        "pass its key.",
        {
          deployer: config.deployer,
        },
      );
    }
    await performDrafts([{ step, action, from: config.deployer, to: null, data, creates }]);
    return addressOf(name);
  };

  const read = async (
    iface: Interface,
    to: string,
    name: string,
    args: readonly unknown[],
  ): Promise<unknown[]> => {
    const result = await provider.call({ to, data: iface.encodeFunctionData(name, [...args]) });
    return iface.decodeFunctionResult(name, result).toArray() as unknown[];
  };

  return {
    contextOf: (step) => ({
      config,
      provider,
      log,
      addressOf,
      ensureContract: (name, artifact, args) => ensureContract(step, name, artifact, args),
      perform: (acts) => performDrafts(acts.map((act) => ({ ...act, step }))),
      read,
      unchanged: (what) => log(`  nothing to do: ${what}`),
    }),
    settle,
    addresses,
    left,
    sent: () => sent,
  };
};
