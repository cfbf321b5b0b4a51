import type { Step } from "./context.ts";

/**
 * What checks the signatures of patients' P-256 keys and passkeys (ERC-7913): OpenZeppelin's contracts as they are, with
 * no state, no owner and no way to change them. A patient's signer names one by its address.
 */
export const patientVerifiers: Step = {
  name: "03a-patient-verifiers",
  run: async ({ ensureContract }) => {
    await ensureContract("p256Verifier", "ERC7913P256Verifier", []);
    await ensureContract("webAuthnVerifier", "ERC7913WebAuthnVerifier", []);
  },
};
