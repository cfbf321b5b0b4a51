import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import type { InterfaceAbi } from "ethers";

/** What the compiler that Hardhat uses offers when called directly. */
type Compiler = { compile(input: string, callbacks: { import(path: string): { contents: string } }): string };

type Output = {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<string, Record<string, { abi: InterfaceAbi; evm: { bytecode: { object: string } } }>>;
};

export interface Compiled {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const known = new Map<string, Record<string, Compiled>>();

const resolve = (path: string): string =>
  path.startsWith("@openzeppelin/") ? `${ROOT}node_modules/${path}` : `${ROOT}${path}`;

/** Compile the contracts of a test's own source; they are no part of the product, so the product's build leaves them out. */
export const compileTestContracts = (source: string): Record<string, Compiled> => {
  const before = known.get(source);
  if (before !== undefined) return before;
  const compiler = createRequire(import.meta.url)("solc") as Compiler;
  const input = {
    language: "Solidity",
    sources: { [source]: { content: readFileSync(resolve(source), "utf8") } },
    settings: {
      evmVersion: "osaka",
      outputSelection: { [source]: { "*": ["abi", "evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(
    compiler.compile(JSON.stringify(input), {
      import: (path) => ({ contents: readFileSync(resolve(path), "utf8") }),
    }),
  ) as Output;
  const errors = (output.errors ?? []).filter((error) => error.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join("\n"));
  const compiled = Object.fromEntries(
    Object.entries(output.contracts[source] ?? {}).map(([name, { abi, evm }]) => [
      name,
      { abi, bytecode: `0x${evm.bytecode.object}` },
    ]),
  );
  known.set(source, compiled);
  return compiled;
};
