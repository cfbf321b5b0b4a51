import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { CareLedgerError } from "../core/errors.ts";
import { defineFaults } from "../core/faults.ts";

interface Fault extends ErrorEntry {
  /** HTTP status when a custodian answers with it. */
  readonly status?: number;
}

/** Every fault of documents, envelopes, stores and custodians. Texts name no prescription, patient or document; `{name}` stands for a value. */
const FAULTS = {
  DocumentNotJson: {
    message: "The document holds something that JSON cannot carry.",
    fix: "Make the value at {path} a string, a finite number, a boolean, null, an array or a plain object; write large integers as strings.",
    issue: "structure",
  },
  DocumentTooLarge: {
    message: "The document is larger than a sealed document may be.",
    fix: "Keep the document within {limit} bytes; refer to images and attachments instead of embedding them.",
    issue: "too-long",
  },
  SaltInvalid: {
    message: "The salt is not 32 random bytes.",
    fix: "Leave the salt out, so that a fresh one is drawn, or pass the 32 bytes that were drawn for this document.",
    issue: "value",
  },
  CommitmentInvalid: {
    message: "The commitment is not a 32-byte hexadecimal word.",
    fix: "Pass the `commitment` of the prescription's terms.",
    issue: "value",
  },
  DocumentContextInvalid: {
    message: "The document's context is incomplete or out of range.",
    fix: "Name chain id, registry, prescription or record id and member numbers as the chain has them; see {field}.",
    issue: "value",
  },
  DocumentKeyInvalid: {
    message: "The document key or its secret has the wrong length or form.",
    fix: "Derive the key with `documentKeyFromStealth` or `documentKeyFromQr`, or take it from the opened envelope.",
    issue: "value",
  },
  DocumentUnreadable: {
    message:
      "The ciphertext does not open with this key for this prescription: it is wrong, cut short or altered.",
    fix: "Dispense nothing on it. Fetch it again; if it stays so, tell the issuing member that its custodian serves a wrong ciphertext.",
    issue: "security",
  },
  DocumentMalformed: {
    message: "The ciphertext opens but does not hold a document in the agreed form.",
    fix: "Dispense nothing on it. Tell the issuing member that it sealed this document wrongly.",
    issue: "structure",
  },
  DocumentMismatch: {
    message: "The document, or its salt, is not the one that the prescription commits to.",
    fix: "Dispense nothing on it. Tell the issuing member that its custodian holds another document than it issued.",
    issue: "security",
  },
  EncryptionKeyInvalid: {
    message: "This is no encryption key of a suite that this version knows.",
    fix: "Use the key that the member published: 6 bytes of suite (0x0010 0x0001 0x0002) and a P-256 point of 65 bytes.",
    issue: "value",
  },
  DecryptionKeyInvalid: {
    message: "This is no private encryption key.",
    fix: "Pass the 32 bytes that `generateEncryptionKeys` gave as `privateKey`.",
    issue: "value",
  },
  EnvelopeMalformed: {
    message: "The envelope has the wrong length or an unknown version.",
    fix: "Ask the holder for the envelope again; it has 114 bytes and begins with 0x01.",
    issue: "structure",
  },
  EnvelopeNotForYou: {
    message:
      "The envelope does not open: it was made for another member, site, prescription, registry or chain.",
    fix: "Ask the holder for an envelope for this site and this prescription, made with the key that your member publishes now.",
    issue: "security",
  },
  DocumentKeyTaken: {
    message: "The store holds another content under this key.",
    fix: "Leave it: stored documents never change. A changed document is a new prescription.",
    issue: "conflict",
  },
  DocumentCorrupt: {
    message: "A stored document is not what was put: its content hash differs.",
    fix: "Restore the row from a backup or from the issuing system, and check the disk.",
    issue: "exception",
    status: 500,
  },
  CustodianOptionInvalid: {
    message: "The custodian cannot be set up with this option.",
    fix: "See {field} and the documentation of `CustodianOptions`.",
    issue: "value",
  },
  CustodianPathUnknown: {
    message: "There is nothing at this path.",
    fix: "Send `POST <endpoint>/documents/<prescription>`, `POST <endpoint>/records/<record>` or `GET <endpoint>/announcements/<root>`.",
    issue: "not-found",
    status: 404,
  },
  CustodianMethodWrong: {
    message: "Documents and records are asked for with POST, announcements with GET.",
    fix: "Send a signed request as the body of a POST; for announcements, GET without a body.",
    issue: "not-supported",
    status: 405,
  },
  DocumentRequestTooLarge: {
    message: "The request body is too large.",
    fix: "Send only the signed request, at most {limit} bytes of JSON.",
    issue: "too-long",
    status: 413,
  },
  DocumentRequestTooSlow: {
    message: "The request body did not arrive in time.",
    fix: "Send the body at once, within {limit} milliseconds.",
    issue: "timeout",
    status: 408,
  },
  DocumentRequestMalformed: {
    message: "The request body is no signed request of this kind.",
    fix: "Build it with `createDocumentRequest` or `createRecordRequest`; see {field}.",
    issue: "structure",
    status: 400,
  },
  DocumentRequestNotForUs: {
    message: "The request was signed for another custodian, chain, registry, method or path.",
    fix: "Sign for exactly this custodian member and this path, on this chain and registry; see {field}.",
    issue: "security",
    status: 401,
  },
  DocumentRequestSignatureInvalid: {
    message: "The request's signature is malformed or not by the operator that it names.",
    fix: "Let the operator named in `operator` sign the request's EIP-712 data.",
    issue: "login",
    status: 401,
  },
  DocumentRequestStale: {
    message: "The request was signed too long ago or in the future.",
    fix: "Set the clock right and sign a new request; it is good for {window} seconds.",
    issue: "expired",
    status: 401,
  },
  DocumentRequestReplayed: {
    message: "This very request was used already.",
    fix: "Sign a new request with a fresh nonce.",
    issue: "duplicate",
    status: 409,
  },
  DocumentRequestRefused: {
    message: "The chain does not allow this operator to read this document now.",
    fix: "Lock the prescription to your site first, and send the request by an operator with DISPENSE or SUBMIT at the locking member.",
    issue: "forbidden",
    status: 403,
  },
  DocumentNotHeld: {
    message: "You hold the lock, but this custodian does not keep the document.",
    fix: "Ask the issuing member, or its successor, which custodian keeps it.",
    issue: "not-found",
    status: 404,
  },
  CustodianChainUnavailable: {
    message: "The custodian cannot read the chain, or its node lags behind, so it serves nothing.",
    fix: "Try again shortly; the custodian's operator checks its node.",
    issue: "transient",
    status: 503,
  },
  CustodianStoreUnavailable: {
    message: "The custodian cannot record or read just now, so it serves nothing.",
    fix: "Try again shortly; the custodian's operator checks its store.",
    issue: "no-store",
    status: 503,
  },
  CustodianEndpointInvalid: {
    message: "The custodian's endpoint is no HTTPS address.",
    fix: "Use the endpoint that the member published; plain HTTP is taken on the loopback interface only.",
    issue: "value",
  },
  CustodianUnreachable: {
    message: "The custodian did not answer.",
    fix: "Check the network and try again; a signed request may be repeated with a fresh nonce.",
    issue: "transient",
  },
  CustodianRefused: {
    message: "The custodian refused to serve it.",
    fix: "Do what the custodian's own error {reason} asks for.",
    issue: "forbidden",
  },
  CustodianAnswerTooLarge: {
    message: "The custodian sent more bytes than its answer can have.",
    fix: "Use nothing of it. Tell the member that its custodian misbehaves.",
    issue: "too-long",
  },
} as const satisfies Record<string, Fault>;

/** Code of a fault of documents, envelopes, stores and custodians. */
export type DocumentFault = keyof typeof FAULTS;

/** Every code of this folder, for catalogues and tests. */
export const DOCUMENT_FAULTS = Object.keys(FAULTS) as readonly DocumentFault[];

/** Build the typed error of a fault. */
export const documentError = defineFaults<DocumentFault>(FAULTS);

/** HTTP status with which a custodian answers an error; 500 for what should not happen. */
export function statusOfError(error: unknown): number {
  if (!(error instanceof CareLedgerError)) return 500;
  const fault: Fault | undefined = FAULTS[error.code as DocumentFault];
  return fault?.status ?? 500;
}
