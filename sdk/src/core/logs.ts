import { isCareLedgerError } from "./errors.ts";
import { sdkError } from "./errorCatalogue.ts";
import type { Client } from "./client.ts";
import { type DecodedEvent, decodeEvent } from "./codec.ts";
import { type ContractName, interfaces } from "./contracts.ts";
import { checkNumber, inputError } from "./input.ts";
import type { Log } from "./rpcTypes.ts";

/** Most blocks in one query; Besu's own default is 5,000 (`--rpc-max-logs-range`). */
export const LOG_RANGE = 5_000;

/** Which logs to get. */
export interface LogQuery {
  /** Contract whose logs are wanted. */
  readonly contract: ContractName;
  /** Names of the events, any of them; all of the contract's when absent. */
  readonly events?: readonly string[];
  /**
   * Values of the indexed parameters in their order, `undefined` for any; with a single event, or with all of a contract's.
   * Numbers, bigints and hexadecimal are taken.
   */
  readonly indexed?: readonly (string | number | bigint | undefined)[];
  /** First block; the deployment's when absent. */
  readonly fromBlock?: number;
  /** Last block; the head when absent. Blocks beyond the head are left out. */
  readonly toBlock?: number;
}

/**
 * Get decoded events in the order of the chain: at most 5,000 blocks a query, fewer where the node finds that too much,
 * never beyond its head.
 *
 * @throws `InputInvalid`, `LogRangeUnsearchable` when the node does not even give the logs of a single block.
 * @example
 * const admitted = await getEvents(client, { contract: "memberRegistry", events: ["MemberAdmitted"] });
 */
export async function getEvents(client: Client, query: LogQuery): Promise<DecodedEvent[]> {
  const events: DecodedEvent[] = [];
  await eachChunk(client, query, (chunk) => {
    events.push(...chunk);
    return Promise.resolve();
  });
  return events;
}

/** The same in pieces, each with the last block that it covers; for ranges that are too long for memory. */
export async function eachChunk(
  client: Client,
  query: LogQuery,
  handle: (events: DecodedEvent[], throughBlock: number) => Promise<void>,
): Promise<void> {
  if (query.fromBlock !== undefined) checkNumber("fromBlock", query.fromBlock, 32);
  if (query.toBlock !== undefined) checkNumber("toBlock", query.toBlock, 32);
  const filter = filterOf(client, query);
  const head = await headOf(client);
  const last = Math.min(query.toBlock ?? head, head);
  let from = query.fromBlock ?? client.network.deployedInBlock;
  let range = LOG_RANGE;
  while (from <= last) {
    const to = Math.min(from + range - 1, last);
    let logs: Log[];
    try {
      logs = await queryLogs(client, filter, from, to);
    } catch (error) {
      const problem = tooMuch(error);
      if (problem === undefined) throw error;
      if (from === to) throw sdkError("LogRangeUnsearchable", { block: from, problem }, error);
      range = Math.max(1, Math.floor((to - from + 1) / 2));
      continue;
    }
    await handle(
      logs.map((log) => decodeEvent(query.contract, log)).filter((event) => event !== undefined),
      to,
    );
    from = to + 1;
    range = Math.min(LOG_RANGE, range * 2);
  }
}

/** Number of the newest block. */
export async function headOf(client: Client): Promise<number> {
  return quantity("eth_blockNumber", await client.rpc.request("eth_blockNumber", []));
}

/** A JSON-RPC quantity as a number. */
export function quantity(method: string, value: unknown): number {
  if (typeof value === "string" && /^0x[0-9a-f]+$/i.test(value)) return Number(value);
  throw sdkError("RpcResponseInvalid", { method, problem: "no quantity" });
}

/** Why a node may have found a range too much; undefined for any other fault. */
function tooMuch(error: unknown): string | undefined {
  if (!isCareLedgerError(error, "RpcRefused", "RpcUnavailable")) return undefined;
  const problem = String(error.values["problem"]);
  return error.code === "RpcRefused" || /timeout|HTTP (413|5)/.test(problem) ? problem : undefined;
}

interface Filter {
  readonly address: string;
  readonly topics: readonly (string | readonly string[] | null)[];
}

function filterOf(client: Client, query: LogQuery): Filter {
  const abi = interfaces[query.contract];
  const topic = (name: string): string => {
    const fragment = abi.getEvent(name);
    if (fragment === null)
      throw inputError("events", "it names an unknown event", `events of ${query.contract}`);
    return fragment.topicHash;
  };
  const first = query.events === undefined ? null : query.events.map(topic);
  const rest = (query.indexed ?? []).map((value) => (value === undefined ? null : word(value)));
  if (rest.length > 0 && first !== null && first.length !== 1) {
    throw inputError(
      "indexed",
      "there are several events",
      "indexed values with one event, or with all of a contract's",
    );
  }
  return { address: client.network.addresses[query.contract], topics: [first, ...rest] };
}

function word(value: string | number | bigint): string {
  return `0x${BigInt(value).toString(16).padStart(64, "0")}`;
}

async function queryLogs(client: Client, filter: Filter, from: number, to: number): Promise<Log[]> {
  const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` };
  const logs = await client.rpc.request("eth_getLogs", [{ ...filter, ...range }], { alone: true });
  if (!Array.isArray(logs))
    throw sdkError("RpcResponseInvalid", { method: "eth_getLogs", problem: "no list" });
  return (logs as Log[]).sort(
    (a, b) => Number(a.blockNumber) - Number(b.blockNumber) || Number(a.logIndex) - Number(b.logIndex),
  );
}
