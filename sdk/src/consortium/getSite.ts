import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";
import type { Site } from "./types.ts";

/**
 * A site of a member as it stands; of GLN `0000000000000` when there is none.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { gln, open } = await getSite(client, { member: 7, site: 1 });
 */
export async function getSite(
  client: Client,
  params: { readonly member: number; readonly site: number },
): Promise<Site> {
  const { member, site } = checkObject("params", params);
  const args = [checkMember("member", member), checkNumber("site", site, 16, 1)];
  const { 0: found } = await client.read("memberRegistry", "siteOf", args);
  const { gln, open } = found as { gln: bigint; open: boolean };
  return { member, site, gln: gln.toString().padStart(13, "0"), open };
}
