import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { defineFaults } from "../core/faults.ts";

/** Every fault of patients' keys and signatures. Texts carry no key, no digest and nothing of a patient. */
const FAULTS = {
  PatientKeyInvalid: {
    message: "{field} is no private key of the curve {curve}.",
    fix: "Pass 32 bytes in hexadecimal, from 1 to the curve's order less one.",
    issue: "value",
  },
  PatientSeedInvalid: {
    message: "This is no patient seed.",
    fix: "Pass the 32 bytes that `generatePatientSeed` gave.",
    issue: "value",
  },
  PatientPublicKeyInvalid: {
    message: "{field} is no public key of the curve P-256.",
    fix: "Pass both coordinates, 64 bytes in hexadecimal, as `readPasskey` or `readPublicKey` give them.",
    issue: "value",
  },
  PatientKeyPairUnsuitable: {
    message: "This key pair cannot sign for a patient: {problem}.",
    fix: "Generate it as ECDSA on P-256 and extractable, or use a passkey: WebCrypto hashes what it signs, which the chain's verifier does not.",
    issue: "not-supported",
  },
  PatientSignatureMalformed: {
    message: "What the signer gave is no signature of the form {form}.",
    fix: "Check what stands in front of the key: it must sign the digest itself, unhashed, and give this form.",
    issue: "structure",
  },
  PatientSignatureWrong: {
    message: "The signature is not by the key that was named, or not over this digest.",
    fix: "Sign with the key or passkey that the patient is enrolled with at this custodian.",
    issue: "security",
  },
  PatientSignerRefused: {
    message: "The patient's signer gave no signature.",
    fix: "Ask the patient to try again on the device that holds the key; the cause tells more.",
    issue: "login",
  },
  PatientTypedDataOnly: {
    message: "This wallet signs typed data only, no bare digest.",
    fix: "Call `signTypedData` of this signer.",
    issue: "not-supported",
  },
  PasskeyMalformed: {
    message: "This is no new passkey: its {field} cannot be read.",
    fix: "Pass what `navigator.credentials.create` gave, unchanged.",
    issue: "structure",
  },
  PasskeyAlgorithmUnsupported: {
    message: "The passkey signs with an algorithm that the chain does not verify.",
    fix: "Create it with ES256, number -7, as the only algorithm in `pubKeyCredParams`.",
    issue: "not-supported",
  },
  PasskeyAssertionMalformed: {
    message: "This is no passkey assertion: its {field} cannot be read.",
    fix: "Pass what `navigator.credentials.get` gave, unchanged.",
    issue: "structure",
  },
  PasskeyAssertionWrong: {
    message: "The passkey asserted something else: the {field} differs.",
    fix: "Ask for an assertion (`navigator.credentials.get`) with exactly the challenge that was handed over, by the passkey of this patient.",
    issue: "security",
  },
  PasskeyUserAbsent: {
    message: "The passkey does not say that somebody was present.",
    fix: "Let the patient touch or confirm on the device; assertions made in silence are not taken.",
    issue: "login",
  },
  PasskeyUserUnverified: {
    message: "The passkey does not say that the patient was verified.",
    fix: 'Ask with `userVerification: "required"`, so that the device takes a PIN, a finger or a face.',
    issue: "login",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Code of a fault of patients' keys and signatures. */
export type PatientFault = keyof typeof FAULTS;

/** Build the typed error of a fault. */
export const patientError = defineFaults<PatientFault>(FAULTS);
