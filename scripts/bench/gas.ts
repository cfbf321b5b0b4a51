import { computeAddress, id, SigningKey, ZeroHash, zeroPadValue } from "ethers";

import { dutyBits } from "../../deploy/duties.ts";
import { measureConsents } from "./consents.ts";
import { openChain, seededKey, walletOf, type BenchChain } from "./chain.ts";
import { each, type GasTable } from "./floor.ts";
import { measureRecords } from "./records.ts";
import { measureResearch } from "./research.ts";
import { measureSupply } from "./supply.ts";
import { idOf, sign, unsigned } from "./signing.ts";

const DAY = 86_400;
const NO_REVIEW = 0;
const BATCH = 100;
const FILLS = 3;
/** The regulator, a hospital whose prescriptions no sample is, and a halt of all its prescribers. */
const REGULATOR = 1;
const OTHER_ISSUER = 3;
const ALL_PRESCRIBERS = ZeroHash;
const HALT_REASON = 1;
/** Ten tablets a fill, in thousandths. */
const UNITS = 10_000;
const STOCK_NONE = "0x";
const STOCK_HASH_NONE = id("");

/** A prescription to measure with, and the key of its holder. */
interface Sample {
  readonly terms: Record<string, unknown> & { readonly issuer: number };
  readonly id: string;
  readonly holder: SigningKey;
  readonly ephemeralKey: { readonly x: string; readonly prefix: string; readonly viewTag: string };
}

/** What a sample's terms may differ in. */
interface Variant {
  readonly reviewer?: number;
  readonly fills?: number;
}

const sampleOf = (chain: BenchChain, seed: string, variant: Variant = {}): Sample => {
  const holder = seededKey(`holder ${seed}`);
  const ephemeral = SigningKey.computePublicKey(seededKey(`ephemeral ${seed}`).publicKey, true);
  const terms = {
    issuer: 2,
    prescriber: chain.operator("drAdler").key,
    holder: computeAddress(holder.publicKey),
    commitment: id(`commitment ${seed}`),
    unitsPerFill: UNITS,
    fills: variant.fills ?? FILLS,
    interval: 21 * DAY,
    validFrom: chain.now() - DAY,
    validUntil: chain.now() + 90 * DAY,
    reviewer: variant.reviewer ?? NO_REVIEW,
  };
  const ephemeralKey = {
    x: `0x${ephemeral.slice(4)}`,
    prefix: `0x${ephemeral.slice(2, 4)}`,
    viewTag: "0x5a",
  };
  return { terms, id: idOf(terms), holder, ephemeralKey };
};

const orderOf = ({ terms, ephemeralKey }: Sample, attestation: object = unsigned) => ({
  prescription: terms,
  ephemeralKey,
  attestation,
});

/** Everything that one measures about a prescription, on one chain. */
const prescriptionActs = (chain: BenchChain) => {
  const send = (from: string, name: string, args: readonly unknown[]) =>
    chain.act(
      chain.operator(from).address,
      "prescriptions",
      chain.prescriptions.encodeFunctionData(name, [...args]),
    );
  const deadline = () => chain.now() + 600;
  const issue = (sample: Sample) => send("drAdler", "issue", [orderOf(sample)]);
  const accept = (sample: Sample, site = 1, lockCount = 1, fill = 1) => {
    const acceptance = { member: 4, site, lockCount, fill, lockedUntil: chain.now() + 2 * DAY };
    const signed = { prescription: sample.id, ...acceptance };
    const authorisation = sign(sample.holder, chain.domain, "Acceptance", signed, deadline());
    return send("greenCrossSystem", "accept", [sample.terms, acceptance, authorisation]);
  };
  const handover = (ordinal: number, fill: number, units: number, seed: string, handedOverAt = 0) => ({
    member: 4,
    site: 1,
    lockCount: 1,
    ordinal,
    fill,
    units,
    handedOverAt,
    commitment: id(`dispense ${seed}`),
  });
  const dispense = (sample: Sample, ordinal: number, units: number, handedOverAt = 0, stock = STOCK_NONE) => {
    const row = handover(ordinal, 1, units, `${sample.id} ${ordinal}`, handedOverAt);
    return send("pharmacistAmsel", "dispense", [sample.terms, row, stock, unsigned]);
  };
  const dispenseRelayed = (sample: Sample, ordinal: number, units: number) => {
    const row = handover(ordinal, 1, units, `${sample.id} ${ordinal}`);
    const signed = { prescription: sample.id, ...row, stockHash: STOCK_HASH_NONE };
    const attestation = sign(
      walletOf(chain, "pharmacistAmsel"),
      chain.domain,
      "Dispense",
      signed,
      deadline(),
    );
    return send("greenCrossSystem", "dispense", [sample.terms, row, STOCK_NONE, attestation]);
  };
  /** Issued and locked: what is left is the dispense. */
  const locked = async (seed: string): Promise<Sample> => {
    const sample = sampleOf(chain, seed);
    await issue(sample);
    await accept(sample);
    return sample;
  };
  return { send, deadline, issue, accept, locked, dispense, dispenseRelayed };
};

