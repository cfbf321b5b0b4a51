import type { RecordsAnchoredEvent } from "../abi/index.ts";
import type { Acted, SendParams } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkList, checkObject, inputError } from "../core/input.ts";
import { anchorRecords } from "../records/anchorRecords.ts";
import { RECORD_BATCH_MOST } from "../records/input.ts";
import type { CertificateBatch } from "./draftCertificates.ts";
import type { ProvenCertificate } from "./types.ts";

/** What issueCertificates needs: what `draftCertificates` gave. */
export interface IssueCertificatesParams extends Omit<CertificateBatch, "file">, SendParams {}

/** Certificates that were issued, and the batch's event. */
export interface CertificatesIssued extends RecordsAnchoredEvent, Acted {
  /** Each as it was drafted: `certificateToQr` makes its code. */
  readonly certificates: readonly ProvenCertificate[];
}

/**
 * Issue drafted certificates: anchor their batch in one act. Caller: an ANCHOR_RECORD operator of the issuer. To take one
 * back, retract its record (`retractRecord` with record and origin), and issue a right one in a later batch.
 *
 * @throws `InputInvalid`, `RecordBatchAlreadyAnchored`, `DutyNotHeld`, `DomainIsPaused`, and what
 * sending can meet.
 * @example
 * const { certificates } = await issueCertificates(client, { ...batch, key: "certificates-2026-03-02" });
 * const codes = certificates.map((each) => certificateToQr(each));
 */
export async function issueCertificates(
  client: Client,
  params: IssueCertificatesParams,
): Promise<CertificatesIssued> {
  checkObject("params", params);
  const { custodian, root, count, announcements, key } = params;
  const certificates = checkList("certificates", params.certificates, RECORD_BATCH_MOST);
  if (certificates.length !== count) {
    throw inputError("certificates", "they are not as many as the batch has", "the batch as it was drafted");
  }
  for (const [index, each] of certificates.entries()) {
    checkObject(`certificates[${index}]`, each);
    const { certificate, record, origin, chainId } = each;
    const ofBatch =
      chainId === client.network.chainId &&
      [certificate?.issuer, record?.custodian].every((member) => member === custodian) &&
      origin?.root === root;
    if (!ofBatch) {
      throw inputError(`certificates[${index}]`, "it is not of this batch", "the batch as it was drafted");
    }
  }
  const anchored = await anchorRecords(client, { custodian, root, count, announcements, key });
  return { ...anchored, certificates };
}
