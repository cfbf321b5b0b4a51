/** What the information systems of a hospital and of a pharmacy have in common. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import {
  type Client,
  type FhirReading,
  FhirError,
  type Network,
  blockTime,
  createClient,
  createSqliteJournal,
  headOf,
} from "@careledger/sdk";
import { Wallet } from "ethers";

/** Where the examples' dates begin and end: they were written in the Netherlands. */
export const reading: FhirReading = { timeZone: "Europe/Amsterdam" };

/** Folders of examples: HL7's own, unchanged, and those that CareLedger derived from them. */
export type ExampleFolder = "fhir-r4" | "derived";

/** What a member's process starts with: its own name, its own keys, and what everybody knows of the network. */
export interface Opening {
  readonly network: Network;
  readonly member: { readonly id: number; readonly name: string };
  /** Private keys of the member's own people and systems, by the names of deploy/config/embedded.json. */
  readonly keys: Readonly<Record<string, string>>;
  /** Where it keeps its files while the story runs. */
  readonly folder: string;
}

/** An act as the table shows it. */
export interface Done {
  readonly gas: bigint;
}

/** Why a FHIR resource was not taken: one row for each problem. */
export interface Refusal {
  readonly resource: string;
  readonly element: string;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** A member's own people and systems, and its way to the chain. */
export interface MemberSystem extends Opening {
  readonly wallet: (name: string) => Wallet;
  /** The client of one of them; the same one each time. */
  readonly as: (name: string) => Client;
  readonly close: () => void;
}

/** New blocks are asked for so often, milliseconds. */
const POLL = 100;

/** Opens a member's system. */
export const openSystem = (opening: Opening): MemberSystem => {
  const clients = new Map<string, Client>();
  const { network, keys, folder } = opening;
  const journal = createSqliteJournal(join(folder, "sends.db"));
  const wallet = (name: string): Wallet => new Wallet(keys[name] ?? missing(`key of ${name}`));
  return {
    ...opening,
    wallet,
    as: (name) => {
      const known = clients.get(name);
      if (known !== undefined) return known;
      const client = createClient({ network, signer: wallet(name), journal, pollMs: POLL });
      clients.set(name, client);
      return client;
    },
    close: () => {
      for (const client of clients.values()) client.close();
      journal.close();
      clients.clear();
    },
  };
};

/** Says that something that must be there is not: a defect of the story. */
export const missing = (what: string): never => {
  throw new RangeError(`the story has no ${what}`);
};

/** Time of the newest block, unix seconds. What is signed for the chain goes by the chain's clock. */
export const chainNow = async (client: Client): Promise<number> =>
  (await blockTime(client, await headOf(client))).timestamp;

/** Last second of a signature made now. */
export const deadlineOf = async (client: Client): Promise<number> => (await chainNow(client)) + 3_600;

const EXAMPLES = new URL("../../examples/", import.meta.url);

/** Ids of the examples of a kind, in order. */
export const exampleIds = (folder: ExampleFolder, kind: string): string[] =>
  readdirSync(new URL(`${folder}/`, EXAMPLES))
    .filter((name) => name.startsWith(`${kind}-`) && name.endsWith(".json"))
    .map((name) => name.slice(kind.length + 1, -".json".length))
    .sort();

/** An example as parsed JSON; nothing is presumed of it. */
export const readExample = (folder: ExampleFolder, kind: string, id: string): unknown =>
  JSON.parse(readFileSync(new URL(`${folder}/${kind}-${id}.json`, EXAMPLES), "utf8"));

/** The refusals of a resource, or what came of it. */
export const orRefusals = <T>(resource: string, work: () => T): T | Refusal[] => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    return error.problems.map((problem) => ({ resource, ...problem }));
  }
};
