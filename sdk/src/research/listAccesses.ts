import type { AccessPermittedEvent } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { accessView } from "./getAccess.ts";
import type { AccessView } from "./types.ts";

/** Which accesses. */
export interface ListAccessesParams {
  /** Dataset that was asked for; any when absent. */
  readonly dataset?: string;
  /** Member that asked; any when absent. */
  readonly member?: number;
  /** First block; the deployment's when absent. */
  readonly fromBlock?: number;
  /** Last block; the head when absent. */
  readonly toBlock?: number;
}

/**
 * The accesses to a dataset, or of a member, as they stand; ended ones too. In the order of the chain.
 *
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const running = (await listAccesses(client, { dataset })).filter(({ permitted }) => permitted);
 */
export async function listAccesses(client: Client, params: ListAccessesParams = {}): Promise<AccessView[]> {
  const { dataset, member, ...range } = checkObject("params", params);
  const events = await getEvents(client, {
    contract: "researchRegistry",
    events: ["AccessPermitted"],
    indexed: [
      undefined,
      dataset === undefined ? undefined : checkBytes32("dataset", dataset, false),
      member === undefined ? undefined : checkMember("member", member),
    ],
    ...range,
  });
  return Promise.all(
    events.map(({ values }) => accessView(client, values as unknown as AccessPermittedEvent)),
  );
}
