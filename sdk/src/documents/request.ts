import { type TypedDataField, hexlify, zeroPadValue } from "ethers";

import { type PrescriptionPlace, memberBytes, placeBytes, siteBytes } from "./bytes.ts";
import {
  COMMON_FIELDS,
  type CustodianRequest,
  type RequestForm,
  type RequestSigner,
  type Signed,
  decodeRequest,
  isUint,
  isWord,
  signRequest,
  verifyRequest,
} from "./signedRequest.ts";

/** A request for a prescription's document, as it is signed. */
export interface DocumentRequest extends PrescriptionPlace, CustodianRequest {
  /** Pharmacy that holds the lock. */
  readonly member: number;
  /** Its site that holds the lock. */
  readonly site: number;
}

/** A request and its signature, as they travel in the body. */
export type SignedDocumentRequest = Signed<DocumentRequest>;

/** EIP-712 types of the request. */
export const DOCUMENT_REQUEST_TYPES: Record<string, TypedDataField[]> = {
  DocumentRequest: [
    { name: "prescription", type: "bytes32" },
    { name: "custodian", type: "uint32" },
    { name: "member", type: "uint32" },
    { name: "site", type: "uint16" },
    { name: "operator", type: "bytes32" },
    { name: "method", type: "string" },
    { name: "path", type: "string" },
    { name: "issuedAt", type: "uint64" },
    { name: "nonce", type: "bytes32" },
  ],
};

/** Path of a prescription's document below a custodian's endpoint. */
export function documentPath(prescription: string): string {
  return `/documents/${prescription.toLowerCase()}`;
}

/** What a pharmacy asks with. */
export interface DocumentRequestTerms extends PrescriptionPlace {
  readonly custodian: number;
  readonly member: number;
  readonly site: number;
}

/**
 * Build and sign a request for a prescription's document. It is good once, for about a minute.
 *
 * @param signer An operator with DISPENSE or SUBMIT at `terms.member`.
 * @param terms The prescription, its custodian and the lock's member and site.
 * @param now Unix seconds; the clock's when left out.
 * @throws `DocumentContextInvalid` naming the field.
 * @example
 * const signed = await createDocumentRequest(pharmacySystem, { chainId, registry, prescription, custodian, member, site });
 */
export async function createDocumentRequest(
  signer: RequestSigner,
  terms: DocumentRequestTerms,
  now: number = Math.floor(Date.now() / 1000),
): Promise<SignedDocumentRequest> {
  placeBytes(terms);
  memberBytes(terms.custodian, "custodian");
  memberBytes(terms.member, "member");
  siteBytes(terms.site);
  const request: DocumentRequest = {
    chainId: terms.chainId,
    registry: terms.registry,
    prescription: terms.prescription.toLowerCase(),
    custodian: terms.custodian,
    member: terms.member,
    site: terms.site,
    operator: zeroPadValue(await signer.getAddress(), 32).toLowerCase(),
    method: "POST",
    path: documentPath(terms.prescription),
    issuedAt: now,
    nonce: hexlify(crypto.getRandomValues(new Uint8Array(32))),
  };
  return signRequest(signer, request, FORM);
}

/** JSON body of a signed request. */
export function encodeDocumentRequest({ request, signature }: SignedDocumentRequest): string {
  return JSON.stringify({ request, signature });
}

const FORM: RequestForm<DocumentRequest> = {
  types: DOCUMENT_REQUEST_TYPES,
  fields: {
    ...COMMON_FIELDS,
    prescription: isWord,
    member: (value) => isUint(value, 0xffff_ffff),
    site: (value) => isUint(value, 0xffff),
  },
};

/**
 * Read the body of a request. Every field must be there with its type, and nothing else.
 * @throws `DocumentRequestMalformed` naming the field.
 */
export function decodeDocumentRequest(body: string): SignedDocumentRequest {
  return decodeRequest(body, FORM);
}

/**
 * Check that the operator named in the request signed it.
 * @throws `DocumentRequestSignatureInvalid`
 */
export function verifyDocumentRequest(signed: SignedDocumentRequest): void {
  verifyRequest(signed, FORM);
}
