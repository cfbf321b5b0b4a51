import { ethers } from "../../core/chain.ts";
import type { World } from "../../core/world.ts";
import {
  compareShell,
  comparison,
  ensure,
  need,
  newShell,
  replay,
  shellHandlers,
  wordOf,
  type Domain,
  type Handlers,
  type Shell,
} from "./engine.ts";
import { pagesOf } from "./standards.ts";

const NAMESPACE = "careledger.storage.RecordRegistry";
const ANY_RETIRED = 1n << 48n;

type EntryState = { status: bigint; anchoredAt: bigint; endedAt: bigint };
type ReferralState = { status: bigint; proposedAt: bigint; answeredAt: bigint; completedAt: bigint };

type ReplayedRecords = {
  entries: Map<string, EntryState>;
  /** By custodian and root. */
  batches: Map<string, { anchoredAt: bigint; count: bigint }>;
  /** By record and member. */
  repeats: Set<string>;
  referrals: Map<string, ReferralState>;
  /** What the last refresh copied, and its block. */
  standards: { categories: bigint; codeSystems: bigint; block: bigint };
  readonly shell: Shell;
};

const Status = { current: 1n, superseded: 2n, retracted: 3n } as const;
const Stage = { proposed: 1n, accepted: 2n, declined: 3n, completed: 4n, withdrawn: 5n } as const;

/** A record of a batch has an entry of its own only once it ended. */
const ended = ({ entries }: ReplayedRecords, id: string, status: bigint, at: bigint): void => {
  const entry = ensure(entries, id, () => ({ status: 0n, anchoredAt: 0n, endedAt: 0n }));
  Object.assign(entry, { status, endedAt: at });
};

const answered =
  (status: bigint): Handlers<ReplayedRecords>[string] =>
  ({ referrals }, value, { at }) => {
    Object.assign(need(referrals, value("referral")), { status, answeredAt: at });
  };

const handlers: Handlers<ReplayedRecords> = {
  ...shellHandlers,
  Announcement: () => undefined,
  RecordAnchored: ({ entries }, value, { at }) => {
    entries.set(value("record"), { status: Status.current, anchoredAt: at, endedAt: 0n });
  },
  RecordsAnchored: ({ batches }, value, { at }) => {
    const key = `${value("custodian") as bigint} ${value("root") as string}`;
    batches.set(key, { anchoredAt: at, count: value("count") });
  },
  RecordSuperseded: (state, value, { at }) => ended(state, value("record"), Status.superseded, at),
  RecordRetracted: (state, value, { at }) => ended(state, value("record"), Status.retracted, at),
  RepeatOrdered: ({ repeats }, value) => {
    repeats.add(`${value("record") as string} ${value("member") as bigint}`);
  },
  ReferralProposed: ({ referrals }, value, { at }) => {
    const proposed = { status: Stage.proposed, proposedAt: at, answeredAt: 0n, completedAt: 0n };
    referrals.set(value("referral"), proposed);
  },
  ReferralAccepted: answered(Stage.accepted),
  ReferralDeclined: answered(Stage.declined),
  ReferralWithdrawn: answered(Stage.withdrawn),
  ReferralCompleted: ({ referrals }, value, { at }) => {
    Object.assign(need(referrals, value("referral")), { status: Stage.completed, completedAt: at });
  },
  StandardsRefreshed: (state, value, { block }) => {
    state.standards = { categories: value("categories"), codeSystems: value("codeSystems"), block };
  },
};

/** Numbers that StandardsRegistry had retired by the end of a block: a refresh copies them. */
const retiredBy = async ({ standards }: World, block: bigint): Promise<bigint[]> => {
  const address = await standards.getAddress();
  const topics = [ethers.id("CodeSystemRetired(uint16)")];
  const logs = await ethers.provider.getLogs({ address, topics, fromBlock: 0, toBlock: Number(block) });
  return logs.map(({ topics: [, number = "0x0"] }) => BigInt(number));
};

/** Records, batches, repeats, referrals and the copy of the governed lists. */
export const recordDomain: Domain = {
  namespace: NAMESPACE,
  fields: ["entries", "batches", "repeats", "referrals", "retiredCodeSystems"],
  differences: async (world) => {
    const { records } = world;
    const { found, compare } = comparison();
    const told = await replay<ReplayedRecords>(records, handlers, {
      entries: new Map(),
      batches: new Map(),
      repeats: new Set(),
      referrals: new Map(),
      standards: { categories: 0n, codeSystems: 0n, block: 0n },
      shell: newShell(),
    });
    const stored = (field: string, ...keys: readonly (readonly [string, unknown])[]) =>
      wordOf(records, NAMESPACE, field, ...keys);
    for (const [id, { status, anchoredAt, endedAt }] of told.entries) {
      const word = status | (anchoredAt << 8n) | (endedAt << 40n);
      compare(`record ${id}`, word, await stored("entries", ["bytes32", id]));
    }
    for (const [key, { anchoredAt, count }] of told.batches) {
      const [custodian = "", root = ""] = key.split(" ");
      const word = await stored("batches", ["uint32", custodian], ["bytes32", root]);
      compare(`batch ${key}`, anchoredAt | (count << 32n), word);
    }
    for (const key of told.repeats) {
      const [id = "", member = ""] = key.split(" ");
      compare(`repeat ${key}`, 1n, await stored("repeats", ["bytes32", id], ["uint32", member]));
    }
    for (const [id, { status, proposedAt, answeredAt, completedAt }] of told.referrals) {
      const word = status | (proposedAt << 8n) | (answeredAt << 40n) | (completedAt << 72n);
      compare(`referral ${id}`, word, await stored("referrals", ["bytes32", id]));
    }
    const { categories, codeSystems, block } = told.standards;
    const pages = pagesOf(await retiredBy(world, block));
    for (let page = 0n; page <= codeSystems / 256n; page++) {
      compare(
        `retired page ${page}`,
        pages.get(page) ?? 0n,
        await stored("retiredCodeSystems", ["uint8", page]),
      );
    }
    const standing = categories | (codeSystems << 32n) | (pages.size > 0 ? ANY_RETIRED : 0n);
    await compareShell(compare, records, told.shell, Number(standing));
    return found.map((one) => `RecordRegistry: ${one}`);
  },
};
