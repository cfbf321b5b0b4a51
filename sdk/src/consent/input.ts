import { id as hashOfText } from "ethers";

import { SECTOR_BITS, type Sector, sectorNames } from "../core/duties.ts";
import {
  SIGNATURE_LONGEST,
  checkAddress,
  checkAddressOrZero,
  checkBytes,
  checkBytes32,
  checkList,
  checkMember,
  checkName,
  checkNumber,
  checkObject,
  checkTime,
  inputError,
} from "../core/input.ts";
import { categoryMaskOf, checkCategoryCodes } from "../standards/categoryMask.ts";
import type { Client } from "../core/client.ts";
import { BREAK_THE_GLASS, EVERY_PURPOSE, type PurposeCode, PURPOSE_CODES, purposeMask } from "./purposes.ts";
import type {
  Audience,
  DelegatePower,
  DelegationMessage,
  DelegationRevocationMessage,
  EnrolmentMessage,
  GranteeClass,
  KeyRecoveryMessage,
  KeyRefusalMessage,
  KeyReplacementMessage,
  PatientSignature,
  RevocationMessage,
  RevocationOfAllMessage,
  RuleMessage,
  RulesMessage,
} from "./types.ts";

/** The end of a rule that has none. */
export const NO_END = 2 ** 32 - 1;
/** Most rules under one signature. */
export const CHANGES_MOST = 32;
/** Highest number of a rule that patients and delegates write; 8 is the custodian's deny from paper. */
export const RULE_NUMBER_LAST = 7;
/** Lowest number that a delegate writes. */
export const DELEGATE_NUMBER_FIRST = 4;
/** Delegations of a subject. */
export const DELEGATIONS_MOST = 8;
/** Every category, those to come too: for denials. */
export const EVERY_CATEGORY = 2 ** 32 - 1;

/** Bit of the class of every member. */
const EVERYONE_BIT = 15;
const SIGNER_LONGEST = 1_024;

/** Bit of each power, as in `DelegatePowers.sol`. */
const POWER_BITS: Readonly<Record<DelegatePower, number>> = {
  GRANT: 0,
  DENY: 1,
  EXPORT: 2,
  REDISCLOSE: 3,
  REVOKE_ALL: 4,
  RECOVER: 5,
  APPOINT: 6,
};
/** Every power of a delegate. */
export const DELEGATE_POWERS = Object.freeze(Object.keys(POWER_BITS)) as readonly DelegatePower[];

/** A subject's id. */
export function checkSubject(parameter: string, subject: string): string {
  return checkBytes32(parameter, subject, false);
}

/** Whom a rule is about, as the chain has it: a member and no class, or a class and no member. */
export interface AudienceWords {
  readonly grantee: number;
  readonly sector: number;
}

/** Check whom a rule is about; `prefix` leads to it in messages. */
export function checkAudience(prefix: string, audience: Audience): AudienceWords {
  const { grantee, sector } = audience;
  if (sector === undefined) return { grantee: checkMember(`${prefix}grantee`, grantee), sector: 0 };
  if (grantee !== undefined) {
    throw inputError(`${prefix}grantee`, "there is a sector too", "a member, or a sector, not both");
  }
  const names = [...Object.keys(SECTOR_BITS), "EVERYONE"];
  checkName(`${prefix}sector`, sector, names);
  return { grantee: 0, sector: 2 ** (sector === "EVERYONE" ? EVERYONE_BIT : SECTOR_BITS[sector]) };
}

/** The class of a bit; undefined for none. */
export function classOf(sector: number): GranteeClass | undefined {
  return sector === 0 ? undefined : classesOf(sectorNames(sector))[0];
}

/** Sector names as {@link sectorNames} gives them, with the class of every member by its name. */
export function classesOf(sectors: readonly Sector[]): GranteeClass[] {
  return sectors.map((name) => ((name as string) === `BIT_${EVERYONE_BIT}` ? "EVERYONE" : name));
}

