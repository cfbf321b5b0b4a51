import { blockTime } from "../core/blocks.ts";
import type { Client } from "../core/client.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { checkMember, checkNumber, checkObject, inputError } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { categoryCodesOf } from "../standards/categoryMask.ts";
import { checkSubject, classOf } from "./input.ts";
import { purposeOfBit } from "./purposes.ts";
import type { DisclosureView } from "./types.ts";

const ZERO_WORD = `0x${"00".repeat(32)}`;

/** Which disclosures: of a subject, to a member, by a custodian, or several of these. */
export interface ListDisclosuresParams {
  /** Whose data. */
  readonly subject?: string | undefined;
  /** Member that got it. */
  readonly grantee?: number | undefined;
  /** Member that gave it. */
  readonly custodian?: number | undefined;
  /** First block to search; the deployment's when absent. */
  readonly fromBlock?: number | undefined;
  /** Last block to search; the head when absent. */
  readonly toBlock?: number | undefined;
}

/**
 * Who saw what, when and why, in the order of the chain; those that were recorded in batches too.
 *
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * for (const { grantee, category, purpose, disclosedAt } of await listDisclosures(client, { subject })) show(grantee);
 */
export async function listDisclosures(
  client: Client,
  params: ListDisclosuresParams,
): Promise<DisclosureView[]> {
  checkObject("params", params);
  const { subject, grantee, custodian, fromBlock, toBlock } = params;
  if (subject === undefined && grantee === undefined && custodian === undefined) {
    throw inputError("params", "it names nobody", "a subject, a grantee or a custodian");
  }
  if (fromBlock !== undefined) checkNumber("fromBlock", fromBlock, 32);
  if (toBlock !== undefined) checkNumber("toBlock", toBlock, 32);
  const events = await getEvents(client, {
    contract: "consentRegistry",
    events: ["DisclosureRecorded"],
    indexed: [
      subject === undefined ? undefined : checkSubject("subject", subject),
      grantee === undefined ? undefined : checkMember("grantee", grantee),
      custodian === undefined ? undefined : checkMember("custodian", custodian),
    ],
    ...(fromBlock === undefined ? {} : { fromBlock }),
    ...(toBlock === undefined ? {} : { toBlock }),
  });
  const blocks = new Map(
    [...new Set(events.map(({ blockNumber }) => blockNumber))].map((number) => [
      number,
      aboutBlock(client, number),
    ]),
  );
  return Promise.all(
    events.map(async (event) => viewOf(client, event, await blocks.get(event.blockNumber)!)),
  );
}

interface BlockAbout {
  readonly timestamp: number;
  readonly batches: readonly DecodedEvent[];
}

async function aboutBlock(client: Client, number: number): Promise<BlockAbout> {
  const query = { contract: "consentRegistry", events: ["DisclosuresRecorded"] } as const;
  const [{ timestamp }, batches] = await Promise.all([
    blockTime(client, number),
    getEvents(client, { ...query, fromBlock: number, toBlock: number }),
  ]);
  return { timestamp, batches };
}

async function viewOf(
  client: Client,
  event: DecodedEvent,
  { timestamp, batches }: BlockAbout,
): Promise<DisclosureView> {
  const values = event.values as unknown as Recorded;
  const [category = ""] = await categoryCodesOf(client, 2 ** values.category);
  const byRule = values.breakGlass === ZERO_WORD;
  const sector = classOf(values.sector);
  const { number, version } = values;
  return {
    subject: values.subject,
    grantee: values.grantee,
    custodian: values.custodian,
    operator: values.operator,
    category,
    purpose: purposeOfBit(values.purpose) ?? `BIT_${values.purpose}`,
    document: values.document,
    rule: byRule
      ? { grantee: sector === undefined ? values.grantee : 0, sector, number, version }
      : undefined,
    breakGlass: byRule ? undefined : values.breakGlass,
    batch: batches.find((batch) => isInBatch(event, batch))?.values["root"] as string | undefined,
    disclosedAt: timestamp,
    blockNumber: event.blockNumber,
    transactionHash: event.transactionHash,
  };
}

interface Recorded {
  readonly subject: string;
  readonly grantee: number;
  readonly custodian: number;
  readonly operator: string;
  readonly category: number;
  readonly purpose: number;
  readonly document: string;
  readonly sector: number;
  readonly number: number;
  readonly version: number;
  readonly breakGlass: string;
}

/** A batch's disclosures stand right before it in the log. */
export function isInBatch(event: DecodedEvent, batch: DecodedEvent): boolean {
  const first = batch.logIndex - Number(batch.values["count"]);
  return (
    event.transactionHash === batch.transactionHash &&
    event.logIndex >= first &&
    event.logIndex < batch.logIndex
  );
}
