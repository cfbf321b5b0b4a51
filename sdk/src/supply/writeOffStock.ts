import { type StockWrittenOffEvent, LOSS_NAMES, type Loss, POCKET_NAMES, type Pocket } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkName, checkNumber, checkObject } from "../core/input.ts";
import { checkHash, checkIndices, checkOptional, checkStockPlace } from "./input.ts";

/** What writeOffStock needs. */
export interface WriteOffStockParams extends SendParams {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** From which part of the stock. */
  readonly pocket: Pocket;
  /** What became of them. */
  readonly loss: Exclude<Loss, "Unspecified">;
  /** How many; of serials at their origin, whole ones, the first that lie there. */
  readonly units: number;
  /** For serials on hand or in quarantine: which units, rising; else absent. */
  readonly indices?: readonly number[] | undefined;
  /** First unit of the stored range that holds them; absent where they lie in the stock's own range. */
  readonly range?: number | undefined;
  /** Hash of the report or certificate; needed for what is destroyed. */
  readonly evidence?: string | undefined;
}

/**
 * Write units off. Caller: a HANDLE_STOCK or QUALITY operator of the member.
 *
 * @throws `InputInvalid`, `LotUnknown`, `StockReasonMissing`, `StockInsufficient`, `StockSpanWrong`, `StockElsewhere`,
 * `SerialSpent`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await writeOffStock(client, { lot, member: 9, site: 1, pocket: "OnHand", loss: "Wasted", units: 1, indices: [17] });
 */
export async function writeOffStock(
  client: Client,
  params: WriteOffStockParams,
): Promise<StockWrittenOffEvent & Acted> {
  checkObject("params", params);
  const { lot, member, site } = checkStockPlace(params);
  const pocket = checkName("pocket", params.pocket, POCKET_NAMES);
  const loss = checkName("loss", params.loss, LOSS_NAMES, true);
  const units = checkNumber("units", params.units, 32, 1);
  const indices = checkIndices("indices", params.indices);
  const range = checkOptional("range", params.range, 32);
  const evidence = checkHash("evidence", params.evidence);
  return act(client, "lotRegistry", "StockWrittenOff", {
    name: "writeOff",
    args: [lot, member, site, pocket, loss, units, indices, range, evidence],
    key: params.key,
  });
}
