import type { StorageClass } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject, checkOperator } from "../core/input.ts";
import type { WatchView } from "./types.ts";

/**
 * What a device watches; `Unmonitored` when nothing.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { site, storageClass } = await getWatch(client, { member: 8, device });
 */
export async function getWatch(
  client: Client,
  params: { readonly member: number; readonly device: string },
): Promise<WatchView> {
  const { member, device } = checkObject("params", params);
  const args = [checkMember("member", member), checkOperator("device", device)];
  const { 0: watch } = await client.read("lotRegistry", "watchOf", args);
  const { storage_, ...rest } = watch as Omit<WatchView, "storageClass"> & {
    readonly storage_: StorageClass;
  };
  return { ...rest, storageClass: storage_ };
}
