import { sha256 } from "ethers";

import type { Duty } from "../core/duties.ts";
import { CareLedgerError, isCareLedgerError } from "../core/errors.ts";
import { toOperationOutcome } from "../core/operationOutcome.ts";
import { type Bytes, joinBytes } from "./bytes.ts";
import type { DisclosureLog } from "./disclosures.ts";
import { documentError, statusOfError } from "./errors.ts";
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
export interface CustodianOptions {
  /** Member that keeps the documents, from 1; its own and those that it took over from members it succeeds. */
  readonly member: number;
  readonly store: DocumentStore;
  readonly log: DisclosureLog;
  readonly chain: CustodianChain;
  /** Path of the published endpoint, without a slash at its end; empty when the endpoint is a bare origin. */
  readonly basePath?: string;
  /** How far a request's time may lie from the clock, seconds, from 1 to 600. Default 60. */
  readonly window?: number;
  /** How old the newest block may be, seconds; an older one means that the node lags and may show a lock that ended. Default 120. */
  readonly maxHeadAge?: number;
  /** How long a body may take to arrive, milliseconds. Default 5,000. */
  readonly bodyTimeout?: number;
  /** The clock, unix seconds. */
  readonly now?: () => number;
  /** Told of faults on the custodian's own side (chain, store, corrupt rows), for its log. */
  readonly onFault?: (fault: CareLedgerError) => void;
}

/** A web-standard request handler. */
export type CustodianHandler = (request: Request) => Promise<Response>;

/** Longest request body, bytes; a signed request takes about 800. */
export const MAX_REQUEST_LENGTH = 4_096;

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
  const settings = requireOptions(options);

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

type Settings = Required<Omit<CustodianOptions, "onFault">> & Pick<CustodianOptions, "onFault">;

function requireOptions(options: CustodianOptions): Settings {
  const settings = {
    basePath: "",
    window: 60,
    maxHeadAge: 120,
    bodyTimeout: 5_000,
    now: () => Math.floor(Date.now() / 1000),
    ...options,
  };
  const requireOption = (field: string, valid: boolean): void => {
    if (!valid) throw documentError("CustodianOptionInvalid", { field });
  };
  requireOption("member", Number.isInteger(settings.member) && settings.member >= 1);
  requireOption("basePath", /^(\/[^/?#]+)*$/.test(settings.basePath));
  requireOption("window", settings.window >= 1 && settings.window <= 600);
  requireOption("maxHeadAge", settings.maxHeadAge > 0);
  requireOption("bodyTimeout", settings.bodyTimeout > 0);
  return settings;
}

async function answer(http: Request, settings: Settings): Promise<{ sealed: Bytes }> {
  const path = requirePath(http, settings.basePath);
  const signed = decodeDocumentRequest(await readBody(http, settings.bodyTimeout));
  requireForUs(signed.request, http.method, path, settings);
  requireFresh(signed.request, settings);
  verifyDocumentRequest(signed);
  const lock = await requireAllowed(signed, settings);
  return { sealed: await disclose(signed.request, lock, settings) };
}

function requirePath(http: Request, basePath: string): string {
  const { pathname } = new URL(http.url);
  const path = pathname.startsWith(basePath) ? pathname.slice(basePath.length) : "";
  const prescription = DOCUMENT_PATH.exec(path)?.[1];
  if (prescription === undefined) throw documentError("CustodianPathUnknown");
  if (http.method !== "POST") throw documentError("CustodianMethodWrong");
  return documentPath(prescription);
}

async function readBody(http: Request, timeout: number): Promise<string> {
  if (http.body === null) return "";
  const reader = http.body.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(documentError("DocumentRequestTooSlow", { limit: timeout })), timeout);
  });
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) break;
      length += value.length;
      if (length > MAX_REQUEST_LENGTH)
        throw documentError("DocumentRequestTooLarge", { limit: MAX_REQUEST_LENGTH });
      parts.push(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    if (error instanceof CareLedgerError) throw error;
    throw documentError("DocumentRequestMalformed", { field: "body" }, error);
  } finally {
    clearTimeout(timer);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(joinBytes(...parts));
  } catch (cause) {
    throw documentError("DocumentRequestMalformed", { field: "body" }, cause);
  }
}

function requireForUs(request: DocumentRequest, method: string, path: string, settings: Settings): void {
  const { chain, member } = settings;
  const wrong =
    (request.chainId !== chain.chainId && "chainId") ||
    (request.registry.toLowerCase() !== chain.registry.toLowerCase() && "registry") ||
    (request.custodian !== member && "custodian") ||
    (request.method !== method && "method") ||
    (request.path !== path && "path") ||
    (documentPath(request.prescription) !== path && "prescription");
  if (wrong) throw documentError("DocumentRequestNotForUs", { field: wrong });
}

function requireFresh(request: DocumentRequest, { now, window }: Settings): void {
  if (Math.abs(now() - request.issuedAt) > window) throw documentError("DocumentRequestStale", { window });
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

const SAFE_HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

function refusal(error: unknown, onFault: CustodianOptions["onFault"]): Response {
  const status = statusOfError(error);
  if (status >= 500 && onFault !== undefined) {
    onFault(error instanceof CareLedgerError ? error : documentError("CustodianStoreUnavailable", {}, error));
  }
  return new Response(JSON.stringify(toOperationOutcome(error)), {
    status,
    headers: {
      "content-type": "application/fhir+json; charset=utf-8",
      ...SAFE_HEADERS,
      ...(status === 405 ? { allow: "POST" } : {}),
      ...(status === 503 ? { "retry-after": "5" } : {}),
    },
  });
}
