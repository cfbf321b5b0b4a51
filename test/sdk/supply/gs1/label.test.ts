import { parseDigitalLink, parseElementString, parseGtin, readLabel, readLotLabel } from "@careledger/sdk";
import { expect } from "chai";
import fc from "fast-check";

import { failsWith } from "../../expect.ts";
import { GS, NOW, SET_82, keyOf, text20 } from "./support.ts";

const GTIN = "09506000134352";
const now = { now: NOW };

describe("parseElementString", () => {
  const whole = { gtin: 9506000134352n, expiresOn: "2027-12-31", lot: "AB-12", serial: "X7", others: {} };

  it("reads a pack the same from DataMatrix, GS1-128, without symbology identifier, and as printed", () => {
    const content = `01${GTIN}1727123110AB-12${GS}21X7`;
    for (const text of [
      `]d2${content}`,
      `]C1${content}`,
      `]Q3${content}`,
      content,
      `${GS}${content}`,
      `]d2${GS}${content}`,
      `${content}${GS}`,
      `${content}\r\n`,
      `]d221X7${GS}01${GTIN}${GS}1727123110AB-12`,
      `(01)${GTIN}(17)271231(10)AB-12(21)X7`,
      `(01)${GTIN}(10)AB-12(17)271231(21)X7`,
    ]) {
      expect(parseElementString(text, now), JSON.stringify(text)).to.deep.equal(whole);
    }
  });

  it("reads a pallet, a place and elements that have no field of their own", () => {
    const pallet = `]C10010614141234567890802${GTIN}3748${GS}4140614141123452254DOCK 1`.replace(" ", "-");
    expect(parseElementString(`${pallet}${GS}3102001750${GS}7111234${GS}99own`, now)).to.deep.equal({
      sscc: 106141412345678908n,
      contentGtin: 9506000134352n,
      contentCount: 48,
      gln: 614141123452n,
      glnExtension: "DOCK-1",
      others: { "3102": "001750", "711": "1234", "99": "own" },
    });
    expect(parseElementString(`11260102132601031526010412260105(90)`.slice(0, -4), now)).to.deep.equal({
      producedOn: "2026-01-02",
      packedOn: "2026-01-03",
      bestBefore: "2026-01-04",
      others: { "12": "260105" },
    });
  });

  it("reads the GTIN of an EAN-13, EAN-8 or ITF-14", async () => {
    for (const [text, gtin] of [
      ["]E06291041500213", 6291041500213n],
      ["]E496385074", 96385074n],
      [`]I1${GTIN}`, 9506000134352n],
    ] as const) {
      expect(parseElementString(text)).to.deep.equal({ gtin, others: {} });
    }
    await failsWith(() => parseElementString("]E06291041500214"), "Gs1CheckDigitWrong");
    await failsWith(() => parseElementString("]E496385"), "Gs1TextUnreadable");
  });

  it("takes day 00 for the last of the month, and the century nearest to now", async () => {
    const expiry = (digits: string, at = NOW): string | undefined =>
      parseElementString(`17${digits}`, { now: at }).expiresOn;
    expect(expiry("270200")).to.equal("2027-02-28");
    expect(expiry("280200")).to.equal("2028-02-29");
    expect(expiry("280229")).to.equal("2028-02-29");
    expect(expiry("761231")).to.equal("2076-12-31");
    expect(expiry("770101")).to.equal("1977-01-01");
    expect(expiry("990101")).to.equal("1999-01-01");
    const late = Date.UTC(2096, 5, 1) / 1_000;
    expect(expiry("460101", late)).to.equal("2146-01-01");
    expect(expiry("470101", late)).to.equal("2047-01-01");
    expect(expiry("960101", late)).to.equal("2096-01-01");
    for (const [digits, problem] of [
      ["271301", "there is no such month"],
      ["270001", "there is no such month"],
      ["270229", "the month has no such day"],
      ["270631", "the month has no such day"],
    ] as const) {
      await failsWith(() => expiry(digits), "Gs1ElementMalformed", { element: "17", problem });
    }
  });

  it("gives back any lot number and serial of character set 82", () => {
    expect(SET_82).to.have.length(82);
    fc.assert(
      fc.property(keyOf(14), text20, text20, (gtin, lot, serial) => {
        const label = parseElementString(`]d201${gtin}10${lot}${GS}21${serial}`);
        expect(label).to.deep.equal({ gtin: parseGtin(gtin), lot, serial, others: {} });
      }),
    );
  });

  it("names the element that is wrong", async () => {
    const cases = [
      [`01${GTIN}10${"A".repeat(21)}`, "10"],
      [`01${GTIN}10${GS}21X`, "10"],
      [`01${GTIN}21${"9".repeat(21)}`, "21"],
      [`01${GTIN.slice(0, 13)}`, "01"],
      [`01${GTIN}17271`, "17"],
      [`01${GTIN}17ABCDEF`, "17"],
      [`01${GTIN}1727${GS}123110A`, "17"],
      ["01095060001343AA", "01"],
      [`(01)${GTIN}(17)271(10)A`, "17"],
      ["(017)270101", "01"],
      [`(01)${GTIN}(10)(21)A`, "10"],
      ["371234567890", "37"],
    ] as const;
    for (const [text, element] of cases) {
      await failsWith(() => parseElementString(text, now), "Gs1ElementMalformed", { element });
    }
    await failsWith(() => parseElementString("0109506000134353"), "Gs1CheckDigitWrong", { key: "GTIN" });
    await failsWith(() => parseElementString(`10A${GS}10B`), "Gs1ElementRepeated", { element: "10" });
    for (const text of ["05123", `01${GTIN}18270101`, "(05)1", "hello"]) {
      await failsWith(() => parseElementString(text), "Gs1ElementUnknown");
    }
  });

  it("refuses what is no element string, without repeating it", async () => {
    const texts = [
      "",
      GS,
      "]d2",
      "]A0123",
      `10A${GS}${GS}21B`,
      "10Ä",
      "10A B",
      `(10)A${GS}(21)B`,
      "1".repeat(5_000),
    ];
    for (const text of [...texts, 5 as never]) {
      await failsWith(() => parseElementString(text), "Gs1TextUnreadable");
    }
    await failsWith(() => parseElementString("10A", { now: -1 }), "InputInvalid");
  });

  it("throws nothing but its own errors, whatever a scanner sends", () => {
    const piece = fc.constantFrom(
      "01",
      GTIN,
      "10",
      "17",
      "21",
      GS,
      "(",
      ")",
      "]d2",
      "27123",
      "3102",
      "A",
      "00",
      "8008",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((all) => all.join("")),
        ),
        (text) => {
          try {
            readLabel(text);
          } catch (error) {
            expect((error as Error).name, text).to.equal("CareLedgerError");
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("parseDigitalLink", () => {
  it("reads key, qualifiers and data from any domain and path", () => {
    const pack = { gtin: 9506000134352n, lot: "AB-12", serial: "X7", expiresOn: "2027-12-31", others: {} };
    for (const uri of [
      `https://id.gs1.org/01/${GTIN}/10/AB-12/21/X7?17=271231`,
      `HTTPS://ID.GS1.ORG/01/${GTIN}/10/AB-12/21/X7?17=271231`,
      `http://example.com/some/01/path/01/${GTIN}/10/AB-12/21/X7?linkType=all;17=271231#top`,
      `https://example.com:8443/01/9506000134352/10/AB%2D12/21/X7/?17=271231&colour=red`,
    ]) {
      expect(parseDigitalLink(uri, now), uri).to.deep.equal(pack);
    }
    expect(parseDigitalLink("https://id.gs1.org/414/0614141123452/254/32a%2fb")).to.deep.equal({
      gln: 614141123452n,
      glnExtension: "32a/b",
      others: {},
    });
  });

  it("names the element that is wrong", async () => {
    const base = `https://id.gs1.org/01/${GTIN}`;
    const cases = [
      [`${base}/10/${"A".repeat(21)}`, "10"],
      [`${base}/10/A%20B`, "10"],
      [`${base}?17=271301`, "17"],
      [`${base}?17=`, "17"],
      [`${base}?17=2712`, "17"],
    ] as const;
    for (const [uri, element] of cases) {
      await failsWith(() => parseDigitalLink(uri, now), "Gs1ElementMalformed", { element });
    }
    await failsWith(() => parseDigitalLink("https://id.gs1.org/01/09506000134353"), "Gs1CheckDigitWrong");
    await failsWith(() => parseDigitalLink(`${base}/10/A?10=B`), "Gs1ElementRepeated", { element: "10" });
  });

  it("refuses what the standard's grammar refuses", async () => {
    const base = `https://id.gs1.org/01/${GTIN}`;
    for (const uri of [
      "",
      "nonsense",
      `ftp://id.gs1.org/01/${GTIN}`,
      `https://user@id.gs1.org/01/${GTIN}`,
      "https://id.gs1.org/",
      "https://id.gs1.org/gtin/09506000134352",
      `${base}/21/1/10/A`,
      `${base}/10`,
      `${base}//10/A`,
      `${base}/10/%zz`,
      `${base}/10/%FF`,
      `${base}/10/..`,
      `${base}/254/A`,
      "https://example.com/AQnYUc1gmiERBhQ1ytiyOWA",
      `${base}/10/${"A".repeat(2_100)}`,
      5 as never,
    ]) {
      await failsWith(() => parseDigitalLink(uri), "DigitalLinkMalformed");
    }
  });
});

describe("readLabel and readLotLabel", () => {
  it("tell an element string from a link, also behind a plain code's symbology identifier", () => {
    const link = `https://id.gs1.org/01/${GTIN}/10/A`;
    const label = { gtin: 9506000134352n, lot: "A", others: {} };
    for (const text of [link, `]Q1${link}`, `]d1${link}\n`, `]d201${GTIN}10A`, `(01)${GTIN}(10)A`]) {
      expect(readLabel(text), text).to.deep.equal(label);
      expect(readLotLabel(text), text).to.deep.equal(label);
    }
  });

  it("miss what a lot's label must have", async () => {
    await failsWith(() => readLotLabel(`01${GTIN}`), "Gs1ElementMissing", { element: "10" });
    await failsWith(() => readLotLabel("10A"), "Gs1ElementMissing", { element: "01" });
  });
});
