import { type Network, type PatientSigner, createWebAuthnSigner } from "@careledger/sdk";

import { testAuthenticator } from "../patient/support.ts";

/** A patient with a new passkey. */
export function passkeyOf(network: Network): PatientSigner {
  const { passkey, assert } = testAuthenticator();
  return createWebAuthnSigner(network.verifiers.webAuthn, passkey, (challenge) =>
    Promise.resolve(assert(challenge)),
  );
}
