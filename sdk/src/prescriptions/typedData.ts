import { TypedDataEncoder, keccak256 } from "ethers";

import {
  REVIEW_OUTCOME_NAMES,
  type ReviewOutcome,
  WITHDRAWAL_REASON_NAMES,
  type WithdrawalReason,
} from "../abi/index.ts";
import { type CompactSignature, attest } from "../core/attestation.ts";
import {
  checkBytes,
  checkMember,
  checkName,
  checkNumber,
  checkObject,
  operatorKeyOf,
} from "../core/input.ts";
import type { Network } from "../core/network.ts";
import type { Signer, TypedDataDomain } from "../core/sender.ts";
import { type Field, typedFields } from "../core/typedFields.ts";
import type { EphemeralKey } from "../holder/stealth.ts";
import { FILLS_MOST, checkAcceptance, checkEphemeralKey, checkHandover, checkTerms } from "./input.ts";
import type { Acceptance, Attestation, Handover, HolderSignature, PrescriptionTerms } from "./types.ts";

const Prescription = typedFields(
  "uint32 issuer, bytes32 prescriber, address holder, bytes32 commitment, uint40 unitsPerFill, uint8 fills, " +
    "uint32 interval, uint32 validFrom, uint32 validUntil, uint32 reviewer",
);
/** Kept, for building one costs more than using it. */
const termsEncoder = TypedDataEncoder.from({ Prescription });
const EphemeralKeyType = typedFields("bytes32 x, bytes1 prefix, bytes1 viewTag");

/** EIP-712 types of everything that is signed for the PrescriptionRegistry, by primary type. */
export const prescriptionTypes = {
  Issue: {
    Issue: typedFields("Prescription prescription, EphemeralKey ephemeralKey, uint32 deadline"),
    Prescription,
    EphemeralKey: EphemeralKeyType,
  },
  Replace: {
    Replace: typedFields(
      "bytes32 prescription, Prescription replacement, EphemeralKey ephemeralKey, uint32 deadline",
    ),
    Prescription,
    EphemeralKey: EphemeralKeyType,
  },
  Review: { Review: typedFields("bytes32 prescription, uint32 member, uint8 outcome, uint32 deadline") },
  Cancel: { Cancel: typedFields("bytes32 prescription, uint32 member, uint32 deadline") },
  Dispense: {
    Dispense: typedFields(
      "bytes32 prescription, uint32 member, uint16 site, uint16 lockCount, uint8 ordinal, uint8 fill, uint40 units, " +
        "uint32 handedOverAt, bytes32 commitment, bytes32 stockHash, uint32 deadline",
    ),
  },
  CloseFill: {
    CloseFill: typedFields(
      "bytes32 prescription, uint32 member, uint16 site, uint16 lockCount, uint8 ordinal, uint8 fill, uint32 deadline",
    ),
  },
  Withdraw: {
    Withdraw: typedFields(
      "bytes32 prescription, uint32 member, uint8 ordinal, uint8 reason, uint32 deadline",
    ),
  },
  Acceptance: {
    Acceptance: typedFields(
      "bytes32 prescription, uint32 member, uint16 site, uint16 lockCount, uint8 fill, uint32 lockedUntil, " +
        "uint32 deadline",
    ),
  },
  Release: { Release: typedFields("bytes32 prescription, uint16 lockCount, uint32 deadline") },
  HolderCancel: { HolderCancel: typedFields("bytes32 prescription, uint32 deadline") },
} as const satisfies Record<string, Record<string, Field[]>>;

/** A primary type that is signed for the PrescriptionRegistry. */
export type PrescriptionTypeName = keyof typeof prescriptionTypes;

/** EIP-712 domain of the PrescriptionRegistry of a network. */
export function prescriptionRegistryDomain(network: Network): TypedDataDomain {
  return {
    name: "CareLedger PrescriptionRegistry",
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.addresses.prescriptionRegistry,
  };
}

/**
 * The id of a prescription: the EIP-712 struct hash of its terms. The same on every chain, issued or not.
 *
 * @throws `InputInvalid` naming the term.
 * @example
 * const id = prescriptionIdOf(terms);
 */
export function prescriptionIdOf(terms: PrescriptionTerms): string {
  return idOf("terms", terms);
}

/** The same of a parameter, which errors name. */
function idOf(parameter: string, terms: PrescriptionTerms): string {
  return termsEncoder.hashStruct("Prescription", checkTerms(parameter, terms));
}

