import type { Client } from "../core/client.ts";
import { checkBytes32, checkNumber, checkObject } from "../core/input.ts";
import type { DispenseRecord } from "./types.ts";

/**
 * The record of a dispense, or of the closing of a fill; undefined when there is none.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const record = await getDispense(client, { prescription: id, ordinal: 1 });
 */
export async function getDispense(
  client: Client,
  params: { readonly prescription: string; readonly ordinal: number },
): Promise<DispenseRecord | undefined> {
  const { prescription, ordinal } = checkObject("params", params);
  const id = checkBytes32("prescription", prescription, false);
  const args = [id, checkNumber("ordinal", ordinal, 8, 1)];
  const { 0: found } = await client.read("prescriptionRegistry", "dispenseOf", args);
  const record = found as Omit<DispenseRecord, "prescription" | "ordinal">;
  return record.recordedAt === 0 ? undefined : { prescription: id, ordinal, ...record };
}
