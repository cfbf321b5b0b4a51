import { deflateRawSync, inflateRawSync } from "node:zlib";

import { getAddress, getBytes, hexlify } from "ethers";

import { isCareLedgerError } from "../core/errors.ts";
import { joinBytes, textBytes, uintBytes } from "../documents/bytes.ts";
import { canonicalJson } from "../documents/canonical.ts";
import { requireSalt } from "../documents/commitment.ts";
import { PROOF_LONGEST } from "../records/input.ts";
import { fromBase45, toBase45 } from "./base45.ts";
import { CERTIFICATE_LONGEST, checkCertificate } from "./content.ts";
import { certificateError } from "./errors.ts";
import { checkProven } from "./input.ts";
import { commitsTo, rootOf } from "./proof.ts";
import type { Certificate, ProvenCertificate } from "./types.ts";

/** Most characters that a QR code holds in alphanumeric mode: version 40, level L (ISO/IEC 18004, table 7). */
export const CERTIFICATE_QR_LONGEST = 4_296;

const NAME = "CLCERT";
const VERSION = "1";
const HEAD = `${NAME}:${VERSION}:`;
/** Base45 may end with a space, which scanners cut off; no text ends with one after this. */
const END = ".";

/** Length, chain, custodian, holder, commitment, category, code system, salt, number of nodes. */
const FIXED_LENGTH = 2 + 8 + 4 + 20 + 32 + 1 + 2 + 32 + 1;

/** What nearly every certificate holds: part of version 1, never to be changed. */
const DICTIONARY = textBytes(
  '{"administeredOn":"2026-0","birthDate":"19","issuer":2,"lotNumber":"","name":"","seriesDose":1,"vaccine":{"code":"",' +
    '"system":"http://snomed.info/sct"}}"system":"urn:oid:","system":"http://hl7.org/fhir/sid/cvx"}}',
);

/**
 * Write the text of a certificate's QR code:
 *
 * ```text
 * text    = "CLCERT:1:" ‖ Base45(payload) ‖ "."
 * payload = uint16 length of the payload ‖ uint64 chain id
 *         ‖ uint32 custodian ‖ holder (20) ‖ commitment (32) ‖ uint8 category ‖ uint16 code system      the record's terms
 *         ‖ salt (32) ‖ uint8 n ‖ n nodes of the proof (32 each)
 *         ‖ raw DEFLATE of the certificate's canonical JSON, with the dictionary of version 1
 * ```
 *
 * All characters are in QR's alphanumeric set. In a batch of a thousand a usual text has about 730 characters (version 15 at
 * level L); the longest certificate in the largest batch has under 2,500, well below the 4,296 of version 40. Whoever reads the
 * code reads the certificate: it is what the patient shows.
 *
 * @throws `InputInvalid`, `CertificateInvalid`, `SaltInvalid`; `CertificateAltered` when the record commits to another.
 * @example
 * const text = certificateToQr(certificate);
 * @see https://www.rfc-editor.org/rfc/rfc9285
 * @see https://www.rfc-editor.org/rfc/rfc1951
 */
export function certificateToQr(proven: ProvenCertificate): string {
  const checked = checkProven("certificate", proven);
  if (!commitsTo(checked)) throw certificateError("CertificateAltered");
  const { certificate, salt, chainId, record, origin } = checked;
  const packed = deflateRawSync(canonicalJson(certificate), { level: 9, dictionary: DICTIONARY });
  const length = FIXED_LENGTH + origin.proof.length * 32 + packed.length;
  const payload = joinBytes(
    uintBytes(length, 2),
    uintBytes(chainId, 8),
    uintBytes(record.custodian, 4),
    getBytes(record.holder),
    getBytes(record.commitment),
    uintBytes(record.category, 1),
    uintBytes(record.codeSystem, 2),
    salt,
    uintBytes(origin.proof.length, 1),
    ...origin.proof.map((node) => getBytes(node)),
    packed,
  );
  const text = `${HEAD}${toBase45(payload)}${END}`;
  if (text.length > CERTIFICATE_QR_LONGEST) {
    throw certificateError("CertificateQrTooLong", { limit: CERTIFICATE_QR_LONGEST });
  }
  return text;
}

