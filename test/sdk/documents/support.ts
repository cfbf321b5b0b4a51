import { expect } from "chai";
import { Wallet, id } from "ethers";

import { CareLedgerError } from "../../../sdk/src/core/errors.ts";

/** A hospital's member number and its registry, prescription and pharmacy, as every test here uses them. */
export const stMary = 1;
export const riverPharmacy = 7;
export const riverMain = 3;
export const place = {
  chainId: 20_261,
  registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  prescription: id("prescription of the tests"),
};

/** The pharmacy's counter system. */
export const riverCounter = new Wallet(id("river counter"));

/** Bytes 0x00 to 0x1f, or from another first byte: a salt or key that can be written down. */
export function counting(first = 0): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 32 }, (_each, at) => (first + at) & 0xff);
}

/** Expect a typed error with this code, complete, and give it back. */
export async function expectFault(
  work: Promise<unknown> | (() => unknown),
  code: string,
): Promise<CareLedgerError> {
  let result: unknown;
  try {
    result = await (typeof work === "function" ? work() : work);
  } catch (error) {
    expect(error, String(error)).to.be.instanceOf(CareLedgerError);
    const fault = error as CareLedgerError;
    expect(fault.code).to.equal(code);
    expect(fault.message).to.match(/\.$/);
    expect(fault.fix).to.match(/\.$/);
    return fault;
  }
  throw new Error(`expected ${code}, got ${String(result)}`);
}
