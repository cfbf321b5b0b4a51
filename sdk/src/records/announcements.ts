import { concat, getAddress, getBytes, hexlify, keccak256, toBeHex } from "ethers";

import { checkAddress, checkList, checkMember, checkNumber, checkObject } from "../core/input.ts";
import { joinBytes, textBytes } from "../documents/bytes.ts";
import type { EphemeralKey } from "../holder/stealth.ts";
import { checkEphemeralKey } from "../prescriptions/input.ts";
import { recordError } from "./errors.ts";
import { RECORD_BATCH_MOST, checkRecord } from "./input.ts";
import type { RecordTerms } from "./types.ts";

/** One record of a batch, and what lets its patient find it. */
export interface AnnouncedRecord {
  readonly record: RecordTerms;
  readonly ephemeralKey: EphemeralKey;
}

/** What an announcements' file says. */
export interface Announcements {
  readonly chainId: number;
  /** Address of the RecordRegistry. */
  readonly registry: string;
  readonly custodian: number;
  /** In the order of the batch's leaves. */
  readonly records: readonly AnnouncedRecord[];
}

const MAGIC = textBytes("CLRA");
const VERSION = 1;
const HEAD_LENGTH = 4 + 1 + 8 + 20 + 4 + 4;
const ENTRY_LENGTH = 33 + 1 + 20 + 32 + 1 + 2 + 4;

/**
 * Write the announcements' file of a batch: what `RecordsAnchored.announcements` is the keccak256 of. The custodian serves it
 * to everybody who asks, as the chain serves single announcements; only viewing keys find anything in it.
 *
 * ```text
 * head   "CLRA" ‖ 01 ‖ chain id (8) ‖ registry (20) ‖ custodian (4) ‖ count (4)                          41 bytes
 * record ephemeral key (33) ‖ view tag (1) ‖ holder (20) ‖ commitment (32) ‖ category (1)
 *        ‖ code system (2) ‖ reusable until (4)                                                         93 bytes each
 * ```
 *
 * Numbers are big-endian. Records stand in the order of the leaves, so that the file gives every proof.
 *
 * @throws `InputInvalid`
 * @example
 * const file = writeAnnouncements({ chainId, registry, custodian: 2, records });
 */
export function writeAnnouncements(announcements: Announcements): Uint8Array<ArrayBuffer> {
  checkObject("announcements", announcements);
  const { chainId, registry, custodian } = announcements;
  const records = checkList("records", announcements.records, RECORD_BATCH_MOST);
  const head = concat([
    MAGIC,
    toBeHex(VERSION, 1),
    toBeHex(checkNumber("chainId", chainId, 53, 1, Number.MAX_SAFE_INTEGER), 8),
    checkAddress("registry", registry),
    toBeHex(checkMember("custodian", custodian), 4),
    toBeHex(records.length, 4),
  ]);
  const file = new Uint8Array(announcementsLength(records.length));
  file.set(getBytes(head));
  records.forEach(({ record, ephemeralKey }, index) => {
    const at = `records[${index}]`;
    const terms = checkRecord(`${at}.record`, record);
    const key = checkEphemeralKey(`${at}.ephemeralKey`, ephemeralKey);
    const entry = joinBytes(
      ...[key.prefix, key.x, key.viewTag, terms.holder, terms.commitment].map((part) => getBytes(part)),
      getBytes(toBeHex(terms.category, 1)),
      getBytes(toBeHex(terms.codeSystem, 2)),
      getBytes(toBeHex(terms.reusableUntil, 4)),
    );
    file.set(entry, HEAD_LENGTH + index * ENTRY_LENGTH);
  });
  return file;
}

/**
 * Read an announcements' file. Compare its {@link announcementsHash} with the batch's event before anything of it is
 * believed; `findRecords` does.
 *
 * @throws `AnnouncementsMalformed`
 * @example
 * const { records } = readAnnouncements(file);
 */
export function readAnnouncements(file: Uint8Array): Announcements {
  const { count, ...head } = readAnnouncementsHead(file);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const records = Array.from({ length: count }, (_, index) =>
    readEntry(file, view, HEAD_LENGTH + index * ENTRY_LENGTH, head.custodian),
  );
  return { ...head, records };
}

/**
 * The head of an announcements' file, once the length fits it.
 * @throws `AnnouncementsMalformed`
 */
export function readAnnouncementsHead(
  file: Uint8Array,
): Omit<Announcements, "records"> & { readonly count: number } {
  if (!(file instanceof Uint8Array) || file.length < HEAD_LENGTH) throw malformed("it is too short");
  if (hexlify(file.subarray(0, 4)) !== hexlify(MAGIC)) throw malformed("it does not begin with CLRA");
  if (file[4] !== VERSION) throw malformed(`its version is ${file[4]}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chainId = view.getBigUint64(5);
  if (chainId > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed("its chain id is too large");
  const custodian = view.getUint32(33);
  const count = view.getUint32(37);
  if (count === 0 || count > RECORD_BATCH_MOST || file.length !== announcementsLength(count)) {
    throw malformed("its length does not fit its count");
  }
  return { chainId: Number(chainId), registry: getAddress(hexlify(file.subarray(13, 33))), custodian, count };
}

function readEntry(file: Uint8Array, view: DataView, start: number, custodian: number): AnnouncedRecord {
  const part = (offset: number, length: number): string =>
    hexlify(file.subarray(start + offset, start + offset + length));
  return {
    ephemeralKey: { prefix: part(0, 1), x: part(1, 32), viewTag: part(33, 1) },
    record: {
      custodian,
      holder: getAddress(part(34, 20)),
      commitment: part(54, 32),
      category: file[start + 86]!,
      codeSystem: view.getUint16(start + 87),
      reusableUntil: view.getUint32(start + 89),
    },
  };
}

/** Bytes of the file of so many records. */
export function announcementsLength(count: number): number {
  return HEAD_LENGTH + count * ENTRY_LENGTH;
}

/** Path of a batch's file below its custodian's endpoint. */
export function announcementsPath(root: string): string {
  return `/announcements/${root.toLowerCase()}`;
}

/** keccak256 of a file. */
export function announcementsHash(file: Uint8Array): string {
  return keccak256(file);
}

function malformed(problem: string) {
  return recordError("AnnouncementsMalformed", { problem });
}
