import { getBytes, hexlify, randomBytes } from "ethers";

import { breakGlassIdOf, createBreakGlassTicket } from "../consent/breakGlassTicket.ts";
import { BREAK_GLASS_LIFE } from "../consent/getBreakGlass.ts";
import { PURPOSES } from "../consent/purposes.ts";
import { DISCLOSURES_MOST } from "../consent/recordDisclosures.ts";
import type { Duty } from "../core/duties.ts";
import { PROFESSIONAL_DUTIES } from "../core/duties.ts";
import { isCareLedgerError } from "../core/errors.ts";
import type { Bytes } from "../documents/bytes.ts";
import { documentError } from "../documents/errors.ts";
import {
  type CustodianHandler,
  type HandlerOptions,
  type HandlerSettings,
  SAFE_HEADERS,
  handlerSettings,
  idInPath,
  readBody,
  refusal,
  requireForUs,
  requireFresh,
  requireOption,
  requirePath,
} from "../documents/handler.ts";
import { importEncryptionKey } from "../documents/keys.ts";
import { shareRecord } from "../vault/shareRecord.ts";
import type { Vault } from "../vault/vault.ts";
import type { AnnouncementsStore } from "./announcementsStore.ts";
import { encodeRecordAnswer, wrappedText } from "./answer.ts";
import { commitDisclosure } from "./commitments.ts";
import type { DeskEntry, DisclosureDesk, RecordedDisclosure } from "./desk.ts";
import { disclosureError, recordStatusOf } from "./errors.ts";
import { type BreakGlassReading, type PermitReading, type RecordChain, isBreakGlass } from "./recordChain.ts";
import type { IndexedRecord, RecordIndex } from "./recordIndex.ts";
import { type BatchOptions, type Recorder, batchRecorder, singleRecorder } from "./recorder.ts";
import { type RecordRequest, decodeRecordRequest, recordPath, verifyRecordRequest } from "./recordRequest.ts";
import { ANNOUNCEMENTS_PATH, type AnnouncementsServer, announcementsServer } from "./serveAnnouncements.ts";

/** What a record custodian is made of. */
export interface RecordCustodianOptions extends HandlerOptions {
  /** The vault; its member is the custodian. */
  readonly vault: Vault;
  /** Whose record is which. */
  readonly index: RecordIndex;
  /** Where disclosures are written down before they are made. */
  readonly desk: DisclosureDesk;
  /** A client's view of the chain; it sends as a DISCLOSE operator, with a durable journal. */
  readonly chain: RecordChain;
  /**
   * How a break-glass may name this patient: its identities at the member, as `createBreakGlassTicket` takes them.
   * Without it every request under a break-glass is refused.
   */
  readonly identitiesOf?: (subject: string) => Promise<readonly string[]>;
  /** Put disclosures of many requests into one transaction. */
  readonly batch?: BatchOptions;
  /** Announcements' files of the member's batches, served to everybody who asks. Without it there is nothing at their path. */
  readonly announcements?: AnnouncementsStore;
}

/** An unanswered disclosure that is older is not used any more, seconds: the patient's list shall show when it was read. */
export const DISCLOSURE_LIFE = 600;

const RECORD_PATH = /^\/records\/(0x[0-9a-fA-F]{64})$/;
const MAY_ASK: readonly Duty[] = ["SUBMIT", ...PROFESSIONAL_DUTIES];

