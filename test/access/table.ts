import {
  AbiCoder,
  Interface,
  ZeroAddress,
  keccak256,
  type BaseContract,
  type FunctionFragment,
  type ParamType,
} from "ethers";
import { artifacts } from "hardhat";

import { actor, ethers, type Actor } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { Member, people, type World } from "../core/world.ts";
import { staff } from "../consent/support.ts";
import { holder } from "../prescriptions/support.ts";

/** Everybody who might call. A new domain adds the roles that it brings. */
export const roles = {
  stranger: people.stranger,
  deployer: people.deployer,
  governance: people.governance,
  "governance under a delay": actor("governance under a delay"),
  emergency: people.emergency,
  claims: people.claims,
  "admin of the member": people.stMaryAdmin,
  "pending admin of the member": actor("pending admin of stMary"),
  "admin of another hospital": people.northAdmin,
  "admin of the pharmacy": people.sunAdmin,
  "prescriber of the member": people.drLi,
  "colleague of the prescriber": people.drChen,
  "prescriber without a licence": people.drIdle,
  "prescriber of another hospital": people.drWu,
  "pharmacist of the hospital": people.hallPharmacist,
  "relay of the member": people.stMarySystem,
  "archivist of the member": people.stMaryArchive,
  "archivist of another hospital": people.northArchive,
  "research desk of another hospital": people.northDesk,
  "relay of another hospital": people.northSystem,
  "pharmacist of the pharmacy": people.anna,
  "dispenser of the pharmacy": people.ben,
  "relay of the pharmacy": people.sunTill,
  "pharmacist of another pharmacy": people.mia,
  "relay of another pharmacy": people.moonTill,
  "licenser of the authority": people.licenser,
  "inspector of the regulator": people.inspector,
  "licenser of another authority": people.agencyLicenser,
  "inspector of another regulator": people.agencyInspector,
  holder: holder(1),
  "records desk of the member": staff.desk,
  "discloser of the member": staff.discloser,
  "records desk of another hospital": staff.northDesk,
  "emergency physician of another hospital": staff.drVega,
  "emergency physician without a licence": staff.drRest,
  "stock keeper of the maker": actor("stock keeper of the maker"),
  "quality of the maker": actor("quality of the maker"),
  "recall desk of the maker": actor("recall desk of the maker"),
  "stock keeper of the member": actor("stock keeper of stMary"),
  "quality of the member": actor("quality of stMary"),
  "vaccinator of the member": actor("vaccinator of stMary"),
  "sensor of the member": actor("sensor of stMary"),
  "stock keeper of the pharmacy": actor("stock keeper of the pharmacy"),
  "releaser of the regulator": actor("releaser of the agency"),
  "recall desk of the regulator": actor("recall desk of the agency"),
  "quality of the regulator": actor("quality of the agency"),
} as const satisfies Record<string, Actor>;

/** A role by name. */
export type RoleName = keyof typeof roles;

/** The error that refuses a caller, with its arguments. */
export type Refusal = readonly [error: string, ...args: unknown[]];

/** A call as it goes out. */
export type Sent = { readonly to: string; readonly data: string };

/** How a caller is refused. */
export type Refuse = (caller: Actor, role: RoleName, sent: Sent) => Refusal;

/** One row: a call, who may make it, and how everybody else is refused. */
export type Row = {
  /** Signature as the ABI writes it. */
  readonly call: string;
  /** What is special about this row where a function has several. */
  readonly note?: string;
  /** Arguments; of the caller where it acts in its own name. */
  readonly args: (caller: Actor) => readonly unknown[];
  readonly allowed: "everybody" | readonly RoleName[];
  readonly refusal: Refuse;
  /** The error that those who may still meet, where the stage leaves nothing to do. */
  readonly meets?: string;
  /** How a body that is called by itself, past its proxy, refuses everybody. Needed where the contract has bodies. */
  readonly alone?: Refuse;
};

