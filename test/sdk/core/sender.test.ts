import { createMemoryJournal, createSqliteJournal, type SendJournal } from "@careledger/sdk";
import { expect } from "chai";
import { Transaction } from "ethers";
import { join } from "node:path";

import { failsWith } from "../expect.ts";
import { type TestChain, emptyFolder, spyJournal, startChain } from "./chain.ts";

/** A call that succeeds again and again: label role `role`. */
const label = (role: number): [string, unknown[]] => ["labelRole", [role, `role ${role}`]];

describe("sdk sender", () => {
  let chain: TestChain;
  let nonce: number;

  beforeEach(async () => {
    chain = await startChain();
    nonce = await chain.nonceOf(chain.admin.address);
  });
  afterEach(() => chain.close());

  const mined = async (): Promise<number> => (await chain.nonceOf(chain.admin.address)) - nonce;
  const sent = (): Transaction[] =>
    chain.node.asked
      .filter(({ method }) => method === "eth_sendRawTransaction")
      .map(({ params }) => Transaction.from(String(params[0])));

  it("pays nothing and asks for gas within the cap", async () => {
    const receipt = await chain.client().send("accessManager", ...label(1));
    expect(BigInt(receipt.status)).to.equal(1n);
    const [transaction] = sent();
    expect(transaction).to.deep.include({ type: 2, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, value: 0n });
    expect(transaction?.gasLimit)
      .to.be.greaterThan(BigInt(receipt.gasUsed))
      .and.at.most(1n << 24n);
  });

  it("rehearses an act by one call, and estimates only what needs more gas than usual", async () => {
    const client = chain.client();
    for (const role of [1, 2, 3]) await client.send("accessManager", ...label(role));
    expect(chain.node.count("eth_call")).to.equal(3);
    expect(chain.node.count("eth_estimateGas")).to.equal(0);
    await client.send("accessManager", "labelRole", [4, "long ".repeat(5_000)]);
    expect(chain.node.count("eth_estimateGas")).to.equal(1);
    expect(sent().at(-1)?.gasLimit)
      .to.be.greaterThan(400_000n)
      .and.at.most(1n << 24n);
    await failsWith(
      client.send("accessManager", "labelRole", [4, "long ".repeat(100_000)]),
      "GasLimitExceeded",
    );
    expect(sent().length).to.equal(4);
  });

  it("records the bytes before it sends them", async () => {
    const journal = spyJournal();
    chain.node.fault = ({ method, params }) => {
      if (method === "eth_sendRawTransaction") {
        expect(journal.recorded).to.include(Transaction.from(String(params[0])).hash);
      }
      return "pass";
    };
    await chain.client({ journal }).send("accessManager", ...label(1));
    expect(journal.recorded.length).to.equal(1);
  });

  it("sends 150 calls at once, each under a nonce of its own, few in flight", async () => {
    const client = chain.client({ window: 16 });
    let most = 0;
    chain.node.fault = () => {
      most = Math.max(most, client.load().inFlight);
      return "pass";
    };
    const receipts = await Promise.all(
      Array.from({ length: 150 }, (_, index) => client.send("accessManager", ...label(index + 1))),
    );
    expect(new Set(receipts.map(({ transactionHash }) => transactionHash)).size).to.equal(150);
    expect(await mined()).to.equal(150);
    expect(most).to.be.within(2, 16);
    expect(client.load()).to.deep.equal({ inFlight: 0, waiting: 0 });
  });

  it("refuses more than may wait", async () => {
    const client = chain.client({ window: 1, maxWaiting: 2 });
    const calls = [1, 2, 3, 4].map((role) => client.send("accessManager", ...label(role)));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      "fulfilled",
      "fulfilled",
      "fulfilled",
      "rejected",
    ]);
    await failsWith(calls[3] as Promise<unknown>, "SendQueueFull", { waiting: 2 });
  });

  it("acts once for calls with one key, at once or later", async () => {
    const client = chain.client();
    const [first, second] = await Promise.all([
      client.send("accessManager", ...label(1), { key: "order-1" }),
      client.send("accessManager", ...label(1), { key: "order-1" }),
    ]);
    const third = await client.send("accessManager", ...label(1), { key: "order-1" });
    expect(second).to.deep.equal(first);
    expect(third).to.deep.equal(first);
    expect(await mined()).to.equal(1);
  });

  it("refuses a key that stands for another act", async () => {
    const client = chain.client();
    await client.send("accessManager", ...label(1), { key: "order-1" });
    await failsWith(client.send("accessManager", ...label(2), { key: "order-1" }), "SendKeyReused", {
      key: "order-1",
    });
    const both = [label(3), label(4)].map((call) =>
      client.send("accessManager", ...call, { key: "order-2" }),
    );
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(["fulfilled", "rejected"]);
    expect(await mined()).to.equal(2);
  });

  it("lets a key of an act whose bytes differ each time stand for it by its intent", async () => {
    const client = chain.client();
    const options = { key: "order-1", intent: "label role 1" };
    const first = await client.send("accessManager", "labelRole", [1, "a"], options);
    const second = await client.send("accessManager", "labelRole", [1, "b"], options);
    expect(second).to.deep.equal(first);
  });

  it("refuses before sending what the contract would refuse", async () => {
    const journal = spyJournal();
    const client = chain.client({ signer: chain.stranger, journal });
    const send = client.send("accessManager", ...label(1), { key: "order-1" });
    const { address } = chain.stranger;
    await failsWith(send, "AccessManagerUnauthorizedAccount", { msgsender: address, roleId: 0n });
    expect(journal.recorded).to.deep.equal([]);
    expect(sent()).to.deep.equal([]);
    const toAdmin = await chain.client().send("accessManager", "grantRole", [0, address, 0]);
    expect(BigInt(toAdmin.status)).to.equal(1n);
    await client.send("accessManager", ...label(1), { key: "order-1" });
  });

  it("gives the reason of a transaction that reverted in its block, and frees its key", async () => {
    await chain.ask("evm_setAutomine", false);
    const client = chain.client();
    const revoke = client.send("accessManager", "revokeRole", [0, chain.admin.address]);
    const late = client.send("accessManager", ...label(1), { key: "order-1" });
    while (chain.node.count("eth_sendRawTransaction") < 2) await new Promise((wait) => setTimeout(wait, 10));
    await chain.ask("hardhat_mine", "0x1");
    await revoke;
    await failsWith(late, "AccessManagerUnauthorizedAccount", { msgsender: chain.admin.address });
    expect(await mined()).to.equal(2);
    await failsWith(
      client.send("accessManager", ...label(1), { key: "order-1" }),
      "AccessManagerUnauthorizedAccount",
    );
    expect(await mined()).to.equal(2);
  });

  it("sends once when the answer to a sent transaction is lost", async () => {
    let cuts = 0;
    chain.node.fault = ({ method }) =>
      method === "eth_sendRawTransaction" && cuts++ < 2 ? "cutAfter" : "pass";
    const receipt = await chain.client().send("accessManager", ...label(1));
    expect(BigInt(receipt.status)).to.equal(1n);
    expect(await mined()).to.equal(1);
    expect(new Set(sent().map(({ hash }) => hash)).size).to.equal(1);
    expect(cuts).to.be.greaterThan(1);
  });

  it("sends the same bytes again when a node forgot them", async () => {
    let forgotten = 0;
    chain.node.fault = ({ method, params }) => {
      if (method !== "eth_sendRawTransaction" || forgotten++ > 0) return "pass";
      return { result: Transaction.from(String(params[0])).hash };
    };
    await chain.client({ resendMs: 50 }).send("accessManager", ...label(1));
    expect(new Set(sent().map(({ hash }) => hash)).size).to.equal(1);
    expect(sent().length).to.equal(2);
  });

  it("signs anew under another nonce, once it is proven that the first one was used elsewhere", async () => {
    const journal = createMemoryJournal();
    const client = chain.client({ journal });
    let stolen = false;
    chain.node.fault = ({ method }) => {
      if (method !== "eth_sendRawTransaction" || stolen) return "pass";
      stolen = true;
      return { error: { code: -32_000, message: "Nonce too low" } };
    };
    const thief = await chain.admin.signTransaction({
      type: 2,
      chainId: 20_261,
      nonce,
      to: chain.stranger.address,
      gasLimit: 21_000,
      maxFeePerGas: 0,
      maxPriorityFeePerGas: 0,
    });
    const before = chain.node.fault;
    chain.node.fault = (ask) => {
      if (ask.method === "eth_sendRawTransaction" && !stolen) void chain.ask("eth_sendRawTransaction", thief);
      return before(ask);
    };
    const receipt = await client.send("accessManager", ...label(1), { key: "order-1" });
    expect(BigInt(receipt.status)).to.equal(1n);
    expect(sent().map((transaction) => transaction.nonce)).to.include.members([nonce, nonce + 1]);
    expect(await mined()).to.equal(2);
    const [first] = sent();
    expect((await journal.findByHash(String(first?.hash)))?.state).to.equal("dead");
  });

  it("does not sign anew on a node's word alone", async () => {
    chain.node.fault = ({ method }) =>
      method === "eth_sendRawTransaction" ? { error: { code: -32_000, message: "nonce too low" } } : "pass";
    const client = chain.client({ timeoutMs: 500 });
    await failsWith(client.send("accessManager", ...label(1), { key: "order-1" }), "SendUncertain");
    expect(new Set(sent().map(({ hash }) => hash)).size).to.equal(1);
    chain.node.fault = () => "pass";
    await client.send("accessManager", ...label(1), { key: "order-1" });
    expect(new Set(sent().map(({ hash }) => hash)).size).to.equal(1);
    expect(await mined()).to.equal(1);
  });

  it("waits when a pool is full", async () => {
    let full = 2;
    chain.node.fault = ({ method }) =>
      method === "eth_sendRawTransaction" && full-- > 0
        ? { error: { code: -32_000, message: "Transaction pool is full" } }
        : "pass";
    await chain.client().send("accessManager", ...label(1));
    expect(sent().length).to.equal(3);
  });

  it("fills the nonce of a transaction that no node takes, so that later ones are not held up", async () => {
    const journal = createMemoryJournal();
    const client = chain.client({ journal });
    const isRefused = (raw: unknown): boolean =>
      Transaction.from(String(raw)).data.endsWith("72656675736564".padEnd(64, "0"));
    chain.node.fault = ({ method, params }) =>
      method === "eth_sendRawTransaction" && isRefused(params[0])
        ? { error: { code: -32_000, message: "Sender account not authorized" } }
        : "pass";
    const refused = client.send("accessManager", "labelRole", [9, "refused"], { key: "order-9" });
    const later = client.send("accessManager", ...label(1));
    await failsWith(refused, "SendRefused", { problem: "Sender account not authorized" });
    expect(BigInt((await later).status)).to.equal(1n);
    expect(await mined()).to.equal(2);
    const states = await Promise.all(sent().map(({ hash }) => journal.findByHash(String(hash))));
    expect(states.find((each) => each?.key === "order-9")?.state).to.equal("dead");
    chain.node.fault = () => "pass";
    await client.send("accessManager", "labelRole", [9, "refused"], { key: "order-9" });
    expect(await mined()).to.equal(3);
  });

  it("is uncertain when no block comes, and sure when asked again with the key", async () => {
    await chain.ask("evm_setAutomine", false);
    const client = chain.client({ timeoutMs: 300, resendMs: 100 });
    const error = await failsWith(
      client.send("accessManager", ...label(1), { key: "order-1" }),
      "SendUncertain",
    );
    await chain.ask("hardhat_mine", "0x1");
    const receipt = await client.send("accessManager", ...label(1), { key: "order-1" });
    expect(receipt.transactionHash).to.equal(error.values["transactionHash"]);
    expect(await mined()).to.equal(1);
  });

  it("is uncertain when all nodes die in the middle, and goes on when they are back", async () => {
    chain.node.fault = ({ method }) => (method === "eth_sendRawTransaction" ? "cut" : "pass");
    const client = chain.client();
    await failsWith(client.send("accessManager", ...label(1), { key: "order-1" }), "SendUncertain");
    chain.node.fault = () => "pass";
    const later = await client.send("accessManager", ...label(2));
    expect(BigInt(later.status)).to.equal(1n);
    await client.send("accessManager", ...label(1), { key: "order-1" });
    expect(await mined()).to.equal(2);
  });

  it("leaves no gap when a signature fails", async () => {
    let broken = true;
    const signer = {
      getAddress: () => chain.admin.getAddress(),
      signTypedData: chain.admin.signTypedData.bind(chain.admin),
      signTransaction: async (transaction: Parameters<typeof chain.admin.signTransaction>[0]) => {
        if (broken) throw Object.assign(new Error("card removed"), { code: "CARD_REMOVED" });
        return chain.admin.signTransaction(transaction);
      },
    };
    const client = chain.client({ signer });
    await failsWith(client.send("accessManager", ...label(1)), "SignerRefused", { problem: "CARD_REMOVED" });
    broken = false;
    await client.send("accessManager", ...label(1));
    expect(sent()[0]?.nonce).to.equal(nonce);
  });

  it("needs a signer to send, none to read", async () => {
    const reader = chain.client({ signer: undefined as never });
    await failsWith(reader.send("accessManager", ...label(1)), "SignerMissing");
    await failsWith(reader.account(), "SignerMissing");
    expect(await reader.read("accessManager", "ADMIN_ROLE", [])).to.deep.equal({ 0: 0n });
  });

  it("lets two processes send from one account through one journal", async () => {
    const path = join(emptyFolder(), "sends.db");
    const journals = [createSqliteJournal(path), createSqliteJournal(path)];
    const clients = journals.map((journal) => chain.client({ journal }));
    await Promise.all(
      clients.flatMap((client, which) =>
        Array.from({ length: 20 }, (_, index) =>
          client.send("accessManager", ...label(100 * which + index + 1)),
        ),
      ),
    );
    expect(await mined()).to.equal(40);
    for (const journal of journals) journal.close();
  });

  for (const [name, create] of [
    ["memory", () => createMemoryJournal()],
    ["SQLite", () => createSqliteJournal(join(emptyFolder(), "sends.db"))],
  ] as const satisfies (readonly [string, () => SendJournal])[]) {
    it(`keeps in the ${name} journal one live record a key and a nonce`, async () => {
      const journal = create();
      const record = (key: string, nonce: number, hash: string) =>
        ({
          chain: "c",
          account: "a",
          key,
          intent: "i",
          nonce,
          hash,
          raw: "0x",
          freeAtBlock: 1,
          state: "signed",
        }) as const;
      await journal.record(record("k1", 0, "h1"));
      await failsWith(journal.record(record("k1", 1, "h2")), "StoreConflict");
      await failsWith(journal.record(record("k2", 0, "h2")), "StoreConflict");
      await journal.record({ ...record("k1", 0, "other"), account: "b" });
      await journal.record(record("k2", 1, "h2"));
      expect((await journal.listOpen("c", "a")).map(({ hash }) => hash)).to.deep.equal(["h1", "h2"]);
      await journal.record(record("filler", 1, "h3"), "h2");
      expect(await journal.find("c", "a", "k2")).to.equal(undefined);
      expect((await journal.findByHash("h2"))?.state).to.equal("dead");
      await journal.settle("h1", "reverted");
      await failsWith(journal.record(record("k1", 0, "h4")), "StoreConflict");
      await journal.record(record("k1", 2, "h4"));
      await journal.settle("h4", "mined");
      await failsWith(journal.record(record("k1", 3, "h5")), "StoreConflict");
      expect((await journal.find("c", "a", "k1"))?.hash).to.equal("h4");
      expect((await journal.listOpen("c", "a")).map(({ hash }) => hash)).to.deep.equal(["h3"]);
      journal.close();
    });
  }
});
