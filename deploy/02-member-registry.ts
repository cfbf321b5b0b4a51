import { artifactOf } from "./artifacts.ts";
import type { Step } from "./context.ts";

/** Members, sites, operators and licences, behind the proxy that answers the authority question itself. */
export const memberRegistry: Step = {
  name: "02-member-registry",
  run: async ({ addressOf, ensureContract }) => {
    const supervision = await ensureContract("memberSupervision", "MemberSupervision", []);
    const implementation = await ensureContract("memberRegistryImplementation", "MemberRegistry", [
      supervision,
    ]);
    const { iface } = artifactOf("MemberRegistry");
    const initialization = iface.encodeFunctionData("initialize", [addressOf("accessManager")]);
    await ensureContract("memberRegistry", "MemberRegistryProxy", [implementation, initialization]);
  },
};
