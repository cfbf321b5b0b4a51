import { artifactOf } from "./artifacts.ts";
import type { Step } from "./context.ts";

/** Datasets for research and who may use them. */
export const researchRegistry: Step = {
  name: "03e-research-registry",
  run: async ({ addressOf, ensureContract }) => {
    const implementation = await ensureContract("researchRegistryImplementation", "ResearchRegistry", [
      addressOf("memberRegistry"),
    ]);
    const { iface } = artifactOf("ResearchRegistry");
    const initialization = iface.encodeFunctionData("initialize", [addressOf("accessManager")]);
    await ensureContract("researchRegistry", "ERC1967Proxy", [implementation, initialization]);
  },
};
