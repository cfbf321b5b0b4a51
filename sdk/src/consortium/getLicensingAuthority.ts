import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { checkMember } from "../core/input.ts";

/** What an authority may license, and who administers its licences after it. */
export interface LicensingAuthority {
  readonly authority: number;
  /** Professional duties that it may license; empty for none. */
  readonly duties: readonly Duty[];
  /** Member that may revoke and renew its licences, 0 for none. */
  readonly successor: number;
}

/**
 * What an authority may license, and its successor.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { duties } = await getLicensingAuthority(client, 1);
 */
export async function getLicensingAuthority(client: Client, authority: number): Promise<LicensingAuthority> {
  const args = [checkMember("authority", authority)];
  const { duties, successor } = await client.read("memberRegistry", "licensingAuthorityOf", args);
  return { authority, duties: duties as readonly Duty[], successor: successor as number };
}
