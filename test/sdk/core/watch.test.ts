import {
  type Client,
  type CursorStore,
  createMemoryCursors,
  createSqliteCursors,
  watch,
} from "@careledger/sdk";
import { expect } from "chai";
import { join } from "node:path";

import { failsWith } from "../expect.ts";
import { type TestChain, emptyFolder, startChain } from "./chain.ts";

describe("sdk watch", () => {
  let chain: TestChain;
  let client: Client;

  beforeEach(async () => {
    chain = await startChain();
    client = chain.client();
  });
  afterEach(() => chain.close());

  const label = (role: number) => client.send("accessManager", "labelRole", [role, `role ${role}`]);
  const events = { accessManager: ["RoleLabel"] } as const;

  for (const [name, create] of [
    ["memory", () => createMemoryCursors()],
    ["SQLite", () => createSqliteCursors(join(emptyFolder(), "cursors.db"))],
  ] as const satisfies (readonly [string, () => CursorStore])[]) {
    it(`goes on where its ${name} cursor stands`, async () => {
      const store = create();
      const seen: unknown[] = [];
      const once = () =>
        watch(client, {
          cursor: "c",
          store,
          events,
          once: true,
          onEvent: ({ values }) => void seen.push(values["roleId"]),
        });
      await label(1);
      await once();
      await label(2);
      await label(3);
      await once();
      await once();
      expect(seen).to.deep.equal([1n, 2n, 3n]);
      store.close();
    });
  }

  it("moves the cursor only when the handler is done, within a block too", async () => {
    const path = join(emptyFolder(), "cursors.db");
    await chain.ask("evm_setAutomine", false);
    const sends = Promise.all([1, 2, 3].map(label));
    while (chain.node.count("eth_sendRawTransaction") < 3) await new Promise((wait) => setTimeout(wait, 10));
    await chain.ask("hardhat_mine", "0x1");
    await sends;
    const seen: unknown[] = [];
    let fail = true;
    const once = async () => {
      const store = createSqliteCursors(path);
      const onEvent = ({ values }: { values: Readonly<Record<string, unknown>> }) => {
        seen.push(values["roleId"]);
        if (values["roleId"] === 2n && fail) throw new Error("disk full");
      };
      await watch(client, { cursor: "c", store, events, once: true, onEvent }).finally(() => store.close());
    };
    const error = await failsWith(once(), "WatchFailed", { cursor: "c" });
    expect((error.cause as Error).message).to.equal("disk full");
    fail = false;
    await once();
    expect(seen).to.have.members([1n, 2n, 2n, 3n]);
    expect(seen.indexOf(1n)).to.equal(seen.lastIndexOf(1n));
  });

  it("follows the head over a dead node until it is stopped", async () => {
    const stop = new AbortController();
    const seen: unknown[] = [];
    const following = watch(client, {
      cursor: "c",
      store: createMemoryCursors(),
      events,
      signal: stop.signal,
      onEvent: ({ values }) => {
        seen.push(values["roleId"]);
        if (seen.length === 2) stop.abort();
      },
    });
    await label(1);
    await chain.node.stop();
    await new Promise((wait) => setTimeout(wait, 100));
    await chain.node.start();
    await label(2);
    await following;
    expect(seen).to.deep.equal([1n, 2n]);
  });

  it("refuses a cursor of other events or of another chain", async () => {
    const store = createMemoryCursors();
    const options = { cursor: "c", store, once: true, onEvent: () => undefined };
    await watch(client, { ...options, events });
    await failsWith(
      watch(client, { ...options, events: { accessManager: ["RoleGranted"] } }),
      "CursorForeign",
    );
    const other = await startChain();
    await other.ask("hardhat_mine", "0x5");
    const genesis = (await other.ask("eth_getBlockByNumber", "0x0", false)) as { hash: string };
    const here = (await chain.ask("eth_getBlockByNumber", "0x0", false)) as { hash: string };
    if (genesis.hash !== here.hash)
      await failsWith(watch(other.client(), { ...options, events }), "CursorForeign");
    else await failsWith(watch(other.client(), { ...options, events: {} }), "CursorForeign");
    await other.close();
  });
});
