import type { ReferralStatus } from "../abi/index.ts";
import { REFERRAL_STATUS_NAMES } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkNumber, checkObject, inputError } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { referralView } from "./getReferral.ts";
import type { ReferralView } from "./types.ts";

/** Which referrals: from a member, to a member, or between two. */
export interface ListReferralsParams {
  /** Member that refers. */
  readonly from?: number | undefined;
  /** Member that is asked. */
  readonly to?: number | undefined;
  /** Only those that stand so. */
  readonly status?: Exclude<ReferralStatus, "Unknown"> | undefined;
  /** First block to search; the deployment's when absent. */
  readonly fromBlock?: number | undefined;
}

/**
 * Referrals as they stand now, in the order of their proposal; found through their events.
 *
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const waiting = await listReferrals(client, { to: 3, status: "Proposed" });
 */
export async function listReferrals(client: Client, params: ListReferralsParams): Promise<ReferralView[]> {
  checkObject("params", params);
  const { from, to, status, fromBlock } = params;
  if (from === undefined && to === undefined) {
    throw inputError("params", "it names no member", "a member that refers, or one that is asked");
  }
  if (status !== undefined) checkName("status", status, REFERRAL_STATUS_NAMES, true);
  if (fromBlock !== undefined) checkNumber("fromBlock", fromBlock, 32);
  const events = await getEvents(client, {
    contract: "recordRegistry",
    events: ["ReferralProposed"],
    indexed: [
      undefined,
      from === undefined ? undefined : checkMember("from", from),
      to === undefined ? undefined : checkMember("to", to),
    ],
    ...(fromBlock === undefined ? {} : { fromBlock }),
  });
  const views = await Promise.all(events.map((event) => referralView(client, event)));
  return status === undefined ? views : views.filter((view) => view.status === status);
}
