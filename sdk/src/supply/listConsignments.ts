import type { ConsignmentShippedEvent, ConsignmentStatus } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import type { DecodedEvent, EventPlace } from "../core/codec.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import type { ConsignmentTerms, ConsignmentView } from "./types.ts";

/** A consignment as it was shipped, and how it stands now. */
export interface ListedConsignment extends ConsignmentTerms, EventPlace {
  readonly operator: string;
  /** Minutes out of range of the worst line when it left. */
  readonly minutesOut: number;
  readonly status: ConsignmentStatus;
}

/**
 * What a member sent and what was sent to it, in the order of the chain; of an SSCC that was used again after a year, the latest.
 * An entry is also the `consignment` that
 * `receiveConsignment`, `takeBackConsignment` and `declareConsignmentLost` take.
 *
 * @param params.fromBlock First block; the deployment's when absent.
 * @param params.toBlock Last block; the head when absent.
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const coming = (await listConsignments(client, { member: 8 })).filter(({ status, to }) => status === "InTransit" && to === 8);
 */
export async function listConsignments(
  client: Client,
  params: { readonly member: number; readonly fromBlock?: number; readonly toBlock?: number },
): Promise<ListedConsignment[]> {
  const { member, ...range } = checkObject("params", params);
  const id = checkMember("member", member);
  const query = { contract: "lotRegistry", events: ["ConsignmentShipped"], ...range } as const;
  const [sent, coming] = await Promise.all([
    getEvents(client, { ...query, indexed: [id] }),
    getEvents(client, { ...query, indexed: [undefined, undefined, id] }),
  ]);
  const others = coming.filter(({ values }) => values["from"] !== id);
  const all = [...sent, ...others].sort(
    (one, other) => one.blockNumber - other.blockNumber || one.logIndex - other.logIndex,
  );
  return consignmentsOf(client, all);
}

/** The latest consignment of each sender and SSCC, and how it stands now. */
export async function consignmentsOf(
  client: Client,
  shipped: readonly DecodedEvent[],
): Promise<ListedConsignment[]> {
  const latest = new Map(shipped.map((event) => [keyOf(event), event]));
  const current = shipped.filter((event) => latest.get(keyOf(event)) === event);
  return Promise.all(
    current.map(async ({ values, event: _, ...place }) => {
      const terms = values as unknown as ConsignmentShippedEvent;
      const { 0: transit } = await client.read("lotRegistry", "consignmentOf", [terms.from, terms.sscc]);
      return { ...terms, ...place, status: (transit as ConsignmentView).status };
    }),
  );
}

function keyOf({ values }: DecodedEvent): string {
  return `${String(values["from"])} ${String(values["sscc"])}`;
}
