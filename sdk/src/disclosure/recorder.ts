import { hexlify, randomBytes } from "ethers";

import { DISCLOSURES_MOST } from "../consent/recordDisclosures.ts";
import { CareLedgerError } from "../core/errors.ts";
import type { DeskEntry, DisclosureDesk, RecordedDisclosure } from "./desk.ts";
import { disclosureError } from "./errors.ts";
import { REFUSALS, type RecordChain, isBreakGlass } from "./recordChain.ts";

/** How disclosures are put together. */
export interface BatchOptions {
  /** Most disclosures of a transaction, 2 to 200. Default 200. */
  readonly size?: number;
  /** How long the first of a batch waits for others, milliseconds. Default 250. */
  readonly waitMs?: number;
  /** Most requests that wait; beyond it they are refused with `CustodianBusy`. Default 2,000. */
  readonly maxWaiting?: number;
}

/** Puts disclosures on chain. */
export interface Recorder {
  /**
   * Resolves once the disclosure is mined and written down.
   * @throws `RecordRequestRefused`, `DisclosureNotRecorded`, `CustodianBusy`.
   */
  record(entry: DeskEntry): Promise<RecordedDisclosure>;
}

/** One transaction a disclosure. */
export function singleRecorder(chain: RecordChain, desk: DisclosureDesk, custodian: number): Recorder {
  return {
    record: async (entry) => {
      if (entry.recorded !== undefined) return entry.recorded;
      const recorded = await chain.recordDisclosure(custodian, entry).catch(async (error: unknown) => {
        const fault = faultOf(error);
        if (fault.code === "RecordRequestRefused") await desk.drop([entry.key]);
        throw fault;
      });
      await desk.settle(new Map([[entry.key, recorded]]));
      return recorded;
    },
  };
}

interface Waiting {
  readonly entry: DeskEntry;
  readonly resolve: (recorded: RecordedDisclosure) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly recorded: RecordedDisclosure } | { readonly fault: CareLedgerError };

/**
 * Many disclosures in one transaction, for custodians of high volume. A batch is written down before it is sent, so after
 * a crash the very same one is taken up. One that is not allowed does not sink the others: it is taken out and refused.
 * Disclosures under a break-glass are recorded one by one.
 */
export function batchRecorder(
  chain: RecordChain,
  desk: DisclosureDesk,
  custodian: number,
  { size = DISCLOSURES_MOST, waitMs = 250, maxWaiting = 2_000 }: BatchOptions,
): Recorder {
  const single = singleRecorder(chain, desk, custodian);
  const asked = new Map<string, Promise<RecordedDisclosure>>();
  const running = new Map<string, Promise<ReadonlyMap<string, Outcome>>>();
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const record = (entry: DeskEntry): Promise<RecordedDisclosure> => {
    if (entry.recorded !== undefined) return Promise.resolve(entry.recorded);
    if (isBreakGlass(entry)) return single.record(entry);
    const known = asked.get(entry.key);
    if (known !== undefined) return known;
    const answer = entry.batch === undefined ? enqueue(entry) : resume(entry, entry.batch);
    const settled = answer.finally(() => asked.delete(entry.key));
    asked.set(entry.key, settled);
    return settled;
  };

  const enqueue = (entry: DeskEntry): Promise<RecordedDisclosure> => {
    if (asked.size >= maxWaiting) return Promise.reject(disclosureError("CustodianBusy"));
    return new Promise((resolve, reject) => {
      waiting.push({ entry, resolve, reject });
      if (waiting.length >= size) flush();
      else timer ??= setTimeout(flush, waitMs);
    });
  };

  /** The batch of an earlier run: it may be on chain, on its way, or never have left. */
  const resume = async (entry: DeskEntry, batch: string): Promise<RecordedDisclosure> => {
    const outcome = (await runOnce(batch)).get(entry.key) ?? (await outcomeOf(entry.key));
    if ("recorded" in outcome) return outcome.recorded;
    throw outcome.fault;
  };

  /** Another request with the same question may have been quicker. */
  const outcomeOf = async (key: string): Promise<Outcome> => {
    const recorded = (await desk.find(key))?.recorded;
    return recorded === undefined ? { fault: disclosureError("DisclosureNotRecorded") } : { recorded };
  };

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const part = waiting.slice(0, size);
    waiting = waiting.slice(size);
    if (waiting.length > 0) timer = setTimeout(flush, waitMs);
    const batch = newBatch();
    desk
      .assign(
        batch,
        part.map(({ entry }) => entry.key),
      )
      .then(() => runOnce(batch))
      .then(async (outcomes) => {
        for (const { entry, resolve, reject } of part) {
          const outcome = outcomes.get(entry.key) ?? (await outcomeOf(entry.key));
          if ("recorded" in outcome) resolve(outcome.recorded);
          else reject(outcome.fault);
        }
      })
      .catch((error: unknown) => {
        for (const { reject } of part) reject(error);
      });
  };

  const runOnce = (batch: string): Promise<ReadonlyMap<string, Outcome>> => {
    const current = running.get(batch);
    if (current !== undefined) return current;
    const run = runBatch(batch).finally(() => running.delete(batch));
    running.set(batch, run);
    return run;
  };

  /** Send a batch, without those that the chain does not allow. */
  const runBatch = async (first: string): Promise<ReadonlyMap<string, Outcome>> => {
    const outcomes = new Map<string, Outcome>();
    let batch = first;
    for (;;) {
      const entries = await desk.listBatch(batch);
      for (const { key, recorded } of entries) {
        if (recorded !== undefined) outcomes.set(key, { recorded });
      }
      if (entries.length === 0 || entries.every(({ recorded }) => recorded !== undefined)) return outcomes;
      try {
        const recorded = await chain.recordDisclosures(custodian, entries, batch);
        const settled = new Map(entries.map(({ key }, at) => [key, recorded[at]!]));
        await desk.settle(settled);
        for (const [key, each] of settled) outcomes.set(key, { recorded: each });
        return outcomes;
      } catch (error) {
        const fault = faultOf(error);
        const refused = fault.code === "RecordRequestRefused" ? offendersOf(error, entries) : entries;
        for (const { key } of refused) outcomes.set(key, { fault });
        if (fault.code !== "RecordRequestRefused") return outcomes;
        await desk.drop(refused.map(({ key }) => key));
        const rest = entries.map(({ key }) => key).filter((key) => !outcomes.has(key));
        if (rest.length === 0) return outcomes;
        await desk.release(rest);
        batch = newBatch();
        await desk.assign(batch, rest);
      }
    }
  };

  return { record };
}

function newBatch(): string {
  return `disclosures:${hexlify(randomBytes(16))}`;
}

/** The entries that the chain's refusal is about; all of them when it does not say. */
function offendersOf(error: unknown, entries: readonly DeskEntry[]): readonly DeskEntry[] {
  const values = error instanceof CareLedgerError ? error.values : {};
  const named = entries.filter(
    (entry) =>
      String(values["subject"]).toLowerCase() === entry.subject &&
      (values["grantee"] === undefined || values["grantee"] === entry.member) &&
      (values["category"] === undefined || values["category"] === entry.category) &&
      (values["purpose"] === undefined || values["purpose"] === entry.purpose),
  );
  return named.length === 0 ? entries : named;
}

/** What the asker is told of a disclosure that could not be recorded. */
function faultOf(error: unknown): CareLedgerError {
  const isRefusal = error instanceof CareLedgerError && REFUSALS.has(error.code);
  return disclosureError(isRefusal ? "RecordRequestRefused" : "DisclosureNotRecorded", {}, error);
}
