/**
 * Documents through the vault: encrypted, stored and anchored by the SDK, beside what the machine does without it. Run by
 * `npm run bench` in a process of its own, for its memory is one of the figures; alone it prints the result as JSON.
 */
import { randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import {
  anchorRecord,
  anchorRecords,
  commitRecord,
  createClient,
  createRecordBatch,
  createSqliteJournal,
  draftRecord,
  generateStealthKeys,
  openRecordIndex,
  openVault,
  openVaultKeyring,
  openVaultStore,
  storeRecord,
  storeRecords,
  type Client,
  type Network,
  type RecordDraft,
  type RecordIndex,
  type StoreRecordParams,
  type Vault,
} from "@careledger/sdk";
import { Wallet, ZeroHash } from "ethers";

import {
  deploy,
  memoryStore,
  networkAddressesOf,
  readConfig,
  verifiersOf,
  type DeployConfig,
} from "../../deploy/index.ts";
import { seededKey } from "./chain.ts";
import { CHAIN, machine, providerOf, rawTransfers, startNode, timed, type Machine } from "./node.ts";

/** Documents anchored in batches, their length in bytes, and how many make a batch. */
const DOCUMENTS = 10_000;
const LENGTH = 1_024;
const BATCH = 1_000;
/** Documents anchored one by one, and transactions in flight. */
const SINGLES = 500;
const WINDOW = 200;
/** Documents that are prepared at the same time. */
const WIDTH = 50;
const PATIENTS = 100;
const MIB = 2 ** 20;

/** What the benchmark found, and where. */
export interface VaultFigures {
  readonly machine: Machine;
  readonly chain: string;
  readonly store: string;
  readonly documentBytes: number;
  /** Encrypted, stored and anchored in batches: documents a second, each durable and under a root on chain. */
  readonly batched: {
    readonly documents: number;
    readonly batch: number;
    readonly perSecond: number;
    /** Transactions for all of them. */
    readonly transactions: number;
    /** Where the seconds of the sealing process went. */
    readonly seconds: { readonly draft: number; readonly sealAndStore: number; readonly index: number };
  };
  /** The same with a transaction a document. */
  readonly single: {
    readonly documents: number;
    readonly window: number;
    readonly perSecond: number;
    /** Rate of plain transfers against it: 1 when the vault costs nothing beside the chain. */
    readonly share: number;
  };
  /** The same documents under AES-256-GCM alone, a fresh key and IV each, no store and no chain. */
  readonly bareAesPerSecond: number;
  /** Plain transfers with their receipts, on the same node. */
  readonly bareTransactionsPerSecond: number;
  /** Memory of the process: resident after the first tenth, in the middle, at the end, and its peak. */
  readonly memoryMiB: {
    readonly afterTenth: number;
    readonly afterHalf: number;
    readonly atEnd: number;
    readonly peak: number;
  };
}

const tell = (text: string): void => void process.stderr.write(`vault: ${text}\n`);
const rate = (count: number, seconds: number): number => Math.round((count / seconds) * 10) / 10;
const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
const residentMiB = (): number => Math.round(process.memoryUsage.rss() / MIB);

const documentOf = (): Uint8Array<ArrayBuffer> => randomFillSync(new Uint8Array(LENGTH));

const bareAes = async (): Promise<number> => {
  const seconds = await timed(DOCUMENTS, WIDTH, async () => {
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, documentOf());
  });
  return rate(DOCUMENTS, seconds);
};

/** The archive of a hospital: its client, its vault, its index. */
interface Archive {
  readonly client: Client;
  readonly vault: Vault;
  readonly index: RecordIndex;
  readonly custodian: number;
  readonly patients: readonly string[];
  readonly close: () => Promise<void>;
}

const openArchive = async (network: Network, config: DeployConfig, folder: string): Promise<Archive> => {
  const stMary = config.members.find(({ name }) => name === "stMary");
  const archivist = stMary?.operators.find(({ name }) => name === "stMaryArchive");
  const key = archivist === undefined ? undefined : config.developmentKeys.get(archivist.address);
  if (stMary === undefined || key === undefined) {
    throw new RangeError("deploy/config/embedded.json names no stMaryArchive at stMary");
  }
  const journal = createSqliteJournal(join(folder, "sends.db"));
  const client = createClient({ network, signer: new Wallet(key), journal, window: WINDOW });
  const store = openVaultStore(join(folder, "vault.db"));
  const keyring = openVaultKeyring(join(folder, "keys.db"), crypto.getRandomValues(new Uint8Array(32)));
  const place = { chainId: network.chainId, registry: network.addresses.recordRegistry };
  const vault = await openVault({ ...place, member: stMary.id, store, keyring });
  const index = openRecordIndex(join(folder, "index.db"));
  return {
    client,
    vault,
    index,
    custodian: stMary.id,
    patients: Array.from({ length: PATIENTS }, () => generateStealthKeys().metaAddress),
    close: async () => {
      client.close();
      journal.close();
      await Promise.all([store.close(), keyring.close(), index.close()]);
    },
  };
};

interface Prepared {
  readonly draft: RecordDraft;
  readonly params: StoreRecordParams;
}

