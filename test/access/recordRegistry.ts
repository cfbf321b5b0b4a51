import { DAY, START, as, ethers } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { Member, people } from "../core/world.ts";
import {
  ALONE,
  Decline,
  EPHEMERAL,
  FILE,
  Repeat,
  Retraction,
  SENT,
  anchor,
  anchorBatch,
  batchOf,
  deployRecordBody,
  entry,
  five,
  holderOf,
  idOf,
  propose,
  referral,
  referralIdOf,
  signProposal,
  type Entry,
  type Referral,
  type Signed,
} from "../records/support.ts";
import {
  bodiesOf,
  bypassed,
  call,
  dutyNotHeld,
  emergency,
  everybody,
  nobody,
  nobodyInitialises,
  upgrade,
  type Refuse,
  type Row,
  type RowSet,
  type View,
} from "./table.ts";

const RECORD = "(uint32,address,bytes32,uint8,uint16,uint32)";
const ORIGIN = "(bytes32,bytes32[])";
const KEY = "(bytes32,bytes1,bytes1)";
const REFERRAL = "(uint32,uint32,bytes32,bytes32,bytes32,uint32)";
const SIGNED = "(bytes32,bytes32,uint32)";

const { stMary, northGeneral } = Member;
const fresh = entry({ holder: holderOf(7) });
const accepted = referral({ records: ethers.id("accepted") });
const unsent = referral({ records: ethers.id("unsent") });
const outcome = ethers.id("outcome");

const byArchive = {
  allowed: ["archivist of the member"],
  refusal: dutyNotHeld(stMary, Duty.ANCHOR_RECORD),
} as const;

/** Who prescribes or submits; a prescriber is refused for a missing duty or, once appointed, for a missing licence. */
const atTheDesk = (member: number): Refuse => dutyNotHeld(member, Duty.PRESCRIBE | Duty.SUBMIT);
const deskOfMember: Refuse = (caller, role, sent) =>
  role === "prescriber without a licence"
    ? ["DutyLicenceLapsed", stMary, caller.key, Duty.PRESCRIBE | Duty.SUBMIT, 0]
    : atTheDesk(stMary)(caller, role, sent);
const byReferrer = {
  allowed: ["prescriber of the member", "colleague of the prescriber", "relay of the member"],
  refusal: deskOfMember,
} as const;
const byAsked = {
  allowed: ["prescriber of another hospital", "relay of another hospital"],
  refusal: atTheDesk(northGeneral),
} as const;

// A body that is called by itself asks the same member registry, but knows no record and no referral.
const never =
  (record: Entry): Refuse =>
  () => ["RecordUnknown", idOf(record)];
const neverProposed =
  (terms: Referral): Refuse =>
  () => ["ReferralUnknown", referralIdOf(terms)];

const noPrescriber: Refuse = (caller, role) =>
  role === "prescriber without a licence"
    ? ["DutyLicenceLapsed", stMary, caller.key, Duty.PRESCRIBE, 0]
    : ["DutyNotHeld", stMary, caller.key, Duty.PRESCRIBE];

