import { DAY, START, as, ethers, now } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, type World } from "../core/world.ts";
import { ecdsaKey } from "../consent/keys.ts";
import {
  Category,
  FOREVER,
  Member,
  Purpose,
  Reason,
  SENT,
  Status,
  appoint,
  attest,
  authorize,
  breakGlass,
  delegation,
  deployConsentBody,
  disclose,
  disclosure,
  emergency as emergencyDisclosure,
  enrolment,
  glassIdOf,
  grant,
  mask,
  peersOf,
  peopled,
  proposeKey,
  revocation,
  rule,
  staff,
  subjectIdOf,
  subjectOf,
  ticket,
  wide,
  type Authorization,
  type ConsentWorld,
} from "../consent/support.ts";
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

const RULE = "(bytes32,uint8,uint32,uint16,uint8,uint32,uint32,uint32,uint64,uint32,uint32,bool,bool)";
const END = "(bytes32,uint8,uint32,uint16,uint8,uint32)";
const SIGNED = "(bytes,bytes,uint32)";
const DELEGATION = "(bytes32,uint8,uint8,uint32,uint32,address,uint8,uint32,uint64,uint32)";
const ENROLMENT = "(uint32,address,address,uint32,bytes32)";
const DISCLOSURE = "(bytes32,uint32,uint8,uint8,bytes32,bytes32)";

const { stMary, northGeneral, healthOffice } = Member;
const nova = ecdsaKey("patient Nova");
const next = ecdsaKey("Mara's next");
const helper = ecdsaKey("helper Hank");

const desk = "records desk of the member";
const byDesk = { allowed: [desk], refusal: dutyNotHeld(stMary, Duty.CUSTODY) } as const;
const byDiscloser = {
  allowed: ["discloser of the member"],
  refusal: dutyNotHeld(stMary, Duty.DISCLOSE),
} as const;

/** A body that is called by itself asks the same member registry first; then it knows no subject. */
const knowsNone =
  (id: string, allowed: string, duty: number): Refuse =>
  (caller, role, sent) =>
    role === allowed ? ["SubjectUnknown", id] : dutyNotHeld(stMary, duty)(caller, role, sent);

const noPhysician: Refuse = (caller, role, sent) =>
  role === "emergency physician without a licence"
    ? ["DutyLicenceLapsed", northGeneral, caller.key, Duty.BREAK_GLASS, 0]
    : dutyNotHeld(northGeneral, Duty.BREAK_GLASS)(caller, role, sent);

/** What the rows pass that was signed; made once, for everybody relays it. */
type Signatures = Readonly<
  Record<
    | "grant"
    | "deny"
    | "revoke"
    | "batch"
    | "all"
    | "enrol"
    | "appoint"
    | "dismiss"
    | "old"
    | "fresh"
    | "refuse",
    Authorization
  >
> & { readonly agreed: Authorization; readonly asked: Authorization; readonly physician: typeof SENT };

const signaturesFor = async (world: ConsentWorld): Promise<Signatures> => {
  const { mara, wim, toni, carer } = world;
  const until = (await now()) + 20 * 60 * 60;
  const how = { until };
  const change = { subject: mara.id, before: mara.key, key: next.key, keyVersion: 0 };
  const recovery = { subject: toni.id, before: toni.key, key: next.key, delegate: 1, keyVersion: 0 };
  const { keyVersion } = await subjectOf(world, wim.id);
  const refusal = { subject: wim.id, key: next.key, keyVersion: Number(keyVersion) };
  const batch = { revocations: [], denials: [], grants: [rule(mara.id, { number: 1 })] };
  const end = { subject: mara.id, number: 1, version: 1, delegate: 0 };
  return {
    grant: await authorize(world, mara, "Grant", rule(mara.id, { number: 1 }), how),
    deny: await authorize(world, mara, "Denial", rule(mara.id, { number: 1 }), how),
    revoke: await authorize(world, mara, "Revocation", revocation(mara.id), how),
    batch: await authorize(world, mara, "Rules", batch, how),
    all: await authorize(world, mara, "RevocationOfAll", { subject: mara.id, delegate: 0, epoch: 0 }, how),
    enrol: await authorize(world, nova, "Enrolment", enrolment({ key: nova.key }), how),
    appoint: await authorize(world, mara, "Delegation", delegation(mara.id, helper.key, { number: 2 }), how),
    dismiss: await authorize(world, mara, "DelegationRevocation", end, how),
    old: await authorize(world, mara, "KeyReplacement", change, how),
    fresh: await authorize(world, next, "KeyReplacement", change, how),
    agreed: await authorize(world, carer, "KeyRecovery", recovery, how),
    asked: await authorize(world, next, "KeyRecovery", recovery, how),
    refuse: await authorize(world, wim, "KeyRefusal", refusal, how),
    physician: await attest(world, staff.drVega, until, { ticket: ticket(8) }),
  };
};

