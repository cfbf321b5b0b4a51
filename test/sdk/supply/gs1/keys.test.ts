import {
  checkDigitOf,
  formatGln,
  formatGtin,
  formatSscc,
  parseGln,
  parseGtin,
  parseSscc,
} from "@careledger/sdk";
import { expect } from "chai";
import fc from "fast-check";

import { failsWith } from "../../expect.ts";

const digits = (length: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^\\d{${length}}$`)).filter((text) => !/^0+$/.test(text));

describe("check digits of GS1 keys", () => {
  it("are those of the examples that GS1 published", () => {
    const published = [
      "96385074", // GTIN-8
      "614141000036", // GTIN-12
      "036000291452", // GTIN-12
      "6291041500213", // GTIN-13, GS1's own calculation
      "4012345111118", // GTIN-13, EPC Tag Data Standard
      "09506000134352", // GTIN-14, GS1 Digital Link Standard
      "0614141123452", // GLN, EPC Tag Data Standard
      "376104250021234569", // SSCC, GS1's own calculation
      "106141412345678908", // SSCC, GS1 Digital Link Standard
      "123456789012345675", // SSCC
    ];
    for (const key of published) expect(checkDigitOf(key.slice(0, -1)), key).to.equal(Number(key.at(-1)));
  });

  it("change with any one digit", () => {
    fc.assert(
      fc.property(digits(17), fc.nat(16), fc.integer({ min: 1, max: 9 }), (text, place, by) => {
        const changed = `${text.slice(0, place)}${(Number(text[place]) + by) % 10}${text.slice(place + 1)}`;
        expect(checkDigitOf(changed)).not.to.equal(checkDigitOf(text));
      }),
    );
  });

  it("are of digits alone", async () => {
    for (const wrong of ["", "12a", "1".repeat(18), 5 as never]) {
      await failsWith(() => checkDigitOf(wrong), "Gs1KeyMalformed", { key: "GS1 key" });
    }
  });
});

describe("GTIN, GLN and SSCC", () => {
  it("read the four lengths of a GTIN to one number, and write it with each length that holds it", () => {
    for (const text of ["96385074", "000096385074", "0000096385074", "00000096385074"]) {
      expect(parseGtin(text)).to.equal(96385074n);
    }
    expect(([8, 12, 13, 14] as const).map((length) => formatGtin(96385074n, length))).to.deep.equal([
      "96385074",
      "000096385074",
      "0000096385074",
      "00000096385074",
    ]);
  });

  it("come back as they were", () => {
    const cases = [
      [13, parseGtin, formatGtin],
      [12, parseGln, formatGln],
      [17, parseSscc, formatSscc],
    ] as const;
    for (const [length, parse, format] of cases) {
      fc.assert(
        fc.property(digits(length), (body) => {
          const key = `${body}${checkDigitOf(body)}`;
          const value = parse(key);
          expect(value < 2n ** 64n).to.equal(true);
          expect(format(value)).to.equal(key);
        }),
      );
    }
  });

  it("name what is wrong, and the digit that the others ask for", async () => {
    await failsWith(() => parseGtin("09506000134353"), "Gs1CheckDigitWrong", { key: "GTIN", expected: 2 });
    await failsWith(() => parseGln("0614141123451"), "Gs1CheckDigitWrong", { key: "GLN", expected: 2 });
    await failsWith(() => parseSscc("106141412345678907"), "Gs1CheckDigitWrong", {
      key: "SSCC",
      expected: 8,
    });
    await failsWith(() => parseGtin("0950600013435"), "Gs1CheckDigitWrong");
    for (const wrong of ["", "123456789", " 9638507", "9638507x", "00000000", 96385074n as never]) {
      await failsWith(() => parseGtin(wrong), "Gs1KeyMalformed", { key: "GTIN" });
    }
    await failsWith(() => parseGln("061414112345"), "Gs1KeyMalformed", { problem: "it has 12 digits" });
    await failsWith(() => formatGtin(6291041500213n, 12), "Gs1KeyMalformed", {
      problem: "it is out of range",
    });
    await failsWith(() => formatGtin(9506000134352n, 11 as never), "Gs1KeyMalformed");
    await failsWith(() => formatGtin(0n), "Gs1KeyMalformed");
    await failsWith(() => formatGln(614141123451n), "Gs1CheckDigitWrong");
    await failsWith(() => formatSscc(10n ** 18n), "Gs1KeyMalformed");
    await failsWith(() => formatSscc("1" as never), "Gs1KeyMalformed");
  });
});
