import { type CareLedgerError, type Client, isCareLedgerError } from "@careledger/sdk";
import { expect } from "chai";

import { failsWith } from "../expect.ts";
import { type ActionCase, type Params, REPEATABLE } from "./actionCase.ts";
import { actions } from "./actions.ts";
import { exportedLike } from "./exported.ts";
import { spoil } from "./garbage.ts";
import { type Stage, type Theatre, openTheatre } from "./stage.ts";

describe("bad input to the SDK's actions", () => {
  let theatre: Theatre;

  before(async () => {
    theatre = await openTheatre();
  });
  after(() => theatre.close());

  it("every exported action is in the table", () => {
    const acting = exportedLike(
      ["consortium", "prescriptions", "supply"],
      /^export async function (\w+)\(\s*client: Client,\s*params: \w+Params,?\s*\)/gm,
    );
    expect(acting).to.have.length.greaterThan(45);
    expect(Object.keys(actions).sort()).to.deep.equal(acting);
  });

  const run = ({ action }: ActionCase, client: Client, params: unknown): Promise<unknown> =>
    action(client, params as never);

  const nonceOf = async (stage: Stage, actor: string): Promise<number> =>
    Number(await stage.world.ask("eth_getTransactionCount", stage.world.wallet(actor).address, "latest"));

  /** Refused with this code, without a transaction. */
  const isRefused = async (
    stage: Stage,
    each: ActionCase,
    actor: string,
    params: Params,
    code: string,
    what: string,
  ): Promise<void> => {
    const sent = stage.world.node.count("eth_sendRawTransaction");
    const nonce = await nonceOf(stage, actor);
    try {
      await failsWith(run(each, stage.as(actor), params), code);
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
    expect(stage.world.node.count("eth_sendRawTransaction"), `${what}: sent`).to.equal(sent);
    expect(await nonceOf(stage, actor), `${what}: nonce`).to.equal(nonce);
  };

  for (const [name, each] of Object.entries(actions)) {
    describe(name, () => {
      it("refuses what has the wrong type, is missing or out of range, and names it", () =>
        theatre.play(async (stage) => {
          const right = await each.given(stage);
          const client = stage.as(each.by);
          const asked = stage.world.node.asked.length;
          for (const { place, what, value } of spoil(right, each)) {
            const error = await errorOf(run(each, client, value));
            const case_ = `${place === "" ? "params" : place} ${what}`;
            expect(isCareLedgerError(error, "InputInvalid"), `${case_}: ${String(error)}`).to.equal(true);
            const { parameter } = (error as CareLedgerError).values;
            expect(isPlace(String(parameter), place), `${case_}: said ${String(parameter)}`).to.equal(true);
            expect((error as CareLedgerError).fix, case_).to.match(/\.$/);
          }
          expect(stage.world.node.asked.length, "asked the node").to.equal(asked);
        }));

      it("refuses the wrong signer and what only the chain can tell, and sends nothing", () =>
        theatre.play(async (stage) => {
          const right = await each.given(stage);
          if (each.wrong !== undefined) {
            const [actor, code] = each.wrong;
            await isRefused(stage, each, actor, right, code, `signed by ${actor}`);
          }
          for (const [what, change, code] of each.refused) {
            const changed = typeof change === "function" ? await change(right, stage) : change;
            await isRefused(stage, each, each.by, { ...right, ...changed }, code, what);
          }
          await failsWith(
            run(each, stage.as("nobody", { signer: undefined as never }), right),
            "SignerMissing",
          );
        }));

      it("acts once, whenever the node dies, and refuses a replay", () =>
        theatre.play(async (stage) => {
          const right: Params = { ...(await each.given(stage)), key: `once-${name}` };
          const client = stage.as(each.by, {
            rpcAttempts: 2,
            rpcTimeoutMs: 300,
            timeoutMs: 400,
            resendMs: 100,
          });
          const { node } = stage.world;
          const nonce = await nonceOf(stage, each.by);

          node.fault = () => "cut";
          await failsWith(run(each, client, right), "RpcUnavailable");
          expect(await nonceOf(stage, each.by), "nonce, dead from the start").to.equal(nonce);

          let dead = false;
          node.fault = ({ method }) => {
            if (dead) return "cut";
            dead = method === "eth_sendRawTransaction";
            return dead ? "cutAfter" : "pass";
          };
          const broken = await errorOf(run(each, client, right));
          expect(isCareLedgerError(broken, "RpcUnavailable", "SendUncertain"), String(broken)).to.equal(true);

          node.fault = () => "pass";
          const acted = (await run(each, client, right)) as { transactionHash: string };
          expect(acted.transactionHash).to.match(/^0x[0-9a-f]{64}$/);
          expect(await nonceOf(stage, each.by), "nonce, after all").to.equal(nonce + 1);

          const { key: _key, ...again } = right;
          if (each.again === REPEATABLE) await run(each, client, again);
          else await isRefused(stage, each, each.by, again, each.again, "again");
        }));
    });
  }
});

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Whether an error's parameter names a place or what it stands in. */
function isPlace(parameter: string, place: string): boolean {
  return (
    place === "" ||
    parameter === place ||
    place.startsWith(`${parameter}.`) ||
    place.startsWith(`${parameter}[`)
  );
}
