/** What everybody sees of a run: calldata, logs and storage writes of each transaction, cut into stretches of bytes. */
import {
  consentRegistryAbi,
  memberRegistryAbi,
  prescriptionIdOf,
  prescriptionRegistryAbi,
  recordRegistryAbi,
  researchRegistryAbi,
  standardsRegistryAbi,
} from "@careledger/sdk";
import {
  AbiCoder,
  Interface,
  type InterfaceAbi,
  type Result,
  concat,
  hexlify,
  keccak256,
  toBeHex,
  toUtf8Bytes,
} from "ethers";

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
  /** Prescriptions that it belongs to; none when it belongs to no prescription. */
  readonly prescriptions: readonly string[];
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
  /** Prescriptions that were issued. */
  readonly prescriptions: readonly string[];
  /** Pairs that the chain links on purpose: a prescription and its replacement. */
  readonly linked: readonly (readonly [string, string])[];
  /** Calldata with bytes that no parameter declares: a hiding place. */
  readonly undeclared: readonly string[];
}

/** Where state words and dispense records lie: `mapping` 0 and 1 of PrescriptionStorage, with the widths of their fields. */
const STATES = 0x612a08e0983da10ce3932a98e5260aeca164997f36a77e8358cb716adc134000n;
const RECORDS = STATES + 1n;
const STATE_FIELDS = [4, 1, 1, 1, 1, 40, 8, 32, 32, 16, 32, 32, 16, 8, 32];
const RECORD_FIELDS = [32, 16, 8, 40, 32, 32, 32, 1, 1];
/** Ordinals are of 8 bits; no prescription of the runs has more dispenses. */
const ORDINALS = 40;

const registry = new Interface(prescriptionRegistryAbi as unknown as InterfaceAbi);
const members = new Interface(memberRegistryAbi as unknown as InterfaceAbi);
const standards = new Interface(standardsRegistryAbi as unknown as InterfaceAbi);
const others = [consentRegistryAbi, recordRegistryAbi, researchRegistryAbi].map(
  (abi) => new Interface(abi as unknown as InterfaceAbi),
);
const listedTopics = ["CategoryRegistered", "CodeSystemRegistered"].map(
  (name) => standards.getEvent(name)!.topicHash,
);
const issuedTopic = registry.getEvent("PrescriptionIssued")!.topicHash;
const announcedTopic = registry.getEvent("Announcement")!.topicHash;
const replacedTopic = registry.getEvent("PrescriptionReplaced")!.topicHash;

/** Topics that are the names of events. */
export const eventTopics = (): string[] =>
  [registry, members, standards, ...others].flatMap((each) =>
    each.fragments
      .filter(({ type }) => type === "event")
      .map((event) => each.getEvent(event.format())!.topicHash),
  );

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

