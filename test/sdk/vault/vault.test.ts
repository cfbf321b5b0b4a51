import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { hexlify } from "ethers";

import { openSqlite } from "../../../sdk/src/core/sqlite.ts";
import { contractErrors, sdkErrors } from "../../../sdk/src/core/errorCatalogue.ts";
import { DOCUMENT_FAULTS, generateEncryptionKeys } from "../../../sdk/src/documents/index.ts";
import {
  VAULT_FAULTS,
  type Vault,
  type VaultStore,
  getShredding,
  openSharedRecord,
  openVault,
  openVaultKeyring,
  openVaultStore,
  readRecord,
  rotateVaultKey,
  shareRecord,
  shredDocument,
  storeRecord,
  storeRecords,
  vaultError,
} from "../../../sdk/src/vault/index.ts";
import { expectFault } from "../documents/support.ts";
import {
  type StorePlace,
  adapters,
  numbered,
  openAt,
  place,
  recordOf,
  riverClinic,
  secret,
  stMary,
  vaultOn,
} from "./support.ts";

const COUNT = 23;
const all = Array.from({ length: COUNT }, (_each, at) => numbered(at));

/** Every record opens and is the anchored one. */
async function expectReadable(vault: Vault, records = all): Promise<void> {
  for (const { record, commitment, content } of records) {
    const opened = await readRecord(vault, { record, commitment });
    expect(hexlify(opened.content)).to.equal(hexlify(content));
  }
}

