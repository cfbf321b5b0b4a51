import { expect } from "chai";
import { hexlify } from "ethers";

import {
  MAX_SEALED_LENGTH,
  SIZE_CLASSES,
  canonicalJson,
  commitDocument,
  commitmentOf,
  createSalt,
  documentKeyFromQr,
  documentKeyFromStealth,
  openDocument,
  sealDocument,
} from "../../../sdk/src/documents/index.ts";
import { counting, expectFault, place, riverPharmacy, stMary } from "./support.ts";

const context = { ...place, custodian: stMary };
const request = { resourceType: "MedicationRequest", status: "active", note: [{ text: "桂枝汤 五剂" }] };

describe("document keys", () => {
  it("are those of RFC 5869 HKDF-SHA-256, as an independent computation shows", async () => {
    const { hkdfSync } = await import("node:crypto");
    const secret = Uint8Array.of(2, ...counting());
    const salt = Buffer.from(place.prescription.slice(2), "hex");
    expect(hexlify(await documentKeyFromStealth(secret, place.prescription))).to.equal(
      hexlify(new Uint8Array(hkdfSync("sha256", secret, salt, "CareLedger.DocumentKey.v1.stealth", 32))),
    );
    expect(hexlify(await documentKeyFromQr(hexlify(counting(1)), place.prescription))).to.equal(
      hexlify(new Uint8Array(hkdfSync("sha256", counting(1), salt, "CareLedger.DocumentKey.v1.qr", 32))),
    );
  });

  it("differ by prescription", async () => {
    const secret = Uint8Array.of(3, ...counting());
    const other = `0x${"22".repeat(32)}`;
    expect(hexlify(await documentKeyFromStealth(secret, place.prescription))).not.to.equal(
      hexlify(await documentKeyFromStealth(secret, other)),
    );
  });

  it("refuse a secret of the wrong form", async () => {
    await expectFault(() => documentKeyFromStealth(counting(), place.prescription), "DocumentKeyInvalid");
    await expectFault(
      () => documentKeyFromStealth(new Uint8Array(33), place.prescription),
      "DocumentKeyInvalid",
    );
    await expectFault(() => documentKeyFromQr("0x1234", place.prescription), "DocumentKeyInvalid");
    await expectFault(() => documentKeyFromQr(hexlify(counting()), "0x1234"), "DocumentContextInvalid");
  });
});

