import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { DeployError } from "./errors.ts";

/** One transaction of a deployment. It is written before the transaction is sent. */
export interface JournalEntry {
  /** File name of the step. */
  readonly step: string;
  /** What it does, for people. */
  readonly action: string;
  readonly from: string;
  readonly nonce: number;
  readonly hash: string;
  /** Created contract: its name in `addresses.json`, address, artifact and hash of the creation code. */
  readonly creates?: {
    readonly name: string;
    readonly address: string;
    readonly artifact: string;
    readonly codeHash: string;
  };
  readonly status: "signed" | "mined" | "reverted";
  readonly block?: number;
  readonly gas?: number;
}

/** What ran on a network. */
export interface Journal {
  readonly network: string;
  readonly chainId: string;
  /** Hash of block 0: tells two chains of one id apart. */
  readonly genesis: string;
  readonly entries: readonly JournalEntry[];
}

/** Addresses of a network, and the hashes of the creation code that made them. */
export type AddressBook = Readonly<
  Record<string, { readonly address: string; readonly artifact: string; readonly codeHash: string }>
>;

/** A network as the SDK's `createClient` takes it. */
export interface NetworkFile {
  readonly name: string;
  readonly chainId: number;
  readonly rpcUrls: readonly string[];
  readonly addresses: Readonly<
    Record<
      | "memberRegistry"
      | "prescriptionRegistry"
      | "standardsRegistry"
      | "recordRegistry"
      | "lotRegistry"
      | "consentRegistry"
      | "researchRegistry"
      | "accessManager",
      string
    >
  >;
  readonly verifiers: Readonly<Record<"p256" | "webAuthn", string>>;
  readonly deployedInBlock: number;
}

/** Where a deployment keeps its memory. */
export interface JournalStore {
  read: () => Journal | undefined;
  write: (journal: Journal) => void;
  /** Signed bytes of a transaction that may not have been mined yet. */
  readSigned: (hash: string) => string | undefined;
  writeSigned: (hash: string, raw: string) => void;
  dropSigned: (hash: string) => void;
  writeAddresses: (addresses: AddressBook) => void;
  writeNetwork: (network: NetworkFile) => void;
  /** Takes the lock and returns what gives it back. */
  lock: () => () => void;
}

/** For networks that live no longer than this process: tests. */
export const memoryStore = (): JournalStore => {
  let journal: Journal | undefined;
  const signed = new Map<string, string>();
  return {
    read: () => journal,
    write: (next) => void (journal = next),
    readSigned: (hash) => signed.get(hash),
    writeSigned: (hash, raw) => void signed.set(hash, raw),
    dropSigned: (hash) => void signed.delete(hash),
    writeAddresses: () => undefined,
    writeNetwork: () => undefined,
    lock: () => () => undefined,
  };
};

/** Whole or not at all, also when the machine dies: temporary file, flush, rename. */
const writeWhole = (path: string, text: string): void => {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, "w");
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

const takeLock = (path: string): void => {
  for (;;) {
    try {
      const file = openSync(path, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(readFileSync(path, "utf8"));
    if (owner > 0 && isRunning(owner)) {
      throw new DeployError(
        "DEPLOY_LOCKED",
        `Process ${owner} deploys to this network already.`,
        "wait until it ends; a lock of a dead process is taken over by itself.",
        { path, owner },
      );
    }
    rmSync(path, { force: true });
  }
};

const jsonOf = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** The folder `deployments/<network>`. Its `signed/` and `lock` stay out of git. */
export const fileStore = (folder: string): JournalStore => {
  const signedFolder = join(folder, "signed");
  const journalPath = join(folder, "journal.json");
  const lockPath = join(folder, "lock");
  const signedPath = (hash: string) => join(signedFolder, hash);
  return {
    read: () =>
      existsSync(journalPath) ? (JSON.parse(readFileSync(journalPath, "utf8")) as Journal) : undefined,
    write: (journal) => writeWhole(journalPath, jsonOf(journal)),
    readSigned: (hash) => (existsSync(signedPath(hash)) ? readFileSync(signedPath(hash), "utf8") : undefined),
    writeSigned: (hash, raw) => writeWhole(signedPath(hash), raw),
    dropSigned: (hash) => rmSync(signedPath(hash), { force: true }),
    writeAddresses: (addresses) => writeWhole(join(folder, "addresses.json"), jsonOf(addresses)),
    writeNetwork: (network) => writeWhole(join(folder, "network.json"), jsonOf(network)),
    lock: () => {
      mkdirSync(signedFolder, { recursive: true });
      takeLock(lockPath);
      return () => rmSync(lockPath, { force: true });
    },
  };
};
