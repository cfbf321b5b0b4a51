import type { MemberEncryptionKeyPublishedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes, checkMember, checkObject } from "../core/input.ts";

/** Most bytes that a member publishes at once. */
export const PUBLICATION_LONGEST = 256;

/** What publishEncryptionKey needs. */
export interface PublishEncryptionKeyParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** Serialised HPKE public key (RFC 9180, DHKEM(P-256, HKDF-SHA256): 65 bytes) in hexadecimal; at most 256 bytes. */
  readonly encryptionKey: string;
}

/**
 * Publish or rotate the key to which documents for this member are encrypted. Caller: the member's admin.
 *
 * @throws `InputInvalid`, `MemberAdminOnly`, `MemberNotActive`, and what sending can meet.
 * @example
 * await publishEncryptionKey(client, { member: 7, encryptionKey: "0x04…" });
 */
export async function publishEncryptionKey(
  client: Client,
  params: PublishEncryptionKeyParams,
): Promise<MemberEncryptionKeyPublishedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("member", params.member),
    checkBytes("encryptionKey", params.encryptionKey, PUBLICATION_LONGEST, 1),
  ];
  return act(client, "memberRegistry", "MemberEncryptionKeyPublished", {
    name: "publishEncryptionKey",
    args,
    key: params.key,
  });
}