/**
 * Create the handler that a member mounts in its own system to serve the records of its vault to members that may read
 * them: `POST {endpoint}/records/{record}` with a signed {@link RecordRequest} as JSON.
 *
 * Who asks is an operator with SUBMIT or a professional duty at the grantee. What is asked for must be what the
 * custodian's own index says: a permit for one category or patient opens no record of another. The chain is asked at its
 * newest block; the disclosure is on chain before the key is wrapped, and right before that the chain is asked again.
 * Who may not read learns nothing of what is there: refusals are the same, after the same reads, whatever is kept. Who
 * may read this category of this patient learns of a record there whether it is kept, retracted or superseded.
 *
 * Beside it, `GET {endpoint}/announcements/{root}` serves the announcements' file of a batch to everybody who asks, so that
 * viewing keys find what was anchored in it ({@link findRecords}). Nobody signs for that: the file tells nothing without a
 * viewing key. It is the one whose hash the chain has, never changes, and may be cached for good; it leaves in pieces.
 *
 * What is disclosed is first written down at the desk. After a crash, or an answer that did not arrive, the same operator
 * asks the same again (with a fresh nonce) and is served under the disclosure that is there.
 *
 * | status | errors |
 * |---|---|
 * | 400, 401, 405, 408, 413 | as {@link createCustodian} |
 * | 403 | `RecordRequestRefused` |
 * | 404 | `CustodianPathUnknown`; `RecordNotHeld`; `AnnouncementsNotHeld` |
 * | 409 | `DocumentRequestReplayed`; `RecordOutdated`, `GranteeKeyUnpublished` |
 * | 410 | `RecordWithdrawn`, `RecordDestroyed` |
 * | 500, 503 | faults of ours: `AnnouncementsCorrupt`, `CustodianStoreUnavailable`, `CustodianChainUnavailable`, `DisclosureNotRecorded`, `CustodianBusy` |
 *
 * @throws `CustodianOptionInvalid` naming the option.
 * @example
 * const chain = recordChain(createClient({ network, signer, journal: createSqliteJournal("data/sends.db") }));
 * const announcements = openAnnouncementsStore("data/custodian.db");
 * const handle = createRecordCustodian({ vault, index, desk, chain, identitiesOf, announcements });
 * const server = await serveCustodian(routeCustodians({ documents, records: handle }), { port: 8443 });
 */
export function createRecordCustodian(options: RecordCustodianOptions): CustodianHandler {
  const settings = requireOptions(options);
  return async (request) => {
    try {
      return await answer(request, settings);
    } catch (error) {
      return refusal(error, settings.onFault, recordStatusOf(error));
    }
  };
}

/**
 * Mount both custodians at one endpoint.
 * @example
 * const server = await serveCustodian(routeCustodians({ documents, records }));
 */
export function routeCustodians(handlers: {
  readonly documents: CustodianHandler;
  readonly records: CustodianHandler;
}): CustodianHandler {
  return (request) =>
    /\/(records|announcements)\/[^/]*$/.test(new URL(request.url).pathname)
      ? handlers.records(request)
      : handlers.documents(request);
}

type Settings = RecordCustodianOptions &
  HandlerSettings & {
    readonly member: number;
    readonly recorder: Recorder;
    readonly serveFile: AnnouncementsServer | undefined;
  };

function requireOptions(options: RecordCustodianOptions): Settings {
  const { vault, chain, desk, batch, announcements } = options;
  const settings = handlerSettings({ ...options, member: vault.member });
  requireOption("chain", vault.chainId === chain.chainId && sameWord(vault.registry, chain.registry));
  if (batch !== undefined) {
    const { size = DISCLOSURES_MOST, waitMs = 1, maxWaiting = size } = batch;
    requireOption("batch.size", Number.isInteger(size) && size >= 2 && size <= DISCLOSURES_MOST);
    requireOption("batch.waitMs", waitMs >= 0 && waitMs <= 60_000);
    requireOption("batch.maxWaiting", Number.isInteger(maxWaiting) && maxWaiting >= size);
  }
  const recorder =
    batch === undefined
      ? singleRecorder(chain, desk, vault.member)
      : batchRecorder(chain, desk, vault.member, batch);
  const serveFile = announcements === undefined ? undefined : announcementsServer(announcements, chain);
  return { ...settings, recorder, serveFile };
}

