import { hexlify } from "ethers";

import type { DisclosureRecordedEvent } from "../abi/index.ts";
import { type PurposeCode, checkPurpose } from "../consent/purposes.ts";
import { verifyDisclosure } from "../consent/proveDisclosure.ts";
import { getEndpoint } from "../consortium/getEndpoint.ts";
import { eventsOf } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { sdkError } from "../core/errorCatalogue.ts";
import type { RpcReceipt } from "../core/rpcTypes.ts";
import { exchange } from "../documents/exchange.ts";
import type { RequestSigner } from "../documents/signedRequest.ts";
import { hashRecord } from "../records/typedData.ts";
import type { RecordTerms } from "../records/types.ts";
import { categoryNumberOf } from "../standards/categoryMask.ts";
import { openSharedRecord } from "../vault/recordKeys.ts";
import type { OpenedRecord } from "../vault/sealRecord.ts";
import { MAX_ANSWER_LENGTH, type RecordAnswer, decodeRecordAnswer, wrappedBytes } from "./answer.ts";
import { commitDisclosure } from "./commitments.ts";
import type { RecordedDisclosure } from "./desk.ts";
import { disclosureError } from "./errors.ts";
import { recordChain } from "./recordChain.ts";
import { createRecordRequest, encodeRecordRequest, recordPath } from "./recordRequest.ts";

/** What {@link fetchRecord} needs. */
export interface FetchRecordParams {
  /** Record id, 32 bytes. */
  readonly record: string;
  /** Subject id of the patient at the custodian, 32 bytes. */
  readonly subject: string;
  /** Code of the data category, such as `laboratory`. */
  readonly category: string;
  /** Code of the purpose; `BTG` with a break-glass. */
  readonly purpose: PurposeCode;
  /** Member that keeps it, from 1. */
  readonly custodian: number;
  /** Member that asks, from 1. */
  readonly member: number;
  /** Its private encryption key, 32 bytes: the one whose public half it publishes. */
  readonly privateKey: Uint8Array;
  /** Who signs the request: a SUBMIT operator or a professional of `member`. The client's signer when left out. */
  readonly signer?: RequestSigner;
  /** The break-glass that stands in for a consent, and the salt of its ticket. */
  readonly breakGlass?: { readonly id: string; readonly salt: Uint8Array } | undefined;
  /** Take the record also if another took its place. Default `false`. */
  readonly superseded?: boolean;
  /** The custodian's endpoint; the one that it publishes when left out. */
  readonly endpoint?: string;
  /** How long the exchange may take, milliseconds; a disclosure takes a block or two. Default 30,000. */
  readonly timeout?: number;
  /** The clock, unix seconds. */
  readonly now?: () => number;
}

/** A record that was fetched, opened and found to be the anchored one. */
export interface FetchedRecord extends OpenedRecord {
  readonly terms: RecordTerms;
  readonly status: "Current" | "Superseded";
  /** Whether the patient lets the member take it out of the consortium. */
  readonly exportable: boolean;
  /** Whether the patient lets the member pass it on. */
  readonly redisclosable: boolean;
  /** Where the chain says that the member got it. */
  readonly disclosure: RecordedDisclosure;
}

/**
 * Fetch a record of another member, open it and check it against the chain: its terms are the ones that were asked for and
 * stand on RecordRegistry, its content is the anchored one, and the disclosure is recorded. A custodian that sends anything
 * else is found out and nothing is accepted.
 *
 * @throws `CustodianRefused` with the custodian's `reason` (such as `RecordRequestRefused`) and `status`;
 * `CustodianEndpointInvalid`; `CustodianUnreachable` (repeat it); `CustodianAnswerTooLarge`, `RecordAnswerMalformed`,
 * `RecordAnswerForeign`, `RecordWithdrawn`, `RecordOutdated`; `RecordKeyNotForYou`, `RecordUnreadable`, `RecordMalformed`,
 * `RecordMismatch`; `InputInvalid`, `PublicationMissing`, `SignerMissing`, `DocumentContextInvalid`, `RpcUnavailable`.
 * @example
 * const { mediaType, content } = await fetchRecord(client, {
 *   record, subject, category: "laboratory", purpose: "TREAT", custodian: 2, member: 3, privateKey,
 * });
 */
