import { expect } from "chai";
import { computeAddress, concat, hexlify, id, toBeHex } from "ethers";
import fc from "fast-check";

import {
  QR_TEXT_LENGTH,
  createQrHolder,
  createStealthHolder,
  formatQr,
  generateStealthKeys,
  parseQr,
  splitForPaper,
} from "../../../sdk/src/holder/index.ts";
import { expectFault } from "../documents/support.ts";

const content = { chainId: 20_261, prescription: id("a prescription"), holderKey: id("a holder") };
const text = formatQr(content);

describe("createQrHolder", () => {
  it("makes a key, its address, and an announcement in the very form of a stealth holder's", () => {
    const paper = createQrHolder();
    expect(paper.holder).to.equal(computeAddress(paper.holderKey));
    const app = createStealthHolder(generateStealthKeys().metaAddress);
    for (const { ephemeralKey } of [paper, app]) {
      expect(Object.keys(ephemeralKey)).to.deep.equal(["x", "prefix", "viewTag"]);
      expect(ephemeralKey.x).to.match(/^0x[0-9a-f]{64}$/);
      expect(ephemeralKey.prefix).to.match(/^0x0[23]$/);
      expect(ephemeralKey.viewTag).to.match(/^0x[0-9a-f]{2}$/);
      // A point on the curve, as every real one is.
      expect(computeAddress(concat([ephemeralKey.prefix, ephemeralKey.x]))).to.match(/^0x/);
    }
  });

  it("spreads prefixes and view tags as real ones do", () => {
    const holders = Array.from({ length: 400 }, createQrHolder);
    const odd = holders.filter((each) => each.ephemeralKey.prefix === "0x03").length;
    expect(odd).to.be.within(130, 270);
    expect(new Set(holders.map((each) => each.ephemeralKey.viewTag)).size).to.be.greaterThan(150);
    expect(new Set(holders.map((each) => each.holder)).size).to.equal(400);
  });
});

