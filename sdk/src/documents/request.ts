import {
  type TypedDataDomain,
  type TypedDataField,
  hexlify,
  isAddress,
  isHexString,
  verifyTypedData,
  zeroPadValue,
} from "ethers";

import { type PrescriptionPlace, memberBytes, placeBytes, siteBytes } from "./bytes.ts";
import { documentError } from "./errors.ts";

/** Signs EIP-712 data; an ethers `Signer` is one. */
export interface RequestSigner {
  getAddress(): Promise<string>;
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string>;
}

/** A request for a prescription's document, as it is signed. */
export interface DocumentRequest extends PrescriptionPlace {
  /** Member whose custodian is asked. */
  readonly custodian: number;
  /** Pharmacy that holds the lock. */
  readonly member: number;
  /** Its site that holds the lock. */
  readonly site: number;
  /** Operator key of the signer: its address, left-padded to 32 bytes. */
  readonly operator: string;
  /** HTTP method; always `POST`. */
  readonly method: string;
  /** Path below the custodian's endpoint: `/documents/{prescription}`. */
  readonly path: string;
  /** When it was signed, unix seconds. */
  readonly issuedAt: number;
  /** 32 random bytes; each is good once. */
  readonly nonce: string;
}

/** A request and its signature, as they travel in the body. */
export interface SignedDocumentRequest {
  readonly request: DocumentRequest;
  /** 65-byte ECDSA signature. */
  readonly signature: string;
}

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

/** EIP-712 domain of the request: the registry's, under the custodian's own name. */
export function documentRequestDomain(
  place: Pick<PrescriptionPlace, "chainId" | "registry">,
): TypedDataDomain {
  return {
    name: "CareLedger Custodian",
    version: "1",
    chainId: place.chainId,
    verifyingContract: place.registry,
  };
}

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
  const signature = await signer.signTypedData(
    documentRequestDomain(request),
    DOCUMENT_REQUEST_TYPES,
    signedFields(request),
  );
  return { request, signature };
}

/** JSON body of a signed request. */
export function encodeDocumentRequest({ request, signature }: SignedDocumentRequest): string {
  return JSON.stringify({ request, signature });
}

const FIELDS: Readonly<Record<keyof DocumentRequest, (value: unknown) => boolean>> = {
  chainId: (value) => isUint(value, Number.MAX_SAFE_INTEGER),
  registry: (value) => typeof value === "string" && isAddress(value),
  prescription: isWord,
  custodian: (value) => isUint(value, 0xffff_ffff),
  member: (value) => isUint(value, 0xffff_ffff),
  site: (value) => isUint(value, 0xffff),
  operator: isWord,
  method: (value) => typeof value === "string" && value.length <= 16,
  path: (value) => typeof value === "string" && value.length <= 128,
  issuedAt: (value) => isUint(value, Number.MAX_SAFE_INTEGER),
  nonce: isWord,
};

/**
 * Read the body of a request. Every field must be there with its type, and nothing else.
 * @throws `DocumentRequestMalformed` naming the field.
 */
export function decodeDocumentRequest(body: string): SignedDocumentRequest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw documentError("DocumentRequestMalformed", { field: "body" });
  }
  const { request, signature, ...rest } = requireRecord(parsed, "body");
  if (Object.keys(rest).length > 0) throw documentError("DocumentRequestMalformed", { field: "body" });
  const fields = requireRecord(request, "request");
  for (const [name, valid] of Object.entries(FIELDS)) {
    if (!valid(fields[name])) throw documentError("DocumentRequestMalformed", { field: name });
  }
  if (Object.keys(fields).some((name) => !(name in FIELDS))) {
    throw documentError("DocumentRequestMalformed", { field: "request" });
  }
  if (!isHexString(signature, 65)) throw documentError("DocumentRequestMalformed", { field: "signature" });
  return { request: fields as unknown as DocumentRequest, signature };
}

/**
 * Check that the operator named in the request signed it.
 * @throws `DocumentRequestSignatureInvalid`
 */
export function verifyDocumentRequest({ request, signature }: SignedDocumentRequest): void {
  let signer: string;
  try {
    signer = verifyTypedData(
      documentRequestDomain(request),
      DOCUMENT_REQUEST_TYPES,
      signedFields(request),
      signature,
    );
  } catch (cause) {
    throw documentError("DocumentRequestSignatureInvalid", {}, cause);
  }
  if (zeroPadValue(signer, 32).toLowerCase() !== request.operator.toLowerCase()) {
    throw documentError("DocumentRequestSignatureInvalid");
  }
}

function signedFields(request: DocumentRequest): Record<string, unknown> {
  const { chainId: _chainId, registry: _registry, ...fields } = request;
  return fields;
}

function isWord(value: unknown): boolean {
  return isHexString(value, 32);
}

function isUint(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}

function requireRecord(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw documentError("DocumentRequestMalformed", { field });
  }
  return value as Record<string, unknown>;
}
