/**
 * A hospital's archive: it enrols patients, reads their FHIR consents, keeps their records sealed in the vault and anchored
 * on the chain, serves them to members that may read, and reviews uses of break-glass.
 */
import { join } from "node:path";

import {
  type ConsentReading,
  type ConsentRules,
  type DataUse,
  type RecordIndex,
  type RecordTerms,
  type SignedConsent,
  type StandingRule,
  type Vault,
  type VaultStore,
  anchorRecord,
  commitDocument,
  commitRecord,
  consentToRules,
  createRecordCustodian,
  draftRecord,
  enrolSubject,
  listCategories,
  openDisclosureDesk,
  openRecordIndex,
  openVault,
  openVaultKeyring,
  openVaultStore,
  recordChain,
  registerDataset,
  requestAccess,
  reviewBreakGlass,
  storeRecord,
} from "@careledger/sdk";

import {
  type Done,
  type ExampleFolder,
  type MemberSystem,
  type Refusal,
  chainNow,
  missing,
  orRefusals,
  readExample,
  reading,
} from "./system.ts";

/** Media type of FHIR's JSON. */
const FHIR_JSON = "application/fhir+json";

/** An archive that is open. */
export interface Archive {
  readonly vault: Vault;
  readonly index: RecordIndex;
  /** How patients are named at this hospital, by their subject: for a break-glass, which names a patient. */
  readonly identities: Map<string, string>;
  /** Serves the records. */
  readonly handle: ReturnType<typeof createRecordCustodian>;
  readonly close: () => Promise<void>;
}

/** Whose rules a consent becomes, and what else its reading needs. */
export interface ConsentParams {
  readonly folder: ExampleFolder;
  readonly resource: string;
  readonly standing?: readonly StandingRule[];
}

/** A record to keep. */
export interface KeepParams {
  readonly folder: ExampleFolder;
  /** `Observation-f001`. */
  readonly kind: string;
  readonly resource: string;
  /** Patient at this hospital. */
  readonly subject: string;
  /** The patient's meta-address. */
  readonly patient: string;
  readonly category: string;
  /** Canonical URL of the code system in which it is coded. */
  readonly codeSystem: string;
  /** For how long the result may stand in for a repeat order, seconds. */
  readonly reusableFor: number;
}

/** A record that is kept and anchored. */
export interface Kept extends Done {
  readonly record: string;
  readonly terms: RecordTerms;
}

const archivistOf = ({ as, member }: MemberSystem) => as(`${member.name}Archive`);

/** Versions of the code systems that the hospital codes in, as governance registered them. */
const VERSIONS: Readonly<Record<string, string>> = {
  "http://loinc.org": "2.80",
  "http://snomed.info/sct": "http://snomed.info/sct/900000000000207008/version/20250201",
};

/** Opens the vault and makes the handler that serves its records. */
export const openArchive = async (system: MemberSystem): Promise<Archive> => {
  const { network, member, folder } = system;
  const file = join(folder, "records.db");
  const store: VaultStore = openVaultStore(file);
  // A hospital has this secret from its secret store; here it lives as long as the story.
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const keyring = openVaultKeyring(join(folder, "vault-keys.db"), secret);
  const { chainId, addresses } = network;
  const place = { chainId, registry: addresses.recordRegistry, member: member.id };
  const vault = await openVault({ ...place, store, keyring });
  const index = openRecordIndex(file);
  const desk = openDisclosureDesk(file);
  const identities = new Map<string, string>();
  const identitiesOf = (subject: string): Promise<string[]> => {
    const name = identities.get(subject.toLowerCase());
    return Promise.resolve(name === undefined ? [] : [name]);
  };
  const chain = recordChain(archivistOf(system));
  return {
    vault,
    index,
    identities,
    handle: createRecordCustodian({ vault, index, desk, chain, identitiesOf }),
    close: async () => {
      await Promise.all([index.close(), desk.close(), store.close(), keyring.close()]);
    },
  };
};

