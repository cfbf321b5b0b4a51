import { Interface, type InterfaceAbi } from "ethers";

import {
  accessManagerAbi,
  consentRegistryAbi,
  lotRegistryAbi,
  memberRegistryAbi,
  prescriptionRegistryAbi,
  recordRegistryAbi,
  researchRegistryAbi,
  standardsRegistryAbi,
} from "../abi/index.ts";

/** The contracts that this SDK speaks to. */
export type ContractName =
  | "memberRegistry"
  | "prescriptionRegistry"
  | "consentRegistry"
  | "recordRegistry"
  | "standardsRegistry"
  | "researchRegistry"
  | "lotRegistry"
  | "accessManager";

/** A parameter as the compiler describes it. */
export interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly internalType?: string;
  readonly indexed?: boolean;
  readonly components?: readonly AbiParameter[];
}

/** A function, event or error as the compiler describes it. */
export interface AbiEntry {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly AbiParameter[];
  readonly outputs?: readonly AbiParameter[];
}

/** ABI of each contract. */
export const abis: Readonly<Record<ContractName, readonly AbiEntry[]>> = {
  memberRegistry: memberRegistryAbi,
  prescriptionRegistry: prescriptionRegistryAbi,
  consentRegistry: consentRegistryAbi,
  recordRegistry: recordRegistryAbi,
  standardsRegistry: standardsRegistryAbi,
  researchRegistry: researchRegistryAbi,
  lotRegistry: lotRegistryAbi,
  accessManager: accessManagerAbi,
};

/** Encoder and decoder of each contract. */
export const interfaces: Readonly<Record<ContractName, Interface>> = {
  memberRegistry: new Interface(memberRegistryAbi as unknown as InterfaceAbi),
  prescriptionRegistry: new Interface(prescriptionRegistryAbi as unknown as InterfaceAbi),
  consentRegistry: new Interface(consentRegistryAbi as unknown as InterfaceAbi),
  recordRegistry: new Interface(recordRegistryAbi as unknown as InterfaceAbi),
  standardsRegistry: new Interface(standardsRegistryAbi as unknown as InterfaceAbi),
  researchRegistry: new Interface(researchRegistryAbi as unknown as InterfaceAbi),
  lotRegistry: new Interface(lotRegistryAbi as unknown as InterfaceAbi),
  accessManager: new Interface(accessManagerAbi as unknown as InterfaceAbi),
};

/** The ABI entry of this kind and name; the first when it is overloaded. */
export function abiEntry(
  contract: ContractName,
  type: "function" | "event" | "error",
  name: string,
): AbiEntry {
  const entry = abis[contract].find((each) => each.type === type && each.name === name);
  if (entry === undefined) throw new RangeError(`${contract} has no ${type} ${name}`);
  return entry;
}