/** What every signature takes besides its own parameters. */
export interface SigningParams {
  /** Last second at which it may be relayed, at most 72 hours ahead; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/** What {@link signIssue} needs. */
export interface SignIssueParams extends SigningParams {
  readonly prescription: PrescriptionTerms;
  readonly ephemeralKey: EphemeralKey;
}

/**
 * Sign an order as its prescriber, for {@link issuePrescription} relayed by the hospital's system.
 *
 * @throws `InputInvalid`, `SignerRefused`, `SignerMismatch` when another key than the prescriber's signs.
 * @example
 * const attestation = await signIssue(network, card, { prescription, ephemeralKey });
 */
export async function signIssue(
  network: Network,
  signer: Signer,
  params: SignIssueParams,
): Promise<Attestation> {
  checkObject("params", params);
  const prescription = checkTerms("prescription", params.prescription);
  const ephemeralKey = checkEphemeralKey("ephemeralKey", params.ephemeralKey);
  return sign(network, signer, "Issue", { prescription, ephemeralKey }, params, prescription.prescriber);
}

/** What {@link signReplace} needs. */
export interface SignReplaceParams extends SigningParams {
  /** What is replaced. */
  readonly prescription: PrescriptionTerms;
  /** By what. */
  readonly replacement: PrescriptionTerms;
  readonly ephemeralKey: EphemeralKey;
}

/** Sign a replacement as the new prescription's prescriber. Throws as {@link signIssue}. */
export async function signReplace(
  network: Network,
  signer: Signer,
  params: SignReplaceParams,
): Promise<Attestation> {
  checkObject("params", params);
  const prescription = idOf("prescription", params.prescription);
  const replacement = checkTerms("replacement", params.replacement);
  const ephemeralKey = checkEphemeralKey("ephemeralKey", params.ephemeralKey);
  const value = { prescription, replacement, ephemeralKey };
  return sign(network, signer, "Replace", value, params, replacement.prescriber);
}

/** What {@link signReview} needs. */
export interface SignReviewParams extends SigningParams {
  readonly prescription: PrescriptionTerms;
  /** The reviewer or its successor. */
  readonly member: number;
  readonly outcome: ReviewOutcome;
}

/** Sign a review as a pharmacist. Throws `InputInvalid`, `SignerRefused`. */
export async function signReview(
  network: Network,
  signer: Signer,
  params: SignReviewParams,
): Promise<Attestation> {
  checkObject("params", params);
  const value = {
    prescription: idOf("prescription", params.prescription),
    member: checkMember("member", params.member),
    outcome: checkName("outcome", params.outcome, REVIEW_OUTCOME_NAMES, true),
  };
  return sign(network, signer, "Review", value, params);
}

/** What {@link signCancel} needs. */
export interface SignCancelParams extends SigningParams {
  readonly prescription: PrescriptionTerms;
  /** The issuer or its successor. */
  readonly member: number;
}

/** Sign a cancellation as a prescriber of the issuer. Throws `InputInvalid`, `SignerRefused`. */
export async function signCancel(
  network: Network,
  signer: Signer,
  params: SignCancelParams,
): Promise<Attestation> {
  checkObject("params", params);
  const prescription = idOf("prescription", params.prescription);
  return sign(
    network,
    signer,
    "Cancel",
    { prescription, member: checkMember("member", params.member) },
    params,
  );
}

/** What {@link signDispense} needs. */
export interface SignDispenseParams extends SigningParams {
  readonly prescription: PrescriptionTerms;
  readonly handover: Handover;
  /** What is taken from stock, as `dispenseStock` gives it; leave out to name no lot. */
  readonly stock?: string;
}

/** Sign a hand-over as the dispensing pharmacist. Throws `InputInvalid`, `SignerRefused`. */
export async function signDispense(
  network: Network,
  signer: Signer,
  params: SignDispenseParams,
): Promise<Attestation> {
  checkObject("params", params);
  const value = {
    prescription: idOf("prescription", params.prescription),
    ...checkHandover("handover", params.handover),
    stockHash: keccak256(checkStock(params.stock)),
  };
  return sign(network, signer, "Dispense", value, params);
}

/** What {@link signCloseFill} needs. */
export interface SignCloseFillParams extends SigningParams {
  readonly prescription: PrescriptionTerms;
  /** Pharmacy that holds the lock. */
  readonly member: number;
  /** Its site that holds the lock. */
  readonly site: number;
  readonly lockCount: number;
  /** Ordinal the closing will get. */
  readonly ordinal: number;
  /** Fill to close: the current one. */
  readonly fill: number;
}

/** Sign the closing of a fill as a pharmacist. Throws `InputInvalid`, `SignerRefused`. */
export async function signCloseFill(
  network: Network,
  signer: Signer,
  params: SignCloseFillParams,
): Promise<Attestation> {
  checkObject("params", params);
  const value = {
    prescription: idOf("prescription", params.prescription),
    member: checkMember("member", params.member),
    site: checkNumber("site", params.site, 16, 1),
    lockCount: checkNumber("lockCount", params.lockCount, 16, 1),
    ordinal: checkNumber("ordinal", params.ordinal, 8, 1),
    fill: checkNumber("fill", params.fill, 8, 1, FILLS_MOST),
  };
  return sign(network, signer, "CloseFill", value, params);
}

/** What {@link signWithdraw} needs. */
export interface SignWithdrawParams extends SigningParams {
  readonly prescription: PrescriptionTerms;
  /** Member that recorded the dispense, or its successor. */
  readonly member: number;
  readonly ordinal: number;
  readonly reason: WithdrawalReason;
}

/** Sign a withdrawal as a pharmacist. Throws `InputInvalid`, `SignerRefused`. */
export async function signWithdraw(
  network: Network,
  signer: Signer,
  params: SignWithdrawParams,
): Promise<Attestation> {
  checkObject("params", params);
  const value = {
    prescription: idOf("prescription", params.prescription),
    member: checkMember("member", params.member),
    ordinal: checkNumber("ordinal", params.ordinal, 8, 1),
    reason: checkName("reason", params.reason, WITHDRAWAL_REASON_NAMES, true),
  };
  return sign(network, signer, "Withdraw", value, params);
}

/** What {@link signAcceptance} needs. */
export interface SignAcceptanceParams extends SigningParams {
  readonly prescription: PrescriptionTerms;
  readonly acceptance: Acceptance;
}

/**
 * Let the holder key authorise one site to lock one fill, once. What is signed serves no other site, lock or fill.
 *
 * @throws `InputInvalid`, `SignerRefused`, `SignerMismatch` when another key than the holder's signs.
 * @example
 * const authorisation = await signAcceptance(network, new Wallet(holderKey), { prescription, acceptance });
 */
export async function signAcceptance(
  network: Network,
  signer: Signer,
  params: SignAcceptanceParams,
): Promise<HolderSignature> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const value = {
    prescription: idOf("prescription", terms),
    ...checkAcceptance("acceptance", params.acceptance),
  };
  return sign(network, signer, "Acceptance", value, params, operatorKeyOf(terms.holder));
}

