import type { Client } from "../core/client.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { checkBytes32 } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { recordError } from "./errors.ts";
import { referralIdOf } from "./typedData.ts";
import type { ReferralTerms, ReferralView } from "./types.ts";

/**
 * A referral by its id: terms and how it stands now. The terms come from the event that proposed it and are proven by the id,
 * which is their hash.
 *
 * @throws `InputInvalid`, `ReferralNotFound`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const { status, expired } = await getReferral(client, id);
 */
export async function getReferral(client: Client, referral: string): Promise<ReferralView> {
  const id = checkBytes32("referral", referral, false);
  const [event] = await getEvents(client, {
    contract: "recordRegistry",
    events: ["ReferralProposed"],
    indexed: [id],
  });
  if (event === undefined) throw recordError("ReferralNotFound", { referral: id });
  return referralView(client, event);
}

/** The referral that an event proposed. */
export async function referralView(client: Client, { values }: DecodedEvent): Promise<ReferralView> {
  const { referral, ...rest } = values;
  const { from, to, referrer, commitment, records, validUntil } = rest as unknown as ReferralTerms;
  const terms = { from, to, referrer, commitment, records, validUntil };
  if (referralIdOf(terms) !== referral) throw recordError("ReferralNotFound", { referral });
  const { 0: standing } = await client.read("recordRegistry", "referralOf", [terms]);
  return { referral, ...terms, ...(standing as Omit<ReferralView, keyof ReferralTerms | "referral">) };
}
