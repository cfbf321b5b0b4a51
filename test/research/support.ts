import { as, ethers, type Actor } from "../core/chain.ts";
import { freshConsortium, Member, people, type World } from "../core/world.ts";
import { wordOf } from "./dataUseModel.ts";

/** Why an access is withdrawn. */
export const Withdrawal = {
  unspecified: 0,
  agreed: 1,
  statementUntrue: 2,
  termsBroken: 3,
  dataAtRisk: 4,
  lawOrCourt: 5,
} as const;

/** How an access stands, by number. */
export const Answer = {
  unknown: 0n,
  ofOther: 1n,
  withdrawn: 2n,
  datasetRetired: 3n,
  ended: 4n,
  memberNotReceiving: 5n,
  termsRefuse: 6n,
  permitted: 7n,
} as const;

/** Terms of a dataset: biomedical research, not commercial. */
export const OPEN = wordOf(["HMB", "NCU"]);

/** What a requester states of a use that keeps them. */
export const KEEPS = wordOf(["HMB", "NCU"]);

/** What names a dataset. */
export type Dataset = { custodian: number; commitment: string };

/** What is asked for. */
export type Access = { dataset: string; member: number; terms: bigint; commitment: string };

/** A salted commitment, as every random value looks. */
export const commitment = (seed: string): string => ethers.id(`salted commitment ${seed}`);

/** A dataset of St Mary's. */
export const dataset = (change: Partial<Dataset> = {}): Dataset => ({
  custodian: Member.stMary,
  commitment: commitment("dataset"),
  ...change,
});

const coder = ethers.AbiCoder.defaultAbiCoder();

/** EIP-712 struct hash, written down again. */
export const datasetIdOf = ({ custodian, commitment: one }: Dataset): string =>
  ethers.keccak256(
    coder.encode(
      ["bytes32", "uint32", "bytes32"],
      [ethers.id("Dataset(uint32 custodian,bytes32 commitment)"), custodian, one],
    ),
  );

/** EIP-712 struct hash, written down again. */
export const accessIdOf = (access: Access): string =>
  ethers.keccak256(
    coder.encode(
      ["bytes32", "bytes32", "uint32", "uint256", "bytes32"],
      [
        ethers.id("Access(bytes32 dataset,uint32 member,uint256 terms,bytes32 commitment)"),
        access.dataset,
        access.member,
        access.terms,
        access.commitment,
      ],
    ),
  );

/** What North General asks of the dataset. */
export const access = (change: Partial<Access> = {}): Access => ({
  dataset: datasetIdOf(dataset()),
  member: Member.northGeneral,
  terms: KEEPS,
  commitment: commitment("project"),
  ...change,
});

/** Register the dataset as its custodian's archive. */
export const register = async (
  { research }: World,
  terms: bigint = OPEN,
  one: Dataset = dataset(),
  who: Actor = people.stMaryArchive,
) => await as(research, who).registerDataset(one, terms);

/** Ask for the dataset as North General's research desk. */
export const request = async ({ research }: World, one: Access = access(), who: Actor = people.northDesk) =>
  await as(research, who).requestAccess(one);

/** Withdraw it as the custodian's archive. */
export const withdraw = async (
  { research }: World,
  reason: number = Withdrawal.termsBroken,
  one: Access = access(),
  who: Actor = people.stMaryArchive,
  custodian: number = Member.stMary,
) => await as(research, who).withdrawAccess(one, custodian, reason);

/** How an access stands for a member, by default the one that asked. */
export const answerTo = async (
  { research }: World,
  one: Access = access(),
  member: number = one.member,
): Promise<readonly [answer: bigint, term: bigint]> => {
  const { answer, term } = await research.isAccessPermitted(one, member);
  return [answer, term];
};

/** The consortium with a dataset of St Mary's. */
export const withDataset = async (terms: bigint = OPEN): Promise<World> => {
  const world = await freshConsortium();
  await register(world, terms);
  return world;
};

/** The consortium with a dataset and an access to it. */
export const withAccess = async (): Promise<World> => {
  const world = await withDataset();
  await request(world);
  return world;
};

/** Close a member and let another act for it. */
export const succeed = async ({ registry }: World, member: number, successor: number): Promise<void> => {
  const governed = as(registry, people.governance);
  await governed.closeMember(member);
  await governed.nameSuccessor(member, successor);
};
