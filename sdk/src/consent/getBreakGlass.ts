import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject, checkOperator } from "../core/input.ts";
import { consentError } from "./errors.ts";
import { chainTime } from "./read.ts";
import type { BreakGlassView } from "./types.ts";

/** How long a use allows disclosures, seconds. */
export const BREAK_GLASS_LIFE = 86_400;
/** After so many seconds without a review it may be escalated. */
export const ESCALATION_DELAY = 3 * 86_400;
/** A review is due at the end of the seventh day (UTC) after the day of opening. */
const REVIEW_DAYS = 8;
const DAY = 86_400;
const ZERO_WORD = `0x${"00".repeat(32)}`;

type Words = Pick<
  BreakGlassView,
  "status" | "reason" | "member" | "custodian" | "openedAt" | "overruled" | "operator"
> & { readonly subject: string };

/**
 * A use of break-glass as it stands.
 *
 * @throws `InputInvalid`, `BreakGlassNotFound`, `RpcUnavailable`
 * @example
 * const { status, subject, overdue } = await getBreakGlass(client, breakGlass);
 */
export async function getBreakGlass(client: Client, breakGlass: string): Promise<BreakGlassView> {
  const id = checkBytes32("breakGlass", breakGlass, false);
  const [view, now] = await Promise.all([readBreakGlass(client, id), chainTime(client)]);
  return viewOfBreakGlass(id, view, now);
}

/** A use as the chain gives it. Throws `BreakGlassNotFound`. */
export async function readBreakGlass(client: Client, id: string): Promise<Words> {
  const { 0: found } = await client.read("consentRegistry", "breakGlassOf", [id]);
  const words = found as Words;
  if (words.status === "Unknown") throw consentError("BreakGlassNotFound", { breakGlass: id });
  return words;
}

/** A use with what follows from it at a time. */
export function viewOfBreakGlass(breakGlass: string, words: Words, now: number): BreakGlassView {
  const { openedAt, status } = words;
  const subject = words.subject === ZERO_WORD ? undefined : words.subject;
  const reviewDueAt = (Math.floor(openedAt / DAY) + REVIEW_DAYS) * DAY;
  const waits = subject !== undefined && (status === "Open" || status === "Escalated");
  return {
    breakGlass,
    ...words,
    subject,
    endsAt: openedAt + BREAK_GLASS_LIFE,
    escalatesAt: openedAt + ESCALATION_DELAY,
    reviewDueAt,
    overdue: waits && now >= reviewDueAt,
  };
}

/** Where an operator stands with its reviews. */
export interface BreakGlassStanding {
  /** The duty BREAK_GLASS is suspended by an overdue review. */
  readonly suspended: boolean;
  /** When the oldest unreviewed use is or was due, unix seconds; 0 when none waits. */
  readonly dueAt: number;
  /** Uses that gave access and wait for a review. */
  readonly unreviewed: number;
}

/**
 * Where a professional stands with the reviews of its uses of break-glass, under whichever key they were.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { suspended, dueAt } = await getBreakGlassStanding(client, { member: 3, operator: drOkoye });
 */
export async function getBreakGlassStanding(
  client: Client,
  params: { readonly member: number; readonly operator: string },
): Promise<BreakGlassStanding> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkOperator("operator", params.operator)];
  const found = await client.read("consentRegistry", "breakGlassStandingOf", args);
  return found as unknown as BreakGlassStanding;
}
