import type { Client } from "../core/client.ts";
import { checkList, checkMember, checkObject, inputError } from "../core/input.ts";
import { createQrHolder } from "../holder/qr.ts";
import { createStealthHolder } from "../holder/stealth.ts";
import { type RecordBatch, createRecordBatch } from "../records/anchorRecords.ts";
import { type CodeSystemNamed, checkCodeSystem, codeSystemNumber } from "../records/draftRecord.ts";
import { RECORD_BATCH_MOST } from "../records/input.ts";
import { categoryNumberOf } from "../standards/categoryMask.ts";
import { checkCategoryCode } from "../standards/input.ts";
import { commitRecord } from "../vault/sealRecord.ts";
import { certificateContent, checkCertificate } from "./content.ts";
import type { Certificate, ProvenCertificate } from "./types.ts";

/** A certificate to draft. */
export interface CertificateOrder {
  /** What it says; the issuer is the batch's. */
  readonly certificate: Omit<Certificate, "issuer">;
  /** The patient's meta-address, `st:eth:0x…`: the wallet then finds the record too. A random holder when absent. */
  readonly patient?: string | undefined;
}

/** What draftCertificates needs. */
export interface DraftCertificatesParams {
  /** Member that issues. */
  readonly issuer: number;
  /** Code of the data category, as `listCategories` has it. */
  readonly category: string;
  /** Code-system version of the vaccine codes, as `listCodeSystems` has it; uncoded when absent. */
  readonly codeSystem?: CodeSystemNamed | undefined;
  /** 1 to 2^20. The more in a batch, the less its root tells of each. */
  readonly certificates: readonly CertificateOrder[];
}

/** A batch of certificates that can be issued. */
export interface CertificateBatch extends Omit<RecordBatch, "originOf"> {
  /** In the order of the orders; in the batch they stand in random order. */
  readonly certificates: readonly ProvenCertificate[];
}

/**
 * Draft certificates as one batch of records. Keep what it gives before you issue it: drafted anew, salts and holders are
 * others. Sends nothing.
 *
 * @throws `InputInvalid`, `CertificateInvalid`, `MetaAddressInvalid`, `RpcUnavailable`, `LogRangeUnsearchable`
 * @example
 * const batch = await draftCertificates(client, { issuer: 2, category: "immunizations", certificates });
 * await store(batch);
 * await issueCertificates(client, { ...batch, key: "certificates-2026-03-02" });
 */
export async function draftCertificates(
  client: Client,
  params: DraftCertificatesParams,
): Promise<CertificateBatch> {
  checkObject("params", params);
  const issuer = checkMember("issuer", params.issuer);
  checkCategoryCode("category", params.category);
  checkCodeSystem(params.codeSystem);
  const orders = checkList("certificates", params.certificates, RECORD_BATCH_MOST);
  const certificates = orders.map((order, index) => {
    checkObject(`certificates[${index}]`, order);
    const { certificate, patient } = order;
    if (patient !== undefined && typeof patient !== "string") {
      throw inputError(`certificates[${index}].patient`, "it is no text", "a meta-address, st:eth:0x…");
    }
    return checkCertificate({ ...checkObject(`certificates[${index}].certificate`, certificate), issuer });
  });
  const category = await categoryNumberOf(client, "category", params.category);
  const codeSystem = await codeSystemNumber(client, params.codeSystem);
  const drafts = certificates.map((certificate, index) => {
    const { commitment, salt } = commitRecord(certificateContent(certificate));
    const { patient } = orders[index]!;
    const { holder, ephemeralKey } = patient === undefined ? createQrHolder() : createStealthHolder(patient);
    const record = { custodian: issuer, holder, commitment, category, codeSystem, reusableUntil: 0 };
    return { certificate, salt, record, ephemeralKey };
  });
  const { originOf, ...batch } = createRecordBatch(client.network, drafts);
  const { chainId } = client.network;
  return {
    ...batch,
    certificates: drafts.map(({ certificate, salt, record }, index) => ({
      certificate,
      salt,
      chainId,
      record,
      origin: originOf(index),
    })),
  };
}
