import { filesOf, textOf, type Check } from "./core.ts";

/** Written in pieces, so that this file does not find itself. */
const forbidden: readonly { readonly pattern: RegExp; readonly why: string; readonly only?: RegExp }[] = [
  { pattern: /\b(TO(?:)DO|FIX(?:)ME|X(?:)XX|HA(?:)CK)\b/, why: "unfinished work" },
  {
    pattern: /\b(describe|it|context|suite|test)\.(only|skip)\b|\bx(it|describe)\(/,
    why: "a test left out",
    only: /\.ts$/,
  },
  { pattern: /(^|[\s"'`(=:])\/(home|root|work|Users|mnt)\/[\w.-]/, why: "a path of one machine" },
  { pattern: /registry\.(npmjs|yarnpkg|npmmirror)\.\w+|pypi\.org\/simple/, why: "a registry host" },
];

const solidityHeader = "// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.34;\n";
const SOLIDITY_COLUMNS = 140;
/** An EIP-712 type cannot be broken: the string is what is hashed. */
const isTooLong = (line: string): boolean => line.length > SOLIDITY_COLUMNS && !/^\s*"[^"]*"$/.test(line);

const isText = (path: string): boolean =>
  /\.(sol|ts|js|mjs|json|md|yml|yaml|sh|tree|txt)$|^\.ci\/run$|^LICENSE$/.test(path);
/** Not ours to word: examples as published, and generated files. */
const exempt = /^(examples\/|typechain-types\/|sdk\/src\/abi\/|snapshots\/)/;

/** Headers, and words that must not be in the repository. */
export const words: Check = {
  name: "words",
  run: (root) => {
    const problems: string[] = [];
    for (const path of filesOf(root)) {
      if (!isText(path) || exempt.test(path)) continue;
      const text = textOf(root, path);
      if (path.endsWith(".sol") && !text.startsWith(solidityHeader)) {
        problems.push(`${path} does not start with the SPDX line and the pragma 0.8.34`);
      }
      for (const [index, line] of text.split("\n").entries()) {
        if (path.endsWith(".sol") && isTooLong(line))
          problems.push(`${path}:${index + 1} has ${line.length} columns`);
        for (const { pattern, why, only } of forbidden) {
          if (only !== undefined && !only.test(path)) continue;
          if (pattern.test(line)) problems.push(`${path}:${index + 1}: ${why}: ${line.trim().slice(0, 100)}`);
        }
      }
    }
    return problems;
  },
};
