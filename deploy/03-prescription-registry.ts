import { ZeroAddress } from "ethers";

import { artifactOf } from "./artifacts.ts";
import type { Step } from "./context.ts";

/** E-prescriptions. No stock registry is connected yet (docs/decisions/0007-seams-for-stock-and-claims.md). */
export const prescriptionRegistry: Step = {
  name: "03-prescription-registry",
  run: async ({ addressOf, ensureContract }) => {
    const peers = [addressOf("memberRegistry"), ZeroAddress];
    const oversight = await ensureContract("prescriptionOversight", "PrescriptionOversight", peers);
    const implementation = await ensureContract(
      "prescriptionRegistryImplementation",
      "PrescriptionRegistry",
      [...peers, oversight],
    );
    const { iface } = artifactOf("PrescriptionRegistry");
    const initialization = iface.encodeFunctionData("initialize", [addressOf("accessManager")]);
    await ensureContract("prescriptionRegistry", "ERC1967Proxy", [implementation, initialization]);
  },
};
