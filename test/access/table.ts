import { ZeroHash } from "ethers";

import { DAY, START, actor, as, ethers, type Actor } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import {
  APPOINTED_UNTIL,
  LICENSED_THROUGH,
  Member,
  Site,
  freshConsortium,
  gln,
  licenceHash,
  people,
  type World,
} from "../core/world.ts";
import {
  Outcome,
  SENT,
  Withdrawal,
  accept,
  dispense,
  handover,
  holder,
  idOf,
  issue,
  lock,
  authorise,
  order,
  sign,
  terms,
  type Signed,
} from "../prescriptions/support.ts";

/** Everybody who might call. */
export const roles = {
  stranger: people.stranger,
  deployer: people.deployer,
  governance: people.governance,
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
} as const satisfies Record<string, Actor>;

/** A role by name. */
export type RoleName = keyof typeof roles;

/** The error that refuses a caller, with its arguments. */
export type Refusal = readonly [error: string, ...args: unknown[]];

/** One row: a call, who may make it, and how everybody else is refused. */
export type Row = {
  readonly contract: "registry" | "prescriptions";
  /** Signature as the ABI writes it. */
  readonly call: string;
  /** What is special about this row where a function has several. */
  readonly note?: string;
  /** Arguments; of the caller where it acts in its own name. */
  readonly args: (caller: Actor) => readonly unknown[];
  readonly allowed: "everybody" | readonly RoleName[];
  readonly refusal: (caller: Actor, role: RoleName) => Refusal;
};

const { stMary, sunPharmacy, healthOffice } = Member;
const asked = terms({ reviewer: sunPharmacy, fills: 2 });
const locked = terms({ fills: 4 });
const handed = terms({ fills: 5 });
const fresh = terms({ fills: 6 });

/** Signatures that the rows pass; made once, for the callers relay them. */
export type Signatures = { readonly acceptance: Signed; readonly release: Signed; readonly cancel: Signed };

/** The world that the rows are about: open, locked, dispensed, awaiting review, halted. */
export const accessWorld = async (): Promise<World & { signatures: Signatures }> => {
  const world = await freshConsortium();
  const { prescriptions, registry } = world;
  for (const one of [terms(), asked, locked, handed]) await issue(world, one);
  await accept(world, locked);
  await accept(world, handed);
  await dispense(world, handed);
  await dispense(world, handed, handover({ ordinal: 2 }));
  await as(prescriptions, people.claims).markClaimed(idOf(handed), 2);
  const { key } = people.drChen;
  await as(prescriptions, people.inspector).halt(healthOffice, stMary, key, START, 1);
  const inspect = as(registry, people.inspector);
  await inspect.suspendOperator(healthOffice, stMary, key, Duty.REVIEW);
  await inspect.suspendMember(healthOffice, Member.moonPharmacy, Duty.QUALITY, START + DAY, 1);
  await as(registry, people.stMaryAdmin).proposeAdmin(stMary, roles["pending admin of the member"].address);
  const until = START + DAY;
  return {
    ...world,
    signatures: {
      acceptance: await authorise(world, terms(), lock()),
      release: await sign(
        prescriptions,
        holder(1),
        "Release",
        { prescription: idOf(locked), lockCount: 1 },
        until,
      ),
      cancel: await sign(prescriptions, holder(1), "HolderCancel", { prescription: idOf(terms()) }, until),
    },
  };
};

const unauthorised: Row["refusal"] = (caller) => ["AccessManagedUnauthorized", caller.address];
const adminOnly: Row["refusal"] = (caller) => [
  "MemberAdminOnly",
  stMary,
  people.stMaryAdmin.address,
  caller.address,
];
const dutyNotHeld =
  (member: number, duty: number): Row["refusal"] =>
  (caller) => ["DutyNotHeld", member, caller.key, duty];

const registry = (call: string, ...args: readonly unknown[]) => ({
  contract: "registry" as const,
  call,
  args: () => args,
});
const prescriptions = (call: string, ...args: readonly unknown[]) => ({
  contract: "prescriptions" as const,
  call,
  args: () => args,
});