/** Enrol a patient who signed for it, under the name that the hospital knows. */
export const enrolWith = async (
  system: MemberSystem,
  { identities }: Archive,
  { signed, name }: { signed: SignedConsent<"Enrolment">; name: string },
): Promise<Done & { subject: string }> => {
  const { subject, gasUsed } = await enrolSubject(archivistOf(system), signed);
  identities.set(subject.toLowerCase(), name);
  return { gas: gasUsed, subject };
};

/** What rules a FHIR Consent becomes here, or why it is refused. */
export const readConsentWith = async (
  system: MemberSystem,
  { folder, resource, standing = [] }: ConsentParams,
): Promise<ConsentRules | { refused: Refusal[] }> => {
  const client = archivistOf(system);
  const categories = await listCategories(client);
  const custodian = system.member.id;
  const consents: ConsentReading = {
    ...reading,
    now: await chainNow(client),
    custodian,
    // IHE's Privacy Consent on FHIR: criteria of the root say where the policy holds.
    root: "scope",
    categories: Object.fromEntries(categories.map(({ code, number }) => [code, number])),
    // The organisation in whose name the published examples are written.
    organization: ({ reference }) => (reference === "Organization/f001" ? { grantee: custodian } : undefined),
    standing,
  };
  const rules = orRefusals(resource, () =>
    consentToRules(readExample(folder, "Consent", resource), consents),
  );
  return Array.isArray(rules) ? { refused: rules } : rules;
};

/** Seal a record into the vault, enter whose it is, and anchor it: in this order, so that what is anchored can be served. */
export const keepWith = async (
  system: MemberSystem,
  { vault, index }: Archive,
  { folder, kind, resource, subject, patient, category, codeSystem, reusableFor }: KeepParams,
): Promise<Kept> => {
  const client = archivistOf(system);
  const content = new TextEncoder().encode(JSON.stringify(readExample(folder, kind, resource)));
  const { commitment, salt } = commitRecord({ mediaType: FHIR_JSON, content });
  const version = VERSIONS[codeSystem] ?? missing(`version of ${codeSystem}`);
  const draft = await draftRecord(client, {
    patient,
    custodian: system.member.id,
    commitment,
    category,
    codeSystem: { url: codeSystem, version },
    reusableUntil: (await chainNow(client)) + reusableFor,
  });
  const { id: record, record: terms } = draft;
  await storeRecord(vault, { record, mediaType: FHIR_JSON, content, salt });
  const origin = { root: `0x${"00".repeat(32)}`, proof: [] };
  await index.put([{ record, subject, terms, origin }]);
  const { gasUsed } = await anchorRecord(client, { ...draft, key: `record-${kind}-${resource}` });
  return { gas: gasUsed, record, terms };
};

/** A dataset of the hospital's, and the research that it allows. */
export const registerDatasetWith = async (
  system: MemberSystem,
  { terms, parameters }: DataUse,
): Promise<Done & { dataset: string }> => {
  const { commitment } = commitDocument({ dataset: "CT of head and neck, 2012" });
  const custodian = system.member.id;
  const params = { custodian, commitment, terms, parameters };
  const { dataset, gasUsed } = await registerDataset(archivistOf(system), params);
  return { gas: gasUsed, dataset };
};

/** Ask for another member's dataset; its terms decide on chain. */
export const requestAccessWith = async (
  system: MemberSystem,
  { dataset, terms, parameters }: DataUse & { dataset: string },
): Promise<Done & { access: string }> => {
  const { commitment } = commitDocument({ project: terms });
  const params = { dataset, member: system.member.id, terms, parameters, commitment };
  const { access, gasUsed } = await requestAccess(archivistOf(system), params);
  return { gas: gasUsed, access };
};

/** Review a use of break-glass that asked this hospital, or say what one thinks of one's own. */
export const reviewGlassWith = async (
  system: MemberSystem,
  { breakGlass }: { breakGlass: string },
): Promise<Done> => {
  const reviewer = system.member.id;
  const reviewed = await reviewBreakGlass(archivistOf(system), {
    breakGlass,
    reviewer,
    outcome: "Justified",
  });
  return { gas: reviewed.gasUsed };
};
