import { join } from "node:path";

import { runTool, type Check } from "./core.ts";

/** Nothing of the FHIR inputs is on chain, plain or hashed without salt, and no two entries share a value. */
export const privacy: Check = {
  name: "privacy",
  run: (root) => runTool(root, join(root, "test/privacy/scan.ts"), []),
};
