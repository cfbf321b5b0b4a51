import { decodeBytes32String } from "ethers";

import { enumMembers } from "../abi/index.ts";
import { type AbiParameter, type ContractName, abiEntry, interfaces } from "./contracts.ts";
import { dutyNames, sectorNames } from "./duties.ts";
import { isCareLedgerError } from "./errors.ts";
import { sdkError } from "./errorCatalogue.ts";
import type { Log } from "./rpcTypes.ts";

/** Event parameters that are masks although their names do not say so. */
const MASKS: Readonly<Record<string, "duties" | "sectors">> = {
  "LicensingAuthoritySet.before": "duties",
  "MemberSectorsChanged.before": "sectors",
};

/** An event as it stands in a block. */
export interface EventPlace {
  /** Contract that emitted it. */
  readonly address: string;
  readonly blockNumber: number;
  readonly transactionHash: string;
  /** Position in the block. */
  readonly logIndex: number;
}

/** A decoded event with its name and place. */
export interface DecodedEvent extends EventPlace {
  readonly event: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * One value of the chain in the SDK's own types: integers to 32 bits as number, wider ones as bigint, enums by name,
 * tuples as objects. `mask` is the parameter's name where it may be a mask: duties and sectors become lists of names.
 */
export function fromAbi(parameter: AbiParameter, value: unknown, mask: string | undefined): unknown {
  const array = /^(.*)\[\d*\]$/.exec(parameter.type)?.[1];
  if (array !== undefined) {
    return [...(value as Iterable<unknown>)].map((each) =>
      fromAbi({ ...parameter, type: array }, each, mask),
    );
  }
  if (parameter.type === "tuple")
    return fromAbiList(parameter.components ?? [], value as ArrayLike<unknown>, "");
  const enumName = /^enum (?:\w+\.)?(\w+)$/.exec(parameter.internalType ?? "")?.[1];
  if (enumName !== undefined) return enumMembers[enumName]?.[Number(value)] ?? Number(value);
  if (/duties$/i.test(mask ?? "") && parameter.type === "uint32") return dutyNames(Number(value));
  if (mask === "sectors" && parameter.type === "uint16") return sectorNames(Number(value));
  const bits = /^uint(\d+)$/.exec(parameter.type)?.[1];
  if (bits !== undefined) return Number(bits) <= 32 ? Number(value) : BigInt(value as bigint);
  return value;
}

/** A list of values as an object by parameter name; `owner` names the event, for masks. */
export function fromAbiList(
  parameters: readonly AbiParameter[],
  values: ArrayLike<unknown>,
  owner: string,
): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  parameters.forEach((parameter, index) => {
    const mask = MASKS[`${owner}.${parameter.name}`] ?? parameter.name;
    named[parameter.name === "" ? String(index) : parameter.name] = fromAbi(parameter, values[index], mask);
  });
  return named;
}

/** Decode a log of one of our contracts; undefined for an event that its ABI does not know. */
export function decodeEvent(contract: ContractName, log: Log): DecodedEvent | undefined {
  const topic = log.topics[0];
  const fragment = topic === undefined ? null : interfaces[contract].getEvent(topic);
  if (fragment === null) return undefined;
  const { inputs = [] } = abiEntry(contract, "event", fragment.name);
  try {
    const values = interfaces[contract].decodeEventLog(fragment, log.data, [...log.topics]);
    return {
      event: fragment.name,
      values: fromAbiList(inputs, values, fragment.name),
      address: log.address,
      blockNumber: Number(log.blockNumber),
      transactionHash: log.transactionHash,
      logIndex: Number(log.logIndex),
    };
  } catch (error) {
    if (isCareLedgerError(error)) throw error;
    throw sdkError(
      "RpcResponseInvalid",
      { method: "eth_getLogs", problem: `malformed ${fragment.name}` },
      error,
    );
  }
}

/** Decode what a view function returned, as an object by output name (or position). */
export function decodeResult(contract: ContractName, name: string, data: string): Record<string, unknown> {
  const { outputs = [] } = abiEntry(contract, "function", name);
  try {
    return fromAbiList(outputs, interfaces[contract].decodeFunctionResult(name, data), name);
  } catch (error) {
    throw sdkError(
      "RpcResponseInvalid",
      { method: "eth_call", problem: `malformed result of ${name}` },
      error,
    );
  }
}

/** Values of a custom error, for messages: enums by name, short texts in bytes32 as text. */
export function errorValues(
  parameters: readonly AbiParameter[],
  values: ArrayLike<unknown>,
): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  parameters.forEach((parameter, index) => {
    const value = values[index];
    const isText = parameter.type === "bytes32" && parameter.name === "field";
    named[parameter.name] = isText ? shortText(String(value)) : fromAbi(parameter, value, undefined);
  });
  return named;
}

function shortText(word: string): string {
  try {
    return decodeBytes32String(word);
  } catch {
    return word;
  }
}
