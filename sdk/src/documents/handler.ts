import { CareLedgerError, isCareLedgerError } from "../core/errors.ts";
import { toOperationOutcome } from "../core/operationOutcome.ts";
import { joinBytes } from "./bytes.ts";
import { documentError, statusOfError } from "./errors.ts";
import type { CustodianRequest } from "./signedRequest.ts";

/** A web-standard request handler. */
export type CustodianHandler = (request: Request) => Promise<Response>;

/** What every custodian's handler can be told. */
export interface HandlerOptions {
  /** Path of the published endpoint, without a slash at its end; empty when the endpoint is a bare origin. */
  readonly basePath?: string;
  /** How far a request's time may lie from the clock, seconds, from 1 to 600. Default 60. */
  readonly window?: number;
  /** How old the newest block may be, seconds; an older one means that the node lags and may show what has ended. Default 120. */
  readonly maxHeadAge?: number;
  /** How long a body may take to arrive, milliseconds. Default 5,000. */
  readonly bodyTimeout?: number;
  /** The clock, unix seconds. */
  readonly now?: () => number;
  /** Told of faults on the custodian's own side (chain, store, corrupt rows), for its log. */
  readonly onFault?: (fault: CareLedgerError) => void;
}

/** {@link HandlerOptions} with their defaults. */
export type HandlerSettings = Required<Omit<HandlerOptions, "onFault">> & Pick<HandlerOptions, "onFault">;

/** Longest request body, bytes; a signed request takes about 800. */
export const MAX_REQUEST_LENGTH = 4_096;

/** Headers of every answer that is for one reader. */
export const SAFE_HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/**
 * Options with their defaults.
 * @throws `CustodianOptionInvalid` naming the option.
 */
export function handlerSettings<O extends HandlerOptions & { readonly member: number }>(
  options: O,
): O & HandlerSettings {
  const settings = {
    basePath: "",
    window: 60,
    maxHeadAge: 120,
    bodyTimeout: 5_000,
    now: () => Math.floor(Date.now() / 1000),
    ...options,
  };
  requireOption("member", Number.isInteger(settings.member) && settings.member >= 1);
  requireOption("basePath", /^(\/[^/?#]+)*$/.test(settings.basePath));
  requireOption("window", settings.window >= 1 && settings.window <= 600);
  requireOption("maxHeadAge", settings.maxHeadAge > 0);
  requireOption("bodyTimeout", settings.bodyTimeout > 0);
  return settings;
}

/** @throws `CustodianOptionInvalid` naming the option. */
export function requireOption(field: string, valid: boolean): void {
  if (!valid) throw documentError("CustodianOptionInvalid", { field });
}

/**
 * The id in the path of a request.
 * @param pattern Of the path below `basePath`; its first group is the id.
 * @param method With which it is asked for.
 * @throws `CustodianPathUnknown`, `CustodianMethodWrong`.
 */
export function requirePath(
  http: Request,
  basePath: string,
  pattern: RegExp,
  method: "POST" | "GET" = "POST",
): string {
  const id = idInPath(http, basePath, pattern);
  if (id === undefined) throw documentError("CustodianPathUnknown");
  if (http.method !== method) throw documentError("CustodianMethodWrong", { allow: method });
  return id;
}

/** The same of any method; `undefined` where the path is another. */
export function idInPath(http: Request, basePath: string, pattern: RegExp): string | undefined {
  const { pathname } = new URL(http.url);
  const path = pathname.startsWith(basePath) ? pathname.slice(basePath.length) : "";
  return pattern.exec(path)?.[1];
}

/**
 * The body as text.
 * @throws `DocumentRequestTooLarge`, `DocumentRequestTooSlow`, `DocumentRequestMalformed`.
 */
export async function readBody(http: Request, timeout: number): Promise<string> {
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

/**
 * Check that a request was signed for this custodian and this very HTTP request.
 * @param also What else must be true, by the field that is wrong when it is not.
 * @throws `DocumentRequestNotForUs` naming the field.
 */
export function requireForUs(
  request: CustodianRequest,
  us: { readonly chainId: number; readonly registry: string; readonly member: number },
  method: string,
  path: string,
  also: Readonly<Record<string, boolean>>,
): void {
  const { chainId, registry, member } = us;
  const checks = {
    chainId: request.chainId === chainId,
    registry: request.registry.toLowerCase() === registry.toLowerCase(),
    custodian: request.custodian === member,
    method: request.method === method,
    path: request.path === path,
    ...also,
  };
  const wrong = Object.entries(checks).find(([, right]) => !right);
  if (wrong !== undefined) throw documentError("DocumentRequestNotForUs", { field: wrong[0] });
}

/** @throws `DocumentRequestStale` */
export function requireFresh(
  { issuedAt }: CustodianRequest,
  { now, window }: Pick<HandlerSettings, "now" | "window">,
): void {
  if (Math.abs(now() - issuedAt) > window) throw documentError("DocumentRequestStale", { window });
}

/** A refusal as an OperationOutcome; faults of our own are told to `onFault`. */
export function refusal(
  error: unknown,
  onFault: HandlerOptions["onFault"],
  status: number = statusOfError(error),
): Response {
  if (status >= 500 && onFault !== undefined) {
    onFault(error instanceof CareLedgerError ? error : documentError("CustodianStoreUnavailable", {}, error));
  }
  return new Response(JSON.stringify(toOperationOutcome(error)), {
    status,
    headers: {
      "content-type": "application/fhir+json; charset=utf-8",
      ...SAFE_HEADERS,
      ...(isCareLedgerError(error, "CustodianMethodWrong") ? { allow: String(error.values["allow"]) } : {}),
      ...(status === 503 ? { "retry-after": "5" } : {}),
    },
  });
}
