import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { runTool, type Check } from "./core.ts";

/**
 * OpenZeppelin's upgrade safety rules over the build. Allowed: constructors (each implementation only locks itself, and
 * EIP712 of OpenZeppelin sets immutables) and immutables (peer addresses and hashes, docs/decisions/0002-proxy-pattern.md).
 */
export const upgrades: Check = {
  name: "upgrades",
  run: (root) => {
    const core = dirname(createRequire(import.meta.url).resolve("@openzeppelin/upgrades-core/package.json"));
    return runTool(root, join(core, "dist/cli/cli.js"), [
      "validate",
      join(root, "artifacts/build-info"),
      "--unsafeAllow",
      "constructor,state-variable-immutable,state-variable-assignment",
    ]);
  },
};
