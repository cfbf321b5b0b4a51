import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** A rule of the repository: what is wrong under `root`, one line each; empty when it holds. */
export interface Check {
  readonly name: string;
  readonly run: (root: string) => Promise<string[]> | string[];
}

const skipped = new Set(["node_modules", "artifacts", "cache", "coverage", "dist", ".git"]);

const walk = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });

/** Files of the repository, relative to its root: what git tracks or would track; without git, all but the generated. */
export const filesOf = (root: string): string[] => {
  if (!existsSync(join(root, ".git")))
    return walk(root)
      .map((path) => relative(root, path))
      .sort();
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed
    .split("\n")
    .filter((path) => path !== "" && existsSync(join(root, path)))
    .sort();
};

/** Text of a file. */
export const textOf = (root: string, path: string): string => readFileSync(join(root, path), "utf8");

/** Solidity sources under contracts/, by path. */
export const soliditySources = (root: string): Map<string, string> =>
  new Map(
    filesOf(root)
      .filter((path) => path.startsWith("contracts/") && path.endsWith(".sol"))
      .map((path) => [path, textOf(root, path)]),
  );

/** Runs a program of node_modules; its output's lines when it fails. */
export const runTool = (root: string, script: string, args: readonly string[]): string[] => {
  try {
    execFileSync(process.execPath, [script, ...args], { cwd: root, encoding: "utf8", stdio: "pipe" });
    return [];
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    const lines = `${stdout ?? ""}\n${stderr ?? ""}`.split("\n").filter((line) => line.trim() !== "");
    return lines.length > 0 ? lines : [(error as Error).message];
  }
};
