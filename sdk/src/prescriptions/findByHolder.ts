import type { Client } from "../core/client.ts";
import { checkAddress, checkObject } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { viewOf } from "./getPrescription.ts";
import type { PrescriptionView } from "./types.ts";

/**
 * The prescriptions of a holder key, as they stand now. Holder keys are fresh, so there is one or none.
 *
 * @param params.fromBlock First block to search; the deployment's when absent.
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const [prescription] = await findByHolder(client, { holder: computeAddress(keyOnPaper) });
 */
export async function findByHolder(
  client: Client,
  params: { readonly holder: string; readonly fromBlock?: number },
): Promise<PrescriptionView[]> {
  const { holder, fromBlock } = checkObject("params", params);
  const events = await getEvents(client, {
    contract: "prescriptionRegistry",
    events: ["PrescriptionIssued"],
    indexed: [undefined, undefined, checkAddress("holder", holder)],
    ...(fromBlock === undefined ? {} : { fromBlock }),
  });
  return Promise.all(events.map((event) => viewOf(client, event)));
}
