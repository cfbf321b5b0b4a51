import { Contract, ContractFactory, type ContractTransactionResponse } from "ethers";

import { type Compiled, compileTestContracts } from "../core/compile.ts";
import { people, type World } from "../core/world.ts";
import { withStock } from "./support.ts";

const SOURCE = "test/prescriptions/contracts/CountedStock.sol";

const compile = (): Compiled => {
  const { CountedStock: compiled } = compileTestContracts(SOURCE);
  if (compiled === undefined) throw new Error("the compiler gave no CountedStock");
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
