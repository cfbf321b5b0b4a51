/**
 * A pharmacy's system, in a process of its own. It meets the hospital only through the chain and the custodian's endpoint
 * that stands on the chain; what it knows of a patient, the patient brings: a printed code, or an app's authorisation
 * with an envelope.
 */
import {
  type Acceptance,
  type EncryptionKeys,
  FhirError,
  type HolderSignature,
  type PrescriptionDraft,
  type PrescriptionView,
  acceptPrescription,
  authorizingPrescriptionOf,
  closeFill,
  commitDocument,
  dispensePrescription,
  documentKeyFromQr,
  fetchDocument,
  fromMedicationDispense,
  fromMedicationRequest,
  generateEncryptionKeys,
  getEndpoint,
  getPrescription,
  openEnvelope,
  parseQr,
  publishEncryptionKey,
  returnPrescription,
  shiftHandOver,
  signAcceptance,
  signCloseFill,
  signDispense,
  signWithdraw,
  withdrawDispense,
  writeMedicationDispense,
} from "@careledger/sdk";
import { Wallet, hexlify } from "ethers";

import { serveDesk } from "./protocol.ts";
import { type ReadParams, type ReadRecord, type Relayed, readWith, relayWith } from "./reader.ts";
import {
  type Done,
  type ExampleFolder,
  type MemberSystem,
  type Opening,
  type Refusal,
  chainNow,
  deadlineOf,
  missing,
  openSystem,
  orRefusals,
  readExample,
  reading,
} from "./system.ts";

/** What an app hands over: authorisation and envelope. */
export interface AppHandover {
  readonly prescription: string;
  readonly acceptance: Acceptance;
  readonly authorisation: HolderSignature;
  readonly envelope: Uint8Array;
}

/** What a patient brings: a printed code, or what the app hands over. */
export type Brought = { readonly paper: string } | { readonly app: AppHandover };

/** A prescription that a patient presented here. */
interface Presented {
  readonly site: number;
  readonly acceptance: Acceptance;
  readonly draft: PrescriptionDraft;
}

interface Pharmacy extends MemberSystem {
  readonly encryption: EncryptionKeys;
  readonly presented: Map<string, Presented>;
}

let opened: Pharmacy | undefined;
const pharmacy = (): Pharmacy => opened ?? missing("open pharmacy");
const systemOf = ({ as, member }: Pharmacy) => as(`${member.name}System`);

/** How long a lock is asked for, seconds. */
const LOCK_TIME = 86_400;

const open = async (opening: Opening): Promise<Done> => {
  const system = openSystem(opening);
  const encryption = await generateEncryptionKeys();
  opened = { ...system, encryption, presented: new Map() };
  const { id, name } = opening.member;
  const { gasUsed } = await publishEncryptionKey(system.as(`${name}.admin`), {
    member: id,
    encryptionKey: hexlify(encryption.publicKey),
  });
  return { gas: gasUsed };
};

const placeOf = ({ network }: Pharmacy, { issuer, prescription }: PrescriptionView) => ({
  chainId: network.chainId,
  registry: network.addresses.prescriptionRegistry,
  prescription,
  custodian: issuer,
});

/** Which fill can be locked now: the current one while units of it are left, else the next one. */
const fillOf = ({ fill, unitsLeft }: PrescriptionView): number => (unitsLeft > 0n ? fill : fill + 1);

/** The lock that the holder agrees to, and the key of the document. On paper the pharmacy signs with the printed key. */
const readBrought = async (brought: Brought, site: number) => {
  const here = pharmacy();
  const system = systemOf(here);
  const { network, member, encryption } = here;
  if ("app" in brought) {
    const { prescription, acceptance, authorisation, envelope } = brought.app;
    const view = await getPrescription(system, prescription);
    const recipient = { ...placeOf(here, view), member: member.id, site };
    const documentKey = await openEnvelope(envelope, encryption.privateKey, recipient);
    return { view, acceptance, authorisation, documentKey };
  }
  const { prescription, holderKey } = parseQr(brought.paper, network.chainId);
  const view = await getPrescription(system, prescription);
  const now = await chainNow(system);
  const acceptance = {
    member: member.id,
    site,
    lockCount: view.lockCount + 1,
    fill: fillOf(view),
    lockedUntil: now + LOCK_TIME,
  };
  const deadline = now + 3_600;
  const holder = new Wallet(holderKey);
  const authorisation = await signAcceptance(network, holder, { prescription: view, acceptance, deadline });
  return { view, acceptance, authorisation, documentKey: await documentKeyFromQr(holderKey, prescription) };
};

