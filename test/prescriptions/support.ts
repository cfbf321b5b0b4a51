import { Signature, ZeroHash, type TypedDataDomain, type Wallet } from "ethers";

import { DAY, HOUR, START, actor, as, ethers, networkHelpers, type Actor } from "../core/chain.ts";
import {
  assignRoles,
  freshConsortium,
  people,
  prescriptionsAt,
  Member,
  Site,
  type Prescriptions,
  type World,
} from "../core/world.ts";

/** Status of a prescription, by number. */
export const Status = {
  unknown: 0n,
  awaitingReview: 1n,
  open: 2n,
  completed: 3n,
  cancelled: 4n,
  replaced: 5n,
  refused: 6n,
} as const;

/** What a review found. */
export const Outcome = {
  unspecified: 0,
  approved: 1,
  refusedFormal: 2,
  refusedClinical: 3,
  refusedLegal: 4,
} as const;

/** Why a dispense is withdrawn. */
export const Withdrawal = {
  unspecified: 0,
  notCollected: 1,
  wrongEntry: 2,
  wrongProduct: 3,
  returned: 4,
} as const;

/** Why prescriptions are halted. */
export const HaltReason = {
  unspecified: 0,
  keyCompromise: 1,
  suspectedFraud: 2,
  patientSafety: 3,
  windDown: 4,
} as const;

/** The ten terms of a prescription. */
export type Terms = {
  issuer: number;
  prescriber: string;
  holder: string;
  commitment: string;
  unitsPerFill: bigint;
  fills: number;
  interval: number;
  validFrom: number;
  validUntil: number;
  reviewer: number;
};

/** What a lock is taken for. */
export type Lock = { member: number; site: number; lockCount: number; fill: number; lockedUntil: number };

/** What is handed over. */
export type Handover = {
  member: number;
  site: number;
  lockCount: number;
  ordinal: number;
  fill: number;
  units: bigint;
  handedOverAt: number;
  commitment: string;
};

/** Signature as the contract takes it. */
export type Signed = { r: string; vs: string; deadline: number };

/** No signature: the professional sends the act. */
export const SENT: Signed = { r: ZeroHash, vs: ZeroHash, deadline: 0 };

/** What a dispense's record keeps when no stock was named. */
export const NO_STOCK = `0x${"00".repeat(11)}`;

/** An ephemeral key that is a compressed point by form. */
export const EPHEMERAL = { x: ethers.id("ephemeral key"), prefix: "0x02", viewTag: "0x5a" };

/** Longest lock, outage entry, signature life, and the correction window. */
export const LOCK_MAX = 10 * DAY;
export const OUTAGE_MAX = 72 * HOUR;
export const SIGNATURE_LIFE = 72 * HOUR;
export const CORRECTION_WINDOW = 7 * DAY;
export const VALIDITY_MAX = 731 * DAY;

/** A holder key, fresh for each number. */
export const holder = (number: number): Actor => actor(`holder ${number}`);

/** Deploy a body of the prescription registry with its extension; returns its address. */
export const deployPrescriptionBody = async (members: string, stock: string): Promise<string> => {
  const { wallet } = people.deployer;
  const oversight = await ethers.deployContract("PrescriptionOversight", [members, stock], wallet);
  const parts = [members, stock, await oversight.getAddress()];
  const body = await ethers.deployContract("PrescriptionRegistry", parts, wallet);
  return await body.getAddress();
};

/** A further prescription registry of the same consortium, connected to a stock registry. */
export const withStock = async (world: World, stock: string): Promise<World> => {
  const body = await deployPrescriptionBody(await world.registry.getAddress(), stock);
  const manager = await world.manager.getAddress();
  const initialization = world.prescriptions.interface.encodeFunctionData("initialize", [manager]);
  const proxy = await ethers.deployContract("ERC1967Proxy", [body, initialization], people.deployer.wallet);
  const address = await proxy.getAddress();
  await assignRoles(world.manager, "prescriptionRegistry", address);
  return { ...world, prescriptions: await prescriptionsAt(address) };
};

/** The consortium with an empty prescription registry that has no stock. */
export const freshWorld = freshConsortium;

/** Terms of an open prescription by Dr Li: three fills of 30 units, a week apart, valid for 90 days. */
export const terms = (changes: Partial<Terms> = {}): Terms => ({
  issuer: Member.stMary,
  prescriber: people.drLi.key,
  holder: holder(1).address,
  commitment: ethers.id("salted commitment to the document"),
  unitsPerFill: 30_000n,
  fills: 3,
  interval: 7 * DAY,
  validFrom: START,
  validUntil: START + 90 * DAY,
  reviewer: 0,
  ...changes,
});

/** An order that the prescriber sends itself. */
export const order = (prescription: Terms, attestation: Signed = SENT) => ({
  prescription,
  ephemeralKey: EPHEMERAL,
  attestation,
});

