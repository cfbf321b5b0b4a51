import type { Client } from "../core/client.ts";
import { checkGln } from "../core/input.ts";
import type { Site } from "./types.ts";

/**
 * The open site that has a Global Location Number; undefined when none has.
 *
 * @param gln 13 digits, as text or bigint.
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const site = await getSiteByGln(client, "9521234000013");
 */
export async function getSiteByGln(client: Client, gln: bigint | string): Promise<Site | undefined> {
  const number = checkGln("gln", gln);
  const { member, site } = await client.read("memberRegistry", "siteOfGln", [number]);
  if (member === 0) return undefined;
  return {
    member: member as number,
    site: site as number,
    gln: number.toString().padStart(13, "0"),
    open: true,
  };
}