/** Refuse what cannot be categories, before the chain is asked. */
export function checkCategories(parameter: string, categories: readonly string[] | "ALL"): void {
  if (categories !== "ALL") checkCategoryCodes(parameter, categories);
}

/** The mask of categories in a permit or a delegation: `ALL` is what is active now. */
export async function permitCategories(
  client: Client,
  parameter: string,
  categories: readonly string[] | "ALL",
): Promise<number> {
  if (categories !== "ALL") return categoryMaskOf(client, parameter, categories);
  const { categories: active } = await client.read("standardsRegistry", "activeCategories", []);
  return active as number;
}

/** The mask of categories in a denial: `ALL` covers those to come. */
export async function denialCategories(
  client: Client,
  parameter: string,
  categories: readonly string[] | "ALL",
): Promise<number> {
  return categories === "ALL" ? EVERY_CATEGORY : categoryMaskOf(client, parameter, categories);
}

/** The mask of purposes in a permit or a delegation; BTG stands in none. */
export function permitPurposes(parameter: string, purposes: readonly PurposeCode[] | "ALL"): string {
  if (purposes === "ALL") return purposeMask(PURPOSE_CODES.filter(isNoBreakGlass)).toString();
  const btg = checkPurposes(parameter, purposes).indexOf(BREAK_THE_GLASS);
  if (btg !== -1) throw inputError(`${parameter}[${btg}]`, "nothing permits BTG", "a purpose other than BTG");
  return purposeMask(purposes).toString();
}

/** The mask of purposes in a denial: `ALL` covers those to come, and BTG stands alone. */
export function denialPurposes(parameter: string, purposes: readonly PurposeCode[] | "ALL"): string {
  if (purposes === "ALL") return EVERY_PURPOSE.toString();
  const btg = checkPurposes(parameter, purposes).indexOf(BREAK_THE_GLASS);
  if (btg !== -1 && purposes.length > 1) {
    throw inputError(`${parameter}[${btg}]`, "BTG stands beside others", "BTG in a denial of its own");
  }
  return purposeMask(purposes).toString();
}

function isNoBreakGlass(code: PurposeCode): boolean {
  return code !== BREAK_THE_GLASS;
}

function checkPurposes(parameter: string, purposes: readonly PurposeCode[]): readonly PurposeCode[] {
  checkList(parameter, purposes, PURPOSE_CODES.length).forEach((code, index) => {
    checkName(`${parameter}[${index}]`, code, PURPOSE_CODES);
  });
  return purposes;
}

/** The mask of powers. */
export function checkPowers(parameter: string, powers: readonly DelegatePower[]): number {
  return checkList(parameter, powers, DELEGATE_POWERS.length)
    .map((power, index) => checkName(`${parameter}[${index}]`, power, DELEGATE_POWERS))
    .reduce((mask, position) => mask | (1 << POWER_BITS[DELEGATE_POWERS[position]!]), 0);
}

/** Names of the powers in a mask. */
export function powerNames(mask: number): DelegatePower[] {
  return DELEGATE_POWERS.filter((power) => ((mask >>> POWER_BITS[power]) & 1) === 1);
}

/** 0 for the subject, or the number of a delegation. */
export function checkDelegate(parameter: string, delegate: number): number {
  return checkNumber(parameter, delegate, 8, 0, DELEGATIONS_MOST);
}

/** A patient's signature as the chain's `Authorization` takes it. */
export interface Authorization extends PatientSignature {
  readonly deadline: number;
}

/** Check a signature and join it with the deadline that it is over. */
export function checkAuthorization(
  parameter: string,
  signature: PatientSignature,
  deadline: number,
): Authorization {
  checkObject(parameter, signature);
  return {
    signer: checkBytes(`${parameter}.signer`, signature.signer, SIGNER_LONGEST),
    signature: checkBytes(`${parameter}.signature`, signature.signature, SIGNATURE_LONGEST, 1),
    deadline,
  };
}

