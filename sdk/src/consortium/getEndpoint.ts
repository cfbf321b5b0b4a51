import type { Client } from "../core/client.ts";
import { type Publication, endpointKind, readPublication } from "./publications.ts";

/**
 * The address of a member's custodian service: from the block that published it, checked against the hash on chain. A
 * closed member's successor answers for it.
 *
 * @returns `value`: the address.
 * @throws `InputInvalid`, `MemberUnknown`, `PublicationMissing`, `PublicationMismatch`, `RpcUnavailable`
 * @example
 * const { value: endpoint } = await getEndpoint(client, 7);
 */
export async function getEndpoint(client: Client, member: number): Promise<Publication> {
  return readPublication(client, member, endpointKind);
}