const privileged = (body: string): readonly Row[] => [
  { ...call("upgradeToAndCall(address,bytes)", body, "0x"), ...upgrade },
  { ...call("pause(uint32)", START + DAY), ...emergency },
  { ...call("resume()"), ...emergency, meets: "DomainNotPaused" },
  { ...call("initialize(address)", people.stranger.address), ...nobodyInitialises },
  { ...call("setAuthority(address)", people.stranger.address), ...nobody },
];

/** Whatever a patient signed, anybody relays. */
const byPatients = ({ mara, wim, pia }: ConsentWorld, signed: Signatures): readonly Row[] => {
  const unknown: Refuse = () => ["SubjectUnknown", mara.id];
  const open = { ...everybody, alone: unknown };
  const terms = rule(mara.id, { number: 1 });
  return [
    { ...call(`grant(${RULE},${SIGNED})`, terms, signed.grant), ...everybody, alone: bypassed },
    { ...call(`deny(${RULE},${SIGNED})`, terms, signed.deny), ...open },
    { ...call(`revoke(${END},${SIGNED})`, revocation(mara.id), signed.revoke), ...open },
    {
      ...call(`changeRules(${END}[],${RULE}[],${RULE}[],${SIGNED})`, [], [], [terms], signed.batch),
      ...everybody,
      alone: bypassed,
    },
    { ...call(`revokeAll(bytes32,uint8,uint32,${SIGNED})`, mara.id, 0, 0, signed.all), ...open },
    {
      ...call(
        `appointDelegate(${DELEGATION},${SIGNED})`,
        delegation(mara.id, helper.key, { number: 2 }),
        signed.appoint,
      ),
      ...everybody,
      alone: bypassed,
    },
    {
      ...call(`revokeDelegate(bytes32,uint8,uint32,uint8,${SIGNED})`, mara.id, 1, 1, 0, signed.dismiss),
      ...open,
    },
    {
      ...call(`replaceKey(bytes32,address,${SIGNED},${SIGNED})`, mara.id, next.key, signed.old, signed.fresh),
      ...everybody,
      alone: bypassed,
    },
    {
      ...call(`refuseKey(bytes32,${SIGNED})`, wim.id, signed.refuse),
      ...everybody,
      alone: () => ["SubjectUnknown", wim.id],
    },
    { ...call("adoptKey(bytes32)", pia.id), ...everybody, meets: "ReplacementTooSoon", alone: bypassed },
    { ...call("refreshCategories()"), ...everybody, alone: bypassed },
  ];
};