export async function fetchRecord(client: Client, params: FetchRecordParams): Promise<FetchedRecord> {
  const { record, subject, custodian, member, breakGlass, superseded = false } = params;
  const { chainId, addresses } = client.network;
  const place = { chainId, registry: addresses.recordRegistry };
  const signer = params.signer ?? client.signer;
  if (signer === undefined) throw sdkError("SignerMissing");
  const purpose = checkPurpose("purpose", params.purpose);
  const category = await categoryNumberOf(client, "category", params.category);
  const endpoint = params.endpoint ?? (await getEndpoint(client, custodian)).value;
  const asked: Asked = { record, subject, category, purpose, custodian, member };
  const signed = await createRecordRequest(
    signer as RequestSigner,
    {
      ...place,
      ...asked,
      superseded,
      breakGlass: breakGlass?.id,
      ticketSalt: breakGlass === undefined ? undefined : hexlify(breakGlass.salt),
    },
    params.now?.(),
  );
  const answer = decodeRecordAnswer(
    await exchange({
      endpoint,
      path: recordPath(record),
      body: encodeRecordRequest(signed),
      limit: MAX_ANSWER_LENGTH,
      timeout: params.timeout ?? 30_000,
    }),
  );
  const status = await requireAnchored(client, answer, asked, superseded);
  await requireDisclosed(client, answer, { ...asked, breakGlass: signed.request.breakGlass });
  const { sealed, sealedBy, terms, exportable, redisclosable } = answer;
  const shared = { sealed, wrapped: wrappedBytes(answer) };
  const context = { ...place, record, custodian: sealedBy, grantee: member };
  const opened = await openSharedRecord(shared, params.privateKey, context, terms.commitment);
  const { document: _document, salt: _salt, ...disclosure } = answer.disclosure;
  return { ...opened, terms, status, exportable, redisclosable, disclosure };
}

interface Asked {
  readonly record: string;
  readonly subject: string;
  readonly category: number;
  readonly purpose: number;
  readonly custodian: number;
  readonly member: number;
}

/** The terms are those of the record that was asked for, and they stand on chain. */
async function requireAnchored(
  client: Client,
  { terms, origin }: RecordAnswer,
  { record, category }: Asked,
  superseded: boolean,
): Promise<"Current" | "Superseded"> {
  if (hashRecord(terms) !== record.toLowerCase())
    throw disclosureError("RecordAnswerForeign", { field: "record" });
  if (terms.category !== category) throw disclosureError("RecordAnswerForeign", { field: "category" });
  const status = await recordChain(client).standingOf(terms, origin);
  if (status === "Retracted") throw disclosureError("RecordWithdrawn");
  if (status === "Superseded" && !superseded) throw disclosureError("RecordOutdated");
  if (status === "Unknown") throw disclosureError("RecordAnswerForeign", { field: "record" });
  return status;
}

/** The chain says that this member got this record: what the patient will read is true. */
async function requireDisclosed(
  client: Client,
  { disclosure }: RecordAnswer,
  {
    record,
    subject,
    category,
    purpose,
    custodian,
    member,
    breakGlass,
  }: Asked & { readonly breakGlass: string },
): Promise<void> {
  const { document, salt, sector, number, version, batch } = disclosure;
  const receipt = (await client.rpc.request("eth_getTransactionReceipt", [
    disclosure.transactionHash,
  ])) as RpcReceipt | null;
  const expected: Partial<DisclosureRecordedEvent> = {
    subject: subject.toLowerCase(),
    grantee: member,
    custodian,
    category,
    purpose,
    document: document.toLowerCase(),
    sector,
    number,
    version,
    breakGlass,
  };
  const events = receipt === null ? [] : eventsOf(client, "consentRegistry", "DisclosureRecorded", receipt);
  const isRecorded = events.some((event) =>
    Object.entries(expected).every(([name, value]) => event[name as keyof DisclosureRecordedEvent] === value),
  );
  const words = { subject, grantee: member, category, purpose, document, breakGlass };
  const isTrue =
    isRecorded &&
    commitDisclosure(record, salt).document === document.toLowerCase() &&
    (batch === undefined ||
      (await verifyDisclosure(client, { custodian, ...batch, disclosure: words, sector, number, version })));
  if (!isTrue) throw disclosureError("RecordAnswerForeign", { field: "disclosure" });
}
