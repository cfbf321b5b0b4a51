import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc") as { compile: (input: string) => string };

/** Build info of one contract that OpenZeppelin's validator takes for upgradeable. */
export const buildInfo = (body: string): string => {
  const content = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;
/// @custom:oz-upgrades
contract Shelf { ${body} }`;
  const outputSelection = {
    "*": {
      "": ["ast"],
      "*": ["abi", "evm.bytecode", "evm.deployedBytecode", "evm.methodIdentifiers", "storageLayout"],
    },
  };
  const input = {
    language: "Solidity",
    sources: { "contracts/Shelf.sol": { content } },
    settings: { evmVersion: "osaka", outputSelection },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as unknown;
  const solcVersion = "0.8.34";
  return JSON.stringify({
    _format: "hh-sol-build-info-1",
    id: "a",
    solcVersion,
    solcLongVersion: solcVersion,
    input,
    output,
  });
};
