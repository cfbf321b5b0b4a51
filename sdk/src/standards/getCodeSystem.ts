import type { Client } from "../core/client.ts";
import { checkNumber } from "../core/input.ts";
import type { CodeSystem } from "./types.ts";

/**
 * A version of a code system by its number; undefined while the number is free. The chain holds hashes of URL and version:
 * {@link listCodeSystems} has the texts.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const codeSystem = await getCodeSystem(client, 1);
 */
export async function getCodeSystem(client: Client, number: number): Promise<CodeSystem | undefined> {
  const args = [checkNumber("number", number, 16, 1)];
  const { 0: found } = await client.read("standardsRegistry", "codeSystemOf", args);
  const codeSystem = found as Omit<CodeSystem, "number">;
  return codeSystem.registeredAt === 0 ? undefined : { number, ...codeSystem };
}
