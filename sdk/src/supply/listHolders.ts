import type { ConsignmentReceivedEvent, CustodyOrderedEvent } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { getEvents } from "../core/logs.ts";
import { getLot } from "./getLot.ts";
import { checkLot } from "./input.ts";
import { type ListedConsignment, consignmentsOf } from "./listConsignments.ts";
import type { LotView, Place, StockView } from "./types.ts";

/** A place where units of a lot are. */
export interface HoldingPlace extends Place, Pick<StockView, "onHand" | "quarantined" | "withheld" | "held"> {
  /** Units that still lie where the maker registered them; they are not among the others. */
  readonly originUnits: number;
}

/** A consignment that carries units of a lot. */
export interface HoldingConsignment {
  readonly from: number;
  readonly fromSite: number;
  readonly to: number;
  readonly toSite: number;
  readonly sscc: bigint;
  /** `InTransit`, or `Refused` and waiting for its sender. */
  readonly status: "InTransit" | "Refused";
  /** Units of the lot in it. */
  readonly units: number;
}

/** Where a lot is now. */
export interface LotHolders {
  readonly places: readonly HoldingPlace[];
  readonly consignments: readonly HoldingConsignment[];
}

/**
 * Where units of a lot are now: places with stock, and consignments that nobody took in. Searches all shipments on chain.
 *
 * @param lot Id, as `lotIdOf` gives it.
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const { places, consignments } = await listHolders(client, lot);
 */
export async function listHolders(client: Client, lot: string): Promise<LotHolders> {
  return holdersOf(client, await getLot(client, checkLot("lot", lot)));
}

/** The same of a lot whose state is known. */
export async function holdersOf(client: Client, view: LotView): Promise<LotHolders> {
  const { lot } = view;
  const contract = "lotRegistry";
  const [shipped, ordered] = await Promise.all([
    getEvents(client, { contract, events: ["ConsignmentShipped"] }),
    getEvents(client, { contract, events: ["CustodyOrdered"], indexed: [lot] }),
  ]);
  const carrying = (await consignmentsOf(client, shipped)).filter((each) => unitsOf(each, lot) > 0);
  const visited: Place[] = [
    { member: view.maker, site: view.originSite },
    ...shipped
      .map(({ values }) => values as unknown as ListedConsignment)
      .filter((each) => unitsOf(each, lot) > 0)
      .flatMap(({ from, fromSite, to, toSite }) => [
        { member: from, site: fromSite },
        { member: to, site: toSite },
      ]),
    ...ordered.map(({ values }) => {
      const { to, toSite } = values as unknown as CustodyOrderedEvent;
      return { member: to, site: toSite };
    }),
  ];
  const distinct = new Map(visited.map((place) => [`${place.member} ${place.site}`, place]));
  const places = await Promise.all(
    [...distinct.values()].filter(({ member }) => member > 0).map((place) => holdingOf(client, view, place)),
  );
  const consignments = await Promise.all(carrying.map((each) => remainderOf(client, each, lot)));
  return {
    places: places.filter(
      ({ onHand, quarantined, withheld, originUnits }) => onHand + quarantined + withheld + originUnits > 0,
    ),
    consignments: consignments.filter((each) => each !== undefined),
  };
}

async function holdingOf(client: Client, view: LotView, { member, site }: Place): Promise<HoldingPlace> {
  const { 0: stock } = await client.read("lotRegistry", "stockOf", [view.lot, member, site]);
  const { onHand, quarantined, withheld, held } = stock as StockView;
  const isOrigin = member === view.maker && site === view.originSite;
  return { member, site, onHand, quarantined, withheld, held, originUnits: isOrigin ? view.originUnits : 0 };
}

/** What a consignment still carries of a lot; undefined when nothing. */
async function remainderOf(
  client: Client,
  each: ListedConsignment,
  lot: string,
): Promise<HoldingConsignment | undefined> {
  const { from, fromSite, to, toSite, sscc, status } = each;
  if (status !== "InTransit" && status !== "Refused") return undefined;
  let units = unitsOf(each, lot);
  if (status === "Refused") {
    const received = await getEvents(client, {
      contract: "lotRegistry",
      events: ["ConsignmentReceived"],
      indexed: [from, sscc],
      fromBlock: each.blockNumber,
    });
    const { findings } = received.at(-1)?.values as unknown as ConsignmentReceivedEvent;
    units = each.lines.reduce(
      (sum, line, index) => (line.lot === lot ? sum + (findings[index]?.refused ?? 0) : sum),
      0,
    );
  }
  return units === 0 ? undefined : { from, fromSite, to, toSite, sscc, status, units };
}

function unitsOf({ lines }: Pick<ListedConsignment, "lines">, lot: string): number {
  return lines.reduce((sum, line) => (line.lot === lot ? sum + line.units : sum), 0);
}
