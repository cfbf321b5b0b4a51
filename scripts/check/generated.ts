import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createRequire } from "node:module";

import { runTool, type Check } from "./core.ts";

/** Folders that a build writes and git keeps. */
const folders = ["typechain-types", "sdk/src/abi"];

/** Contents by path. */
const contents = (root: string): Map<string, string> => {
  const read = (folder: string): [string, string][] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? read(path) : [[relative(root, path), readFileSync(path, "utf8")]];
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

/** Files under `folders` that are not, byte for byte, what git keeps. */
export const notAsKept = (root: string, under: readonly string[] = folders): string[] => {
  const git = (args: readonly string[]): string[] =>
    execFileSync("git", [...args, "--", ...under], { cwd: root, encoding: "utf8" })
      .split("\n")
      .filter((path) => path !== "");
  return [...git(["diff", "--name-only"]), ...git(["ls-files", "--others", "--exclude-standard"])].sort();
};

/**
 * Builds everything from nothing, as `npm run build` does; what git keeps of it must not change. An earlier build may
 * have written the files anew, so git is asked; without git, what stood there before counts.
 */
export const generated: Check = {
  name: "generated",
  run: (root) => {
    const before = contents(root);
    const binOf = (name: string, path: string) =>
      join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), path);
    const steps: [string, string[]][] = [
      [binOf("hardhat", "dist/src/cli.js"), ["build", "--force", "--quiet"]],
      [join(root, "scripts/build/sort-typechain.ts"), []],
      [join(root, "scripts/generate-abi.ts"), []],
      [binOf("typescript", "bin/tsc"), ["-p", "sdk"]],
    ];
    for (const [script, args] of steps) {
      const failures = runTool(root, script, args);
      if (failures.length > 0) return failures;
    }
    const changed = existsSync(join(root, ".git")) ? notAsKept(root) : changedFiles(before, contents(root));
    return changed.map((path) => `${path} is not what the build writes; run \`npm run build\` and commit it`);
  },
};
