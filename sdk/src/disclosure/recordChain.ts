import { ZeroHash, getBytes } from "ethers";

import type { BreakGlassStatus, DisclosureRecordedEvent, RecordStatus, Ruling } from "../abi/index.ts";
import { disclosureLeafOf, type DisclosureWords } from "../consent/disclosure.ts";
import { getEncryptionKey } from "../consortium/getEncryptionKey.ts";
import { act, eventsOf, onlyEvent, submit } from "../core/act.ts";
import { blockTime } from "../core/blocks.ts";
import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { isCareLedgerError } from "../core/errors.ts";
import { headOf } from "../core/logs.ts";
import { merkleTreeOf } from "../core/merkle.ts";
import { getAnchoredBatch } from "../records/getAnchoredBatch.ts";
import type { RecordOrigin, RecordTerms } from "../records/types.ts";
import type { DeskEntry, DisclosureRule, RecordedDisclosure } from "./desk.ts";

/** How the chain answers a question now. */
export interface PermitReading {
  readonly ruling: Ruling;
  /** The rule that decided. */
  readonly rule: DisclosureRule;
  /** The grantee may take the data out of the consortium. */
  readonly exportable: boolean;
  /** The grantee may pass the data on. */
  readonly redisclosable: boolean;
}

/** A use of break-glass as it stands now. */
export interface BreakGlassReading {
  readonly status: BreakGlassStatus;
  readonly member: number;
  readonly custodian: number;
  readonly operator: string;
  /** Unix seconds. */
  readonly openedAt: number;
  /** Patient to whom the first disclosure bound it; zero before. */
  readonly subject: string;
}

/** All that a record custodian reads of the chain, and the one thing that it writes. */
export interface RecordChain {
  readonly chainId: number;
  /** Address of the RecordRegistry (its proxy). */
  readonly registry: string;
  /** Time of the newest block, unix seconds. */
  asOf(): Promise<number>;
  /** Duties that an operator may exercise for a member now. */
  effectiveDuties(member: number, operator: string): Promise<readonly Duty[]>;
  /** `isPermitted` at the newest block. */
  decide(subject: string, grantee: number, category: number, purpose: number): Promise<PermitReading>;
  /** A use of break-glass at the newest block; of status `Unknown` when there is none. */
  breakGlass(breakGlass: string): Promise<BreakGlassReading>;
  /** How a record stands at the newest block; `Unknown` when it was not anchored so. */
  standingOf(terms: RecordTerms, origin: RecordOrigin): Promise<RecordStatus>;
  /** Hash of the announcements' file of a batch; `undefined` when the custodian anchored none with this root. */
  announcementsOf(custodian: number, root: string): Promise<string | undefined>;
  /** The encryption key that a member publishes now, 71 bytes; `undefined` when it publishes none. */
  encryptionKey(member: number): Promise<Uint8Array | undefined>;
  /**
   * Record a disclosure, and resolve once it is mined. Under the same key it is recorded once, also over crashes.
   * @param custodian Member that discloses.
   */
  recordDisclosure(custodian: number, entry: DeskEntry): Promise<RecordedDisclosure>;
  /** Record several in one transaction: all or none, in their order. At most 200. */
  recordDisclosures(
    custodian: number,
    entries: readonly DeskEntry[],
    key: string,
  ): Promise<RecordedDisclosure[]>;
}

/** What the chain says to a disclosure that is not allowed, whoever sends it. */
export const REFUSALS: ReadonlySet<string> = new Set([
  "DisclosureNotPermitted",
  "BreakGlassUnknown",
  "BreakGlassAlreadyReviewed",
  "BreakGlassMismatch",
  "BreakGlassDenied",
  "BreakGlassSuspended",
  "SubjectUnknown",
  "SubjectOfOther",
]);

/** Whether an entry stands on a break-glass. */
export function isBreakGlass({ breakGlass }: { readonly breakGlass: string }): boolean {
  return breakGlass !== ZeroHash;
}

/**
 * What a record custodian needs of the chain, through a client.
 *
 * @param client Of the custodian's own node. It sends as a DISCLOSE operator of the custodian; its journal must be a durable
 * one (`createSqliteJournal`): it is what keeps a crash from recording a disclosure twice.
 * @example
 * const chain = recordChain(createClient({ network, signer, journal: createSqliteJournal("data/sends.db") }));
 */
export function recordChain(client: Client): RecordChain {
  const first = async <T>(
    contract: "consentRegistry" | "recordRegistry",
    name: string,
    args: readonly unknown[],
  ): Promise<T> => (await client.read(contract, name, args))[0] as T;
  return {
    chainId: client.network.chainId,
    registry: client.network.addresses.recordRegistry,
    asOf: async () => (await blockTime(client, await headOf(client))).timestamp,
    effectiveDuties: async (member, operator) =>
      (await client.read("memberRegistry", "effectiveDuties", [member, operator]))["duties"] as Duty[],
    decide: async (subject, grantee, category, purpose) => {
      const args = [subject, grantee, category, purpose];
      const { ruling, sector, number, version, exportable, redisclosable } = await first<
        PermitReading & DisclosureRule
      >("consentRegistry", "isPermitted", args);
      return { ruling, rule: { sector, number, version }, exportable, redisclosable };
    },
    breakGlass: (breakGlass) => first("consentRegistry", "breakGlassOf", [breakGlass]),
    standingOf: async (terms, origin) =>
      (await first<{ status: RecordStatus }>("recordRegistry", "standingOf", [terms, origin])).status,
    announcementsOf: async (custodian, root) => {
      try {
        return (await getAnchoredBatch(client, { custodian, root })).announcements;
      } catch (error) {
        if (isCareLedgerError(error, "RecordBatchNotFound")) return undefined;
        throw error;
      }
    },
    encryptionKey: async (member) => {
      try {
        const published = await getEncryptionKey(client, member);
        return published.member === member ? getBytes(published.value) : undefined;
      } catch (error) {
        if (isCareLedgerError(error, "PublicationMissing", "MemberUnknown")) return undefined;
        throw error;
      }
    },
    recordDisclosure: async (custodian, entry) => {
      const recorded = await act(client, "consentRegistry", "DisclosureRecorded", {
        name: "recordDisclosure",
        args: [custodian, wordsOf(entry)],
        key: entry.key,
      });
      return { ...ruleOf(recorded), ...placeOf(recorded) };
    },
    recordDisclosures: async (custodian, entries, key) => {
      const words = entries.map(wordsOf);
      const call = { name: "recordDisclosures", args: [custodian, words], key };
      const receipt = await submit(client, "consentRegistry", call);
      const batch = onlyEvent(client, "consentRegistry", "DisclosuresRecorded", receipt);
      const rules = eventsOf(client, "consentRegistry", "DisclosureRecorded", receipt).map(ruleOf);
      const tree = merkleTreeOf(words.map((each, at) => disclosureLeafOf(each, rules[at]!)));
      return rules.map((rule, at) => ({
        ...rule,
        ...placeOf(batch),
        batch: { root: batch.root, proof: tree.proofOf(at) },
      }));
    },
  };
}

function wordsOf({ subject, member, category, purpose, document, breakGlass }: DeskEntry): DisclosureWords {
  return { subject, grantee: member, category, purpose, document, breakGlass };
}

function ruleOf({
  sector,
  number,
  version,
}: Pick<DisclosureRecordedEvent, keyof DisclosureRule>): DisclosureRule {
  return { sector, number, version };
}

function placeOf({ transactionHash, blockNumber }: { transactionHash: string; blockNumber: number }) {
  return { transactionHash, blockNumber };
}
