import { sha256 } from "ethers";

import type { Duty } from "../core/duties.ts";
import { isCareLedgerError } from "../core/errors.ts";
import type { Bytes } from "./bytes.ts";
import type { DisclosureLog } from "./disclosures.ts";
import { documentError } from "./errors.ts";
import {
  type CustodianHandler,
  type HandlerOptions,
  type HandlerSettings,
  SAFE_HEADERS,
  handlerSettings,
  readBody,
  refusal,
  requireForUs,
  requireFresh,
  requirePath,
} from "./handler.ts";
import {
  type DocumentRequest,
  type SignedDocumentRequest,
  decodeDocumentRequest,
  documentPath,
  verifyDocumentRequest,
} from "./request.ts";
import type { DocumentStore } from "./store.ts";

/** A prescription's lock as the chain has it now. */
export interface LockReading {
  /** Whether it is live: not ended, its member may dispense, its site is open. `false` for an unknown prescription. */
  readonly live: boolean;
  /** Member of the last lock, 0 when there is none. */
  readonly member: number;
  /** Site of the last lock, 0 when there is none. */
  readonly site: number;
  /** Locks so far. */
  readonly lockCount: number;
  /** Time of the block that was read, unix seconds. */
  readonly asOf: number;
}

/** All that a custodian reads of the chain. */
export interface CustodianChain {
  readonly chainId: number;
  /** Address of the PrescriptionRegistry (its proxy). */
  readonly registry: string;
  /** Read a prescription's lock at the newest block. An unknown prescription has no live lock; that is no error. */
  lockOf(prescription: string): Promise<LockReading>;
  /** Duties that an operator may exercise for a member now. */
  effectiveDuties(member: number, operator: string): Promise<readonly Duty[]>;
}

/** What a custodian is made of. */
export interface CustodianOptions extends HandlerOptions {
  /** Member that keeps the documents, from 1; its own and those that it took over from members it succeeds. */
  readonly member: number;
  readonly store: DocumentStore;
  readonly log: DisclosureLog;
  readonly chain: CustodianChain;
}

const MAY_READ: readonly Duty[] = ["DISPENSE", "SUBMIT"];
const DOCUMENT_PATH = /^\/documents\/(0x[0-9a-fA-F]{64})$/;

/**
 * Create the handler that a member mounts in its own system to serve the prescriptions' ciphertexts it keeps:
 * `POST {endpoint}/documents/{prescription}` with a signed {@link DocumentRequest} as JSON.
 *
 * It serves only an operator with DISPENSE or SUBMIT at the member whose lock on that prescription is live on chain at
 * that moment. The disclosure is durable before the first byte leaves. Everything else is refused with the typed error
 * as a FHIR OperationOutcome; who may not read learns nothing of what is there: an unknown prescription, one that is not
 * kept here and one that another pharmacy holds give the same answer after the same reads.
 *
 * A successor serves the ciphertexts of its predecessor, as they were sealed, from its own store and under its own
 * number; the reader opens them with `sealedFor`, the member that sealed them ({@link fetchDocument}).
 *
 * | status | errors |
 * |---|---|
 * | 400 | `DocumentRequestMalformed` |
 * | 401 | `DocumentRequestNotForUs`, `DocumentRequestStale`, `DocumentRequestSignatureInvalid` |
 * | 403 | `DocumentRequestRefused` |
 * | 404 | `CustodianPathUnknown`; `DocumentNotHeld`, to the lock holder only |
 * | 405, 408, 413 | `CustodianMethodWrong`, `DocumentRequestTooSlow`, `DocumentRequestTooLarge` |
 * | 409 | `DocumentRequestReplayed` |
 * | 500, 503 | `DocumentCorrupt`; `CustodianChainUnavailable`, `CustodianStoreUnavailable` |
 *
 * @throws `CustodianOptionInvalid` naming the option.
 * @example
 * const handle = createCustodian({ member: 1, store, log, chain });
 * const server = await serveCustodian(handle, { port: 8443 });
 */
export function createCustodian(options: CustodianOptions): CustodianHandler {
  const settings = handlerSettings(options);

  return async (request) => {
    try {
      const { sealed } = await answer(request, settings);
      return new Response(sealed, {
        status: 200,
        headers: { "content-type": "application/octet-stream", ...SAFE_HEADERS },
      });
    } catch (error) {
      return refusal(error, settings.onFault);
    }
  };
}

type Settings = CustodianOptions & HandlerSettings;

async function answer(http: Request, settings: Settings): Promise<{ sealed: Bytes }> {
  const { basePath, bodyTimeout, chain, member } = settings;
  const path = documentPath(requirePath(http, basePath, DOCUMENT_PATH));
  const signed = decodeDocumentRequest(await readBody(http, bodyTimeout));
  const { request } = signed;
  requireForUs(request, { ...chain, member }, http.method, path, {
    prescription: documentPath(request.prescription) === path,
  });
  requireFresh(request, settings);
  verifyDocumentRequest(signed);
  const lock = await requireAllowed(signed, settings);
  return { sealed: await disclose(request, lock, settings) };
}

async function requireAllowed({ request }: SignedDocumentRequest, settings: Settings): Promise<LockReading> {
  const { chain, now, maxHeadAge } = settings;
  // Both reads always run, so that the time taken tells nothing of which of them refused.
  const [lock, duties] = await Promise.all([
    chain.lockOf(request.prescription),
    chain.effectiveDuties(request.member, request.operator),
  ]).catch((cause: unknown) => {
    throw documentError("CustodianChainUnavailable", {}, cause);
  });
  if (now() - lock.asOf > maxHeadAge) throw documentError("CustodianChainUnavailable", { asOf: lock.asOf });
  const holds = lock.live && lock.member === request.member && lock.site === request.site;
  if (!holds || !MAY_READ.some((duty) => duties.includes(duty)))
    throw documentError("DocumentRequestRefused");
  return lock;
}

async function disclose(request: DocumentRequest, lock: LockReading, settings: Settings): Promise<Bytes> {
  const { store, log, now } = settings;
  const sealed = await store.get(request.prescription).catch((cause: unknown) => {
    if (isCareLedgerError(cause, "DocumentCorrupt")) throw cause;
    throw documentError("CustodianStoreUnavailable", {}, cause);
  });
  if (sealed === undefined) throw documentError("DocumentNotHeld");
  const record = {
    at: now(),
    prescription: request.prescription,
    member: lock.member,
    site: lock.site,
    lockCount: lock.lockCount,
    operator: request.operator,
    nonce: request.nonce,
    hash: sha256(sealed),
  };
  await log.record(record).catch((cause: unknown) => {
    if (isCareLedgerError(cause, "DocumentRequestReplayed")) throw cause;
    throw documentError("CustodianStoreUnavailable", {}, cause);
  });
  return sealed;
}
