/** Prescriptions made from every FHIR example that can be taken, through all that can happen to them. */
import {
  ANNOUNCEMENT_TOPIC,
  type EphemeralKey,
  FhirError,
  type Order,
  type PrescriptionTerms,
  type StealthKeys,
  acceptPrescription,
  cancelPrescription,
  cancelPrescriptionByHolder,
  closeFill,
  computeHolderKey,
  createQrHolder,
  createStealthHolder,
  dispensePrescription,
  fromMedicationDispense,
  fromMedicationRequest,
  haltPrescriptions,
  issuePrescription,
  issuePrescriptions,
  liftHalt,
  markClaimed,
  parseAnnouncement,
  parseMetaAddress,
  prescriptionIdOf,
  releasePrescription,
  replacePrescription,
  resumePrescriptions,
  returnPrescription,
  reviewPrescription,
  scanAnnouncements,
  shiftHandOver,
  shiftWindow,
  signAcceptance,
  signCancel,
  signDispense,
  signHolderCancel,
  signIssue,
  signRelease,
  signReview,
  signWithdraw,
  splitForPaper,
  splitRequest,
  unmarkClaimed,
  withdrawDispense,
} from "@careledger/sdk";
import type { MedicationDispense, MedicationRequest } from "fhir/r4.js";
import { Wallet, hexlify } from "ethers";

import type { World } from "../../sdk/world.ts";
import { secretNeedles } from "../needles.ts";
import { DAY, type Cast, HOUR, exampleInputs, reading } from "./cast.ts";

/** A prescription of the run. */
export interface Case {
  /** Id of the request it is made from. */
  readonly name: string;
  readonly terms: PrescriptionTerms;
  readonly ephemeralKey: EphemeralKey;
  readonly request: MedicationRequest;
  /** Locks and dispenses so far. */
  locks: number;
  ordinals: number;
}

