import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { Contract, ContractFactory, type ContractTransactionResponse, type InterfaceAbi } from "ethers";

import { people, type World } from "../core/world.ts";
import { withStock } from "./support.ts";

/** What the compiler that Hardhat uses offers when called directly. */
type Compiler = { compile(input: string, callbacks: { import(path: string): { contents: string } }): string };

type Output = {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<string, Record<string, { abi: InterfaceAbi; evm: { bytecode: { object: string } } }>>;
};

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCE = "test/prescriptions/contracts/CountedStock.sol";

const resolve = (path: string): string =>
  path.startsWith("@openzeppelin/") ? `${ROOT}node_modules/${path}` : `${ROOT}${path}`;

let compiled: { abi: InterfaceAbi; bytecode: string } | undefined;

/** Compile the test's own stock registry; it is no part of the product, so the product's build leaves it out. */
const compile = (): { abi: InterfaceAbi; bytecode: string } => {
  if (compiled !== undefined) return compiled;
  const compiler = createRequire(import.meta.url)("solc") as Compiler;
  const input = {
    language: "Solidity",
    sources: { [SOURCE]: { content: readFileSync(resolve(SOURCE), "utf8") } },
    settings: {
      evmVersion: "osaka",
      outputSelection: { [SOURCE]: { CountedStock: ["abi", "evm.bytecode.object"] } },
    },
  };
  const output = JSON.parse(
    compiler.compile(JSON.stringify(input), {
      import: (path) => ({ contents: readFileSync(resolve(path), "utf8") }),
    }),
  ) as Output;
  const errors = (output.errors ?? []).filter((error) => error.severity === "error");
  if (errors.length > 0) throw new Error(errors.map((error) => error.formattedMessage).join("\n"));
  const contract = output.contracts[SOURCE]?.["CountedStock"];
  if (contract === undefined) throw new Error("the compiler gave no CountedStock");
  compiled = { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` };
  return compiled;
};

/** The stock registry as the tests use it. */
export type CountedStock = Contract & {
  receiveUnits(member: number, site: number, units: bigint): Promise<ContractTransactionResponse>;
  callBackWith(data: string): Promise<ContractTransactionResponse>;
  connect(to: unknown): CountedStock;
  held(member: number, site: number): Promise<bigint>;
  quarantined(member: number, site: number): Promise<bigint>;
  taken(prescription: string, ordinal: number): Promise<[bigint, bigint, string]>;
  callbackSucceeded(): Promise<boolean>;
};

/** A prescription registry connected to a stock registry, both real and on the test chain. */
export const stockedWorld = async (world: World): Promise<World & { stock: CountedStock }> => {
  const { abi, bytecode } = compile();
  const deployed = await new ContractFactory(abi, bytecode, people.deployer.wallet).deploy();
  const address = await deployed.getAddress();
  const stocked = await withStock(world, address);
  const stock = new Contract(address, abi, people.deployer.wallet) as CountedStock;
  await stock.getFunction("connect")(await stocked.prescriptions.getAddress());
  return { ...stocked, stock };
};
