import { PURPOSES, PURPOSE_CODES, descendantsOf, purposeCodes, purposeMask } from "@careledger/sdk";
import { expect } from "chai";
import { id } from "ethers";

import { failsWith } from "../expect.ts";

describe("sdk purposes of use", () => {
  it("gives each code a bit of its own that never moves", () => {
    const bits = PURPOSE_CODES.map((code) => PURPOSES[code].bit);
    expect(new Set(bits).size).to.equal(61);
    expect(Math.max(...bits)).to.equal(60);
    expect(PURPOSES.BTG.bit).to.equal(60);
    const table = PURPOSE_CODES.map((code) => `${code}=${PURPOSES[code].bit}<${PURPOSES[code].parent}`);
    expect(id(table.join())).to.equal("0x626db9eef7a99d1892aa687375fe70af519e3df67190904a09d0e14d0ec03cff");
    expect(() => Object.assign(PURPOSES, { TREAT: { bit: 1 } })).to.throw(TypeError);
  });

  it("expands a code to all that lie under it, and never to BTG", () => {
    expect(descendantsOf("TREAT")).to.deep.equal([
      "TREAT",
      "CLINTRL",
      "COC",
      "ETREAT",
      "ERTREAT",
      "POPHLTH",
      "TREATDS",
    ]);
    expect(descendantsOf("COVERAGE")).to.deep.equal([
      "COVERAGE",
      "ELIGDTRM",
      "ELIGVER",
      "ENROLLM",
      "MILDCRG",
    ]);
    expect(descendantsOf("BTG")).to.deep.equal(["BTG"]);
    const all = purposeMask(PURPOSE_CODES.filter((code) => code !== "BTG"));
    expect(all).to.equal(2n ** 60n - 1n);
    expect(purposeCodes(purposeMask(["HRESCH"]))).to.deep.equal(descendantsOf("HRESCH"));
  });

  it("refuses a code that HL7 does not have", () =>
    failsWith(() => descendantsOf("NOSY" as "TREAT"), "InputInvalid", { parameter: "code" }));
});
