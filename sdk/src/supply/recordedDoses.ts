import type { DoseAdministeredEvent, DosesAdministeredEvent } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { type DecodedEvent, type EventPlace } from "../core/codec.ts";
import { getEvents } from "../core/logs.ts";
import { doseOf } from "./doses.ts";
import type { RecordedDose } from "./types.ts";

/** A dose and where it stands. */
export interface FoundDose extends RecordedDose, EventPlace {}

/** The doses of a lot, or of all lots, in the order of the chain. */
export async function recordedDoses(
  client: Client,
  lot: string | undefined,
  fromBlock?: number,
): Promise<FoundDose[]> {
  const range = fromBlock === undefined ? {} : { fromBlock };
  const query = { contract: "lotRegistry", indexed: [lot], ...range } as const;
  const [given, who] = await Promise.all([
    getEvents(client, { ...query, events: ["DoseAdministered"] }),
    getEvents(client, { ...query, events: ["DosesAdministered"] }),
  ]);
  // The event that says who stands behind its doses, also where one transaction has several sessions.
  const after = new Map<string, DecodedEvent[]>();
  for (const event of who) {
    after.set(event.transactionHash, [...(after.get(event.transactionHash) ?? []), event]);
  }
  return given.flatMap(({ values, event: _, ...place }) => {
    const teller = after.get(place.transactionHash)?.find(({ logIndex }) => logIndex > place.logIndex);
    if (teller === undefined) return [];
    const dose = values as unknown as DoseAdministeredEvent;
    return [{ ...doseOf(dose, teller.values as unknown as DosesAdministeredEvent), ...place }];
  });
}
