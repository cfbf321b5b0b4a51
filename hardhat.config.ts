import { fileURLToPath } from "node:url";

import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { defineConfig } from "hardhat/config";

/** Chain id of the embedded consortium chain. Not 1337 or 31337: OpenZeppelin's tools take those for throw-away networks. */
const EMBEDDED_CHAIN_ID = 20_261;

/** The wasm compiler that npm installs; Hardhat's own compiler download is never used (docs/decisions/0001-toolchain.md). */
const solc = (settings: object) => ({
  type: "solc" as const,
  version: "0.8.34",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: {
    evmVersion: "osaka",
    outputSelection: { "*": { "*": ["storageLayout"] } },
    ...settings,
  },
});

/** EDR set up as a free-gas QBFT chain: osaka, no base fee, no gas price, Osaka's cap of 2^24 gas a transaction. */
const embedded = {
  type: "edr-simulated" as const,
  chainType: "l1" as const,
  hardfork: "osaka",
  chainId: EMBEDDED_CHAIN_ID,
  gasPrice: 0,
  initialBaseFeePerGas: 0,
  blockGasLimit: 60_000_000,
};

export default defineConfig({
  plugins: [hardhatEthers, hardhatEthersChaiMatchers, hardhatMocha, hardhatNetworkHelpers, hardhatTypechain],
  solidity: {
    npmFilesToBuild: [
      "@openzeppelin/contracts/access/manager/AccessManager.sol",
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol",
      "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol",
    ],
    profiles: {
      default: solc({ optimizer: { enabled: true, runs: 1_000 }, viaIR: true }),
      production: solc({ optimizer: { enabled: true, runs: 1_000 }, viaIR: true }),
    },
  },
  typechain: { outDir: "typechain-types" },
  networks: {
    default: embedded,
    hardhatMainnet: embedded,
    embedded: { ...embedded, mining: { auto: false, interval: 1_000 } },
  },
  paths: { tests: { mocha: "./test", solidity: "./test" } },
  test: { mocha: { timeout: 120_000 } },
});
