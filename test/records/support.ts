import { Signature, ZeroHash, type TypedDataDomain } from "ethers";

import { START, DAY, as, ethers, type Actor } from "../core/chain.ts";
import { freshConsortium, people, Member, type Records, type World } from "../core/world.ts";

/** Where a record stands, by number. */
export const Standing = { unknown: 0n, current: 1n, superseded: 2n, retracted: 3n } as const;

/** Why a record is retracted. */
export const Retraction = {
  unspecified: 0,
  wrongPatient: 1,
  wrongContent: 2,
  duplicate: 3,
  notAuthorised: 4,
} as const;

/** Why a test is ordered again. */
export const Repeat = { unspecified: 0, clinicalChange: 1, qualityDoubt: 2 } as const;

/** Where a referral stands, by number. */
export const Stage = {
  unknown: 0n,
  proposed: 1n,
  accepted: 2n,
  declined: 3n,
  completed: 4n,
  withdrawn: 5n,
} as const;

/** Why a referral is declined. */
export const Decline = { unspecified: 0, noCapacity: 1 } as const;

/** Terms of a record. */
export type Entry = {
  custodian: number;
  holder: string;
  commitment: string;
  category: number;
  codeSystem: number;
  reusableUntil: number;
};

/** Where it was anchored. */
export type Origin = { root: string; proof: string[] };

/** Terms of a referral. */
export type Referral = {
  from: number;
  to: number;
  referrer: string;
  commitment: string;
  records: string;
  validUntil: number;
};

/** Signature as the contract takes it. */
export type Signed = { r: string; vs: string; deadline: number };

/** No signature: the professional sends the act. */
export const SENT: Signed = { r: ZeroHash, vs: ZeroHash, deadline: 0 };

/** Anchored by itself. */
export const ALONE: Origin = { root: ZeroHash, proof: [] };

/** An ephemeral key that is a compressed point by form. */
export const EPHEMERAL = { x: ethers.id("ephemeral key of a record"), prefix: "0x03", viewTag: "0xa5" };

/** Hash of a file of announcements. */
export const FILE = ethers.id("announcements");

/** Bounds of the contract. */
export const REUSE_MAX = 366 * DAY;
export const REFERRAL_MAX = 365 * DAY;
export const BATCH_MAX = 2 ** 20;
export const SIGNATURE_LIFE = 3 * DAY;

/** Numbers of the configuration's lists. */
export const LABORATORY = 5;
export const LOINC = 1;

/** A stealth address for each number. */
export const holderOf = (number: number): string =>
  ethers.getAddress(ethers.dataSlice(ethers.id(`holder of record ${number}`), 12));

/** A laboratory report that St Mary's keeps, usable again for 30 days. */
export const entry = (changes: Partial<Entry> = {}): Entry => ({
  custodian: Member.stMary,
  holder: holderOf(1),
  commitment: ethers.id("salted commitment to a report"),
  category: LABORATORY,
  codeSystem: LOINC,
  reusableUntil: START + 30 * DAY,
  ...changes,
});

/** A referral by Dr Li to North General, open for 10 days. */
export const referral = (changes: Partial<Referral> = {}): Referral => ({
  from: Member.stMary,
  to: Member.northGeneral,
  referrer: people.drLi.key,
  commitment: ethers.id("salted commitment to a request"),
  records: ethers.id("salted commitment to a list of records"),
  validUntil: START + 10 * DAY,
  ...changes,
});

const RECORD = [
  { name: "custodian", type: "uint32" },
  { name: "holder", type: "address" },
  { name: "commitment", type: "bytes32" },
  { name: "category", type: "uint8" },
  { name: "codeSystem", type: "uint16" },
  { name: "reusableUntil", type: "uint32" },
];
const REFERRAL = [
  { name: "from", type: "uint32" },
  { name: "to", type: "uint32" },
  { name: "referrer", type: "bytes32" },
  { name: "commitment", type: "bytes32" },
  { name: "records", type: "bytes32" },
  { name: "validUntil", type: "uint32" },
];
const PROPOSAL = [
  { name: "referral", type: "bytes32" },
  { name: "deadline", type: "uint32" },
];

/** Id of these terms, computed here and not by the contract. */
export const idOf = (record: Entry): string =>
  ethers.TypedDataEncoder.hashStruct("Record", { Record: RECORD }, record);

/** Id of this referral, computed here and not by the contract. */
export const referralIdOf = (terms: Referral): string =>
  ethers.TypedDataEncoder.hashStruct("Referral", { Referral: REFERRAL }, terms);

const pair = (a: string, b: string): string => ethers.keccak256(ethers.concat(a < b ? [a, b] : [b, a]));

