import { type CareLedgerError, isCareLedgerError } from "@careledger/sdk";
import { expect } from "chai";

/** Expect a typed error with this code and, of its values, these. Returns it. */
export async function failsWith(
  work: Promise<unknown> | (() => unknown),
  code: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<CareLedgerError> {
  const error = await outcomeOf(work);
  if (!isCareLedgerError(error))
    throw error instanceof Error ? error : new Error(`no ${code} but ${String(error)}`);
  expect(error.code, error.message).to.equal(code);
  for (const [name, value] of Object.entries(values)) expect(error.values[name], name).to.deep.equal(value);
  expect(error.message).to.match(/\S.*[.!)]$/);
  expect(error.fix).to.match(/\S.*\.$/);
  expect(`${error.message} ${error.fix}`).not.to.match(/[{}]|undefined|NaN|\[object/);
  return error;
}

async function outcomeOf(work: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    const value = typeof work === "function" ? await work() : await work;
    return `the value ${String(value)}`;
  } catch (error) {
    return error;
  }
}
