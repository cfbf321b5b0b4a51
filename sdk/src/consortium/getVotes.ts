import type { Client } from "../core/client.ts";
import { checkNumber, checkObject, checkTime } from "../core/input.ts";

/**
 * Votes at a past second: of one controlling group (1 while it has an active member, else 0), or of all when no group is
 * named.
 *
 * @throws `InputInvalid`, `VotesNotYetKnown`, `RpcUnavailable`
 * @example
 * const total = await getVotes(client, { timepoint: 1_700_000_000 });
 */
export async function getVotes(
  client: Client,
  params: { readonly group?: number; readonly timepoint: number },
): Promise<bigint> {
  const { group, timepoint } = checkObject("params", params);
  const at = checkTime("timepoint", timepoint);
  const { 0: votes } =
    group === undefined
      ? await client.read("memberRegistry", "getPastTotalVotes", [at])
      : await client.read("memberRegistry", "getPastGroupVotes", [checkNumber("group", group, 32, 1), at]);
  return votes as bigint;
}
