import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { buildSerialTree, readSerialFile, writeSerialFile } from "@careledger/sdk";
import { expect } from "chai";
import { id, keccak256, toUtf8Bytes } from "ethers";

import { failsWith } from "../expect.ts";

const secret = id("the secret of a lot");
const gtin = 9506000134352n;
const lotNumber = "AB-12";
const tree = buildSerialTree({
  serials: Array.from({ length: 10_000 }, (_, at) => `SN${at}`),
  secret,
  unitsPerSerial: 10,
});
const file = { gtin, lotNumber, secret, tree };
const textOf = (pieces: Iterable<Uint8Array>): string => Buffer.concat([...pieces]).toString("latin1");
const read = (text: string): Promise<unknown> => readSerialFile([Buffer.from(text, "utf8")]);
/** The same with its last line made to fit. */
const resealed = (text: string): string => {
  const body = text.slice(0, text.lastIndexOf("keccak256 "));
  return `${body}keccak256 ${keccak256(toUtf8Bytes(body))}\n`;
};

describe("a serial file", () => {
  const text = textOf(writeSerialFile(file));

  it("is lines of ASCII: a header of JSON, the serials, the hash of all before", () => {
    const lines = text.split("\n");
    expect(JSON.parse(lines[0]!)).to.deep.equal({
      format: "careledger-serials",
      version: 1,
      gtin: "09506000134352",
      lotNumber,
      unitsPerSerial: 10,
      count: 10_000,
      root: tree.root,
      secret,
    });
    expect(lines.slice(1, 4)).to.deep.equal(["SN0", "SN1", "SN2"]);
    expect(lines).to.have.length(10_003);
    expect(text).to.equal(resealed(text));
  });

  it("comes back from disk as it was written, in pieces of bounded length", async () => {
    const folder = mkdtempSync(join(tmpdir(), "careledger-serials-"));
    try {
      const path = join(folder, "AB-12.serials");
      await pipeline(Readable.from(writeSerialFile(file)), createWriteStream(path));
      const back = await readSerialFile(createReadStream(path));
      expect([back.gtin, back.lotNumber, back.secret]).to.deep.equal([gtin, lotNumber, secret]);
      expect(back.tree.root).to.equal(tree.root);
      expect(back.tree.proofOf(77)).to.deep.equal(tree.proofOf(77));
      expect(Math.max(...[...writeSerialFile(file)].map(({ length }) => length))).to.be.at.most(65_536);
      writeFileSync(path, text.replace("SN77\n", "SN7x\n"));
      await failsWith(readSerialFile(createReadStream(path)), "SerialFileAltered", { field: "hash" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is read however it is cut", async () => {
    const small = { ...file, tree: buildSerialTree({ serials: ["A", "B"], secret, unitsPerSerial: 64 }) };
    const bytes = Buffer.concat([...writeSerialFile(small)]);
    for (let length = 1; length <= 70; length++) {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += length) pieces.push(bytes.subarray(at, at + length));
      const back = await readSerialFile(pieces);
      expect(back.tree.root).to.equal(small.tree.root);
    }
  });

  it("is refused when it is cut short, altered, or another thing", async () => {
    await failsWith(read(text.replace("SN5\n", "")), "SerialFileAltered", { field: "hash" });
    await failsWith(read(resealed(text.replace("SN5\n", ""))), "SerialFileAltered", { field: "count" });
    await failsWith(read(resealed(text.replace("SN5\n", "SN05\n"))), "SerialFileAltered", { field: "root" });
    await failsWith(read(resealed(text.replace("SN5\n", "SN4\n"))), "SerialDuplicated", {
      index: 5,
      first: 4,
    });
    await failsWith(read(text.replace("SN5\n", "Ä\n")), "SerialMalformed", { index: 5 });
    await failsWith(read(text.replace("SN5\n", "SN5\nmore\n")), "SerialFileMalformed");
    const header = text.slice(0, text.indexOf("\n"));
    for (const wrong of [
      "",
      text.slice(0, -1),
      text.slice(0, -80),
      header,
      `${text}more\n`,
      text.replace("keccak256 ", "sha256 "),
      text.replace("careledger-serials", "other"),
      text.replace('"version":1', '"version":2'),
      text.replace('"count":10000', '"count":"10000"'),
      text.replace('"unitsPerSerial":10', '"unitsPerSerial":65'),
      text.replace("09506000134352", "09506000134353"),
      text.replace(secret, "0x12"),
      "{}\n",
      "nonsense\n",
      "[".repeat(2_000),
      `${"[".repeat(2_000)}\n`,
    ]) {
      await failsWith(read(wrong), "SerialFileMalformed");
    }
    await failsWith(readSerialFile(["text" as never]), "InputInvalid", { parameter: "pieces" });
  });

  it("is written for a true GTIN, lot number and the tree's own secret alone", async () => {
    const write = (changes: object): unknown => textOf(writeSerialFile({ ...file, ...changes }));
    await failsWith(() => write({ gtin: gtin + 1n }), "Gs1CheckDigitWrong");
    await failsWith(() => write({ lotNumber: "" }), "Gs1ElementMalformed", { element: "10" });
    await failsWith(() => write({ secret: id("another") }), "InputInvalid", { parameter: "secret" });
    await failsWith(() => write({ tree: undefined }), "InputInvalid", { parameter: "tree" });
  });
});