/** The transactions of a dump, and the registry, which is where prescriptions were issued. */
export function recordOfDump(dump: Dump): { recorded: RecordedTransaction[]; registryAddress: string } {
  const of = <T extends { readonly transaction: string }>(list: readonly T[], hash: string): T[] =>
    list.filter(({ transaction }) => transaction === hash);
  const registryAddress = dump.logs.find(({ topics }) => topics[0] === issuedTopic)?.address;
  if (registryAddress === undefined) throw new RangeError("the dump has no prescription");
  const recorded = dump.transactions.map((each) => ({
    ...each,
    logs: of(dump.logs, each.hash),
    writes: of(dump.storage, each.hash),
  }));
  return { recorded, registryAddress };
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
 * Cut a run into stretches and say which prescription each belongs to.
 * @param lists Texts that governance registers.
 */
export function cutUp(
  recorded: readonly RecordedTransaction[],
  registryAddress: string,
  lists: readonly string[],
): Footprints {
  const transactions = withoutLists(recorded, lists);
  const ours = (address: string | null): boolean => address?.toLowerCase() === registryAddress.toLowerCase();
  const logs = transactions.flatMap((each) => each.logs.filter(({ address }) => ours(address)));
  const issued = logs.filter(({ topics }) => topics[0] === issuedTopic);
  const prescriptions = issued.map(({ topics }) => lower(topics[1]));
  const holders = new Map(issued.map(({ topics }) => [lower(topics[3]), lower(topics[1])]));
  const linked = logs
    .filter(({ topics }) => topics[0] === replacedTopic)
    .map(({ topics }): [string, string] => [lower(topics[1]), lower(topics[2])]);
  const slots = slotsOf(prescriptions);
  const known = new Set(prescriptions);
  const undeclared: string[] = [];

  const stretches = transactions.flatMap((transaction): Stretch[] => {
    const { hash, input } = transaction;
    const at = `transaction ${hash}`;
    const parts = ours(transaction.to) ? partsOf(input) : undefined;
    if (parts !== undefined && parts.declared !== input.toLowerCase()) undeclared.push(at);
    const owners = [...new Set((parts?.pieces ?? []).flatMap(({ owners: each }) => each))].filter((id) =>
      known.has(id),
    );
    // What creates a contract is the suite's own code, public and the same everywhere.
    const isCreation = transaction.to === null;
    const calldata: Stretch[] =
      parts === undefined || parts.declared !== input.toLowerCase() || parts.pieces.length === 1
        ? [{ at: `${at} calldata`, hex: lower(input).slice(8), prescriptions: owners }]
        : parts.pieces.map(({ hex, owners: each }, index) => ({
            at: `${at} calldata part ${index + 1}`,
            hex,
            prescriptions: each,
          }));
    const ofLogs = transaction.logs.flatMap(({ address, topics, data }, index): Stretch[] => {
      const [name, first, second] = topics.map(lower);
      const holder = `0x${name}` === announcedTopic ? holders.get(second ?? "") : undefined;
      const owner = holder ?? (ours(address) && known.has(first ?? "") ? first : undefined);
      const belongs = owner === undefined ? owners : [owner];
      return [
        ...topics.map((topic, place) => ({
          at: `${at} log ${index} topic ${place}`,
          hex: lower(topic),
          prescriptions: belongs,
        })),
        { at: `${at} log ${index} data`, hex: lower(data), prescriptions: belongs },
      ];
    });
    const ofStorage = transaction.writes.flatMap(({ address, slot, value }): Stretch[] => {
      const place = ours(address) ? slots.get(lower(slot)) : undefined;
      const belongs = place === undefined ? owners : [place.prescription];
      const written = {
        at: `${at} storage ${slot}`,
        hex: lower(value).padStart(64, "0"),
        prescriptions: belongs,
      };
      return [
        { at: `${at} slot ${slot}`, hex: lower(slot).padStart(64, "0"), prescriptions: belongs },
        place === undefined ? written : { ...written, fields: place.fields },
      ];
    });
    const sender = { at: `${at} sender`, hex: lower(transaction.from), prescriptions: owners };
    return [sender, ...(isCreation ? [] : calldata), ...ofLogs, ...ofStorage];
  });
  return { stretches, prescriptions, linked, undeclared };
}

interface Piece {
  readonly hex: string;
  readonly owners: readonly string[];
}

/** Calldata of the registry in pieces of one prescription each, and what its parameters encode to. */
function partsOf(input: string): { pieces: Piece[]; declared: string } | undefined {
  let parsed;
  try {
    parsed = registry.parseTransaction({ data: input });
  } catch {
    return undefined;
  }
  if (parsed === null) return undefined;
  const { fragment, args } = parsed;
  const declared = registry.encodeFunctionData(fragment, args);
  const coder = AbiCoder.defaultAbiCoder();
  const pieces = fragment.inputs.flatMap((input_, index): Piece[] => {
    const value = args[index] as unknown;
    const isList = input_.baseType === "array";
    const type = isList ? input_.arrayChildren! : input_;
    return (isList ? [...(value as Result)] : [value]).map((each) => ({
      hex: lower(coder.encode([type], [each])),
      owners: ownersOf(type.name || input_.name, each),
    }));
  });
  const owners = new Set(pieces.flatMap((piece) => piece.owners));
  if (owners.size > 1 && pieces.every((piece) => piece.owners.length === 1)) return { pieces, declared };
  // All of it belongs to the one prescription: parameters beside it, a lock or a signature, too.
  return { pieces: [{ hex: lower(input).slice(8), owners: [...owners] }], declared };
}

/** The prescription that a parameter is about: its terms, an order with its terms, or its id. */
function ownersOf(name: string, value: unknown): string[] {
  if (typeof value === "string") return name === "id" || name === "prescription" ? [lower(value)] : [];
  if (!isResult(value)) return [];
  const fields = value.toObject();
  const terms =
    "unitsPerFill" in fields
      ? fields
      : isResult(fields["prescription"])
        ? fields["prescription"].toObject()
        : undefined;
  if (terms === undefined || !("unitsPerFill" in terms)) return [];
  const small = ["issuer", "fills", "interval", "validFrom", "validUntil", "reviewer"];
  const plain = Object.fromEntries(
    Object.entries(terms).map(([key, each]) => [key, small.includes(key) ? Number(each) : (each as unknown)]),
  );
  try {
    return [lower(prescriptionIdOf(plain as never))];
  } catch {
    return []; // Terms that the SDK would refuse; the transaction failed.
  }
}

function isResult(value: unknown): value is Result {
  return Array.isArray(value) && typeof (value as unknown as { toObject?: unknown }).toObject === "function";
}

function slotsOf(prescriptions: readonly string[]) {
  const slots = new Map<string, { prescription: string; fields: readonly number[] }>();
  const slotIn = (key: string, base: string): string => keccak256(concat([key, base]));
  for (const prescription of prescriptions) {
    const id = `0x${prescription}`;
    slots.set(lower(slotIn(id, toBeHex(STATES, 32))), { prescription, fields: STATE_FIELDS });
    const records = slotIn(id, toBeHex(RECORDS, 32));
    for (let ordinal = 1; ordinal <= ORDINALS; ordinal++) {
      slots.set(lower(slotIn(toBeHex(ordinal, 32), records)), { prescription, fields: RECORD_FIELDS });
    }
  }
  return slots;
}

function lower(hex: string | undefined): string {
  return (hex ?? "").replace(/^0x/, "").toLowerCase();
}

function toQuantity(number: number): string {
  return `0x${number.toString(16)}`;
}
