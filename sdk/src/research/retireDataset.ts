import type { DatasetRetiredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject } from "../core/input.ts";

/** What retireDataset needs. */
export interface RetireDatasetParams extends SendParams {
  /** Id of the dataset. */
  readonly dataset: string;
  /** Its custodian, or the successor of a closed one. */
  readonly member: number;
}

/**
 * Take a dataset out of use, for good: every access to it ends in this block. Caller: an ANCHOR_RECORD or CUSTODY operator of
 * `member`.
 *
 * @throws `InputInvalid`, `DatasetUnknown`, `DatasetIsRetired`, `DatasetOfOther`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await retireDataset(client, { dataset, member: 7 });
 */
export async function retireDataset(
  client: Client,
  params: RetireDatasetParams,
): Promise<DatasetRetiredEvent & Acted> {
  checkObject("params", params);
  const args = [checkBytes32("dataset", params.dataset, false), checkMember("member", params.member)];
  return act(client, "researchRegistry", "DatasetRetired", { name: "retireDataset", args, key: params.key });
}
