import { MAX_SEALED_LENGTH, type OpenedDocument, openDocument } from "./cipher.ts";
import { exchange } from "./exchange.ts";
import {
  type DocumentRequestTerms,
  createDocumentRequest,
  documentPath,
  encodeDocumentRequest,
} from "./request.ts";
import type { RequestSigner } from "./signedRequest.ts";

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
  const signed = await createDocumentRequest(parameters.signer, parameters, parameters.now?.());
  const sealed = await exchange({
    endpoint: parameters.endpoint,
    path: documentPath(parameters.prescription),
    body: encodeDocumentRequest(signed),
    limit: MAX_SEALED_LENGTH,
    timeout: parameters.timeout ?? 15_000,
  });
  const context = { ...parameters, custodian: parameters.sealedFor ?? parameters.custodian };
  return openDocument(sealed, parameters.documentKey, context, parameters.commitment);
}
