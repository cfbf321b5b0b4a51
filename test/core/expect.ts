import { expect } from "chai";
import type { BaseContract } from "ethers";

/** A contract that may be of any generated type. */
type Any = Pick<BaseContract, "interface" | "target">;

/**
 * The call reverts with exactly this error and these arguments. An error that has arguments cannot be asserted without.
 */
export const fails = async (
  sent: Promise<unknown>,
  contract: Any,
  error: string,
  ...args: readonly unknown[]
): Promise<void> => {
  const fragment = contract.interface.getError(error);
  if (fragment === null) throw new Error(`the contract has no error ${error}`);
  if (fragment.inputs.length !== args.length)
    throw new Error(`${error} has ${fragment.inputs.length} arguments`);
  const assertion = expect(sent).to.be.revertedWithCustomError(contract as BaseContract, error);
  await (args.length === 0 ? assertion : assertion.withArgs(...args));
};

/** The call emits this event with exactly these arguments, all of them. */
export const emits = async (
  sent: Promise<unknown>,
  contract: Any,
  event: string,
  ...args: readonly unknown[]
): Promise<void> => {
  const fragment = contract.interface.getEvent(event);
  if (fragment === null) throw new Error(`the contract has no event ${event}`);
  if (fragment.inputs.length !== args.length)
    throw new Error(`${event} has ${fragment.inputs.length} arguments`);
  const assertion = expect(sent).to.emit(contract as BaseContract, event);
  await (args.length === 0 ? assertion : assertion.withArgs(...args));
};