const rows = (body: string, signed: Signed): readonly Row[] => [
  // ── privileged ──
  { ...call("upgradeToAndCall(address,bytes)", body, "0x"), ...upgrade },
  { ...call("pause(uint32)", START + DAY), ...emergency },
  { ...call("resume()"), ...emergency, meets: "DomainNotPaused" },
  { ...call("initialize(address)", people.stranger.address), ...nobodyInitialises },
  { ...call("setAuthority(address)", people.stranger.address), ...nobody },
  // ── custodian ──
  { ...call(`anchor(${RECORD},${KEY})`, fresh, EPHEMERAL), ...byArchive, alone: bypassed },
  {
    ...call("anchorBatch(uint32,bytes32,uint32,bytes32)", stMary, FILE, 1, FILE),
    ...byArchive,
    alone: bypassed,
  },
  {
    ...call(`supersede(${RECORD},${ORIGIN},${RECORD},${KEY})`, entry(), ALONE, fresh, EPHEMERAL),
    ...byArchive,
    alone: bypassed,
  },
  {
    ...call(`retract(${RECORD},${ORIGIN},uint32,uint8)`, entry(), ALONE, stMary, Retraction.wrongPatient),
    ...byArchive,
    alone: never(entry()),
  },
  {
    ...call(
      `retract(${RECORD},${ORIGIN},uint32,uint8)`,
      entry(),
      ALONE,
      northGeneral,
      Retraction.wrongPatient,
    ),
    note: "in the name of another hospital",
    allowed: [],
    refusal: (caller, role, sent) =>
      role === "archivist of another hospital"
        ? ["RecordOfOther", idOf(entry()), stMary, northGeneral]
        : dutyNotHeld(northGeneral, Duty.ANCHOR_RECORD)(caller, role, sent),
    alone: never(entry()),
  },
  // ── exchange ──
  {
    ...call(
      `repeatOrder(${RECORD},${ORIGIN},uint32,uint8)`,
      entry(),
      ALONE,
      northGeneral,
      Repeat.clinicalChange,
    ),
    ...byAsked,
    alone: bypassed,
  },
  {
    call: `proposeReferral(${REFERRAL},${SIGNED})`,
    note: "in the caller's own name",
    args: (caller) => [{ ...unsent, referrer: caller.key }, SENT],
    allowed: ["prescriber of the member", "colleague of the prescriber"],
    refusal: noPrescriber,
    alone: bypassed,
  },
  {
    ...call(`proposeReferral(${REFERRAL},${SIGNED})`, unsent, SENT),
    note: "in Dr Li's name",
    allowed: ["prescriber of the member"],
    refusal: (caller) => ["ReferralReferrerMismatch", referralIdOf(unsent), people.drLi.key, caller.key],
    alone: bypassed,
  },
  {
    ...call(`proposeReferral(${REFERRAL},${SIGNED})`, unsent, signed),
    note: "with Dr Li's signature",
    allowed: ["relay of the member"],
    refusal: dutyNotHeld(stMary, Duty.SUBMIT),
    alone: bypassed,
  },
  {
    ...call(`acceptReferral(${REFERRAL},uint32)`, referral(), northGeneral),
    ...byAsked,
    alone: bypassed,
  },
  {
    ...call(`declineReferral(${REFERRAL},uint32,uint8)`, referral(), northGeneral, Decline.noCapacity),
    ...byAsked,
    alone: neverProposed(referral()),
  },
  {
    ...call(`withdrawReferral(${REFERRAL},uint32)`, referral(), stMary),
    ...byReferrer,
    alone: neverProposed(referral()),
  },
  {
    ...call(`completeReferral(${REFERRAL},uint32,bytes32)`, accepted, northGeneral, outcome),
    ...byAsked,
    alone: bypassed,
  },
  { ...call("refreshStandards()"), ...everybody, alone: bypassed },
];

const batch = batchOf(five);

const views: Readonly<Record<string, View>> = {
  "batchOf(uint32,bytes32)": { args: [stMary, batch.root] },
  [`recordId(${RECORD})`]: { args: [entry()] },
  [`standingOf(${RECORD},${ORIGIN})`]: { args: [five[0], batch.origins[0]] },
  [`referralId(${REFERRAL})`]: { args: [referral()] },
  [`referralOf(${REFERRAL})`]: { args: [referral()] },
  // ERC-1822: asked of an implementation, never through a proxy.
  "proxiableUUID()": { args: [], refusal: ["UUPSUnauthorizedCallContext"] },
};

/** Records alone and in a batch; referrals proposed and accepted. */
export const recordRegistry: RowSet = {
  name: "RecordRegistry",
  parts: ["RecordRegistry", "RecordExchange"],
  open: async (world) => {
    const { records, registry, standards } = world;
    await anchor(world);
    await anchorBatch(world, five);
    await propose(world);
    await propose(world, accepted);
    await as(records, people.drWu).acceptReferral(accepted, northGeneral);
    const signed = await signProposal(world, people.drLi, referralIdOf(unsent), START + DAY);
    const body = await deployRecordBody(await registry.getAddress(), await standards.getAddress());
    return {
      contract: records,
      rows: rows(body, signed),
      bodies: await bodiesOf(records, "RecordRegistry", "RecordExchange"),
      views,
      notFound: [],
    };
  },
};
