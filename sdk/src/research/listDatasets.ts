import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { datasetView, readDataset } from "./getDataset.ts";
import type { DatasetView } from "./types.ts";

/** Which datasets. */
export interface ListDatasetsParams {
  /** Member that registered them; everybody when absent. */
  readonly custodian?: number;
}

/**
 * The datasets of a custodian, or all, as they stand; retired ones too. In the order in which they were registered.
 *
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const open = (await listDatasets(client)).filter(({ retiredAt }) => retiredAt === 0);
 */
export async function listDatasets(client: Client, params: ListDatasetsParams = {}): Promise<DatasetView[]> {
  const { custodian } = checkObject("params", params);
  const indexed = custodian === undefined ? [] : [undefined, checkMember("custodian", custodian)];
  const contract = "researchRegistry";
  const registered = await getEvents(client, { contract, events: ["DatasetRegistered"], indexed });
  const amended = await getEvents(client, { contract, events: ["DatasetAmended"], indexed });
  const commitments = new Map(
    [...registered, ...amended].map(({ values }) => [
      String(values["dataset"]),
      String(values["commitment"]),
    ]),
  );
  const ids = registered.map(({ values }) => String(values["dataset"]));
  return Promise.all(
    ids.map(async (id) => datasetView(id, await readDataset(client, id), commitments.get(id) ?? "")),
  );
}
