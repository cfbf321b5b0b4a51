import { type StockQuarantinedEvent, QUARANTINE_REASON_NAMES, type QuarantineReason } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkName, checkNumber, checkObject } from "../core/input.ts";
import { checkStockPlace } from "./input.ts";

/** What quarantineStock needs. */
export interface QuarantineStockParams extends SendParams {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** How many; of serialised lots, and of what was too long out of range, all that is on hand. */
  readonly units: number;
  readonly reason: Exclude<QuarantineReason, "Unspecified">;
}

/**
 * Quarantine units. No pause holds it back. Caller: a HANDLE_STOCK or QUALITY operator of the member.
 *
 * @throws `InputInvalid`, `LotUnknown`, `StockEmpty`, `StockInsufficient`, `StockInQuarantine`, `DutyNotHeld`, and
 * what sending can meet.
 * @example
 * await quarantineStock(client, { lot, member: 9, site: 1, units: 20, reason: "QualityDefect" });
 */
export async function quarantineStock(
  client: Client,
  params: QuarantineStockParams,
): Promise<StockQuarantinedEvent & Acted> {
  checkObject("params", params);
  const { lot, member, site } = checkStockPlace(params);
  const units = checkNumber("units", params.units, 32, 1);
  const reason = checkName("reason", params.reason, QUARANTINE_REASON_NAMES, true);
  return act(client, "lotRegistry", "StockQuarantined", {
    name: "quarantine",
    args: [lot, member, site, units, reason],
    key: params.key,
  });
}