/** Lock what a patient brings, fetch its document from the issuer's custodian, open it and check it against the chain. */
const accept = async ({
  brought,
  site,
}: {
  brought: Brought;
  site: number;
}): Promise<Done & { resource: string }> => {
  const here = pharmacy();
  const system = systemOf(here);
  const { view, acceptance, authorisation, documentKey } = await readBrought(brought, site);
  const { gasUsed } = await acceptPrescription(system, { prescription: view, acceptance, authorisation });
  const endpoint = await getEndpoint(system, view.issuer);
  const { document } = await fetchDocument({
    ...placeOf(here, view),
    endpoint: endpoint.value,
    custodian: endpoint.member,
    sealedFor: view.issuer,
    signer: here.wallet(`${here.member.name}System`),
    member: here.member.id,
    site,
    documentKey,
    commitment: view.commitment,
  });
  const draft = fromMedicationRequest(document, reading);
  here.presented.set(view.prescription, { site, acceptance, draft });
  return { gas: gasUsed, resource: draft.document.id ?? missing("document id") };
};

/** Ask a custodian for a document that is not this pharmacy's to read, in its own name or in another's. */
const snoop = async ({
  prescription,
  member,
  site,
}: {
  prescription: string;
  member: number;
  site: number;
}): Promise<void> => {
  const here = pharmacy();
  const system = systemOf(here);
  const view = await getPrescription(system, prescription);
  const { value: endpoint } = await getEndpoint(system, view.issuer);
  await fetchDocument({
    ...placeOf(here, view),
    endpoint,
    signer: here.wallet(`${here.member.name}System`),
    member,
    site,
    documentKey: crypto.getRandomValues(new Uint8Array(32)),
    commitment: view.commitment,
  });
};

/** What to hand over: an example, or with `written` the whole fill in a resource that this system writes. */
export interface DispenseParams {
  readonly folder: ExampleFolder;
  readonly resource: string;
  readonly by: string;
  /** Prescription to write a dispense of, where there is no example. */
  readonly written?: string;
  /** Second of a hand-over without connection; now when absent. */
  readonly handedOverAt?: number;
}

/** A dispense that was recorded. */
export interface Recorded extends Done {
  readonly prescription: string;
  readonly ordinal: number;
  readonly completed: boolean;
}

const LEADS_NOWHERE = {
  code: "ReferenceWrong",
  element: "MedicationDispense.authorizingPrescription[0].reference",
  message: "The request that it refers to is not on the ledger.",
  fix: "The prescriber mends and issues the request; then the dispense is recorded against it.",
  issue: "invalid",
} as const;

/** The presented prescription that a dispense belongs to. */
const prescriptionOf = (resource: unknown): { readonly id: string; readonly presented: Presented } => {
  const { reference = "" } = authorizingPrescriptionOf(resource, reading);
  for (const [id, presented] of pharmacy().presented) {
    if (reference === `MedicationRequest/${presented.draft.document.id ?? ""}`) return { id, presented };
  }
  throw new FhirError("MedicationDispense", [LEADS_NOWHERE]);
};

const writtenFor = (id: string, resource: string, handedOverAt: number): unknown => {
  const { draft } = pharmacy().presented.get(id) ?? missing(`presented prescription ${id}`);
  const { document, unitsPerFill, unit } = draft;
  return writeMedicationDispense({
    ...reading,
    id: resource,
    request: document,
    units: unitsPerFill,
    unit,
    handedOverAt,
  });
};

