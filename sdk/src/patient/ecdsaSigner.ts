import { secp256k1 } from "@noble/curves/secp256k1.js";
import { SigningKey, computeAddress, getBytes, isHexString } from "ethers";

import { patientError } from "./errors.ts";
import { type PatientSigner, signerOf } from "./signer.ts";

/**
 * A patient's secp256k1 key, such as `derivePatientKey` gives.
 *
 * @param privateKey 32 bytes in hexadecimal.
 * @returns Its subject is the key's address, 20 bytes; its signatures are `r ‖ s ‖ v`, 65 bytes, with a low `s`.
 * @throws `PatientKeyInvalid`; `sign` throws `InputInvalid` for what is no digest.
 * @example
 * const patient = createEcdsaSigner(await derivePatientKey(seed, { chainId, custodian: 2, curve: "secp256k1" }));
 * const signature = await patient.sign(digest);
 */
export function createEcdsaSigner(privateKey: string): PatientSigner {
  if (!isHexString(privateKey, 32) || !secp256k1.utils.isValidSecretKey(getBytes(privateKey))) {
    throw patientError("PatientKeyInvalid", { field: "privateKey", curve: "secp256k1" });
  }
  const key = new SigningKey(privateKey);
  return signerOf("ecdsa", computeAddress(key).toLowerCase(), async (digest) => key.sign(digest).serialized);
}