async function answer(http: Request, settings: Settings): Promise<Response> {
  const { basePath, bodyTimeout, chain, desk, member, now, serveFile } = settings;
  if (serveFile !== undefined && idInPath(http, basePath, ANNOUNCEMENTS_PATH) !== undefined)
    return serveFile(http, basePath);
  const path = recordPath(requirePath(http, basePath, RECORD_PATH));
  const signed = decodeRecordRequest(await readBody(http, bodyTimeout));
  const { request } = signed;
  requireForUs(request, { chainId: chain.chainId, registry: chain.registry, member }, http.method, path, {
    record: recordPath(request.record) === path,
  });
  requireFresh(request, settings);
  verifyRecordRequest(signed);
  await requireAllowed(request, settings);
  const found = await requireThere(request, settings);
  const entry = await atTheDesk(() =>
    desk.open(request.nonce, newEntry(request, now()), now() - DISCLOSURE_LIFE),
  );
  const recorded = await settings.recorder.record(entry);
  // The disclosure took a block: the chain is asked once more before the key is wrapped.
  const reading = await requireAllowed(request, settings);
  await requireCurrent(request, found, settings);
  return serve(request, found, { ...entry, recorded }, reading, settings);
}

// ── may the asker ask? ───────────────────────────────────────────────────────────────────────────────────────────────

async function requireAllowed(request: RecordRequest, settings: Settings): Promise<PermitReading> {
  const { chain, now, maxHeadAge } = settings;
  const { subject, member, category, purpose, operator } = request;
  // The age is that of the block before the reads. All reads run, so that the time taken tells nothing of which refused.
  const { asOf, duties, reading, glass, identities } = await onChain(async () => {
    const time = await chain.asOf();
    const [found, decided, broken, names] = await Promise.all([
      chain.effectiveDuties(member, operator),
      chain.decide(subject, member, category, purpose),
      isBreakGlass(request) ? chain.breakGlass(request.breakGlass) : undefined,
      isBreakGlass(request) ? settings.identitiesOf?.(subject) : undefined,
    ]);
    return { asOf: time, duties: found, reading: decided, glass: broken, identities: names ?? [] };
  });
  if (now() - asOf > maxHeadAge) throw documentError("CustodianChainUnavailable", { asOf });
  const asks = MAY_ASK.some((duty) => duties.includes(duty));
  const allowed =
    glass === undefined
      ? reading.ruling === "Permitted"
      : glass.custodian === settings.member &&
        isLive(glass, request, duties, asOf) &&
        namesPatient(glass, request, identities) &&
        reading.ruling !== "Denied" &&
        reading.ruling !== "GranteeInactive";
  if (!asks || !allowed || member === settings.member) throw disclosureError("RecordRequestRefused");
  return glass === undefined ? reading : { ...reading, exportable: false, redisclosable: false };
}

/** Whether a break-glass allows this now: opened by this member, in time, not reviewed, for no other patient. */
function isLive(
  glass: BreakGlassReading,
  request: RecordRequest,
  duties: readonly Duty[],
  asOf: number,
): boolean {
  return (
    glass.status === "Open" &&
    glass.member === request.member &&
    asOf < glass.openedAt + BREAK_GLASS_LIFE &&
    request.purpose === PURPOSES.BTG.bit &&
    (sameWord(glass.operator, request.operator) || duties.includes("SUBMIT")) &&
    (BigInt(glass.subject) === 0n || sameWord(glass.subject, request.subject))
  );
}

/** Whether its ticket tells of this patient: then the id, a hash of the ticket, comes out. */
function namesPatient(
  { member, operator, custodian }: BreakGlassReading,
  { breakGlass, ticketSalt }: RecordRequest,
  identities: readonly string[],
): boolean {
  return identities.some((patient) => {
    try {
      const { ticket } = createBreakGlassTicket({ custodian, patient }, getBytes(ticketSalt));
      return sameWord(breakGlassIdOf({ member, operator, custodian, ticket }), breakGlass);
    } catch (error) {
      // A salt, or a member, that nobody would use: it names nobody.
      if (isCareLedgerError(error, "SaltInvalid", "InputInvalid")) return false;
      throw error;
    }
  });
}

// ── is it there, and is it what was asked for? ───────────────────────────────────────────────────────────────────────

interface Found extends IndexedRecord {
  readonly encryptionKey: Uint8Array;
}