/** What an idempotency key stands for: the content without the time until which it may be relayed. */
export function intentOf(name: string, message: object): string {
  return `${name}:${hashOfText(JSON.stringify(message, (field, value: unknown) => (field === "deadline" ? 0 : value)))}`;
}

// ── messages that come back from patients' devices ──────────────────────────────────────────────────────────────────

const number32 = (parameter: string, value: number): number => checkNumber(parameter, value, 32);

/** Check a permit or a deny. */
export function checkRuleMessage(at: string, message: RuleMessage): RuleMessage {
  checkObject(at, message);
  return {
    ...checkPlace(at, message),
    epoch: number32(`${at}.epoch`, message.epoch),
    categories: checkNumber(`${at}.categories`, message.categories, 32, 1),
    purposes: checkMask(`${at}.purposes`, message.purposes),
    validFrom: number32(`${at}.validFrom`, message.validFrom),
    validUntil: checkTime(`${at}.validUntil`, message.validUntil),
    exportable: checkBoolean(`${at}.exportable`, message.exportable),
    redisclosable: checkBoolean(`${at}.redisclosable`, message.redisclosable),
    deadline: checkTime(`${at}.deadline`, message.deadline),
  };
}

/** Check a revocation. */
export function checkRevocationMessage(at: string, message: RevocationMessage): RevocationMessage {
  checkObject(at, message);
  return { ...checkPlace(at, message), deadline: checkTime(`${at}.deadline`, message.deadline) };
}

function checkPlace(
  at: string,
  message: Omit<RevocationMessage, "deadline">,
): Omit<RevocationMessage, "deadline"> {
  return {
    subject: checkSubject(`${at}.subject`, message.subject),
    delegate: checkDelegate(`${at}.delegate`, message.delegate),
    grantee: number32(`${at}.grantee`, message.grantee),
    sector: checkNumber(`${at}.sector`, message.sector, 16),
    number: checkNumber(`${at}.number`, message.number, 8, 0, RULE_NUMBER_LAST),
    version: checkNumber(`${at}.version`, message.version, 24),
  };
}

/** Check many rules under one signature. */
export function checkRulesMessage(at: string, message: RulesMessage): RulesMessage {
  checkObject(at, message);
  const list = <T>(
    field: string,
    values: readonly T[],
    check: (place: string, value: T) => T,
  ): readonly T[] =>
    checkList(`${at}.${field}`, values, CHANGES_MOST, 0).map((value, index) =>
      check(`${at}.${field}[${index}]`, value),
    );
  const checked = {
    revocations: list("revocations", message.revocations, checkRevocationMessage),
    denials: list("denials", message.denials, checkRuleMessage),
    grants: list("grants", message.grants, checkRuleMessage),
    deadline: checkTime(`${at}.deadline`, message.deadline),
  };
  checkChanges(at, [...checked.revocations, ...checked.denials, ...checked.grants].length);
  return checked;
}

/** One to 32 rules together. */
export function checkChanges(at: string, size: number): void {
  if (size === 0 || size > CHANGES_MOST) {
    throw inputError(at, `it has ${size} rules`, `1 to ${CHANGES_MOST} rules together`);
  }
}

/** Check the end of every permit. */
export function checkRevocationOfAllMessage(
  at: string,
  message: RevocationOfAllMessage,
): RevocationOfAllMessage {
  checkObject(at, message);
  return {
    subject: checkSubject(`${at}.subject`, message.subject),
    delegate: checkDelegate(`${at}.delegate`, message.delegate),
    epoch: number32(`${at}.epoch`, message.epoch),
    deadline: checkTime(`${at}.deadline`, message.deadline),
  };
}

