import { readFileSync } from "node:fs";

import { createWebAuthnSigner, readPasskey, readPublicKey } from "@careledger/sdk";
import { expect } from "chai";
import { concat, dataLength, hexlify, sha256, toUtf8Bytes } from "ethers";

import { failsWith } from "../expect.ts";
import {
  type Asserted,
  type Probe,
  ORDER,
  abiEncoded,
  expectSound,
  halvesOf,
  startProbe,
} from "./support.ts";

interface Capture {
  readonly browser: string;
  readonly rpId: string;
  readonly passkey: {
    readonly credentialId: string;
    readonly publicKey: { readonly x: string; readonly y: string };
    readonly attestationObject: string;
    readonly subjectPublicKeyInfo: string;
  };
  readonly assertions: readonly (Asserted & {
    readonly name: string;
    readonly challenge: string;
    readonly userVerified: boolean;
  })[];
}

const file = new URL("../../../examples/webauthn/assertions.json", import.meta.url);
const { browser, rpId, passkey, assertions } = JSON.parse(readFileSync(file, "utf8")) as Capture;
const verified = assertions.filter(({ userVerified }) => userVerified);

describe("passkeys of a real browser", () => {
  let probe: Probe;
  beforeEach(async () => {
    probe = await startProbe();
  });
  const signerFor = (asserted: Asserted) =>
    createWebAuthnSigner(
      probe.world.addresses.webAuthnVerifier,
      readPasskey(passkey.attestationObject),
      async () => asserted,
    );

  it("are read from their attestation and from their SubjectPublicKeyInfo", () => {
    const publicKey = concat([passkey.publicKey.x, passkey.publicKey.y]);
    const { credentialId } = passkey;
    const rpIdHash = sha256(toUtf8Bytes(rpId));
    expect(browser).to.match(/^Chrome\/\d+/);
    expect(readPasskey(passkey.attestationObject)).to.deep.equal({ publicKey, credentialId, rpIdHash });
    expect(readPublicKey(passkey.subjectPublicKeyInfo)).to.equal(publicKey);
  });

  it("assert what the chain takes, each only for its own digest and unchanged", async () => {
    expect(verified.length).to.be.greaterThan(5);
    for (const asserted of verified) {
      const patient = signerFor(asserted);
      const places = [0, 32, 95, 127, 256, 288, 292, 325, 340, 400];
      const signature = await expectSound(probe, patient, asserted.challenge, places);
      expect(dataLength(signature)).to.equal(293 + dataLength(asserted.clientDataJSON));
      const [, s] = halvesOf(asserted.signature);
      const asGiven = await probe.isSigned(patient.signer, asserted.challenge, abiEncoded(asserted));
      expect(asGiven, "as the browser gave it").to.equal(BigInt(s) <= ORDER / 2n);
    }
    const highs = verified.filter(({ signature }) => BigInt(halvesOf(signature)[1]) > ORDER / 2n);
    expect(highs.length, "signatures with a high s").to.be.within(1, verified.length - 1);
  });

  it("assert one digest and not another", async () => {
    const [first, second] = verified;
    await failsWith(signerFor(first!).sign(second!.challenge), "PasskeyAssertionWrong", {
      field: "challenge",
    });
  });

  it("are refused here and on chain when the user was not verified", async () => {
    const silent = assertions.filter(({ userVerified }) => !userVerified);
    expect(silent).to.have.length(1);
    for (const asserted of silent) {
      await failsWith(signerFor(asserted).sign(asserted.challenge), "PasskeyUserUnverified");
      const { signer } = signerFor(asserted);
      expect(await probe.isSigned(signer, asserted.challenge, abiEncoded(asserted))).to.equal(false);
    }
  });

  it("say nothing of the patient: the page's origin, the challenge, flags and a counter", () => {
    for (const { authenticatorData, clientDataJSON } of assertions) {
      const json = JSON.parse(Buffer.from(clientDataJSON.slice(2), "hex").toString()) as object;
      // Chromium adds the last one now and then, with a text of its own, so that nobody counts on the length.
      const names = ["type", "challenge", "origin", "crossOrigin", "other_keys_can_be_added_here"];
      expect(names.slice(0, Object.keys(json).length)).to.deep.equal(Object.keys(json));
      expect(dataLength(authenticatorData)).to.equal(37);
      expect(authenticatorData.startsWith(hexlify(sha256(toUtf8Bytes(rpId))))).to.equal(true);
    }
  });
});
