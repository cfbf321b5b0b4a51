export { CERTIFICATE_LONGEST, CERTIFICATE_MEDIA_TYPE, certificateContent } from "./content.ts";
export * from "./draftCertificates.ts";
export { type CertificateFault, certificateError } from "./errors.ts";
export * from "./issueCertificates.ts";
export * from "./publishedRoots.ts";
export * from "./qr.ts";
export type { EndedRecord, PublishedBatch, PublishedRoots } from "./roots.ts";
export * from "./types.ts";
export * from "./verifyCertificate.ts";
