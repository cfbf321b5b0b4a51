/** What everybody sees of a run: calldata, logs and storage writes of each transaction, cut into stretches of bytes. */
import { hexlify, keccak256, toUtf8Bytes } from "ethers";

import { type Call, INTERFACES, type Told, lower, readCall, readLogs } from "./entries.ts";
import { type Slot, slotsOf } from "./slots.ts";

/** Asks a node. */
export type Ask = (method: string, ...params: unknown[]) => Promise<unknown>;

/** A stretch of bytes on chain. */
export interface Stretch {
  /** Transaction and place in it. */
  readonly at: string;
  /** In hexadecimal without 0x, lower case. */
  readonly hex: string;
  /** Widths in bits, low to high, of the fields of a packed word that only holds open numbers; the rest is zero. */
  readonly fields?: readonly number[];
  /** Entries that it belongs to; none when it belongs to no entry. */
  readonly entries: readonly string[];
}

/** A transaction as it was recorded. */
export interface RecordedTransaction {
  readonly hash: string;
  readonly from: string;
  readonly to: string | null;
  readonly input: string;
  readonly logs: readonly {
    readonly address: string;
    readonly topics: readonly string[];
    readonly data: string;
  }[];
  readonly writes: readonly { readonly address: string; readonly slot: string; readonly value: string }[];
}

/** A run, cut up. */
export interface Footprints {
  readonly stretches: readonly Stretch[];
  /** What happened to whom: all entries that events tell of, by kind and id. */
  readonly entries: readonly string[];
  /** Values by which others may name an entry: its id; of a subject its keys, of a batch the nodes of its proofs. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
  /** Entries that an entry may name (LINKS). */
  readonly shows: ReadonlyMap<string, ReadonlySet<string>>;
  /** Storage that acts about entries wrote and that lies in no slot of an entry (slots.ts). */
  readonly unplaced: readonly string[];
  /** Calldata with bytes that no parameter declares: a hiding place. */
  readonly undeclared: readonly string[];
  /**
   * The contracts that check patients' signatures, the same for all, for no act passes with another; and the keys of members
   * and operators that MemberRegistry tells of.
   */
  readonly published: readonly string[];
}

const standards = INTERFACES["standardsRegistry"]!;
const listedTopics = ["CategoryRegistered", "CodeSystemRegistered"].map(
  (name) => standards.getEvent(name)!.topicHash,
);
const announcedTopic = INTERFACES["prescriptionRegistry"]!.getEvent("Announcement")!.topicHash;
/** Before a passkey's public key stands the verifier of its signatures, the same for all. */
const VERIFIER_DIGITS = 40;
const ADDRESS_DIGITS = 40;

/** Read the transactions of blocks `from` to `to`, both inclusive. */
export async function recordChain(ask: Ask, from: number, to: number): Promise<RecordedTransaction[]> {
  const recorded: RecordedTransaction[] = [];
  for (let number = from; number <= to; number++) {
    const block = (await ask("eth_getBlockByNumber", toQuantity(number), true)) as {
      transactions: { hash: string; from: string; to: string | null; input: string }[];
    };
    for (const { hash, from: sender, to: target, input } of block.transactions) {
      const { logs } = (await ask("eth_getTransactionReceipt", hash)) as Pick<RecordedTransaction, "logs">;
      const writes = await writesOf(ask, hash);
      recorded.push({ hash, from: sender, to: target, input, logs, writes });
    }
  }
  return recorded;
}

async function writesOf(ask: Ask, hash: string): Promise<RecordedTransaction["writes"]> {
  const options = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };
  const { pre, post } = (await ask("debug_traceTransaction", hash, options)) as Record<"pre" | "post", State>;
  return [...new Set([...Object.keys(pre), ...Object.keys(post)])].flatMap((address) => {
    const after = post[address]?.storage ?? {};
    const slots = new Set([...Object.keys(pre[address]?.storage ?? {}), ...Object.keys(after)]);
    return [...slots].map((slot) => ({ address, slot, value: after[slot] ?? "0x0" }));
  });
}

type State = Readonly<Record<string, { readonly storage?: Readonly<Record<string, string>> }>>;

/** What `npm start -- --dump <file>` writes. */
export interface Dump {
  readonly transactions: readonly Omit<RecordedTransaction, "logs" | "writes">[];
  readonly logs: readonly (RecordedTransaction["logs"][number] & { readonly transaction: string })[];
  readonly storage: readonly (RecordedTransaction["writes"][number] & { readonly transaction: string })[];
}

