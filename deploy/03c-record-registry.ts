import { artifactOf } from "./artifacts.ts";
import type { Step } from "./context.ts";

/** Entries of health records, repeat orders and referrals. */
export const recordRegistry: Step = {
  name: "03c-record-registry",
  run: async ({ addressOf, ensureContract }) => {
    const peers = [addressOf("memberRegistry"), addressOf("standardsRegistry")];
    const exchange = await ensureContract("recordExchange", "RecordExchange", peers);
    const implementation = await ensureContract("recordRegistryImplementation", "RecordRegistry", [
      ...peers,
      exchange,
    ]);
    const { iface } = artifactOf("RecordRegistry");
    const initialization = iface.encodeFunctionData("initialize", [addressOf("accessManager")]);
    await ensureContract("recordRegistry", "ERC1967Proxy", [implementation, initialization]);
  },
};
