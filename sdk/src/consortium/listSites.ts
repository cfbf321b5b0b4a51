import type { Client } from "../core/client.ts";
import { getMember } from "./getMember.ts";
import { getSite } from "./getSite.ts";
import type { Site } from "./types.ts";

/**
 * All sites of a member, closed ones too, by number.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const open = (await listSites(client, 7)).filter((site) => site.open);
 */
export async function listSites(client: Client, member: number): Promise<Site[]> {
  const { sites } = await getMember(client, member);
  return Promise.all(
    Array.from({ length: sites }, (_, index) => getSite(client, { member, site: index + 1 })),
  );
}