for (const adapter of adapters) {
  describe(`a vault on ${adapter.name}`, function () {
    this.timeout(120_000);
    let home: StorePlace;
    let store: VaultStore;
    let vault: Vault;
    let folder: string;
    let keys: string;

    before(async function () {
      const missing = await adapter.prepare();
      if (missing === undefined) return;
      console.log(`\n    !! SKIPPED: a vault on ${adapter.name}: ${missing}\n`);
      this.skip();
    });
    beforeEach(async () => {
      home = await adapter.place();
      folder = mkdtempSync(join(tmpdir(), "careledger-keys-"));
      keys = join(folder, "keys.db");
      store = await openAt(home.address);
      vault = await vaultOn(store, openVaultKeyring(keys, secret));
    });
    afterEach(async () => {
      await store.close();
      await vault.keyring.close();
      await home.remove();
      rmSync(folder, { recursive: true, force: true });
    });
    after(() => adapter.finish());

    it("stores and reads, each record under a key of its own", async () => {
      await storeRecords(vault, all);
      await expectReadable(vault);
      const wraps = await store.listWrapped(1, { limit: 100 });
      expect(new Set(wraps.map(({ wrapped }) => hexlify(wrapped))).size).to.equal(COUNT);
      await expectFault(readRecord(vault, { ...all[0]!, record: recordOf(99) }), "VaultRecordUnknown");
      await expectFault(readRecord(vault, { ...all[0]!, commitment: all[1]!.commitment }), "RecordMismatch");
    });

    it("takes a repeated call as the same, and refuses another content or salt", async () => {
      const [one, two, three] = all as [(typeof all)[0], (typeof all)[0], (typeof all)[0]];
      await storeRecord(vault, one);
      const before = await store.get(one.record);
      await storeRecord(vault, one);
      expect(await store.get(one.record)).to.deep.equal(before);
      await storeRecords(vault, [one, two]);
      await expectReadable(vault, [one, two]);
      for (const change of [{ content: two.content }, { salt: two.salt }, { mediaType: "image/png" }]) {
        await expectFault(storeRecords(vault, [three, { ...one, ...change }]), "VaultRecordTaken");
      }
      expect(await store.get(three.record)).to.equal(undefined);
    });

    it("does not read what another's ciphertext or key was put in place of", async () => {
      await storeRecords(vault, all.slice(0, 2));
      const [{ record, commitment }, other] = all as [(typeof all)[0], (typeof all)[0]];
      const literal = (hex: string): string =>
        adapter.name === "SQLite" ? `'${hex}'` : `'\\x${hex.slice(2)}'`;
      const swap = (table: string, columns: string[]): Promise<void> =>
        home.raw(
          `UPDATE {}${table} SET ${columns
            .map(
              (name) => `${name} = (SELECT ${name} FROM {}${table} WHERE record = ${literal(other.record)})`,
            )
            .join(", ")} WHERE record = ${literal(record)}`,
        );
      await swap("contents", ["hash", "sealed"]);
      await expectFault(readRecord(vault, { record, commitment }), "RecordUnreadable");
      await swap("record_keys", ["wrapped"]);
      await expectFault(readRecord(vault, { record, commitment }), "RecordKeyNotForYou");
    });

    it("shares a record with a grantee, whose key opens it and nothing else", async () => {
      const [{ record, commitment, content }] = all as [(typeof all)[0]];
      await storeRecord(vault, all[0]!);
      const { publicKey, privateKey } = await generateEncryptionKeys();
      const params = { record, commitment, grantee: riverClinic, encryptionKey: publicKey };
      await expectFault(shareRecord(vault, { ...params, commitment: all[1]!.commitment }), "RecordMismatch");
      expect(await store.getGranteeKey(record, riverClinic)).to.equal(undefined);
      const shared = await shareRecord(vault, params);
      const context = { ...place, record, custodian: shared.custodian, grantee: riverClinic };
      const opened = await openSharedRecord(shared, privateKey, context, commitment);
      expect(hexlify(opened.content)).to.equal(hexlify(content));
      const kept = await store.getGranteeKey(record, riverClinic);
      expect(hexlify(kept!.wrapped)).to.equal(hexlify(shared.wrapped));
      await expectFault(
        openSharedRecord(shared, privateKey, { ...context, grantee: 8 }, commitment),
        "RecordKeyNotForYou",
      );
    });

    it("rotates: every record opens under the new key, the old one is destroyed", async () => {
      await storeRecords(vault, all);
      const told: number[] = [];
      const done = await rotateVaultKey(vault, { batch: 10, onBatch: (count) => told.push(count) });
      expect(done).to.deep.equal({ active: 2, destroyed: [1], rewrapped: COUNT, unreadable: [] });
      expect(told).to.deep.equal([10, 20, COUNT]);
      await expectFault(vault.keyring.get(1), "VaultKeyDestroyed");
      await expectReadable(vault);
      await storeRecord(vault, numbered(50));
      await expectReadable(vault, [numbered(50)]);
      for (const batch of [0, 1_001, 1.5]) {
        await expectFault(rotateVaultKey(vault, { batch }), "VaultOptionInvalid");
      }
    });

    it("stores under the new key in a process that did not know of the rotation", async () => {
      const other = await vaultOn(store, vault.keyring);
      await other.activeKey();
      await rotateVaultKey(vault);
      await storeRecord(other, all[0]!);
      expect((await store.listWrapped(2)).map(({ record }) => record)).to.deep.equal([all[0]!.record]);
    });

    it("finishes a rotation that died before or after any of its calls, and loses nothing", async () => {
      let deaths = 0;
      await storeRecords(vault, all.slice(0, 5));
      for (let at = 1; ; at++) {
        const mortal = dyingAt(vault, at);
        const died = await rotateVaultKey(mortal, { batch: 2 }).then(
          () => false,
          (error: unknown) => {
            if (error !== DEATH) throw error;
            return true;
          },
        );
        const keysNow = await store.listVaultKeys();
        await expectReadable(vault, all.slice(0, 5));
        if (!died) break;
        deaths += 1;
        const begun = keysNow.some(({ state }) => state === "Retiring");
        const finished = await rotateVaultKey(vault, { batch: 2 });
        expect(finished.unreadable).to.deep.equal([]);
        expect(begun ? finished.active : finished.active - 1).to.equal(keysNow.length);
        const states = (await store.listVaultKeys()).map(({ state }) => state);
        expect(states.slice(0, -1).every((state) => state === "Destroyed")).to.equal(true);
        expect(states.at(-1)).to.equal("Active");
        await expectReadable(vault, all.slice(0, 5));
      }
      expect(deaths).to.be.at.least(20);
    });

    it("finishes a rotation whose process was killed in the middle", async () => {
      await storeRecords(vault, all);
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL("rotateUntilKilled.ts", import.meta.url)), home.address, keys],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const ended = once(child, "exit");
      await once(child.stdout, "data");
      child.kill("SIGKILL");
      expect((await ended)[1]).to.equal("SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect((await store.listVaultKeys()).map(({ state }) => state)).to.deep.equal(["Retiring", "Active"]);
      const left = (await store.listWrapped(1, { limit: 100 })).length;
      expect(left).to.be.within(1, COUNT - 1);
      await expectReadable(vault);
      const done = await rotateVaultKey(vault);
      expect(done).to.deep.equal({ active: 2, destroyed: [1], rewrapped: left, unreadable: [] });
      await expectReadable(vault);
    });

    it("lets several processes rotate, store, read and shred at once", async () => {
      await storeRecords(vault, all);
      const otherStore = await openAt(home.address);
      const other = await vaultOn(otherStore, openVaultKeyring(keys, secret));
      const more = Array.from({ length: 10 }, (_each, at) => numbered(100 + at));
      await Promise.all([
        rotateVaultKey(vault, { batch: 3 }),
        rotateVaultKey(other, { batch: 4 }),
        ...more.map((each, at) => storeRecord(at % 2 === 0 ? vault : other, each)),
        expectReadable(other, all.slice(1)),
        shredDocument(other, all[0]!.record),
      ]);
      await rotateVaultKey(other);
      await expectReadable(vault, [...all.slice(1), ...more]);
      const states = (await store.listVaultKeys()).map(({ state }) => state);
      expect(states.filter((state) => state !== "Destroyed")).to.deep.equal(["Active"]);
      await expectFault(readRecord(vault, all[0]!), "VaultRecordShredded");
      await other.keyring.close();
      await otherStore.close();
    });

    it("keeps a vault key while a record's key does not open, names the record, and goes on with the others", async () => {
      await storeRecords(vault, all);
      const literal = adapter.name === "SQLite" ? `'${all[3]!.record}'` : `'\\x${all[3]!.record.slice(2)}'`;
      const zeros = adapter.name === "SQLite" ? `x'${"00".repeat(114)}'` : `'\\x${"00".repeat(114)}'`;
      await home.raw(`UPDATE {}record_keys SET wrapped = ${zeros} WHERE record = ${literal}`);
      const done = await rotateVaultKey(vault, { batch: 7 });
      expect(done).to.deep.equal({
        active: 2,
        destroyed: [],
        rewrapped: COUNT - 1,
        unreadable: [all[3]!.record],
      });
      expect((await vault.keyring.get(1))?.privateKey.length).to.equal(32);
      await expectReadable(
        vault,
        all.filter((_each, at) => at !== 3),
      );
      await shredDocument(vault, all[3]!.record);
      expect((await rotateVaultKey(vault)).destroyed).to.deep.equal([1]);
    });

    it("shreds: nobody reads the record any more, neither from the store nor, once rotated, from a backup", async () => {
      await storeRecords(vault, all.slice(0, 3));
      const [{ record, commitment }] = all as [(typeof all)[0]];
      const { publicKey } = await generateEncryptionKeys();
      await shareRecord(vault, { record, commitment, grantee: riverClinic, encryptionKey: publicKey });
      await expectFault(getShredding(vault, record), "VaultRecordUnknown");
      const backup = await store.get(record);
      const shredding = await shredDocument(vault, record);
      expect(shredding).to.deep.equal({
        record,
        shreddedAt: 1_800_000_000,
        vaultKey: 1,
        beyondRecovery: false,
      });
      expect(await shredDocument(vault, record)).to.deep.equal(shredding);
      await expectFault(readRecord(vault, { record, commitment }), "VaultRecordShredded");
      const again = { record, commitment, grantee: 9, encryptionKey: publicKey };
      await expectFault(shareRecord(vault, again), "VaultRecordShredded");
      await expectFault(storeRecord(vault, all[0]!), "VaultRecordShredded");
      expect(await store.getGranteeKey(record, riverClinic)).to.equal(undefined);

      // A backup of the store from before still opens: the vault key is there.
      const restored = openVaultStore(":memory:");
      const keyOne = (await store.listVaultKeys())[0]!;
      await restored.activateVaultKey(1, keyOne.publicKey);
      if (backup?.state !== "Kept") throw new Error("it was kept");
      await restored.put([backup]);
      const old = await vaultOn(restored, vault.keyring);
      expect((await readRecord(old, { record, commitment })).mediaType).to.equal(all[0]!.mediaType);

      await rotateVaultKey(vault);
      expect((await getShredding(vault, record)).beyondRecovery).to.equal(true);
      const fault = await expectFault(readRecord(old, { record, commitment }), "VaultKeyDestroyed");
      expect(fault.values).to.deep.equal({ vaultKey: 1 });
      await expectFault(vaultOn(restored, vault.keyring), "VaultKeyDestroyed");
      await expectFault(rotateVaultKey(old), "VaultKeyDestroyed");
      await restored.close();
      await expectReadable(vault, all.slice(1, 3));
      await expectFault(shredDocument(vault, recordOf(77)), "VaultRecordUnknown");
    });
  });
}

