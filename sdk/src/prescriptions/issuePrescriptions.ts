import { randomInt } from "node:crypto";

import { id as hashOfText } from "ethers";

import type { PrescriptionIssuedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, actAll } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { sdkError } from "../core/errorCatalogue.ts";
import { checkList, checkObject, inputError } from "../core/input.ts";
import { type Order, checkOrder } from "./issuePrescription.ts";
import { prescriptionIdOf } from "./typedData.ts";

/** Most prescriptions at once. */
export const ISSUE_BATCH_MOST = 200;

/** What issuePrescriptions needs. */
export interface IssuePrescriptionsParams extends SendParams {
  /** 1 to 200 orders, each of its own prescription. */
  readonly orders: readonly Order[];
}

/**
 * Issue up to 200 prescriptions in one transaction, all or none. They go out in random order: put many patients into one
 * batch, so that an observer cannot tell which of them belong to one. The events come back in the order of `orders`.
 *
 * @throws `InputInvalid`, and what {@link issuePrescription} can meet.
 * @example
 * const { events } = await issuePrescriptions(client, { orders, key: "ward-4-evening-round-2026-11-22" });
 */
export async function issuePrescriptions(
  client: Client,
  params: IssuePrescriptionsParams,
): Promise<Acted & { events: PrescriptionIssuedEvent[] }> {
  checkObject("params", params);
  const orders = checkList("orders", params.orders, ISSUE_BATCH_MOST).map((order, index) =>
    checkOrder(`orders[${index}].`, order),
  );
  const ids = orders.map(({ prescription }) => prescriptionIdOf(prescription));
  const twin = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twin !== -1)
    throw inputError(`orders[${twin}]`, "it is in the batch already", "each prescription once");
  const { events, ...acted } = await actAll(client, "prescriptionRegistry", "PrescriptionIssued", {
    name: "issueBatch",
    args: [shuffled(orders)],
    key: params.key,
    intent: `issueBatch:${hashOfText([...ids].sort().join())}`,
  });
  const byId = new Map(events.map((event) => [event.prescription, event]));
  const inOrder = ids.map((id) => {
    const event = byId.get(id);
    if (event === undefined) {
      throw sdkError("EventMissing", { transactionHash: acted.transactionHash, event: "PrescriptionIssued" });
    }
    return event;
  });
  return { ...acted, events: inOrder };
}

/** Fisher and Yates, with the system's randomness. */
function shuffled<T>(list: readonly T[]): T[] {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last--) {
    const pick = randomInt(last + 1);
    [result[last], result[pick]] = [result[pick] as T, result[last] as T];
  }
  return result;
}
