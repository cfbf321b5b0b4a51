import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { hexlify } from "ethers";

import { openSqlite } from "../../../sdk/src/core/sqlite.ts";
import { openVaultKeyring } from "../../../sdk/src/vault/index.ts";
import { expectFault } from "../documents/support.ts";
import { secret } from "./support.ts";

describe("the embedded keyring", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "careledger-keyring-"));
    path = join(folder, "keys.db");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("makes a key pair once and gives it back, also after it was closed and opened", async () => {
    const keyring = openVaultKeyring(path, secret);
    const made = await keyring.ensure(1);
    expect(hexlify(await keyring.ensure(1))).to.equal(hexlify(made));
    expect(await keyring.get(2)).to.equal(undefined);
    const first = await keyring.get(1);
    await keyring.close();
    const again = openVaultKeyring(path, secret);
    expect(await again.get(1)).to.deep.equal(first);
    expect(hexlify(first!.publicKey)).to.equal(hexlify(made));
    await again.close();
    await expectFault(again.get(1), "StoreClosed");
  });

  it("gives two processes that ask at once the same key", async () => {
    const [one, two] = [openVaultKeyring(path, secret), openVaultKeyring(path, secret)];
    const made = await Promise.all([one.ensure(1), two.ensure(1), one.ensure(1)]);
    expect(new Set(made.map((each) => hexlify(each))).size).to.equal(1);
    await one.close();
    await two.close();
  });

  it("does not open with another secret, nor when a row was changed", async () => {
    const keyring = openVaultKeyring(path, secret);
    await keyring.ensure(1);
    await keyring.ensure(2);
    const other = openVaultKeyring(
      path,
      secret.map((byte) => byte ^ 1),
    );
    await expectFault(other.get(1), "VaultKeyringLocked");
    await other.close();
    const raw = openSqlite(path, "");
    raw.run("UPDATE keyring SET private_key = (SELECT private_key FROM keyring WHERE id = 2) WHERE id = 1");
    raw.close();
    await expectFault(keyring.get(1), "VaultKeyringLocked");
    await keyring.close();
    for (const wrong of [secret.slice(1), "secret" as unknown as Uint8Array]) {
      const fault = await expectFault(() => openVaultKeyring(path, wrong), "VaultOptionInvalid");
      expect(fault.values["field"]).to.equal("secret");
    }
  });

  it("destroys a key for good, on disk too, and keeps no private key in the clear", async () => {
    const keyring = openVaultKeyring(path, secret);
    await keyring.ensure(1);
    await keyring.ensure(2);
    const raw = openSqlite(path, "");
    const row = raw.get("SELECT private_key FROM keyring WHERE id = 1");
    raw.close();
    const stored = Buffer.from(row!["private_key"] as Uint8Array);
    const { privateKey } = (await keyring.get(1))!;
    expect(onDisk(folder).some((file) => file.includes(stored))).to.equal(true);
    expect(onDisk(folder).some((file) => file.includes(Buffer.from(privateKey)))).to.equal(false);
    await keyring.destroy(1);
    await keyring.destroy(1);
    await keyring.destroy(9);
    for (const part of [stored, stored.subarray(0, 24), stored.subarray(40, 64)]) {
      expect(onDisk(folder).some((file) => file.includes(part))).to.equal(false);
    }
    await expectFault(keyring.get(1), "VaultKeyDestroyed");
    await expectFault(keyring.ensure(1), "VaultKeyDestroyed");
    expect((await keyring.get(2))?.privateKey.length).to.equal(32);
    await keyring.close();
  });
});

/** Every file of a folder, the write-ahead log among them. */
function onDisk(folder: string): Buffer[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name)));
}
