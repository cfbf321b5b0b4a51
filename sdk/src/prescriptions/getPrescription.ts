import type { Client } from "../core/client.ts";
import { findBlockAt } from "../core/blocks.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { isCareLedgerError } from "../core/errors.ts";
import { sdkError } from "../core/errorCatalogue.ts";
import { checkBytes32 } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { prescriptionIdOf } from "./typedData.ts";
import type { EffectiveStatus, PrescriptionTerms, PrescriptionView } from "./types.ts";

type State = Pick<
  PrescriptionView,
  | "status"
  | "cancelPending"
  | "lockUsed"
  | "lockNext"
  | "fillBegun"
  | "unitsLeft"
  | "fill"
  | "fillOpenedAt"
  | "lockMember"
  | "lockSite"
  | "lockedAt"
  | "lockedUntil"
  | "lockCount"
  | "dispenses"
  | "issuedAt"
>;
type Standing = Pick<PrescriptionView, "status" | "lockLive" | "halted" | "expired" | "isFinal">;

/**
 * A prescription by its id: terms, state and how it stands now. The terms come from the event that issued it and are
 * proven by the id, which is their hash.
 *
 * @throws `InputInvalid`, `PrescriptionNotFound`, `PrescriptionTermsMissing` when the node lacks old logs,
 * `RpcUnavailable`
 * @example
 * const { effectiveStatus, unitsLeft } = await getPrescription(client, id);
 */
export async function getPrescription(client: Client, prescription: string): Promise<PrescriptionView> {
  const id = checkBytes32("prescription", prescription, false);
  const { 0: found } = await client.read("prescriptionRegistry", "stateOf", [id]);
  const state = found as State;
  if (state.status === "Unknown") throw sdkError("PrescriptionNotFound", { prescription: id });
  return viewOf(client, await findIssue(client, id, state.issuedAt), state);
}

/** The event that issued a prescription: in the block of its time, or wherever it is. */
export async function findIssue(client: Client, id: string, issuedAt: number): Promise<DecodedEvent> {
  const query = { contract: "prescriptionRegistry", events: ["PrescriptionIssued"], indexed: [id] } as const;
  let events: DecodedEvent[] = [];
  try {
    const { number } = await findBlockAt(client, issuedAt);
    events = await getEvents(client, { ...query, fromBlock: number, toBlock: number });
  } catch (error) {
    if (!isCareLedgerError(error, "BlockUnknown")) throw error;
  }
  // A block of exactly that time may have a twin where times repeat, as on test chains.
  const [event] = events.length > 0 ? events : await getEvents(client, query);
  if (event === undefined) throw sdkError("PrescriptionTermsMissing", { prescription: id });
  return event;
}

/** Terms, state and standing of an issued prescription; the state is read when it is not given. */
export async function viewOf(client: Client, issue: DecodedEvent, known?: State): Promise<PrescriptionView> {
  const id = String(issue.values["prescription"]);
  const terms = termsOf(issue);
  if (prescriptionIdOf(terms) !== id) throw sdkError("PrescriptionTermsMissing", { prescription: id });
  const [stateRead, standingRead] = await Promise.all([
    known === undefined ? client.read("prescriptionRegistry", "stateOf", [id]) : { 0: known },
    client.read("prescriptionRegistry", "standingOf", [terms]),
  ]);
  const standing = standingRead[0] as Standing;
  return {
    prescription: id,
    ...terms,
    ...(stateRead[0] as State),
    ...standing,
    effectiveStatus: effectiveStatusOf(standing),
    issuedInBlock: issue.blockNumber,
    issuedInTransaction: issue.transactionHash,
  };
}

/** The terms that `PrescriptionIssued` carries. */
export function termsOf({ values }: Pick<DecodedEvent, "values">): PrescriptionTerms {
  const { prescription: _, ...terms } = values;
  return terms as unknown as PrescriptionTerms;
}

function effectiveStatusOf({ status, lockLive, halted, expired }: Standing): EffectiveStatus {
  if (status !== "Open" && status !== "AwaitingReview") return status;
  if (halted) return "Halted";
  if (lockLive) return "Locked";
  return expired ? "Expired" : status;
}