/** What other domains do with prescriptions. */
export type PrescriptionActs = ReturnType<typeof prescriptionActs>;

const measureIssue = async (chain: BenchChain): Promise<GasTable> => {
  const { send, deadline, issue } = prescriptionActs(chain);
  const issueSigned = (sample: Sample) => {
    const signed = { prescription: sample.terms, ephemeralKey: sample.ephemeralKey };
    return sign(walletOf(chain, "drAdler"), chain.domain, "Issue", signed, deadline());
  };
  const relayed = sampleOf(chain, "relayed");
  const batch = Array.from({ length: BATCH }, (_, i) => sampleOf(chain, `batch ${i}`));
  const relayedBatch = Array.from({ length: BATCH }, (_, i) => sampleOf(chain, `relayed batch ${i}`));
  const relayedOrders = relayedBatch.map((sample) => orderOf(sample, issueSigned(sample)));
  return {
    "prescription.issue": await issue(sampleOf(chain, "issue")),
    "prescription.issueRelayed": await send("stMarySystem", "issue", [
      orderOf(relayed, issueSigned(relayed)),
    ]),
    "prescription.issueBatch100.each": each(
      await send("drAdler", "issueBatch", [batch.map((sample) => orderOf(sample))]),
      BATCH,
    ),
    "prescription.issueRelayedBatch100.each": each(
      await send("stMarySystem", "issueBatch", [relayedOrders]),
      BATCH,
    ),
  };
};

const measureDispense = async (chain: BenchChain): Promise<GasTable> => {
  const { send, issue, accept, dispense, dispenseRelayed } = prescriptionActs(chain);
  const whole = sampleOf(chain, "whole");
  await issue(whole);
  const accepted = await accept(whole);
  const dispensed = await dispense(whole, 1, UNITS);
  const withdrawn = await send("pharmacistAmsel", "withdrawDispense", [
    whole.terms,
    4,
    1,
    1,
    STOCK_NONE,
    unsigned,
  ]);
  const parts = sampleOf(chain, "parts");
  await issue(parts);
  await accept(parts);
  const first = await dispenseRelayed(parts, 1, UNITS / 2);
  const second = await dispense(parts, 2, UNITS / 4);
  const closed = await send("pharmacistAmsel", "closeFill", [parts.terms, 4, 1, 1, 3, unsigned]);
  const back = sampleOf(chain, "back");
  await issue(back);
  await accept(back);
  const returned = await send("greenCrossSystem", "returnToOpen", [back.terms, 4, 1, 1]);
  return {
    "prescription.accept": accepted,
    "prescription.dispense": dispensed,
    "prescription.dispenseRelayed": first,
    "prescription.dispenseFurtherPart": second,
    "prescription.closeFill": closed,
    "prescription.withdraw": withdrawn,
    "prescription.return": returned,
  };
};

const measureEnds = async (chain: BenchChain): Promise<GasTable> => {
  const { send, deadline, issue, accept } = prescriptionActs(chain);
  const cancelled = sampleOf(chain, "cancelled");
  await issue(cancelled);
  const byHolder = sampleOf(chain, "cancelled by holder");
  await issue(byHolder);
  const released = sampleOf(chain, "released");
  await issue(released);
  await accept(released);
  const replaced = sampleOf(chain, "replaced");
  await issue(replaced);
  const replacement = sampleOf(chain, "replacement");
  const reviewed = sampleOf(chain, "reviewed", { reviewer: 4 });
  await issue(reviewed);
  const holderSigned = (sample: Sample, name: "HolderCancel" | "Release", rest: object = {}) =>
    sign(sample.holder, chain.domain, name, { prescription: sample.id, ...rest }, deadline());
  return {
    "prescription.review": await send("pharmacistAmsel", "review", [reviewed.terms, 4, 1, unsigned]),
    "prescription.cancel": await send("drAdler", "cancel", [cancelled.terms, 2, unsigned]),
    "prescription.cancelByHolder": await send("greenCrossSystem", "cancelByHolder", [
      byHolder.terms,
      holderSigned(byHolder, "HolderCancel"),
    ]),
    "prescription.release": await send("greenCrossSystem", "release", [
      released.terms,
      1,
      holderSigned(released, "Release", { lockCount: 1 }),
    ]),
    "prescription.replace": await send("drAdler", "replace", [replaced.terms, orderOf(replacement)]),
  };
};

