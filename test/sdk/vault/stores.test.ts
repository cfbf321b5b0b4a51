import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { hexlify, id } from "ethers";
import pg from "pg";

import { isCareLedgerError } from "../../../sdk/src/core/errors.ts";
import {
  MAX_BATCH_BYTES,
  MAX_SEALED_RECORD_LENGTH,
  type NewVaultRecord,
  type VaultStore,
  openPostgresVaultStore,
  openVaultStore,
} from "../../../sdk/src/vault/index.ts";
import { expectFault } from "../documents/support.ts";
import { type StorePlace, adapters, openAt, postgres, recordOf, riverClinic, stMary } from "./support.ts";

const publicKey = new Uint8Array(71).fill(4);
const wrapped = (fill: number): Uint8Array => new Uint8Array(114).fill(fill);
const entry = (number: number, change: Partial<NewVaultRecord> = {}): NewVaultRecord => ({
  record: recordOf(number),
  custodian: stMary,
  sealed: new Uint8Array(500).fill(number),
  vaultKey: 1,
  wrapped: wrapped(number),
  storedAt: 1_800_000_000 + number,
  ...change,
});
const inOrder = (count: number): string[] =>
  Array.from({ length: count }, (_each, at) => recordOf(at)).sort();

for (const adapter of adapters) {
  describe(`the vault store in ${adapter.name}`, function () {
    this.timeout(60_000);
    let home: StorePlace;
    let store: VaultStore;

    before(async function () {
      this.timeout(120_000);
      const missing = await adapter.prepare();
      if (missing === undefined) return;
      console.log(`\n    !! SKIPPED: the vault store in ${adapter.name}: ${missing}\n`);
      this.skip();
    });
    beforeEach(async () => {
      home = await adapter.place();
      store = await openAt(home.address);
      await store.activateVaultKey(1, publicKey);
    });
    afterEach(async () => {
      await store.close();
      await home.remove();
    });
    after(() => adapter.finish());

    const one = entry(1);
    const granted = {
      record: one.record,
      grantee: riverClinic,
      wrapped: wrapped(9),
      wrappedAt: 1_800_000_100,
    };

    it("gives back what was put, also after it was closed and opened", async () => {
      expect(await store.get(one.record)).to.equal(undefined);
      await store.put([one]);
      await store.close();
      store = await openAt(home.address);
      expect(await store.get(one.record.toUpperCase().replace("0X", "0x"))).to.deep.equal({
        ...one,
        state: "Kept",
      });
      await store.close();
      await expectFault(store.get(one.record), "StoreClosed");
    });

    it("keeps a record of the largest size", async () => {
      const sealed = new Uint8Array(MAX_SEALED_RECORD_LENGTH).map((_each, at) => at % 251);
      await store.put([{ ...one, sealed }]);
      const kept = await store.get(one.record);
      expect(kept?.state === "Kept" && Buffer.compare(kept.sealed, sealed)).to.equal(0);
      const larger = new Uint8Array(MAX_SEALED_RECORD_LENGTH + 1);
      await expectFault(store.put([{ ...entry(2), sealed: larger }]), "VaultOptionInvalid");
    });

    it("takes the very same again and refuses another content", async () => {
      await store.put([one]);
      await store.put([one]);
      const fault = await expectFault(store.put([{ ...one, sealed: wrapped(2) }]), "VaultRecordTaken");
      expect(fault.values).to.deep.equal({ record: one.record });
      expect(await store.get(one.record)).to.deep.equal({ ...one, state: "Kept" });
    });

    it("puts a batch whole or not at all", async () => {
      await store.put([entry(3)]);
      const batch = [entry(2), { ...entry(3), sealed: wrapped(8) }, entry(4)];
      await expectFault(store.put(batch), "VaultRecordTaken");
      await expectFault(store.put([entry(2), { ...entry(4), vaultKey: 2 }]), "VaultKeyNotActive");
      expect((await store.list()).map(({ record }) => record)).to.deep.equal([recordOf(3)]);
      await store.put([entry(2), entry(3), entry(4)]);
      expect(await store.list()).to.have.length(3);
    });

    it("refuses batches, ids, keys and pages out of range", async () => {
      await expectFault(store.put([]), "VaultBatchTooLarge");
      const many = Array.from({ length: 1_001 }, (_each, at) => entry(at));
      await expectFault(store.put(many), "VaultBatchTooLarge");
      const heavy = new Uint8Array(MAX_BATCH_BYTES / 4 + 1);
      const heavies = [1, 2, 3, 4].map((number) => ({ ...entry(number), sealed: heavy }));
      await expectFault(store.put(heavies), "VaultBatchTooLarge");
      await expectFault(store.put([one, one]), "VaultOptionInvalid");
      await expectFault(store.put([{ ...one, wrapped: wrapped(1).slice(1) }]), "VaultOptionInvalid");
      for (const work of [
        store.put([{ ...one, record: "0x12" }]),
        store.get("0x12"),
        store.shred("'; DROP TABLE records; --", 1),
        store.delete(""),
        store.list({ limit: 0 }),
        store.list({ limit: 1_001 }),
        store.list({ after: "0x12" }),
        store.getGranteeKey("0x12", 1),
      ]) {
        await expectFault(work, "VaultOptionInvalid");
      }
      expect(await store.list()).to.deep.equal([]);
    });

    it("lists page by page, each record once, in order of the ids", async () => {
      await store.put(Array.from({ length: 25 }, (_each, at) => entry(at)));
      const seen: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await store.list({ after, limit: 10 });
        expect(page.length).to.be.at.most(10);
        if (page.length === 0) break;
        seen.push(...page.map(({ record }) => record));
        after = page.at(-1)!.record;
        // What is put behind the cursor does not move the pages before it.
        if (seen.length === 10) await store.put([entry(0)]);
      }
      expect(seen).to.deep.equal(inOrder(25));
      const [first] = await store.list({ limit: 1 });
      const { custodian, storedAt } = entry(
        Array.from({ length: 25 }, (_each, at) => at).find((at) => recordOf(at) === first!.record)!,
      );
      expect(first).to.deep.equal({ record: inOrder(25)[0], custodian, storedAt, state: "Kept" });
    });

    it("lets one of many concurrent puts of a record win, and tells the others", async () => {
      const other = await openAt(home.address);
      const results = await Promise.allSettled(
        Array.from({ length: 12 }, (_each, at) =>
          (at % 2 === 0 ? store : other).put([{ ...one, sealed: wrapped(at) }]),
        ),
      );
      const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
      expect(refused).to.have.length(11);
      for (const error of refused)
        expect(isCareLedgerError(error, "VaultRecordTaken"), String(error)).to.be.true;
      const winner = results.findIndex(({ status }) => status === "fulfilled");
      const kept = await store.get(one.record);
      expect(kept?.state === "Kept" && kept.sealed[0]).to.equal(winner);
      await other.close();
    });

    it("takes overlapping batches at once without waiting for ever", async () => {
      const other = await openAt(home.address);
      const batch = Array.from({ length: 40 }, (_each, at) => entry(at));
      const backwards = [...batch].reverse();
      await Promise.all([store.put(batch), other.put(backwards), store.put(backwards), other.put(batch)]);
      expect(await store.list()).to.have.length(40);
      await other.close();
    });

    it("deletes without a trace, so that the id can be used again", async () => {
      await store.put([one]);
      await store.putGranteeKey(granted);
      expect(await store.delete(one.record)).to.equal(true);
      expect(await store.delete(one.record)).to.equal(false);
      expect(await store.get(one.record)).to.equal(undefined);
      expect(await store.getGranteeKey(one.record, riverClinic)).to.equal(undefined);
      await store.put([{ ...one, sealed: wrapped(5) }]);
    });

    it("shreds content and every key, leaves a tombstone, and does it once", async () => {
      await store.put([one, entry(2)]);
      await store.putGranteeKey(granted);
      expect(await store.shred(one.record, 1_800_000_200)).to.equal(true);
      expect(await store.shred(one.record, 1_800_000_300)).to.equal(false);
      expect(await store.get(one.record)).to.deep.equal({
        state: "Shredded",
        record: one.record,
        custodian: stMary,
        storedAt: one.storedAt,
        shreddedAt: 1_800_000_200,
        shreddedUnder: 1,
      });
      expect(await store.getGranteeKey(one.record, riverClinic)).to.equal(undefined);
      expect((await store.listWrapped(1)).map(({ record }) => record)).to.deep.equal([recordOf(2)]);
      expect((await store.list()).find(({ record }) => record === one.record)?.state).to.equal("Shredded");
      expect(await store.delete(one.record)).to.equal(false);
      const fault = await expectFault(store.put([one]), "VaultRecordShredded");
      expect(fault.values).to.deep.equal({ record: one.record, shreddedAt: 1_800_000_200 });
      await expectFault(store.putGranteeKey(granted), "VaultRecordShredded");
      await expectFault(store.shred(recordOf(3), 1), "VaultRecordUnknown");
    });

    it("leaves no key behind when keys are put while the record is shredded", async () => {
      const other = await openAt(home.address);
      for (let round = 0; round < 5; round++) {
        const record = recordOf(round);
        await store.put([entry(round)]);
        const puts = Array.from({ length: 8 }, (_each, at) =>
          other.putGranteeKey({ ...granted, record, grantee: at + 1 }).catch((error: unknown) => {
            if (!isCareLedgerError(error, "VaultRecordShredded")) throw error;
          }),
        );
        await Promise.all([...puts.slice(0, 4), store.shred(record, 1), ...puts.slice(4)]);
        for (let grantee = 1; grantee <= 8; grantee++) {
          expect(await store.getGranteeKey(record, grantee)).to.equal(undefined);
        }
      }
      await other.close();
    });

    it("keeps one key a grantee, the last", async () => {
      await expectFault(store.putGranteeKey(granted), "VaultRecordUnknown");
      await store.put([one]);
      await store.putGranteeKey({ ...granted, wrapped: wrapped(3) });
      await store.putGranteeKey(granted);
      expect(await store.getGranteeKey(one.record, riverClinic)).to.deep.equal(granted);
      expect(await store.getGranteeKey(one.record, 4_294_967_295)).to.equal(undefined);
      await store.putGranteeKey({ ...granted, grantee: 4_294_967_295 });
      expect((await store.getGranteeKey(one.record, 4_294_967_295))?.grantee).to.equal(4_294_967_295);
      expect(await store.deleteGranteeKey(one.record, riverClinic)).to.equal(true);
      expect(await store.deleteGranteeKey(one.record, riverClinic)).to.equal(false);
    });

    it("lists the keys of a record's grantees, and forgets those from before a time", async () => {
      await store.put([one, entry(2)]);
      const other = { ...granted, grantee: 3, wrapped: wrapped(4), wrappedAt: granted.wrappedAt + 10 };
      const elsewhere = { ...granted, record: entry(2).record };
      for (const key of [granted, other, elsewhere]) await store.putGranteeKey(key);
      expect(await store.listGranteeKeys(one.record)).to.deep.equal([other, granted]);
      expect(await store.listGranteeKeys(entry(3).record)).to.deep.equal([]);
      expect(await store.deleteGranteeKeysBefore(granted.wrappedAt)).to.equal(0);
      expect(await store.deleteGranteeKeysBefore(granted.wrappedAt + 1)).to.equal(2);
      expect(await store.listGranteeKeys(one.record)).to.deep.equal([other]);
      expect(await store.listGranteeKeys(entry(2).record)).to.deep.equal([]);
    });

    it("has at most one active vault key and takes nothing new under a retiring one", async () => {
      await store.put([one]);
      await store.activateVaultKey(1, publicKey);
      await expectFault(
        store.activateVaultKey(
          1,
          publicKey.map(() => 5),
        ),
        "VaultKeyConflict",
      );
      await expectFault(store.activateVaultKey(3, publicKey), "VaultKeyConflict");
      await store.activateVaultKey(2, publicKey);
      await expectFault(store.activateVaultKey(3, publicKey), "VaultKeyConflict");
      expect((await store.listVaultKeys()).map(({ id, state }) => [id, state])).to.deep.equal([
        [1, "Retiring"],
        [2, "Active"],
      ]);
      await expectFault(store.put([entry(2)]), "VaultKeyNotActive");
      await store.put([{ ...entry(2), vaultKey: 2 }]);
    });

    it("lets one of two processes make the next vault key", async () => {
      const other = await openAt(home.address);
      const keys = [5, 6].map((fill) => new Uint8Array(71).fill(fill));
      const results = await Promise.allSettled([
        store.activateVaultKey(2, keys[0]!),
        other.activateVaultKey(2, keys[1]!),
      ]);
      const lost = results.find((result) => result.status === "rejected");
      expect(isCareLedgerError(lost?.reason, "VaultKeyConflict"), String(lost?.reason)).to.be.true;
      const winner = results.findIndex(({ status }) => status === "fulfilled");
      expect(hexlify((await store.listVaultKeys())[1]!.publicKey)).to.equal(hexlify(keys[winner]!));
      await other.close();
    });

    it("re-wraps what is still as it was, all or none, and destroys a key only when it is empty", async () => {
      await store.put([1, 2, 3].map((number) => entry(number)));
      await store.activateVaultKey(2, publicKey);
      await store.shred(recordOf(3), 1);
      const move = (number: number, change = {}) => ({
        record: recordOf(number),
        from: 1,
        to: 2,
        wrapped: wrapped(100 + number),
        ...change,
      });
      await expectFault(store.rewrap([move(1), move(2, { to: 1 })]), "VaultKeyNotActive");
      expect(await store.listWrapped(1)).to.have.length(2);
      expect(await store.rewrap([move(1), move(3)])).to.equal(1);
      expect(await store.rewrap([move(1)])).to.equal(0);
      await expectFault(store.markVaultKeyDestroyed(1), "VaultKeyInUse");
      await expectFault(store.markVaultKeyDestroyed(2), "VaultKeyInUse");
      const [left, ...none] = await store.listWrapped(1, { limit: 10 });
      expect([left, none]).to.deep.equal([
        { record: recordOf(2), custodian: stMary, vaultKey: 1, wrapped: wrapped(2) },
        [],
      ]);
      expect(await store.listWrapped(1, { after: recordOf(2) })).to.deep.equal([]);
      expect(await store.rewrap([move(2)])).to.equal(1);
      await store.markVaultKeyDestroyed(1);
      await store.markVaultKeyDestroyed(1);
      expect((await store.listVaultKeys()).map(({ state }) => state)).to.deep.equal(["Destroyed", "Active"]);
      const moved = await store.get(recordOf(1));
      expect(moved?.state === "Kept" && [moved.vaultKey, moved.wrapped[0]]).to.deep.equal([2, 101]);
    });

    it("detects a content that was changed beneath it, and a content or key that is gone", async () => {
      await store.put([one, entry(2), entry(3)]);
      const blob = adapter.name === "SQLite" ? "x'00'" : "'\\x00'";
      await home.raw(`UPDATE {}contents SET sealed = ${blob}`);
      const changed = await expectFault(store.get(one.record), "VaultRecordCorrupt");
      expect(changed.values).to.deep.equal({ record: one.record, part: "content" });
      await expectFault(store.put([one]), "VaultRecordTaken");
      await home.raw("DELETE FROM {}contents");
      await expectFault(store.get(recordOf(2)), "VaultRecordCorrupt");
      const third = { ...entry(4) };
      await store.put([third]);
      await home.raw("DELETE FROM {}record_keys");
      const keyless = await expectFault(store.get(third.record), "VaultRecordCorrupt");
      expect(keyless.values["part"]).to.equal("key");
    });

    it("keeps content and key together when its process is killed, and loses nothing acknowledged", async () => {
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL("storeUntilKilled.ts", import.meta.url)), home.address],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      let output = "";
      await new Promise<void>((resolve, reject) => {
        child.once("exit", () => reject(new Error("the child ended by itself")));
        child.stdout.on("data", (chunk: Buffer) => {
          output += chunk.toString();
          if (output.split("\n").length > 30) resolve();
        });
      });
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
      await once(child, "exit");
      // A server may still be at the last transaction that it received.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const acknowledged = output.split("\n").slice(0, -1).map(Number);
      const listed = (await store.list({ limit: 1_000 })).map(({ record }) => record);
      expect(listed.length).to.be.at.least(acknowledged.length);
      for (const number of acknowledged) expect(listed).to.include(id(`killed ${number}`));
      for (const record of listed) expect((await store.get(record))?.state).to.equal("Kept");
      expect(await store.listWrapped(1, { limit: 1_000 })).to.have.length(listed.length);
    });
  });
}

