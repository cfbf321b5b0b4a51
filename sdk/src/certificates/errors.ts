import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { defineFaults } from "../core/faults.ts";

/** Every fault of certificates and of the roots that they are checked against. Texts repeat nothing that a certificate says. */
const FAULTS = {
  CertificateInvalid: {
    message: "The certificate's {field} cannot be: {problem}.",
    fix: "Give {field} as `Certificate` has it.",
    issue: "value",
  },
  CertificateQrNotOurs: {
    message: "This text is no vaccination certificate of CareLedger.",
    fix: "Scan the code on the certificate; its text begins with `CLCERT:`.",
    issue: "structure",
  },
  CertificateQrVersionUnknown: {
    message: "The certificate has version {version}, which this software does not know.",
    fix: "Update this software.",
    issue: "not-supported",
  },
  CertificateQrTooLong: {
    message: "The text is longer than any QR code of a certificate: over {limit} characters.",
    fix: "Scan the code on the certificate; do not accept texts that were sent.",
    issue: "too-long",
  },
  CertificateQrTruncated: {
    message: "The certificate's text was cut short.",
    fix: "Scan the whole code again.",
    issue: "structure",
  },
  CertificateQrMisread: {
    message: "The certificate's text holds what cannot be in it, at place {place}.",
    fix: "Scan it again.",
    issue: "value",
  },
  CertificateQrInflates: {
    message: "The certificate's content unpacks to more than {limit} bytes, as no certificate does.",
    fix: "Do not accept it: it was made to harm the software that reads it.",
    issue: "security",
  },
  CertificateQrMalformed: {
    message: "The certificate's text is complete, but {problem}.",
    fix: "Do not accept it. Its issuer makes the code again, with `certificateToQr`.",
    issue: "structure",
  },
  CertificateAltered: {
    message: "What the certificate says is not what its issuer committed to.",
    fix: "Do not accept it: it was altered, or it is another certificate's.",
    issue: "security",
  },
  CertificateOfOtherChain: {
    message: "The certificate was issued on chain {chainId}, not on {expected}.",
    fix: "Check it against the roots of the consortium that it belongs to.",
    issue: "value",
  },
  CertificateRootUnknown: {
    message: "No batch among the published roots, as of {time|time}, holds the certificate.",
    fix: "If it was issued after that time, get newer roots (publishedRoots); otherwise do not accept it.",
    issue: "not-found",
  },
  CertificateIssuerWrong: {
    message: "The certificate names member {named} as its issuer, but member {issuer} published it.",
    fix: "Do not accept it: a member cannot issue in another's name.",
    issue: "security",
  },
  CertificateIssuerNotAccepted: {
    message: "The certificate is of member {issuer}, which is none of the issuers that are accepted here.",
    fix: "Do not accept it, or add the member to the accepted issuers if it vaccinates.",
    issue: "forbidden",
  },
  CertificateRetracted: {
    message: "The issuer retracted the certificate.",
    fix: "Do not accept it. The patient asks the issuer why.",
    issue: "business-rule",
  },
  CertificateSuperseded: {
    message: "The issuer put another record in the certificate's place.",
    fix: "Do not accept it. The patient asks the issuer for the newer certificate.",
    issue: "business-rule",
  },
  RootsMalformed: {
    message: "The published roots are malformed at {field}.",
    fix: "Make the file again with `publishedRoots`, and store it unchanged.",
    issue: "structure",
  },
  RootsTooOld: {
    message: "The published roots are of {time|time}, older than the {maxAge} seconds that are allowed here.",
    fix: "Get newer roots: what was retracted since then is not in them.",
    issue: "expired",
  },
  RootsFromFuture: {
    message: "The published roots are of {time|time}, which this device's clock has not reached.",
    fix: "Set the device's clock.",
    issue: "value",
  },
  RootsOfOther: {
    message: "The earlier roots are of another {field}.",
    fix: "Pass roots that were made from this network, or leave them out.",
    issue: "value",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Code of a fault of certificates. */
export type CertificateFault = keyof typeof FAULTS;

/** Build the typed error of a fault. */
export const certificateError = defineFaults<CertificateFault>(FAULTS);
