import {
  type TypedDataDomain,
  type TypedDataField,
  isAddress,
  isHexString,
  verifyTypedData,
  zeroPadValue,
} from "ethers";

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

/** What every request to a custodian says. */
export interface CustodianRequest {
  /** Chain id, from 1 to 2^53-1. */
  readonly chainId: number;
  /** Address of the registry that it is about (its proxy). */
  readonly registry: string;
  /** Member whose custodian is asked. */
  readonly custodian: number;
  /** Operator key of the signer: its address, left-padded to 32 bytes. */
  readonly operator: string;
  /** HTTP method; always `POST`. */
  readonly method: string;
  /** Path below the custodian's endpoint. */
  readonly path: string;
  /** When it was signed, unix seconds. */
  readonly issuedAt: number;
  /** 32 random bytes; each is good once. */
  readonly nonce: string;
}

/** One kind of request: its EIP-712 types, and for each field what may stand in it. */
export interface RequestForm<R extends CustodianRequest> {
  readonly types: Record<string, TypedDataField[]>;
  readonly fields: Readonly<Record<keyof R, (value: unknown) => boolean>>;
}

/** A request and its signature. */
export interface Signed<R> {
  readonly request: R;
  /** 65-byte ECDSA signature. */
  readonly signature: string;
}

/** EIP-712 domain of requests: the registry's, under the custodian's own name. */
export function documentRequestDomain(
  place: Pick<CustodianRequest, "chainId" | "registry">,
): TypedDataDomain {
  return {
    name: "CareLedger Custodian",
    version: "1",
    chainId: place.chainId,
    verifyingContract: place.registry,
  };
}

/** What the fields that every request has may hold. */
export const COMMON_FIELDS: RequestForm<CustodianRequest>["fields"] = {
  chainId: (value) => isUint(value, Number.MAX_SAFE_INTEGER),
  registry: (value) => typeof value === "string" && isAddress(value),
  custodian: (value) => isUint(value, 0xffff_ffff),
  operator: isWord,
  method: (value) => typeof value === "string" && value.length <= 16,
  path: (value) => typeof value === "string" && value.length <= 128,
  issuedAt: (value) => isUint(value, Number.MAX_SAFE_INTEGER),
  nonce: isWord,
};

/** Sign a request. */
export async function signRequest<R extends CustodianRequest>(
  signer: RequestSigner,
  request: R,
  { types }: RequestForm<R>,
): Promise<Signed<R>> {
  const signature = await signer.signTypedData(documentRequestDomain(request), types, signedFields(request));
  return { request, signature };
}

/**
 * Read the body of a request. Every field must be there with its type, and nothing else.
 * @throws `DocumentRequestMalformed` naming the field.
 */
export function decodeRequest<R extends CustodianRequest>(body: string, form: RequestForm<R>): Signed<R> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw documentError("DocumentRequestMalformed", { field: "body" });
  }
  const { request, signature, ...rest } = requireRecord(parsed, "body");
  if (Object.keys(rest).length > 0) throw documentError("DocumentRequestMalformed", { field: "body" });
  const fields = requireRecord(request, "request");
  for (const [name, valid] of Object.entries<(value: unknown) => boolean>(form.fields)) {
    if (!valid(fields[name])) throw documentError("DocumentRequestMalformed", { field: name });
  }
  if (Object.keys(fields).some((name) => !Object.hasOwn(form.fields, name))) {
    throw documentError("DocumentRequestMalformed", { field: "request" });
  }
  if (!isHexString(signature, 65)) throw documentError("DocumentRequestMalformed", { field: "signature" });
  return { request: fields as unknown as R, signature };
}

/**
 * Check that the operator named in the request signed it.
 * @throws `DocumentRequestSignatureInvalid`
 */
export function verifyRequest<R extends CustodianRequest>(
  { request, signature }: Signed<R>,
  { types }: RequestForm<R>,
): void {
  let signer: string;
  try {
    signer = verifyTypedData(documentRequestDomain(request), types, signedFields(request), signature);
  } catch (cause) {
    throw documentError("DocumentRequestSignatureInvalid", {}, cause);
  }
  if (zeroPadValue(signer, 32).toLowerCase() !== request.operator.toLowerCase()) {
    throw documentError("DocumentRequestSignatureInvalid");
  }
}

function signedFields(request: CustodianRequest): Record<string, unknown> {
  const { chainId: _chainId, registry: _registry, ...fields } = request;
  return fields;
}

/** 32 bytes in hexadecimal. */
export function isWord(value: unknown): boolean {
  return isHexString(value, 32);
}

/** A whole number from `least` to `most`. */
export function isUint(value: unknown, most: number, least = 1): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function requireRecord(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw documentError("DocumentRequestMalformed", { field });
  }
  return value as Record<string, unknown>;
}
