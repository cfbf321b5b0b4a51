/**
 * `npm test [-- words]`: runs every `*.test.ts` under test/, or those whose path has one of the words, and every Solidity
 * test. Hardhat alone would run each TypeScript file under test/, the programs that tests start among them.
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const hardhat = join(
  dirname(createRequire(import.meta.url).resolve("hardhat/package.json")),
  "dist/src/cli.js",
);
const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const isAsked = (path: string): boolean => asked.length === 0 || asked.some((word) => path.includes(word));

const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
  .map((path) => join("test", path))
  .filter(isAsked)
  .sort();
const mocha = files.filter((path) => path.endsWith(".test.ts"));
const solidity = files.filter((path) => path.endsWith(".t.sol"));
const compiled = flags.includes("--coverage") ? [] : ["--no-compile"];

const run = (...args: string[]): boolean => {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, [hardhat, "test", ...args], { cwd: root, stdio: "inherit" });
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.log(`${status === 0 ? "passed" : "FAILED"}: ${args[0]}, ${seconds} s`);
  return status === 0;
};

if (mocha.length + solidity.length === 0) {
  console.error(`No test has ${asked.join(" or ")} in its path.`);
  process.exit(2);
}
console.log(`${mocha.length} test files, ${solidity.length} of Solidity`);
const held = [
  mocha.length === 0 || run("mocha", ...compiled, ...flags, ...mocha),
  solidity.length === 0 || run("solidity", ...flags, ...solidity),
];
process.exit(held.every(Boolean) ? 0 : 1);
