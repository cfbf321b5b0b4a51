import { createSqliteJournal } from "@careledger/sdk";
import { expect } from "chai";
import { Transaction } from "ethers";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { type TestChain, emptyFolder, startChain } from "./chain.ts";

const SYSTEM = fileURLToPath(new URL("crashingSystem.ts", import.meta.url));

describe("sdk after kill -9", () => {
  let chain: TestChain;
  let path: string;
  let children: ChildProcess[];

  beforeEach(async () => {
    chain = await startChain();
    path = join(emptyFolder(), "sends.db");
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    await chain.close();
  });

  const startSystem = (): ChildProcess => {
    const args = [SYSTEM, JSON.stringify(chain.network), chain.admin.privateKey, path, "order-1"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    return child;
  };

  const wordsOf = async (child: ChildProcess): Promise<string> => {
    let words = "";
    child.stdout?.on("data", (chunk: Buffer) => (words += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    expect(code, words).to.equal(0);
    return words;
  };

  const killAt = async (method: string, before: boolean): Promise<void> => {
    const seen = new Promise<void>((resolve) => {
      chain.node.fault = (ask) => {
        if (ask.method !== method) return "pass";
        resolve();
        return before ? "hang" : "cutAfter";
      };
    });
    const child = startSystem();
    const ended = once(child, "close");
    await seen;
    if (!before) await new Promise((wait) => setTimeout(wait, 30));
    child.kill("SIGKILL");
    const [, signal] = (await ended) as [number | null, string | null];
    expect(signal).to.equal("SIGKILL");
    chain.node.fault = () => "pass";
  };

  const recordedHash = async (): Promise<string> => {
    const genesis = (await chain.ask("eth_getBlockByNumber", "0x0", false)) as { hash: string };
    const journal = createSqliteJournal(path);
    const record = await journal.find(`20261:${genesis.hash}`, chain.admin.address, "order-1");
    journal.close();
    return record?.hash ?? "none";
  };

  for (const [moment, method, before, minedThen] of [
    ["between journal and broadcast", "eth_sendRawTransaction", true, 0],
    ["between broadcast and its answer", "eth_sendRawTransaction", false, 1],
    ["while it waits for the receipt", "eth_getTransactionReceipt", true, 1],
  ] as const) {
    it(`sends exactly one transaction when killed ${moment}`, async () => {
      const nonce = await chain.nonceOf(chain.admin.address);
      await killAt(method, before);
      const hash = await recordedHash();
      expect(hash).to.match(/^0x/);
      expect((await chain.nonceOf(chain.admin.address)) - nonce).to.equal(minedThen);

      const words = await wordsOf(startSystem());
      expect(words).to.contain(`sent ${hash}`);
      expect(words).to.contain("resumed order-1");
      expect((await chain.nonceOf(chain.admin.address)) - nonce).to.equal(1);
      const raws = chain.node.asked.filter((ask) => ask.method === "eth_sendRawTransaction");
      expect(new Set(raws.map(({ params }) => Transaction.from(String(params[0])).hash))).to.deep.equal(
        new Set([hash]),
      );

      expect(await wordsOf(startSystem())).to.contain(`sent ${hash}`);
      expect((await chain.nonceOf(chain.admin.address)) - nonce).to.equal(1);
    });
  }

  it("signs nothing twice when killed before the journal", async () => {
    const nonce = await chain.nonceOf(chain.admin.address);
    await killAt("eth_call", true);
    expect(await recordedHash()).to.equal("none");
    await wordsOf(startSystem());
    expect((await chain.nonceOf(chain.admin.address)) - nonce).to.equal(1);
  });
});
