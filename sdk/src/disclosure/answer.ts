import { getBytes, hexlify, isAddress, isHexString } from "ethers";

import { type Bytes, joinBytes, textBytes, uintBytes } from "../documents/bytes.ts";
import { WRAPPED_LENGTH } from "../documents/keyWrap.ts";
import { isUint, isWord } from "../documents/signedRequest.ts";
import type { RecordOrigin, RecordTerms } from "../records/types.ts";
import { MAX_SEALED_RECORD_LENGTH } from "../vault/sealRecord.ts";
import type { RecordedDisclosure } from "./desk.ts";
import { disclosureError } from "./errors.ts";

/** What a custodian says beside the ciphertext. */
export interface RecordAnswerHead {
  readonly terms: RecordTerms;
  readonly origin: RecordOrigin;
  /** Member that sealed the record. */
  readonly sealedBy: number;
  /** The record key wrapped to the grantee's encryption key, 114 bytes in hexadecimal. */
  readonly wrapped: string;
  /** The grantee may take the data out of the consortium. */
  readonly exportable: boolean;
  /** The grantee may pass the data on. */
  readonly redisclosable: boolean;
  /** The disclosure on chain, and the salt of its commitment. */
  readonly disclosure: RecordedDisclosure & { readonly document: string; readonly salt: string };
}

/** A custodian's answer. */
export interface RecordAnswer extends RecordAnswerHead {
  readonly sealed: Bytes;
}

const HEAD_LENGTH = 4;
const MAX_HEAD_LENGTH = 16_384;

/** Most bytes of an answer. */
export const MAX_ANSWER_LENGTH = HEAD_LENGTH + MAX_HEAD_LENGTH + MAX_SEALED_RECORD_LENGTH;

/** `uint32 length ‖ head as JSON ‖ sealed record`. */
export function encodeRecordAnswer({ sealed, ...head }: RecordAnswer): Bytes {
  const json = textBytes(JSON.stringify(head));
  return joinBytes(uintBytes(json.length, HEAD_LENGTH), json, sealed);
}

/**
 * Read an answer. Every field that is used must be there with its type.
 * @throws `RecordAnswerMalformed` naming the field.
 */
export function decodeRecordAnswer(bytes: Bytes): RecordAnswer {
  const length = bytes.length < HEAD_LENGTH ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const end = HEAD_LENGTH + length;
  if (length === 0 || length > MAX_HEAD_LENGTH || end > bytes.length) throw malformed("length");
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(HEAD_LENGTH, end)));
  } catch {
    throw malformed("head");
  }
  checkFields(head, "head", HEAD_FIELDS);
  return { ...(head as RecordAnswerHead), sealed: bytes.slice(end) };
}

type Fields = Readonly<Record<string, (value: unknown) => unknown>>;

const isUint32 = (value: unknown): boolean => isUint(value, 0xffff_ffff, 0);
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isProof = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= 64 && value.every((each) => isWord(each));

const ORIGIN_FIELDS: Fields = { root: isWord, proof: isProof };

const HEAD_FIELDS: Fields = {
  terms: (value) =>
    checkFields(value, "terms", {
      custodian: isUint32,
      holder: (holder) => typeof holder === "string" && isAddress(holder),
      commitment: isWord,
      category: (category) => isUint(category, 31, 0),
      codeSystem: (codeSystem) => isUint(codeSystem, 0xffff, 0),
      reusableUntil: isUint32,
    }),
  origin: (value) => checkFields(value, "origin", ORIGIN_FIELDS),
  sealedBy: (value) => isUint(value, 0xffff_ffff),
  wrapped: (value) => isHexString(value, WRAPPED_LENGTH),
  exportable: isFlag,
  redisclosable: isFlag,
  disclosure: (value) =>
    checkFields(value, "disclosure", {
      transactionHash: isWord,
      blockNumber: (block) => isUint(block, Number.MAX_SAFE_INTEGER, 0),
      sector: (sector) => isUint(sector, 0xffff, 0),
      number: (number) => isUint(number, 0xff, 0),
      version: isUint32,
      document: isWord,
      salt: isWord,
      batch: (batch) => batch === undefined || checkFields(batch, "batch", ORIGIN_FIELDS),
    }),
};

function checkFields(value: unknown, field: string, fields: Fields): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(field);
  for (const [name, check] of Object.entries(fields)) {
    if (check((value as Record<string, unknown>)[name]) === false) throw malformed(name);
  }
}

function malformed(field: string): Error {
  return disclosureError("RecordAnswerMalformed", { field });
}

/** The wrapped key as bytes. */
export function wrappedBytes({ wrapped }: RecordAnswerHead): Bytes {
  return new Uint8Array(getBytes(wrapped));
}

/** Bytes as they stand in an answer's head. */
export function wrappedText(wrapped: Uint8Array): string {
  return hexlify(wrapped);
}
