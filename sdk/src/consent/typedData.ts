import { TypedDataEncoder, getAddress, getBytes, isHexString, keccak256 } from "ethers";

import { checkAddress, checkObject, inputError } from "../core/input.ts";
import type { Network } from "../core/network.ts";
import type { TypedDataDomain } from "../core/sender.ts";
import { type Field, typedFields } from "../core/typedFields.ts";
import type { PatientSigner, TypedDataTypes } from "../patient/signer.ts";
import { consentError } from "./errors.ts";
import type { ConsentMessages, PatientSignature } from "./types.ts";

const Rule = typedFields(
  "bytes32 subject, uint8 delegate, uint32 grantee, uint16 sector, uint8 number, uint32 version, uint32 epoch, " +
    "uint32 categories, uint64 purposes, uint32 validFrom, uint32 validUntil, bool exportable, bool redisclosable, " +
    "uint32 deadline",
);
const Revocation = typedFields(
  "bytes32 subject, uint8 delegate, uint32 grantee, uint16 sector, uint8 number, uint32 version, uint32 deadline",
);

/** EIP-712 types of everything that patients and delegates sign, by primary type. */
export const consentTypes = {
  Grant: { Grant: Rule },
  Denial: { Denial: Rule },
  Revocation: { Revocation },
  Rules: {
    Rules: typedFields("Revocation[] revocations, Denial[] denials, Grant[] grants, uint32 deadline"),
    Revocation,
    Denial: Rule,
    Grant: Rule,
  },
  RevocationOfAll: {
    RevocationOfAll: typedFields("bytes32 subject, uint8 delegate, uint32 epoch, uint32 deadline"),
  },
  Delegation: {
    Delegation: typedFields(
      "bytes32 subject, uint8 delegate, uint8 number, uint32 version, uint32 epoch, address key, uint8 powers, " +
        "uint32 categories, uint64 purposes, uint32 validUntil, uint32 deadline",
    ),
  },
  DelegationRevocation: {
    DelegationRevocation: typedFields(
      "bytes32 subject, uint8 number, uint32 version, uint8 delegate, uint32 deadline",
    ),
  },
  Enrolment: {
    Enrolment: typedFields(
      "uint32 custodian, address key, address guardian, uint32 guardianUntil, bytes32 salt, uint32 deadline",
    ),
  },
  KeyReplacement: {
    KeyReplacement: typedFields(
      "bytes32 subject, address before, address key, uint32 keyVersion, uint32 deadline",
    ),
  },
  KeyRecovery: {
    KeyRecovery: typedFields(
      "bytes32 subject, address before, address key, uint8 delegate, uint32 keyVersion, uint32 deadline",
    ),
  },
  KeyRefusal: { KeyRefusal: typedFields("bytes32 subject, address key, uint32 keyVersion, uint32 deadline") },
} as const satisfies Record<keyof ConsentMessages, Record<string, Field[]>>;

/** A primary type that patients and delegates sign. */
export type ConsentTypeName = keyof ConsentMessages;

/** EIP-712 domain of the ConsentRegistry of a network. */
export function consentRegistryDomain(network: Network): TypedDataDomain {
  return {
    name: "CareLedger ConsentRegistry",
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.addresses.consentRegistry,
  };
}

/** Something to sign: plain JSON, so that it can travel to the patient's device and back. */
export interface PreparedConsent<Type extends ConsentTypeName> {
  readonly primaryType: Type;
  readonly domain: TypedDataDomain;
  /** Without `EIP712Domain`, as ethers takes them. */
  readonly types: TypedDataTypes;
  readonly message: ConsentMessages[Type];
  /** EIP-712 digest of all of it, 32 bytes in hexadecimal. */
  readonly digest: string;
  /** Signer keys that must sign: one, or two where the old key or a delegate and the new key both do. */
  readonly signerKeys: readonly string[];
}

/** What was signed, and the signature: what a relay needs. */
export interface SignedConsent<Type extends ConsentTypeName> {
  readonly message: ConsentMessages[Type];
  readonly signature: PatientSignature;
}

/** Put a message into the form that is signed. */
export function prepared<Type extends ConsentTypeName>(
  network: Network,
  primaryType: Type,
  message: ConsentMessages[Type],
  signerKeys: readonly string[],
): PreparedConsent<Type> {
  const domain = consentRegistryDomain(network);
  const types: TypedDataTypes = consentTypes[primaryType];
  const digest = TypedDataEncoder.hash(domain, types, { ...message });
  return { primaryType, domain, types, message, digest, signerKeys };
}

/**
 * Let a patient, or a delegate, sign what was prepared. Nothing is sent: whoever relays it needs neither key nor trust.
 *
 * @throws `ConsentSignerWrong` when the message is for another key; what the signer can meet (`PatientSignerRefused` and
 * others).
 * @example
 * const prepared = await prepareGrant(client, { subject, grantee: 3, categories: ["laboratory"], purposes: ["TREAT"], validUntil });
 * await grantConsent(relay, await signConsent(patient, prepared));
 */
export async function signConsent<Type extends ConsentTypeName>(
  patient: PatientSigner,
  consent: PreparedConsent<Type>,
): Promise<SignedConsent<Type>> {
  return { message: consent.message, signature: await authorizeConsent(patient, consent) };
}

/** One signature, where two are needed: as {@link signConsent} without the message. */
export async function authorizeConsent<Type extends ConsentTypeName>(
  patient: PatientSigner,
  consent: PreparedConsent<Type>,
): Promise<PatientSignature> {
  checkObject("patient", patient);
  checkObject("consent", consent);
  const actual = signerKeyOf(patient.signer);
  if (!consent.signerKeys.includes(actual)) {
    throw consentError("ConsentSignerWrong", { actual, expected: consent.signerKeys.join(" or ") });
  }
  const { domain, primaryType, message } = consent;
  const types: TypedDataTypes = consentTypes[primaryType];
  const signature = await patient.signTypedData(domain, types, { ...message });
  return { signer: getBytes(patient.signer).length === 20 ? "0x" : patient.signer, signature };
}

/**
 * The signer key of a signer: an address as it is, and for an ERC-7913 signer (verifier and public key) the last 20 bytes
 * of its keccak256.
 *
 * @param signer In hexadecimal, as `PatientSigner.signer` has it.
 * @throws `InputInvalid`
 * @example
 * const key = signerKeyOf(patient.signer);
 */
export function signerKeyOf(signer: string): string {
  return checkSignerKey("signer", signer);
}

/** The signer key of a signer, or of its key itself; zero is refused. */
export function checkSignerKey(parameter: string, signer: string): string {
  const expected = "20 bytes in hexadecimal that are not zero, or more than 20 (ERC-7913)";
  if (typeof signer !== "string") throw inputError(parameter, `it is of type ${typeof signer}`, expected);
  if (!isHexString(signer) || signer.length % 2 !== 0 || signer.length < 42 || signer.length > 2_048) {
    throw inputError(parameter, "it is no signer", expected);
  }
  if (signer.length > 42) return getAddress(`0x${keccak256(signer).slice(-40)}`);
  return checkAddress(parameter, signer.toLowerCase());
}
