/** What every member's system can do with consents and records: relay what patients signed, and ask a custodian for a record. */
import {
  type EncryptionKeys,
  type PurposeCode,
  type SignedConsent,
  breakGlass,
  changeConsents,
  createBreakGlassTicket,
  fetchRecord,
  grantConsent,
  revokeConsent,
  signBreakGlass,
} from "@careledger/sdk";

import { type Done, type MemberSystem, deadlineOf, missing } from "./system.ts";

/** A member's open system, with the key that others wrap documents to. */
export interface ReadingSystem extends MemberSystem {
  readonly encryption: EncryptionKeys;
}

/** Something that a patient signed, to relay. */
export type Relayed =
  | { readonly changes: SignedConsent<"Rules"> }
  | { readonly grant: SignedConsent<"Grant"> }
  | { readonly revocation: SignedConsent<"Revocation"> };

/** Where a record is: what a patient hands over, as on paper. It opens nothing by itself. */
export interface RecordReference {
  readonly record: string;
  /** The patient at the custodian. */
  readonly subject: string;
  /** Code of the data category. */
  readonly category: string;
  /** Member that keeps it. */
  readonly custodian: number;
}

/** What to read. */
export interface ReadParams {
  readonly reference: RecordReference;
  readonly purpose: PurposeCode;
  /** Id and salt of a break-glass that stands in for a consent. */
  readonly breakGlass?: { readonly id: string; readonly salt: Uint8Array };
}

/** A record that was read and found to be the anchored one. */
export interface ReadRecord {
  readonly mediaType: string;
  /** `resourceType` and `id` of the FHIR resource. */
  readonly resource: string;
  readonly content: Uint8Array;
  /** Transaction that recorded the disclosure. */
  readonly transactionHash: string;
}

const systemOf = ({ as, member }: MemberSystem) => as(`${member.name}System`);

/** Relay what a patient signed. The member needs no trust and no duty for it. */
export const relayWith = async (system: MemberSystem, signed: Relayed): Promise<Done> => {
  const client = systemOf(system);
  const relayed =
    "changes" in signed
      ? await changeConsents(client, signed.changes)
      : "grant" in signed
        ? await grantConsent(client, signed.grant)
        : await revokeConsent(client, signed.revocation);
  return { gas: relayed.gasUsed };
};

/** Ask the custodian whose endpoint stands on the chain, open what it answers and check it against the chain. */
export const readWith = async (
  system: ReadingSystem,
  { reference, purpose, breakGlass: glass }: ReadParams,
): Promise<ReadRecord> => {
  const { mediaType, content, disclosure } = await fetchRecord(systemOf(system), {
    ...reference,
    purpose,
    member: system.member.id,
    privateKey: system.encryption.privateKey,
    breakGlass: glass,
  });
  const { resourceType, id } = JSON.parse(new TextDecoder().decode(content)) as Record<string, string>;
  const resource = `${resourceType ?? missing("resource type")}-${id ?? missing("resource id")}`;
  return { mediaType, resource, content, transactionHash: disclosure.transactionHash };
};

/** An emergency: the doctor signs, the hospital's system relays. Salt and id are for the custodian alone. */
export const breakGlassWith = async (
  system: MemberSystem,
  { custodian, patient, by }: { custodian: number; patient: string; by: string },
): Promise<Done & { id: string; salt: Uint8Array }> => {
  const client = systemOf(system);
  const { ticket, salt } = createBreakGlassTicket({ custodian, patient });
  const terms = { member: system.member.id, custodian, ticket, reason: "PatientIncapable" } as const;
  const deadline = await deadlineOf(client);
  const attestation = await signBreakGlass(system.network, system.wallet(by), { ...terms, deadline });
  const { id, gasUsed } = await breakGlass(client, { ...terms, attestation });
  return { gas: gasUsed, id, salt };
};
