import { expect } from "chai";
import { getBytes, hexlify, keccak256, sha256, toUtf8Bytes } from "ethers";

import { createSalt, generateEncryptionKeys } from "../../../sdk/src/documents/index.ts";
import {
  MAX_RECORD_LENGTH,
  MAX_SEALED_RECORD_LENGTH,
  RECORD_SIZE_CLASSES,
  commitRecord,
  createRecordKey,
  openRecord,
  openRecordKey,
  openSharedRecord,
  sealRecord,
  wrapRecordKey,
} from "../../../sdk/src/vault/index.ts";
import { openFromVault, wrapToVault } from "../../../sdk/src/vault/recordKeys.ts";
import { counting, expectFault } from "../documents/support.ts";
import { place, recordOf, riverClinic, stMary } from "./support.ts";

const context = { ...place, record: recordOf(1), custodian: stMary };
const scan = { mediaType: "image/png", content: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 255, 10) };

/** The same context with one part of it another. */
const others = [
  { ...context, record: recordOf(2) },
  { ...context, registry: "0x0000000000000000000000000000000000000001" },
  { ...context, chainId: 1 },
  { ...context, custodian: riverClinic },
];

describe("commitRecord", () => {
  it("commits to media type, content and salt, as an independent computation shows", () => {
    const salt = counting();
    const body = new Uint8Array([9, ...toUtf8Bytes("image/png"), ...scan.content]);
    const words = [keccak256(toUtf8Bytes("CareLedger.RecordCommitment.v1")), hexlify(salt), sha256(body)];
    const expected = keccak256(`0x${words.map((word) => word.slice(2)).join("")}`);
    expect(commitRecord(scan, salt).commitment).to.equal(expected);
    expect(commitRecord({ ...scan, mediaType: "image/gif" }, salt).commitment).not.to.equal(expected);
    expect(commitRecord(scan).commitment).not.to.equal(commitRecord(scan).commitment);
  });

  it("refuses what is no content, no media type, no salt or too large", async () => {
    const wrong = [{ content: "text" }, { mediaType: "" }, { mediaType: "png" }, { mediaType: 5 }];
    for (const change of [...wrong, { mediaType: "text/ü" }, { mediaType: `a/${"b".repeat(126)}` }]) {
      const fault = await expectFault(
        () => commitRecord({ ...scan, ...change } as typeof scan),
        "RecordContentInvalid",
      );
      expect(fault.values["field"]).to.equal(Object.keys(change)[0]);
    }
    await expectFault(() => commitRecord(scan, new Uint8Array(32)), "SaltInvalid");
    const fault = await expectFault(
      () => commitRecord({ ...scan, content: new Uint8Array(MAX_RECORD_LENGTH + 1) }),
      "RecordTooLarge",
    );
    expect(fault.values).to.deep.equal({ length: 4_194_305, limit: 4_194_304 });
  });
});

