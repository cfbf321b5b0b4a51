import { ZeroAddress } from "ethers";

import type { RuleKind } from "../abi/index.ts";
import { SIGNATURE_LIFETIME } from "../core/attestation.ts";
import { blockTime } from "../core/blocks.ts";
import type { Client } from "../core/client.ts";
import type { Sector } from "../core/duties.ts";
import { contractError } from "../core/errorCatalogue.ts";
import { checkTime, inputError } from "../core/input.ts";
import { headOf } from "../core/logs.ts";
import { consentError } from "./errors.ts";
import type { AudienceWords } from "./input.ts";

/** A subject as the chain gives it. */
export interface SubjectWords {
  readonly key: string;
  readonly custodian: number;
  readonly epoch: number;
  readonly sectors: readonly Sector[];
  readonly keyVersion: number;
  readonly replacementPending: boolean;
}

/** A rule as the chain gives it. */
export interface RuleWords {
  readonly kind: RuleKind;
  readonly delegate: number;
  readonly version: number;
  readonly epoch: number;
  readonly categories: number;
  readonly purposes: bigint;
  readonly validFrom: number;
  readonly validUntil: number;
  readonly exportable: boolean;
  readonly redisclosable: boolean;
  readonly live: boolean;
}

/** A delegation as the chain gives it. */
export interface DelegationWords {
  readonly key: string;
  readonly version: number;
  readonly appointer: number;
  readonly powers: number;
  readonly categories: number;
  readonly purposes: bigint;
  readonly validUntil: number;
  readonly live: boolean;
}

/** A subject. Throws `SubjectUnknown`. */
export async function readSubject(client: Client, subject: string): Promise<SubjectWords> {
  const { 0: found } = await client.read("consentRegistry", "subjectOf", [subject]);
  const words = found as SubjectWords;
  if (words.custodian === 0) throw contractError("SubjectUnknown", { subject });
  return words;
}

/** A rule; of kind `None` where nothing stands. */
export async function readRule(
  client: Client,
  subject: string,
  { grantee, sector }: AudienceWords,
  number: number,
): Promise<RuleWords> {
  const args = [subject, grantee, sector, number];
  const { 0: found } = await client.read("consentRegistry", "ruleOf", args);
  return found as RuleWords;
}

/** A delegation; its key is zero where none stands. */
export async function readDelegation(
  client: Client,
  subject: string,
  number: number,
): Promise<DelegationWords> {
  const { 0: found } = await client.read("consentRegistry", "delegationOf", [subject, number]);
  return found as DelegationWords;
}

/** The key that signs for a subject: its own, or a delegate's. */
export async function signerKeyFor(
  client: Client,
  subject: string,
  { key }: SubjectWords,
  delegate: number,
): Promise<string> {
  if (delegate !== 0) {
    const delegation = await readDelegation(client, subject, delegate);
    if (delegation.key === ZeroAddress) throw consentError("ConsentNothingStands", { what: "delegation" });
    return delegation.key;
  }
  if (key === ZeroAddress) {
    throw inputError(
      "delegate",
      "the subject has no key of its own",
      "the number of a delegation; a guardian's is 1",
    );
  }
  return key;
}

/** Time of the newest block, unix seconds. */
export async function chainTime(client: Client): Promise<number> {
  return (await blockTime(client, await headOf(client))).timestamp;
}

/** Refuse what is no deadline, before the chain is asked. */
export function checkDeadline(deadline: number | undefined): void {
  if (deadline !== undefined) checkTime("deadline", deadline);
}

/** The deadline that was asked for, or an hour after the newest block. */
export function deadlineFrom(deadline: number | undefined, now: number): number {
  return deadline ?? now + SIGNATURE_LIFETIME;
}
