import { DAY, START, as, type Actor } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import { APPOINTED_UNTIL, LICENSED_THROUGH, Member, Site, gln, licenceHash, people } from "../core/world.ts";
import { deployMemberBody } from "../consortium/support.ts";
import {
  bodiesOf,
  bypassed,
  byInspector,
  call,
  dutyNotHeld,
  emergency,
  everybody,
  governed,
  nobody,
  nobodyInitialises,
  roles,
  upgrade,
  type Refusal,
  type Refuse,
  type Row,
  type RowSet,
  type View,
} from "./table.ts";

const { stMary, sunPharmacy, healthOffice } = Member;

// A body that is called by itself knows no member.
const memberNotActive = (): Refusal => ["MemberNotActive", stMary];
const noLicenser = (): Refusal => ["DutyNotPermitted", healthOffice, Duty.LICENSE];
const noInspector = (): Refusal => ["DutyNotPermitted", healthOffice, Duty.INSPECT];

const adminOnly: Refuse = (caller: Actor) => [
  "MemberAdminOnly",
  stMary,
  people.stMaryAdmin.address,
  caller.address,
];
const byAdmin = { allowed: ["admin of the member"], refusal: adminOnly, alone: bypassed } as const;
const byLicenser = {
  allowed: ["licenser of the authority"],
  refusal: dutyNotHeld(healthOffice, Duty.LICENSE),
  alone: bypassed,
} as const;
const bySupervisor = {
  allowed: ["inspector of the regulator", "licenser of the authority"],
  refusal: dutyNotHeld(healthOffice, Duty.INSPECT | Duty.LICENSE),
  alone: noInspector,
} as const;

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

const rows = (body: string): readonly Row[] => [
  // ── governance, emergency ──
  { ...call("admitMember((uint32,address,uint16,uint32,bytes32))", admission), ...governed },
  { ...call("setMemberSectors(uint32,uint16)", stMary, Sector.HOSPITAL), ...governed },
  { ...call("setMemberGroup(uint32,uint32)", stMary, 300), ...governed },
  { ...call("setMemberLicence(uint32,bytes32)", stMary, licenceHash(9)), ...governed },
  { ...call("setMemberAdmin(uint32,address)", stMary, people.stranger.address), ...governed },
  { ...call("closeMember(uint32)", stMary), ...governed },
  {
    ...call("nameSuccessor(uint32,uint32)", stMary, sunPharmacy),
    ...governed,
    meets: "MemberSuccessorInvalid",
  },
  { ...call("revokeSite(uint32,uint16)", stMary, Site.hallPharmacy), ...governed },
  { ...call("setLicensingAuthority(uint32,uint32,uint32)", healthOffice, 1, 0), ...governed },
  {
    ...call("ratifySuspension(uint32,uint8,uint32)", Member.moonPharmacy, 1, START + 9 * DAY),
    ...governed,
  },
  { ...call("liftSuspension(uint32,uint8)", Member.moonPharmacy, 1), ...governed },
  { ...call("liftOperatorSuspension(uint32,bytes32)", stMary, people.drChen.key), ...governed },
  { ...call("upgradeToAndCall(address,bytes)", body, "0x"), ...upgrade },
  { ...call("pause(uint32)", START + DAY), ...emergency },
  { ...call("resume()"), ...emergency, meets: "DomainNotPaused" },
  { ...call("initialize(address)", people.stranger.address), ...nobodyInitialises },
  { ...call("setAuthority(address)", people.stranger.address), ...nobody },
  // ── the member's admin ──
  { ...call("proposeAdmin(uint32,address)", stMary, people.stranger.address), ...byAdmin },
  {
    ...call("acceptAdmin(uint32)", stMary),
    allowed: ["pending admin of the member"],
    refusal: (caller) => [
      "MemberPendingAdminOnly",
      stMary,
      roles["pending admin of the member"].address,
      caller.address,
    ],
    alone: bypassed,
  },
  { ...call("publishEncryptionKey(uint32,bytes)", stMary, "0x01"), ...byAdmin },
  { ...call("publishEndpoint(uint32,string)", stMary, "https://stmary.example"), ...byAdmin },
  { ...call("registerSite(uint32,uint64)", stMary, gln(80)), ...byAdmin },
  { ...call("closeSite(uint32,uint16)", stMary, Site.hallPharmacy), ...byAdmin, alone: memberNotActive },
  {
    ...call("adoptSite(uint32,uint32,uint16)", stMary, sunPharmacy, 1),
    ...byAdmin,
    meets: "SiteAdoptionRefused",
  },
  { ...call("appoint(uint32,(bytes32,uint32,uint32))", stMary, appointment), ...byAdmin },
  { ...call("appointBatch(uint32,(bytes32,uint32,uint32)[])", stMary, [appointment]), ...byAdmin },
  { ...call("dismiss(uint32,bytes32[])", stMary, [people.drLi.key]), ...byAdmin, alone: memberNotActive },
  {
    ...call(
      "replaceOperator(uint32,bytes32,bytes32,uint32,bytes)",
      stMary,
      people.drLi.key,
      people.stranger.key,
      0,
      "0x",
    ),
    ...byAdmin,
  },
  // ── authorities and regulators ──
  { ...call("license(uint32,(uint32,bytes32,uint32,uint16))", healthOffice, licence), ...byLicenser },
  {
    ...call("licenseBatch(uint32,(uint32,bytes32,uint32,uint16)[])", healthOffice, [licence]),
    ...byLicenser,
  },
  {
    ...call("revokeLicence(uint32,uint32,bytes32,uint32)", healthOffice, stMary, people.drLi.key, 1),
    ...byLicenser,
    alone: noLicenser,
  },
  {
    ...call("suspendOperator(uint32,uint32,bytes32,uint32)", healthOffice, stMary, people.drLi.key, 1),
    ...bySupervisor,
  },
  {
    ...call(
      "suspendOperator(uint32,uint32,bytes32,uint32)",
      healthOffice,
      stMary,
      people.drLi.key,
      Duty.SUBMIT,
    ),
    note: "beyond the authority's mask",
    ...byInspector,
    alone: noInspector,
  },
  {
    ...call(
      "restoreOperator(uint32,uint32,bytes32,uint32)",
      healthOffice,
      stMary,
      people.drChen.key,
      Duty.REVIEW,
    ),
    ...bySupervisor,
  },
  {
    ...call("suspendMember(uint32,uint32,uint32,uint32,uint8)", healthOffice, stMary, 1, START + DAY, 2),
    ...byInspector,
    alone: noInspector,
  },
  { ...call("refreshSuspension(uint32)", stMary), ...everybody, alone: memberNotActive },
];

