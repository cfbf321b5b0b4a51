/** What patients have for their records: keys that sign consents, and a viewing key that finds the records. */
import {
  type Audience,
  BREAK_THE_GLASS,
  type Client,
  type ConsentRules,
  type ConsentTerms,
  type DenialTerms,
  type DisclosureView,
  type FoundRecord,
  type GrantTerms,
  PURPOSES,
  type PatientSigner,
  type PreparedConsent,
  type SignedConsent,
  findRecords,
  findReusable,
  generateStealthKeys,
  listCategories,
  listDisclosures,
  parseMetaAddress,
  prepareChanges,
  prepareEnrolment,
  prepareGrant,
  prepareRevocation,
  purposeCodes,
  signConsent,
} from "@careledger/sdk";

import { storyError } from "./protocol.ts";
import type { RecordReference, Relayed } from "./reader.ts";

/** A patient's app for records, at one custodian. It sends no transaction: members relay what it signs. */
export interface RecordApp {
  /** What the patient gives to who makes records. */
  readonly metaAddress: string;
  /** Sign up at the custodian. */
  readonly enrol: () => Promise<{ subject: string; signed: SignedConsent<"Enrolment"> }>;
  /** Sign rules that a consent became, all under one signature; what they overrule ends under the same one. */
  readonly agree: (subject: string, rules: ConsentRules) => Promise<Relayed>;
  /** Let a member see a category for treatment. */
  readonly grant: (subject: string, grantee: number, category: string, until: number) => Promise<Relayed>;
  /** End the permit of a class or a member. */
  readonly revoke: (subject: string, audience: Audience) => Promise<Relayed>;
  /** Where each of the patient's records is, found by the viewing key alone. */
  readonly records: () => Promise<FoundRecord[]>;
  /** Results that may stand in for a test of a category. */
  readonly reusable: (category: string) => Promise<FoundRecord[]>;
  /** Who saw what, when and why. */
  readonly disclosures: (subject: string) => Promise<DisclosureView[]>;
}

/** Every category, those to come too. */
const ALL_CATEGORIES = 0xffff_ffff;
/** Every purpose but BTG, those to come too. */
const EVERY_PURPOSE = (2n ** 64n - 1n) ^ (1n << BigInt(PURPOSES[BREAK_THE_GLASS].bit));
const TREATMENT = ["TREAT"] as const;

/**
 * A new patient's app.
 * @param client Reads only.
 * @param signer The patient's key at this custodian.
 */
export const createRecordApp = (client: Client, custodian: number, signer: PatientSigner): RecordApp => {
  const { viewingKey, metaAddress } = generateStealthKeys();
  const { spendingPublicKey } = parseMetaAddress(metaAddress);
  const keys = { viewingKey, spendingPublicKey };
  return {
    metaAddress,
    enrol: async () => {
      const prepared = await prepareEnrolment(client, { custodian, key: signer.signer });
      return { subject: prepared.subject, signed: await signConsent(signer, prepared) };
    },
    agree: async (subject, rules) => {
      const words = await wordsOf(client);
      const prepared = await prepareChanges(client, {
        subject,
        revocations: rules.revocations,
        denials: rules.denies.map((terms) => denialOf(terms, words)),
        grants: rules.permits.map((terms) => grantOf(terms, words)),
      });
      requireSame(prepared, rules);
      return { changes: await signConsent(signer, prepared) };
    },
    grant: async (subject, grantee, category, validUntil) => {
      const terms = { grantee, categories: [category], purposes: TREATMENT, validUntil };
      return { grant: await signConsent(signer, await prepareGrant(client, { subject, ...terms })) };
    },
    revoke: async (subject, audience) => {
      const prepared = await prepareRevocation(client, { subject, ...audience, number: 0 });
      return { revocation: await signConsent(signer, prepared) };
    },
    records: async () => [...(await findRecords(client, keys)).records],
    reusable: (category) => findReusable(client, { ...keys, category }),
    disclosures: (subject) => listDisclosures(client, { subject }),
  };
};

/** What the patient hands over of a record, as on paper. */
export const referenceOf = (
  subject: string,
  category: string,
  { id, record }: FoundRecord,
): RecordReference => ({ record: id, subject, category, custodian: record.custodian });

/** Codes of the categories by their bits. */
type Words = ReadonlyMap<number, string>;

const wordsOf = async (client: Client): Promise<Words> =>
  new Map((await listCategories(client)).map(({ number, code }) => [number, code]));

const codesOf = (mask: number, words: Words): string[] =>
  [...words].filter(([bit]) => ((mask >>> bit) & 1) === 1).map(([, code]) => code);

const audienceOf = ({ grantee, sector }: ConsentTerms): Audience =>
  sector === undefined ? { grantee } : { sector };

const windowOf = ({ validFrom, validUntil }: ConsentTerms) => ({
  ...(validFrom === 0 ? {} : { validFrom }),
  validUntil,
});

const grantOf = (terms: ConsentTerms, words: Words): GrantTerms => ({
  ...audienceOf(terms),
  ...windowOf(terms),
  categories: codesOf(terms.categories, words),
  purposes: purposeCodes(terms.purposes),
  exportable: terms.exportable,
  redisclosable: terms.redisclosable,
});

const denialOf = (terms: ConsentTerms, words: Words): DenialTerms => ({
  ...audienceOf(terms),
  ...windowOf(terms),
  categories: terms.categories === ALL_CATEGORIES ? "ALL" : codesOf(terms.categories, words),
  purposes: terms.purposes === EVERY_PURPOSE ? "ALL" : purposeCodes(terms.purposes),
});

/** What is signed says what the consent says: no category or purpose more, none less. */
const requireSame = ({ message }: PreparedConsent<"Rules">, { permits, denies }: ConsentRules): void => {
  const signed = [...message.denials, ...message.grants];
  const isSame = [...denies, ...permits].every(
    ({ categories, purposes, validUntil }, index) =>
      signed[index]?.categories === categories &&
      BigInt(signed[index].purposes) === purposes &&
      signed[index].validUntil === validUntil,
  );
  if (isSame) return;
  const text = "The rules to sign are not those that the consent became.";
  throw storyError("StoryRulesWrong", text, "This is a defect: report it.");
};