describe("openVault", () => {
  it("refuses options out of range, and a keyring that did not make the store's keys", async () => {
    const store = openVaultStore(":memory:");
    const keyring = openVaultKeyring(":memory:", secret);
    const options = { ...place, member: stMary, store, keyring };
    for (const [field, value] of Object.entries({ chainId: 0, registry: "0x12", member: 0 })) {
      const fault = await expectFault(openVault({ ...options, [field]: value }), "VaultOptionInvalid");
      expect(fault.values["field"]).to.equal(field);
    }
    expect(await store.listVaultKeys()).to.deep.equal([]);
    await openVault(options);
    await openVault(options);
    expect(await store.listVaultKeys()).to.have.length(1);
    const stranger = openVaultKeyring(":memory:", secret);
    await expectFault(openVault({ ...options, keyring: stranger }), "VaultKeyMissing");
    await stranger.ensure(1);
    await expectFault(openVault({ ...options, keyring: stranger }), "VaultKeyMissing");
    await store.close();
  });
});

describe("shredding in SQLite", () => {
  const place = (): { folder: string; path: string } => {
    const folder = mkdtempSync(join(tmpdir(), "careledger-shred-"));
    return { folder, path: join(folder, "vault.db") };
  };
  const holds = (path: string, part: Uint8Array): boolean =>
    readdirSync(dirname(path)).some((name) =>
      readFileSync(join(dirname(path), name)).includes(Buffer.from(part)),
    );

  it("leaves no byte of content or keys in the file or its log", async () => {
    const { folder, path } = place();
    const store = openVaultStore(path);
    const vault = await vaultOn(store);
    await storeRecords(vault, all);
    const { record, commitment } = all[0]!;
    const { publicKey } = await generateEncryptionKeys();
    await shareRecord(vault, { record, commitment, grantee: riverClinic, encryptionKey: publicKey });
    await rotateVaultKey(vault);
    const kept = await store.get(record);
    const granted = await store.getGranteeKey(record, riverClinic);
    if (kept?.state !== "Kept" || granted === undefined) throw new Error("it was kept");
    const parts = [
      kept.wrapped.subarray(70, 100),
      granted.wrapped.subarray(70, 100),
      kept.sealed.subarray(100, 130),
      kept.sealed.subarray(4_000, 4_030),
    ];
    for (const part of parts) expect(holds(path, part)).to.equal(true);
    await shredDocument(vault, record);
    for (const part of parts) expect(holds(path, part)).to.equal(false);
    const another = await store.get(all[1]!.record);
    expect(another?.state === "Kept" && holds(path, another.wrapped.subarray(70, 100))).to.equal(true);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("says when a reader keeps the log from being emptied, and finishes at the next call", async function () {
    this.timeout(30_000);
    const { folder, path } = place();
    const store = openVaultStore(path);
    const vault = await vaultOn(store);
    const { record } = all[0]!;
    await storeRecord(vault, all[0]!);
    const kept = await store.get(record);
    const reader = openSqlite(path, "");
    reader.run("BEGIN");
    reader.get("SELECT COUNT(*) FROM vault_records");
    await expectFault(shredDocument(vault, record), "VaultScrubPending");
    await expectFault(readRecord(vault, all[0]!), "VaultRecordShredded");
    reader.run("COMMIT");
    reader.close();
    await shredDocument(vault, record);
    expect(kept?.state === "Kept" && holds(path, kept.wrapped.subarray(70, 100))).to.equal(false);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

const DEATH = new Error("the process died");

/** The vault in a process that dies before (odd) or after (even) the n-th call to its store or keyring. */
function dyingAt(vault: Vault, at: number): Vault {
  let calls = 0;
  const mortal = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, name): unknown => {
        const value: unknown = Reflect.get(object, name);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]): Promise<unknown> => {
          calls += 1;
          if (calls * 2 - 1 >= at && at % 2 === 1) throw DEATH;
          const result: unknown = await (value as (...given: unknown[]) => unknown)(...args);
          if (calls * 2 >= at && at % 2 === 0) throw DEATH;
          return result;
        };
      },
    });
  const [store, keyring] = [mortal(vault.store), mortal(vault.keyring)];
  const activeKey = async () => (await store.listVaultKeys()).find(({ state }) => state === "Active")!;
  return { ...vault, store, keyring, activeKey };
}

describe("errors of the vault", () => {
  it("have a whole message and fix, and no code of another folder", () => {
    const others = new Set<string>([
      ...DOCUMENT_FAULTS,
      ...Object.keys(sdkErrors),
      ...Object.keys(contractErrors),
    ]);
    for (const code of VAULT_FAULTS) {
      const values = { field: "x", length: 1, limit: 1, record: "x", vaultKey: 1, shreddedAt: 1, part: "x" };
      const counts = { problem: "x", records: 1, bytes: 1, mostRecords: 1, mostBytes: 1 };
      const { message, fix } = vaultError(code, { ...values, ...counts });
      for (const text of [message, fix]) expect(text, code).to.match(/^[A-Z][^{}]*\.$/s);
      expect(others.has(code), code).to.equal(false);
    }
  });
});
