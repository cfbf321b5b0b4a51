import { AbiCoder, encodeBytes32String, keccak256 } from "ethers";

import { checkElement } from "./gs1/elements.ts";
import { formatGtin } from "./gs1/keys.ts";

const LOT_NUMBER_BYTES = 20;

/**
 * The id of a lot on chain: `keccak256(abi.encode(uint64 gtin, bytes20 lotNumber))`, the lot number's characters from the
 * left, zeros behind them.
 *
 * @param gtin The trade item, as `parseGtin` or a label gives it.
 * @param lotNumber 1 to 20 characters of GS1 character set 82 (AI 10), upper and lower case distinct.
 * @returns 32 bytes in hexadecimal.
 * @throws `Gs1KeyMalformed`, `Gs1CheckDigitWrong`, `Gs1ElementMalformed`
 * @example
 * const lot = lotIdOf(9506000134352n, "AB-12");
 */
export function lotIdOf(gtin: bigint, lotNumber: string): string {
  formatGtin(gtin);
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(["uint64", "bytes20"], [gtin, lotNumberBytes(lotNumber)]),
  );
}

/**
 * A lot number as the contract takes it: `bytes20`, zeros behind it.
 * @throws `Gs1ElementMalformed`
 */
export function lotNumberBytes(lotNumber: string): string {
  return encodeBytes32String(checkElement("10", lotNumber)).slice(0, 2 + 2 * LOT_NUMBER_BYTES);
}

/**
 * A lot number from the contract's `bytes20`.
 * @throws `Gs1ElementMalformed`
 */
export function lotNumberOf(bytes: string): string {
  const text = /^0x[0-9a-fA-F]{40}$/.test(bytes)
    ? String.fromCharCode(
        ...bytes
          .slice(2)
          .match(/../g)!
          .map((byte) => Number.parseInt(byte, 16)),
      )
    : "";
  return checkElement("10", text.replace(/\0+$/, ""));
}
