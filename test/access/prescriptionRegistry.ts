import { Signature, ZeroHash, recoverAddress } from "ethers";

import { DAY, START, as, ethers } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { Member, Site, people, type World } from "../core/world.ts";
import {
  Outcome,
  SENT,
  Withdrawal,
  accept,
  authorise,
  deployPrescriptionBody,
  dispense,
  domainOf,
  handover,
  holder,
  idOf,
  issue,
  lock,
  order,
  sign,
  terms,
  typesOf,
  type Signed,
  type Terms,
} from "../prescriptions/support.ts";
import {
  bodiesOf,
  byInspector,
  bypassed,
  call,
  claims,
  dutyNotHeld,
  emergency,
  everybody,
  governed,
  nobody,
  nobodyInitialises,
  upgrade,
  type Refuse,
  type Row,
  type RowSet,
  type View,
} from "./table.ts";

const PRESCRIPTION = "(uint32,bytes32,address,bytes32,uint40,uint8,uint32,uint32,uint32,uint32)";
const SIGNED = "(bytes32,bytes32,uint32)";
const ORDER = `(${PRESCRIPTION},(bytes32,bytes1,bytes1),${SIGNED})`;

const { stMary, sunPharmacy, healthOffice } = Member;
const asked = terms({ reviewer: sunPharmacy, fills: 2 });
const locked = terms({ fills: 4 });
const handed = terms({ fills: 5 });
const fresh = terms({ fills: 6 });
const UNTIL = START + DAY;

const atTheCounter = {
  allowed: ["pharmacist of the pharmacy", "dispenser of the pharmacy", "relay of the pharmacy"],
  refusal: dutyNotHeld(sunPharmacy, Duty.DISPENSE | Duty.SUBMIT),
} as const;
const byDispenser = {
  allowed: ["pharmacist of the pharmacy", "dispenser of the pharmacy"],
  refusal: dutyNotHeld(sunPharmacy, Duty.DISPENSE),
} as const;

/** A prescriber is refused for a missing duty, or, once appointed, for a missing licence. */
const noPrescriber: Refuse = (caller, role) =>
  role === "prescriber without a licence"
    ? ["DutyLicenceLapsed", stMary, caller.key, Duty.PRESCRIBE, 0]
    : ["DutyNotHeld", stMary, caller.key, Duty.PRESCRIBE];
const byPrescriber = {
  allowed: ["prescriber of the member", "colleague of the prescriber"],
  refusal: noPrescriber,
} as const;

// A body that is called by itself asks the same member registry, but knows no prescription.
const never =
  (prescription: Terms): Refuse =>
  () => ["PrescriptionUnknown", idOf(prescription)];
const cancelsNothing: Refuse = (caller, role, sent) =>
  byPrescriber.allowed.some((one) => one === role)
    ? never(terms())(caller, role, sent)
    : noPrescriber(caller, role, sent);
const haltsNothing: Refuse = (caller, role, sent) =>
  role === "inspector of the regulator"
    ? bypassed(caller, role, sent)
    : byInspector.refusal(caller, role, sent);
const resumesNothing: Refuse = (caller, role, sent) =>
  role === "inspector of the regulator"
    ? ["HaltUnknown", stMary, people.drChen.key]
    : byInspector.refusal(caller, role, sent);

/** Signatures that the rows pass; made once, for the callers relay them. */
type Signatures = {
  readonly acceptance: Signed;
  readonly release: Signed;
  readonly cancel: Signed;
  /** The holder cancels this with `cancel`: the key that comes out there. */
  readonly otherHolder: (prescription: Terms) => Refuse;
};

const signaturesFor = async (world: World): Promise<Signatures> => {
  const { prescriptions } = world;
  const released = { prescription: idOf(locked), lockCount: 1 };
  const cancel = await sign(prescriptions, holder(1), "HolderCancel", { prescription: idOf(terms()) }, UNTIL);
  const domain = await domainOf(prescriptions);
  const signature = Signature.from({ r: cancel.r, yParityAndS: cancel.vs });
  return {
    acceptance: await authorise(world, terms(), lock()),
    release: await sign(prescriptions, holder(1), "Release", released, UNTIL),
    cancel,
    otherHolder:
      (prescription) =>
      (_, __, { to }) => {
        const message = { prescription: idOf(prescription), deadline: UNTIL };
        const there = { ...domain, verifyingContract: to };
        const digest = ethers.TypedDataEncoder.hash(there, typesOf("HolderCancel"), message);
        const signer = recoverAddress(digest, signature);
        return ["PrescriptionHolderSignatureInvalid", idOf(prescription), holder(1).address, signer];
      },
  };
};

