/**
 * A hospital's system, in a process of its own: prescribers and pharmacists sign, the hospital's SUBMIT account relays, its
 * custodian serves the sealed documents and records. It knows the chain, its own keys and its own patients' orders; nobody's else.
 */
import { join } from "node:path";

import {
  type CustodianServer,
  type DataUse,
  type DocumentStore,
  type EncryptionKeys,
  type EphemeralKey,
  type Order,
  type PaperFill,
  type PrescriptionDraft,
  type PrescriptionTerms,
  TAGS,
  cancelPrescription,
  commitDocument,
  createCustodian,
  createQrHolder,
  createStealthHolder,
  custodianChain,
  documentKeyFromQr,
  documentKeyFromStealth,
  formatQr,
  fromMedicationRequest,
  generateEncryptionKeys,
  issuePrescription,
  issuePrescriptions,
  operatorKeyOf,
  openDisclosureLog,
  openDocumentStore,
  prescriptionIdOf,
  publishEncryptionKey,
  publishEndpoint,
  reviewPrescription,
  routeCustodians,
  sealDocument,
  serveCustodian,
  shiftWindow,
  signCancel,
  signIssue,
  signReview,
  splitForPaper,
  splitRequest,
} from "@careledger/sdk";
import { hexlify } from "ethers";

import {
  type Archive,
  type ConsentParams,
  type KeepParams,
  type Kept,
  enrolWith,
  keepWith,
  openArchive,
  readConsentWith,
  registerDatasetWith,
  requestAccessWith,
  reviewGlassWith,
} from "./archive.ts";
import { serveDesk } from "./protocol.ts";
import {
  type ReadParams,
  type ReadRecord,
  type Relayed,
  breakGlassWith,
  readWith,
  relayWith,
} from "./reader.ts";
import {
  type ProposeParams,
  type ReferralLetter,
  acceptWith,
  completeWith,
  proposeWith,
  repeatWith,
} from "./referral.ts";
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

/** How the patient gets the prescription: by the app's meta-address, or printed. */
export type Way = { readonly app: string } | { readonly paper: true };

/** An order of the hospital's system. */
export interface Prescribing {
  readonly resource: string;
  readonly way: Way;
  /** Member whose pharmacists must review it, 0 for none. */
  readonly reviewer: number;
  /** Least time between two fills in this run's copy, seconds, in place of the resource's own. */
  readonly interval?: number;
}

/** What to prescribe, and who does. */
export interface PrescribeParams {
  readonly folder: ExampleFolder;
  readonly prescriber: string;
  readonly orders: readonly Prescribing[];
  /** All in one transaction, in random order. */
  readonly together: boolean;
}

/** A prescription that was issued. */
export interface Issued extends Done {
  /** Id of the resource; of its copy for one fill when it was split for paper. */
  readonly resource: string;
  readonly order: string;
  readonly prescription: string;
  /** Text of the QR code that was printed for the patient. */
  readonly paper?: string;
}

/** A prescription that is made ready. */
interface Draft {
  readonly resource: string;
  readonly order: string;
  readonly terms: PrescriptionTerms;
  readonly ephemeralKey: EphemeralKey;
  readonly paper: string | undefined;
}

interface Hospital extends MemberSystem {
  readonly store: DocumentStore;
  readonly log: ReturnType<typeof openDisclosureLog>;
  readonly server: CustodianServer;
  readonly archive: Archive;
  readonly encryption: EncryptionKeys;
  readonly issued: Map<string, { readonly terms: PrescriptionTerms; readonly prescriber: string }>;
}

let opened: Hospital | undefined;
const hospital = (): Hospital => opened ?? missing("open hospital");
const systemOf = ({ as, member }: Hospital) => as(`${member.name}System`);

const open = async (opening: Opening): Promise<Done & { endpoint: string }> => {
  const system = openSystem(opening);
  const { id, name } = opening.member;
  const file = join(opening.folder, "documents.db");
  const store = openDocumentStore(file);
  const log = openDisclosureLog(file);
  const chain = custodianChain(system.as(`${name}System`));
  const archive = await openArchive(system);
  const documents = createCustodian({ member: id, store, log, chain });
  const server = await serveCustodian(routeCustodians({ documents, records: archive.handle }));
  const encryption = await generateEncryptionKeys();
  opened = { ...system, store, log, server, archive, encryption, issued: new Map() };
  const admin = system.as(`${name}.admin`);
  const published = await Promise.all([
    publishEncryptionKey(admin, { member: id, encryptionKey: hexlify(encryption.publicKey) }),
    publishEndpoint(admin, { member: id, endpoint: server.url }),
  ]);
  return { gas: published.reduce((sum, { gasUsed }) => sum + gasUsed, 0n), endpoint: server.url };
};

