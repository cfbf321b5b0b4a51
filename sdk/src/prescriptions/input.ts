import {
  checkAddress,
  checkBigint,
  checkBytes,
  checkBytes32,
  checkMember,
  checkNumber,
  checkObject,
  checkOperator,
  checkTime,
  inputError,
} from "../core/input.ts";
import type { EphemeralKey } from "../holder/stealth.ts";
import type { CompactSignature } from "../core/attestation.ts";
import type { Acceptance, Attestation, Handover, PrescriptionTerms } from "./types.ts";

const ZERO_WORD = `0x${"00".repeat(32)}`;

/** Most fills of a prescription. */
export const FILLS_MOST = 99;

/** What stands where a professional sends its own act. */
export const NO_ATTESTATION: Attestation = { r: ZERO_WORD, vs: ZERO_WORD, deadline: 0 };

/** Check the terms of a prescription; the operator key is padded, addresses get their checksum. */
export function checkTerms(parameter: string, terms: PrescriptionTerms): PrescriptionTerms {
  checkObject(parameter, terms);
  const validFrom = checkNumber(`${parameter}.validFrom`, terms.validFrom, 32);
  const validUntil = checkTime(`${parameter}.validUntil`, terms.validUntil);
  if (validUntil <= validFrom) {
    throw inputError(`${parameter}.validUntil`, "it does not lie after validFrom", "an end after validFrom");
  }
  return {
    issuer: checkMember(`${parameter}.issuer`, terms.issuer),
    prescriber: checkOperator(`${parameter}.prescriber`, terms.prescriber),
    holder: checkAddress(`${parameter}.holder`, terms.holder),
    commitment: checkBytes32(`${parameter}.commitment`, terms.commitment, false),
    unitsPerFill: checkBigint(`${parameter}.unitsPerFill`, terms.unitsPerFill, 40, 1n),
    fills: checkNumber(`${parameter}.fills`, terms.fills, 8, 1, FILLS_MOST),
    interval: checkNumber(`${parameter}.interval`, terms.interval, 32),
    validFrom,
    validUntil,
    reviewer: checkNumber(`${parameter}.reviewer`, terms.reviewer, 32),
  };
}

/** Check an ephemeral key. */
export function checkEphemeralKey(parameter: string, key: EphemeralKey): EphemeralKey {
  checkObject(parameter, key);
  const prefix = checkBytes(`${parameter}.prefix`, key.prefix, 1, 1);
  if (prefix !== "0x02" && prefix !== "0x03") {
    throw inputError(`${parameter}.prefix`, "it is no prefix of a compressed point", "0x02 or 0x03");
  }
  return {
    x: checkBytes32(`${parameter}.x`, key.x, false),
    prefix,
    viewTag: checkBytes(`${parameter}.viewTag`, key.viewTag, 1, 1),
  };
}

/** Check a compact signature. */
export function checkSignature(parameter: string, signature: CompactSignature): CompactSignature {
  checkObject(parameter, signature);
  return {
    r: checkBytes32(`${parameter}.r`, signature.r, false),
    vs: checkBytes32(`${parameter}.vs`, signature.vs, false),
    deadline: checkTime(`${parameter}.deadline`, signature.deadline),
  };
}

/** Check an attestation, or stand in for none. */
export function checkAttestation(
  attestation: Attestation | undefined,
  parameter = "attestation",
): Attestation {
  return attestation === undefined ? NO_ATTESTATION : checkSignature(parameter, attestation);
}

/** Check a lock to take. */
export function checkAcceptance(parameter: string, acceptance: Acceptance): Acceptance {
  checkObject(parameter, acceptance);
  return {
    member: checkMember(`${parameter}.member`, acceptance.member),
    site: checkNumber(`${parameter}.site`, acceptance.site, 16, 1),
    lockCount: checkNumber(`${parameter}.lockCount`, acceptance.lockCount, 16, 1),
    fill: checkNumber(`${parameter}.fill`, acceptance.fill, 8, 1, FILLS_MOST),
    lockedUntil: checkTime(`${parameter}.lockedUntil`, acceptance.lockedUntil),
  };
}

/** Check what is handed over. */
export function checkHandover(parameter: string, handover: Handover): Handover {
  checkObject(parameter, handover);
  return {
    member: checkMember(`${parameter}.member`, handover.member),
    site: checkNumber(`${parameter}.site`, handover.site, 16, 1),
    lockCount: checkNumber(`${parameter}.lockCount`, handover.lockCount, 16, 1),
    ordinal: checkNumber(`${parameter}.ordinal`, handover.ordinal, 8, 1),
    fill: checkNumber(`${parameter}.fill`, handover.fill, 8, 1, FILLS_MOST),
    units: checkBigint(`${parameter}.units`, handover.units, 40, 1n),
    handedOverAt: checkNumber(`${parameter}.handedOverAt`, handover.handedOverAt, 32),
    commitment: checkBytes32(`${parameter}.commitment`, handover.commitment, false),
  };
}
