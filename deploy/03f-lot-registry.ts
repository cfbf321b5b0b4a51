import { artifactOf } from "./artifacts.ts";
import type { Step } from "./context.ts";

/** Vaccine and drug lots. */
export const lotRegistry: Step = {
  name: "03f-lot-registry",
  run: async ({ addressOf, ensureContract }) => {
    const peers = [addressOf("memberRegistry"), addressOf("prescriptionRegistry")];
    const oversight = await ensureContract("lotOversight", "LotOversight", peers);
    const keeping = await ensureContract("lotKeeping", "LotKeeping", [...peers, oversight]);
    const entries = await ensureContract("lotEntries", "LotEntries", [...peers, keeping]);
    const implementation = await ensureContract("lotRegistryImplementation", "LotRegistry", [
      ...peers,
      entries,
    ]);
    const { iface } = artifactOf("LotRegistry");
    const initialization = iface.encodeFunctionData("initialize", [addressOf("accessManager")]);
    await ensureContract("lotRegistry", "ERC1967Proxy", [implementation, initialization]);
  },
};
