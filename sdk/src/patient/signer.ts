import { TypedDataEncoder } from "ethers";

import { isCareLedgerError } from "../core/errors.ts";
import { sdkError } from "../core/errorCatalogue.ts";
import { checkBytes32, checkObject } from "../core/input.ts";
import type { TypedDataDomain } from "../core/sender.ts";
import { patientError } from "./errors.ts";

/** How a patient signs: a secp256k1 key, a wallet (contract or app), a P-256 key, a passkey. */
export type PatientSignerKind = "ecdsa" | "wallet" | "p256" | "webAuthn";

/** EIP-712 types by name, as ethers and wallets take them. */
export type TypedDataTypes = Record<string, { name: string; type: string }[]>;

/**
 * A patient's key, whatever its kind: what the consent registry knows the patient by, and how it signs. Nothing in it is
 * an account: any member relays what was signed, and the patient pays nothing.
 */
export interface PatientSigner {
  readonly kind: PatientSignerKind;
  /**
   * The subject on chain, in hexadecimal (ERC-7913): a bare address of 20 bytes for ECDSA and wallets, or the verifier's
   * address followed by the public key (x, y), 84 bytes, for P-256 and passkeys.
   * @see https://eips.ethereum.org/EIPS/eip-7913
   */
  readonly signer: string;
  /**
   * Sign a digest of 32 bytes as it is, with no prefix and no further hash.
   * @returns The signature in hexadecimal, as the chain takes it for this kind.
   */
  readonly sign: (digest: string) => Promise<string>;
  /** Sign the EIP-712 digest of typed data; a wallet that can show it to the patient does. */
  readonly signTypedData: (
    domain: TypedDataDomain,
    types: TypedDataTypes,
    value: Record<string, unknown>,
  ) => Promise<string>;
}

/** Ask something outside for a signature; what it throws becomes the cause of a typed error. */
export async function askSigner<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (isCareLedgerError(cause)) throw cause;
    throw patientError("PatientSignerRefused", {}, cause);
  }
}

/** A signer from the one thing that kinds do differently. */
export function signerOf(
  kind: PatientSignerKind,
  signer: string,
  signDigest: (digest: string) => Promise<string>,
): PatientSigner {
  const sign = async (digest: string): Promise<string> => signDigest(checkBytes32("digest", digest));
  return {
    kind,
    signer,
    sign,
    signTypedData: async (domain, types, value) => sign(typedDataDigest(domain, types, value)),
  };
}

/** The EIP-712 digest. Throws `InputInvalid` when the value does not fit the types. */
export function typedDataDigest(
  domain: TypedDataDomain,
  types: TypedDataTypes,
  value: Record<string, unknown>,
): string {
  checkObject("domain", domain);
  checkObject("types", types);
  checkObject("value", value);
  try {
    return TypedDataEncoder.hash(domain, types, value);
  } catch (cause) {
    const [problem, expected] = ["it does not fit the types", "domain, types and value as EIP-712 has them"];
    throw sdkError("InputInvalid", { parameter: "value", problem, expected }, cause);
  }
}