/** A view that is asked with something that exists; refused only where that is said. */
export type View = { readonly args: readonly unknown[]; readonly refusal?: Refusal };

/** A contract behind a proxy: its own address and artifact. */
export type Body = { readonly artifact: string; readonly address: string };

/** A contract of the stage with everything that the matrix asks of it. */
export type Opened = {
  /** Under its whole interface, at the address that everybody calls. */
  readonly contract: BaseContract;
  readonly rows: readonly Row[];
  readonly bodies: readonly Body[];
  /** Views that take arguments, and those that refuse, by signature. */
  readonly views: Readonly<Record<string, View>>;
  /** Errors by which a view says that it does not know what it was asked for. */
  readonly notFound: readonly string[];
};

/** The rows of one contract. */
export type RowSet = {
  readonly name: string;
  /** Artifacts that make it up: bodies, extension, proxy. */
  readonly parts: readonly string[];
  /** Put on stage what the rows are about. */
  readonly open: (world: World) => Promise<Opened>;
};

// ── refusals that several contracts share ──────────────────────────────────────────────────────────────────────────

/** Not among the holders of the role; who holds it under a delay has scheduled nothing. */
export const unauthorised: Refuse = (caller) => ["AccessManagedUnauthorized", caller.address];

/** As AccessManager names an operation. */
export const operationId = (caller: Actor, { to, data }: Sent): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "bytes"], [caller.address, to, data]));

const governedRefusal: Refuse = (caller, role, sent) =>
  role === "governance under a delay"
    ? ["AccessManagerNotScheduled", operationId(caller, sent)]
    : unauthorised(caller, role, sent);

/** The body of a proxy takes no acts by itself. */
export const bypassed: Refuse = (_, __, { to }) => ["DomainProxyBypassed", to];

/** The member has not appointed the caller to any of these duties. */
export const dutyNotHeld =
  (member: number, duty: number): Refuse =>
  (caller) => ["DutyNotHeld", member, caller.key, duty];

export const governed = {
  allowed: ["governance"],
  refusal: governedRefusal,
  alone: unauthorised,
} as const satisfies Partial<Row>;
export const emergency = {
  allowed: ["emergency"],
  refusal: unauthorised,
  alone: unauthorised,
} as const satisfies Partial<Row>;
export const claims = {
  allowed: ["claims"],
  refusal: unauthorised,
  alone: unauthorised,
} as const satisfies Partial<Row>;
export const everybody = { allowed: "everybody", refusal: (): Refusal => ["nobody is refused"] } as const;
export const nobody = {
  allowed: [],
  refusal: unauthorised,
  alone: unauthorised,
} as const satisfies Partial<Row>;
/** Initialised once and for all; a new authority is set by the AccessManager itself, never by an account. */
export const nobodyInitialises = {
  allowed: [],
  refusal: (): Refusal => ["InvalidInitialization"],
  alone: (): Refusal => ["InvalidInitialization"],
} as const satisfies Partial<Row>;
/** Upgrades go through the proxy. */
export const upgrade = {
  ...governed,
  alone: (): Refusal => ["UUPSUnauthorizedCallContext"],
} as const satisfies Partial<Row>;
export const byInspector = {
  allowed: ["inspector of the regulator"],
  refusal: dutyNotHeld(Member.healthOffice, Duty.INSPECT),
} as const satisfies Partial<Row>;

/** A row's call with fixed arguments. */
export const call = (signature: string, ...args: readonly unknown[]) => ({
  call: signature,
  args: () => args,
});

