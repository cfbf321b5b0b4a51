import { blockTime, findBlockAt } from "../core/blocks.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";
import { getEvents, headOf } from "../core/logs.ts";
import { getPrescription } from "./getPrescription.ts";
import type { PrescriptionView } from "./types.ts";

/** Longest lock, seconds: 10 days. */
const LOCK_LONGEST = 864_000;

/**
 * The prescriptions that a pharmacy, or one site of it, holds locked now: its open work, also after a crash.
 *
 * @param params.site Number of the site; all of the member's when absent.
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * for (const { prescription, lockedUntil } of await listLocks(client, { member: 9, site: 1 })) remind(prescription);
 */
export async function listLocks(
  client: Client,
  params: { readonly member: number; readonly site?: number },
): Promise<PrescriptionView[]> {
  const { member, site } = checkObject("params", params);
  checkMember("member", member);
  if (site !== undefined) checkNumber("site", site, 16, 1);
  const head = await blockTime(client, await headOf(client));
  const { number: fromBlock } = await findBlockAt(client, Math.max(0, head.timestamp - LOCK_LONGEST));
  const accepted = await getEvents(client, {
    contract: "prescriptionRegistry",
    events: ["PrescriptionAccepted"],
    indexed: [undefined, member, site],
    fromBlock,
    toBlock: head.number,
  });
  const running = accepted.filter(({ values }) => (values["lockedUntil"] as number) > head.timestamp);
  const ids = [...new Set(running.map(({ values }) => String(values["prescription"])))];
  const views = await Promise.all(ids.map((id) => getPrescription(client, id)));
  return views.filter(
    ({ lockLive, lockMember, lockSite }) =>
      lockLive && lockMember === member && (site === undefined || lockSite === site),
  );
}
