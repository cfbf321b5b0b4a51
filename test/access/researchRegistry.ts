import { DAY, START, as, ethers } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { Member, people } from "../core/world.ts";
import {
  KEEPS,
  OPEN,
  Withdrawal,
  access,
  accessIdOf,
  commitment,
  dataset,
  datasetIdOf,
  register,
  request,
  withdraw,
} from "../research/support.ts";
import {
  bodiesOf,
  bypassed,
  call,
  dutyNotHeld,
  emergency,
  nobody,
  nobodyInitialises,
  upgrade,
  type Refuse,
  type Row,
  type RowSet,
  type View,
} from "./table.ts";

const DATASET = "(uint32,bytes32)";
const ACCESS = "(bytes32,uint32,uint256,bytes32)";

const { stMary, northGeneral, sunPharmacy } = Member;
const id = datasetIdOf(dataset());
const fresh = dataset({ commitment: commitment("fresh") });
const next = access({ commitment: commitment("next") });
/** Barred by a withdrawal. */
const barred = access({ member: stMary });

const keepers = ["archivist of the member", "records desk of the member"] as const;
const keepersOfNorth = ["archivist of another hospital", "records desk of another hospital"] as const;

const byArchive = {
  allowed: keepers,
  refusal: dutyNotHeld(stMary, Duty.ANCHOR_RECORD | Duty.CUSTODY),
} as const;
const inNorthsName: Refuse = (caller, role, sent) =>
  keepersOfNorth.some((one) => one === role)
    ? ["DatasetOfOther", id, stMary, northGeneral]
    : dutyNotHeld(northGeneral, Duty.ANCHOR_RECORD | Duty.CUSTODY)(caller, role, sent);

// A body that is called by itself asks the same member registry, but knows no dataset.
const never =
  (member: number, those: readonly string[]): Refuse =>
  (caller, role, sent) =>
    those.includes(role)
      ? ["DatasetUnknown", id]
      : dutyNotHeld(member, Duty.ANCHOR_RECORD | Duty.CUSTODY)(caller, role, sent);
const neverOfMember = never(stMary, keepers);
const neverOfNorth = never(northGeneral, keepersOfNorth);

const rows = (body: string): readonly Row[] => [
  // ── privileged ──
  { ...call("upgradeToAndCall(address,bytes)", body, "0x"), ...upgrade },
  { ...call("pause(uint32)", START + DAY), ...emergency },
  { ...call("resume()"), ...emergency, meets: "DomainNotPaused" },
  { ...call("initialize(address)", people.stranger.address), ...nobodyInitialises },
  { ...call("setAuthority(address)", people.stranger.address), ...nobody },
  // ── custodian ──
  { ...call(`registerDataset(${DATASET},uint256)`, fresh, OPEN), ...byArchive, alone: bypassed },
  {
    ...call("amendDataset(bytes32,uint32,uint32,uint256,bytes32)", id, stMary, 1, OPEN, commitment("second")),
    ...byArchive,
    alone: bypassed,
  },
  {
    ...call(
      "amendDataset(bytes32,uint32,uint32,uint256,bytes32)",
      id,
      northGeneral,
      1,
      OPEN,
      commitment("second"),
    ),
    note: "in the name of another hospital",
    allowed: [],
    refusal: inNorthsName,
    alone: bypassed,
  },
  { ...call("retireDataset(bytes32,uint32)", id, stMary), ...byArchive, alone: neverOfMember },
  {
    ...call("retireDataset(bytes32,uint32)", id, northGeneral),
    note: "in the name of another hospital",
    allowed: [],
    refusal: inNorthsName,
    alone: neverOfNorth,
  },
  {
    ...call(`withdrawAccess(${ACCESS},uint32,uint8)`, access(), stMary, Withdrawal.termsBroken),
    ...byArchive,
    alone: neverOfMember,
  },
  {
    ...call(`withdrawAccess(${ACCESS},uint32,uint8)`, access(), northGeneral, Withdrawal.agreed),
    note: "in the name of the hospital that asked",
    allowed: [],
    refusal: inNorthsName,
    alone: neverOfNorth,
  },
  {
    ...call("readmitResearcher(bytes32,uint32,uint32)", id, stMary, stMary),
    ...byArchive,
    alone: bypassed,
  },
  // ── researcher ──
  {
    ...call(`requestAccess(${ACCESS})`, next),
    allowed: ["research desk of another hospital"],
    refusal: dutyNotHeld(northGeneral, Duty.DISCLOSE),
    alone: bypassed,
  },
  {
    ...call(`requestAccess(${ACCESS})`, access({ member: sunPharmacy })),
    note: "in the name of a member without a desk",
    allowed: [],
    refusal: dutyNotHeld(sunPharmacy, Duty.DISCLOSE),
    alone: bypassed,
  },
];

const views: Readonly<Record<string, View>> = {
  "datasetOf(bytes32)": { args: [id] },
  "accessOf(bytes32)": { args: [accessIdOf(access())] },
  "isBarred(bytes32,uint32)": { args: [id, stMary] },
  [`isAccessPermitted(${ACCESS},uint32)`]: { args: [access(), northGeneral] },
  [`datasetId(${DATASET})`]: { args: [dataset()] },
  [`accessId(${ACCESS})`]: { args: [access()] },
  // ERC-1822: asked of an implementation, never through a proxy.
  "proxiableUUID()": { args: [], refusal: ["UUPSUnauthorizedCallContext"] },
};

/** A dataset with one access that runs, and one that was withdrawn. */
export const researchRegistry: RowSet = {
  name: "ResearchRegistry",
  parts: ["ResearchRegistry"],
  open: async (world) => {
    const { research, registry } = world;
    await register(world, KEEPS);
    await request(world);
    await request(world, barred, people.stMaryDesk);
    await withdraw(world, Withdrawal.termsBroken, barred);
    const members = await registry.getAddress();
    const body = await ethers.deployContract("ResearchRegistry", [members], people.deployer.wallet);
    return {
      contract: as(research, people.stranger),
      rows: rows(await body.getAddress()),
      bodies: await bodiesOf(research, "ResearchRegistry"),
      views,
      notFound: [],
    };
  },
};