const views: Readonly<Record<string, View>> = {
  "actsFor(uint32,uint32)": { args: [stMary, stMary] },
  "authorityWords(uint32,bytes32)": { args: [stMary, people.drLi.key] },
  "authorityWordsAt(uint32,bytes32,uint16)": { args: [stMary, people.drLi.key, Site.hallPharmacy] },
  "effectiveDuties(uint32,bytes32)": { args: [stMary, people.drLi.key] },
  "getPastGroupVotes(uint32,uint48)": { args: [101, START] },
  "getPastTotalVotes(uint48)": { args: [START] },
  "licensingAuthorityOf(uint32)": { args: [healthOffice] },
  "licensorOf(uint32,bytes32,uint32)": { args: [stMary, people.drLi.key, Duty.PRESCRIBE] },
  "memberOf(uint32)": { args: [stMary] },
  "memberWordOf(uint32)": { args: [stMary] },
  "operatorOf(uint32,bytes32)": { args: [stMary, people.drLi.key] },
  "originOf(uint32,bytes32)": { args: [stMary, people.drLi.key] },
  "profileWordOf(uint32)": { args: [stMary] },
  "siteOf(uint32,uint16)": { args: [stMary, Site.hallPharmacy] },
  "siteOfGln(uint64)": { args: [gln(1)] },
  "suspensionOf(uint32,uint8)": { args: [Member.moonPharmacy, 1] },
  // ERC-1822: asked of an implementation, never through a proxy.
  "proxiableUUID()": { args: [], refusal: ["UUPSUnauthorizedCallContext"] },
};

/** Members, sites, operators, licences, suspensions. */
export const memberRegistry: RowSet = {
  name: "MemberRegistry",
  parts: ["MemberRegistry", "MemberSupervision", "MemberRegistryProxy"],
  open: async ({ registry }) => {
    const inspect = as(registry, people.inspector);
    await inspect.suspendOperator(healthOffice, stMary, people.drChen.key, Duty.REVIEW);
    await inspect.suspendMember(healthOffice, Member.moonPharmacy, Duty.QUALITY, START + DAY, 1);
    const pending = roles["pending admin of the member"].address;
    await as(registry, people.stMaryAdmin).proposeAdmin(stMary, pending);
    return {
      contract: registry,
      rows: rows(await deployMemberBody(people.deployer)),
      bodies: await bodiesOf(registry, "MemberRegistry", "MemberSupervision"),
      views,
      notFound: [],
    };
  },
};
