import {
  type EpcId,
  formatEpcLink,
  formatEpcUrn,
  parseEpc,
  parseEpcLink,
  parseEpcUrn,
  parseGln,
  parseGtin,
  parseSscc,
} from "@careledger/sdk";
import { expect } from "chai";
import fc from "fast-check";

import { failsWith } from "../../expect.ts";
import { keyOf, text20 } from "./support.ts";

const anyId: fc.Arbitrary<EpcId> = fc.oneof(
  keyOf(14).map((gtin) => ({ kind: "gtin", gtin: parseGtin(gtin) }) as const),
  fc.tuple(keyOf(14), text20).map(([gtin, lot]) => ({ kind: "lgtin", gtin: parseGtin(gtin), lot }) as const),
  fc
    .tuple(keyOf(14), text20)
    .map(([gtin, serial]) => ({ kind: "sgtin", gtin: parseGtin(gtin), serial }) as const),
  keyOf(18).map((sscc) => ({ kind: "sscc", sscc: parseSscc(sscc) }) as const),
  keyOf(13).map((gln) => ({ kind: "sgln", gln: parseGln(gln) }) as const),
  fc
    .tuple(
      keyOf(13),
      text20.filter((text) => text !== "0"),
    )
    .map(([gln, glnExtension]) => ({ kind: "sgln", gln: parseGln(gln), glnExtension }) as const),
  keyOf(13).map((gln) => ({ kind: "pgln", gln: parseGln(gln) }) as const),
);
const dotsAlone = (id: EpcId): boolean => Object.values(id).some((value) => value === "." || value === "..");