/** What {@link signRelease} needs. */
export interface SignReleaseParams extends SigningParams {
  readonly prescription: PrescriptionTerms;
  /** Number of the lock to end. */
  readonly lockCount: number;
}

/** Let the holder key end an unused lock. Throws as {@link signAcceptance}. */
export async function signRelease(
  network: Network,
  signer: Signer,
  params: SignReleaseParams,
): Promise<HolderSignature> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const lockCount = checkNumber("lockCount", params.lockCount, 16, 1);
  const value = { prescription: idOf("prescription", terms), lockCount };
  return sign(network, signer, "Release", value, params, operatorKeyOf(terms.holder));
}

/** What {@link signHolderCancel} needs. */
export interface SignHolderCancelParams extends SigningParams {
  readonly prescription: PrescriptionTerms;
}

/** Let the holder key cancel what is left. Throws as {@link signAcceptance}. */
export async function signHolderCancel(
  network: Network,
  signer: Signer,
  params: SignHolderCancelParams,
): Promise<HolderSignature> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const value = { prescription: idOf("prescription", terms) };
  return sign(network, signer, "HolderCancel", value, params, operatorKeyOf(terms.holder));
}

/** Check what is taken from stock. */
export function checkStock(stock: string | undefined): string {
  return stock === undefined ? "0x" : checkBytes("stock", stock, STOCK_LONGEST);
}

/** Longest stock encoding, bytes. */
const STOCK_LONGEST = 65_536;

async function sign(
  network: Network,
  signer: Signer,
  type: PrescriptionTypeName,
  value: Record<string, unknown>,
  { deadline }: SigningParams,
  expected?: string,
): Promise<CompactSignature> {
  const domain = prescriptionRegistryDomain(network);
  return attest(signer, { domain, types: prescriptionTypes[type], value, deadline, expected });
}
