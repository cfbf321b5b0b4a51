import { deflateRawSync } from "node:zlib";

import {
  CERTIFICATE_LONGEST,
  CERTIFICATE_QR_LONGEST,
  type Certificate,
  type ProvenCertificate,
  certificateContent,
  certificateToQr,
  isCareLedgerError,
  parseCertificateQr,
} from "@careledger/sdk";
import { expect } from "chai";
import { randomBytes } from "ethers";

import { fromBase45, toBase45 } from "../../../sdk/src/certificates/base45.ts";
import { failsWith } from "../expect.ts";
import { forge, longest, packedAt, prove, proveDeep, typical, widest } from "./support.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Characters that a QR code of version 15 holds in alphanumeric mode at level L. */
const VERSION_15 = 758;

describe("Base45", () => {
  it("is RFC 9285's, by its own examples", () => {
    const examples = { AB: "BB8", "Hello!!": "%69 VD92EX0", "base-45": "UJCLQE7W581", "ietf!": "QED8WEX0" };
    for (const [plain, text] of Object.entries(examples)) {
      expect(toBase45(bytesOf(plain))).to.equal(text);
      expect(new TextDecoder().decode(fromBase45(text) as Uint8Array)).to.equal(plain);
    }
    for (const length of [0, 1, 2, 3, 100, 101]) {
      const bytes = randomBytes(length);
      expect([...(fromBase45(toBase45(bytes)) as Uint8Array)]).to.deep.equal([...bytes]);
    }
  });

  it("names the place of what cannot be", () => {
    expect(fromBase45("BB8BB_")).to.equal(5);
    expect(fromBase45("BB8GGW")).to.equal(3); // 65536
    expect(fromBase45("BB8:")).to.equal(3);
    expect(fromBase45("BB8::")).to.equal(3); // over a byte
    expect(fromBase45("bb8")).to.equal(0);
  });
});

describe("the code of a certificate", () => {
  it("carries certificate, salt, terms and proof, and gives them back", () => {
    const { birthDate: _birthDate, ...nameOnly } = typical;
    for (const certificate of [
      typical,
      nameOnly,
      longest,
      widest,
      { ...typical, name: "王小明 \"'\\" },
    ] as Certificate[]) {
      for (const others of [0, 1, 6]) {
        const proven = prove(certificate, { others });
        const text = certificateToQr(proven);
        const read = parseCertificateQr(`\r\n ${text} \n`);
        expect({ ...read, salt: [...read.salt] }).to.deep.equal({ ...proven, salt: [...proven.salt] });
        expect(certificateToQr(read)).to.equal(text);
      }
    }
  });

  it("is of QR's alphanumeric set, small for a usual batch, and fits version 40 at its largest", () => {
    const usual = certificateToQr(prove(typical, { others: 999 }));
    expect(usual).to.match(/^[0-9A-Z $%*+\-./:]+$/);
    expect(usual.length).to.be.within(650, VERSION_15);
    const largest = certificateToQr(proveDeep(longest));
    expect(certificateContent(widest).content.length).to.be.within(850, CERTIFICATE_LONGEST);
    expect(largest.length).to.be.within(1_800, 2_500).and.below(CERTIFICATE_QR_LONGEST);
  });

  it("is refused wherever it is cut off", () => {
    const text = certificateToQr(prove());
    const codes = new Set<string>();
    for (let length = 0; length < text.length; length++) {
      try {
        parseCertificateQr(text.slice(0, length));
        expect.fail(`${length} of ${text.length} characters were taken`);
      } catch (error) {
        if (!isCareLedgerError(error)) throw error;
        codes.add(length < "CLCERT:1:".length ? "head" : error.code);
        if (length < "CLCERT:1:".length) expect(error.code).to.match(/^CertificateQr(NotOurs|Truncated)$/);
      }
    }
    codes.delete("CertificateQrMisread"); // cut after a dot that leaves half a group
    expect([...codes]).to.deep.equal(["head", "CertificateQrTruncated"]);
  });

  it("is refused in every form that no honest software writes, with an error for each", async () => {
    const proven = prove();
    const text = certificateToQr(proven);
    const refused = (changed: string, code: string, values = {}) =>
      failsWith(() => parseCertificateQr(changed), code, values);
    await refused("", "CertificateQrNotOurs");
    await refused("HC1:NCFOXN", "CertificateQrNotOurs");
    await refused(text.toLowerCase(), "CertificateQrNotOurs");
    await refused(undefined as never, "CertificateQrNotOurs");
    await refused(text.replace(":1:", ":2:"), "CertificateQrVersionUnknown", { version: "2" });
    await refused(`${text}${" ".repeat(CERTIFICATE_QR_LONGEST)}`, "CertificateQrTooLong");
    await refused(text.replace(/^(.{20})./, "$1_"), "CertificateQrMisread", { place: 21 });
    await refused("CLCERT:1:.", "CertificateQrTruncated");

    const start = packedAt(proven);
    const packed = (content: Uint8Array | string) =>
      forge(text, (payload) => [...payload.slice(0, start), ...deflateRawSync(content)]);
    await refused(packed(new Uint8Array(2_000_000)), "CertificateQrInflates", { limit: CERTIFICATE_LONGEST });
    await refused(packed(new Uint8Array(CERTIFICATE_LONGEST + 1)), "CertificateQrInflates");

    const problem = (changed: string, what: string) =>
      refused(changed, "CertificateQrMalformed", { problem: what });
    await problem(
      forge(text, (payload) => [...payload, 0]),
      "its content goes on after its end",
    );
    await problem(
      forge(text, (payload) => [...payload, 0], false),
      "it goes on after its end",
    );
    await problem(
      forge(text, (payload) => payload.slice(0, -3)),
      "its content does not unpack",
    );
    await problem(
      forge(text, (payload) => payload.slice(0, 102)),
      "it is too short",
    );
    const nodes = (count: number) => (payload: number[]) => [
      ...payload.slice(0, 101),
      count,
      ...randomBytes(count * 32),
      ...payload.slice(start),
    ];
    expect(parseCertificateQr(forge(text, nodes(20))).origin.proof).to.have.length(20);
    await problem(forge(text, nodes(21)), "its proof is too long");
    await problem(
      forge(text, (payload) => payload.with(101, 20)),
      "its proof is too long",
    );
    await problem(
      forge(text, (payload) => payload.map((byte, at) => (at >= 2 && at < 10 ? 0 : byte))),
      "its chain cannot be",
    );
    await problem(
      forge(text, (payload) => payload.map((byte, at) => (at >= 69 && at < 101 ? 7 : byte))),
      "its salt is not random",
    );
    const json = JSON.stringify;
    await problem(packed("{"), "its JSON cannot be");
    await problem(packed(Uint8Array.of(0xff)), "its JSON cannot be");
    await problem(packed(json(typical)), "its JSON is not canonical");
    await problem(packed("null"), "its certificate cannot be");
    await problem(packed(json({ ...typical, dose: 1 })), "its certificate cannot be");
    await problem(packed(json({ ...typical, seriesDose: 0 })), "its seriesDose cannot be");
  });
});