describe("openVaultStore", () => {
  it("says so when the file is no database", async () => {
    await expectFault(() => openVaultStore(fileURLToPath(import.meta.url)), "StoreUnavailable");
  });

  it("keeps a store in memory, for tests", async () => {
    const store = openVaultStore(":memory:");
    await store.activateVaultKey(1, publicKey);
    await store.put([entry(1)]);
    expect(await store.shred(recordOf(1), 5)).to.equal(true);
    await store.close();
  });
});

describe("a PostgreSQL server under a vault store", function () {
  this.timeout(60_000);
  let home: StorePlace;
  let url: string;
  let schema: string;

  before(async function () {
    const missing = await postgres.prepare();
    if (missing !== undefined) {
      console.log(`\n    !! SKIPPED: a PostgreSQL server under a vault store: ${missing}\n`);
      this.skip();
    }
    home = await postgres.place();
    [url, schema] = home.address.split(" ") as [string, string];
  });
  after(async () => {
    await (home as StorePlace | undefined)?.remove();
    await postgres.finish();
  });

  /** Connections of vault stores to the server. */
  const sessions = async (what: string): Promise<number> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const own = "FROM pg_stat_activity WHERE application_name = 'careledger vault'";
    const { rows } = await client.query<{ count: string }>(`SELECT count(${what}) ${own}`);
    await client.end();
    return Number(rows[0]!.count);
  };

  it("gets its tables once from many processes that start together", async () => {
    const stores = await Promise.all(
      Array.from({ length: 6 }, () => openPostgresVaultStore({ url, schema, connections: 1 })),
    );
    for (const store of stores) {
      await store.activateVaultKey(1, publicKey);
      await store.close();
    }
  });

  it("sees no more connections than allowed, and none after the store is closed", async () => {
    const store = await openPostgresVaultStore({ url, schema, connections: 3 });
    await store.put([entry(1)]);
    const reads = Array.from({ length: 60 }, () => store.get(recordOf(1)));
    const during = await sessions("*");
    expect((await Promise.all(reads)).every((kept) => kept?.state === "Kept")).to.equal(true);
    expect(during).to.be.within(1, 3);
    await store.close();
    for (let tries = 0; (await sessions("*")) > 0 && tries < 50; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await sessions("*")).to.equal(0);
  });

  it("may break every connection: the store makes new ones", async () => {
    const store = await openPostgresVaultStore({ url, schema, connections: 3 });
    await Promise.all([1, 2, 3].map((number) => store.get(recordOf(number))));
    expect(await sessions("pg_terminate_backend(pid)")).to.be.at.least(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await store.get(recordOf(1)))?.state).to.equal("Kept");
    await store.close();
  });
});

describe("openPostgresVaultStore", () => {
  const url = "postgresql://nobody:hidden-word@127.0.0.1:1/none";

  it("refuses options out of range before it connects", async () => {
    const wrong: [object, string][] = [
      [{ url: "mysql://x" }, "url"],
      [{ url: "postgresql://a b:c" }, "url"],
      [{ url, schema: "Robert'); DROP" }, "schema"],
      [{ url, connections: 0 }, "connections"],
      [{ url, timeout: 0 }, "timeout"],
    ];
    for (const [options, field] of wrong) {
      const fault = await expectFault(
        openPostgresVaultStore(options as Parameters<typeof openPostgresVaultStore>[0]),
        "VaultOptionInvalid",
      );
      expect(fault.values["field"]).to.equal(field);
    }
  });

  it("says so when no server answers, and does not tell the password", async () => {
    const fault = await expectFault(openPostgresVaultStore({ url, timeout: 2_000 }), "StoreUnavailable");
    expect(fault.values).to.deep.equal({ path: "postgresql", problem: "ECONNREFUSED" });
    expect(JSON.stringify(fault) + fault.message).not.to.include("hidden-word");
  });
});