/** Check the appointment of a delegate. */
export function checkDelegationMessage(at: string, message: DelegationMessage): DelegationMessage {
  checkObject(at, message);
  return {
    subject: checkSubject(`${at}.subject`, message.subject),
    delegate: checkDelegate(`${at}.delegate`, message.delegate),
    number: checkNumber(`${at}.number`, message.number, 8, 1, DELEGATIONS_MOST),
    version: number32(`${at}.version`, message.version),
    epoch: number32(`${at}.epoch`, message.epoch),
    key: checkAddress(`${at}.key`, message.key),
    powers: checkNumber(`${at}.powers`, message.powers, 7, 1),
    categories: checkNumber(`${at}.categories`, message.categories, 32, 1),
    purposes: checkMask(`${at}.purposes`, message.purposes),
    validUntil: checkTime(`${at}.validUntil`, message.validUntil),
    deadline: checkTime(`${at}.deadline`, message.deadline),
  };
}

/** Check the end of a delegation. */
export function checkDelegationRevocationMessage(
  at: string,
  message: DelegationRevocationMessage,
): DelegationRevocationMessage {
  checkObject(at, message);
  return {
    subject: checkSubject(`${at}.subject`, message.subject),
    number: checkNumber(`${at}.number`, message.number, 8, 1, DELEGATIONS_MOST),
    version: number32(`${at}.version`, message.version),
    delegate: checkDelegate(`${at}.delegate`, message.delegate),
    deadline: checkTime(`${at}.deadline`, message.deadline),
  };
}

/** Check an enrolment. */
export function checkEnrolmentMessage(at: string, message: EnrolmentMessage): EnrolmentMessage {
  checkObject(at, message);
  return {
    custodian: checkMember(`${at}.custodian`, message.custodian),
    key: checkAddressOrZero(`${at}.key`, message.key),
    guardian: checkAddressOrZero(`${at}.guardian`, message.guardian),
    guardianUntil: number32(`${at}.guardianUntil`, message.guardianUntil),
    salt: checkBytes32(`${at}.salt`, message.salt, false),
    deadline: checkTime(`${at}.deadline`, message.deadline),
  };
}

/** Check the change to a new key. */
export function checkKeyReplacementMessage(
  at: string,
  message: KeyReplacementMessage,
): KeyReplacementMessage {
  checkObject(at, message);
  return {
    subject: checkSubject(`${at}.subject`, message.subject),
    before: checkAddressOrZero(`${at}.before`, message.before),
    key: checkAddress(`${at}.key`, message.key),
    keyVersion: number32(`${at}.keyVersion`, message.keyVersion),
    deadline: checkTime(`${at}.deadline`, message.deadline),
  };
}

/** Check a new key in place of a lost one. */
export function checkKeyRecoveryMessage(at: string, message: KeyRecoveryMessage): KeyRecoveryMessage {
  return {
    ...checkKeyReplacementMessage(at, message),
    delegate: checkDelegate(`${at}.delegate`, message.delegate),
  };
}

/** Check the refusal of a proposed key. */
export function checkKeyRefusalMessage(at: string, message: KeyRefusalMessage): KeyRefusalMessage {
  checkObject(at, message);
  return {
    subject: checkSubject(`${at}.subject`, message.subject),
    key: checkAddress(`${at}.key`, message.key),
    keyVersion: number32(`${at}.keyVersion`, message.keyVersion),
    deadline: checkTime(`${at}.deadline`, message.deadline),
  };
}

/** A yes or a no. */
export function checkBoolean(parameter: string, value: boolean): boolean {
  if (typeof value !== "boolean")
    throw inputError(parameter, `it is of type ${typeof value}`, "true or false");
  return value;
}

function checkMask(parameter: string, value: string): string {
  const expected = "a decimal from 1 to 2^64-1";
  if (typeof value !== "string") throw inputError(parameter, `it is of type ${typeof value}`, expected);
  if (!/^[1-9]\d{0,19}$/.test(value) || BigInt(value) >= 2n ** 64n) {
    throw inputError(parameter, "it is no mask", expected);
  }
  return value;
}
