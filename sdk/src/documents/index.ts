export type { Bytes, PrescriptionPlace } from "./bytes.ts";
export * from "./canonical.ts";
export * from "./cipher.ts";
export {
  COMMITMENT_TAG,
  type DocumentCommitment,
  commitDocument,
  commitmentOf,
  createSalt,
  requireCommitment,
  requireSalt,
  verifyDocument,
} from "./commitment.ts";
export * from "./custodian.ts";
export { type CustodianHandler, type HandlerOptions, MAX_REQUEST_LENGTH } from "./handler.ts";
export * from "./custodianChain.ts";
export * from "./disclosures.ts";
export * from "./envelope.ts";
export * from "./errors.ts";
export * from "./fetchDocument.ts";
export { type EncryptionKeys, generateEncryptionKeys } from "./keys.ts";
export * from "./request.ts";
export * from "./serve.ts";
export {
  type CustodianRequest,
  type RequestSigner,
  type Signed,
  documentRequestDomain,
} from "./signedRequest.ts";
export * from "./store.ts";
