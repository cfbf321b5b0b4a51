import { getEndpoint } from "../consortium/getEndpoint.ts";
import type { Client } from "../core/client.ts";
import { checkNumber, checkObject, inputError } from "../core/input.ts";
import { exchange } from "../documents/exchange.ts";
import { announcementsHash, announcementsLength, announcementsPath } from "./announcements.ts";
import { recordError } from "./errors.ts";
import { type AnchoredBatch, type RecordBatchNamed, getAnchoredBatch } from "./getAnchoredBatch.ts";

/** How a custodian is asked for announcements. */
export interface AskAnnouncements {
  /** The custodian's endpoint; the one that it, or its successor, publishes when left out. */
  readonly endpoint?: string | undefined;
  /** How long one exchange may take, milliseconds; a file has at most 98 MB. Default 60,000. */
  readonly timeout?: number | undefined;
}

/** What fetchAnnouncements needs. */
export interface FetchAnnouncementsParams extends RecordBatchNamed, AskAnnouncements {}

/** Longest wait for a file, milliseconds. */
const TIMEOUT_MOST = 3_600_000;

/**
 * Fetch the announcements' file of a batch from its custodian, and check it against the hash that the chain has: what it
 * returns is, byte for byte, the file that was anchored. Nothing that a custodian sends beyond the file's length is read.
 * It takes no key and tells the custodian of no patient.
 *
 * @throws `CustodianRefused` with the custodian's `reason` (such as `AnnouncementsNotHeld`) and `status`;
 * `CustodianUnreachable`, also when the answer was cut or too slow; `CustodianAnswerTooLarge`; `AnnouncementsOfOther`;
 * `CustodianEndpointInvalid`; `InputInvalid`, `RecordBatchNotFound`, `MemberUnknown`, `PublicationMissing`,
 * `PublicationMismatch`, `LogRangeUnsearchable`, `RpcUnavailable`.
 * @example
 * const file = await fetchAnnouncements(client, { custodian: 2, root });
 * const { records } = readAnnouncements(file);
 */
export async function fetchAnnouncements(
  client: Client,
  params: FetchAnnouncementsParams,
): Promise<Uint8Array> {
  checkObject("params", params);
  checkTimeout(params.timeout);
  if (params.endpoint !== undefined && typeof params.endpoint !== "string") {
    throw inputError("endpoint", "it is no text", "the address of a custodian's service");
  }
  const batch = await getAnchoredBatch(client, params);
  const endpoint = params.endpoint ?? (await getEndpoint(client, batch.custodian)).value;
  return fetchAnchored(batch, endpoint, params.timeout);
}

/** Check how long an exchange may take. */
export function checkTimeout(timeout: number | undefined): void {
  if (timeout !== undefined) checkNumber("timeout", timeout, 32, 1, TIMEOUT_MOST);
}

/** The file of a batch that the chain was read for, proven to be the one that was anchored. */
export async function fetchAnchored(
  batch: AnchoredBatch,
  endpoint: string,
  timeout = 60_000,
): Promise<Uint8Array> {
  const limit = announcementsLength(batch.count);
  const file = await exchange({ endpoint, path: announcementsPath(batch.root), limit, timeout });
  requireAnchored(batch, file);
  return file;
}

/** @throws `AnnouncementsOfOther` when this is not the file that was anchored. */
export function requireAnchored({ count, announcements }: AnchoredBatch, file: Uint8Array): void {
  // The length first: hashing takes its time.
  if (file.length !== announcementsLength(count))
    throw recordError("AnnouncementsOfOther", { field: "length" });
  if (announcementsHash(file) !== announcements) throw recordError("AnnouncementsOfOther", { field: "hash" });
}
