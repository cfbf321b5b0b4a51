import { AbiCoder } from "ethers";

import { errorValues } from "./codec.ts";
import { type AbiParameter, type ContractName, abis, interfaces } from "./contracts.ts";
import { CareLedgerError } from "./errors.ts";
import { contractError, sdkError } from "./errorCatalogue.ts";

interface KnownError {
  readonly contract: ContractName;
  readonly name: string;
  readonly inputs: readonly AbiParameter[];
}

/** Selector of Solidity's `Error(string)`. */
const ERROR_STRING = "0x08c379a0";
/** Selector of Solidity's `Panic(uint256)`. */
const PANIC = "0x4e487b71";
/** How deep an error may hide in others. */
const DEPTH = 8;

/** Every custom error by its selector. */
export const errorsBySelector: ReadonlyMap<string, KnownError> = new Map(
  (Object.keys(abis) as ContractName[]).flatMap((contract) =>
    abis[contract]
      .filter((entry) => entry.type === "error")
      .map((entry): [string, KnownError] => {
        const selector = interfaces[contract].getError(entry.name ?? "")?.selector ?? "";
        return [selector, { contract, name: entry.name ?? "", inputs: entry.inputs ?? [] }];
      }),
  ),
);

/** The typed error of what a contract reverted with. */
export function decodeRevert(data: string, cause?: unknown): CareLedgerError {
  const selector = data.slice(0, 10).toLowerCase();
  const known = errorsBySelector.get(selector);
  try {
    if (known !== undefined) {
      const values = interfaces[known.contract].decodeErrorResult(known.name, data);
      const error = contractError(known.name, errorValues(known.inputs, values), cause);
      if (error !== undefined) return error;
    }
    const coder = AbiCoder.defaultAbiCoder();
    const body = `0x${data.slice(10)}`;
    if (selector === PANIC) {
      const [panic] = coder.decode(["uint256"], body);
      return sdkError("ContractPanic", { panic: `0x${BigInt(panic as bigint).toString(16)}` }, cause);
    }
    if (selector === ERROR_STRING) {
      const [reason] = coder.decode(["string"], body);
      return sdkError("CallReverted", { data: String(reason) }, cause);
    }
  } catch {
    // Malformed on purpose or by a foreign contract: shown raw below.
  }
  return sdkError("CallReverted", { data }, cause);
}

/**
 * The typed error within any error: this SDK's own, or the custom error that a node, a wallet or a library carries
 * somewhere inside (`data`, `error`, `cause`, `info`, `originalError`, `revertReason`). Undefined when there is none.
 *
 * @example
 * const typed = typedErrorOf(errorOfAnotherLibrary);
 * if (typed?.code === "PrescriptionLocked") showLock(typed.values);
 */
export function typedErrorOf(error: unknown): CareLedgerError | undefined {
  const data = findRevertData(error, DEPTH);
  if (error instanceof CareLedgerError && (data === undefined || !error.code.startsWith("Rpc"))) return error;
  return data === undefined ? undefined : decodeRevert(data, error);
}

/** The revert data that an error carries somewhere inside. */
export function revertDataOf(error: unknown): string | undefined {
  return findRevertData(error, DEPTH);
}

function findRevertData(value: unknown, depth: number): string | undefined {
  if (depth === 0 || value === null || value === undefined) return undefined;
  if (typeof value === "string") return /^0x([0-9a-fA-F]{2}){4,}$/.test(value) ? value : undefined;
  if (typeof value !== "object") return undefined;
  for (const key of ["data", "error", "cause", "info", "originalError", "revertReason"]) {
    const inner = (value as Record<string, unknown>)[key];
    if (key !== "data" && typeof inner === "string" && key !== "revertReason") continue;
    const found = findRevertData(inner, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