describe("sealRecord and openRecord", () => {
  const key = createRecordKey();
  const { commitment, salt } = commitRecord(scan);

  it("give back bytes of any kind, with media type and salt", async () => {
    for (const mediaType of ["image/png", "application/fhir+json", "text/plain; charset=utf-8"]) {
      const record = { ...scan, mediaType };
      const sealed = await sealRecord(record, salt, key, context);
      const opened = await openRecord(sealed, key, context, commitRecord(record, salt).commitment);
      expect({ ...opened, content: hexlify(opened.content), salt: hexlify(opened.salt) }).to.deep.equal({
        mediaType,
        content: hexlify(scan.content),
        salt: hexlify(salt),
      });
    }
  });

  it("take 4 MiB to the last byte, and nothing, and no more", async () => {
    for (const length of [0, MAX_RECORD_LENGTH]) {
      const record = { mediaType: `application/${"x".repeat(115)}`, content: new Uint8Array(length).fill(7) };
      const { commitment: anchored } = commitRecord(record, salt);
      const sealed = await sealRecord(record, salt, key, context);
      expect(sealed.length).to.equal(length === 0 ? 4_096 + 29 : MAX_SEALED_RECORD_LENGTH);
      const opened = await openRecord(sealed, key, context, anchored);
      expect(Buffer.compare(opened.content, record.content)).to.equal(0);
    }
    const larger = { ...scan, content: new Uint8Array(MAX_RECORD_LENGTH + 1) };
    await expectFault(sealRecord(larger, salt, key, context), "RecordTooLarge");
  });

  it("never seal twice alike and tell no more of the length than the size class", async () => {
    const seals = await Promise.all(
      [1, 1, 3_000, 4_000, 5_000].map((length) =>
        sealRecord({ ...scan, content: new Uint8Array(length) }, salt, key, context),
      ),
    );
    expect(hexlify(seals[0]!)).not.to.equal(hexlify(seals[1]!));
    expect(seals.map(({ length }) => length - 29)).to.deep.equal([
      ...Array.from({ length: 4 }, () => RECORD_SIZE_CLASSES[0]),
      RECORD_SIZE_CLASSES[1],
    ]);
  });

  it("do not open for another record, registry, chain, custodian or key, nor as a prescription's document", async () => {
    const sealed = await sealRecord(scan, salt, key, context);
    for (const other of others)
      await expectFault(openRecord(sealed, key, other, commitment), "RecordUnreadable");
    await expectFault(openRecord(sealed, createRecordKey(), context, commitment), "RecordUnreadable");
    const { openDocument } = await import("../../../sdk/src/documents/index.ts");
    const prescription = { ...context, prescription: context.record };
    await expectFault(openDocument(sealed, key, prescription, commitment), "DocumentUnreadable");
  });

  it("do not open what was altered, cut or lengthened", async () => {
    const sealed = await sealRecord(scan, salt, key, context);
    for (const at of [0, 1, 13, 200, sealed.length - 1]) {
      const altered = sealed.slice();
      altered[at] = altered[at]! ^ 0x01;
      await expectFault(openRecord(altered, key, context, commitment), "RecordUnreadable");
    }
    for (const other of [sealed.slice(1), new Uint8Array(0), new Uint8Array([...sealed, 0])]) {
      await expectFault(openRecord(other, key, context, commitment), "RecordUnreadable");
    }
  });

  it("refuse another content, media type or salt than anchored", async () => {
    const gif = await sealRecord({ ...scan, mediaType: "image/gif" }, salt, key, context);
    await expectFault(openRecord(gif, key, context, commitment), "RecordMismatch");
    const resalted = await sealRecord(scan, createSalt(), key, context);
    await expectFault(openRecord(resalted, key, context, commitment), "RecordMismatch");
  });

  it("refuse a sealed form that other software made differently, even if anchored", async () => {
    const { sealPadded } = await import("../../../sdk/src/documents/sealing.ts");
    const { taggedCommitment } = await import("../../../sdk/src/documents/commitment.ts");
    const { RECORD_COMMITMENT_TAG } = await import("../../../sdk/src/vault/index.ts");
    const parts = [
      toUtf8Bytes("CareLedger.Record.v1"),
      getBytes(`0x${place.chainId.toString(16).padStart(64, "0")}`),
      getBytes(place.registry),
      getBytes(context.record),
      Uint8Array.of(0, 0, 0, stMary),
    ];
    const aad = new Uint8Array(parts.flatMap((part) => [...part]));
    const fault = (): never => {
      throw new Error("it fits");
    };
    const form = { sizes: [4_096], faults: { tooLarge: fault, unreadable: fault, malformed: fault } };
    const good = new Uint8Array([9, ...toUtf8Bytes("image/png"), 1]);
    for (const [body, opens] of [
      [good, true],
      [new Uint8Array(0), false],
      [Uint8Array.of(200, 65), false],
      [new Uint8Array([3, ...toUtf8Bytes("png")]), false],
    ] as const) {
      const sealed = await sealPadded(body, salt, key, aad, form);
      const anchored = taggedCommitment(RECORD_COMMITMENT_TAG, body, salt);
      const work = openRecord(sealed, key, context, anchored);
      if (opens) expect((await work).mediaType).to.equal("image/png");
      else await expectFault(work, "RecordMalformed");
    }
  });

  it("refuse a bad key, salt, commitment and context before they do anything", async () => {
    await expectFault(sealRecord(scan, salt, key.slice(1), context), "DocumentKeyInvalid");
    await expectFault(sealRecord(scan, new Uint8Array(32), key, context), "SaltInvalid");
    await expectFault(openRecord(counting(), key, context, "0x12"), "CommitmentInvalid");
    const wrong = { chainId: 0, registry: "0x12", record: "0x12", custodian: 0 };
    for (const [field, value] of Object.entries(wrong)) {
      const fault = await expectFault(
        sealRecord(scan, salt, key, { ...context, [field]: value } as typeof context),
        "DocumentContextInvalid",
      );
      expect(fault.values["field"]).to.equal(field);
    }
  });
});

