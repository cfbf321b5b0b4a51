import { type DeviceBoundEvent, STORAGE_CLASS_NAMES } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkObject, checkOperator, inputError } from "../core/input.ts";
import { checkOptional, checkSscc } from "./input.ts";
import type { WatchTerms, WatchView } from "./types.ts";

/** What bindDevice needs. */
export interface BindDeviceParams extends SendParams {
  readonly member: number;
  /** The device's operator key, or its address. */
  readonly device: string;
  readonly watch: WatchTerms;
}

/** What a device watches from now on. */
export interface BoundDevice extends Omit<DeviceBoundEvent, "watch">, Acted {
  readonly watch: WatchView;
}

/**
 * Let a device watch a compartment of a site, or a consignment that its member sent. Caller: a HANDLE_STOCK or QUALITY operator of
 * the device's member. The device has SENSE.
 *
 * @throws `InputInvalid`, `DeviceWatchInvalid`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await bindDevice(client, { member: 8, device, watch: { storageClass: "Refrigerated", site: 1 } });
 */
export async function bindDevice(client: Client, params: BindDeviceParams): Promise<BoundDevice> {
  checkObject("params", params);
  const member = checkMember("member", params.member);
  const device = checkOperator("device", params.device);
  const { storageClass, site, sscc } = checkObject("watch", params.watch);
  if ((site === undefined || site === 0) === (sscc === undefined)) {
    throw inputError("watch", "it names neither or both", "a site or an SSCC");
  }
  const watch = {
    storage_: checkName("watch.storageClass", storageClass, STORAGE_CLASS_NAMES, true),
    site: checkOptional("watch.site", site, 16),
    from: sscc === undefined ? 0 : member,
    sscc: sscc === undefined ? 0n : checkSscc("watch.sscc", sscc),
  };
  const acted = await act(client, "lotRegistry", "DeviceBound", {
    name: "bindDevice",
    args: [member, device, watch],
    key: params.key,
  });
  const { storage_, ...rest } = acted.watch;
  return { ...acted, watch: { ...rest, storageClass: storage_ } };
}
