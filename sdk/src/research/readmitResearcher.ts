import type { ResearcherReadmittedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject } from "../core/input.ts";

/** What readmitResearcher needs. */
export interface ReadmitResearcherParams extends SendParams {
  /** Id of the dataset. */
  readonly dataset: string;
  /** Its custodian, or the successor of a closed one. */
  readonly custodian: number;
  /** Member to let ask again. */
  readonly member: number;
}

/**
 * Let a member ask for a dataset again, after a withdrawal kept it from that. Caller: an ANCHOR_RECORD or CUSTODY operator of
 * `custodian`.
 *
 * @throws `InputInvalid`, `ResearcherNotBarred`, `DatasetUnknown`, `DatasetOfOther`, `DutyNotHeld`, and what sending can meet.
 * @example
 * await readmitResearcher(client, { dataset, custodian: 7, member: 9 });
 */
export async function readmitResearcher(
  client: Client,
  params: ReadmitResearcherParams,
): Promise<ResearcherReadmittedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkBytes32("dataset", params.dataset, false),
    checkMember("custodian", params.custodian),
    checkMember("member", params.member),
  ];
  return act(client, "researchRegistry", "ResearcherReadmitted", {
    name: "readmitResearcher",
    args,
    key: params.key,
  });
}
