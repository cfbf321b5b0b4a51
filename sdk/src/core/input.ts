import { getAddress, isAddress, isHexString, zeroPadValue } from "ethers";

import {
  DUTY_BITS,
  type Duty,
  PROFESSIONAL_DUTIES,
  SECTOR_BITS,
  type Sector,
  dutyMask,
  sectorMask,
} from "./duties.ts";
import type { CareLedgerError } from "./errors.ts";
import { sdkError } from "./errorCatalogue.ts";

/** Longest signature that a wallet contract (ERC-1271) may need, bytes. */
export const SIGNATURE_LONGEST = 4_096;

const ZERO_ADDRESS = `0x${"00".repeat(20)}`;
const ZERO_WORD = `0x${"00".repeat(32)}`;

/** The error of a wrong parameter. Never repeats the value: it might say something about a patient. */
export function inputError(parameter: string, problem: string, expected: string): CareLedgerError {
  return sdkError("InputInvalid", { parameter, problem, expected });
}

/** Refuse anything but an object. */
export function checkObject<T>(parameter: string, value: T): T {
  if (typeof value !== "object" || value === null) {
    throw inputError(parameter, kindOf(value), "an object of the documented shape");
  }
  return value;
}

/** An unsigned integer of at most 32 bits, from `least` to `most`. */
export function checkNumber(
  parameter: string,
  value: number,
  bits: number,
  least = 0,
  most = 2 ** bits - 1,
): number {
  const expected = `an integer from ${least} to ${most}`;
  if (typeof value !== "number") throw inputError(parameter, kindOf(value), expected);
  if (!Number.isInteger(value)) throw inputError(parameter, "it is no integer", expected);
  if (value < least || value > most) throw inputError(parameter, "it is out of range", expected);
  return value;
}

/** An unsigned integer wider than 32 bits, from `least` up. */
export function checkBigint(parameter: string, value: bigint, bits: number, least = 0n): bigint {
  const most = 2n ** BigInt(bits) - 1n;
  const expected = `a bigint from ${least} to ${most}`;
  if (typeof value !== "bigint") throw inputError(parameter, kindOf(value), expected);
  if (value < least || value > most) throw inputError(parameter, "it is out of range", expected);
  return value;
}

/** Id of a member, from 1. */
export function checkMember(parameter: string, value: number): number {
  return checkNumber(parameter, value, 32, 1);
}

/** Unix seconds, from 1. */
export function checkTime(parameter: string, value: number): number {
  if (typeof value === "number" && value > 2 ** 32 - 1) {
    throw inputError(parameter, "it is out of range (are these milliseconds?)", "unix seconds");
  }
  return checkNumber(parameter, value, 32, 1);
}

/** An address that is not zero, with its checksum. */
export function checkAddress(parameter: string, value: string): string {
  const address = checkAddressOrZero(parameter, value);
  if (address === ZERO_ADDRESS)
    throw inputError(parameter, "it is zero", "an address of 20 bytes that is not zero");
  return address;
}

/** An address, zero allowed. */
export function checkAddressOrZero(parameter: string, value: string): string {
  const expected = "an address of 20 bytes in hexadecimal, with a correct checksum if of mixed case";
  if (typeof value !== "string") throw inputError(parameter, kindOf(value), expected);
  if (!value.startsWith("0x") || !isAddress(value)) throw inputError(parameter, "it is no address", expected);
  return getAddress(value);
}

/** 32 bytes in hexadecimal, lower case. */
export function checkBytes32(parameter: string, value: string, zeroAllowed = true): string {
  const expected = `32 bytes in hexadecimal${zeroAllowed ? "" : ", not zero"}`;
  if (typeof value !== "string") throw inputError(parameter, kindOf(value), expected);
  if (!isHexString(value, 32)) throw inputError(parameter, "it is not 32 bytes in hexadecimal", expected);
  if (!zeroAllowed && value === ZERO_WORD) throw inputError(parameter, "it is zero", expected);
  return value.toLowerCase();
}

/** Bytes in hexadecimal, at most `longest`. */
export function checkBytes(parameter: string, value: string, longest: number, shortest = 0): string {
  const expected = `${shortest} to ${longest} bytes in hexadecimal`;
  if (typeof value !== "string") throw inputError(parameter, kindOf(value), expected);
  if (!isHexString(value) || value.length % 2 !== 0)
    throw inputError(parameter, "it is no hexadecimal", expected);
  const size = value.length / 2 - 1;
  if (size < shortest || size > longest) throw inputError(parameter, `it has ${size} bytes`, expected);
  return value.toLowerCase();
}

