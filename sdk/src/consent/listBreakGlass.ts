import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { readBreakGlass, viewOfBreakGlass } from "./getBreakGlass.ts";
import { checkBoolean } from "./input.ts";
import { chainTime } from "./read.ts";
import type { BreakGlassView } from "./types.ts";

/** Which uses; all of the network's when nothing is named. */
export interface ListBreakGlassParams {
  /** Member that opened them. */
  readonly member?: number | undefined;
  /** Member that is asked. */
  readonly custodian?: number | undefined;
  /** Only those that gave access and wait for a review. */
  readonly unreviewed?: boolean | undefined;
  /** Only those whose review is overdue: the operator's duty is suspended. */
  readonly overdue?: boolean | undefined;
  /** Only those that anybody may escalate now. */
  readonly escalatable?: boolean | undefined;
  /** First block to search; the deployment's when absent. */
  readonly fromBlock?: number | undefined;
}

/**
 * Uses of break-glass as they stand now, in the order of their opening: what a custodian has to review and a regulator to
 * watch. Found through their events.
 *
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const waiting = await listBreakGlass(client, { custodian: 2, unreviewed: true });
 */
export async function listBreakGlass(
  client: Client,
  params: ListBreakGlassParams,
): Promise<BreakGlassView[]> {
  checkObject("params", params);
  const { member, custodian, fromBlock } = params;
  const [unreviewed, overdue, escalatable] = (["unreviewed", "overdue", "escalatable"] as const).map(
    (name) => params[name] !== undefined && checkBoolean(name, params[name]),
  );
  if (fromBlock !== undefined) checkNumber("fromBlock", fromBlock, 32);
  const events = await getEvents(client, {
    contract: "consentRegistry",
    events: ["GlassBroken"],
    indexed: [
      undefined,
      member === undefined ? undefined : checkMember("member", member),
      custodian === undefined ? undefined : checkMember("custodian", custodian),
    ],
    ...(fromBlock === undefined ? {} : { fromBlock }),
  });
  const now = await chainTime(client);
  const uses = await Promise.all(
    events.map(async ({ values }) => {
      const id = values["id"] as string;
      return viewOfBreakGlass(id, await readBreakGlass(client, id), now);
    }),
  );
  const waits = ({ subject, status }: BreakGlassView): boolean =>
    subject !== undefined && (status === "Open" || status === "Escalated");
  return uses.filter(
    (use) =>
      (unreviewed !== true || waits(use)) &&
      (overdue !== true || use.overdue) &&
      (escalatable !== true || (waits(use) && use.status === "Open" && now >= use.escalatesAt)),
  );
}
