import { AbiCoder, concat, keccak256, toBeHex } from "ethers";

import { checkBytes32, checkList, checkNumber, checkObject, inputError } from "../core/input.ts";
import { checkLot, checkOptional, checkProof } from "./input.ts";

/** Units of one lot that a dispense takes. */
export interface Taking {
  readonly lot: string;
  /** How many; of serials, all under the one named. */
  readonly units: number;
  /** First of them, for serials; else 0 or absent. */
  readonly firstUnit?: number | undefined;
  /** First unit of the stored range that holds them; absent where they lie in the stock's own range. */
  readonly range?: number | undefined;
  /** As `saltedSerialOf` gives it, for serials; else absent. */
  readonly saltedSerial?: string | undefined;
  /** As `proofOf` of the serial tree gives it, for serials; else absent. */
  readonly proof?: readonly string[] | undefined;
}

/** Most lots that one dispense takes. */
export const TAKINGS_MOST = 8;
/** Where the length of a proof stands in a taking's head, and the mark of a serial. */
const PROOF_LENGTH = 96n;
const SERIAL_MARK = 104n;

/**
 * The stock argument of `dispensePrescription`, `signDispense` and `withdrawDispense`: what is taken from stock, lot by lot; or the
 * salted link of a discreet lot. Keep it: a withdrawal passes it again.
 *
 * @param taken 1 to 8 takings, or `{ link }` of `dispenseLink`.
 * @throws `InputInvalid`
 * @example
 * const stock = dispenseStock([{ lot, units: 30 }]);
 * await dispensePrescription(client, { prescription, handover, stock });
 */
export function dispenseStock(taken: readonly Taking[] | { readonly link: string }): string {
  checkObject("taken", taken);
  if ("link" in taken) return checkBytes32("taken.link", taken.link, false);
  return concat(
    checkList("taken", taken, TAKINGS_MOST).flatMap((taking, index) => rowOf(`taken[${index}]`, taking)),
  );
}

function rowOf(at: string, taking: Taking): string[] {
  checkObject(at, taking);
  const lot = checkLot(`${at}.lot`, taking.lot);
  const units = BigInt(checkNumber(`${at}.units`, taking.units, 32, 1));
  const firstUnit = BigInt(checkOptional(`${at}.firstUnit`, taking.firstUnit, 32));
  const range = BigInt(checkOptional(`${at}.range`, taking.range, 32));
  const proof = checkProof(`${at}.proof`, taking.proof);
  const head = units | (firstUnit << 32n) | (range << 64n);
  if (taking.saltedSerial === undefined) {
    if (proof.length > 0)
      throw inputError(`${at}.saltedSerial`, "it is missing", "the serial that is proven");
    return [lot, toBeHex(head, 32)];
  }
  const saltedSerial = checkBytes32(`${at}.saltedSerial`, taking.saltedSerial, false);
  const serial = (BigInt(proof.length) << PROOF_LENGTH) | (1n << SERIAL_MARK);
  return [lot, toBeHex(head | serial, 32), saltedSerial, ...proof];
}

/** A dispense of a discreet lot, which the ledger shows by a link alone. */
export interface LinkedDispense {
  readonly lot: string;
  readonly units: number;
  /** 32 random bytes in hexadecimal, drawn for this dispense and kept. */
  readonly salt: string;
  /** Id of the prescription. */
  readonly prescription: string;
  /** Ordinal of the dispense. */
  readonly ordinal: number;
}

/** The link of a dispense, and what opens it. */
export interface DispenseLink {
  /** For `dispenseStock`. */
  readonly link: string;
  /** For the Merkle tree whose root `settleDispenses` takes; the link is its hash. */
  readonly opening: string;
}

/**
 * The salted link by which a dispense names its discreet lot: nobody can guess the lot, and whoever has the salt can prove it.
 *
 * @throws `InputInvalid`
 * @example
 * const { link, opening } = dispenseLink({ lot, units: 30, salt: hexlify(randomBytes(32)), prescription, ordinal: 1 });
 * await dispensePrescription(client, { prescription: terms, handover, stock: dispenseStock({ link }) });
 * await settleDispenses(client, { lot, member: 9, site: 1, dispensed: 30, returned: 0, root: merkleTreeOf([opening]).root });
 */
export function dispenseLink(dispense: LinkedDispense): DispenseLink {
  checkObject("dispense", dispense);
  const opening = keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint32", "bytes32", "bytes32", "uint8"],
      [
        checkLot("lot", dispense.lot),
        checkNumber("units", dispense.units, 32, 1),
        checkBytes32("salt", dispense.salt, false),
        checkBytes32("prescription", dispense.prescription, false),
        checkNumber("ordinal", dispense.ordinal, 8, 1),
      ],
    ),
  );
  return { link: keccak256(opening), opening };
}
