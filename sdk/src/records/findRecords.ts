import { concat } from "ethers";

import { getEndpoint } from "../consortium/getEndpoint.ts";
import type { Client } from "../core/client.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { type CareLedgerError, isCareLedgerError } from "../core/errors.ts";
import { checkNumber, checkObject, inputError } from "../core/input.ts";
import { eachChunk } from "../core/logs.ts";
import { type MerkleTree, merkleTreeOf } from "../core/merkle.ts";
import { type Announcement, type FoundHolder, scanAnnouncements } from "../holder/stealth.ts";
import { type Announcements, readAnnouncements } from "./announcements.ts";
import { recordError } from "./errors.ts";
import { checkTimeout, fetchAnchored, requireAnchored } from "./fetchAnnouncements.ts";
import type { AnchoredBatch } from "./getAnchoredBatch.ts";
import { getRecordStanding } from "./getRecordStanding.ts";
import { CATEGORY_HIGHEST, NO_ORIGIN } from "./input.ts";
import { hashRecord, recordLeafOf } from "./typedData.ts";
import type { RecordOrigin, RecordStanding, RecordTerms } from "./types.ts";

/** What findRecords needs. */
export interface FindRecordsParams {
  /** The patient's viewing key, private. */
  readonly viewingKey: string;
  /** The patient's spending key, public. */
  readonly spendingPublicKey: string;
  /**
   * Gets the announcements' file of a batch; undefined when it cannot be had. When absent, each custodian is asked for it
   * at the endpoint that it publishes ({@link fetchAnnouncements}).
   */
  readonly fetchAnnouncements?: ((batch: AnchoredBatch) => Promise<Uint8Array | undefined>) | undefined;
  /** How long a custodian may take for one file, milliseconds. Default 60,000. */
  readonly timeout?: number | undefined;
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

/** A batch whose file could not be had. */
export interface MissingBatch extends AnchoredBatch {
  /** What its custodian did wrong; absent when `fetchAnnouncements` gave nothing. */
  readonly fault?: CareLedgerError | undefined;
}

/** What a viewing key found. */
export interface FoundRecords {
  /** In the order of the chain. */
  readonly records: readonly FoundRecord[];
  /** Later entries that repeat the holder of an earlier one: not made for the patient, whatever they say. */
  readonly copies: readonly FoundRecord[];
  /**
   * Batches whose file could not be had, in the order of the chain: there may be more records in them, and a copy of such a
   * record passes for the first until the file is there.
   */
  readonly missing: readonly MissingBatch[];
}

/** A record and what announces it. */
interface Candidate extends Announcement {
  readonly record: RecordTerms;
  readonly id: string;
  readonly originOf: () => RecordOrigin;
  readonly blockNumber: number;
}

/** What a custodian can do wrong: it is told with the batch that is missing for it. */
const CUSTODIAN_FAULTS = [
  "PublicationMissing",
  "PublicationMismatch",
  "CustodianEndpointInvalid",
  "CustodianUnreachable",
  "CustodianRefused",
  "CustodianAnswerTooLarge",
  "AnnouncementsMalformed",
  "AnnouncementsOfOther",
];

/** How often in a row a custodian may not answer before the rest of its batches is missing too. */
const SILENT_MOST = 3;

/**
 * All of a patient's records at every custodian, found by the viewing key alone: among the announcements on chain and in the
 * files of batches, which their custodians serve to everybody. Nobody is asked for anything of the patient: all announcements
 * are read, and matched here.
 *
 * The first entry with a holder is the patient's; who repeats the holder made a copy. A file is used whole, as it was
 * anchored, or not at all. A custodian that serves another one, or none, hides its own batches and nobody else's: they are
 * `missing`, each with the fault. Read them later with `fromBlock` and `toBlock` of their block. One that does not answer
 * three times in a row is not asked again.
 *
 * @throws `InputInvalid`, `HolderKeyInvalid`, `MetaAddressInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`; with
 * `fetchAnnouncements` of one's own what that throws, and `AnnouncementsMalformed`, `AnnouncementsOfOther` when it gives a
 * wrong file.
 * @example
 * const { records, missing } = await findRecords(client, { viewingKey, spendingPublicKey });
 * for (const { custodian, fault } of missing) console.warn(custodian, fault?.fix);
 */
export async function findRecords(client: Client, params: FindRecordsParams): Promise<FoundRecords> {
  checkObject("params", params);
  const { viewingKey, spendingPublicKey, fetchAnnouncements, fromBlock, toBlock, timeout } = params;
  checkTimeout(timeout);
  if (fromBlock !== undefined) checkNumber("fromBlock", fromBlock, 32);
  if (toBlock !== undefined) checkNumber("toBlock", toBlock, 32);
  if (fetchAnnouncements !== undefined && typeof fetchAnnouncements !== "function") {
    throw inputError("fetchAnnouncements", "it is no function", "a function that gets a batch's file");
  }
  const keys = { viewingKey, spendingPublicKey };
  // Also when nothing was ever announced: keys that cannot be are refused.
  for await (const _ of scanAnnouncements(keys, [])) break;
  const found: FoundHolder<Candidate>[] = [];
  const missing: MissingBatch[] = [];
  const open =
    fetchAnnouncements === undefined
      ? publishedOpener(client, timeout, missing)
      : givenOpener(client, fetchAnnouncements, missing);
  const query = {
    contract: "recordRegistry",
    events: ["RecordAnchored", "Announcement", "RecordsAnchored"],
    ...(fromBlock === undefined ? {} : { fromBlock }),
    ...(toBlock === undefined ? {} : { toBlock }),
  } as const;
  await eachChunk(client, query, async (events) => {
    for await (const each of scanAnnouncements(keys, candidatesOf(events, open))) found.push(each);
  });
  // Only now is anything asked of a record: a pause between two files would tell a custodian that the first holds one.
  const records: FoundRecord[] = [];
  const copies: FoundRecord[] = [];
  const holders = new Set<string>();
  for (const { announcement, holder, sharedSecret } of found) {
    const { record, id, blockNumber } = announcement;
    const origin = announcement.originOf();
    const standing = await getRecordStanding(client, { record, origin });
    const isFirst = !holders.has(holder);
    holders.add(holder);
    (isFirst ? records : copies).push({ id, record, origin, standing, sharedSecret, blockNumber });
  }
  return { records, copies, missing };
}

/** Opens a batch: its records, none when its file is missing. */
type BatchOpener = (batch: AnchoredBatch) => Promise<Iterable<Candidate>>;

/** Single records and those of batches, in the order of the chain. */
async function* candidatesOf(
  events: readonly DecodedEvent[],
  open: BatchOpener,
): AsyncGenerator<Candidate, void, undefined> {
  for (const [index, event] of events.entries()) {
    if (event.event === "RecordAnchored") {
      const single = singleOf(event, events[index + 1]);
      if (single !== undefined) yield single;
    } else if (event.event === "RecordsAnchored") {
      const { blockNumber } = event;
      yield* await open({ ...(event.values as unknown as AnchoredBatch), blockNumber });
    }
  }
}

/** Files come from the caller; what is wrong with them is thrown. */
function givenOpener(
  client: Client,
  fetchFile: NonNullable<FindRecordsParams["fetchAnnouncements"]>,
  missing: MissingBatch[],
): BatchOpener {
  return async (batch) => {
    const file = await fetchFile(batch);
    if (file !== undefined) return openBatch(client, batch, file);
    missing.push(batch);
    return [];
  };
}

/** Files come from the custodians; what is wrong with one hides its own batch alone. */
function publishedOpener(client: Client, timeout: number | undefined, missing: MissingBatch[]): BatchOpener {
  const endpoints = new Map<number, Promise<string>>();
  const silent = new Map<number, { readonly times: number; readonly fault: CareLedgerError }>();
  const endpointOf = (custodian: number): Promise<string> => {
    const known = endpoints.get(custodian) ?? getEndpoint(client, custodian).then(({ value }) => value);
    endpoints.set(custodian, known);
    return known;
  };
  return async (batch) => {
    const { custodian } = batch;
    const before = silent.get(custodian);
    try {
      if (before !== undefined && before.times >= SILENT_MOST) throw before.fault;
      const file = await fetchAnchored(batch, await endpointOf(custodian), timeout);
      silent.delete(custodian);
      return openBatch(client, batch, file);
    } catch (fault) {
      if (!isCareLedgerError(fault, ...CUSTODIAN_FAULTS)) throw fault;
      if (isCareLedgerError(fault, "CustodianUnreachable"))
        silent.set(custodian, { times: (before?.times ?? 0) + 1, fault });
      else silent.delete(custodian);
      missing.push({ ...batch, fault });
      return [];
    }
  };
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
function openBatch(client: Client, batch: AnchoredBatch, file: Uint8Array): Iterable<Candidate> {
  requireAnchored(batch, file);
  const read = readAnnouncements(file);
  checkFile(client, batch, read);
  const ids = read.records.map(({ record }) => hashRecord(record));
  const tree = merkleTreeOf(ids.map(recordLeafOf));
  if (tree.root !== batch.root) throw recordError("AnnouncementsOfOther", { field: "root" });
  return batchCandidates(batch, read, ids, tree);
}

function* batchCandidates(
  { root, blockNumber }: AnchoredBatch,
  { records }: Announcements,
  ids: readonly string[],
  tree: MerkleTree,
): Generator<Candidate> {
  for (const [index, { record, ephemeralKey }] of records.entries()) {
    // What could not have been anchored alone is no record: the chain never looked at what a batch holds.
    if (record.category > CATEGORY_HIGHEST || BigInt(record.commitment) === 0n) continue;
    yield {
      schemeId: 1n,
      stealthAddress: record.holder,
      ephemeralPubKey: concat([ephemeralKey.prefix, ephemeralKey.x]),
      metadata: ephemeralKey.viewTag,
      record,
      id: ids[index]!,
      originOf: () => ({ root, proof: tree.proofOf(index) }),
      blockNumber,
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
