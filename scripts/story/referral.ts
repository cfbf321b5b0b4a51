/** Referrals and repeat orders in a hospital's system. The referral letter goes with the patient; the chain keeps its commitment. */
import {
  type RecordTerms,
  type ReferralTerms,
  acceptReferral,
  commitDocument,
  commitRecordList,
  completeReferral,
  getReferral,
  operatorKeyOf,
  proposeReferral,
  referralIdOf,
  repeatOrder,
  signReferral,
  verifyDocument,
  verifyRecordList,
} from "@careledger/sdk";

import { storyError } from "./protocol.ts";
import type { RecordReference } from "./reader.ts";
import { type Done, type MemberSystem, chainNow, deadlineOf, readExample } from "./system.ts";

/** How long the other hospital may take to accept, seconds. */
const OPEN_FOR = 30 * 86_400;

/** A referral letter, as the patient carries it. */
export interface ReferralLetter {
  readonly referral: string;
  /** The FHIR ServiceRequest. */
  readonly document: unknown;
  readonly salt: Uint8Array;
  /** Records that go with it. */
  readonly records: readonly RecordReference[];
  readonly recordsSalt: Uint8Array;
}

/** A referral to propose. */
export interface ProposeParams {
  readonly resource: string;
  /** Member that is asked. */
  readonly to: number;
  readonly by: string;
  readonly records: readonly RecordReference[];
}

const systemOf = ({ as, member }: MemberSystem) => as(`${member.name}System`);
const idsOf = (records: readonly RecordReference[]): string[] => records.map(({ record }) => record);

/** The doctor signs, the hospital's system relays, and the patient gets the letter. */
export const proposeWith = async (
  system: MemberSystem,
  { resource, to, by, records }: ProposeParams,
): Promise<Done & { letter: ReferralLetter }> => {
  const client = systemOf(system);
  const document = readExample("derived", "ServiceRequest", resource);
  const { commitment, salt } = commitDocument(document);
  const list = commitRecordList(idsOf(records));
  const referral: ReferralTerms = {
    from: system.member.id,
    to,
    referrer: operatorKeyOf(system.wallet(by).address),
    commitment,
    records: list.commitment,
    validUntil: (await chainNow(client)) + OPEN_FOR,
  };
  const deadline = await deadlineOf(client);
  const attestation = await signReferral(system.network, system.wallet(by), { referral, deadline });
  const { gasUsed } = await proposeReferral(client, { referral, attestation });
  const letter = { referral: referralIdOf(referral), document, salt, records, recordsSalt: list.salt };
  return { gas: gasUsed, letter };
};

/** Hold the letter against the chain, and accept. */
export const acceptWith = async (
  system: MemberSystem,
  { referral, document, salt, records, recordsSalt }: ReferralLetter,
): Promise<Done> => {
  const client = systemOf(system);
  const terms = await getReferral(client, referral);
  const isTrue =
    verifyDocument(document, salt, terms.commitment) &&
    verifyRecordList(idsOf(records), recordsSalt, terms.records);
  if (!isTrue) {
    const message = "The letter is not the one that was referred with.";
    throw storyError("StoryLetterWrong", message, "Ask the hospital that refers for the right one.");
  }
  const { gasUsed } = await acceptReferral(client, { referral: terms, member: system.member.id });
  return { gas: gasUsed };
};

/** Complete a referral with this hospital's own records. */
export const completeWith = async (
  system: MemberSystem,
  { referral, records }: { referral: string; records: readonly string[] },
): Promise<Done> => {
  const client = systemOf(system);
  const terms = await getReferral(client, referral);
  const { commitment: outcome } = commitRecordList(records);
  const { gasUsed } = await completeReferral(client, { referral: terms, member: system.member.id, outcome });
  return { gas: gasUsed };
};

/** Say why a test is ordered again although the patient's app showed a result that may be used. */
export const repeatWith = async (
  system: MemberSystem,
  { record }: { record: RecordTerms },
): Promise<Done> => {
  const reason = "ClinicalChange";
  const { gasUsed } = await repeatOrder(systemOf(system), { record, member: system.member.id, reason });
  return { gas: gasUsed };
};
