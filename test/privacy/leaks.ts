/** What the scan says of some work: for tests that plant a leak. */
import type { World } from "../sdk/world.ts";
import type { Needle } from "./needles.ts";
import { footprintsSince, publicValuesOf } from "./run.ts";
import { scan } from "./scanner.ts";

/** Kinds; sources and forms; places, without the hashes. */
export interface Leaks {
  readonly kinds: readonly string[];
  readonly whats: readonly string[];
  readonly wheres: readonly string[];
}

/** Scan the transactions of some work. */
export async function leaksIn(
  world: World,
  needles: readonly Needle[],
  work: () => Promise<unknown>,
): Promise<Leaks> {
  const from = Number(await world.ask("eth_blockNumber")) + 1;
  await work();
  const found = scan(await footprintsSince(world, from), needles, publicValuesOf(world));
  return {
    kinds: [...new Set(found.map(({ kind }) => kind))],
    whats: found.map(({ what }) => what),
    wheres: [...new Set(found.map(({ where }) => where.replaceAll(/0x[0-9a-f]{64}/g, "0x…")))],
  };
}
