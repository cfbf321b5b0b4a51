/**
 * What a transaction is about. An entry is what must not be linked to another one: a prescription, a record, a batch, an act
 * of a patient (a rule, a delegation, a key), a disclosure, a use of break-glass, a referral, a dataset, an access.
 */
import {
  consentRegistryAbi,
  memberRegistryAbi,
  prescriptionIdOf,
  prescriptionRegistryAbi,
  recordIdOf,
  recordRegistryAbi,
  referralIdOf,
  researchRegistryAbi,
  standardsRegistryAbi,
} from "@careledger/sdk";
import { AbiCoder, Interface, type InterfaceAbi, type Result } from "ethers";

import type { RecordedTransaction } from "./record.ts";
import type { Arguments } from "./slots.ts";

/** The contracts of the suite, as the SDK names them. */
export const INTERFACES: Readonly<Record<string, Interface>> = Object.fromEntries(
  Object.entries({
    memberRegistry: memberRegistryAbi,
    prescriptionRegistry: prescriptionRegistryAbi,
    consentRegistry: consentRegistryAbi,
    recordRegistry: recordRegistryAbi,
    standardsRegistry: standardsRegistryAbi,
    researchRegistry: researchRegistryAbi,
  }).map(([name, abi]) => [name, new Interface(abi as unknown as InterfaceAbi)]),
);
const interfaces = Object.values(INTERFACES);

/** Topics that are the names of events. */
export const eventTopics = (): string[] =>
  interfaces.flatMap((each) =>
    each.fragments
      .filter(({ type }) => type === "event")
      .map((event) => each.getEvent(event.format())!.topicHash),
  );

/** A kind of entry, and the argument of an event that is its id. */
type Id = readonly [kind: string, argument: string];

/**
 * What the design links: an entry may show the id of another one that its event names, and nothing else of it. All else
 * that two entries share is a finding.
 */
export const LINKS: Readonly<Record<string, { readonly shows: readonly Id[]; readonly why: string }>> = {
  PrescriptionReplaced: {
    shows: [["prescription", "replacement"]],
    why: "a pharmacy must find what replaced a prescription",
  },
  RecordSuperseded: {
    shows: [
      ["record", "record"],
      ["batch", "root"],
    ],
    why: "nobody may rely on the older record",
  },
  RecordRetracted: { shows: [["batch", "root"]], why: "a record of a batch is proved to be in it" },
  RepeatOrdered: { shows: [["batch", "root"]], why: "a record of a batch is proved to be in it" },
  DisclosureRecorded: {
    shows: [
      ["subject", "subject"],
      ["break-glass", "breakGlass"],
    ],
    why: "the patient lists who saw what, and why",
  },
  BreakGlassBound: { shows: [["subject", "subject"]], why: "a use is for one patient" },
  AccessPermitted: { shows: [["dataset", "dataset"]], why: "an access is to one dataset" },
  AccessWithdrawn: { shows: [["dataset", "dataset"]], why: "an access is to one dataset" },
};

/** Ids by which an event says what it is about, first match first; acts of a patient hang together by their subject. */
const IDS: readonly Id[] = [
  ["disclosure", "document"],
  ["prescription", "prescription"],
  ["access", "access"],
  ["dataset", "dataset"],
  ["referral", "referral"],
  ["record", "record"],
  ["break-glass", "id"],
  ["act", "subject"],
  ["batch", "root"],
];
/** Keys of a subject: whoever signs for it. */
const KEYS = ["key", "guardian", "before"];

/** What an event is about. */
export interface Told {
  readonly name: string;
  readonly entry: string;
  /** Kind and id of all that it names; a disclosure has none but where it stands. */
  readonly ids: readonly (readonly [kind: string, id: string])[];
  /** Entries whose ids it may show. */
  readonly shows: readonly string[];
  /** Of a subject: the keys that the event names. */
  readonly keys: readonly string[];
  readonly args: Arguments;
}

/** What has no id of its own is named by where it stands: two disclosures with one commitment are two. */
const placeOf = (kind: string, transaction: string, ordinal: number): string =>
  kind === "act" ? `act ${lower(transaction)}` : `${kind} ${lower(transaction)}.${ordinal}`;

/** Read the logs of a transaction. Undefined for those that are about no entry. */
export function readLogs({ hash, logs }: RecordedTransaction): (Told | undefined)[] {
  let disclosures = 0;
  return logs.map(({ topics, data }) => {
    const told = readLog(topics, data, hash, disclosures);
    if (told?.name === "DisclosureRecorded") disclosures += 1;
    return told;
  });
}

function readLog(
  topics: readonly string[],
  data: string,
  transaction: string,
  ordinal: number,
): Told | undefined {
  const parsed = firstOf((each) => each.parseLog({ topics: [...topics], data }));
  if (parsed === undefined) return undefined;
  const args = parsed.args.toObject() as Arguments;
  const idOf = (argument: string): string | undefined => {
    const value = args[argument];
    return typeof value === "string" && !/^0x0*$/.test(value) ? lower(value) : undefined;
  };
  const named: Id | undefined =
    parsed.name === "RecordSuperseded"
      ? ["record", "replacement"]
      : IDS.find(([, argument]) => idOf(argument) !== undefined);
  const id = named && idOf(named[1]);
  if (named === undefined || id === undefined) return undefined;
  const linked = (LINKS[parsed.name]?.shows ?? []).flatMap(([kind, argument]) => {
    const other = idOf(argument);
    return other === undefined ? [] : [[kind, other] as const];
  });
  // Each act of a patient is an entry of its own, and shows whose it is.
  const isAct = named[0] === "act";
  const isDisclosure = named[0] === "disclosure";
  const subject = ["subject", id] as const;
  return {
    name: parsed.name,
    entry: isAct || isDisclosure ? placeOf(named[0], transaction, ordinal) : `${named[0]} ${id}`,
    ids: isAct ? [subject] : isDisclosure ? linked : [[named[0], id], ...linked],
    shows: (isAct ? [subject] : linked).map(([kind, other]) => `${kind} ${other}`),
    keys: isAct ? KEYS.flatMap((key) => idOf(key) ?? []).filter((key) => key.length === ADDRESS_DIGITS) : [],
    args,
  };
}