/** A batch of these leaves: its root, and the origin of each. An odd node is carried up. */
export const treeOf = (leaves: readonly string[]): { root: string; origins: Origin[] } => {
  const proofs: string[][] = leaves.map(() => []);
  let level = leaves.map((hash, i) => ({ hash, under: [i] }));
  while (level.length > 1) {
    const above: typeof level = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      if (left === undefined) continue;
      if (right === undefined) {
        above.push(left);
        continue;
      }
      for (const leaf of left.under) proofs[leaf]?.push(right.hash);
      for (const leaf of right.under) proofs[leaf]?.push(left.hash);
      above.push({ hash: pair(left.hash, right.hash), under: [...left.under, ...right.under] });
    }
    level = above;
  }
  const root = level[0]?.hash ?? ZeroHash;
  return { root, origins: proofs.map((proof) => ({ root, proof })) };
};

/** A batch of these records. */
export const batchOf = (records: readonly Entry[]) =>
  treeOf(records.map((record) => ethers.keccak256(idOf(record))));

/** Anchor as St Mary's archive; returns the id. */
export const anchor = async (
  { records }: World,
  record: Entry = entry(),
  by: Actor = people.stMaryArchive,
): Promise<string> => {
  await as(records, by).anchor(record, EPHEMERAL);
  return idOf(record);
};

/** Anchor a batch of these records as St Mary's archive. */
export const anchorBatch = async ({ records }: World, entries: readonly Entry[]) => {
  const batch = batchOf(entries);
  await as(records, people.stMaryArchive).anchorBatch(Member.stMary, batch.root, entries.length, FILE);
  return batch;
};

/** Five different records of one batch. */
export const five = [1, 2, 3, 4, 5].map((number) =>
  entry({ holder: holderOf(number), commitment: ethers.id(`report ${number}`) }),
);

/** How a record stands, as an object. */
export const standingOf = async ({ records }: World, record: Entry, origin: Origin = ALONE) => {
  const { status, anchoredAt, endedAt, reusable } = await records.standingOf(record, origin);
  return { status, anchoredAt: Number(anchoredAt), endedAt: Number(endedAt), reusable };
};

/** How a referral stands, as an object. */
export const stageOf = async ({ records }: World, terms: Referral) => {
  const found = await records.referralOf(terms);
  return {
    status: found.status,
    proposedAt: Number(found.proposedAt),
    answeredAt: Number(found.answeredAt),
    completedAt: Number(found.completedAt),
    expired: found.expired,
  };
};

/** Propose as the referrer; returns the id. */
export const propose = async ({ records }: World, terms: Referral = referral()): Promise<string> => {
  await as(records, people.drLi).proposeReferral(terms, SENT);
  return referralIdOf(terms);
};

/** EIP-712 domain of the record registry. */
export const domainOf = async (records: Records): Promise<TypedDataDomain> => ({
  name: "CareLedger RecordRegistry",
  version: "1",
  chainId: (await ethers.provider.getNetwork()).chainId,
  verifyingContract: await records.getAddress(),
});

/** The referrer's signature; `domain` overrides parts of the registry's own. */
export const signProposal = async (
  { records }: World,
  by: Actor,
  id: string,
  deadline: number,
  domain: TypedDataDomain = {},
): Promise<Signed> => {
  const whole = { ...(await domainOf(records)), ...domain };
  const types = { ReferralProposal: PROPOSAL };
  const raw = await by.wallet.signTypedData(whole, types, { referral: id, deadline });
  const { r, yParityAndS } = Signature.from(raw);
  return { r, vs: yParityAndS, deadline };
};

/** Other domains under which no signature may count. */
export const FOREIGN_DOMAINS: readonly TypedDataDomain[] = [
  { chainId: 1n },
  { verifyingContract: people.stranger.address },
  { version: "2" },
  { name: "CareLedger PrescriptionRegistry" },
];

/** Close St Mary's and let North General stand in for it. */
export const succeed = async ({ registry }: World): Promise<void> => {
  const governed = as(registry, people.governance);
  await governed.closeMember(Member.stMary);
  await governed.nameSuccessor(Member.stMary, Member.northGeneral);
};

/** Deploy a body of the record registry with its extension; returns its address. */
export const deployRecordBody = async (members: string, standards: string): Promise<string> => {
  const { wallet } = people.deployer;
  const exchange = await ethers.deployContract("RecordExchange", [members, standards], wallet);
  const parts = [members, standards, await exchange.getAddress()];
  const body = await ethers.deployContract("RecordRegistry", parts, wallet);
  return await body.getAddress();
};

/** The consortium with empty record and standards registries and the configuration's lists. */
export const freshWorld = freshConsortium;
