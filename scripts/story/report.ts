/** What a run found, for tests and other programs. */
import type { Network } from "@careledger/sdk";

import type { Processes } from "./cast.ts";
import type { ConsentOutcome } from "./consents.ts";
import type { OriginRefusal, RefusedAct, Row } from "./record.ts";
import type { Story } from "./story.ts";
import { sortedRefusals } from "./tell.ts";
import type { Final } from "./verify.ts";

/** Written by `npm start -- --once --report <file>`. */
export interface StoryReport {
  readonly chainId: number;
  readonly rpc: string;
  readonly addresses: Network["addresses"];
  /** From the start of the chain to the last check, build not counted. */
  readonly seconds: number;
  /** Ids of the processes that took part. */
  readonly processes: Readonly<Record<string, number>>;
  readonly acts: readonly (Omit<Row, "gas"> & { readonly gas: number })[];
  readonly finals: readonly Final[];
  /** Who saw which record, and how consents, break-glass, referral and records stand. */
  readonly consents: ConsentOutcome;
  readonly refusals: readonly OriginRefusal[];
  readonly refusedActs: readonly RefusedAct[];
  /** What is not as it must be; empty when all is well. */
  readonly differences: readonly string[];
}

/** The report of a story. */
export const reportOf = (
  network: Network,
  processes: Processes,
  { chronicle, finals, consents, differences }: Story,
  seconds: number,
): StoryReport => ({
  chainId: network.chainId,
  rpc: network.rpcUrls[0] ?? "",
  addresses: network.addresses,
  seconds,
  processes: {
    orchestrator: process.pid,
    ...Object.fromEntries(
      Object.entries(processes).map(([name, each]: [string, { pid: number }]) => [name, each.pid]),
    ),
  },
  acts: chronicle.rows.map((row) => ({ ...row, gas: Number(row.gas) })),
  finals,
  consents,
  refusals: sortedRefusals(chronicle.refusals),
  refusedActs: chronicle.refusedActs,
  differences,
});