describe("sealDocument and openDocument", () => {
  const key = counting(100);
  const { commitment, salt } = commitDocument(request);

  it("gives back the document and its salt", async () => {
    const sealed = await sealDocument(request, salt, key, context);
    const opened = await openDocument(sealed, key, context, commitment);
    expect(opened.document).to.deep.equal(request);
    expect(hexlify(opened.salt)).to.equal(hexlify(salt));
  });

  it("never seals twice alike", async () => {
    const once = await sealDocument(request, salt, key, context);
    const again = await sealDocument(request, salt, key, context);
    expect(hexlify(once)).not.to.equal(hexlify(again));
  });

  it("tells no more of the length than the size class", async () => {
    const lengths = new Set<number>();
    for (const filler of [0, 1, 100, 3_000, 4_000]) {
      lengths.add((await sealDocument({ filler: "x".repeat(filler) }, salt, key, context)).length);
    }
    expect([...lengths]).to.deep.equal([SIZE_CLASSES[0] + 29]);
    const large = await sealDocument({ filler: "x".repeat(5_000) }, salt, key, context);
    expect(large.length).to.equal(SIZE_CLASSES[1] + 29);
  });

  it("fills a size class to the last byte and takes the next one after it", async () => {
    const overhead = 36 + '{"filler":""}'.length;
    const full = { filler: "x".repeat(SIZE_CLASSES[0] - overhead) };
    const sealed = await sealDocument(full, salt, key, context);
    expect(sealed.length).to.equal(SIZE_CLASSES[0] + 29);
    const opened = await openDocument(sealed, key, context, commitDocument(full, salt).commitment);
    expect(opened.document).to.deep.equal(full);
    const more = { filler: `${full.filler}x` };
    expect((await sealDocument(more, salt, key, context)).length).to.equal(SIZE_CLASSES[1] + 29);
  });

  it("refuses a document beyond the largest class", async () => {
    const fault = await expectFault(
      sealDocument({ filler: "x".repeat(4_194_304) }, salt, key, context),
      "DocumentTooLarge",
    );
    expect(fault.fix).to.include(String(fault.values["limit"]));
    expect(MAX_SEALED_LENGTH).to.equal(4_194_304 + 29);
  });

  it("does not open for another prescription, registry, chain, custodian or key", async () => {
    const sealed = await sealDocument(request, salt, key, context);
    const others = [
      { ...context, prescription: `0x${"33".repeat(32)}` },
      { ...context, registry: "0x0000000000000000000000000000000000000001" },
      { ...context, chainId: 1 },
      { ...context, custodian: riverPharmacy },
    ];
    for (const other of others)
      await expectFault(openDocument(sealed, key, other, commitment), "DocumentUnreadable");
    await expectFault(openDocument(sealed, counting(101), context, commitment), "DocumentUnreadable");
  });

  it("does not open when any part was altered, cut or lengthened", async () => {
    const sealed = await sealDocument(request, salt, key, context);
    for (const at of [0, 1, 12, 13, 200, sealed.length - 1]) {
      const altered = sealed.slice();
      altered[at] = altered[at]! ^ 0x80;
      await expectFault(openDocument(altered, key, context, commitment), "DocumentUnreadable");
    }
    for (const other of [
      sealed.slice(0, -1),
      sealed.slice(0, 40),
      new Uint8Array(0),
      new Uint8Array([...sealed, 0]),
    ]) {
      await expectFault(openDocument(other, key, context, commitment), "DocumentUnreadable");
    }
  });

  it("refuses another document than the chain commits to, and the right one under a wrong salt", async () => {
    const other = await sealDocument({ ...request, status: "completed" }, salt, key, context);
    await expectFault(openDocument(other, key, context, commitment), "DocumentMismatch");
    const resalted = await sealDocument(request, createSalt(), key, context);
    await expectFault(openDocument(resalted, key, context, commitment), "DocumentMismatch");
  });

  it("refuses a sealed form that other software made differently, even if committed to", async () => {
    const seal = async (plaintext: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => {
      const iv = counting().slice(0, 12);
      const aes = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
      const aad = Buffer.concat([
        Buffer.from("CareLedger.Document.v1"),
        Buffer.from(place.chainId.toString(16).padStart(64, "0"), "hex"),
        Buffer.from(place.registry.slice(2), "hex"),
        Buffer.from(place.prescription.slice(2), "hex"),
        Buffer.from("00000001", "hex"),
      ]);
      const sealed = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: aad },
        aes,
        plaintext,
      );
      return new Uint8Array([1, ...iv, ...new Uint8Array(sealed)]);
    };
    const plaintext = (body: Uint8Array, tail = 0): Uint8Array<ArrayBuffer> => {
      const bytes = new Uint8Array(4_096);
      bytes.set(salt);
      new DataView(bytes.buffer).setUint32(32, body.length);
      bytes.set(body, 36);
      bytes[4_095] = tail;
      return bytes;
    };
    const good = canonicalJson(request);
    const opened = await openDocument(await seal(plaintext(good)), key, context, commitment);
    expect(opened.document).to.deep.equal(request);

    const padded = await seal(plaintext(good, 1));
    await expectFault(openDocument(padded, key, context, commitment), "DocumentMalformed");
    for (const body of ['{"b":1,"a":2}', '{"a":1,"a":2}', "no json", '{"a":1}\n']) {
      const bytes = new TextEncoder().encode(body);
      const fault = openDocument(await seal(plaintext(bytes)), key, context, commitmentOf(bytes, salt));
      await expectFault(fault, "DocumentMalformed");
    }
    const notUtf8 = Uint8Array.of(0x22, 0xff, 0x22);
    await expectFault(
      openDocument(await seal(plaintext(notUtf8)), key, context, commitmentOf(notUtf8, salt)),
      "DocumentMalformed",
    );
  });

  it("refuses a bad key, salt, commitment and context before it does anything", async () => {
    await expectFault(sealDocument(request, salt, counting().slice(1), context), "DocumentKeyInvalid");
    await expectFault(sealDocument(request, new Uint8Array(32), key, context), "SaltInvalid");
    await expectFault(openDocument(counting(), key, context, "0x12"), "CommitmentInvalid");
    const wrong: [object, string][] = [
      [{ chainId: 0 }, "chainId"],
      [{ registry: "0x12" }, "registry"],
      [{ prescription: "0x12" }, "prescription"],
      [{ custodian: 0 }, "custodian"],
    ];
    for (const [change, field] of wrong) {
      const fault = await expectFault(
        sealDocument(request, salt, key, { ...context, ...change }),
        "DocumentContextInvalid",
      );
      expect(fault.values["field"]).to.equal(field);
    }
  });
});
