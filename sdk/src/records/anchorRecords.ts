import { randomInt } from "node:crypto";

import type { RecordsAnchoredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkList, checkMember, checkNumber, checkObject } from "../core/input.ts";
import { merkleTreeOf } from "../core/merkle.ts";
import type { Network } from "../core/network.ts";
import { type AnnouncedRecord, announcementsHash, writeAnnouncements } from "./announcements.ts";
import { recordError } from "./errors.ts";
import { RECORD_BATCH_MOST, checkRecord } from "./input.ts";
import { hashRecord, recordLeafOf } from "./typedData.ts";
import type { RecordOrigin } from "./types.ts";

/** A batch to anchor. */
export interface RecordBatch {
  readonly custodian: number;
  /** Root of the Merkle tree over the records. */
  readonly root: string;
  readonly count: number;
  /** keccak256 of the file. */
  readonly announcements: string;
  /** The announcements' file, which the custodian keeps for as long as the records and serves to everybody who asks. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** Where a record of the batch is anchored, by its place in the drafts. */
  originOf(index: number): RecordOrigin;
}

/**
 * Put up to 2^20 records of one custodian into one Merkle tree. They stand in it in random order, so that an observer cannot
 * tell which belong to one patient. Sends nothing.
 *
 * @param drafts From `draftRecord`.
 * @throws `InputInvalid`, `RecordBatchMixed`
 * @example
 * const batch = createRecordBatch(network, drafts);
 * await announcements.put(batch); // openAnnouncementsStore: the custodian serves it from there
 * await anchorRecords(client, batch);
 */
export function createRecordBatch(network: Network, drafts: readonly AnnouncedRecord[]): RecordBatch {
  const list = checkList("drafts", drafts, RECORD_BATCH_MOST);
  const custodian = checkRecord("drafts[0].record", (list[0] as AnnouncedRecord).record).custodian;
  const seen = new Set<string>();
  const ids = list.map(({ record }, index) => {
    const terms = checkRecord(`drafts[${index}].record`, record);
    const id = hashRecord(terms);
    if (terms.custodian !== custodian || seen.has(id)) throw recordError("RecordBatchMixed", { index });
    seen.add(id);
    return id;
  });
  const order = shuffledPlaces(list.length);
  const places = new Map(order.map((index, place) => [index, place]));
  const tree = merkleTreeOf(order.map((index) => recordLeafOf(ids[index]!)));
  const file = writeAnnouncements({
    chainId: network.chainId,
    registry: network.addresses.recordRegistry,
    custodian,
    records: order.map((index) => list[index]!),
  });
  return {
    custodian,
    root: tree.root,
    count: list.length,
    announcements: announcementsHash(file),
    file,
    originOf: (index) => ({ root: tree.root, proof: tree.proofOf(places.get(index) ?? -1) }),
  };
}

/** Fisher and Yates, with the system's randomness. */
function shuffledPlaces(length: number): number[] {
  const result = Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const pick = randomInt(last + 1);
    [result[last], result[pick]] = [result[pick]!, result[last]!];
  }
  return result;
}

/** What anchorRecords needs: what `createRecordBatch` gave. */
export interface AnchorRecordsParams extends SendParams {
  readonly custodian: number;
  readonly root: string;
  /** From 1 to 2^20. */
  readonly count: number;
  /** keccak256 of the announcements' file. */
  readonly announcements: string;
}

/**
 * Anchor a batch of records in one act. Caller: an ANCHOR_RECORD operator of the custodian.
 *
 * @throws `InputInvalid`, `RecordBatchInvalid`, `RecordBatchAlreadyAnchored`, `DutyNotHeld`, `DomainIsPaused`, and what
 * sending can meet.
 * @example
 * await anchorRecords(client, createRecordBatch(network, drafts));
 */
export async function anchorRecords(
  client: Client,
  params: AnchorRecordsParams,
): Promise<RecordsAnchoredEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkMember("custodian", params.custodian),
    checkBytes32("root", params.root, false),
    checkNumber("count", params.count, 32, 1, RECORD_BATCH_MOST),
    checkBytes32("announcements", params.announcements, false),
  ];
  return act(client, "recordRegistry", "RecordsAnchored", { name: "anchorBatch", args, key: params.key });
}
