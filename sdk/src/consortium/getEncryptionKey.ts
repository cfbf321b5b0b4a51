import type { Client } from "../core/client.ts";
import { type Publication, encryptionKeyKind, readPublication } from "./publications.ts";

/**
 * The key to which documents for a member are encrypted: from the block that published it, checked against the hash on
 * chain. A closed member's successor answers for it.
 *
 * @returns `value`: suite and point of the HPKE public key in hexadecimal, as `publishEncryptionKey` took it.
 * @throws `InputInvalid`, `MemberUnknown`, `PublicationMissing`, `PublicationMismatch`, `RpcUnavailable`
 * @example
 * const { value: encryptionKey } = await getEncryptionKey(client, 7);
 */
export async function getEncryptionKey(client: Client, member: number): Promise<Publication> {
  return readPublication(client, member, encryptionKeyKind);
}