const prepare = async (archive: Archive, number: number): Promise<Prepared> => {
  const { client, custodian, patients } = archive;
  const content = { mediaType: "application/octet-stream", content: documentOf() };
  const { commitment, salt } = commitRecord(content);
  const patient = patients[number % PATIENTS] ?? "";
  const draft = await draftRecord(client, { patient, custodian, commitment, category: "laboratory" });
  return { draft, params: { record: draft.id, ...content, salt } };
};

const subjectOf = (number: number): string => `0x${(number % PATIENTS).toString(16).padStart(64, "0")}`;

type Batched = VaultFigures["batched"];
type Memory = Omit<VaultFigures["memoryMiB"], "peak">;

/** One batch is anchored while the next is sealed; no more than that is held at a time. */
const batched = async (archive: Archive): Promise<{ figures: Batched; memory: Memory }> => {
  const spent = { draft: 0, sealAndStore: 0, index: 0 };
  const clock = async <T>(what: keyof typeof spent, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    spent[what] += (performance.now() - began) / 1_000;
    return result;
  };
  const resident: number[] = [];
  let anchoring: Promise<unknown> = Promise.resolve();
  const began = performance.now();
  const secondsSince = (): number => (performance.now() - began) / 1_000;
  for (let done = 0; done < DOCUMENTS; done += BATCH) {
    const part: Prepared[] = new Array<Prepared>(BATCH);
    await clock("draft", () =>
      timed(BATCH, WIDTH, async (at) => void (part[at] = await prepare(archive, done + at))),
    );
    await clock("sealAndStore", () =>
      storeRecords(
        archive.vault,
        part.map(({ params }) => params),
      ),
    );
    await anchoring;
    const drafts = part.map(({ draft }) => draft);
    const batch = createRecordBatch(archive.client.network, drafts);
    await clock("index", () =>
      archive.index.put(
        drafts.map(({ id: record, record: terms }, at) => ({
          record,
          subject: subjectOf(done + at),
          terms,
          origin: batch.originOf(at),
        })),
      ),
    );
    anchoring = anchorRecords(archive.client, batch);
    anchoring.catch(() => undefined);
    resident.push(residentMiB());
    tell(`${done + BATCH} documents, ${resident.at(-1)} MiB resident`);
  }
  await anchoring;
  const seconds = secondsSince();
  const documents = resident.length * BATCH;
  return {
    figures: {
      documents,
      batch: BATCH,
      perSecond: rate(documents, seconds),
      transactions: resident.length,
      seconds: {
        draft: rounded(spent.draft),
        sealAndStore: rounded(spent.sealAndStore),
        index: rounded(spent.index),
      },
    },
    memory: {
      afterTenth: resident[0] ?? 0,
      afterHalf: resident[Math.ceil(resident.length / 2) - 1] ?? 0,
      atEnd: resident.at(-1) ?? 0,
    },
  };
};

const single = async (archive: Archive): Promise<number> =>
  timed(SINGLES, WINDOW, async (number) => {
    const { draft, params } = await prepare(archive, number);
    await storeRecord(archive.vault, params);
    const origin = { root: ZeroHash, proof: [] };
    const entry = { record: draft.id, subject: subjectOf(number), terms: draft.record, origin };
    await archive.index.put([entry]);
    await anchorRecord(archive.client, draft);
  });

const measure = async (): Promise<VaultFigures> => {
  const config = readConfig(fileURLToPath(new URL("../../deploy/config/embedded.json", import.meta.url)));
  const folder = mkdtempSync(join(tmpdir(), "careledger-bench-"));
  const { url, process: node } = await startNode();
  const provider = providerOf(url, config.chainId);
  try {
    tell("bare AES-256-GCM");
    const bareAesPerSecond = await bareAes();
    const { addresses } = await deploy({ config, provider, store: memoryStore() });
    tell(`${SINGLES} plain transfers`);
    const transfers = await rawTransfers(provider, seededKey("transfers"), SINGLES, WINDOW);
    const network: Network = {
      name: "bench",
      chainId: Number(config.chainId),
      rpcUrls: [url],
      addresses: networkAddressesOf(addresses),
      verifiers: verifiersOf(addresses),
      deployedInBlock: 1,
    };
    const archive = await openArchive(network, config, folder);
    try {
      const { figures, memory } = await batched(archive);
      tell(`${SINGLES} documents one by one`);
      const singles = await single(archive);
      return {
        machine: machine(),
        chain: CHAIN,
        store: "SQLite, each transaction on disk before it is acknowledged",
        documentBytes: LENGTH,
        batched: figures,
        single: {
          documents: SINGLES,
          window: WINDOW,
          perSecond: rate(SINGLES, singles),
          share: Math.round((transfers / singles) * 100) / 100,
        },
        bareAesPerSecond,
        bareTransactionsPerSecond: rate(SINGLES, transfers),
        // Kilobytes on Linux (getrusage).
        memoryMiB: { ...memory, peak: Math.round(process.resourceUsage().maxRSS / 1_024) },
      };
    } finally {
      await archive.close();
    }
  } finally {
    provider.destroy();
    node.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};

console.log(JSON.stringify(await measure()));
