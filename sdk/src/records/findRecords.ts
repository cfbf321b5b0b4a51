import { concat } from "ethers";

import type { Client } from "../core/client.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { checkNumber, checkObject, inputError } from "../core/input.ts";
import { eachChunk } from "../core/logs.ts";
import { merkleTreeOf } from "../core/merkle.ts";
import { type Announcement, scanAnnouncements } from "../holder/stealth.ts";
import { type Announcements, announcementsHash, readAnnouncements } from "./announcements.ts";
import { recordError } from "./errors.ts";
import { getRecordStanding } from "./getRecordStanding.ts";
import { NO_ORIGIN } from "./input.ts";
import { hashRecord, recordLeafOf } from "./typedData.ts";
import type { RecordOrigin, RecordStanding, RecordTerms } from "./types.ts";

/** A batch that was anchored. */
export interface AnchoredBatch {
  readonly custodian: number;
  readonly root: string;
  readonly count: number;
  /** keccak256 of its announcements' file. */
  readonly announcements: string;
  readonly blockNumber: number;
}

/** What findRecords needs. */
export interface FindRecordsParams {
  /** The patient's viewing key, private. */
  readonly viewingKey: string;
  /** The patient's spending key, public. */
  readonly spendingPublicKey: string;
  /** Gets the announcements' file of a batch from its custodian; undefined when it cannot be had. Batches are passed over when absent. */
  readonly fetchAnnouncements?: ((batch: AnchoredBatch) => Promise<Uint8Array | undefined>) | undefined;
  /** First block to search; the deployment's when absent. */
  readonly fromBlock?: number | undefined;
  /** Last block to search; the head when absent. */
  readonly toBlock?: number | undefined;
}

/** A patient's record. */
export interface FoundRecord {
  /** Id of the record. */
  readonly id: string;
  readonly record: RecordTerms;
  /** Where it was anchored. */
  readonly origin: RecordOrigin;
  /** How it stands now. */
  readonly standing: RecordStanding;
  /** The ECDH point that custodian and patient share. */
  readonly sharedSecret: Uint8Array<ArrayBuffer>;
  /** Block that anchored it. */
  readonly blockNumber: number;
}

/** What a viewing key found. */
export interface FoundRecords {
  /** In the order of the chain. */
  readonly records: readonly FoundRecord[];
  /** Later entries that repeat the holder of an earlier one: not made for the patient, whatever they say. */
  readonly copies: readonly FoundRecord[];
  /** Batches whose file could not be had: there may be more records in them. */
  readonly missing: readonly AnchoredBatch[];
}

/** A record and what announces it. */
interface Candidate extends Announcement {
  readonly record: RecordTerms;
  readonly id: string;
  readonly originOf: () => RecordOrigin;
  readonly blockNumber: number;
}

/**
 * A patient's records, found by the viewing key alone: among the announcements on chain and in the files of batches. Nobody is
 * asked for anything of the patient: all announcements are read, and matched here.
 *
 * The first entry with a holder is the patient's; who repeats the holder made a copy.
 *
 * @throws `InputInvalid`, `HolderKeyInvalid`, `MetaAddressInvalid`, `AnnouncementsMalformed`, `AnnouncementsOfOther` when a
 * custodian serves a wrong file, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const { records } = await findRecords(client, { viewingKey, spendingPublicKey, fetchAnnouncements });
 */