function byTransaction<T extends { readonly transaction: string }>(list: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const each of list) found.set(each.transaction, [...(found.get(each.transaction) ?? []), each]);
  return found;
}

/** The transactions of a dump. */
export function recordOfDump(dump: Dump): RecordedTransaction[] {
  const logs = byTransaction(dump.logs);
  const storage = byTransaction(dump.storage);
  return dump.transactions.map((each) => ({
    ...each,
    logs: logs.get(each.hash) ?? [],
    writes: storage.get(each.hash) ?? [],
  }));
}

/**
 * The governed lists are public: categories and code systems, which every document names too. Only where governance registers
 * them are they blotted out, as texts and as hashes of texts; whatever else stands there is looked at.
 */
function withoutLists(
  transactions: readonly RecordedTransaction[],
  texts: readonly string[],
): RecordedTransaction[] {
  const known = texts.flatMap((text) => {
    const bytes = toUtf8Bytes(text);
    return [lower(hexlify(bytes)), lower(keccak256(bytes))];
  });
  const blots = [...new Set(known)].sort((one, other) => other.length - one.length);
  const blot = (hex: string): string =>
    blots.reduce((left, each) => left.replaceAll(each, "0".repeat(each.length)), hex.toLowerCase());
  return transactions.map((transaction) =>
    transaction.logs.some(({ topics }) => listedTopics.includes(topics[0] ?? ""))
      ? {
          ...transaction,
          input: blot(transaction.input),
          logs: transaction.logs.map((log) => ({
            ...log,
            topics: log.topics.map(blot),
            data: blot(log.data),
          })),
          writes: transaction.writes.map((write) => ({ ...write, value: blot(write.value) })),
        }
      : transaction,
  );
}

/**
 * Cut a run into stretches and say which entry each belongs to.
 * @param lists Texts that governance registers.
 */
export function cutUp(recorded: readonly RecordedTransaction[], lists: readonly string[]): Footprints {
  const transactions = withoutLists(recorded, lists).map((transaction) => ({
    ...transaction,
    at: `transaction ${transaction.hash}`,
    told: readLogs(transaction),
    // What creates a contract is the suite's own code, public and the same everywhere.
    call: transaction.to === null ? undefined : readCall(transaction),
  }));
  const events = transactions.flatMap(({ told }) => told.flatMap((each) => each ?? []));
  const known = new Set(events.map(({ entry }) => entry));
  const { names, shows, verifiers } = linksOf(transactions);
  const published = [...verifiers, ...operatorsOf(transactions)];
  const slots = new Map(
    events.flatMap(({ ids, args }) =>
      ids.flatMap(([kind, id]) => slotsOf(kind, `0x${id}`, args).map((slot) => [lower(slot.slot), slot])),
    ),
  );
  const undeclared = transactions
    .filter(({ call, input }) => call !== undefined && call.declared !== input.toLowerCase())
    .map(({ at }) => at);
  const unplaced = transactions.flatMap(({ at, told, writes }) =>
    told.every((each) => each === undefined)
      ? []
      : writes.filter(({ slot }) => !slots.has(slotOf(slot))).map(({ slot }) => `${at} storage ${slot}`),
  );
  const stretches = transactions.flatMap((transaction) => cut(transaction, known, slots));
  return { stretches, entries: [...known], names, shows, unplaced, undeclared, published };
}

/** A transaction that was read. */
interface ReadTransaction extends RecordedTransaction {
  readonly at: string;
  /** What each log is about. */
  readonly told: readonly (Told | undefined)[];
  readonly call: Call | undefined;
}

/** Keys in the events of MemberRegistry. */
function operatorsOf(transactions: readonly RecordedTransaction[]): string[] {
  const members = INTERFACES["memberRegistry"]!;
  return transactions.flatMap(({ logs }) =>
    logs.flatMap(({ topics, data }) => {
      const args = members.parseLog({ topics: [...topics], data })?.args.toObject() ?? {};
      return ["operator", "replacement", "admin", "pendingAdmin"].flatMap((name) => {
        const key: unknown = args[name];
        return typeof key === "string" ? [lower(key).slice(-ADDRESS_DIGITS)] : [];
      });
    }),
  );
}

