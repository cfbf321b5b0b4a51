import {
  type PublishedRoots,
  type VerifyCertificateParams,
  certificateToQr,
  isCareLedgerError,
  parseCertificateQr,
  recordIdOf,
  verifyCertificate,
} from "@careledger/sdk";
import { expect } from "chai";

import { failsWith } from "../expect.ts";
import { CHAIN, ISSUER, NOW, forge, longest, prove, proveDeep, rootsOf, typical } from "./support.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

describe("a certificate at a verifier without a network", () => {
  const proven = prove();
  const qr = certificateToQr(proven);
  const id = recordIdOf(proven.record);
  const roots = rootsOf(prove(), proven);
  const right: VerifyCertificateParams = { qr, roots, maxAge: 86_400, now: NOW };
  const refused = (change: Partial<VerifyCertificateParams>, code: string, values = {}) =>
    failsWith(() => verifyCertificate({ ...right, ...change }), code, values);

  it("holds, and says what, since when and as of when", () => {
    expect(verifyCertificate(right)).to.deep.equal({
      certificate: typical,
      record: id,
      publishedAt: NOW - 3_600,
      asOf: NOW - 60,
      block: 77,
    });
    expect(
      verifyCertificate({ ...right, issuers: [9, ISSUER], retracted: [`0x${"11".repeat(32)}`] }).record,
    ).to.equal(id);
    const alone = prove(typical, { others: 0 });
    expect(
      verifyCertificate({ ...right, qr: certificateToQr(alone), roots: rootsOf(alone) }).certificate,
    ).to.deep.equal(typical);
    const deep = proveDeep(longest);
    expect(
      verifyCertificate({ ...right, qr: certificateToQr(deep), roots: rootsOf(deep) }).certificate,
    ).to.deep.equal(longest);
  });

  it("does not hold when altered, of another root or chain, or deeper than its batch", async () => {
    const altered = certificateToQr(prove({ ...typical, seriesDose: 3 }, { others: 3 }));
    await refused({ qr: altered }, "CertificateRootUnknown", { time: NOW - 60 });
    // Another's content under this record: the tail of the other code behind this one's terms.
    const content = (text: string): number[] => {
      let tail: number[] = [];
      forge(text, (payload) => {
        tail = payload.slice(102 + 64);
        return payload;
      });
      return tail;
    };
    const swapped = forge(qr, (payload) => [...payload.slice(0, 102 + 64), ...content(altered)]);
    await refused({ qr: swapped }, "CertificateAltered");
    await refused({ qr: forge(qr, (payload) => payload.with(70, payload[70]! ^ 1)) }, "CertificateAltered");
    await refused({ qr: forge(qr, (payload) => payload.with(34, payload[34]! ^ 1)) }, "CertificateAltered");
    await refused(
      { qr: forge(qr, (payload) => payload.with(14, payload[14]! ^ 1)) },
      "CertificateRootUnknown",
    );
    await refused(
      { qr: forge(qr, (payload) => payload.with(110, payload[110]! ^ 1)) },
      "CertificateRootUnknown",
    );
    await refused({ roots: rootsOf(prove()) }, "CertificateRootUnknown");
    await refused({ qr: certificateToQr(prove(typical, { chainId: 5 })) }, "CertificateOfOtherChain", {
      chainId: 5,
      expected: CHAIN,
    });
    const batches = roots.batches.map((batch) => ({ ...batch, count: 2 }));
    await refused({ roots: { ...roots, batches } }, "CertificateRootUnknown");
    // A batch may hold terms that no record can have; its leaf is the root here.
    const alone = certificateToQr(prove(typical, { others: 0 }));
    const odd = forge(alone, (payload) => payload.with(66, 32));
    await refused({ qr: odd, roots: rootsOf(parseCertificateQr(odd)) }, "CertificateRootUnknown");
    const even = forge(alone, (payload) => payload.with(66, 31));
    expect(
      verifyCertificate({ ...right, qr: even, roots: rootsOf(parseCertificateQr(even)) }).certificate,
    ).to.deep.equal(typical);
  });

  it("does not hold when a member published it in another's name", async () => {
    // Member 7 anchors a root over a record of member 2.
    const stolen = { ...roots, batches: roots.batches.map((batch) => ({ ...batch, custodian: 7 })) };
    await refused({ roots: stolen }, "CertificateIssuerWrong", { named: ISSUER, issuer: 7 });
    // Member 7 anchors a record of its own over a certificate that names member 2.
    const foreign = prove(typical, { custodian: 7 });
    const change = { qr: certificateToQr(foreign), roots: rootsOf(foreign) };
    await refused(change, "CertificateIssuerWrong", { named: ISSUER, issuer: 7 });
    await refused({ issuers: [7] }, "CertificateIssuerNotAccepted", { issuer: ISSUER });
    // The same root twice: the right member's counts.
    const both = { ...roots, batches: [...stolen.batches, ...roots.batches] };
    expect(verifyCertificate({ ...right, roots: both }).record).to.equal(id);
  });

  it("does not hold once it ended, as the roots or the verifier know", async () => {
    const ended = (status: "Retracted" | "Superseded") => ({ ...roots, ended: [{ record: id, status }] });
    await refused({ roots: ended("Retracted") }, "CertificateRetracted");
    await refused({ roots: ended("Superseded") }, "CertificateSuperseded");
    await refused({ retracted: [id] }, "CertificateRetracted");
  });

  it("is not looked at with roots that are too old, of the future or malformed", async () => {
    await refused({ now: NOW + 86_400 }, "RootsTooOld", { time: NOW - 60, maxAge: 86_400 });
    await refused({ maxAge: 59 }, "RootsTooOld");
    expect(verifyCertificate({ ...right, maxAge: 60 }).record).to.equal(id);
    await refused({ now: NOW - 60 - 901 }, "RootsFromFuture");
    expect(verifyCertificate({ ...right, now: NOW - 60 - 900 }).record).to.equal(id);
    await failsWith(() => verifyCertificate({ ...right, now: undefined, maxAge: 0 }), "RootsFromFuture");

    const [batch] = roots.batches;
    const MALFORMED: Readonly<Record<string, unknown>> = {
      roots: null,
      format: { ...roots, format: "careledger-roots-2" },
      chainId: { ...roots, chainId: "20261" },
      registry: { ...roots, registry: "0x00" },
      block: { ...roots, block: -1 },
      time: { ...roots, time: NOW * 1_000 },
      batches: { ...roots, batches: {} },
      "batches[0]": { ...roots, batches: [null] },
      "batches[0].custodian": { ...roots, batches: [{ ...batch, custodian: 0 }] },
      "batches[0].root": { ...roots, batches: [{ ...batch, root: "0x" }] },
      "batches[0].count": { ...roots, batches: [{ ...batch, count: 2 ** 20 + 1 }] },
      "batches[0].anchoredAt": { ...roots, batches: [{ ...batch, anchoredAt: "x" }] },
      ended: { ...roots, ended: undefined },
      "ended[0].record": { ...roots, ended: [{ record: "0x", status: "Retracted" }] },
      "ended[0].status": { ...roots, ended: [{ record: id, status: "Current" }] },
    };
    for (const [field, malformed] of Object.entries(MALFORMED))
      await refused({ roots: malformed as PublishedRoots }, "RootsMalformed", { field });
  });

  it("refuses parameters that cannot be", async () => {
    for (const [change, parameter] of [
      [{ maxAge: undefined }, "maxAge"],
      [{ maxAge: -1 }, "maxAge"],
      [{ now: NOW * 1_000 }, "now"],
      [{ retracted: ["0x"] }, "retracted[0]"],
      [{ issuers: [] }, "issuers"],
      [{ issuers: [0] }, "issuers[0]"],
    ] as const) {
      await refused(change as never, "InputInvalid", { parameter });
    }
    await failsWith(() => verifyCertificate(undefined as never), "InputInvalid");
  });

  it("never says anything else than its issuer did, whatever character is misread", () => {
    for (let place = 0; place < qr.length; place++) {
      const character = ALPHABET.charAt((ALPHABET.indexOf(qr.charAt(place)) + 1 + (place % 44)) % 45);
      try {
        const said = verifyCertificate({
          ...right,
          qr: qr.slice(0, place) + character + qr.slice(place + 1),
        });
        // Bits after the end of the packed content say nothing.
        expect(said.certificate).to.deep.equal(typical);
        expect(place).to.be.greaterThan(qr.length - 5);
      } catch (error) {
        if (!isCareLedgerError(error)) throw error;
        expect(error.code).to.match(/^Certificate/);
      }
    }
  });
});