const ADDRESS_DIGITS = 40;

/** Calldata, taken apart. */
export interface Call {
  /** Name of the function. */
  readonly name: string;
  /** What its parameters encode to, in full. */
  readonly declared: string;
  /** Its parameters, each item of a list apart, with the entry that each is about. */
  readonly pieces: readonly { readonly hex: string; readonly entry: string | undefined }[];
  /** Entries by their holder address. */
  readonly holders: ReadonlyMap<string, string>;
  /** Patients' signers: a verifier and a public key, or an address. */
  readonly signers: readonly string[];
  /** Batches with the nodes that prove a record in it. */
  readonly batches: ReadonlyMap<string, readonly string[]>;
}

/** Read calldata. Undefined when no contract of the suite has the function. */
export function readCall({ input, hash }: Pick<RecordedTransaction, "input" | "hash">): Call | undefined {
  const found = interfaces
    .map((each) => [each, tried(() => each.parseTransaction({ data: input }))] as const)
    .find(([, parsed]) => parsed !== undefined);
  const [contract, parsed] = found ?? [];
  if (contract === undefined || parsed === undefined) return undefined;
  const { fragment, args } = parsed;
  const coder = AbiCoder.defaultAbiCoder();
  const told = {
    holders: new Map<string, string>(),
    signers: [] as string[],
    batches: new Map<string, readonly string[]>(),
  };
  let before: string | undefined;
  let disclosures = 0;
  const pieces = fragment.inputs.flatMap((parameter, index) => {
    const value = args[index] as unknown;
    const isList = parameter.baseType === "array";
    const type = isList ? parameter.arrayChildren! : parameter;
    return (isList ? [...(value as Result)] : [value]).map((each) => {
      walk(each, told);
      // What is about nothing by itself, an ephemeral key or a signature, goes with what stands before it.
      before = isDisclosure(each)
        ? placeOf("disclosure", hash, disclosures++)
        : (entryOf(parameter.name, each) ?? before);
      return { hex: lower(coder.encode([type], [each])), entry: before };
    });
  });
  const [first] = pieces.flatMap(({ entry }) => entry ?? []);
  return {
    name: fragment.name,
    declared: contract.encodeFunctionData(fragment, args),
    pieces: pieces.map(({ hex, entry }) => ({ hex, entry: entry ?? first })),
    ...told,
  };
}

/** The entry that a parameter is about: terms, an order with its terms, or an id. */
function entryOf(name: string, value: unknown): string | undefined {
  if (typeof value === "string") return name === "prescription" ? `prescription ${lower(value)}` : undefined;
  if (!isResult(value)) return undefined;
  const fields = value.toObject() as Arguments;
  const terms = plain(fields);
  if ("unitsPerFill" in fields) return named("prescription", () => prescriptionIdOf(terms as never));
  if (isResult(fields["prescription"])) return entryOf("", fields["prescription"]);
  if ("holder" in fields && "category" in fields) return named("record", () => recordIdOf(terms as never));
  if ("referrer" in fields) return named("referral", () => referralIdOf(terms as never));
  return undefined;
}

const isDisclosure = (value: unknown): boolean => isResult(value) && "document" in value.toObject();

/** What only signatures, proofs and holders tell. */
function walk(
  value: unknown,
  found: {
    readonly holders: Map<string, string>;
    readonly signers: string[];
    readonly batches: Map<string, readonly string[]>;
  },
): void {
  if (!isResult(value)) return;
  const fields = (tried(() => value.toObject()) ?? {}) as Arguments;
  const { holder, signer, root, proof } = fields;
  const entry = typeof holder === "string" ? entryOf("", value) : undefined;
  if (entry !== undefined) found.holders.set(lower(holder as string), entry);
  if (typeof signer === "string") found.signers.push(lower(signer));
  if (typeof root === "string" && isResult(proof)) found.batches.set(lower(root), [...proof].map(lower));
  for (const each of value) walk(each, found);
}

/** Numbers as the SDK takes them. */
function plain(fields: Arguments): Arguments {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "bigint" && name !== "unitsPerFill" ? Number(value) : value,
    ]),
  );
}

function named(kind: string, idOf: () => string): string | undefined {
  const id = tried(idOf); // Terms that the SDK would refuse are of a transaction that failed.
  return id === undefined ? undefined : `${kind} ${lower(id)}`;
}

function firstOf<T>(work: (each: Interface) => T | null): T | undefined {
  for (const each of interfaces) {
    const found = tried(() => work(each));
    if (found !== undefined) return found;
  }
  return undefined;
}

function tried<T>(work: () => T | null): T | undefined {
  try {
    return work() ?? undefined;
  } catch {
    return undefined;
  }
}

function isResult(value: unknown): value is Result {
  return Array.isArray(value) && typeof (value as unknown as { toObject?: unknown }).toObject === "function";
}

/** Hexadecimal without 0x, lower case. */
export function lower(hex: string | undefined): string {
  return (hex ?? "").replace(/^0x/, "").toLowerCase();
}
