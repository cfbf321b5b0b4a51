import { createWebAuthnSigner } from "@careledger/sdk";
import { expect } from "chai";
import { dataLength, dataSlice, getBytes, hexlify, id } from "ethers";
import fc from "fast-check";

import { failsWith } from "../expect.ts";
import {
  type Asserted,
  type Probe,
  type Saying,
  abiEncoded,
  base64Url,
  expectSound,
  flipBit,
  startProbe,
  testAuthenticator,
} from "./support.ts";

const digest = id("a grant");
const { passkey, assert } = testAuthenticator();

describe("createWebAuthnSigner", () => {
  let probe: Probe;
  beforeEach(async () => {
    probe = await startProbe();
  });
  const signerFor = (getAssertion: (challenge: Uint8Array) => Promise<Asserted>) =>
    createWebAuthnSigner(probe.world.addresses.webAuthnVerifier, passkey, getAssertion);
  const saying = (what: Saying) => signerFor(async (challenge) => assert(challenge, what));
  const onChain = (asserted: Asserted) => probe.isSigned(saying({}).signer, digest, abiEncoded(asserted));

  it("signs as verifier and public key, and the chain takes it for nothing else", async () => {
    const patient = saying({});
    expect([patient.kind, dataLength(patient.signer)]).to.deep.equal(["webAuthn", 84]);
    // r, s, both places, both offsets, both lengths, and every part of what was signed
    const places = [0, 31, 32, 63, 95, 127, 159, 191, 223, 224, 255, 256, 260, 292, 293, 300, 330, 380];
    await expectSound(probe, patient, digest, places);
  });

  it("hands over the digest as challenge and the passkey's id, and cannot be changed by what it handed over", async () => {
    const seen: (string | undefined)[] = [];
    const patient = createWebAuthnSigner(
      probe.world.addresses.webAuthnVerifier,
      passkey,
      async (challenge, credentialId) => {
        seen.push(hexlify(challenge), credentialId && hexlify(credentialId));
        const asserted = assert(challenge.slice());
        challenge.fill(0);
        return asserted;
      },
    );
    expect(await probe.isSigned(patient.signer, digest, await patient.sign(digest))).to.equal(true);
    expect(seen).to.deep.equal([digest, passkey.credentialId]);
  });

  it("gives fewer bytes than the padded encoding, which the chain takes as well", async () => {
    const asserted = assert(getBytes(digest));
    const packed = await signerFor(async () => asserted).sign(digest);
    const padded = abiEncoded(asserted);
    expect(await onChain(asserted)).to.equal(true);
    expect(dataLength(packed)).to.equal(293 + dataLength(asserted.clientDataJSON));
    expect(dataLength(padded) - dataLength(packed)).to.be.within(27, 58);
    expect(dataSlice(packed, 0, 160)).to.equal(dataSlice(padded, 0, 160));
  });

  it("turns over a high s, which the chain refuses", async () => {
    const asserted = assert(getBytes(digest), { highS: true });
    expect(await onChain(asserted)).to.equal(false);
    await expectSound(probe, saying({ highS: true }), digest, [0, 63]);
  });

  it("takes bytes in any form, members in any order, and extensions", async () => {
    const asserted = assert(getBytes(digest));
    const buffer = (text: string) => new Uint8Array(getBytes(text)).buffer;
    const raw = createWebAuthnSigner(probe.world.addresses.webAuthnVerifier, passkey, async () => ({
      authenticatorData: buffer(asserted.authenticatorData),
      clientDataJSON: getBytes(asserted.clientDataJSON),
      signature: new DataView(buffer(asserted.signature)) as never,
    }));
    expect(await raw.sign(digest)).to.equal(await signerFor(async () => asserted).sign(digest));
    const challenge = base64Url(getBytes(digest));
    const json = `"topOrigin":"https://例え.example","challenge":"${challenge}","type":"webauthn.get"`;
    await expectSound(
      probe,
      saying({ json, extensions: Uint8Array.of(0xa0), flags: 0x9d }),
      digest,
      [0, 300],
    );
  });

  it("signs any digest", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.boolean(),
        async (bytes, highS) => {
          const patient = saying({ highS });
          const signature = await patient.sign(hexlify(bytes));
          expect(await probe.isSigned(patient.signer, hexlify(bytes), signature)).to.equal(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  const other = getBytes(id("another grant"));
  const wrongs: [string, Saying, string, object?][] = [
    ["another challenge", { challenge: other }, "PasskeyAssertionWrong", { field: "challenge" }],
    ["a new passkey", { type: "webauthn.create" }, "PasskeyAssertionWrong", { field: "type" }],
    ["no user present", { flags: 0x04 }, "PasskeyUserAbsent"],
    ["no user verified", { flags: 0x01 }, "PasskeyUserUnverified"],
    ["a backup that cannot be", { flags: 0x15 }, "PasskeyAssertionMalformed", { field: "authenticatorData" }],
    [
      "white space between its members",
      { json: `"type": "webauthn.get", "challenge": "${base64Url(getBytes(digest))}"` },
      "PasskeyAssertionMalformed",
      { field: "clientDataJSON" },
    ],
    [
      "a challenge with padding",
      { json: `"type":"webauthn.get","challenge":"${base64Url(getBytes(digest))}="` },
      "PasskeyAssertionWrong",
      { field: "challenge" },
    ],
  ];
  for (const [what, said, code, values] of wrongs) {
    it(`refuses an assertion of ${what}, as the chain does`, async () => {
      const asserted = assert(getBytes(digest), said);
      expect(await onChain(asserted)).to.equal(false);
      await failsWith(
        signerFor(async () => asserted).sign(digest),
        code,
        values as Record<string, unknown> | undefined,
      );
    });
  }

  it("refuses another relying party, which the chain does not look at", async () => {
    const asserted = assert(getBytes(digest), { rpId: "phishing.example" });
    expect(await onChain(asserted)).to.equal(true);
    await failsWith(signerFor(async () => asserted).sign(digest), "PasskeyAssertionWrong", {
      field: "relying party",
    });
  });

  it("refuses another passkey's assertion, and one that was changed", async () => {
    const stranger = testAuthenticator();
    const foreign = signerFor(async (challenge) => stranger.assert(challenge));
    await failsWith(foreign.sign(digest), "PatientSignatureWrong");
    const asserted = assert(getBytes(digest));
    const counted = { ...asserted, authenticatorData: flipBit(asserted.authenticatorData, 36) };
    expect(await onChain(counted)).to.equal(false);
    await failsWith(signerFor(async () => counted).sign(digest), "PatientSignatureWrong");
  });

  it("refuses what is no assertion", async () => {
    const good = assert(getBytes(digest));
    const cases: [object | undefined, string, string?][] = [
      [undefined, "PasskeyAssertionMalformed", "authenticatorData"],
      [{ ...good, authenticatorData: "0x1" }, "PasskeyAssertionMalformed", "authenticatorData"],
      [
        { ...good, authenticatorData: dataSlice(good.authenticatorData, 0, 36) },
        "PasskeyAssertionMalformed",
        "authenticatorData",
      ],
      [{ ...good, clientDataJSON: 7 }, "PasskeyAssertionMalformed", "clientDataJSON"],
      [{ ...good, clientDataJSON: "0x7b" }, "PasskeyAssertionMalformed", "clientDataJSON"],
      [{ ...good, clientDataJSON: "0xff" }, "PasskeyAssertionMalformed", "clientDataJSON"],
      [{ ...good, clientDataJSON: hexlify(Buffer.from("null")) }, "PasskeyAssertionWrong", "type"],
      [{ ...good, signature: "0x3006020100020101" }, "PatientSignatureMalformed"],
      [{ ...good, signature: `${good.signature}00` }, "PatientSignatureMalformed"],
      [{ ...good, signature: null }, "PatientSignatureMalformed"],
    ];
    for (const [given, code, field] of cases) {
      const values = field === undefined ? {} : { field };
      await failsWith(signerFor(async () => given as never).sign(digest), code, values);
    }
    const cancelled = signerFor(() => Promise.reject(new DOMException("cancelled", "NotAllowedError")));
    await failsWith(cancelled.sign(digest), "PatientSignerRefused");
  });

  it("refuses what is no verifier, passkey or function", async () => {
    const verifier = probe.world.addresses.webAuthnVerifier;
    const ask = async (challenge: Uint8Array) => assert(challenge);
    const make = (...args: unknown[]) => (createWebAuthnSigner as (...all: unknown[]) => unknown)(...args);
    await failsWith(() => make("0x12", passkey, ask), "InputInvalid", { parameter: "verifier" });
    await failsWith(() => make(verifier, undefined, ask), "InputInvalid", { parameter: "passkey" });
    await failsWith(() => make(verifier, passkey), "InputInvalid", { parameter: "getAssertion" });
    await failsWith(
      () => make(verifier, { publicKey: `0x${"11".repeat(64)}` }, ask),
      "PatientPublicKeyInvalid",
    );
    await failsWith(() => make(verifier, { ...passkey, rpIdHash: "0x12" }, ask), "InputInvalid", {
      parameter: "rpIdHash",
    });
    await failsWith(() => make(verifier, { ...passkey, credentialId: "0x" }, ask), "InputInvalid", {
      parameter: "credentialId",
    });
  });
});