/** Errors that say "not you". Whoever may call never meets one. */
export const AUTHORITY_ERRORS: readonly string[] = [
  "AccessManagedUnauthorized",
  "AccessManagedRequiredDelay",
  "AccessManagerUnauthorizedAccount",
  "AccessManagerUnauthorizedCall",
  "AccessManagerUnauthorizedCancel",
  "AccessManagerUnauthorizedConsume",
  "AccessManagerNotScheduled",
  "AccessManagerNotReady",
  "MemberAdminOnly",
  "MemberPendingAdminOnly",
  "DutyNotHeld",
  "DutyNotPermitted",
  "DutyAppointmentEnded",
  "DutySuspended",
  "DutySuspendedForMember",
  "DutyLicenceLapsed",
  "BreakGlassReviewerInvalid",
  "ConsentSignatureInvalid",
  "SubjectOfOther",
  "LicenceOfOther",
  "SuspensionOfOther",
  "HaltOfOther",
  "PrescriptionIssuerOnly",
  "PrescriptionReviewerOnly",
  "PrescriptionPrescriberMismatch",
  "PrescriptionHolderSignatureInvalid",
  "DispenseOfOther",
  "DispenseCallerOnly",
  "ProductOfStranger",
  "LotOfOwn",
  "LotRecallRefused",
  "QuarantineOfOwn",
  "QuarantineRegulatorOnly",
  "RecordOfOther",
  "DatasetOfOther",
  "ReferralOfOther",
  "ReferralReferrerMismatch",
  "DomainProxyBypassed",
  "InvalidInitialization",
  "UUPSUnauthorizedCallContext",
];

/** The ABI's own spelling of a number or address, so that arguments compare. */
export const spelt = (value: unknown): string =>
  typeof value === "string" ? value : ethers.toBigInt(value as number).toString();

// ── what the build says ────────────────────────────────────────────────────────────────────────────────────────────

/** Functions of an artifact by signature. */
export const functionsOf = async (artifact: string): Promise<ReadonlyMap<string, FunctionFragment>> => {
  const { abi } = await artifacts.readArtifact(artifact);
  const found = new Map<string, FunctionFragment>();
  Interface.from(abi).forEachFunction((one) => found.set(one.format("sighash"), one));
  return found;
};

/** Contracts of the product that can be deployed and called. */
export const deployable = async (): Promise<string[]> => {
  const names: string[] = [];
  for (const name of await artifacts.getAllFullyQualifiedNames()) {
    if (!name.startsWith("contracts/")) continue;
    const { bytecode, contractName } = await artifacts.readArtifact(name);
    if (bytecode !== "0x" && (await functionsOf(name)).size > 0) names.push(contractName);
  }
  return names.sort();
};

/** The implementation behind a proxy and, where it has one, the extension behind that, and so on. */
export const bodiesOf = async (
  contract: BaseContract,
  implementation: string,
  ...extensions: readonly string[]
): Promise<readonly Body[]> => {
  // ERC-1967: keccak256("eip1967.proxy.implementation") - 1; the address is in the lower 160 bits.
  const slot = BigInt(ethers.id("eip1967.proxy.implementation")) - 1n;
  const word = await ethers.provider.getStorage(await contract.getAddress(), slot);
  let to = ethers.getAddress(`0x${word.slice(-40)}`);
  const bodies = [{ artifact: implementation, address: to }];
  for (const artifact of extensions) {
    const data = contract.interface.encodeFunctionData("EXTENSION");
    const answer = await ethers.provider.call({ to, data });
    to = ethers.getAddress(`0x${answer.slice(-40)}`);
    bodies.push({ artifact, address: to });
  }
  return bodies;
};

/** Something of this type that nothing on stage is called by. */
export const unknown = (type: ParamType): unknown => {
  if (type.isArray()) return [];
  if (type.isTuple()) return type.components.map(unknown);
  if (type.baseType === "address") return ZeroAddress;
  if (type.baseType === "bool") return false;
  if (type.baseType === "string") return "";
  if (type.baseType === "bytes") return "0x";
  const bytes = /^bytes(\d+)$/.exec(type.baseType)?.[1];
  return bytes === undefined ? 0 : `0x${"00".repeat(Number(bytes))}`;
};
