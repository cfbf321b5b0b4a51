import { getBytes } from "ethers";

import type { MemberEncryptionKeyPublishedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes, checkMember, checkObject, inputError } from "../core/input.ts";
import { importEncryptionKey } from "../documents/keys.ts";

/** Most bytes that a member publishes at once. */
export const PUBLICATION_LONGEST = 256;

/** What publishEncryptionKey needs. */
export interface PublishEncryptionKeyParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /**
   * The `publicKey` of `generateEncryptionKeys` in hexadecimal, 71 bytes: RFC 9180's identifiers of KEM, KDF and AEAD
   * (0x0010, 0x0001, 0x0002), then the uncompressed P-256 point.
   */
  readonly encryptionKey: string;
}

/**
 * Publish or rotate the key to which documents for this member are encrypted. Caller: the member's admin.
 *
 * @throws `InputInvalid` (also when holders could seal nothing to the key: another suite, or a point that is not on the
 * curve), `MemberAdminOnly`, `MemberNotActive`, and what sending can meet.
 * @example
 * const { publicKey, privateKey } = await generateEncryptionKeys();
 * await publishEncryptionKey(client, { member: 7, encryptionKey: hexlify(publicKey) });
 * @see https://www.rfc-editor.org/rfc/rfc9180#section-7
 */
export async function publishEncryptionKey(
  client: Client,
  params: PublishEncryptionKeyParams,
): Promise<MemberEncryptionKeyPublishedEvent & Acted> {
  checkObject("params", params);
  const member = checkMember("member", params.member);
  const encryptionKey = checkBytes("encryptionKey", params.encryptionKey, PUBLICATION_LONGEST, 1);
  await requireUsable(encryptionKey);
  return act(client, "memberRegistry", "MemberEncryptionKeyPublished", {
    name: "publishEncryptionKey",
    args: [member, encryptionKey],
    key: params.key,
  });
}

async function requireUsable(encryptionKey: string): Promise<void> {
  await importEncryptionKey(getBytes(encryptionKey)).catch(() => {
    throw inputError(
      "encryptionKey",
      "it is no key to which this SDK can seal",
      "71 bytes in hexadecimal, the publicKey of generateEncryptionKeys",
    );
  });
}
