import { CareLedgerError } from "../core/errors.ts";
import { ERROR_CODE_SYSTEM } from "../core/operationOutcome.ts";
import { type Bytes, joinBytes } from "./bytes.ts";
import { documentError } from "./errors.ts";

/** A request on its way to a custodian. */
export interface Exchange {
  /** The custodian's endpoint, as the member published it. HTTPS; plain HTTP on the loopback interface only. */
  readonly endpoint: string;
  /** Path below it. */
  readonly path: string;
  /** Signed request as JSON, to POST; what everybody may read is asked for without, by GET. */
  readonly body?: string | undefined;
  /** Most bytes of what is served. */
  readonly limit: number;
  /** How long the whole exchange may take, milliseconds. */
  readonly timeout: number;
}

/** Most bytes of a refusal, an OperationOutcome. */
const REFUSAL_LENGTH_MOST = 16_384;

const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * Send a request to a custodian; the bytes that it serves.
 *
 * @throws `CustodianEndpointInvalid`, `CustodianUnreachable`, `CustodianRefused` with `reason` and `status`,
 * `CustodianAnswerTooLarge`.
 */
export async function exchange({ endpoint, path, body, limit, timeout }: Exchange): Promise<Bytes> {
  const url = urlBelow(endpoint, path);
  let response: Response;
  let answer: Bytes;
  try {
    const accept = "application/octet-stream";
    response = await fetch(url, {
      ...(body === undefined
        ? { method: "GET", headers: { accept } }
        : { method: "POST", headers: { "content-type": "application/json", accept }, body }),
      // A request goes to the published endpoint and nowhere else.
      redirect: "error",
      signal: AbortSignal.timeout(timeout),
    });
    answer = await readLimited(
      response,
      response.status === 200 ? limit : Math.max(limit, REFUSAL_LENGTH_MOST),
    );
  } catch (cause) {
    if (cause instanceof CareLedgerError) throw cause;
    throw documentError("CustodianUnreachable", {}, cause);
  }
  if (response.status !== 200) throw documentError("CustodianRefused", refusalOf(response.status, answer));
  return answer;
}

function urlBelow(endpoint: string, path: string): string {
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch (cause) {
    throw documentError("CustodianEndpointInvalid", {}, cause);
  }
  const safe = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname));
  if (!safe || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw documentError("CustodianEndpointInvalid");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}${path}`;
}

async function readLimited(response: Response, limit: number): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joinBytes(...parts);
    length += value.length;
    if (length > limit) {
      void reader.cancel().catch(() => undefined);
      throw documentError("CustodianAnswerTooLarge", { limit });
    }
    parts.push(value);
  }
}

/** The reason in the custodian's OperationOutcome, if it is one of this SDK's codes; a stranger's text is not repeated. */
function refusalOf(status: number, body: Uint8Array): { status: number; reason: string } {
  const unknown = { status, reason: "unknown" };
  try {
    const outcome = JSON.parse(new TextDecoder().decode(body)) as {
      issue?: { details?: { coding?: { system?: unknown; code?: unknown }[] } }[];
    };
    const coding = outcome.issue?.[0]?.details?.coding?.[0];
    const code = coding?.code;
    if (coding?.system !== ERROR_CODE_SYSTEM || typeof code !== "string" || !/^[A-Za-z]{1,64}$/.test(code)) {
      return unknown;
    }
    return { status, reason: code };
  } catch {
    return unknown;
  }
}
