import { checkDigitOf } from "@careledger/sdk";
import fc from "fast-check";

/** 2026-06-01. */
export const NOW = 1_780_272_000;
export const GS = "\u001d";

/** Every character of GS1 character set 82. */
export const SET_82 = `!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz`;

/** 1 to 20 characters of set 82. */
export const text20: fc.Arbitrary<string> = fc.string({
  unit: fc.constantFrom(...SET_82),
  minLength: 1,
  maxLength: 20,
});

/** A key of so many digits with its check digit. */
export const keyOf = (length: number): fc.Arbitrary<string> =>
  fc
    .stringMatching(new RegExp(`^\\d{${length - 1}}$`))
    .filter((body) => !/^0+$/.test(body))
    .map((body) => `${body}${checkDigitOf(body)}`);
