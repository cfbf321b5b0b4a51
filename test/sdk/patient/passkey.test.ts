import { generateKeyPairSync } from "node:crypto";

import { isCareLedgerError, readPasskey, readPublicKey } from "@careledger/sdk";
import { expect } from "chai";
import { concat, dataLength, dataSlice, getBytes, hexlify, toBeHex, toUtf8Bytes, zeroPadValue } from "ethers";
import fc from "fast-check";

import { failsWith } from "../expect.ts";
import { testAuthenticator } from "./support.ts";

const { publicKey } = testAuthenticator().passkey;
const rpIdHash = `0x${"a1".repeat(32)}`;
const credentialId = `0x${"c4".repeat(300)}`;

/** CBOR (RFC 8949), written by hand: a head and what follows. */
const head = (major: number, size: number): string =>
  size < 24
    ? toBeHex(major * 32 + size, 1)
    : size < 256
      ? concat([toBeHex(major * 32 + 24, 1), toBeHex(size, 1)])
      : concat([toBeHex(major * 32 + 25, 1), toBeHex(size, 2)]);
const int = (value: number): string => (value < 0 ? head(1, -1 - value) : head(0, value));
const bytes = (data: string): string => concat([head(2, dataLength(data)), data]);
const text = (value: string): string => concat([head(3, toUtf8Bytes(value).length), toUtf8Bytes(value)]);
const map = (...entries: readonly (readonly [string, string])[]): string =>
  concat([head(5, entries.length), ...entries.flat()]);

const [x, y] = [dataSlice(publicKey, 0, 32), dataSlice(publicKey, 32)];
const coseKey = (change: Readonly<Record<number, string>> = {}): string => {
  const entries: Record<number, string> = {
    1: int(2),
    3: int(-7),
    [-1]: int(1),
    [-2]: bytes(x),
    [-3]: bytes(y),
  };
  return map(
    ...Object.entries({ ...entries, ...change }).map(
      ([label, value]) => [int(Number(label)), value] as const,
    ),
  );
};
const authData = (key = coseKey(), flags = 0x45, id = credentialId): string =>
  concat([
    rpIdHash,
    toBeHex(flags, 1),
    toBeHex(7, 4),
    zeroPadValue("0x01", 16),
    toBeHex(dataLength(id), 2),
    id,
    key,
  ]);
const attestation = (data = bytes(authData()), statement = map()): string =>
  map([text("fmt"), text("none")], [text("attStmt"), statement], [text("authData"), data]);

describe("readPasskey", () => {
  it("reads key, id and relying party, in any form and with any statement", () => {
    const expected = { publicKey, credentialId, rpIdHash };
    const plain = attestation();
    expect(readPasskey(plain)).to.deep.equal(expected);
    expect(readPasskey(getBytes(plain))).to.deep.equal(expected);
    expect(readPasskey(new Uint8Array(getBytes(plain)).buffer)).to.deep.equal(expected);
    const certificates = concat([head(4, 1), bytes(`0x${"30".repeat(700)}`)]);
    const statement = map(
      [text("alg"), int(-7)],
      [text("sig"), bytes("0x3006")],
      [text("x5c"), certificates],
      [text("ok"), "0xf5"],
    );
    expect(readPasskey(attestation(undefined, statement))).to.deep.equal(expected);
  });

  it("passes over extensions behind the key", () => {
    const extensions = map([text("credProtect"), int(2)]);
    expect(readPasskey(attestation(bytes(concat([authData(), extensions])))).publicKey).to.equal(publicKey);
  });

  it("refuses other algorithms", async () => {
    const rsa = map([int(1), int(3)], [int(3), int(-257)], [int(-1), bytes(`0x${"07".repeat(256)}`)]);
    const ed25519 = map([int(1), int(1)], [int(3), int(-8)], [int(-1), int(6)], [int(-2), bytes(x)]);
    for (const key of [rsa, ed25519, coseKey({ 3: int(-35) })]) {
      await failsWith(() => readPasskey(attestation(bytes(authData(key)))), "PasskeyAlgorithmUnsupported");
    }
  });

  it("names what cannot be read", async () => {
    const cases: [unknown, string, string][] = [
      [undefined, "PasskeyMalformed", "attestationObject"],
      ["0x", "PasskeyMalformed", "attestationObject"],
      ["0xa0", "PasskeyMalformed", "attestationObject"],
      [concat([attestation(), "0x00"]), "PasskeyMalformed", "attestationObject"],
      [attestation(text("authData")), "PasskeyMalformed", "attestationObject"],
      [attestation(bytes(dataSlice(authData(), 0, 36))), "PasskeyMalformed", "attestationObject"],
      [attestation(bytes(authData(undefined, 0x05))), "PasskeyMalformed", "credentialId"],
      [attestation(bytes(authData(undefined, undefined, "0x"))), "PasskeyMalformed", "credentialId"],
      [attestation(bytes(dataSlice(authData(), 0, 50))), "PasskeyMalformed", "credentialId"],
      [attestation(bytes(authData("0x"))), "PasskeyMalformed", "credentialId"],
      [attestation(bytes(authData("0xff"))), "PasskeyMalformed", "publicKey"],
      [attestation(bytes(authData(coseKey({ [-1]: int(2) })))), "PasskeyMalformed", "publicKey"],
      [attestation(bytes(authData(coseKey({ [-3]: "0xf5" })))), "PasskeyMalformed", "publicKey"],
      [attestation(bytes(authData(coseKey({ [-3]: bytes(x) })))), "PatientPublicKeyInvalid", "publicKey"],
    ];
    for (const [given, code, field] of cases) {
      await failsWith(() => readPasskey(given as string), code, { field });
    }
    const deep = concat([...Array.from({ length: 5_000 }, () => "0x81"), "0x00"]);
    await failsWith(() => readPasskey(deep), "PasskeyMalformed");
  });

  it("gives the same key or a typed error whatever byte is cut or changed", () => {
    const whole = getBytes(attestation());
    const read = (given: Uint8Array): string => {
      try {
        return readPasskey(given).publicKey;
      } catch (error) {
        if (!isCareLedgerError(error)) throw error;
        return error.code;
      }
    };
    for (let length = 0; length < whole.length; length++) {
      expect(read(whole.slice(0, length))).to.match(/Malformed$/);
    }
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const altered = whole.slice();
        altered[place]! ^= change;
        expect(read(altered)).to.satisfy(
          (found: string) => found === publicKey || /^P[a-z]+[A-Z]/.test(found),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe("readPublicKey", () => {
  const spkiOf = (namedCurve: string): Uint8Array =>
    new Uint8Array(
      generateKeyPairSync("ec", { namedCurve }).publicKey.export({ type: "spki", format: "der" }),
    );

  it("reads what getPublicKey() and WebCrypto give", () => {
    const spki = spkiOf("P-256");
    expect(readPublicKey(spki)).to.equal(hexlify(spki.slice(-64)));
    expect(readPublicKey(hexlify(spki))).to.equal(hexlify(spki.slice(-64)));
  });

  it("refuses other curves, points that are on none, and other lengths", async () => {
    const spki = spkiOf("P-256");
    const off = spki.slice();
    off[90]! ^= 1;
    const wrongs = [
      spkiOf("P-384"),
      spkiOf("secp256k1"),
      off,
      spki.slice(0, -1),
      Uint8Array.of(...spki, 0),
      null,
    ];
    for (const wrong of wrongs) {
      await failsWith(() => readPublicKey(wrong as Uint8Array), "PatientPublicKeyInvalid", { field: "spki" });
    }
  });
});
