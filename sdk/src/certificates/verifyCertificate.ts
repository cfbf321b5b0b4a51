import { checkBytes32, checkList, checkMember, checkNumber, checkObject, checkTime } from "../core/input.ts";
import { hashRecord } from "../records/typedData.ts";
import { certificateError } from "./errors.ts";
import { commitsTo } from "./proof.ts";
import { parseCertificateQr } from "./qr.ts";
import { type PublishedBatch, type PublishedRoots, checkRoots } from "./roots.ts";
import type { Certificate, ProvenCertificate } from "./types.ts";

/** What verifyCertificate needs; nothing of it is fetched. */
export interface VerifyCertificateParams {
  /** What the scanner gave. */
  readonly qr: string;
  /** The published roots that the device stores (`publishedRoots`). */
  readonly roots: PublishedRoots;
  /** How old the roots may be, seconds: so long may a retraction stay unknown to this device. */
  readonly maxAge: number;
  /** Ids of records that are known, by other means, to have been retracted since the roots were read. */
  readonly retracted?: readonly string[] | undefined;
  /** Members whose certificates are accepted; those of every member when absent. */
  readonly issuers?: readonly number[] | undefined;
  /** The time now, unix seconds; the device's clock when absent. */
  readonly now?: number | undefined;
}

/** A certificate that holds. */
export interface VerifiedCertificate {
  /** What it says, as its issuer published it. Compare name and birth date with the person. */
  readonly certificate: Certificate;
  /** Id of its record; keep it out of logs: it stays the same wherever the certificate is shown. */
  readonly record: string;
  /** When its batch was published, unix seconds. */
  readonly publishedAt: number;
  /** As of when it holds, unix seconds: the roots' own time. */
  readonly asOf: number;
  /** The roots' last block. */
  readonly block: number;
}

/** How far the newest block may be ahead of a device's clock, seconds. */
const CLOCK_TOLERANCE = 900;

const LIST_MOST = 2 ** 20;

/**
 * Verify a certificate from its QR code against stored roots, without any network: its issuer published it unchanged, it
 * was not retracted or superseded as far as the roots tell, and its issuer is accepted. It returns, or it throws.
 *
 * @throws `InputInvalid`; of the roots `RootsMalformed`, `RootsTooOld`, `RootsFromFuture`; of the text what
 * {@link parseCertificateQr} throws; of the certificate `CertificateOfOtherChain`, `CertificateAltered`,
 * `CertificateRootUnknown`, `CertificateIssuerWrong`, `CertificateIssuerNotAccepted`, `CertificateRetracted`,
 * `CertificateSuperseded`
 * @example
 * const roots = JSON.parse(readFileSync("roots.json", "utf8"));
 * const { certificate } = verifyCertificate({ qr: scanned, roots, maxAge: 86_400 });
 */
export function verifyCertificate(params: VerifyCertificateParams): VerifiedCertificate {
  const { qr, roots, maxAge, retracted, issuers, now } = checkParams(params);
  const { chainId, time, block } = roots;
  if (time > now + CLOCK_TOLERANCE) throw certificateError("RootsFromFuture", { time });
  if (now - time > maxAge) throw certificateError("RootsTooOld", { time, maxAge });
  const proven = parseCertificateQr(qr);
  if (proven.chainId !== chainId) {
    throw certificateError("CertificateOfOtherChain", { chainId: proven.chainId, expected: chainId });
  }
  if (!commitsTo(proven)) throw certificateError("CertificateAltered");
  const { certificate, record } = proven;
  const { anchoredAt } = batchOf(proven, roots);
  if (issuers !== undefined && !issuers.includes(record.custodian)) {
    throw certificateError("CertificateIssuerNotAccepted", { issuer: record.custodian });
  }
  const id = hashRecord(record);
  const end = roots.ended.find((each) => each.record.toLowerCase() === id);
  if (end?.status === "Superseded") throw certificateError("CertificateSuperseded");
  if (end !== undefined || retracted.includes(id)) throw certificateError("CertificateRetracted");
  return { certificate, record: id, publishedAt: anchoredAt, asOf: time, block };
}

/** The batch that holds it: the one of the custodian that the record names, for anybody may anchor any root. */
function batchOf({ certificate, record, origin }: ProvenCertificate, roots: PublishedRoots): PublishedBatch {
  const { custodian, holder, category } = record;
  const found = roots.batches.filter((batch) => batch.root.toLowerCase() === origin.root);
  const unknown = () => certificateError("CertificateRootUnknown", { time: roots.time });
  // As the chain has it: terms that could not be anchored alone are unknown, whatever a batch says.
  if (found.length === 0 || BigInt(holder) === 0n || category > 31) throw unknown();
  const batch = found.find((each) => each.custodian === custodian);
  if (batch === undefined) {
    throw certificateError("CertificateIssuerWrong", { named: custodian, issuer: found[0]!.custodian });
  }
  if (certificate.issuer !== custodian) {
    throw certificateError("CertificateIssuerWrong", { named: certificate.issuer, issuer: custodian });
  }
  // No leaf of a tree of so many lies deeper.
  if (origin.proof.length > Math.ceil(Math.log2(batch.count))) throw unknown();
  return batch;
}

function checkParams(params: VerifyCertificateParams) {
  checkObject("params", params);
  const { qr, maxAge, now } = params;
  const retracted = checkList("retracted", params.retracted ?? [], LIST_MOST, 0).map((id, index) =>
    checkBytes32(`retracted[${index}]`, id),
  );
  const issuers =
    params.issuers === undefined
      ? undefined
      : checkList("issuers", params.issuers, LIST_MOST).map((member, index) =>
          checkMember(`issuers[${index}]`, member),
        );
  return {
    qr,
    roots: checkRoots(params.roots),
    maxAge: checkNumber("maxAge", maxAge, 32),
    retracted,
    issuers,
    now: now === undefined ? Math.floor(Date.now() / 1_000) : checkTime("now", now),
  };
}