/** A lock of the Sun market branch: the first, for the first fill, for a day. */
export const lock = (changes: Partial<Lock> = {}): Lock => ({
  member: Member.sunPharmacy,
  site: Site.sunMarket,
  lockCount: 1,
  fill: 1,
  lockedUntil: START + DAY,
  ...changes,
});

/** A first hand-over of 10 units at the Sun market branch, now. */
export const handover = (changes: Partial<Handover> = {}): Handover => ({
  member: Member.sunPharmacy,
  site: Site.sunMarket,
  lockCount: 1,
  ordinal: 1,
  fill: 1,
  units: 10_000n,
  handedOverAt: 0,
  commitment: ethers.id("salted commitment to the dispense"),
  ...changes,
});

/** EIP-712 types of everything that is signed. */
const PRESCRIPTION = [
  { name: "issuer", type: "uint32" },
  { name: "prescriber", type: "bytes32" },
  { name: "holder", type: "address" },
  { name: "commitment", type: "bytes32" },
  { name: "unitsPerFill", type: "uint40" },
  { name: "fills", type: "uint8" },
  { name: "interval", type: "uint32" },
  { name: "validFrom", type: "uint32" },
  { name: "validUntil", type: "uint32" },
  { name: "reviewer", type: "uint32" },
];
const EPHEMERAL_KEY = [
  { name: "x", type: "bytes32" },
  { name: "prefix", type: "bytes1" },
  { name: "viewTag", type: "bytes1" },
];
const id = { name: "prescription", type: "bytes32" };
const member = { name: "member", type: "uint32" };
const site = { name: "site", type: "uint16" };
const lockCount = { name: "lockCount", type: "uint16" };
const ordinal = { name: "ordinal", type: "uint8" };
const fill = { name: "fill", type: "uint8" };
const deadline = { name: "deadline", type: "uint32" };

const TYPES = {
  Issue: [
    { name: "prescription", type: "Prescription" },
    { name: "ephemeralKey", type: "EphemeralKey" },
    deadline,
  ],
  Replace: [
    id,
    { name: "replacement", type: "Prescription" },
    { name: "ephemeralKey", type: "EphemeralKey" },
    deadline,
  ],
  Review: [id, member, { name: "outcome", type: "uint8" }, deadline],
  Cancel: [id, member, deadline],
  Dispense: [
    id,
    member,
    site,
    lockCount,
    ordinal,
    fill,
    { name: "units", type: "uint40" },
    { name: "handedOverAt", type: "uint32" },
    { name: "commitment", type: "bytes32" },
    { name: "stockHash", type: "bytes32" },
    deadline,
  ],
  CloseFill: [id, member, site, lockCount, ordinal, fill, deadline],
  Withdraw: [id, member, ordinal, { name: "reason", type: "uint8" }, deadline],
  Acceptance: [id, member, site, lockCount, fill, { name: "lockedUntil", type: "uint32" }, deadline],
  Release: [id, lockCount, deadline],
  HolderCancel: [id, deadline],
} as const;

/** Name of a signed act. */
export type ActName = keyof typeof TYPES;

/** Types of one act as ethers takes them. */
export const typesOf = (act: ActName): Record<string, { name: string; type: string }[]> => {
  const types: Record<string, { name: string; type: string }[]> = { [act]: [...TYPES[act]] };
  if (act === "Issue" || act === "Replace") {
    types["Prescription"] = PRESCRIPTION;
    types["EphemeralKey"] = EPHEMERAL_KEY;
  }
  return types;
};

/** Id of these terms, computed here and not by the contract. */
export const idOf = (prescription: Terms): string =>
  ethers.TypedDataEncoder.hashStruct("Prescription", { Prescription: PRESCRIPTION }, prescription);

/** EIP-712 domain of the prescription registry. */
export const domainOf = async (prescriptions: Prescriptions): Promise<TypedDataDomain> => ({
  name: "CareLedger PrescriptionRegistry",
  version: "1",
  chainId: (await ethers.provider.getNetwork()).chainId,
  verifyingContract: await prescriptions.getAddress(),
});

/** What is signed, its deadline aside. */
export type Message = Readonly<Record<string, unknown>>;

/** Sign an act; `domain` overrides parts of the registry's own. */
export const sign = async (
  prescriptions: Prescriptions,
  signer: { readonly wallet: Wallet },
  act: ActName,
  message: Message,
  until: number,
  domain: TypedDataDomain = {},
): Promise<Signed> => {
  const raw = await signer.wallet.signTypedData(
    { ...(await domainOf(prescriptions)), ...domain },
    typesOf(act),
    {
      ...message,
      deadline: until,
    },
  );
  const { r, yParityAndS } = Signature.from(raw);
  return { r, vs: yParityAndS, deadline: until };
};

