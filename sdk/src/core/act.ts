import type {
  ConsentRegistryEvents,
  MemberRegistryEvents,
  PrescriptionRegistryEvents,
  LotRegistryEvents,
  RecordRegistryEvents,
  ResearchRegistryEvents,
  StandardsRegistryEvents,
} from "../abi/index.ts";
import type { Client } from "./client.ts";
import { decodeEvent } from "./codec.ts";
import type { ContractName } from "./contracts.ts";
import { sdkError } from "./errorCatalogue.ts";
import { inputError } from "./input.ts";
import type { RpcReceipt } from "./rpcTypes.ts";

/** What every action takes besides its own parameters. */
export interface SendParams {
  /**
   * Idempotency key of the act, for instance the order number of the calling system: the same key acts once, also when
   * the system crashes in between and calls again. A fresh one when absent. 1 to 200 characters; nothing about a
   * patient.
   */
  readonly key?: string | undefined;
}

/** Where an act stands on chain. */
export interface Acted {
  readonly transactionHash: string;
  readonly blockNumber: number;
  /** Gas of the whole transaction. */
  readonly gasUsed: bigint;
}

/** Events of the contracts that actions call. */
export interface EventsOf {
  readonly memberRegistry: MemberRegistryEvents;
  readonly prescriptionRegistry: PrescriptionRegistryEvents;
  readonly consentRegistry: ConsentRegistryEvents;
  readonly recordRegistry: RecordRegistryEvents;
  readonly lotRegistry: LotRegistryEvents;
  readonly standardsRegistry: StandardsRegistryEvents;
  readonly researchRegistry: ResearchRegistryEvents;
}

/** A call of an action. */
export interface Act {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly key?: string | undefined;
  /** What the key stands for, when the call data may differ between repetitions (signatures, random keys). */
  readonly intent?: string | undefined;
}

/** Longest idempotency key. */
const KEY_LONGEST = 200;

/** Send a call and resolve to the one event of that name in its receipt. */
export async function act<C extends keyof EventsOf, E extends keyof EventsOf[C] & string>(
  client: Client,
  contract: C,
  event: E,
  call: Act,
): Promise<EventsOf[C][E] & Acted> {
  return onlyEvent(client, contract, event, await submit(client, contract, call));
}

/** Send a call and resolve to all events of that name in its receipt. */
export async function actAll<C extends keyof EventsOf, E extends keyof EventsOf[C] & string>(
  client: Client,
  contract: C,
  event: E,
  call: Act,
): Promise<Acted & { events: EventsOf[C][E][] }> {
  const receipt = await submit(client, contract, call);
  return { ...actedOf(receipt), events: eventsOf(client, contract, event, receipt) };
}

/** Send a call and resolve to its receipt. */
export async function submit(
  client: Client,
  contract: ContractName,
  { name, args, key, intent }: Act,
): Promise<RpcReceipt> {
  return client.send(contract, name, args, { key: checkKey(key), intent });
}

/** The one event of a name in a receipt, and where it stands. */
export function onlyEvent<C extends keyof EventsOf, E extends keyof EventsOf[C] & string>(
  client: Client,
  contract: C,
  event: E,
  receipt: RpcReceipt,
): EventsOf[C][E] & Acted {
  const [first] = eventsOf(client, contract, event, receipt);
  const { transactionHash } = receipt;
  if (first === undefined) throw sdkError("EventMissing", { transactionHash, event });
  return { ...first, ...actedOf(receipt) };
}

/** All events of a name that a contract of the network left in a receipt. */
export function eventsOf<C extends keyof EventsOf, E extends keyof EventsOf[C] & string>(
  client: Client,
  contract: C,
  event: E,
  receipt: RpcReceipt,
): EventsOf[C][E][] {
  const address = client.network.addresses[contract].toLowerCase();
  return receipt.logs
    .filter((log) => log.address.toLowerCase() === address)
    .map((log) => decodeEvent(contract, log))
    .filter((decoded) => decoded?.event === event)
    .map((decoded) => decoded?.values as EventsOf[C][E]);
}

/** Where a receipt stands. */
export function actedOf(receipt: RpcReceipt): Acted {
  return {
    transactionHash: receipt.transactionHash,
    blockNumber: Number(receipt.blockNumber),
    gasUsed: BigInt(receipt.gasUsed),
  };
}

function checkKey(key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  const expected = `a text of 1 to ${KEY_LONGEST} characters that does not begin with auto: or filler:`;
  if (typeof key !== "string") throw inputError("key", "it is no text", expected);
  if (key.length === 0 || key.length > KEY_LONGEST || /^(auto|filler):/.test(key)) {
    throw inputError("key", "it is not allowed", expected);
  }
  return key;
}