const governed = { allowed: ["governance"], refusal: unauthorised } as const;
const emergency = { allowed: ["emergency"], refusal: unauthorised } as const;
const claims = { allowed: ["claims"], refusal: unauthorised } as const;
const byAdmin = { allowed: ["admin of the member"], refusal: adminOnly } as const;
const byLicenser = {
  allowed: ["licenser of the authority"],
  refusal: dutyNotHeld(healthOffice, Duty.LICENSE),
} as const;
const byInspector = {
  allowed: ["inspector of the regulator"],
  refusal: dutyNotHeld(healthOffice, Duty.INSPECT),
} as const;
const bySupervisor = {
  allowed: ["inspector of the regulator", "licenser of the authority"],
  refusal: dutyNotHeld(healthOffice, Duty.INSPECT | Duty.LICENSE),
} as const;
const everybody = { allowed: "everybody", refusal: (): Refusal => ["nobody is refused"] } as const;
/** Initialised once and for all; a new authority is set by the AccessManager itself, never by an account. */
const nobodyInitialises = { allowed: [], refusal: (): Refusal => ["InvalidInitialization"] } as const;
const nobody = { allowed: [], refusal: unauthorised } as const;
const atTheCounter = {
  allowed: ["pharmacist of the pharmacy", "dispenser of the pharmacy", "relay of the pharmacy"],
  refusal: dutyNotHeld(sunPharmacy, Duty.DISPENSE | Duty.SUBMIT),
} as const;
const byDispenser = {
  allowed: ["pharmacist of the pharmacy", "dispenser of the pharmacy"],
  refusal: dutyNotHeld(sunPharmacy, Duty.DISPENSE),
} as const;

/** A prescriber is refused for a missing duty, or, once appointed, for a missing licence. */
const noPrescriber: Row["refusal"] = (caller, role) =>
  role === "prescriber without a licence"
    ? ["DutyLicenceLapsed", stMary, caller.key, Duty.PRESCRIBE, 0]
    : ["DutyNotHeld", stMary, caller.key, Duty.PRESCRIBE];
const byPrescriber = {
  allowed: ["prescriber of the member", "colleague of the prescriber"],
  refusal: noPrescriber,
} as const;

const PRESCRIPTION = "(uint32,bytes32,address,bytes32,uint40,uint8,uint32,uint32,uint32,uint32)";
const SIGNED = "(bytes32,bytes32,uint32)";
const ORDER = `(${PRESCRIPTION},(bytes32,bytes1,bytes1),${SIGNED})`;

const appointment = { operator: people.drLi.key, duties: Duty.PRESCRIBE, until: APPOINTED_UNTIL };
const licence = {
  member: stMary,
  operator: people.drIdle.key,
  duties: Duty.PRESCRIBE,
  throughDay: LICENSED_THROUGH,
};
const admission = {
  member: 7,
  admin: people.stranger.address,
  sectors: Sector.LABORATORY,
  group: 7,
  licenceHash: licenceHash(7),
};

