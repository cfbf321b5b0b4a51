import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { filesOf, runTool, type Check } from "./core.ts";

const require = createRequire(import.meta.url);
const binOf = (name: string, path: string): string =>
  join(dirname(require.resolve(`${name}/package.json`)), path);

/** Runs the tools of this project on `root`. */
const tool = (root: string, script: string, args: readonly string[]): string[] => runTool(root, script, args);

/** Prettier's layout, Solidity included. */
export const format: Check = {
  name: "format",
  run: (root) => tool(root, binOf("prettier", "bin/prettier.cjs"), ["--check", "--log-level", "warn", "."]),
};

/** ESLint for TypeScript, solhint for Solidity. */
export const lint: Check = {
  name: "lint",
  run: (root) => {
    const contracts = filesOf(root).filter((path) => path.startsWith("contracts/") && path.endsWith(".sol"));
    return [
      ...tool(root, binOf("eslint", "bin/eslint.js"), ["--max-warnings", "0", "."]),
      ...(contracts.length === 0
        ? []
        : tool(root, binOf("solhint", "solhint.js"), ["--noPoster", "--disc", "-w", "0", ...contracts])),
    ];
  },
};

/** The compiler on the project and on the package. */
export const types: Check = {
  name: "types",
  run: (root) => {
    const compiler = binOf("typescript", "bin/tsc");
    const projects = filesOf(root).filter((path) => path === "tsconfig.json" || path === "sdk/tsconfig.json");
    return projects.flatMap((project) => tool(root, compiler, ["--noEmit", "-p", project]));
  },
};
