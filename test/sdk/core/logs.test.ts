import { type Client, LOG_RANGE, findBlockAt, getEvents } from "@careledger/sdk";
import { expect } from "chai";

import { failsWith } from "../expect.ts";
import { type TestChain, startChain } from "./chain.ts";

describe("sdk logs and blocks", () => {
  let chain: TestChain;
  let client: Client;

  beforeEach(async () => {
    chain = await startChain();
    client = chain.client();
  });
  afterEach(() => chain.close());

  const label = (role: number) => client.send("accessManager", "labelRole", [role, `role ${role}`]);
  const labels = { contract: "accessManager", events: ["RoleLabel"] } as const;
  const ranges = (): [number, number][] =>
    chain.node.asked
      .filter(({ method }) => method === "eth_getLogs")
      .map(({ params }) => params[0] as { fromBlock: string; toBlock: string })
      .map(({ fromBlock, toBlock }) => [Number(fromBlock), Number(toBlock)]);
  const mine = (blocks: number) => chain.ask("hardhat_mine", `0x${blocks.toString(16)}`);

  it("finds every event once, in order, in pieces of at most 5,000 blocks, never beyond the head", async () => {
    await label(1);
    await mine(LOG_RANGE - 1);
    await label(2);
    await mine(LOG_RANGE);
    await label(3);
    const head = Number(await chain.ask("eth_blockNumber"));
    const events = await getEvents(client, { ...labels, toBlock: head + 1_000_000 });
    expect(events.map(({ values }) => values["roleId"])).to.deep.equal([1n, 2n, 3n]);
    expect(events.map(({ values }) => values["label"])).to.deep.equal(["role 1", "role 2", "role 3"]);
    expect(Math.max(...ranges().map(([from, to]) => to - from + 1))).to.equal(LOG_RANGE);
    expect(ranges().at(-1)?.[1]).to.equal(head);
    ranges().forEach(([from], index, all) => expect(from).to.equal((all[index - 1]?.[1] ?? 0) + 1));
  });

  it("halves the range as far as a node asks for, and widens it again", async () => {
    await label(1);
    await mine(3_000);
    await label(2);
    chain.node.fault = ({ method, params }) => {
      const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock: string; toBlock: string };
      const tooLong = method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) >= 300;
      return tooLong
        ? { error: { code: -32_005, message: "Requested range exceeds maximum range limit" } }
        : "pass";
    };
    const events = await getEvents(client, labels);
    expect(events.map(({ values }) => values["roleId"])).to.deep.equal([1n, 2n]);
  });

  it("says so when a node does not even give one block", async () => {
    chain.node.fault = ({ method }) =>
      method === "eth_getLogs"
        ? { error: { code: -32_005, message: "query returned more than 10000 results" } }
        : "pass";
    await failsWith(getEvents(client, labels), "LogRangeUnsearchable", { block: 1 });
  });

  it("does not hammer a dead node with smaller ranges", async () => {
    chain.node.fault = ({ method }) => (method === "eth_getLogs" ? "cut" : "pass");
    await failsWith(getEvents(client, labels), "RpcUnavailable");
    expect(ranges().length).to.equal(4);
  });

  it("filters by indexed values", async () => {
    await label(1);
    await label(2);
    const events = await getEvents(client, { ...labels, indexed: [2] });
    expect(events.map(({ values }) => values["roleId"])).to.deep.equal([2n]);
    const all = await getEvents(client, { contract: "accessManager", indexed: [2] });
    expect(all.map(({ event }) => event)).to.deep.equal(["RoleLabel"]);
    await failsWith(
      getEvents(client, { ...labels, events: ["RoleLabel", "RoleGranted"], indexed: [2] }),
      "InputInvalid",
    );
    await failsWith(getEvents(client, { ...labels, events: ["NoSuchEvent"] }), "InputInvalid", {
      parameter: "events",
    });
  });

  it("refuses logs that are none", async () => {
    chain.node.fault = ({ method }) => (method === "eth_getLogs" ? { result: "0x" } : "pass");
    await failsWith(getEvents(client, labels), "RpcResponseInvalid");
  });

  it("finds the first block at or after a time", async () => {
    const timeOf = async (number: number): Promise<number> => {
      const block = (await chain.ask("eth_getBlockByNumber", `0x${number.toString(16)}`, false)) as {
        timestamp: string;
      };
      return Number(block.timestamp);
    };
    // Blocks come in bursts with long silences, so that no straight line finds them.
    for (const [gap, blocks] of [
      [1, 40],
      [86_400, 3],
      [2, 500],
      [604_800, 1],
      [5, 60],
    ] as const) {
      await chain.ask("evm_increaseTime", gap * 100);
      await chain.ask("hardhat_mine", `0x${blocks.toString(16)}`, `0x${gap.toString(16)}`);
    }
    const head = Number(await chain.ask("eth_blockNumber"));
    for (const wanted of [1, 2, 40, 41, 43, 44, 45, 300, 544, 545, 546, head - 1, head]) {
      const time = await timeOf(wanted);
      expect(await findBlockAt(client, time)).to.deep.equal({ number: wanted, timestamp: time });
      if (wanted > 1) {
        const between = (await timeOf(wanted - 1)) + 1;
        expect((await findBlockAt(client, between)).number, `after ${wanted - 1}`).to.equal(wanted);
      }
    }
    const before = chain.node.count("eth_getBlockByNumber");
    await findBlockAt(client, await timeOf(301));
    expect(chain.node.count("eth_getBlockByNumber") - before).to.be.at.most(22);
    expect((await findBlockAt(client, 1)).number).to.equal(1);
    await failsWith(findBlockAt(client, (await timeOf(head)) + 1), "BlockUnknown");
  });
});