const rows = ({ otherHolder, ...signatures }: Signatures, body: string): readonly Row[] => [
  // ── privileged ──
  { ...call("upgradeToAndCall(address,bytes)", body, "0x"), ...upgrade },
  { ...call("liftHalt(uint32,bytes32)", stMary, people.drChen.key), ...governed },
  { ...call("pause(uint32)", START + DAY), ...emergency },
  { ...call("resume()"), ...emergency, meets: "DomainNotPaused" },
  { ...call("initialize(address)", people.stranger.address), ...nobodyInitialises },
  { ...call("setAuthority(address)", people.stranger.address), ...nobody },
  { ...call("markClaimed(bytes32,uint8)", idOf(handed), 1), ...claims },
  { ...call("unmarkClaimed(bytes32,uint8)", idOf(handed), 2), ...claims },
  // ── issuer ──
  {
    ...call(`issue(${ORDER})`, order(fresh)),
    note: "in Dr Li's name",
    allowed: ["prescriber of the member"],
    refusal: (caller) => ["PrescriptionPrescriberMismatch", idOf(fresh), people.drLi.key, caller.key],
    alone: bypassed,
  },
  {
    call: `issue(${ORDER})`,
    note: "in the caller's own name",
    args: (caller) => [order(terms({ fills: 7, prescriber: caller.key }))],
    ...byPrescriber,
    alone: bypassed,
  },
  {
    call: `issueBatch(${ORDER}[])`,
    args: (caller) => [[order(terms({ fills: 7, prescriber: caller.key }))]],
    ...byPrescriber,
    alone: bypassed,
  },
  {
    ...call(`cancel(${PRESCRIPTION},uint32,${SIGNED})`, terms(), stMary, SENT),
    ...byPrescriber,
    alone: cancelsNothing,
  },
  {
    call: `replace(${PRESCRIPTION},${ORDER})`,
    args: (caller) => [terms(), order(terms({ fills: 8, prescriber: caller.key }))],
    ...byPrescriber,
    alone: bypassed,
  },
  {
    ...call(`review(${PRESCRIPTION},uint32,uint8,${SIGNED})`, asked, sunPharmacy, Outcome.approved, SENT),
    allowed: ["pharmacist of the pharmacy"],
    refusal: dutyNotHeld(sunPharmacy, Duty.REVIEW),
    alone: bypassed,
  },
  // ── pharmacy ──
  {
    ...call(
      `accept(${PRESCRIPTION},(uint32,uint16,uint16,uint8,uint32),${SIGNED})`,
      terms(),
      lock(),
      signatures.acceptance,
    ),
    ...atTheCounter,
    alone: bypassed,
  },
  {
    ...call(`returnToOpen(${PRESCRIPTION},uint32,uint16,uint16)`, locked, sunPharmacy, Site.sunMarket, 1),
    ...atTheCounter,
    alone: never(locked),
  },
  {
    ...call(
      `dispense(${PRESCRIPTION},(uint32,uint16,uint16,uint8,uint8,uint40,uint32,bytes32),bytes,${SIGNED})`,
      locked,
      handover(),
      "0x",
      SENT,
    ),
    ...byDispenser,
    alone: bypassed,
  },
  {
    ...call(
      `closeFill(${PRESCRIPTION},uint32,uint16,uint16,uint8,${SIGNED})`,
      handed,
      sunPharmacy,
      Site.sunMarket,
      1,
      3,
      SENT,
    ),
    ...byDispenser,
    alone: bypassed,
  },
  {
    ...call(
      `withdrawDispense(${PRESCRIPTION},uint32,uint8,uint8,bytes,${SIGNED})`,
      handed,
      sunPharmacy,
      1,
      Withdrawal.wrongEntry,
      "0x",
      SENT,
    ),
    ...byDispenser,
    alone: never(handed),
  },
  // ── the holder's signature, relayed by anybody ──
  {
    ...call(`release(${PRESCRIPTION},uint16,${SIGNED})`, locked, 1, signatures.release),
    ...everybody,
    alone: never(locked),
  },
  {
    ...call(`cancelByHolder(${PRESCRIPTION},${SIGNED})`, terms(), signatures.cancel),
    ...everybody,
    alone: otherHolder(terms()),
  },
  {
    ...call(`cancelByHolder(${PRESCRIPTION},${SIGNED})`, locked, signatures.cancel),
    note: "with a signature for another prescription",
    allowed: [],
    refusal: otherHolder(locked),
    alone: otherHolder(locked),
  },
  // ── regulator ──
  {
    ...call("halt(uint32,uint32,bytes32,uint32,uint8)", healthOffice, stMary, ZeroHash, START, 1),
    ...byInspector,
    alone: haltsNothing,
  },
  {
    ...call("resumeHalted(uint32,uint32,bytes32)", healthOffice, stMary, people.drChen.key),
    ...byInspector,
    alone: resumesNothing,
  },
];

const views: Readonly<Record<string, View>> = {
  "dispenseOf(bytes32,uint8)": { args: [idOf(handed), 1] },
  "haltOf(uint32,bytes32)": { args: [stMary, people.drChen.key] },
  [`prescriptionId(${PRESCRIPTION})`]: { args: [terms()] },
  [`standingOf(${PRESCRIPTION})`]: { args: [terms()] },
  "stateOf(bytes32)": { args: [idOf(terms())] },
  // ERC-1822: asked of an implementation, never through a proxy.
  "proxiableUUID()": { args: [], refusal: ["UUPSUnauthorizedCallContext"] },
};

/** Prescriptions: open, locked, dispensed, awaiting review, halted. */
export const prescriptionRegistry: RowSet = {
  name: "PrescriptionRegistry",
  parts: ["PrescriptionRegistry", "PrescriptionOversight"],
  open: async (world) => {
    const { prescriptions, registry } = world;
    for (const one of [terms(), asked, locked, handed]) await issue(world, one);
    await accept(world, locked);
    await accept(world, handed);
    await dispense(world, handed);
    await dispense(world, handed, handover({ ordinal: 2 }));
    await as(prescriptions, people.claims).markClaimed(idOf(handed), 2);
    const inspect = as(prescriptions, people.inspector);
    await inspect.halt(healthOffice, stMary, people.drChen.key, START, 1);
    const body = await deployPrescriptionBody(await registry.getAddress(), await prescriptions.STOCK());
    return {
      contract: prescriptions,
      rows: rows(await signaturesFor(world), body),
      bodies: await bodiesOf(prescriptions, "PrescriptionRegistry", "PrescriptionOversight"),
      views,
      notFound: ["PrescriptionUnknown"],
    };
  },
};
