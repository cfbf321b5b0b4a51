import { expect } from "chai";

import { failsWith } from "../expect.ts";
import { type TestNode, startNode } from "../node.ts";
import { type TestChain, startChain } from "./chain.ts";

describe("sdk endpoints", () => {
  let chain: TestChain;
  let second: TestNode;

  beforeEach(async () => {
    chain = await startChain();
    second = await startNode(chain.backend);
  });
  const { now } = Date;
  afterEach(async () => {
    Date.now = now;
    await second.stop();
    await chain.close();
  });

  const both = () => chain.client({ network: { ...chain.network, rpcUrls: [chain.node.url, second.url] } });

  it("sends what is asked at the same moment in one request", async () => {
    const client = chain.client();
    await client.rpc.request("eth_chainId", []);
    const ids = await Promise.all(Array.from({ length: 20 }, () => client.rpc.request("eth_chainId", [])));
    expect(new Set(ids)).to.deep.equal(new Set(["0x4f25"]));
    expect(chain.node.requests).to.equal(3);
    expect(chain.node.asked.length).to.equal(22);
  });

  for (const [what, fault] of [
    ["cuts the connection", "cut"],
    ["never answers", "hang"],
    ["answers 503", { status: 503, text: "busy" }],
    ["answers a page", { status: 200, text: "<html>" }],
    ["answers 429 as JSON", { status: 429, text: "{}" }],
  ] as const) {
    it(`asks the next endpoint when one ${what}`, async () => {
      chain.node.fault = () => fault;
      const client = both();
      // The clock stands still: how long a loaded machine takes must not end the rest.
      const moment = now();
      Date.now = () => moment;
      expect(await client.rpc.request("eth_blockNumber", [])).to.match(/^0x/);
      expect(second.count("eth_blockNumber")).to.equal(1);
      const asked = chain.node.asked.length;
      await client.rpc.request("eth_blockNumber", []);
      expect(chain.node.asked.length, "a sick endpoint rests").to.equal(asked);
      expect(client.rpc.health()[0]?.failures).to.be.greaterThan(0);
      expect(client.rpc.health()[1]).to.deep.include({ failures: 0, checked: true, problem: undefined });
    });
  }

  it("comes back to an endpoint that is well again", async () => {
    const client = chain.client();
    await client.rpc.request("eth_blockNumber", []);
    await chain.node.stop();
    setTimeout(() => void chain.node.start(), 150);
    expect(await client.rpc.request("eth_blockNumber", [])).to.match(/^0x/);
  });

  it("fails with RpcUnavailable when none answers, within bounds", async () => {
    chain.node.fault = () => "cut";
    const error = await failsWith(chain.client().rpc.request("eth_blockNumber", []), "RpcUnavailable", {
      endpoints: 1,
      method: "eth_blockNumber",
      attempts: 4,
    });
    expect(chain.node.asked.length).to.equal(4);
    expect(JSON.stringify(error)).not.to.contain("127.0.0.1");
  });

  it("refuses an endpoint of another chain, and sends nothing to it", async () => {
    chain.node.fault = ({ method }) => (method === "eth_chainId" ? { result: "0x1" } : "pass");
    await failsWith(chain.client().rpc.request("eth_blockNumber", []), "NetworkMismatch", {
      actual: "1",
      expected: 20_261,
    });
    expect(chain.node.count("eth_blockNumber")).to.equal(0);
    expect(await both().rpc.request("eth_blockNumber", [])).to.match(/^0x/);
    expect(chain.node.count("eth_blockNumber")).to.equal(0);
  });

  it("hands an error of the node on instead of asking another", async () => {
    const refused = both().rpc.request("eth_noSuchMethod", []);
    const error = await failsWith(refused, "RpcRefused", { method: "eth_noSuchMethod" });
    expect(error.cause).to.have.property("message");
    expect(second.asked.length).to.equal(0);
  });

  it("retries a batch of which one answer is missing", async () => {
    let first = true;
    chain.node.fault = ({ method }) => {
      if (method !== "net_version" || !first) return "pass";
      first = false;
      return { status: 200, text: "[]" };
    };
    const client = chain.client();
    await client.rpc.request("eth_chainId", []);
    const [block, version] = await Promise.all([
      client.rpc.request("eth_blockNumber", []),
      client.rpc.request("net_version", []),
    ]);
    expect([block, version]).to.deep.equal(["0x1", "20261"]);
  });

  it("ends what waits when the client is closed", async () => {
    chain.node.fault = () => "hang";
    const client = chain.client();
    const waiting = client.rpc.request("eth_blockNumber", []);
    setTimeout(() => client.close(), 50);
    await failsWith(waiting, "ClientClosed");
    await failsWith(client.rpc.request("eth_blockNumber", []), "ClientClosed");
  });

  it("names the setting of a malformed network", async () => {
    const cases: [object, string][] = [
      [{ rpcUrls: [] }, "rpcUrls"],
      [{ rpcUrls: ["ftp://node"] }, "rpcUrls[0]"],
      [{ chainId: 0 }, "chainId"],
      [{ chainId: "20261" }, "chainId"],
      [{ name: "" }, "name"],
      [{ deployedInBlock: -1 }, "deployedInBlock"],
      [{ addresses: { ...chain.network.addresses, memberRegistry: "0x12" } }, "addresses.memberRegistry"],
      [{ verifiers: undefined }, "verifiers"],
      [{ verifiers: { ...chain.network.verifiers, webAuthn: "0x12" } }, "verifiers.webAuthn"],
    ];
    for (const [change, setting] of cases) {
      await failsWith(
        () => chain.client({ network: { ...chain.network, ...change } }),
        "NetworkConfigInvalid",
        {
          setting,
        },
      );
    }
  });

  it("says when no contract stands at an address", async () => {
    const addresses = { ...chain.network.addresses, accessManager: chain.stranger.address };
    const client = chain.client({ network: { ...chain.network, addresses } });
    await failsWith(client.read("accessManager", "ADMIN_ROLE", []), "ContractMissing", {
      contract: "accessManager",
    });
    await failsWith(client.send("accessManager", "labelRole", [1, "x"]), "ContractMissing");
  });
});
