import { dataSlice, getAddress } from "ethers";

import { artifactOf } from "./artifacts.ts";
import type { Step } from "./context.ts";

/** keccak256("eip1967.proxy.implementation") - 1: where a proxy keeps its implementation (ERC-1967). */
const IMPLEMENTATION_SLOT = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbcn;

/**
 * Lets dispenses take lots (docs/decisions/0018-lots-in-dispenses.md). The two registries name each other, so the
 * prescription registry begins without stock and is upgraded while the deployer still may.
 */
export const prescriptionStock: Step = {
  name: "03g-prescription-stock",
  run: async ({ config, provider, addressOf, ensureContract, perform, unchanged }) => {
    const peers = [addressOf("memberRegistry"), addressOf("lotRegistry")];
    const oversight = await ensureContract("stockedPrescriptionOversight", "PrescriptionOversight", peers);
    const implementation = await ensureContract(
      "stockedPrescriptionRegistryImplementation",
      "PrescriptionRegistry",
      [...peers, oversight],
    );
    const proxy = addressOf("prescriptionRegistry");
    // The domain's own bits stand above the address in that slot.
    const found = getAddress(dataSlice(await provider.getStorage(proxy, IMPLEMENTATION_SLOT), 12));
    if (found === implementation) return unchanged("dispenses take lots");
    const { iface } = artifactOf("PrescriptionRegistry");
    const data = iface.encodeFunctionData("upgradeToAndCall", [implementation, "0x"]);
    await perform([{ action: "let dispenses take lots", from: config.deployer, to: proxy, data }]);
  },
};