/** Code system of UCUM, the units of measure. */
const UCUM = "http://unitsofmeasure.org";

/** The copy that is committed to: window moved to today, and where asked a shorter interval; each change is tagged. */
const copyOf = (resource: unknown, now: number, interval: number | undefined) => {
  const { document } = fromMedicationRequest(resource, reading);
  const copy = shiftWindow(document, now, reading);
  if (interval === undefined) return copy;
  const tag = { system: TAGS, code: "short-interval", display: "Copy with its interval shortened" };
  const dispenseInterval = { value: interval, unit: "s", system: UCUM, code: "s" };
  return {
    ...copy,
    meta: { ...copy.meta, tag: [...(copy.meta?.tag ?? []), tag] },
    dispenseRequest: { ...copy.dispenseRequest, dispenseInterval },
  };
};

const draftsOf = async (
  params: PrescribeParams,
  order: Prescribing,
  now: number,
): Promise<Draft[] | Refusal[]> => {
  const read = orRefusals(order.resource, () => {
    const resource = readExample(params.folder, "MedicationRequest", order.resource);
    const copy = copyOf(resource, now, order.interval);
    return { copy, draft: fromMedicationRequest(copy, reading) };
  });
  if (Array.isArray(read)) return read;
  const { copy, draft } = read;
  const { way } = order;
  if ("app" in way) {
    const { holder, ephemeralKey, sharedSecret } = createStealthHolder(way.app);
    const keyOf = (id: string) => documentKeyFromStealth(sharedSecret, id);
    return [await seal(params, order, draft, { holder, ephemeralKey, keyOf })];
  }
  if (draft.fills === 1) return [await sealPaper(params, order, draft, createQrHolder())];
  // The first pharmacy reads the key on the paper: each fill gets its own.
  const papers = splitForPaper(draft);
  return Promise.all(
    splitRequest(copy, papers, reading).map((each, index) =>
      sealPaper(params, order, fromMedicationRequest(each, reading), (papers[index] as PaperFill).holder),
    ),
  );
};

const sealPaper = async (
  params: PrescribeParams,
  order: Prescribing,
  draft: PrescriptionDraft,
  { holder, holderKey, ephemeralKey }: ReturnType<typeof createQrHolder>,
): Promise<Draft> => {
  const keyOf = (id: string) => documentKeyFromQr(holderKey, id);
  const sealed = await seal(params, order, draft, { holder, ephemeralKey, keyOf });
  const { chainId } = hospital().network;
  const prescription = prescriptionIdOf(sealed.terms);
  return { ...sealed, paper: formatQr({ chainId, prescription, holderKey }) };
};

interface HolderOf {
  readonly holder: string;
  readonly ephemeralKey: EphemeralKey;
  readonly keyOf: (prescription: string) => Promise<Uint8Array>;
}

/** Commits to the document, and gives it sealed to the custodian before the prescription is issued. */
const seal = async (
  { prescriber }: PrescribeParams,
  { resource, reviewer }: Prescribing,
  { document, unitsPerFill, fills, interval, validFrom, validUntil }: PrescriptionDraft,
  { holder, ephemeralKey, keyOf }: HolderOf,
): Promise<Draft> => {
  const { network, member, wallet, store } = hospital();
  const { commitment, salt } = commitDocument(document);
  const terms: PrescriptionTerms = {
    issuer: member.id,
    prescriber: operatorKeyOf(wallet(prescriber).address),
    holder,
    commitment,
    unitsPerFill,
    fills,
    interval,
    validFrom,
    validUntil,
    reviewer,
  };
  const prescription = prescriptionIdOf(terms);
  const context = {
    chainId: network.chainId,
    registry: network.addresses.prescriptionRegistry,
    prescription,
    custodian: member.id,
  };
  await store.put(prescription, await sealDocument(document, salt, await keyOf(prescription), context));
  return { resource: document.id ?? resource, order: resource, terms, ephemeralKey, paper: undefined };
};

const prescribe = async (params: PrescribeParams): Promise<{ issued: Issued[]; refused: Refusal[] }> => {
  const system = systemOf(hospital());
  const now = await chainNow(system);
  const read = await Promise.all(params.orders.map((order) => draftsOf(params, order, now)));
  const drafts = read.flat().filter((each): each is Draft => "terms" in each);
  const refused = read.flat().filter((each): each is Refusal => "element" in each);
  const gas = await send(params, drafts);
  const issued = drafts.map(({ resource, order, terms, paper }, index) => {
    const prescription = prescriptionIdOf(terms);
    hospital().issued.set(prescription, { terms, prescriber: params.prescriber });
    return {
      resource,
      order,
      prescription,
      gas: gas[index] ?? 0n,
      ...(paper === undefined ? {} : { paper }),
    };
  });
  return { issued, refused };
};