export async function findRecords(client: Client, params: FindRecordsParams): Promise<FoundRecords> {
  checkObject("params", params);
  const { viewingKey, spendingPublicKey, fetchAnnouncements, fromBlock, toBlock } = params;
  if (fromBlock !== undefined) checkNumber("fromBlock", fromBlock, 32);
  if (toBlock !== undefined) checkNumber("toBlock", toBlock, 32);
  if (fetchAnnouncements !== undefined && typeof fetchAnnouncements !== "function") {
    throw inputError("fetchAnnouncements", "it is no function", "a function that gets a batch's file");
  }
  const keys = { viewingKey, spendingPublicKey };
  // Also when nothing was ever announced: keys that cannot be are refused.
  for await (const _ of scanAnnouncements(keys, [])) break;
  const records: FoundRecord[] = [];
  const copies: FoundRecord[] = [];
  const missing: AnchoredBatch[] = [];
  const holders = new Set<string>();
  const query = {
    contract: "recordRegistry",
    events: ["RecordAnchored", "Announcement", "RecordsAnchored"],
    ...(fromBlock === undefined ? {} : { fromBlock }),
    ...(toBlock === undefined ? {} : { toBlock }),
  } as const;
  await eachChunk(client, query, async (events) => {
    const candidates = candidatesOf(client, events, fetchAnnouncements, missing);
    for await (const { announcement, holder, sharedSecret } of scanAnnouncements(keys, candidates)) {
      const { record, id, blockNumber } = announcement;
      const origin = announcement.originOf();
      const standing = await getRecordStanding(client, { record, origin });
      const isFirst = !holders.has(holder);
      holders.add(holder);
      (isFirst ? records : copies).push({ id, record, origin, standing, sharedSecret, blockNumber });
    }
  });
  return { records, copies, missing };
}

/** Single records and those of batches, in the order of the chain. */
async function* candidatesOf(
  client: Client,
  events: readonly DecodedEvent[],
  fetchAnnouncements: FindRecordsParams["fetchAnnouncements"],
  missing: AnchoredBatch[],
): AsyncGenerator<Candidate, void, undefined> {
  for (const [index, event] of events.entries()) {
    if (event.event === "RecordAnchored") {
      const single = singleOf(event, events[index + 1]);
      if (single !== undefined) yield single;
    } else if (event.event === "RecordsAnchored") {
      const { blockNumber } = event;
      const batch = { ...(event.values as unknown as Omit<AnchoredBatch, "blockNumber">), blockNumber };
      const file = await fetchAnnouncements?.(batch);
      if (file === undefined) missing.push(batch);
      else yield* batchCandidates(client, batch, file);
    }
  }
}

/** A record by itself: its announcement follows at once and carries the holder. */
function singleOf(anchored: DecodedEvent, announced: DecodedEvent | undefined): Candidate | undefined {
  if (announced?.event !== "Announcement" || announced.transactionHash !== anchored.transactionHash) {
    return undefined;
  }
  const announcement = announced.values as unknown as Announcement;
  const {
    record: id,
    custodian,
    commitment,
    category,
    codeSystem,
    reusableUntil,
  } = anchored.values as unknown as Omit<RecordTerms, "holder"> & { readonly record: string };
  const holder = announcement.stealthAddress;
  const record = { custodian, holder, commitment, category, codeSystem, reusableUntil };
  if (hashRecord(record) !== id) return undefined;
  return { ...announcement, record, id, originOf: () => NO_ORIGIN, blockNumber: anchored.blockNumber };
}

/** The records of a batch, once its file is proven to be the one that was anchored. */
function* batchCandidates(client: Client, batch: AnchoredBatch, file: Uint8Array): Generator<Candidate> {
  if (announcementsHash(file) !== batch.announcements)
    throw recordError("AnnouncementsOfOther", { field: "hash" });
  const read = readAnnouncements(file);
  checkFile(client, batch, read);
  const ids = read.records.map(({ record }) => hashRecord(record));
  const tree = merkleTreeOf(ids.map(recordLeafOf));
  if (tree.root !== batch.root) throw recordError("AnnouncementsOfOther", { field: "root" });
  for (const [index, { record, ephemeralKey }] of read.records.entries()) {
    yield {
      schemeId: 1n,
      stealthAddress: record.holder,
      ephemeralPubKey: concat([ephemeralKey.prefix, ephemeralKey.x]),
      metadata: ephemeralKey.viewTag,
      record,
      id: ids[index]!,
      originOf: () => ({ root: batch.root, proof: tree.proofOf(index) }),
      blockNumber: batch.blockNumber,
    };
  }
}

function checkFile(client: Client, batch: AnchoredBatch, read: Announcements): void {
  const { chainId, addresses } = client.network;
  const differs =
    read.chainId !== chainId
      ? "chain"
      : read.registry.toLowerCase() !== addresses.recordRegistry.toLowerCase()
        ? "registry"
        : read.custodian !== batch.custodian
          ? "custodian"
          : read.records.length !== batch.count
            ? "count"
            : undefined;
  if (differs !== undefined) throw recordError("AnnouncementsOfOther", { field: differs });
}
