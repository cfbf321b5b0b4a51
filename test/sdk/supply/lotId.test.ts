import { lotIdOf, lotNumberBytes, lotNumberOf } from "@careledger/sdk";
import { expect } from "chai";
import { concat, keccak256, toBeHex, toUtf8Bytes, zeroPadBytes } from "ethers";
import fc from "fast-check";

import { failsWith } from "../expect.ts";
import { text20 } from "./gs1/support.ts";

describe("the id of a lot", () => {
  const gtin = 9506000134352n;

  it("hashes the GTIN in a word, then the lot number from the left of a word", () => {
    fc.assert(
      fc.property(text20, (lot) => {
        const words = concat([toBeHex(gtin, 32), zeroPadBytes(toUtf8Bytes(lot), 32)]);
        expect(lotIdOf(gtin, lot)).to.equal(keccak256(words));
        expect(lotNumberBytes(lot)).to.match(/^0x[0-9a-f]{40}$/);
        expect(lotNumberOf(lotNumberBytes(lot))).to.equal(lot);
      }),
    );
    expect(lotIdOf(gtin, "AB-12")).to.equal(LOT);
    expect(lotIdOf(gtin, "ab-12")).not.to.equal(LOT);
  });

  it("is of a true GTIN and a lot number of set 82", async () => {
    await failsWith(() => lotIdOf(gtin + 1n, "A"), "Gs1CheckDigitWrong", { key: "GTIN", expected: 2 });
    await failsWith(() => lotIdOf(0n, "A"), "Gs1KeyMalformed");
    for (const lot of ["", "A".repeat(21), "A B", "Ä", 5 as never]) {
      await failsWith(() => lotIdOf(gtin, lot), "Gs1ElementMalformed", { element: "10" });
    }
    for (const bytes of [
      "0x",
      `0x${"00".repeat(20)}`,
      `0x4100${"41".repeat(18)}`,
      `0xe4${"00".repeat(19)}`,
    ]) {
      await failsWith(() => lotNumberOf(bytes), "Gs1ElementMalformed", { element: "10" });
    }
  });
});

/** abi.encode(uint64(9506000134352), bytes20("AB-12")), hashed. */
const LOT = "0x13744df70c3f6e6b6021a1c7da2300ed3c9cb454a197547ecc12387a9af51ea2";
