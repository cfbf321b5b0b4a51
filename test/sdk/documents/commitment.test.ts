import { createHash } from "node:crypto";

import { expect } from "chai";
import { solidityPackedKeccak256 } from "ethers";
import fc from "fast-check";

import {
  COMMITMENT_TAG,
  canonicalJson,
  commitDocument,
  verifyDocument,
} from "../../../sdk/src/documents/index.ts";
import { counting, expectFault } from "./support.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe("canonicalJson", () => {
  it("gives the example of RFC 8785, section 3.2.3 (but for 1E30, an integer that is refused)", () => {
    const example = {
      numbers: [333333333.33333329, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      literals: [null, true, false],
    };
    expect(text(canonicalJson(example))).to.equal(
      `{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\\u000f\\nA'B\\"\\\\\\\\\\"/"}`,
    );
  });

  it("sorts names by UTF-16 code units (RFC 8785, section 3.2.3)", () => {
    const sorted = text(
      canonicalJson({
        "\u20ac": 1,
        "\r": 2,
        "\ufb33": 3,
        "1": 4,
        "\ud83d\ude00": 5,
        "\u0080": 6,
        "\u00f6": 7,
      }),
    );
    expect(JSON.stringify([...sorted.matchAll(/:(\d)/g)].map((match) => match[1]))).to.equal(
      JSON.stringify(["2", "4", "6", "7", "1", "5", "3"]),
    );
  });

  const refused: [string, unknown, string][] = [
    ["undefined", { a: undefined }, "/a"],
    ["a function", { a: () => 1 }, "/a"],
    ["a bigint", [1n], "/0"],
    ["NaN", { a: { b: NaN } }, "/a/b"],
    ["Infinity", -Infinity, ""],
    ["an integer beyond 2^53-1", { a: 2 ** 53 }, "/a"],
    ["a date", { a: new Date(0) }, "/a"],
    ["a map", { a: new Map() }, "/a"],
    ["a toJSON method", { a: { toJSON: () => 1 } }, "/a"],
    ["a hole in an array", { a: new Array(1) }, "/a/0"],
    ["a lone high surrogate", { a: "x\ud800" }, "/a"],
    ["a lone low surrogate", { a: "\udc00x" }, "/a"],
    ["a lone surrogate in a name", { "a\udbff": 1 }, ""],
    ["surrogates the wrong way round", ["\udc00\ud800"], "/0"],
    ["a symbol as a name", { [Symbol("a")]: 1 }, ""],
  ];
  for (const [what, value, path] of refused) {
    it(`refuses ${what}, naming its place`, async () => {
      const fault = await expectFault(() => canonicalJson(value), "DocumentNotJson");
      expect(fault.values["path"]).to.equal(path);
    });
  }

  it("refuses a cycle", async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    await expectFault(() => canonicalJson(cyclic), "DocumentNotJson");
  });

  it("does not depend on the order of names, and parses back to the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        let bytes: Uint8Array;
        try {
          bytes = canonicalJson(plain);
        } catch {
          return; // lone surrogates and unsafe integers are refused above
        }
        expect(JSON.parse(text(bytes))).to.deep.equal(plain);
        expect(text(canonicalJson(reversed(plain)))).to.equal(text(bytes));
      }),
    );
  });
});

describe("commitDocument", () => {
  // Also in the documentation of the commitment: another implementation must come to these.
  const vectors: [unknown, number, string, string][] = [
    [{}, 0x00, "{}", "0xe3c19dd4c62c92a9d2c394bc6627d53fcbc55c598fd64c1a155b5abd331402b3"],
    [
      { status: "active", resourceType: "MedicationRequest" },
      0x20,
      '{"resourceType":"MedicationRequest","status":"active"}',
      "0x3a4eda3cb2ab09282b0b5e704b8094a4ff029b50518de34736c83c6cc65d4dc7",
    ],
    [
      { text: "桂枝汤", value: 1.5, list: [null, true] },
      0xf0,
      '{"list":[null,true],"text":"桂枝汤","value":1.5}',
      "0x669dc1d8d252a159431622110fd5b9a93af2167ce3c2f8fdd81a1d0e7e3a8a71",
    ],
  ];
  for (const [document, first, canonical, commitment] of vectors) {
    it(`gives the documented vector of ${canonical}`, () => {
      expect(commitDocument(document, counting(first)).commitment).to.equal(commitment);
      const hash = `0x${createHash("sha256").update(canonical, "utf8").digest("hex")}`;
      expect(
        solidityPackedKeccak256(["bytes32", "bytes32", "bytes32"], [COMMITMENT_TAG, counting(first), hash]),
      ).to.equal(commitment);
    });
  }

  it("has the documented tag", () => {
    expect(COMMITMENT_TAG).to.equal("0x57febbebf9e24767bf340bcd598233e8389d0be503b6ddd125e73d67a2a64d19");
  });

  it("draws a fresh salt each time, so that equal documents do not look equal", () => {
    const commitments = Array.from({ length: 50 }, () => commitDocument({ a: 1 }).commitment);
    expect(new Set(commitments).size).to.equal(50);
  });

  it("is opened by its document and salt and by nothing else", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), fc.nat(31), (document, at) => {
        const { commitment, salt } = commitDocument(document);
        expect(verifyDocument(document, salt, commitment)).to.equal(true);
        expect(verifyDocument(document, salt, commitment.toUpperCase().replace("0X", "0x"))).to.equal(true);
        expect(verifyDocument({ ...document, other: 1.5 }, salt, commitment)).to.equal(false);
        const otherSalt = Uint8Array.from(salt, (byte, index) => (index === at ? byte ^ 1 : byte));
        expect(verifyDocument(document, otherSalt, commitment)).to.equal(false);
      }),
      { numRuns: 50 },
    );
  });

  for (const [what, salt] of [
    ["31 bytes", new Uint8Array(31).fill(7)],
    ["33 bytes", new Uint8Array(33)],
    ["zeros", new Uint8Array(32)],
    ["a repeated pattern", Uint8Array.from({ length: 32 }, (_each, at) => at % 8)],
    ["a text", "0x".padEnd(66, "ab")],
  ] as [string, Uint8Array][]) {
    it(`refuses a salt of ${what}`, async () => {
      await expectFault(() => commitDocument({}, salt), "SaltInvalid");
      await expectFault(() => verifyDocument({}, salt, `0x${"11".repeat(32)}`), "SaltInvalid");
    });
  }

  it("refuses a commitment that is no 32-byte word", async () => {
    for (const commitment of ["0x12", "", "11".repeat(32), `0x${"00".repeat(32)}`]) {
      await expectFault(() => verifyDocument({}, counting(), commitment), "CommitmentInvalid");
    }
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
