import { getBytes, isHexString } from "ethers";

import { checkBytes32, checkObject, inputError } from "../core/input.ts";
import { type BytesLike, checkPublicKey, keyedSigner } from "./p256.ts";
import type { Passkey } from "./passkey.ts";
import { type PatientSigner, askSigner, signerOf } from "./signer.ts";
import { webAuthnSignature } from "./webAuthnSignature.ts";

/** What a passkey asserted: the browser's `AuthenticatorAssertionResponse`, or the same in hexadecimal. */
export interface PasskeyAssertion {
  readonly authenticatorData: BytesLike;
  readonly clientDataJSON: BytesLike;
  /** DER, as authenticators give it. */
  readonly signature: BytesLike;
}

/** A passkey as far as signing needs it: the key, and what its assertions are checked against when it is named. */
export type SigningPasskey = Pick<Passkey, "publicKey"> & Partial<Passkey>;

/**
 * A patient's passkey (WebAuthn). It signs in the patient's browser or app, after a finger, a face or a PIN; the key never
 * leaves the authenticator.
 *
 * Make one passkey a custodian: its public key is the patient's name there. What goes on chain with each signature, and
 * says nothing of the patient, is the authenticator's data (the hash of the relying party's id, flags, a counter) and the
 * client data (challenge, origin). A counter that runs over all passkeys of a device is a weak link between them; see
 * `derivePatientKey` for keys without one.
 *
 * @param verifier Address of the verifier: `network.verifiers.webAuthn`.
 * @param passkey From `readPasskey`, or its public key alone.
 * @param getAssertion Asks the passkey; gets the challenge, which is the digest, and the id for `allowCredentials`.
 * @returns Its subject is `verifier ‖ x ‖ y`; its signatures are OpenZeppelin's `WebAuthnAuth`, 293 bytes and the client data.
 * @throws `InputInvalid`, `PatientPublicKeyInvalid`; `sign` throws `PatientSignerRefused` (also when the patient cancels),
 * `PasskeyAssertionMalformed`, `PasskeyAssertionWrong`, `PasskeyUserAbsent`, `PasskeyUserUnverified`,
 * `PatientSignatureMalformed`, `PatientSignatureWrong`.
 * @example
 * const patient = createWebAuthnSigner(network.verifiers.webAuthn, passkey, async (challenge, id) => {
 *   const allowCredentials = [{ type: "public-key", id }];
 *   const publicKey = { challenge, allowCredentials, userVerification: "required" };
 *   return (await navigator.credentials.get({ publicKey })).response;
 * });
 * @see https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion
 */
export function createWebAuthnSigner(
  verifier: string,
  passkey: SigningPasskey,
  getAssertion: (
    challenge: Uint8Array<ArrayBuffer>,
    credentialId: Uint8Array<ArrayBuffer> | undefined,
  ) => Promise<PasskeyAssertion>,
): PatientSigner {
  checkObject("passkey", passkey);
  const publicKey = checkPublicKey("publicKey", passkey.publicKey);
  const rpIdHash = passkey.rpIdHash === undefined ? undefined : checkBytes32("rpIdHash", passkey.rpIdHash);
  const id = passkey.credentialId;
  if (id !== undefined && (!isHexString(id) || id.length % 2 !== 0 || id.length === 2)) {
    throw inputError("credentialId", "it is no hexadecimal", "the passkey's id in hexadecimal");
  }
  if (typeof getAssertion !== "function") {
    throw inputError("getAssertion", "it is no function", "a function that asks the passkey");
  }
  return signerOf("webAuthn", keyedSigner(verifier, publicKey), async (digest) => {
    const challenge = (): Uint8Array<ArrayBuffer> => new Uint8Array(getBytes(digest));
    const credentialId = id === undefined ? undefined : new Uint8Array(getBytes(id));
    const assertion = await askSigner(() => getAssertion(challenge(), credentialId));
    return webAuthnSignature(assertion, { challenge: challenge(), publicKey, rpIdHash });
  });
}