describe("the text of a QR code", () => {
  it("is the documented one", () => {
    expect(text).to.equal(
      "CARELEDGER:1:AAAAAAAAABHSKU2PHCAKWQAKHBUQWDIJYBOFPLITRBIZUX2V7SSXF6M3WUX7LARMWU5HM3CLCL3D3BE4ZZC3AIE46PWWLEBCZR5JM6W2DJUK3TRSPMS6S7RHYU",
    );
    expect(text).to.have.length(QR_TEXT_LENGTH);
    expect(text).to.match(/^[0-9A-Z $%*+\-./:]+$/);
  });

  it("is read back, whatever white space and case it comes in", () => {
    const parsed = parseQr(text);
    expect(parsed).to.deep.equal({ ...content, holder: computeAddress(content.holderKey) });
    const typed = ` ${text.toLowerCase().replace(/(.{20})/g, "$1\r\n")} -\t`;
    expect(parseQr(typed, content.chainId)).to.deep.equal(parsed);
  });

  it("carries any chain, prescription and key", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.bigInt(1n, 2n ** 255n),
        (chainId, prescription, key) => {
          const given = { chainId, prescription: hexlify(prescription), holderKey: toBeHex(key, 32) };
          expect(parseQr(formatQr(given))).to.deep.include(given);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("shows every single misread character", async () => {
    const head = "CARELEDGER:1:".length;
    for (let at = head; at < text.length; at++) {
      const other = text[at] === "A" ? "B" : "A";
      await expectFault(() => parseQr(text.slice(0, at) + other + text.slice(at + 1)), "QrChecksumWrong");
    }
  });

  it("has one spelling only: surplus bits are refused", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const last = alphabet.indexOf(text.at(-1)!);
    for (const surplus of [1, 2, 3]) {
      await expectFault(() => parseQr(text.slice(0, -1) + alphabet[last | surplus]!), "QrChecksumWrong");
    }
  });

  it("has an error of its own for each fault", async () => {
    const cases: [string, string, object?][] = [
      ["", "QrNotCareLedger"],
      ["https://example.org", "QrNotCareLedger"],
      [text.replace("CARELEDGER", "CARELEDGES"), "QrNotCareLedger"],
      [text.replace(":1:", ":"), "QrNotCareLedger"],
      [text.replace(":1:", ":2:"), "QrVersionUnknown", { version: "2" }],
      [`${text.slice(0, 20)}0${text.slice(21)}`, "QrCharacterInvalid", { place: 21 }],
      [text.slice(0, -1), "QrLengthWrong", { length: QR_TEXT_LENGTH - 1, expected: QR_TEXT_LENGTH }],
      [`${text}A`, "QrLengthWrong", { length: QR_TEXT_LENGTH + 1, expected: QR_TEXT_LENGTH }],
    ];
    for (const [given, code, values] of cases) {
      const fault = await expectFault(() => parseQr(given), code);
      if (values !== undefined) expect(fault.values).to.deep.equal(values);
      expect(JSON.stringify([fault.message, fault.fix])).not.to.include(text.slice(60, 80));
    }
    await expectFault(() => parseQr(text, 1), "QrOtherChain");
  });

  it("is refused when it adds up but cannot be", async () => {
    await expectFault(
      () =>
        parseQr(
          "CARELEDGER:1:AAAAAAAAAAAAAU2PHCAKWQAKHBUQWDIJYBOFPLITRBIZUX2V7SSXF6M3WUX7LARMWU5HM3CLCL3D3BE4ZZC3AIE46PWWLEBCZR5JM6W2DJUK3TRSPMS5DBJ2MI",
        ),
      "QrContentInvalid",
    );
    await expectFault(
      () =>
        parseQr(
          "CARELEDGER:1:AAAAAAAAABHSKU2PHCAKWQAKHBUQWDIJYBOFPLITRBIZUX2V7SSXF6M3WUX7LARMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAANTLBQGI",
        ),
      "QrContentInvalid",
    );
  });

  it("is not written of contents that cannot be", async () => {
    await expectFault(() => formatQr({ ...content, chainId: 0 }), "QrContentInvalid");
    await expectFault(() => formatQr({ ...content, chainId: 2 ** 53 }), "QrContentInvalid");
    await expectFault(() => formatQr({ ...content, prescription: "0x12" }), "QrContentInvalid");
    await expectFault(() => formatQr({ ...content, holderKey: `0x${"00".repeat(32)}` }), "HolderKeyInvalid");
  });
});

describe("splitForPaper", () => {
  const day = 86_400;
  const order = {
    unitsPerFill: 30_000n,
    fills: 4,
    interval: 30 * day,
    validFrom: 1_000_000,
    validUntil: 1_000_000 + 365 * day,
  };

  it("gives one prescription a fill, each with its own key, in staggered windows", () => {
    const papers = splitForPaper(order);
    expect(
      papers.map(({ fill, of, fills, interval, unitsPerFill }) => ({
        fill,
        of,
        fills,
        interval,
        unitsPerFill,
      })),
    ).to.deep.equal(
      [1, 2, 3, 4].map((fill) => ({ fill, of: 4, fills: 1, interval: 0, unitsPerFill: 30_000n })),
    );
    expect(
      papers.map(({ validFrom, validUntil }) => [validFrom, validUntil].map((at) => (at - 1_000_000) / day)),
    ).to.deep.equal([
      [0, 30],
      [30, 60],
      [60, 90],
      [90, 365],
    ]);
    expect(new Set(papers.map((each) => each.holder.holder)).size).to.equal(4);
    expect(new Set(papers.map((each) => each.holder.ephemeralKey.x)).size).to.equal(4);
  });

  it("never lets two papers be filled in the same second, and loses no second of the order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 99_999 }),
        (fills, interval, rest) => {
          const validUntil = (fills - 1) * interval + rest;
          const papers = splitForPaper({ ...order, fills, interval, validFrom: 0, validUntil });
          expect(papers[0]!.validFrom).to.equal(0);
          expect(papers.at(-1)!.validUntil).to.equal(validUntil);
          papers.slice(1).forEach((paper, at) => expect(paper.validFrom).to.equal(papers[at]!.validUntil));
        },
      ),
      { numRuns: 15 },
    );
  });

  it("keeps the whole window for each when there is no interval", () => {
    const papers = splitForPaper({ ...order, interval: 0 });
    for (const paper of papers)
      expect(paper).to.include({ validFrom: order.validFrom, validUntil: order.validUntil });
  });

  it("refuses orders that leave a fill without a window, and terms that make no sense", async () => {
    const cases: [object, string][] = [
      [{ interval: 122 * day }, "interval"],
      [{ fills: 0 }, "fills"],
      [{ fills: 100 }, "fills"],
      [{ fills: 1.5 }, "fills"],
      [{ interval: -1 }, "interval"],
      [{ unitsPerFill: 0n }, "unitsPerFill"],
      [{ validUntil: order.validFrom }, "validUntil"],
      [{ validFrom: -1 }, "validFrom"],
    ];
    for (const [change, field] of cases) {
      const fault = await expectFault(() => splitForPaper({ ...order, ...change }), "PaperSplitImpossible");
      expect(fault.values).to.deep.equal({ field });
    }
  });
});
