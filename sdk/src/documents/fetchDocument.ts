import { CareLedgerError } from "../core/errors.ts";
import { ERROR_CODE_SYSTEM } from "../core/operationOutcome.ts";
import { type Bytes, joinBytes } from "./bytes.ts";
import { MAX_SEALED_LENGTH, type OpenedDocument, openDocument } from "./cipher.ts";
import { documentError } from "./errors.ts";
import {
  type DocumentRequestTerms,
  type RequestSigner,
  createDocumentRequest,
  documentPath,
  encodeDocumentRequest,
} from "./request.ts";

/** What {@link fetchDocument} needs. */
export interface FetchDocumentParameters extends DocumentRequestTerms {
  /** The custodian's endpoint, as the member published it. HTTPS; plain HTTP on the loopback interface only. */
  readonly endpoint: string;
  /** An operator with DISPENSE or SUBMIT at `member`. */
  readonly signer: RequestSigner;
  /** From the holder's envelope or QR code, 32 bytes. */
  readonly documentKey: Uint8Array;
  /**
   * Member that sealed the document: the prescription's issuer. Default `custodian`; they differ when the issuer closed
   * and `custodian` is the successor that keeps its documents. What is sealed stays bound to who sealed it.
   */
  readonly sealedFor?: number;
  /** The commitment of the prescription's terms on chain. */
  readonly commitment: string;
  /** How long the whole exchange may take, milliseconds. Default 15,000. */
  readonly timeout?: number;
  /** The clock, unix seconds. */
  readonly now?: () => number;
}

const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * Fetch a prescription's document from its custodian, open it and check it against the chain. What it returns is the
 * document that was issued; a custodian that sends anything else is found out and nothing is accepted.
 *
 * @throws `CustodianEndpointInvalid`; `CustodianUnreachable` (repeat it); `CustodianRefused` with the custodian's `reason`
 * and `status`; `CustodianAnswerTooLarge`; `DocumentUnreadable`, `DocumentMalformed`, `DocumentMismatch` as
 * {@link openDocument}; `DocumentContextInvalid`, `DocumentKeyInvalid`, `CommitmentInvalid`.
 * @example
 * const { document } = await fetchDocument({ endpoint, signer, documentKey, commitment, chainId, registry, prescription,
 *   custodian, member, site });
 * // A closed issuer's successor answers for it:
 * const { value: endpoint, member: custodian } = await getEndpoint(client, terms.issuer);
 * await fetchDocument({ ...others, endpoint, custodian, sealedFor: terms.issuer });
 */
export async function fetchDocument(parameters: FetchDocumentParameters): Promise<OpenedDocument> {
  const url = documentUrl(parameters.endpoint, parameters.prescription);
  const signed = await createDocumentRequest(parameters.signer, parameters, parameters.now?.());
  const signal = AbortSignal.timeout(parameters.timeout ?? 15_000);
  let response: Response;
  let sealed: Bytes;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/octet-stream" },
      body: encodeDocumentRequest(signed),
      // A signed request goes to the published endpoint and nowhere else.
      redirect: "error",
      signal,
    });
    sealed = await readLimited(response);
  } catch (cause) {
    if (cause instanceof CareLedgerError) throw cause;
    throw documentError("CustodianUnreachable", {}, cause);
  }
  if (response.status !== 200) throw documentError("CustodianRefused", refusalOf(response.status, sealed));
  const context = { ...parameters, custodian: parameters.sealedFor ?? parameters.custodian };
  return openDocument(sealed, parameters.documentKey, context, parameters.commitment);
}

function documentUrl(endpoint: string, prescription: string): string {
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
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}${documentPath(prescription)}`;
}

async function readLimited(response: Response): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joinBytes(...parts);
    length += value.length;
    if (length > MAX_SEALED_LENGTH) {
      void reader.cancel().catch(() => undefined);
      throw documentError("CustodianAnswerTooLarge", { limit: MAX_SEALED_LENGTH });
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
