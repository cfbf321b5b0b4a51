import { AbiCoder, getBytes, id as hashOfText, keccak256, toBeHex } from "ethers";

import { checkBytes32, checkMember, checkObject, checkOperator, inputError } from "../core/input.ts";
import { joinBytes, textBytes } from "../documents/bytes.ts";
import { createSalt, requireSalt, taggedCommitment } from "../documents/commitment.ts";

/** `keccak256("CareLedger.BreakGlassTicket.v1")`: keeps tickets apart from every other hash. */
export const BREAK_GLASS_TICKET_TAG = hashOfText("CareLedger.BreakGlassTicket.v1");

/** Longest name of a patient at a custodian, bytes. */
const PATIENT_LONGEST = 1_024;

/** Who a patient is at a custodian. */
export interface BreakGlassPatient {
  /** Member that is asked. */
  readonly custodian: number;
  /** What names the patient at the custodian: a medical record number with its system, or what the custodian asks for. 1 to 1,024 bytes. */
  readonly patient: string;
}

/** A one-time reference to a patient for one use of break-glass. */
export interface BreakGlassTicket {
  /** What goes on chain, 32 bytes in hexadecimal. */
  readonly ticket: string;
  /** 32 random bytes. Sent to the custodian alone, with the patient's name there; never on chain: without it nobody can test a guess. */
  readonly salt: Uint8Array<ArrayBuffer>;
}

/**
 * Make the ticket of one use of break-glass. The chain learns nothing of the patient; the custodian, which gets salt and
 * name, checks it ({@link checkBreakGlassTicket}) and finds the patient.
 *
 * ```text
 * ticket = keccak256( tag ‖ salt ‖ sha256( uint32 custodian ‖ UTF-8 of the patient's name there ) )
 * tag    = keccak256("CareLedger.BreakGlassTicket.v1")
 * ```
 *
 * @param salt Leave it out to draw a fresh one. A ticket is used once.
 * @throws `InputInvalid`, `SaltInvalid`
 * @example
 * const { ticket, salt } = createBreakGlassTicket({ custodian: 2, patient: "urn:oid:2.999.1|4711" });
 */
export function createBreakGlassTicket(
  patient: BreakGlassPatient,
  salt: Uint8Array = createSalt(),
): BreakGlassTicket {
  checkObject("patient", patient);
  requireSalt(salt);
  const custodian = checkMember("custodian", patient.custodian);
  const expected = `a text of 1 to ${PATIENT_LONGEST} bytes`;
  if (typeof patient.patient !== "string") throw inputError("patient", "it is no text", expected);
  const name = textBytes(patient.patient);
  if (name.length === 0 || name.length > PATIENT_LONGEST) {
    throw inputError("patient", `it has ${name.length} bytes`, expected);
  }
  const named = joinBytes(getBytes(toBeHex(custodian, 4)), name);
  return { ticket: taggedCommitment(BREAK_GLASS_TICKET_TAG, named, salt), salt: new Uint8Array(salt) };
}

/**
 * Whether a ticket is for this patient of this custodian: what a custodian asks before it discloses.
 *
 * @throws `InputInvalid`, `SaltInvalid` when the inputs are malformed; a mere mismatch is `false`.
 * @example
 * if (!checkBreakGlassTicket(ticket, { custodian: 2, patient: "urn:oid:2.999.1|4711" }, salt)) refuse();
 */
export function checkBreakGlassTicket(ticket: string, patient: BreakGlassPatient, salt: Uint8Array): boolean {
  return createBreakGlassTicket(patient, salt).ticket === checkBytes32("ticket", ticket, false);
}

/**
 * The id of a use of break-glass: a hash of the four, so that nobody takes another's ticket.
 *
 * @throws `InputInvalid`
 * @example
 * const breakGlass = breakGlassIdOf({ member: 3, operator: drOkoye, custodian: 2, ticket });
 */
export function breakGlassIdOf(params: {
  readonly member: number;
  /** Operator key of the professional, or its address. */
  readonly operator: string;
  readonly custodian: number;
  readonly ticket: string;
}): string {
  checkObject("params", params);
  const words = [
    checkMember("member", params.member),
    checkOperator("operator", params.operator),
    checkMember("custodian", params.custodian),
    checkBytes32("ticket", params.ticket, false),
  ];
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "bytes32", "uint32", "bytes32"], words));
}