describe("record keys", () => {
  const key = createRecordKey();
  const granted = { ...context, grantee: riverClinic };

  it("reach the grantee with the record", async () => {
    const { publicKey, privateKey } = await generateEncryptionKeys();
    const { commitment, salt } = commitRecord(scan);
    const sealed = await sealRecord(scan, salt, key, context);
    const wrapped = await wrapRecordKey(key, publicKey, granted);
    expect(wrapped.length).to.equal(114);
    const opened = await openSharedRecord({ sealed, wrapped }, privateKey, granted, commitment);
    expect(hexlify(opened.content)).to.equal(hexlify(scan.content));
  });

  it("open for nobody and nothing else", async () => {
    const { publicKey, privateKey } = await generateEncryptionKeys();
    const stranger = await generateEncryptionKeys();
    const wrapped = await wrapRecordKey(key, publicKey, granted);
    expect(hexlify(await openRecordKey(wrapped, privateKey, granted))).to.equal(hexlify(key));
    await expectFault(openRecordKey(wrapped, stranger.privateKey, granted), "RecordKeyNotForYou");
    for (const other of [
      ...others.map((each) => ({ ...each, grantee: riverClinic })),
      { ...granted, grantee: 8 },
    ]) {
      await expectFault(openRecordKey(wrapped, privateKey, other), "RecordKeyNotForYou");
    }
    // A grantee's number and a vault key's number stand in the same place: the label keeps them apart.
    const vaultContext = { ...context, vaultKey: riverClinic };
    await expectFault(openFromVault(wrapped, privateKey, vaultContext), "RecordKeyNotForYou");
    const kept = await wrapToVault(key, publicKey, vaultContext);
    expect(hexlify(await openFromVault(kept, privateKey, vaultContext))).to.equal(hexlify(key));
    await expectFault(openRecordKey(kept, privateKey, granted), "RecordKeyNotForYou");
    for (const other of [
      ...others.map((each) => ({ ...each, vaultKey: riverClinic })),
      { ...context, vaultKey: 8 },
    ]) {
      await expectFault(openFromVault(kept, privateKey, other), "RecordKeyNotForYou");
    }
  });

  it("refuse malformed wraps and keys", async () => {
    const { publicKey, privateKey } = await generateEncryptionKeys();
    const wrapped = await wrapRecordKey(key, publicKey, granted);
    const cut = await expectFault(openRecordKey(wrapped.slice(1), privateKey, granted), "RecordKeyMalformed");
    expect(cut.values).to.deep.equal({ length: 113 });
    await expectFault(openRecordKey(wrapped, privateKey.slice(1), granted), "DecryptionKeyInvalid");
    await expectFault(wrapRecordKey(key.slice(1), publicKey, granted), "DocumentKeyInvalid");
    await expectFault(wrapRecordKey(key, publicKey.slice(1), granted), "EncryptionKeyInvalid");
    await expectFault(wrapRecordKey(key, publicKey, { ...granted, grantee: 0 }), "DocumentContextInvalid");
  });
});
