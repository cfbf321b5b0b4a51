import type { PrescriptionIssuedEvent } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import type { EventPlace } from "../core/codec.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";

/** An issued prescription and where it stands. */
export interface Issued extends PrescriptionIssuedEvent, EventPlace {}

/**
 * What a member issued, in the order of the chain, with all terms.
 *
 * @param params.fromBlock First block; the deployment's when absent.
 * @param params.toBlock Last block; the head when absent.
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const today = await listIssued(client, { issuer: 7, fromBlock: (await findBlockAt(client, midnight)).number });
 */
export async function listIssued(
  client: Client,
  params: { readonly issuer: number; readonly fromBlock?: number; readonly toBlock?: number },
): Promise<Issued[]> {
  const { issuer, ...range } = checkObject("params", params);
  const events = await getEvents(client, {
    contract: "prescriptionRegistry",
    events: ["PrescriptionIssued"],
    indexed: [undefined, checkMember("issuer", issuer)],
    ...range,
  });
  return events.map(({ values, event: _, ...place }) => ({
    ...(values as unknown as PrescriptionIssuedEvent),
    ...place,
  }));
}