/** By which values an entry may be named, and by whom. */
function linksOf(
  transactions: readonly ReadTransaction[],
): Pick<Footprints, "names" | "shows"> & { readonly verifiers: readonly string[] } {
  const names = new Map<string, Set<string>>();
  const shows = new Map<string, Set<string>>();
  const verifiers = new Set<string>();
  const add = (map: Map<string, Set<string>>, key: string, ...values: readonly string[]): void => {
    map.set(key, new Set([...(map.get(key) ?? []), ...values]));
  };
  for (const { told, call } of transactions) {
    for (const each of told) {
      if (each === undefined) continue;
      for (const [kind, id] of each.ids) add(names, `${kind} ${id}`, id);
      add(shows, each.entry, ...each.shows);
      if (!each.entry.startsWith("act ")) continue;
      const [subject = ""] = each.shows;
      const signers = (call?.signers ?? []).map((signer) => {
        if (signer.length <= VERIFIER_DIGITS) return signer;
        verifiers.add(signer.slice(0, VERIFIER_DIGITS));
        return signer.slice(VERIFIER_DIGITS);
      });
      add(names, subject, ...each.keys, ...signers);
    }
    for (const [root, proof] of call?.batches ?? []) {
      if (!/^0*$/.test(root)) add(names, `batch ${root}`, root, ...proof);
    }
  }
  // By a proof one may also name the batch of a record whose event does not.
  for (const { told, call } of transactions) {
    const roots = [...(call?.batches.keys() ?? [])].filter((root) => !/^0*$/.test(root));
    for (const each of told)
      if (each !== undefined) add(shows, each.entry, ...roots.map((root) => `batch ${root}`));
    for (const { entry } of call?.pieces ?? [])
      if (entry !== undefined) add(shows, entry, ...roots.map((root) => `batch ${root}`));
  }
  return { names, shows, verifiers: [...verifiers] };
}

function cut(
  transaction: ReadTransaction,
  known: ReadonlySet<string>,
  slots: ReadonlyMap<string, Slot>,
): Stretch[] {
  const { at, input, told, call } = transaction;
  const happened = told.flatMap((each) => each?.entry ?? []);
  const owners = [
    ...new Set([...happened, ...(call?.pieces ?? []).flatMap(({ entry }) => entry ?? [])]),
  ].filter((entry) => known.has(entry));
  const calldata = (): Stretch[] => {
    if (transaction.to === null) return [];
    const isWhole = call === undefined || call.declared !== input.toLowerCase() || owners.length < 2;
    if (isWhole) return [{ at: `${at} calldata`, hex: lower(input).slice(8), entries: owners }];
    return call.pieces.map(({ hex, entry }, index) => ({
      at: `${at} calldata part ${index + 1}`,
      hex,
      entries: entry !== undefined && known.has(entry) ? [entry] : owners,
    }));
  };
  const logs = transaction.logs.flatMap(({ topics, data }, index): Stretch[] => {
    const holder =
      `0x${lower(topics[0])}` === announcedTopic ? call?.holders.get(lower(topics[2]).slice(24)) : undefined;
    const entry = told[index]?.entry ?? holder;
    const entries = entry === undefined || !known.has(entry) ? owners : [entry];
    return [
      ...topics.map((topic, place) => ({
        at: `${at} log ${index} topic ${place}`,
        hex: lower(topic),
        entries,
      })),
      { at: `${at} log ${index} data`, hex: lower(data), entries },
    ];
  });
  const storage = transaction.writes.flatMap(({ slot, value }): Stretch[] => {
    const place = slots.get(slotOf(slot));
    const entries = place === undefined ? owners : place.entry === undefined ? [] : [place.entry];
    const written = { at: `${at} storage ${slot}`, hex: lower(value).padStart(64, "0"), entries };
    return [
      { at: `${at} slot ${slot}`, hex: lower(slot).padStart(64, "0"), entries },
      place?.fields === undefined ? written : { ...written, fields: place.fields },
    ];
  });
  return [
    { at: `${at} sender`, hex: lower(transaction.from), entries: owners },
    ...calldata(),
    ...logs,
    ...storage,
  ];
}

/** A slot as a word. */
const slotOf = (slot: string): string => lower(slot).padStart(64, "0");

function toQuantity(number: number): string {
  return `0x${number.toString(16)}`;
}