async function requireThere(request: RecordRequest, settings: Settings): Promise<Found> {
  const { index, vault, chain } = settings;
  const found = await atTheDesk(() => index.find(request.record));
  if (
    found === undefined ||
    !sameWord(found.subject, request.subject) ||
    found.terms.category !== request.category
  ) {
    throw disclosureError("RecordNotHeld");
  }
  await requireCurrent(request, found, settings);
  const kept = await atTheDesk(() => vault.store.get(request.record));
  if (kept?.state === "Shredded") throw disclosureError("RecordDestroyed");
  if (kept === undefined) throw disclosureError("RecordNotHeld");
  const encryptionKey = await onChain(() => chain.encryptionKey(request.member));
  if (encryptionKey === undefined) throw disclosureError("GranteeKeyUnpublished");
  await importEncryptionKey(encryptionKey).catch((cause: unknown) => {
    throw disclosureError("GranteeKeyUnpublished", {}, cause);
  });
  return { ...found, encryptionKey };
}

async function requireCurrent(
  { superseded }: RecordRequest,
  { terms, origin }: IndexedRecord,
  { chain }: Settings,
): Promise<void> {
  const status = await onChain(() => chain.standingOf(terms, origin));
  if (status === "Retracted") throw disclosureError("RecordWithdrawn");
  if (status === "Unknown") throw disclosureError("RecordNotHeld");
  if (status === "Superseded" && !superseded) throw disclosureError("RecordOutdated");
}

// ── the disclosure, and the answer under it ──────────────────────────────────────────────────────────────────────────

function newEntry(request: RecordRequest, openedAt: number) {
  const { member, operator, record, subject, category, purpose, breakGlass } = request;
  const { document, salt } = commitDisclosure(record);
  const key = `disclosure:${hexlify(randomBytes(16))}`;
  return { member, operator, record, subject, category, purpose, breakGlass, key, document, salt, openedAt };
}

async function serve(
  request: RecordRequest,
  { terms, origin, encryptionKey }: Found,
  { key, document, salt, recorded }: DeskEntry & { readonly recorded: RecordedDisclosure },
  { exportable, redisclosable }: PermitReading,
  { vault, desk, now }: Settings,
): Promise<Response> {
  const { record, member: grantee } = request;
  const shared = await atTheDesk(() =>
    shareRecord(vault, { record, commitment: terms.commitment, grantee, encryptionKey }),
  );
  const body = encodeRecordAnswer({
    terms,
    origin,
    sealedBy: shared.custodian,
    wrapped: wrappedText(shared.wrapped),
    exportable,
    redisclosable,
    disclosure: { ...recorded, document, salt },
    sealed: shared.sealed,
  });
  return new Response(
    handedOver(body, () => desk.serve(key, now())),
    {
      status: 200,
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(body.length),
        ...SAFE_HEADERS,
      },
    },
  );
}

/** A body that says when it was taken: an answer that did not leave is not noted as served. */
function handedOver(body: Bytes, taken: () => Promise<void>): ReadableStream<Bytes> {
  let given = false;
  return new ReadableStream<Bytes>(
    {
      pull: async (controller) => {
        if (!given) {
          given = true;
          controller.enqueue(body);
          return;
        }
        await taken();
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

async function onChain<T>(read: () => Promise<T>): Promise<T> {
  return read().catch((cause: unknown) => {
    throw documentError("CustodianChainUnavailable", {}, cause);
  });
}

/** What is kept is not what was anchored. */
const CORRUPT = [
  "VaultRecordCorrupt",
  "RecordMismatch",
  "RecordUnreadable",
  "RecordMalformed",
  "RecordKeyNotForYou",
];

/** What the asker is told when something of ours does not work: not what. */
async function atTheDesk<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((cause: unknown) => {
    if (isCareLedgerError(cause, "DocumentRequestReplayed")) throw cause;
    if (isCareLedgerError(cause, "VaultRecordShredded")) throw disclosureError("RecordDestroyed", {}, cause);
    if (isCareLedgerError(cause, ...CORRUPT)) throw documentError("DocumentCorrupt", {}, cause);
    throw documentError("CustodianStoreUnavailable", {}, cause);
  });
}

function sameWord(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
