import { STORAGE_CLASS_NAMES, type StorageClass } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject } from "../core/input.ts";
import { checkSite } from "./input.ts";
import type { CompartmentView } from "./types.ts";

/**
 * The monitor of a compartment of a class at a site.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { minutesOut, reportedUntil } = await getCompartment(client, { member: 8, site: 1, storageClass: "Refrigerated" });
 */
export async function getCompartment(
  client: Client,
  params: { readonly member: number; readonly site: number; readonly storageClass: StorageClass },
): Promise<CompartmentView> {
  const { member, site, storageClass } = checkObject("params", params);
  const args = [
    checkMember("member", member),
    checkSite("site", site),
    checkName("storageClass", storageClass, STORAGE_CLASS_NAMES),
  ];
  const { 0: compartment } = await client.read("lotRegistry", "compartmentOf", args);
  return compartment as CompartmentView;
}
