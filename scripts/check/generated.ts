import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createRequire } from "node:module";

import { runTool, type Check } from "./core.ts";

/** Folders that a build writes and git keeps. */
const folders = ["typechain-types", "sdk/src/abi"];

/** Contents by path. typechain lists contracts in the order of compilation, which varies: lines are compared as a set. */
const contents = (root: string): Map<string, string> => {
  const read = (folder: string): [string, string][] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return read(path);
      const lines = readFileSync(path, "utf8").split("\n");
      return [
        [
          relative(root, path),
          lines
            .map((line) => line.trim())
            .sort()
            .join("\n"),
        ],
      ];
    });
  return new Map(
    folders.map((folder) => join(root, folder)).flatMap((folder) => (existsSync(folder) ? read(folder) : [])),
  );
};

/** Files that are not what they were. */
export const changedFiles = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort();

/** Builds everything from nothing; what git keeps of it must not change. */
export const generated: Check = {
  name: "generated",
  run: (root) => {
    const before = contents(root);
    const hardhat = join(
      dirname(createRequire(import.meta.url).resolve("hardhat/package.json")),
      "dist/src/cli.js",
    );
    const failures = [
      ...runTool(root, hardhat, ["build", "--force", "--quiet"]),
      ...runTool(root, join(root, "scripts/generate-abi.ts"), []),
    ];
    if (failures.length > 0) return failures;
    return changedFiles(before, contents(root)).map(
      (path) => `${path} is not what the build writes; run \`npm run build\` and commit it`,
    );
  },
};