const byCustodian = ({ mara, wim, toni }: ConsentWorld, signed: Signatures): readonly Row[] => {
  const masks = [mask(Category.imaging), wide(Purpose.treatment)] as const;
  const paper = [mara.id, northGeneral, 0, ...masks, FOREVER] as const;
  const proposal = [toni.id, next.key, 1, signed.agreed, signed.asked] as const;
  const foreign = (id: string): Partial<Row> => ({
    note: "in the name of another hospital",
    allowed: [],
    refusal: (caller, role, sent) =>
      role === "records desk of another hospital"
        ? ["SubjectOfOther", id, stMary, northGeneral]
        : dutyNotHeld(northGeneral, Duty.CUSTODY)(caller, role, sent),
    alone: (caller, role, sent) =>
      role === "records desk of another hospital"
        ? ["SubjectUnknown", id]
        : dutyNotHeld(northGeneral, Duty.CUSTODY)(caller, role, sent),
  });
  const enter = "enterDenial(uint32,bytes32,uint32,uint16,uint32,uint64,uint32)";
  const propose = `proposeKey(uint32,bytes32,address,uint8,${SIGNED},${SIGNED})`;
  return [
    {
      ...call(`enrol(${ENROLMENT},${SIGNED})`, enrolment({ key: nova.key }), signed.enrol),
      ...byDesk,
      alone: bypassed,
    },
    { ...call(propose, stMary, ...proposal), ...byDesk, alone: bypassed },
    {
      ...call("withdrawKey(uint32,bytes32)", stMary, wim.id),
      ...byDesk,
      alone: knowsNone(wim.id, desk, Duty.CUSTODY),
    },
    { ...call(enter, stMary, ...paper), ...byDesk, alone: knowsNone(mara.id, desk, Duty.CUSTODY) },
    { ...call(enter, northGeneral, ...paper), ...(foreign(mara.id) as Omit<Row, "call" | "args">) },
    {
      ...call("liftDenial(uint32,bytes32,uint32,uint16)", stMary, wim.id, northGeneral, 0),
      ...byDesk,
      alone: bypassed,
    },
  ];
};

/** Who broke the glass reviews it for nobody. */
const noReviewer =
  (member: number, duty: number): Refuse =>
  (caller, role, sent) =>
    role === "emergency physician of another hospital"
      ? ["BreakGlassReviewerInvalid", glassIdOf(), member]
      : dutyNotHeld(member, duty)(caller, role, sent);

const byOversight = ({ mara }: ConsentWorld, signed: Signatures): readonly Row[] => {
  const given = disclosure(mara.id);
  const discloser = "discloser of the member";
  const open = "breakGlass(uint32,uint32,bytes32,uint8,(bytes32,bytes32,uint32))";
  const use = [northGeneral, stMary, ticket(8), Reason.lifeThreatening] as const;
  const unknown: Refuse = () => ["BreakGlassUnknown", glassIdOf()];
  const review = "reviewBreakGlass(bytes32,uint32,uint8)";
  return [
    {
      ...call(`recordDisclosure(uint32,${DISCLOSURE})`, stMary, given),
      ...byDiscloser,
      alone: knowsNone(mara.id, discloser, Duty.DISCLOSE),
    },
    {
      ...call(`recordDisclosures(uint32,${DISCLOSURE}[])`, stMary, [given]),
      ...byDiscloser,
      alone: bypassed,
    },
    {
      ...call(open, ...use, SENT),
      allowed: ["emergency physician of another hospital"],
      refusal: noPhysician,
      alone: bypassed,
    },
    {
      ...call(open, ...use, signed.physician),
      note: "with a physician's signature",
      allowed: ["relay of another hospital"],
      refusal: dutyNotHeld(northGeneral, Duty.SUBMIT),
      alone: bypassed,
    },
    {
      ...call("escalateBreakGlass(bytes32)", glassIdOf()),
      ...everybody,
      meets: "BreakGlassNotOverdue",
      alone: unknown,
    },
    {
      ...call(review, glassIdOf(), stMary, Status.justified),
      note: "for the custodian",
      allowed: [desk],
      refusal: noReviewer(stMary, Duty.CUSTODY),
      alone: unknown,
    },
    {
      ...call(review, glassIdOf(), healthOffice, Status.justified),
      note: "for a regulator",
      allowed: ["inspector of the regulator"],
      refusal: noReviewer(healthOffice, Duty.INSPECT),
      alone: unknown,
    },
    {
      ...call(review, glassIdOf(), northGeneral, Status.justified),
      note: "for the actor's own member",
      allowed: [],
      refusal: () => ["BreakGlassReviewerInvalid", glassIdOf(), northGeneral],
      alone: unknown,
    },
  ];
};

