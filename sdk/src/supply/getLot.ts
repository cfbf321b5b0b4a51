import type { StorageClass } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkLot } from "./input.ts";
import type { LotView } from "./types.ts";

/**
 * A lot's state; its status is `Unknown` when nobody registered it.
 *
 * @param lot Id, as `lotIdOf` gives it.
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { status, recalledAt } = await getLot(client, lotIdOf(gtin, "AB-12"));
 */
export async function getLot(client: Client, lot: string): Promise<LotView> {
  const id = checkLot("lot", lot);
  const { 0: found } = await client.read("lotRegistry", "lotOf", [id]);
  const { storage_, ...rest } = found as Omit<LotView, "lot" | "storageClass"> & {
    readonly storage_: StorageClass;
  };
  return { lot: id, ...rest, storageClass: storage_ };
}