const measureMembers = async (chain: BenchChain): Promise<GasTable> => {
  const stMary = chain.config.members.find(({ name }) => name === "stMary");
  if (stMary === undefined) throw new RangeError("deploy/config/embedded.json names no stMary");
  const until = chain.now() + 365 * DAY;
  const throughDay = Math.floor(until / DAY);
  const keyOf = (seed: string) => zeroPadValue(computeAddress(seededKey(seed).publicKey), 32);
  const row = (seed: string) => ({ operator: keyOf(seed), duties: dutyBits.prescribe, until });
  const licence = (seed: string) => ({
    member: 2,
    operator: keyOf(seed),
    duties: dutyBits.prescribe,
    throughDay,
  });
  const many = Array.from({ length: BATCH }, (_, i) => `operator ${i}`);
  const send = (from: string, name: string, args: readonly unknown[]) =>
    chain.act(from, "members", chain.members.encodeFunctionData(name, [...args]));
  const licensor = chain.operator("inspectorLicensing").address;
  return {
    "member.appoint": await send(stMary.admin, "appoint", [2, row("operator")]),
    "member.appointBatch100.each": each(await send(stMary.admin, "appointBatch", [2, many.map(row)]), BATCH),
    "member.license": await send(licensor, "license", [1, licence("operator")]),
    "member.licenseBatch100.each": each(await send(licensor, "licenseBatch", [1, many.map(licence)]), BATCH),
    "member.suspendOperator": await send(chain.operator("inspectorField").address, "suspendOperator", [
      1,
      2,
      keyOf("operator"),
      dutyBits.prescribe,
    ]),
    "member.dismiss": await send(stMary.admin, "dismiss", [2, [keyOf("operator 0")]]),
  };
};

/** Operations as they stand above, on other days. They come last: a halt stays. */
const measureVariants = async (chain: BenchChain): Promise<GasTable> => {
  const { send, issue, accept, dispense } = prescriptionActs(chain);
  const last = sampleOf(chain, "last", { fills: 1 });
  await issue(last);
  await accept(last);
  const dispensedLast = await dispense(last, 1, UNITS);
  const outage = sampleOf(chain, "outage");
  await issue(outage);
  const lockedAt = chain.now();
  await accept(outage);
  const entered = await dispense(outage, 1, UNITS, lockedAt);
  const locked = sampleOf(chain, "cancelled while locked");
  await issue(locked);
  await accept(locked);
  const ordered = await send("drAdler", "cancel", [locked.terms, 2, unsigned]);
  const halted = sampleOf(chain, "while another is halted");
  await issue(halted);
  const since = chain.now() - 1;
  await send("inspectorField", "halt", [REGULATOR, OTHER_ISSUER, ALL_PRESCRIBERS, since, HALT_REASON]);
  return {
    "prescription.dispenseLast": dispensedLast,
    "prescription.dispenseOutage": entered,
    "prescription.cancelLocked": ordered,
    "prescription.acceptWhileHalted": await accept(halted),
    "prescription.dispenseWhileHalted": await dispense(halted, 1, UNITS),
  };
};

/** Gas of each operation and its floor; the same in every run. */
export const measureGas = async (): Promise<GasTable> => {
  const chain = await openChain();
  try {
    const tables = [
      await measureIssue(chain),
      await measureDispense(chain),
      await measureEnds(chain),
      await measureMembers(chain),
      await measureSupply(chain, prescriptionActs(chain)),
      await measureVariants(chain),
      await measureRecords(chain),
      await measureConsents(chain),
      await measureResearch(chain),
    ];
    const rows = tables.flatMap((table) => Object.entries(table));
    return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
  } finally {
    await chain.close();
  }
};
