/** What members do among themselves: the acts that test/sdk/badInput prepares, each on the chain as it was founded. */
import { actions } from "../../sdk/badInput/actions.ts";
import { playOn } from "../../sdk/badInput/stage.ts";
import type { World } from "../../sdk/world.ts";
import { actsOf } from "../acts.ts";
import { type RecordedTransaction, recordChain } from "../record.ts";

/** Transactions of every act of the consortium's domain, with what prepares it. The chain is afterwards as it was. */
export async function driveMembers(world: World): Promise<RecordedTransaction[]> {
  const recorded: RecordedTransaction[] = [];
  const play = await playOn(world);
  for (const { action } of actsOf("consortium")) {
    const case_ = actions[action];
    if (case_ === undefined) throw new RangeError(`test/sdk/badInput has no case of ${action}`);
    await play(async (stage) => {
      const from = Number(await world.ask("eth_blockNumber")) + 1;
      await case_.action(stage.as(case_.by), (await case_.given(stage)) as never);
      const head = Number(await world.ask("eth_blockNumber"));
      recorded.push(...(await recordChain(world.ask, from, head)));
    });
  }
  await play(async () => {});
  return recorded;
}
