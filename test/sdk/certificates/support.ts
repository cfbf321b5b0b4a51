/** Certificates and roots made by hand, without a chain; and texts of codes that no honest software writes. */
import {
  type Certificate,
  type Network,
  type ProvenCertificate,
  type PublishedRoots,
  certificateContent,
  commitRecord,
  createQrHolder,
  createRecordBatch,
  recordIdOf,
} from "@careledger/sdk";
import { concat, hexlify, keccak256, randomBytes } from "ethers";

import { fromBase45, toBase45 } from "../../../sdk/src/certificates/base45.ts";

export const CHAIN = 20_261;
export const REGISTRY = "0x00000000000000000000000000000000000000A1";
export const NOW = 1_800_000_000;
export const ISSUER = 2;

/** What most certificates look like. */
export const typical: Certificate = {
  name: "Noor van Dijk",
  birthDate: "1987-05-14",
  vaccine: { system: "http://hl7.org/fhir/sid/cvx", code: "104" },
  lotNumber: "PT123F",
  administeredOn: "2026-03-02",
  seriesDose: 2,
  issuer: ISSUER,
};

/** The longest that each element may be, as hard to pack as text can be. */
export const longest: Certificate = {
  name: hardText(100, 0x1_0400, 0x8_0000),
  birthDate: "1987-05-14",
  vaccine: { system: hardText(100, 0x21, 94), code: hardText(40, 0x21, 94) },
  lotNumber: "Zq7-K%xW2)pLv0;B/d?t",
  administeredOn: "2026-12-31",
  seriesDose: 255,
  issuer: 0xffff_ffff,
};

/** The longest as JSON: what JSON escapes, it writes twice. */
export const widest: Certificate = {
  ...longest,
  vaccine: { system: '"\\'.repeat(50), code: "\\".repeat(40) },
  lotNumber: '"'.repeat(20),
};

/** So many characters of a range, by a generator with a fixed seed. */
function hardText(length: number, first: number, range: number): string {
  let state = 12_345;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return String.fromCodePoint(first + ((state >> 8) % range));
  }).join("");
}

const networkOf = (chainId: number): Network =>
  ({ chainId, addresses: { recordRegistry: REGISTRY } }) as unknown as Network;

/** What a certificate's record commits to, in a batch with so many others. */
export function prove(
  certificate: Certificate = typical,
  { others = 3, custodian = certificate.issuer, category = 3, chainId = CHAIN } = {},
): ProvenCertificate {
  const { commitment, salt } = commitRecord(certificateContent(certificate));
  const draft = (value: string) => {
    const { holder, ephemeralKey } = createQrHolder();
    const terms = { custodian, holder, commitment: value, category, codeSystem: 6, reusableUntil: 0 };
    return { record: terms, ephemeralKey };
  };
  const drafts = [
    draft(commitment),
    ...Array.from({ length: others }, () => draft(hexlify(randomBytes(32)))),
  ];
  const { originOf } = createRecordBatch(networkOf(chainId), drafts);
  return { certificate, salt, chainId, record: drafts[0]!.record, origin: originOf(0) };
}

/** The same in a batch of the largest size, without its other leaves. */
export function proveDeep(certificate: Certificate): ProvenCertificate {
  const alone = prove(certificate, { others: 0 });
  const proof = Array.from({ length: 20 }, () => hexlify(randomBytes(32)));
  const root = proof.reduce(
    (node, other) => keccak256(concat(node < other ? [node, other] : [other, node])),
    keccak256(recordIdOf(alone.record)),
  );
  return { ...alone, origin: { root, proof } };
}

/** Roots of a minute ago that hold the batches of these. */
export function rootsOf(...proven: readonly ProvenCertificate[]): PublishedRoots {
  return {
    format: "careledger-roots-1",
    chainId: CHAIN,
    registry: REGISTRY,
    block: 77,
    time: NOW - 60,
    batches: proven.map(({ record, origin }) => ({
      custodian: record.custodian,
      root: origin.root,
      count: 2 ** origin.proof.length,
      anchoredAt: NOW - 3_600,
    })),
    ended: [],
  };
}

/** A code with another payload; the length at its beginning is set right unless told otherwise. */
export function forge(text: string, change: (payload: number[]) => number[], setLength = true): string {
  const payload = change([...(fromBase45(text.slice("CLCERT:1:".length, -1)) as Uint8Array)]);
  if (setLength) payload.splice(0, 2, payload.length >> 8, payload.length & 0xff);
  return `CLCERT:1:${toBase45(Uint8Array.from(payload))}.`;
}

/** Where the packed content begins. */
export function packedAt({ origin }: ProvenCertificate): number {
  return 102 + origin.proof.length * 32;
}
