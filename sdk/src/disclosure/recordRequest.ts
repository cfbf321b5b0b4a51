import { type TypedDataField, ZeroHash, hexlify, zeroPadValue } from "ethers";

import { memberBytes, registryBytes } from "../documents/bytes.ts";
import { documentError } from "../documents/errors.ts";
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
} from "../documents/signedRequest.ts";

/** What a grantee asks with. */
export interface RecordRequestTerms {
  /** Chain id, from 1 to 2^53-1. */
  readonly chainId: number;
  /** Address of the RecordRegistry (its proxy). */
  readonly registry: string;
  /** Record id, 32 bytes. */
  readonly record: string;
  /** Subject id at the custodian, 32 bytes. */
  readonly subject: string;
  /** Bit number of the data category, from 0 to 31. */
  readonly category: number;
  /** Bit number of the HL7 purpose of use, from 0 to 63; 60 (BTG) with a break-glass. */
  readonly purpose: number;
  /** Member whose custodian is asked, from 1. */
  readonly custodian: number;
  /** Member that asks, from 1. */
  readonly member: number;
  /** Id of the break-glass that stands in for a consent; zero or absent without one. */
  readonly breakGlass?: string | undefined;
  /** The salt of its ticket, 32 bytes, see `createBreakGlassTicket`; zero or absent without one. */
  readonly ticketSalt?: string | undefined;
  /** Ask for the content even if another record took its place. */
  readonly superseded?: boolean | undefined;
}

/** A request for a record, as it is signed. */
export interface RecordRequest extends CustodianRequest {
  readonly record: string;
  readonly subject: string;
  readonly category: number;
  readonly purpose: number;
  readonly breakGlass: string;
  readonly ticketSalt: string;
  readonly superseded: boolean;
  /** Member that asks. */
  readonly member: number;
}

/** A request and its signature, as they travel in the body. */
export type SignedRecordRequest = Signed<RecordRequest>;

/** EIP-712 types of the request; its domain is `documentRequestDomain` with the RecordRegistry. */
export const RECORD_REQUEST_TYPES: Record<string, TypedDataField[]> = {
  RecordRequest: [
    { name: "record", type: "bytes32" },
    { name: "subject", type: "bytes32" },
    { name: "category", type: "uint8" },
    { name: "purpose", type: "uint8" },
    { name: "breakGlass", type: "bytes32" },
    { name: "ticketSalt", type: "bytes32" },
    { name: "superseded", type: "bool" },
    { name: "custodian", type: "uint32" },
    { name: "member", type: "uint32" },
    { name: "operator", type: "bytes32" },
    { name: "method", type: "string" },
    { name: "path", type: "string" },
    { name: "issuedAt", type: "uint64" },
    { name: "nonce", type: "bytes32" },
  ],
};

/** Highest bit number of a data category and of a purpose. */
const CATEGORY_HIGHEST = 31;
const PURPOSE_HIGHEST = 63;

const FORM: RequestForm<RecordRequest> = {
  types: RECORD_REQUEST_TYPES,
  fields: {
    ...COMMON_FIELDS,
    record: isWord,
    subject: isWord,
    category: (value) => isUint(value, CATEGORY_HIGHEST, 0),
    purpose: (value) => isUint(value, PURPOSE_HIGHEST, 0),
    breakGlass: isWord,
    ticketSalt: isWord,
    superseded: (value) => typeof value === "boolean",
    member: (value) => isUint(value, 0xffff_ffff),
  },
};

/** Path of a record below a custodian's endpoint. */
export function recordPath(record: string): string {
  return `/records/${record.toLowerCase()}`;
}

/**
 * Build and sign a request for a record. It is good once, for about a minute.
 *
 * @param signer A SUBMIT operator or a professional of `terms.member`.
 * @param now Unix seconds; the clock's when left out.
 * @throws `DocumentContextInvalid` naming the field.
 * @example
 * const signed = await createRecordRequest(clinicSystem, { chainId, registry, record, subject, category, purpose,
 *   custodian, member });
 */
export async function createRecordRequest(
  signer: RequestSigner,
  terms: RecordRequestTerms,
  now: number = Math.floor(Date.now() / 1000),
): Promise<SignedRecordRequest> {
  registryBytes(terms.chainId, terms.registry, terms.record, "record");
  memberBytes(terms.custodian, "custodian");
  memberBytes(terms.member, "member");
  const { breakGlass = ZeroHash, ticketSalt = ZeroHash, superseded = false } = terms;
  const request: RecordRequest = {
    chainId: terms.chainId,
    registry: terms.registry,
    record: terms.record.toLowerCase(),
    subject: String(terms.subject).toLowerCase(),
    category: terms.category,
    purpose: terms.purpose,
    breakGlass: breakGlass.toLowerCase(),
    ticketSalt: ticketSalt.toLowerCase(),
    superseded,
    custodian: terms.custodian,
    member: terms.member,
    operator: zeroPadValue(await signer.getAddress(), 32).toLowerCase(),
    method: "POST",
    path: recordPath(terms.record),
    issuedAt: now,
    nonce: hexlify(crypto.getRandomValues(new Uint8Array(32))),
  };
  for (const field of ["subject", "category", "purpose", "breakGlass", "ticketSalt"] as const) {
    if (!FORM.fields[field](request[field])) throw documentError("DocumentContextInvalid", { field });
  }
  return signRequest(signer, request, FORM);
}

/** JSON body of a signed request. */
export function encodeRecordRequest({ request, signature }: SignedRecordRequest): string {
  return JSON.stringify({ request, signature });
}

/**
 * Read the body of a request. Every field must be there with its type, and nothing else.
 * @throws `DocumentRequestMalformed` naming the field.
 */
export function decodeRecordRequest(body: string): SignedRecordRequest {
  return decodeRequest(body, FORM);
}

/**
 * Check that the operator named in the request signed it.
 * @throws `DocumentRequestSignatureInvalid`
 */
export function verifyRecordRequest(signed: SignedRecordRequest): void {
  verifyRequest(signed, FORM);
}
