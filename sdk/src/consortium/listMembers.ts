import type { Client } from "../core/client.ts";
import { getEvents } from "../core/logs.ts";
import { getMember } from "./getMember.ts";
import type { Member } from "./types.ts";

/**
 * All members that were ever admitted, as they stand now, by id; found through their events.
 *
 * @throws `RpcUnavailable`, `LogRangeUnsearchable`
 * @example
 * const active = (await listMembers(client)).filter(({ status }) => status === "Active");
 */
export async function listMembers(client: Client): Promise<Member[]> {
  const admitted = await getEvents(client, { contract: "memberRegistry", events: ["MemberAdmitted"] });
  const ids = [...new Set(admitted.map(({ values }) => values["member"] as number))].sort((a, b) => a - b);
  return Promise.all(ids.map((member) => getMember(client, member)));
}
