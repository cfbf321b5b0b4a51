import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Check } from "../../scripts/check/core.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Made-up repositories live under cache/, where the tools find the project's packages and git looks away. */
const folder = join(root, "cache", "repository-tests");

/** Files of a made-up repository by path. */
export type Files = Readonly<Record<string, string>>;

/** Runs a check on a made-up repository and says what it found. */
export const problemsOf = async (
  check: Check,
  files: Files,
  copied: readonly string[] = [],
): Promise<string[]> => {
  mkdirSync(folder, { recursive: true });
  const made = mkdtempSync(join(folder, "r-"));
  try {
    for (const path of copied) cpSync(join(root, path), join(made, path), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(made, path)), { recursive: true });
      writeFileSync(join(made, path), text);
    }
    symlinkSync(join(root, "node_modules"), join(made, "node_modules"), "dir");
    return await check.run(made);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
};

/** Solidity with the header that every file has. */
export const sol = (body: string): string =>
  `// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.34;\n\n${body}\n`;
