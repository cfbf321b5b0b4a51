import type {
  DispenseWithdrawnEvent,
  LotDispensedEvent,
  LotRecallAcknowledgedEvent,
  PrescriptionDispensedEvent,
  RecallClass,
} from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { getEvents } from "../core/logs.ts";
import { getLot } from "./getLot.ts";
import { checkLot } from "./input.ts";
import { type HoldingConsignment, type HoldingPlace, holdersOf } from "./listHolders.ts";
import { recordedDoses } from "./recordedDoses.ts";
import type { Place, RecordedDose } from "./types.ts";

/** An answer to a recall. */
export interface RecallAnswer extends Place {
  /** Units in quarantine by the chain's books. */
  readonly quarantined: number;
  /** Units that the holder counted. */
  readonly counted: number;
  readonly blockNumber: number;
}

/** A fill that took units of a lot. */
export interface AffectedFill extends Place {
  /** Id of the prescription. */
  readonly prescription: string;
  readonly ordinal: number;
  /** Salted commitment to the FHIR MedicationDispense, by which the pharmacy finds its document. */
  readonly commitment: string;
  /** Units of the lot. */
  readonly units: number;
  /** It was withdrawn: its units came back. */
  readonly withdrawn: boolean;
}

/** How a recall stands. */
export interface RecallStatus {
  /** When it was ordered, unix seconds. */
  readonly recalledAt: number;
  readonly recallClass: RecallClass;
  /** Hash of the recall notice. */
  readonly notice: string;
  /** The latest answer of each place. */
  readonly answers: readonly RecallAnswer[];
  /** Places that have units and did not answer. */
  readonly outstandingPlaces: readonly HoldingPlace[];
  /** Consignments with units that nobody took in. */
  readonly outstandingConsignments: readonly HoldingConsignment[];
  /** Doses that were given of the lot: each commitment leads its member to the patient. */
  readonly doses: readonly RecordedDose[];
  /** Fills that took units of the lot; those of discreet lots only their pharmacies know. */
  readonly fills: readonly AffectedFill[];
}

/**
 * How the standing recall of a lot goes: who answered, who did not, and which doses and fills are affected.
 *
 * @param lot Id, as `lotIdOf` gives it.
 * @returns Undefined while no recall stands.
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const status = await getRecallStatus(client, lot);
 * for (const { member, commitment } of status?.doses ?? []) notify(member, commitment);
 */
export async function getRecallStatus(client: Client, lot: string): Promise<RecallStatus | undefined> {
  const view = await getLot(client, checkLot("lot", lot));
  if (view.recalledAt === 0) return undefined;
  const contract = "lotRegistry";
  const [orders, acknowledged, holders, doses, fills] = await Promise.all([
    getEvents(client, { contract, events: ["LotRecalled"], indexed: [view.lot] }),
    getEvents(client, { contract, events: ["LotRecallAcknowledged"], indexed: [view.lot] }),
    holdersOf(client, view),
    recordedDoses(client, view.lot),
    fillsOf(client, view.lot),
  ]);
  const order = orders.at(-1);
  const answers = new Map<string, RecallAnswer>();
  for (const event of acknowledged.filter((each) => order !== undefined && isAfter(each, order))) {
    const { member, site, quarantined, counted } = event.values as unknown as LotRecallAcknowledgedEvent;
    answers.set(keyOf({ member, site }), {
      member,
      site,
      quarantined,
      counted,
      blockNumber: event.blockNumber,
    });
  }
  return {
    recalledAt: view.recalledAt,
    recallClass: order?.values["recallClass"] as RecallClass,
    notice: String(order?.values["notice"]),
    answers: [...answers.values()],
    outstandingPlaces: holders.places.filter((place) => !answers.has(keyOf(place))),
    outstandingConsignments: holders.consignments,
    doses,
    fills,
  };
}

/** Fills that took units of a lot: the dispense of the same transaction tells the commitment. */
async function fillsOf(client: Client, lot: string): Promise<AffectedFill[]> {
  const takings = await getEvents(client, {
    contract: "lotRegistry",
    events: ["LotDispensed"],
    indexed: [lot],
  });
  return Promise.all(
    takings.map(async ({ values, blockNumber, transactionHash }) => {
      const { prescription, member, taking } = values as unknown as LotDispensedEvent;
      const site = Number(taking & 0xffffn);
      const ordinal = Number((taking >> 16n) & 0xffn);
      const contract = "prescriptionRegistry";
      const [dispensed, withdrawn] = await Promise.all([
        getEvents(client, {
          contract,
          events: ["PrescriptionDispensed"],
          indexed: [prescription],
          fromBlock: blockNumber,
          toBlock: blockNumber,
        }),
        getEvents(client, {
          contract,
          events: ["DispenseWithdrawn"],
          indexed: [prescription],
          fromBlock: blockNumber,
        }),
      ]);
      const dispense = dispensed.find(
        (each) => each.transactionHash === transactionHash && each.values["ordinal"] === ordinal,
      );
      return {
        prescription,
        member,
        site,
        ordinal,
        commitment: (dispense?.values as unknown as PrescriptionDispensedEvent).commitment,
        units: Number((taking >> 24n) & 0xffff_ffffn),
        withdrawn: withdrawn.some(
          (each) => (each.values as unknown as DispenseWithdrawnEvent).ordinal === ordinal,
        ),
      };
    }),
  );
}

function isAfter(one: DecodedEvent, other: DecodedEvent): boolean {
  return one.blockNumber === other.blockNumber
    ? one.logIndex > other.logIndex
    : one.blockNumber > other.blockNumber;
}

function keyOf({ member, site }: Place): string {
  return `${member} ${site}`;
}
