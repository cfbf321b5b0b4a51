import type { Client } from "../core/client.ts";
import { findBlockAt } from "../core/blocks.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { isCareLedgerError } from "../core/errors.ts";
import { checkBytes32 } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { readDataUse } from "./dataUse.ts";
import { researchError } from "./errors.ts";
import type { DatasetView } from "./types.ts";

/** What the chain keeps of a dataset. */
export type DatasetState = Omit<DatasetView, "dataset" | "commitment" | "terms" | "parameters"> & {
  readonly terms: bigint;
};

/**
 * A dataset by its id, as it stands.
 *
 * @throws `InputInvalid`, `DatasetNotFound`, `ResearchEventMissing` when the node lacks old logs, `RpcUnavailable`
 * @example
 * const { terms, parameters, version, commitment } = await getDataset(client, dataset);
 */
export async function getDataset(client: Client, dataset: string): Promise<DatasetView> {
  const id = checkBytes32("dataset", dataset, false);
  const state = await readDataset(client, id);
  if (state.registeredAt === 0) throw researchError("DatasetNotFound", { dataset: id });
  const event = state.version === 1 ? "DatasetRegistered" : "DatasetAmended";
  const found = await findEvents(client, event, id, state.amendedAt);
  const last = found.findLast(({ values }) => (values["version"] ?? 1) === state.version);
  if (last === undefined) throw researchError("ResearchEventMissing", { id });
  return datasetView(id, state, String(last.values["commitment"]));
}

/** What the chain keeps of a dataset; all zero when it is unknown. */
export async function readDataset(client: Client, id: string): Promise<DatasetState> {
  const { 0: found } = await client.read("researchRegistry", "datasetOf", [id]);
  return found as DatasetState;
}

/** A dataset's state with its terms in words. */
export function datasetView(dataset: string, state: DatasetState, commitment: string): DatasetView {
  return { dataset, ...state, ...readDataUse(state.terms), commitment };
}

/** The events of an id: in the block of their time, or wherever they are. */
export async function findEvents(
  client: Client,
  event: "DatasetRegistered" | "DatasetAmended" | "AccessPermitted",
  id: string,
  timestamp: number,
): Promise<DecodedEvent[]> {
  const query = { contract: "researchRegistry", events: [event], indexed: [id] } as const;
  try {
    const { number } = await findBlockAt(client, timestamp);
    const found = await getEvents(client, { ...query, fromBlock: number, toBlock: number });
    if (found.length > 0) return found;
  } catch (error) {
    if (!isCareLedgerError(error, "BlockUnknown")) throw error;
  }
  // A block of exactly that time may have a twin where times repeat, as on test chains.
  return getEvents(client, query);
}