/** An operator key: 32 bytes, or an ECDSA address, which is padded. Not zero. */
export function checkOperator(parameter: string, value: string): string {
  if (typeof value === "string" && value.length === 42) return operatorKeyOf(checkAddress(parameter, value));
  return checkBytes32(parameter, value, false);
}

/**
 * The operator key of an ECDSA address: the address, padded with zeros on the left to 32 bytes.
 *
 * @example
 * const key = operatorKeyOf("0x52908400098527886E0F7030069857D2E4169EE7");
 */
export function operatorKeyOf(address: string): string {
  return zeroPadValue(checkAddress("address", address), 32).toLowerCase();
}

/** One name of a list; returns its position. */
export function checkName(
  parameter: string,
  value: string,
  names: readonly string[],
  refuseFirst = false,
): number {
  const allowed = refuseFirst ? names.slice(1) : names;
  const expected = `one of ${allowed.join(", ")}`;
  if (typeof value !== "string") throw inputError(parameter, kindOf(value), expected);
  if (!allowed.includes(value)) throw inputError(parameter, "it is none of the known names", expected);
  return names.indexOf(value);
}

/** Duties that an operator can hold, by name; returns their mask. */
export function checkDuties(parameter: string, value: readonly Duty[]): number {
  const known = (Object.keys(DUTY_BITS) as Duty[]).filter((duty) => duty !== "ADMINISTER");
  return dutyMask(checkNames(parameter, value, known, false));
}

/** Duties that a regulator can suspend of a member, ADMINISTER too, by name; returns their mask. */
export function checkMemberDuties(parameter: string, value: readonly Duty[]): number {
  return dutyMask(checkNames(parameter, value, Object.keys(DUTY_BITS) as Duty[], false));
}

/** Professional duties by name; returns their mask. */
export function checkProfessionalDuties(
  parameter: string,
  value: readonly Duty[],
  emptyAllowed = false,
): number {
  return dutyMask(checkNames(parameter, value, PROFESSIONAL_DUTIES, emptyAllowed));
}

/** Sectors by name; returns their mask. */
export function checkSectors(parameter: string, value: readonly Sector[]): number {
  return sectorMask(checkNames(parameter, value, Object.keys(SECTOR_BITS) as Sector[], false));
}

/** A list of `least` to `most` elements. */
export function checkList<T>(parameter: string, value: readonly T[], most: number, least = 1): readonly T[] {
  const expected = `a list of ${least} to ${most} elements`;
  if (!Array.isArray(value)) throw inputError(parameter, kindOf(value), expected);
  if (value.length < least || value.length > most)
    throw inputError(parameter, `it has ${value.length}`, expected);
  return value as readonly T[];
}

/**
 * A GS1 Global Location Number: 13 digits with a correct check digit, as a number without leading zeros.
 *
 * @param value Text of 13 digits, or the bigint of it.
 */
export function checkGln(parameter: string, value: bigint | string): bigint {
  const expected = "a GLN: 13 digits with a correct GS1 check digit";
  const text = typeof value === "bigint" ? value.toString().padStart(13, "0") : value;
  if (typeof text !== "string") throw inputError(parameter, kindOf(value), expected);
  if (!/^\d{13}$/.test(text)) throw inputError(parameter, "it does not have 13 digits", expected);
  let sum = 0;
  for (let index = 0; index < 13; index++) sum += Number(text[index]) * (index % 2 === 0 ? 1 : 3);
  if (sum % 10 !== 0) throw inputError(parameter, "its check digit is wrong", expected);
  return BigInt(text);
}

function checkNames<T extends string>(
  parameter: string,
  value: readonly T[],
  known: readonly T[],
  emptyAllowed: boolean,
): readonly T[] {
  const expected = `a list of ${known.join(", ")}, each at most once`;
  if (!Array.isArray(value)) throw inputError(parameter, kindOf(value), expected);
  if (value.length === 0 && !emptyAllowed) throw inputError(parameter, "it is empty", expected);
  if (new Set(value).size !== value.length) throw inputError(parameter, "it has a name twice", expected);
  for (const name of value as readonly T[]) {
    if (!known.includes(name)) throw inputError(parameter, "it has a name that is unknown here", expected);
  }
  return value as readonly T[];
}

function kindOf(value: unknown): string {
  if (value === undefined) return "it is missing";
  if (value === null) return "it is null";
  return `it is of type ${Array.isArray(value) ? "list" : typeof value}`;
}