describe("ids of EPCIS events", () => {
  const published: readonly (readonly [string, string, number, EpcId])[] = [
    [
      "urn:epc:id:sgtin:4012345.011111.987",
      "https://id.gs1.org/01/04012345111118/21/987",
      7,
      { kind: "sgtin", gtin: 4012345111118n, serial: "987" },
    ],
    [
      "urn:epc:class:lgtin:4012345.012345.998877",
      "https://id.gs1.org/01/04012345123456/10/998877",
      7,
      { kind: "lgtin", gtin: 4012345123456n, lot: "998877" },
    ],
    [
      "urn:epc:idpat:sgtin:4012345.011111.*",
      "https://id.gs1.org/01/04012345111118",
      7,
      { kind: "gtin", gtin: 4012345111118n },
    ],
    [
      "urn:epc:id:sscc:234567.18901234567",
      "https://id.gs1.org/00/123456789012345675",
      6,
      { kind: "sscc", sscc: 123456789012345675n },
    ],
    [
      "urn:epc:id:sgln:0614141.12345.400",
      "https://id.gs1.org/414/0614141123452/254/400",
      7,
      { kind: "sgln", gln: 614141123452n, glnExtension: "400" },
    ],
    [
      "urn:epc:id:sgln:0614141.12345.0",
      "https://id.gs1.org/414/0614141123452",
      7,
      { kind: "sgln", gln: 614141123452n },
    ],
    [
      "urn:epc:id:pgln:0614141.12345",
      "https://id.gs1.org/417/0614141123452",
      7,
      { kind: "pgln", gln: 614141123452n },
    ],
  ];

  it("are those of the standards' examples, as URN and as Digital Link, both ways", () => {
    for (const [urn, link, companyPrefixLength, id] of published) {
      expect(formatEpcUrn(id, companyPrefixLength)).to.equal(urn);
      expect(formatEpcLink(id)).to.equal(link);
      expect(parseEpcUrn(urn)).to.deep.equal({ ...id, companyPrefixLength });
      expect(parseEpcLink(link)).to.deep.equal(id);
      expect(parseEpc(urn)).to.deep.equal({ ...id, companyPrefixLength });
      expect(parseEpc(link)).to.deep.equal(id);
    }
    const elsewhere = "https://example.com/trace";
    expect(formatEpcLink({ kind: "sscc", sscc: 123456789012345675n }, elsewhere)).to.equal(
      `${elsewhere}/00/123456789012345675`,
    );
  });

  it("come back from a URN with any company prefix, and from a link", () => {
    fc.assert(
      fc.property(anyId, fc.integer({ min: 6, max: 12 }), (id, companyPrefixLength) => {
        const urn = formatEpcUrn(id, companyPrefixLength);
        expect(urn).to.match(/^urn:epc:(id|class|idpat):[a-z]+:[!%'()*+,\-.0-9:;=A-Z_a-z]+$/);
        expect(parseEpcUrn(urn)).to.deep.equal({ ...id, companyPrefixLength });
        if (!dotsAlone(id)) expect(parseEpcLink(formatEpcLink(id))).to.deep.equal(id);
      }),
      { numRuns: 300 },
    );
  });

  it("are refused as URN when scheme, lengths or characters are wrong", async () => {
    for (const urn of [
      "",
      "urn:epc:id:grai:0614141.12345.400",
      "urn:epc:tag:sgtin-96:0614141.112345.400",
      "urn:epc:id:sgtin:06141.112345.400",
      "urn:epc:id:sgtin:0614141.12345.400",
      "urn:epc:id:sgtin:0614141.11234a.400",
      "urn:epc:id:sgtin:0614141.112345.4/0",
      "urn:epc:id:sgtin:0614141.112345.4%410",
      "urn:epc:idpat:sgtin:0614141.112345.1",
      "urn:epc:id:sscc:0614141.1234567890.1",
      "urn:epc:id:sscc:0614141.123456789",
      "urn:epc:id:sscc:0614141",
      "urn:epc:id:sgln:0614141.1234.0",
      "urn:epc:id:pgln:0614141.12345.0",
      5 as never,
    ]) {
      await failsWith(() => parseEpcUrn(urn), "EpcMalformed");
    }
    await failsWith(() => parseEpcUrn("urn:epc:id:sgtin:0614141.112345."), "Gs1ElementMalformed", {
      element: "21",
    });
    await failsWith(
      () => parseEpcUrn(`urn:epc:class:lgtin:0614141.112345.${"1".repeat(21)}`),
      "Gs1ElementMalformed",
      {
        element: "10",
      },
    );
  });

  it("are refused as link when they say more or other than one thing", async () => {
    for (const uri of [
      "https://id.gs1.org/01/04012345111118/21/987?17=271231",
      "https://id.gs1.org/01/04012345111118/10/A/21/987",
      "https://id.gs1.org/8018/123456789012345675",
    ]) {
      await failsWith(() => parseEpcLink(uri), "EpcMalformed");
    }
    await failsWith(() => parseEpc("4012345111118"), "DigitalLinkMalformed");
  });

  it("are refused when written from wrong parts", async () => {
    const sgtin = { kind: "sgtin", gtin: 4012345111118n, serial: "987" } as const;
    for (const length of [5, 13, 7.5]) await failsWith(() => formatEpcUrn(sgtin, length), "InputInvalid");
    for (const format of [(id: EpcId) => formatEpcUrn(id, 7), (id: EpcId) => formatEpcLink(id)]) {
      await failsWith(() => format({ ...sgtin, gtin: 4012345111119n }), "Gs1CheckDigitWrong", {
        expected: 8,
      });
      await failsWith(() => format({ ...sgtin, serial: "Ä" }), "Gs1ElementMalformed", { element: "21" });
      await failsWith(() => format({ kind: "grai" } as never), "EpcMalformed");
    }
    for (const stem of ["id.gs1.org", "https://id.gs1.org/", "https://id.gs1.org?x", 5 as never]) {
      await failsWith(() => formatEpcLink(sgtin, stem), "DigitalLinkMalformed");
    }
    await failsWith(() => formatEpcLink({ ...sgtin, serial: ".." }), "DigitalLinkMalformed");
  });
});