/**
 * Read the text of a certificate's QR code. This proves nothing: anybody can write such a text. See `verifyCertificate`.
 *
 * @throws `CertificateQrNotOurs`, `CertificateQrVersionUnknown`, `CertificateQrTooLong`, `CertificateQrTruncated`,
 * `CertificateQrMisread`, `CertificateQrInflates`, `CertificateQrMalformed`
 */
export function parseCertificateQr(text: string): ProvenCertificate {
  if (typeof text !== "string") throw certificateError("CertificateQrNotOurs");
  if (text.length > CERTIFICATE_QR_LONGEST) {
    throw certificateError("CertificateQrTooLong", { limit: CERTIFICATE_QR_LONGEST });
  }
  const clean = text.trim();
  const [, name, version, body = ""] = /^([A-Z]+):([0-9]{1,4}):([^]*)$/.exec(clean) ?? [];
  if (name !== NAME) throw certificateError("CertificateQrNotOurs");
  if (version !== VERSION) throw certificateError("CertificateQrVersionUnknown", { version });
  if (!body.endsWith(END)) throw certificateError("CertificateQrTruncated");
  const payload = fromBase45(body.slice(0, -END.length));
  if (typeof payload === "number") {
    throw certificateError("CertificateQrMisread", { place: HEAD.length + payload + 1 });
  }
  return readPayload(payload);
}

function readPayload(payload: Uint8Array<ArrayBuffer>): ProvenCertificate {
  const view = new DataView(payload.buffer);
  const length = payload.length < 2 ? FIXED_LENGTH : view.getUint16(0);
  if (payload.length < length) throw certificateError("CertificateQrTruncated");
  if (payload.length > length) throw malformed("it goes on after its end");
  if (length <= FIXED_LENGTH) throw malformed("it is too short");
  const chainId = Number(view.getBigUint64(2));
  if (!Number.isSafeInteger(chainId) || chainId === 0) throw malformed("its chain cannot be");
  const part = (start: number, size: number): string => hexlify(payload.subarray(start, start + size));
  const nodes = payload[FIXED_LENGTH - 1]!;
  const packedAt = FIXED_LENGTH + nodes * 32;
  if (nodes > PROOF_LONGEST || packedAt >= length) throw malformed("its proof is too long");
  const record = {
    custodian: view.getUint32(10),
    holder: getAddress(part(14, 20)),
    commitment: part(34, 32),
    category: payload[66]!,
    codeSystem: view.getUint16(67),
    reusableUntil: 0,
  };
  const salt = payload.slice(69, 101);
  checkSalt(salt);
  const proof = Array.from({ length: nodes }, (_, index) => part(FIXED_LENGTH + index * 32, 32));
  const certificate = readCertificate(inflate(payload.subarray(packedAt)));
  return { certificate, salt, chainId, record, origin: { root: rootOf(record, proof), proof } };
}

function checkSalt(salt: Uint8Array): void {
  try {
    requireSalt(salt);
  } catch (error) {
    throw malformed("its salt is not random", error);
  }
}

/** Unpack, and never more than a certificate may have. */
function inflate(packed: Uint8Array): Uint8Array {
  try {
    const options = { dictionary: DICTIONARY, maxOutputLength: CERTIFICATE_LONGEST, info: true };
    // With `info`, Node gives the engine too, which knows how many bytes it took.
    const { buffer, engine } = inflateRawSync(packed, options) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    if (engine.bytesWritten === packed.length) return buffer;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE") {
      throw certificateError("CertificateQrInflates", { limit: CERTIFICATE_LONGEST }, error);
    }
    throw malformed("its content does not unpack", error);
  }
  throw malformed("its content goes on after its end");
}

/** The certificate, and only in its canonical form: else two texts would say the same. */
function readCertificate(bytes: Uint8Array): Certificate {
  let certificate: Certificate;
  try {
    certificate = checkCertificate(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch (error) {
    // What the parser says repeats a piece of the text: it is no cause to pass on.
    if (!isCareLedgerError(error, "CertificateInvalid")) throw malformed("its JSON cannot be");
    throw malformed(`its ${String(error.values["field"])} cannot be`, error);
  }
  if (hexlify(canonicalJson(certificate)) !== hexlify(bytes)) throw malformed("its JSON is not canonical");
  return certificate;
}

function malformed(problem: string, cause?: unknown) {
  return certificateError("CertificateQrMalformed", { problem }, cause);
}