/** Check a dispense against the order that was opened, compare quantity and unit, and record it. */
const dispense = async (params: DispenseParams): Promise<Recorded | { refused: Refusal[] }> => {
  const now = await chainNow(systemOf(pharmacy()));
  const handedOverAt = params.handedOverAt ?? now;
  const read = orRefusals(params.resource, () => {
    const resource =
      params.written === undefined
        ? readExample(params.folder, "MedicationDispense", params.resource)
        : writtenFor(params.written, params.resource, handedOverAt);
    const { id, presented } = prescriptionOf(resource);
    // Checked as it is written, then moved to the day of the story.
    const { document } = fromMedicationDispense(resource, presented.draft, reading);
    const copy = shiftHandOver(document, handedOverAt, reading);
    return { id, presented, draft: fromMedicationDispense(copy, presented.draft, reading) };
  });
  if (Array.isArray(read)) return { refused: read };
  const { id, presented, draft } = read;
  const { commitment } = commitDocument(draft.document);
  const outage = params.handedOverAt === undefined ? 0 : draft.handedOverAt;
  return record(id, presented, { units: draft.units, handedOverAt: outage, commitment, by: params.by });
};

const record = async (
  id: string,
  { acceptance }: Presented,
  { by, ...handed }: { units: bigint; handedOverAt: number; commitment: string; by: string },
): Promise<Recorded> => {
  const { network, wallet } = pharmacy();
  const system = systemOf(pharmacy());
  const prescription = await getPrescription(system, id);
  const { member, site, lockCount, fill } = acceptance;
  const handover = { member, site, lockCount, fill, ordinal: prescription.dispenses + 1, ...handed };
  const deadline = await deadlineOf(system);
  const attestation = await signDispense(network, wallet(by), { prescription, handover, deadline });
  const done = await dispensePrescription(system, { prescription, handover, attestation });
  return { prescription: id, gas: done.gasUsed, ordinal: done.ordinal, completed: done.completed };
};

/** Give the lock back. */
const giveBack = async ({ prescription: id }: { prescription: string }): Promise<Done> => {
  const system = systemOf(pharmacy());
  const { acceptance } = pharmacy().presented.get(id) ?? missing(`presented prescription ${id}`);
  const { member, site, lockCount } = acceptance;
  const prescription = await getPrescription(system, id);
  const { gasUsed } = await returnPrescription(system, { prescription, member, site, lockCount });
  return { gas: gasUsed };
};

/** Say that the rest of the fill will not be supplied. */
const closeRest = async ({ prescription: id, by }: { prescription: string; by: string }): Promise<Done> => {
  const { network, wallet, presented } = pharmacy();
  const system = systemOf(pharmacy());
  const { acceptance } = presented.get(id) ?? missing(`presented prescription ${id}`);
  const { member, site, lockCount, fill } = acceptance;
  const prescription = await getPrescription(system, id);
  const act = { prescription, member, site, lockCount, ordinal: prescription.dispenses + 1 };
  const deadline = await deadlineOf(system);
  const attestation = await signCloseFill(network, wallet(by), { ...act, fill, deadline });
  const { gasUsed } = await closeFill(system, { ...act, attestation });
  return { gas: gasUsed };
};

/** Withdraw a dispense that was entered wrongly. */
const withdraw = async ({
  prescription: id,
  ordinal,
  by,
}: {
  prescription: string;
  ordinal: number;
  by: string;
}): Promise<Done> => {
  const { network, wallet, member } = pharmacy();
  const system = systemOf(pharmacy());
  const prescription = await getPrescription(system, id);
  const act = { prescription, member: member.id, ordinal, reason: "WrongEntry" } as const;
  const deadline = await deadlineOf(system);
  const attestation = await signWithdraw(network, wallet(by), { ...act, deadline });
  const { gasUsed } = await withdrawDispense(system, { ...act, attestation });
  return { gas: gasUsed };
};

/** Relay what a patient signed about consents. */
const relay = (signed: Relayed): Promise<Done> => relayWith(pharmacy(), signed);

/** Ask a custodian for a patient's record. */
const read = (params: ReadParams): Promise<ReadRecord> => readWith(pharmacy(), params);

const close = (): Promise<void> => {
  opened?.close();
  return Promise.resolve();
};

const desk = { open, accept, snoop, dispense, giveBack, closeRest, withdraw, relay, read };

/** What a pharmacy's process can be asked to do. */
export type PharmacyDesk = typeof desk;

serveDesk(desk, close);