const viewsOf = ({ mara, pia, toni }: ConsentWorld): Readonly<Record<string, View>> => {
  const given = disclosure(mara.id);
  return {
    "isPermitted(bytes32,uint32,uint8,uint8)": {
      args: [mara.id, northGeneral, Category.laboratory, Purpose.treatment],
    },
    "subjectId(uint32,address,bytes32)": { args: [stMary, mara.key, ethers.id("salt")] },
    "signerKey(bytes)": { args: [toni.signer] },
    "subjectOf(bytes32)": { args: [mara.id] },
    "ruleOf(bytes32,uint32,uint16,uint8)": { args: [mara.id, northGeneral, 0, 0] },
    "delegationOf(bytes32,uint8)": { args: [mara.id, 1] },
    "replacementOf(bytes32)": { args: [pia.id] },
    "breakGlassId(uint32,bytes32,uint32,bytes32)": {
      args: [northGeneral, staff.drVega.key, stMary, ticket()],
    },
    "breakGlassOf(bytes32)": { args: [glassIdOf()] },
    "breakGlassStandingOf(uint32,bytes32)": { args: [northGeneral, staff.drVega.key] },
    "disclosureBatchOf(uint32,bytes32)": { args: [stMary, ethers.id("root")] },
    [`isDisclosed(uint32,bytes32,${DISCLOSURE},uint16,uint8,uint32,bytes32[])`]: {
      args: [stMary, ethers.id("root"), given, 0, 0, 1, []],
    },
    [`disclosureLeaf(${DISCLOSURE},uint16,uint8,uint32)`]: { args: [given, 0, 0, 1] },
    // ERC-1822: asked of an implementation, never through a proxy.
    "proxiableUUID()": { args: [], refusal: ["UUPSUnauthorizedCallContext"] },
  };
};

/** Patients with a permit, delegates, proposals, a paper deny; a use of break-glass that gave access. */
const stageOf = async (base: World): Promise<ConsentWorld> => {
  const world = await peopled(base);
  const { consents, mara, wim, pia, toni, carer } = world;
  await grant(world, mara);
  for (const patient of [mara, wim, pia, toni]) await appoint(world, patient, carer);
  await proposeKey(world, wim, next, carer);
  await proposeKey(world, pia, next, carer);
  const masks = [mask(Category.imaging), wide(Purpose.treatment)] as const;
  const paper = [stMary, wim.id, northGeneral, 0, ...masks, FOREVER] as const;
  await as(consents, staff.desk).enterDenial(...paper);
  await breakGlass(world);
  await disclose(world, emergencyDisclosure(mara.id));
  if (subjectIdOf(stMary, mara.key, ethers.id("salt")) !== mara.id) throw new Error("another salt");
  return world;
};

/** Everything that patients, custodians and professionals in an emergency do. */
export const consentRegistry: RowSet = {
  name: "ConsentRegistry",
  parts: ["ConsentRegistry", "ConsentOversight", "ConsentCustody"],
  open: async (base) => {
    const world = await stageOf(base);
    const { consents } = world;
    const signed = await signaturesFor(world);
    const { body } = await deployConsentBody(...(await peersOf(world)));
    const bodies = await bodiesOf(consents, "ConsentRegistry", "ConsentOversight");
    const behind = consents.interface.encodeFunctionData("EXTENSION");
    const [, oversight] = bodies;
    const answer = await ethers.provider.call({ to: oversight!.address, data: behind });
    const custody = { artifact: "ConsentCustody", address: ethers.getAddress(`0x${answer.slice(-40)}`) };
    return {
      contract: consents,
      rows: [
        ...privileged(body),
        ...byPatients(world, signed),
        ...byCustodian(world, signed),
        ...byOversight(world, signed),
      ],
      bodies: [...bodies, custody],
      views: viewsOf(world),
      notFound: [],
    };
  },
};