/** Issue, review, accept, dispense, close, withdraw, return, release, cancel, replace, claim and halt. */
export async function drivePrescriptions(cast: Cast): Promise<Case[]> {
  const { world, secrets, open, member, deadline, patient, commit } = cast;
  const [stMary, greenCross] = [member("stMary"), member("greenCross")];
  const papers = new Map<string, string>();
  const patientOf = ({ subject }: MedicationRequest): StealthKeys => patient(subject.reference ?? "");

  const caseOf = (
    name: string,
    request: MedicationRequest,
    holder: { holder: string; ephemeralKey: EphemeralKey },
    change: Partial<PrescriptionTerms> = {},
  ): Case => {
    const draft = fromMedicationRequest(request, reading);
    const { unitsPerFill, fills, interval, validFrom, validUntil } = draft;
    for (const number of [unitsPerFill, fills, interval, validFrom, validUntil]) open.add(BigInt(number));
    const terms: PrescriptionTerms = {
      issuer: stMary,
      prescriber: world.operator("drAdler"),
      holder: holder.holder,
      commitment: commit(name, request),
      unitsPerFill,
      fills,
      interval,
      validFrom,
      validUntil,
      reviewer: 0,
      ...change,
    };
    return { name, terms, ephemeralKey: holder.ephemeralKey, request, locks: 0, ordinals: 0 };
  };

  const appCase = (
    name: string,
    request: MedicationRequest,
    change: Partial<PrescriptionTerms> = {},
  ): Case => {
    const stealth = createStealthHolder(patientOf(request).metaAddress);
    secrets.push(...secretNeedles(`shared secret of ${name}`, stealth.sharedSecret));
    return caseOf(name, request, stealth, change);
  };

  const paperCases = (name: string, request: MedicationRequest): Case[] => {
    const fills = splitForPaper(fromMedicationRequest(request, reading));
    return splitRequest(request, fills, reading).map((document, index) => {
      const { holder } = fills[index]!;
      papers.set(holder.holder, holder.holderKey);
      return caseOf(`${name} paper ${index + 1}`, document, holder);
    });
  };

  /** The holder's key: from the paper, or found by the wallet among all announcements. */
  const holderOf = async ({ terms, request, name }: Case): Promise<Wallet> => {
    const paper = papers.get(terms.holder);
    const key = paper ?? (await findKey(patientOf(request), terms.holder));
    secrets.push(...secretNeedles(`holder key of ${name}`, key));
    return new Wallet(key);
  };

  const findKey = async (keys: StealthKeys, holder: string): Promise<string> => {
    const logs = (await world.ask("eth_getLogs", {
      address: world.network.addresses.prescriptionRegistry,
      topics: [ANNOUNCEMENT_TOPIC],
      fromBlock: "0x1",
    })) as { topics: string[]; data: string }[];
    const announcements = logs.map((log) => parseAnnouncement(log)).filter((each) => each !== undefined);
    const wanted = { viewingKey: keys.viewingKey, ...parseMetaAddress(keys.metaAddress) };
    for await (const found of scanAnnouncements(wanted, announcements)) {
      if (found.holder === holder) return computeHolderKey(keys.spendingKey, found);
    }
    throw new RangeError(`no announcement for the holder ${holder}`);
  };

  const accept = async (each: Case, site: number, fill = 1): Promise<void> => {
    each.locks += 1;
    const lockedUntil = (await world.now()) + DAY;
    const acceptance = { member: greenCross, site, lockCount: each.locks, fill, lockedUntil };
    const authorisation = await signAcceptance(world.network, await holderOf(each), {
      prescription: each.terms,
      acceptance,
      deadline: await deadline(),
    });
    await acceptPrescription(world.as("greenCrossSystem"), {
      prescription: each.terms,
      acceptance,
      authorisation,
    });
  };

  const dispense = async (
    each: Case,
    site: number,
    published: MedicationDispense,
    { fill = 1, relayed = false, secondsAgo = 0 } = {},
  ): Promise<void> => {
    each.ordinals += 1;
    const when = (await world.now()) - secondsAgo;
    const document = shiftHandOver(published, when, reading);
    const { units, handedOverAt } = fromMedicationDispense(
      document,
      fromMedicationRequest(each.request, reading),
      reading,
    );
    open.add(units).add(BigInt(handedOverAt));
    const handover = {
      member: greenCross,
      site,
      lockCount: each.locks,
      ordinal: each.ordinals,
      fill,
      units,
      handedOverAt: secondsAgo === 0 ? 0 : handedOverAt,
      commitment: commit(published.id ?? each.name, document),
    };
    const prescription = each.terms;
    if (!relayed) await dispensePrescription(world.as("pharmacistAmsel"), { prescription, handover });
    else {
      const signed = { prescription, handover, deadline: await deadline() };
      const attestation = await signDispense(world.network, world.wallet("pharmacistBerg"), signed);
      await dispensePrescription(world.as("greenCrossSystem"), { prescription, handover, attestation });
    }
  };

  const orderOf = ({ terms, ephemeralKey }: Case): Order => ({ prescription: terms, ephemeralKey });
  const issue = async (each: Case, relayed: boolean): Promise<void> => {
    if (!relayed) return void (await issuePrescription(world.as("drAdler"), orderOf(each)));
    const signed = { ...orderOf(each), deadline: await deadline() };
    const attestation = await signIssue(world.network, world.wallet("drAdler"), signed);
    await issuePrescription(world.as("stMarySystem"), { ...orderOf(each), attestation });
  };

  // ── what can be taken is issued: alone, by relay, on paper, in one batch ───────────────────────────────────────────

  const now = await world.now();
  const requests = exampleInputs()
    .filter(({ resource }) => isTaken(resource))
    .map(({ resource }) => resource as MedicationRequest);
  const cases: Case[] = [];
  for (const [index, request] of requests.entries()) {
    const name = request.id ?? `request ${index}`;
    const shifted = shiftWindow(request, now, reading);
    const reviewer = /formula|medrx0303/.test(name) ? greenCross : 0;
    if (name === "medrx0311") cases.push(...paperCases(name, shifted));
    else cases.push(appCase(name, shifted, { reviewer }));
  }
  const batch = cases.filter(({ name }) => /medrx03(1|3)/.test(name));
  const alone = cases.filter((each) => !batch.includes(each));
  for (const [index, each] of alone.entries()) await issue(each, index % 2 === 1);
  await issuePrescriptions(world.as("drAdler"), { orders: batch.map(orderOf) });

  const named = (name: string): Case => {
    const found = cases.find((each) => each.name === name);
    if (found === undefined) throw new RangeError(`${name} was not issued`);
    return found;
  };
  const dispenseNamed = (name: string): MedicationDispense => {
    const found = exampleInputs().find(({ resource }) => resource.id === name)?.resource;
    if (found?.resourceType !== "MedicationDispense") throw new RangeError(`no dispense ${name}`);
    return found;
  };

  // ── reviewed ───────────────────────────────────────────────────────────────────────────────────────────────────────

  const formula = named("derived-formula");
  const approval = { prescription: formula.terms, member: greenCross, outcome: "Approved" } as const;
  await reviewPrescription(world.as("greenCrossSystem"), {
    ...approval,
    attestation: await signReview(world.network, world.wallet("pharmacistAmsel"), {
      ...approval,
      deadline: await deadline(),
    }),
  });
  const refusal = {
    prescription: named("medrx0303").terms,
    member: greenCross,
    outcome: "RefusedClinical",
  } as const;
  await reviewPrescription(world.as("pharmacistAmsel"), refusal);

  // ── dispensed as published, and as the derived cases want it ───────────────────────────────────────────────────────

  const whole: [string, string][] = [
    ["medrx0302", "meddisp0319"],
    ["medrx0312", "meddisp0322"],
    ["medrx0330", "meddisp0308"],
    ["derived-formula", "derived-formula-1"],
    ["derived-withdrawal", "derived-withdrawal-1"],
    ["derived-parts", "derived-parts-1"],
    ["derived-close", "derived-close-1"],
    ["derived-repeats", "derived-repeats-1"],
  ];
  for (const [index, [name, handed]] of whole.entries()) {
    const site = 1 + (index % 3);
    await accept(named(name), site);
    await dispense(named(name), site, dispenseNamed(handed), { relayed: index % 2 === 0 });
  }
  const siteOf = (name: string): number => 1 + (whole.findIndex(([each]) => each === name) % 3);
  await dispense(named("derived-parts"), siteOf("derived-parts"), dispenseNamed("derived-parts-2"));
  const closing = named("derived-close");
  await closeFill(world.as("pharmacistAmsel"), {
    prescription: closing.terms,
    member: greenCross,
    site: siteOf(closing.name),
    lockCount: closing.locks,
    ordinal: (closing.ordinals += 1),
  });
  const wrong = named("derived-withdrawal");
  const withdrawal = {
    prescription: wrong.terms,
    member: greenCross,
    ordinal: 1,
    reason: "WrongEntry",
  } as const;
  await withdrawDispense(world.as("greenCrossSystem"), {
    ...withdrawal,
    attestation: await signWithdraw(world.network, world.wallet("pharmacistBerg"), {
      ...withdrawal,
      deadline: await deadline(),
    }),
  });
  await accept(named("derived-outage"), 2);
  await world.pass(5 * HOUR);
  await dispense(named("derived-outage"), 2, dispenseNamed("derived-outage-1"), { secondsAgo: 3 * HOUR });

  // ── given back, cancelled, replaced ────────────────────────────────────────────────────────────────────────────────

  const returned = named("derived-return");
  await accept(returned, 3);
  await returnPrescription(world.as("pharmacistBerg"), {
    prescription: returned.terms,
    member: greenCross,
    site: 3,
    lockCount: returned.locks,
  });
  const released = named("medrx0327");
  await accept(released, 1);
  const release = { prescription: released.terms, lockCount: released.locks, deadline: await deadline() };
  await releasePrescription(world.as("sunPharmacySystem"), {
    ...release,
    authorisation: await signRelease(world.network, await holderOf(released), release),
  });
  const cancelled = { prescription: named("derived-cancel").terms, member: stMary };
  await cancelPrescription(world.as("stMarySystem"), {
    ...cancelled,
    attestation: await signCancel(world.network, world.wallet("drAdler"), {
      ...cancelled,
      deadline: await deadline(),
    }),
  });
  const unwanted = named("medrx0321");
  const order = { prescription: unwanted.terms, deadline: await deadline() };
  await cancelPrescriptionByHolder(world.as("greenCrossSystem"), {
    ...order,
    authorisation: await signHolderCancel(world.network, await holderOf(unwanted), order),
  });
  const paper = named("medrx0311 paper 1");
  await accept(paper, 2);
  const replaced = named("medrx0333");
  const replacement = appCase("medrx0333 replaced", replaced.request);
  await replacePrescription(world.as("drAdler"), {
    prescription: replaced.terms,
    order: orderOf(replacement),
  });
  cases.push(replacement);

  // ── claimed, halted, and the second fill after its interval ────────────────────────────────────────────────────────

  const claimed = { prescription: prescriptionIdOf(named("medrx0302").terms), ordinal: 1 };
  await markClaimed(world.as("claims"), claimed);
  await unmarkClaimed(world.as("claims"), claimed);
  const target = { regulator: member("inspector"), issuer: stMary, prescriber: world.operator("drAdler") };
  await haltPrescriptions(world.as("inspectorField"), { ...target, since: now, reason: "KeyCompromise" });
  await resumePrescriptions(world.as("inspectorField"), target);
  await haltPrescriptions(world.as("inspectorField"), { ...target, since: now, reason: "KeyCompromise" });
  await liftHalt(world.as("governance"), { issuer: stMary, prescriber: target.prescriber });
  const repeats = named("derived-repeats");
  await world.pass(repeats.terms.interval);
  await accept(repeats, 1, 2);
  await dispense(repeats, 1, dispenseNamed("derived-repeats-2"), { fill: 2 });

  return cases;
}

function isTaken(resource: MedicationRequest | MedicationDispense): boolean {
  if (resource.resourceType !== "MedicationRequest") return false;
  try {
    fromMedicationRequest(resource, reading);
    return true;
  } catch (error) {
    if (error instanceof FhirError) return false;
    throw error;
  }
}

/** One prescription of a name, with a change: for tests that plant a leak. */
export function orderFor(
  world: World,
  times: { readonly from: number; readonly until: number },
  change: Partial<PrescriptionTerms>,
  ephemeralKey: EphemeralKey = createQrHolder().ephemeralKey,
): Order {
  const prescription: PrescriptionTerms = {
    issuer: world.members["stMary"] as number,
    prescriber: world.operator("drAdler"),
    holder: createQrHolder().holder,
    commitment: hexlify(crypto.getRandomValues(new Uint8Array(32))),
    unitsPerFill: 30_000n,
    fills: 2,
    interval: 0,
    validFrom: times.from,
    validUntil: times.until,
    reviewer: 0,
    ...change,
  };
  return { prescription, ephemeralKey };
}