describe("what a certificate may say", () => {
  const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
    name: ["", " Noor", "Noor ", "No\nor", "x".repeat(101), "\ud800", 5, undefined],
    birthDate: ["14-05-1987", "1987-13", "1987-02-30", "1987-05-14T00:00:00Z", null],
    vaccine: [undefined, "104", []],
    "vaccine.system": [
      { code: "104" },
      { system: "é", code: "104" },
      { system: "s ", code: "104" },
      { system: "x".repeat(101), code: "104" },
    ],
    "vaccine.code": [{ system: "s" }, { system: "s", code: "x".repeat(41) }],
    lotNumber: ["", "A B", "A".repeat(21), undefined],
    administeredOn: ["2026-03", "2026-02-30", "2026-03-02T10:00:00Z", undefined],
    seriesDose: [0, 256, 1.5, "1", undefined],
    issuer: [0, 2 ** 32, undefined],
  };

  for (const [field, values] of Object.entries(REFUSED)) {
    it(`refuses a ${field} that cannot be`, async () => {
      const [element = ""] = field.split(".");
      for (const value of values) {
        const changed = { ...typical, [element]: value } as Certificate;
        await failsWith(() => certificateContent(changed), "CertificateInvalid", { field });
      }
    });
  }

  it("is no code while record, salt or proof are another's", async () => {
    const [proven, other] = [prove(), prove()];
    const changed = (change: Partial<ProvenCertificate>) => () => certificateToQr({ ...proven, ...change });
    await failsWith(changed({ salt: other.salt }), "CertificateAltered");
    await failsWith(changed({ certificate: { ...typical, seriesDose: 3 } }), "CertificateAltered");
    await failsWith(changed({ origin: other.origin }), "InputInvalid", { parameter: "certificate.origin" });
    await failsWith(changed({ record: other.record }), "InputInvalid", { parameter: "certificate.origin" });
    await failsWith(changed({ salt: new Uint8Array(32) }), "SaltInvalid");
    await failsWith(changed({ chainId: 0 }), "InputInvalid", { parameter: "certificate.chainId" });
  });
});