/** Other domains under which no signature may count. */
export const FOREIGN_DOMAINS: readonly TypedDataDomain[] = [
  { chainId: 1n },
  { verifyingContract: people.stranger.address },
  { version: "2" },
  { name: "CareLedger MemberRegistry" },
];

/** The holder's authorisation of a lock. */
export const authorise = async (
  { prescriptions }: World,
  prescription: Terms,
  taken: Lock,
  by: Actor = holder(1),
  until: number = taken.lockedUntil,
  domain: TypedDataDomain = {},
): Promise<Signed> =>
  await sign(prescriptions, by, "Acceptance", { prescription: idOf(prescription), ...taken }, until, domain);

/** Issue as the prescriber; returns the id. */
export const issue = async (
  { prescriptions }: World,
  prescription: Terms,
  by: Actor = people.drLi,
): Promise<string> => {
  await as(prescriptions, by).issue(order(prescription));
  return idOf(prescription);
};

/** Accept with the holder's authorisation, whose deadline is as late as may be. */
export const accept = async (
  world: World,
  prescription: Terms,
  taken: Lock = lock(),
  by: Actor = people.sunTill,
  owner: Actor = holder(1),
) => {
  const latest = (await networkHelpers.time.latest()) + SIGNATURE_LIFE;
  const signature = await authorise(world, prescription, taken, owner, Math.min(latest, taken.lockedUntil));
  return await as(world.prescriptions, by).accept(prescription, taken, signature);
};

/** Issued by Dr Li and locked by the Sun market branch until a day after the start. */
export const freshLock = async (): Promise<World & { prescription: Terms; id: string }> => {
  const world = await freshWorld();
  const prescription = terms();
  await issue(world, prescription);
  await accept(world, prescription);
  return { ...world, prescription, id: idOf(prescription) };
};

/** Hand over as pharmacist Anna. */
export const dispense = async (
  { prescriptions }: World,
  prescription: Terms,
  given: Handover = handover(),
  by: Actor = people.anna,
) => await as(prescriptions, by).dispense(prescription, given, "0x", SENT);

/** The stored state as an object. */
export const stateOf = async ({ prescriptions }: World, of: string) => {
  const state = await prescriptions.stateOf(of);
  return {
    status: state.status,
    cancelPending: state.cancelPending,
    lockUsed: state.lockUsed,
    lockNext: state.lockNext,
    fillBegun: state.fillBegun,
    unitsLeft: state.unitsLeft,
    // By index: an ethers Result answers `fill` with the array method of that name.
    fill: Number(state[6]),
    fillOpenedAt: Number(state.fillOpenedAt),
    lockMember: Number(state.lockMember),
    lockSite: Number(state.lockSite),
    lockedAt: Number(state.lockedAt),
    lockedUntil: Number(state.lockedUntil),
    lockCount: Number(state.lockCount),
    dispenses: Number(state.dispenses),
    issuedAt: Number(state.issuedAt),
  };
};

/** ERC-7201 slot of the registry's storage (contracts/prescriptions/PrescriptionStorage.sol); states come first. */
const LAYOUT = 0x612a08e0983da10ce3932a98e5260aeca164997f36a77e8358cb716adc134000n;

/**
 * Write a prescription's counters: to count to 65,535 locks or 255 dispenses would take minutes and show no more.
 */
export const setCounters = async (
  world: World,
  of: string,
  counters: { readonly lockCount?: number; readonly dispenses?: number },
): Promise<void> => {
  const address = await world.prescriptions.getAddress();
  const slot = ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [of, LAYOUT]),
  );
  let word = BigInt(await ethers.provider.getStorage(address, slot));
  if (counters.lockCount !== undefined) {
    word = (word & ~(0xffffn << 200n)) | (BigInt(counters.lockCount) << 200n);
  }
  if (counters.dispenses !== undefined) {
    word = (word & ~(0xffn << 216n)) | (BigInt(counters.dispenses) << 216n);
  }
  await networkHelpers.setStorageAt(address, slot, ethers.toBeHex(word, 32));
  const state = await stateOf(world, of);
  if (state.lockCount !== (counters.lockCount ?? state.lockCount))
    throw new Error("the storage layout moved");
  if (state.dispenses !== (counters.dispenses ?? state.dispenses))
    throw new Error("the storage layout moved");
};

/** Add units to what the chain stores as left: a fault that tests must notice. */
export const addUnits = async (world: World, of: string, units: bigint): Promise<void> => {
  const address = await world.prescriptions.getAddress();
  const slot = ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [of, LAYOUT]),
  );
  const word = BigInt(await ethers.provider.getStorage(address, slot)) + (units << 8n);
  await networkHelpers.setStorageAt(address, slot, ethers.toBeHex(word, 32));
};
