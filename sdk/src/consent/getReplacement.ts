import { ZeroAddress } from "ethers";

import type { Client } from "../core/client.ts";
import { checkSubject } from "./input.ts";
import type { KeyReplacementState } from "./types.ts";

/**
 * The key that is proposed in place of a subject's; undefined when none is.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const replacement = await getReplacement(client, subject);
 */
export async function getReplacement(
  client: Client,
  subject: string,
): Promise<KeyReplacementState | undefined> {
  const args = [checkSubject("subject", subject)];
  const { 0: found } = await client.read("consentRegistry", "replacementOf", args);
  const replacement = found as KeyReplacementState;
  return replacement.key === ZeroAddress ? undefined : replacement;
}
