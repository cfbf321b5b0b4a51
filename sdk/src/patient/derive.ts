import { secp256k1 } from "@noble/curves/secp256k1.js";
import { p256 } from "@noble/curves/nist.js";
import { getBytes, hexlify, isHexString, toBeHex } from "ethers";

import { checkMember, checkName, checkNumber, checkObject } from "../core/input.ts";
import { joinBytes, textBytes, uintBytes } from "../documents/bytes.ts";
import { patientError } from "./errors.ts";

/** What a patient key is for. */
export interface PatientKeyPlace {
  /** Chain id, from 1 to 2^53-1. */
  readonly chainId: number;
  /** The member that holds the records, by its number. */
  readonly custodian: number;
  /** `secp256k1` for `createEcdsaSigner`, `p256` for `createP256Signer`. */
  readonly curve: PatientCurve;
  /** Counts the patient's keys at this custodian from 0: after a key was replaced there, the next one. */
  readonly generation?: number | undefined;
}

/** A curve that a patient's key may be on. */
export type PatientCurve = keyof typeof ORDERS;

const ORDERS = { secp256k1: secp256k1.Point.Fn.ORDER, p256: p256.Point.Fn.ORDER } as const;
const SALT = textBytes("CareLedger patient keys 1");
/** 16 bytes more than a scalar, so that the remainder is as good as uniform (FIPS 186-5, A.2.1). */
const DRAWN_BITS = 384;

/**
 * Draw a patient's seed: the one secret from which the keys for all custodians follow. Keep it where the patient's other
 * secrets are kept, in a device's key store or as what a passkey's PRF extension gives; whoever has it signs for the patient.
 *
 * @returns 32 bytes in hexadecimal.
 */
export function generatePatientSeed(): string {
  return hexlify(crypto.getRandomValues(new Uint8Array(32)));
}

/**
 * A patient's key for one custodian on one chain. Keys for two custodians share no value: only the seed tells that they
 * are one patient's.
 *
 * ```text
 * drawn = HKDF-SHA-256(secret = seed, salt = "CareLedger patient keys 1", 48 bytes,
 *                      info = curve name ‖ 0x00 ‖ uint256 chain id ‖ uint32 custodian ‖ uint32 generation)
 * key   = drawn mod (n - 1) + 1                                   n: order of the curve
 * ```
 *
 * Passkeys are not derived: a patient makes one passkey a custodian. An authenticator whose signature counter runs over
 * all its passkeys still lets an observer guess that two are on one device; such a patient takes derived keys.
 *
 * @param seed 32 bytes in hexadecimal, from {@link generatePatientSeed}.
 * @returns The private key, 32 bytes in hexadecimal.
 * @throws `PatientSeedInvalid`; `InputInvalid` naming the parameter.
 * @example
 * const key = await derivePatientKey(seed, { chainId: network.chainId, custodian: 2, curve: "secp256k1" });
 * const patient = createEcdsaSigner(key);
 * @see https://www.rfc-editor.org/rfc/rfc5869
 */
export async function derivePatientKey(seed: string, place: PatientKeyPlace): Promise<string> {
  if (!isHexString(seed, 32) || BigInt(seed) === 0n) throw patientError("PatientSeedInvalid");
  checkObject("place", place);
  const { chainId, custodian, curve, generation = 0 } = place;
  checkName("curve", curve, Object.keys(ORDERS));
  const info = joinBytes(
    textBytes(`${curve}\0`),
    uintBytes(checkNumber("chainId", chainId, 53, 1, Number.MAX_SAFE_INTEGER), 32),
    uintBytes(checkMember("custodian", custodian), 4),
    uintBytes(checkNumber("generation", generation, 32), 4),
  );
  const secret = new Uint8Array(getBytes(seed));
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt: SALT, info };
  const drawn = new Uint8Array(await crypto.subtle.deriveBits(parameters, material, DRAWN_BITS));
  return toBeHex((BigInt(hexlify(drawn)) % (ORDERS[curve] - 1n)) + 1n, 32);
}