/** Gas of each. The resource's id is the idempotency key: called again, also after a crash, nothing is issued twice. */
const send = async ({ prescriber, together }: PrescribeParams, drafts: readonly Draft[]) => {
  const { network, wallet } = hospital();
  const system = systemOf(hospital());
  const deadline = await deadlineOf(system);
  const orders: Order[] = await Promise.all(
    drafts.map(async ({ terms: prescription, ephemeralKey }) => ({
      prescription,
      ephemeralKey,
      attestation: await signIssue(network, wallet(prescriber), { prescription, ephemeralKey, deadline }),
    })),
  );
  if (together) {
    const { gasUsed } = await issuePrescriptions(system, { orders });
    return drafts.map(() => gasUsed / BigInt(drafts.length));
  }
  const acted = await Promise.all(
    orders.map((order, index) =>
      issuePrescription(system, { ...order, key: `order-${drafts[index]?.resource ?? index}` }),
    ),
  );
  return acted.map(({ gasUsed }) => gasUsed);
};

/** A pharmacist of the hospital reviews and approves. */
const review = async ({ prescription: id, by }: { prescription: string; by: string }): Promise<Done> => {
  const { network, member, wallet } = hospital();
  const system = systemOf(hospital());
  const { terms: prescription } = hospital().issued.get(id) ?? missing(`prescription ${id}`);
  const act = { prescription, member: member.id, outcome: "Approved" } as const;
  const deadline = await deadlineOf(system);
  const attestation = await signReview(network, wallet(by), { ...act, deadline });
  const { gasUsed } = await reviewPrescription(system, { ...act, attestation });
  return { gas: gasUsed };
};

/** The prescriber cancels what is left. */
const cancel = async ({
  prescription: id,
}: {
  prescription: string;
}): Promise<Done & { effective: boolean }> => {
  const { network, member, wallet } = hospital();
  const system = systemOf(hospital());
  const { terms: prescription, prescriber } = hospital().issued.get(id) ?? missing(`prescription ${id}`);
  const deadline = await deadlineOf(system);
  const act = { prescription, member: member.id };
  const attestation = await signCancel(network, wallet(prescriber), { ...act, deadline });
  const { gasUsed, effective } = await cancelPrescription(system, { ...act, attestation });
  return { gas: gasUsed, effective };
};

/** To whom the custodian gave a document: members, in order. */
const disclosures = async ({ prescription }: { prescription: string }): Promise<number[]> =>
  (await hospital().log.list(prescription)).map(({ member }) => member);

const close = async (): Promise<void> => {
  if (opened === undefined) return;
  await opened.server.close();
  await opened.store.close();
  await opened.log.close();
  await opened.archive.close();
  opened.close();
};

// Consents and records: what each does stands in archive.ts, reader.ts and referral.ts.

const enrol = (params: Parameters<typeof enrolWith>[2]) => enrolWith(hospital(), hospital().archive, params);
const readConsent = (params: ConsentParams) => readConsentWith(hospital(), params);
const keep = (params: KeepParams): Promise<Kept> => keepWith(hospital(), hospital().archive, params);
const reviewGlass = (params: { breakGlass: string }): Promise<Done> => reviewGlassWith(hospital(), params);
const relay = (signed: Relayed): Promise<Done> => relayWith(hospital(), signed);
const read = (params: ReadParams): Promise<ReadRecord> => readWith(hospital(), params);
const breakTheGlass = (params: Parameters<typeof breakGlassWith>[1]) => breakGlassWith(hospital(), params);
const refer = (params: ProposeParams) => proposeWith(hospital(), params);
const acceptLetter = (letter: ReferralLetter): Promise<Done> => acceptWith(hospital(), letter);
const completeReferral = (params: { referral: string; records: readonly string[] }): Promise<Done> =>
  completeWith(hospital(), params);
const orderAgain = (params: Parameters<typeof repeatWith>[1]): Promise<Done> =>
  repeatWith(hospital(), params);

const registerDataset = (terms: DataUse) => registerDatasetWith(hospital(), terms);
const requestAccess = (params: DataUse & { dataset: string }) => requestAccessWith(hospital(), params);

const desk = {
  open,
  prescribe,
  review,
  cancel,
  disclosures,
  enrol,
  readConsent,
  keep,
  reviewGlass,
  relay,
  read,
  breakTheGlass,
  refer,
  acceptLetter,
  completeReferral,
  orderAgain,
  registerDataset,
  requestAccess,
};

/** What a hospital's process can be asked to do. */
export type HospitalDesk = typeof desk;

serveDesk(desk, close);
