import { isHexString } from "ethers";

import { checkAddress, checkBytes32, inputError } from "../core/input.ts";
import type { TypedDataDomain } from "../core/sender.ts";
import { patientError } from "./errors.ts";
import { type PatientSigner, type TypedDataTypes, askSigner, signerOf, typedDataDigest } from "./signer.ts";

/** A wallet that shows typed data to the patient, such as an ethers `Signer` in front of a wallet app. */
export interface TypedDataWallet {
  signTypedData(
    domain: TypedDataDomain,
    types: TypedDataTypes,
    value: Record<string, unknown>,
  ): Promise<string>;
}

/**
 * A patient's wallet: a contract that answers ERC-1271, or a wallet app in front of a plain address. Whether the signature
 * is the wallet's own is decided on chain, at the moment of relay.
 *
 * @param address The wallet's address.
 * @param sign Signs a digest of 32 bytes for it, or a wallet that signs typed data only.
 * @returns Its subject is the address, 20 bytes.
 * @throws `InputInvalid`; `sign` throws `PatientSignerRefused`, `PatientSignatureMalformed`, and `PatientTypedDataOnly`
 * when the wallet takes no digest.
 * @example
 * const patient = createWalletSigner(safeAddress, async (digest) => concat(await collectOwnerSignatures(digest)));
 * const other = createWalletSigner(await account.getAddress(), account);
 * @see https://eips.ethereum.org/EIPS/eip-1271
 */
export function createWalletSigner(
  address: string,
  sign: ((digest: string) => Promise<string>) | TypedDataWallet,
): PatientSigner {
  const signer = checkAddress("address", address).toLowerCase();
  if (typeof sign === "function") {
    return signerOf("wallet", signer, async (digest) => checkSignature(await askSigner(() => sign(digest))));
  }
  if (typeof sign?.signTypedData !== "function") {
    throw inputError("sign", "it signs nothing", "a function, or a wallet with `signTypedData`");
  }
  return {
    kind: "wallet",
    signer,
    sign: async (digest) => {
      checkBytes32("digest", digest);
      throw patientError("PatientTypedDataOnly");
    },
    signTypedData: async (domain, types, value) => {
      typedDataDigest(domain, types, value);
      return checkSignature(await askSigner(() => sign.signTypedData(domain, types, value)));
    },
  };
}

function checkSignature(signature: unknown): string {
  if (typeof signature === "string" && isHexString(signature) && signature.length % 2 === 0) {
    if (signature.length > 2) return signature.toLowerCase();
  }
  throw patientError("PatientSignatureMalformed", { form: "bytes in hexadecimal, at least one" });
}
