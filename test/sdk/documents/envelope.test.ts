import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { expect } from "chai";
import { getBytes, hexlify } from "ethers";

import {
  ENVELOPE_LENGTH,
  createEnvelope,
  generateEncryptionKeys,
  openEnvelope,
} from "../../../sdk/src/documents/index.ts";
import { counting, expectFault, place, riverMain, riverPharmacy } from "./support.ts";

const recipient = { ...place, member: riverPharmacy, site: riverMain };
const buffer = (hex: string): ArrayBuffer => new Uint8Array(getBytes(`0x${hex}`)).buffer;

describe("HPKE", () => {
  it("opens the vector of RFC 9180, appendix A.3.1 (the same KEM and KDF)", async () => {
    const suite = new CipherSuite({
      kem: new DhkemP256HkdfSha256(),
      kdf: new HkdfSha256(),
      aead: new Aes128Gcm(),
    });
    const recipientKey = await suite.kem.deserializePrivateKey(
      buffer("f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2"),
    );
    const enc = buffer(
      "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
    );
    const info = buffer("4f6465206f6e2061204772656369616e2055726e");
    const plaintext = await suite.open(
      { recipientKey, enc, info },
      buffer("5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434"),
      buffer("436f756e742d30"),
    );
    expect(new TextDecoder().decode(plaintext)).to.equal("Beauty is truth, truth beauty");
  });
});

describe("envelopes", () => {
  it("publish the suite before the key", async () => {
    const { publicKey, privateKey } = await generateEncryptionKeys();
    expect(hexlify(publicKey.slice(0, 7))).to.equal("0x00100001000204");
    expect(publicKey.length).to.equal(71);
    expect(privateKey.length).to.equal(32);
  });

  it("carry the document key to the chosen member and site", async () => {
    const { publicKey, privateKey } = await generateEncryptionKeys();
    const envelope = await createEnvelope(counting(), publicKey, recipient);
    expect(envelope.length).to.equal(ENVELOPE_LENGTH);
    expect(hexlify(await openEnvelope(envelope, privateKey, recipient))).to.equal(hexlify(counting()));
  });

  it("differ each time", async () => {
    const { publicKey } = await generateEncryptionKeys();
    const once = await createEnvelope(counting(), publicKey, recipient);
    expect(hexlify(await createEnvelope(counting(), publicKey, recipient))).not.to.equal(hexlify(once));
  });

  it("open for nobody and nothing else", async () => {
    const { publicKey, privateKey } = await generateEncryptionKeys();
    const stranger = await generateEncryptionKeys();
    const envelope = await createEnvelope(counting(), publicKey, recipient);
    await expectFault(openEnvelope(envelope, stranger.privateKey, recipient), "EnvelopeNotForYou");
    const others = [
      { ...recipient, chainId: 1 },
      { ...recipient, registry: "0x0000000000000000000000000000000000000001" },
      { ...recipient, prescription: `0x${"33".repeat(32)}` },
      { ...recipient, member: riverPharmacy + 1 },
      { ...recipient, site: riverMain + 1 },
    ];
    for (const other of others)
      await expectFault(openEnvelope(envelope, privateKey, other), "EnvelopeNotForYou");
    for (const at of [1, 2, 40, 66, ENVELOPE_LENGTH - 1]) {
      const altered = envelope.slice();
      altered[at] = altered[at]! ^ 1;
      await expectFault(openEnvelope(altered, privateKey, recipient), "EnvelopeNotForYou");
    }
  });

  it("refuse a malformed envelope and malformed keys", async () => {
    const { publicKey, privateKey } = await generateEncryptionKeys();
    const envelope = await createEnvelope(counting(), publicKey, recipient);
    await expectFault(openEnvelope(envelope.slice(1), privateKey, recipient), "EnvelopeMalformed");
    const versioned = envelope.slice();
    versioned[0] = 2;
    await expectFault(openEnvelope(versioned, privateKey, recipient), "EnvelopeMalformed");
    await expectFault(openEnvelope(envelope, privateKey.slice(1), recipient), "DecryptionKeyInvalid");
    await expectFault(openEnvelope(envelope, new Uint8Array(32), recipient), "DecryptionKeyInvalid");

    await expectFault(createEnvelope(counting().slice(1), publicKey, recipient), "DocumentKeyInvalid");
    await expectFault(createEnvelope(counting(), publicKey.slice(6), recipient), "EncryptionKeyInvalid");
    const otherSuite = publicKey.slice();
    otherSuite[1] = 0x20;
    await expectFault(createEnvelope(counting(), otherSuite, recipient), "EncryptionKeyInvalid");
    const offCurve = publicKey.slice();
    offCurve[70] = offCurve[70]! ^ 1;
    await expectFault(createEnvelope(counting(), offCurve, recipient), "EncryptionKeyInvalid");
    await expectFault(
      createEnvelope(counting(), publicKey, { ...recipient, site: 0 }),
      "DocumentContextInvalid",
    );
    await expectFault(
      createEnvelope(counting(), publicKey, { ...recipient, member: 0 }),
      "DocumentContextInvalid",
    );
  });
});
