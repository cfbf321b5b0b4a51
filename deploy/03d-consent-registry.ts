import { artifactOf } from "./artifacts.ts";
import type { Step } from "./context.ts";

/** Consents, break-glass and disclosures. */
export const consentRegistry: Step = {
  name: "03d-consent-registry",
  run: async ({ addressOf, ensureContract }) => {
    const peers = (["memberRegistry", "standardsRegistry", "p256Verifier", "webAuthnVerifier"] as const).map(
      addressOf,
    );
    const custody = await ensureContract("consentCustody", "ConsentCustody", peers);
    const oversight = await ensureContract("consentOversight", "ConsentOversight", [...peers, custody]);
    const implementation = await ensureContract("consentRegistryImplementation", "ConsentRegistry", [
      ...peers,
      oversight,
    ]);
    const { iface } = artifactOf("ConsentRegistry");
    const initialization = iface.encodeFunctionData("initialize", [addressOf("accessManager")]);
    await ensureContract("consentRegistry", "ERC1967Proxy", [implementation, initialization]);
  },
};