/** The expected table: every function that changes anything, by every role. A missing function fails the test. */
export const table = (signatures: Signatures, body: string): readonly Row[] => [
  // ── MemberRegistry: governance, emergency ──
  { ...registry("admitMember((uint32,address,uint16,uint32,bytes32))", admission), ...governed },
  { ...registry("setMemberSectors(uint32,uint16)", stMary, Sector.HOSPITAL), ...governed },
  { ...registry("setMemberGroup(uint32,uint32)", stMary, 300), ...governed },
  { ...registry("setMemberLicence(uint32,bytes32)", stMary, licenceHash(9)), ...governed },
  { ...registry("setMemberAdmin(uint32,address)", stMary, people.stranger.address), ...governed },
  { ...registry("closeMember(uint32)", stMary), ...governed },
  { ...registry("nameSuccessor(uint32,uint32)", stMary, sunPharmacy), ...governed },
  { ...registry("revokeSite(uint32,uint16)", stMary, Site.hallPharmacy), ...governed },
  { ...registry("setLicensingAuthority(uint32,uint32,uint32)", healthOffice, 1, 0), ...governed },
  {
    ...registry("ratifySuspension(uint32,uint8,uint32)", Member.moonPharmacy, 1, START + 9 * DAY),
    ...governed,
  },
  { ...registry("liftSuspension(uint32,uint8)", Member.moonPharmacy, 1), ...governed },
  { ...registry("liftOperatorSuspension(uint32,bytes32)", stMary, people.drChen.key), ...governed },
  { ...registry("upgradeToAndCall(address,bytes)", body, "0x"), ...governed },
  { ...registry("pause(uint32)", START + DAY), ...emergency },
  { ...registry("resume()"), ...emergency },
  { ...registry("initialize(address)", people.stranger.address), ...nobodyInitialises },
  { ...registry("setAuthority(address)", people.stranger.address), ...nobody },
  // ── MemberRegistry: the member's admin ──
  { ...registry("proposeAdmin(uint32,address)", stMary, people.stranger.address), ...byAdmin },
  {
    ...registry("acceptAdmin(uint32)", stMary),
    allowed: ["pending admin of the member"],
    refusal: (caller) => [
      "MemberPendingAdminOnly",
      stMary,
      roles["pending admin of the member"].address,
      caller.address,
    ],
  },
  { ...registry("publishEncryptionKey(uint32,bytes)", stMary, "0x01"), ...byAdmin },
  { ...registry("publishEndpoint(uint32,string)", stMary, "https://stmary.example"), ...byAdmin },
  { ...registry("registerSite(uint32,uint64)", stMary, gln(80)), ...byAdmin },
  { ...registry("closeSite(uint32,uint16)", stMary, Site.hallPharmacy), ...byAdmin },
  { ...registry("adoptSite(uint32,uint32,uint16)", stMary, sunPharmacy, 1), ...byAdmin },
  { ...registry("appoint(uint32,(bytes32,uint32,uint32))", stMary, appointment), ...byAdmin },
  { ...registry("appointBatch(uint32,(bytes32,uint32,uint32)[])", stMary, [appointment]), ...byAdmin },
  { ...registry("dismiss(uint32,bytes32[])", stMary, [people.drLi.key]), ...byAdmin },
  {
    ...registry(
      "replaceOperator(uint32,bytes32,bytes32,uint32,bytes)",
      stMary,
      people.drLi.key,
      people.stranger.key,
      0,
      "0x",
    ),
    ...byAdmin,
  },
  // ── MemberRegistry: authorities and regulators ──
  { ...registry("license(uint32,(uint32,bytes32,uint32,uint16))", healthOffice, licence), ...byLicenser },
  {
    ...registry("licenseBatch(uint32,(uint32,bytes32,uint32,uint16)[])", healthOffice, [licence]),
    ...byLicenser,
  },
  {
    ...registry("revokeLicence(uint32,uint32,bytes32,uint32)", healthOffice, stMary, people.drLi.key, 1),
    ...byLicenser,
  },
  {
    ...registry("suspendOperator(uint32,uint32,bytes32,uint32)", healthOffice, stMary, people.drLi.key, 1),
    ...bySupervisor,
  },
  {
    ...registry(
      "suspendOperator(uint32,uint32,bytes32,uint32)",
      healthOffice,
      stMary,
      people.drLi.key,
      Duty.SUBMIT,
    ),
    note: "beyond the authority's mask",
    ...byInspector,
  },
  {
    ...registry(
      "restoreOperator(uint32,uint32,bytes32,uint32)",
      healthOffice,
      stMary,
      people.drChen.key,
      Duty.REVIEW,
    ),
    ...bySupervisor,
  },
  {
    ...registry("suspendMember(uint32,uint32,uint32,uint32,uint8)", healthOffice, stMary, 1, START + DAY, 2),
    ...byInspector,
  },
  { ...registry("refreshSuspension(uint32)", stMary), ...everybody },
  // ── PrescriptionRegistry: privileged ──
  { ...prescriptions("upgradeToAndCall(address,bytes)", body, "0x"), ...governed },
  { ...prescriptions("liftHalt(uint32,bytes32)", stMary, people.drChen.key), ...governed },
  { ...prescriptions("pause(uint32)", START + DAY), ...emergency },
  { ...prescriptions("resume()"), ...emergency },
  { ...prescriptions("initialize(address)", people.stranger.address), ...nobodyInitialises },
  { ...prescriptions("setAuthority(address)", people.stranger.address), ...nobody },
  { ...prescriptions("markClaimed(bytes32,uint8)", idOf(handed), 1), ...claims },
  { ...prescriptions("unmarkClaimed(bytes32,uint8)", idOf(handed), 2), ...claims },
  // ── PrescriptionRegistry: issuer ──
  {
    ...prescriptions(`issue(${ORDER})`, order(fresh)),
    note: "in Dr Li's name",
    allowed: ["prescriber of the member"],
    refusal: (caller) => ["PrescriptionPrescriberMismatch", idOf(fresh), people.drLi.key, caller.key],
  },
  {
    contract: "prescriptions",
    call: `issue(${ORDER})`,
    note: "in the caller's own name",
    args: (caller) => [order(terms({ fills: 7, prescriber: caller.key }))],
    ...byPrescriber,
  },
  {
    contract: "prescriptions",
    call: `issueBatch(${ORDER}[])`,
    args: (caller) => [[order(terms({ fills: 7, prescriber: caller.key }))]],
    ...byPrescriber,
  },
  { ...prescriptions(`cancel(${PRESCRIPTION},uint32,${SIGNED})`, terms(), stMary, SENT), ...byPrescriber },
  {
    contract: "prescriptions",
    call: `replace(${PRESCRIPTION},${ORDER})`,
    args: (caller) => [terms(), order(terms({ fills: 8, prescriber: caller.key }))],
    ...byPrescriber,
  },
  {
    ...prescriptions(
      `review(${PRESCRIPTION},uint32,uint8,${SIGNED})`,
      asked,
      sunPharmacy,
      Outcome.approved,
      SENT,
    ),
    allowed: ["pharmacist of the pharmacy"],
    refusal: dutyNotHeld(sunPharmacy, Duty.REVIEW),
  },
  // ── PrescriptionRegistry: pharmacy ──
  {
    ...prescriptions(
      `accept(${PRESCRIPTION},(uint32,uint16,uint16,uint8,uint32),${SIGNED})`,
      terms(),
      lock(),
      signatures.acceptance,
    ),
    ...atTheCounter,
  },
  {
    ...prescriptions(
      `returnToOpen(${PRESCRIPTION},uint32,uint16,uint16)`,
      locked,
      sunPharmacy,
      Site.sunMarket,
      1,
    ),
    ...atTheCounter,
  },
  {
    ...prescriptions(
      `dispense(${PRESCRIPTION},(uint32,uint16,uint16,uint8,uint8,uint40,uint32,bytes32),bytes,${SIGNED})`,
      locked,
      handover(),
      "0x",
      SENT,
    ),
    ...byDispenser,
  },
  {
    ...prescriptions(
      `closeFill(${PRESCRIPTION},uint32,uint16,uint16,uint8,${SIGNED})`,
      handed,
      sunPharmacy,
      Site.sunMarket,
      1,
      3,
      SENT,
    ),
    ...byDispenser,
  },
  {
    ...prescriptions(
      `withdrawDispense(${PRESCRIPTION},uint32,uint8,uint8,${SIGNED})`,
      handed,
      sunPharmacy,
      1,
      Withdrawal.wrongEntry,
      SENT,
    ),
    ...byDispenser,
  },
  // ── PrescriptionRegistry: the holder's signature, relayed by anybody ──
  {
    ...prescriptions(`release(${PRESCRIPTION},uint16,${SIGNED})`, locked, 1, signatures.release),
    ...everybody,
  },
  { ...prescriptions(`cancelByHolder(${PRESCRIPTION},${SIGNED})`, terms(), signatures.cancel), ...everybody },
  {
    ...prescriptions(`cancelByHolder(${PRESCRIPTION},${SIGNED})`, locked, signatures.cancel),
    note: "with a signature for another prescription",
    allowed: [],
    refusal: () => ["PrescriptionHolderSignatureInvalid"],
  },
  // ── PrescriptionRegistry: regulator ──
  {
    ...prescriptions("halt(uint32,uint32,bytes32,uint32,uint8)", healthOffice, stMary, ZeroHash, START, 1),
    ...byInspector,
  },
  {
    ...prescriptions("resumeHalted(uint32,uint32,bytes32)", healthOffice, stMary, people.drChen.key),
    ...byInspector,
  },
];

/** Errors that say "not you". Whoever may call never meets one. */
export const AUTHORITY_ERRORS: readonly string[] = [
  "AccessManagedUnauthorized",
  "AccessManagedRequiredDelay",
  "MemberAdminOnly",
  "MemberPendingAdminOnly",
  "DutyNotHeld",
  "DutyNotPermitted",
  "DutyAppointmentEnded",
  "DutySuspended",
  "DutySuspendedForMember",
  "DutyLicenceLapsed",
  "LicenceOfOther",
  "SuspensionOfOther",
  "HaltOfOther",
  "PrescriptionIssuerOnly",
  "PrescriptionReviewerOnly",
  "PrescriptionPrescriberMismatch",
  "PrescriptionHolderSignatureInvalid",
  "DispenseOfOther",
  "InvalidInitialization",
  "UUPSUnauthorizedCallContext",
];

/** The ABI's own spelling of a number or address, so that arguments compare. */
export const spelt = (value: unknown): string =>
  typeof value === "string" ? value : ethers.toBigInt(value as number).toString();
