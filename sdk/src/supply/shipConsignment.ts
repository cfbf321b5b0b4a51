import type { ConsignmentShippedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkConsignment } from "./input.ts";
import type { ConsignmentTerms } from "./types.ts";

/** What shipConsignment needs. */
export interface ShipConsignmentParams extends SendParams {
  readonly consignment: ConsignmentTerms;
}

/**
 * Send goods. Caller: a HANDLE_STOCK operator at an open site of the sender. Keep what was passed: the receiver passes it again.
 *
 * @throws `InputInvalid`, `ConsignmentSsccInUse`, `ConsignmentReturnMisrouted`, `LotUnknown`, `LotStatusWrong`, `LotIsRecalled`,
 * `LotExpired`, `StockInsufficient`, `StockInQuarantine`, `StockElsewhere`, `StockExcursion`, `StockSpanWrong`,
 * `StockSpanTooLong`, `StockSiteNotOpen`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * const lines = [{ lot, units: 120, firstUnit: 0, endUnit: 120, origin: true }];
 * await shipConsignment(client, { consignment: { from: 7, fromSite: 1, to: 8, toSite: 1, sscc, purpose: "Delivery", lines } });
 */
export async function shipConsignment(
  client: Client,
  params: ShipConsignmentParams,
): Promise<ConsignmentShippedEvent & Acted> {
  checkObject("params", params);
  return act(client, "lotRegistry", "ConsignmentShipped", {
    name: "ship",
    args: [checkConsignment("consignment", params.consignment)],
    key: params.key,
  });
}
