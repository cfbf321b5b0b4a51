import type { DatasetRegisteredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { type DataUse, dataUseOf, readDataUse } from "./dataUse.ts";
import { checkDatasetName } from "./ids.ts";
import type { DataUseInput, DatasetName } from "./types.ts";

/** What registerDataset needs. */
export interface RegisterDatasetParams extends DatasetName, DataUseInput, SendParams {}

/** What was registered. */
export interface DatasetRegistered extends Omit<DatasetRegisteredEvent, "terms">, DataUse, Acted {}

/**
 * Register a dataset with the research that it allows: at most what the narrowest consent among those whose data it holds
 * allows, see {@link datasetAllowsSubject}. Caller: an ANCHOR_RECORD or CUSTODY operator of `custodian`.
 *
 * @throws `InputInvalid`, `DatasetAlreadyRegistered`, `DutyNotHeld`, the faults of research terms, and what sending can meet.
 * @example
 * const { dataset } = await registerDataset(client, {
 *   custodian: 7,
 *   commitment,
 *   terms: ["DUO:0000006", "DUO:0000025", "DUO:0000046"],
 *   parameters: { months: 24 },
 * });
 */
export async function registerDataset(
  client: Client,
  params: RegisterDatasetParams,
): Promise<DatasetRegistered> {
  const name = checkDatasetName(params);
  const args = [name, dataUseOf(params.terms, params.parameters)];
  const { terms, ...event } = await act(client, "researchRegistry", "DatasetRegistered", {
    name: "registerDataset",
    args,
    key: params.key,
  });
  return { ...event, ...readDataUse(terms) };
}
