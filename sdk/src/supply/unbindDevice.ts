import type { DeviceUnboundEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject, checkOperator } from "../core/input.ts";

/** What unbindDevice needs. */
export interface UnbindDeviceParams extends SendParams {
  readonly member: number;
  /** The device's operator key, or its address. */
  readonly device: string;
}

/**
 * Let a device watch nothing. Caller: a HANDLE_STOCK or QUALITY operator of the device's member.
 *
 * @throws `InputInvalid`, `DeviceUnboundYet`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await unbindDevice(client, { member: 8, device });
 */
export async function unbindDevice(
  client: Client,
  params: UnbindDeviceParams,
): Promise<DeviceUnboundEvent & Acted> {
  checkObject("params", params);
  return act(client, "lotRegistry", "DeviceUnbound", {
    name: "unbindDevice",
    args: [checkMember("member", params.member), checkOperator("device", params.device)],
    key: params.key,
  });
}
