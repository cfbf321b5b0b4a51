import { artifactOf } from "./artifacts.ts";
import type { Step } from "./context.ts";

/** Data categories and code-system versions: what consents and records refer to by number. */
export const standardsRegistry: Step = {
  name: "03b-standards-registry",
  run: async ({ addressOf, ensureContract }) => {
    const implementation = await ensureContract("standardsRegistryImplementation", "StandardsRegistry", []);
    const { iface } = artifactOf("StandardsRegistry");
    const initialization = iface.encodeFunctionData("initialize", [addressOf("accessManager")]);
    await ensureContract("standardsRegistry", "ERC1967Proxy", [implementation, initialization]);
  },
};
