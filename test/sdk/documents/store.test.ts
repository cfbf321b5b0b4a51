import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { hexlify } from "ethers";

import { openSqlite } from "../../../sdk/src/core/sqlite.ts";
import { MAX_SEALED_LENGTH, openDisclosureLog, openDocumentStore } from "../../../sdk/src/documents/index.ts";
import { numberedDocument, numberedKey } from "./numbered.ts";
import { counting, expectFault, place } from "./support.ts";

describe("the embedded document store", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "careledger-store-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const key = place.prescription;

  it("gives back what was put, also after it was closed and opened", async () => {
    const path = join(folder, "documents.db");
    const store = openDocumentStore(path);
    expect(await store.has(key)).to.equal(false);
    expect(await store.get(key)).to.equal(undefined);
    await store.put(key, counting());
    expect(await store.has(key.toUpperCase().replace("0X", "0x"))).to.equal(true);
    await store.close();
    const again = openDocumentStore(path);
    expect(hexlify((await again.get(key))!)).to.equal(hexlify(counting()));
    expect(await again.delete(key)).to.equal(true);
    expect(await again.delete(key)).to.equal(false);
    expect(await again.has(key)).to.equal(false);
    await again.close();
    await expectFault(again.get(key), "StoreClosed");
  });

  it("takes the same content again and refuses another", async () => {
    const store = openDocumentStore(":memory:");
    await store.put(key, counting());
    await store.put(key, counting());
    await expectFault(store.put(key, counting(1)), "DocumentKeyTaken");
    expect(hexlify((await store.get(key))!)).to.equal(hexlify(counting()));
    await store.close();
  });

  it("refuses keys that are no prescription id, and contents beyond the largest sealed document", async () => {
    const store = openDocumentStore(":memory:");
    for (const work of [store.put("0x12", counting()), store.get("a"), store.has(""), store.delete("0x")]) {
      await expectFault(work, "DocumentContextInvalid");
    }
    await expectFault(store.put(key, new Uint8Array(MAX_SEALED_LENGTH + 1)), "DocumentTooLarge");
    await store.close();
  });

  it("detects a row whose content or hash was changed beneath it", async () => {
    const path = join(folder, "documents.db");
    const store = openDocumentStore(path);
    await store.put(key, counting());
    const raw = openSqlite(path, "");
    raw.run("UPDATE documents SET sealed = ?", counting(1));
    await expectFault(store.get(key), "DocumentCorrupt");
    await expectFault(store.put(key, counting()), "DocumentCorrupt");
    raw.run("UPDATE documents SET sealed = ?, hash = ?", counting(), "0x00");
    await expectFault(store.get(key), "DocumentCorrupt");
    raw.close();
    await store.close();
  });

  it("says so when the file is no database", async () => {
    await expectFault(() => openDocumentStore(fileURLToPath(import.meta.url)), "StoreUnavailable");
  });

  it("loses nothing acknowledged when its process is killed, and opens at once afterwards", async () => {
    const path = join(folder, "documents.db");
    let next = 0;
    for (const acknowledgements of [1, 25, 60]) {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL("putUntilKilled.ts", import.meta.url)), path, `${next}`],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      let output = "";
      await new Promise<void>((resolve, reject) => {
        child.once("exit", () => reject(new Error("the child ended by itself")));
        child.stdout.on("data", (chunk: Buffer) => {
          output += chunk.toString();
          if (output.split("\n").length > acknowledgements) resolve();
        });
      });
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
      await once(child, "exit");
      const acknowledged = output.split("\n").slice(0, -1).map(Number);
      expect(acknowledged.length).to.be.at.least(acknowledgements);
      const store = openDocumentStore(path);
      for (const number of Array.from({ length: acknowledged.at(-1)! + 1 }, (_each, at) => at)) {
        expect(hexlify((await store.get(numberedKey(number)))!), `document ${number}`).to.equal(
          hexlify(numberedDocument(number)),
        );
      }
      await store.close();
      next = acknowledged.at(-1)! + 1;
    }
  });
});

describe("the embedded disclosure log", () => {
  const disclosure = {
    at: 1_800_000_000,
    prescription: place.prescription,
    member: 7,
    site: 3,
    lockCount: 1,
    operator: `0x${"11".repeat(32)}`,
    nonce: `0x${"22".repeat(32)}`,
    hash: `0x${"33".repeat(32)}`,
  };

  it("keeps what was recorded, in order", async () => {
    const log = openDisclosureLog(":memory:");
    const later = { ...disclosure, at: disclosure.at - 5, nonce: `0x${"44".repeat(32)}` };
    await log.record(disclosure);
    await log.record(later);
    expect(await log.list(place.prescription)).to.deep.equal([disclosure, later]);
    expect(await log.list(`0x${"55".repeat(32)}`)).to.deep.equal([]);
    await log.close();
  });

  it("takes a nonce once for an operator, also after a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "careledger-log-"));
    const path = join(folder, "log.db");
    const log = openDisclosureLog(path);
    await log.record(disclosure);
    await log.close();
    const again = openDisclosureLog(path);
    await expectFault(again.record({ ...disclosure, at: disclosure.at + 1 }), "DocumentRequestReplayed");
    await again.record({ ...disclosure, operator: `0x${"12".repeat(32)}` });
    expect(await again.list(place.prescription)).to.have.length(2);
    await again.close();
    await expectFault(again.record(disclosure), "StoreClosed");
    rmSync(folder, { recursive: true, force: true });
  });
});
