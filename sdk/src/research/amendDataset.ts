import type { DatasetAmendedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkNumber, checkObject } from "../core/input.ts";
import { type DataUse, dataUseOf, readDataUse } from "./dataUse.ts";
import type { DataUseInput } from "./types.ts";

/** What amendDataset needs. */
export interface AmendDatasetParams extends DataUseInput, SendParams {
  /** Id of the dataset. */
  readonly dataset: string;
  /** Its custodian, or the successor of a closed one. */
  readonly member: number;
  /** The version that stands, which is amended. */
  readonly version: number;
  /** To the description of the new version: a new one or the same. */
  readonly commitment: string;
}

/** What was amended, with the terms before. */
export interface DatasetAmended extends Omit<DatasetAmendedEvent, "terms" | "before">, DataUse, Acted {
  readonly before: DataUse;
}

/**
 * Put new terms or a new description in the place of a dataset's: accesses that run are judged by them from this block on.
 * Caller: an ANCHOR_RECORD or CUSTODY operator of `member`.
 *
 * @throws `InputInvalid`, `DatasetUnknown`, `DatasetIsRetired`, `DatasetOfOther`, `DatasetVersionStale`, `DutyNotHeld`, the
 * faults of research terms, and what sending can meet.
 * @example
 * await amendDataset(client, { dataset, member: 7, version: 1, terms: ["DUO:0000006", "DUO:0000021"], commitment });
 */
export async function amendDataset(client: Client, params: AmendDatasetParams): Promise<DatasetAmended> {
  checkObject("params", params);
  const args = [
    checkBytes32("dataset", params.dataset, false),
    checkMember("member", params.member),
    checkNumber("version", params.version, 32, 1),
    dataUseOf(params.terms, params.parameters),
    checkBytes32("commitment", params.commitment, false),
  ];
  const { terms, before, ...event } = await act(client, "researchRegistry", "DatasetAmended", {
    name: "amendDataset",
    args,
    key: params.key,
  });
  return { ...event, before: readDataUse(before), ...readDataUse(terms) };
}
