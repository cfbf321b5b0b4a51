import type { LotRegisteredEvent } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import type { EventPlace } from "../core/codec.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { lotNumberOf } from "./lotId.ts";

/** A registered lot and where that stands. */
export interface ListedLot extends Omit<LotRegisteredEvent, "number">, EventPlace {
  readonly lotNumber: string;
}

/**
 * Lots that were registered, in the order of the chain. How one stands now, `getLot` tells.
 *
 * @param params.maker Whose; everybody's when absent.
 * @param params.fromBlock First block; the deployment's when absent.
 * @param params.toBlock Last block; the head when absent.
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * for (const { lot, lotNumber } of await listLots(client, { maker: 7 })) show(lot, lotNumber);
 */
export async function listLots(
  client: Client,
  params: { readonly maker?: number; readonly fromBlock?: number; readonly toBlock?: number } = {},
): Promise<ListedLot[]> {
  const { maker, ...range } = checkObject("params", params);
  const events = await getEvents(client, {
    contract: "lotRegistry",
    events: ["LotRegistered"],
    indexed: [undefined, undefined, maker === undefined ? undefined : checkMember("maker", maker)],
    ...range,
  });
  return events.map(({ values, event: _, ...place }) => {
    const { number, ...rest } = values as unknown as LotRegisteredEvent;
    return { ...rest, lotNumber: lotNumberOf(number), ...place };
  });
}
